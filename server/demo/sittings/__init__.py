"""The demo's three meetings: one held (``past``), one going on (``live``), one to come (``coming``)."""
