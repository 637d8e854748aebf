"""Drawing a draft's pages, in a child process."""

from __future__ import annotations

from dataclasses import replace
from typing import Any


def draw(template: str, values: dict[str, Any]) -> bytes:
    """The pages as they will be laid out once fields are put in. Raises PrintingError."""
    from server.core.printing.render import render_pdf  # noqa: PLC0415 - WeasyPrint is for children only

    return render_pdf(template, {**values, "doc": replace(values["doc"], fillable=True)}, tagged=False)
