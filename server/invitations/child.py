"""The giấy mời from its template; runs in a child process, so it loads nothing but what it prints with."""

from __future__ import annotations

from typing import Any

from server.core.printing import Letter


def render(letter: Letter, guests: list[str], meeting: dict[str, Any]) -> bytes:
    """The PDF of ``print/invitation.html`` (form 1.7 of Decree 30/2020). Raises PrintingError."""
    from server.core.printing.render import render_pdf  # noqa: PLC0415 - WeasyPrint is for children only

    return render_pdf("print/invitation.html", {"doc": letter, "guests": guests, "meeting": meeting})
