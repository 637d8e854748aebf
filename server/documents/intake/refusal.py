"""How the steps of an examination say no."""

from __future__ import annotations

from collections.abc import Iterable


class Refused(Exception):  # noqa: N818 - it is an answer, not an error
    """The file does not come in. ``reason`` is a stable word (``rules.REASONS``)."""

    def __init__(self, reason: str, *, pages: int = 0, active: Iterable[str] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.pages = pages
        self.active = tuple(sorted(active))
