"""The sheets that this house adds to what is taken away: the cover of a copy, the list of notes, the pack's agenda."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from server.annotations.child.job import Noted, PackJob, Sheet


def cover(sheet: Sheet) -> bytes:
    """The sheet that tells a copy from the signed original."""
    return _printed("print/copy-cover.html", {"sheet": sheet})


def notes(heading: str, groups: Sequence[tuple[str, Sequence[Noted]]], *, word: str = "Trang") -> bytes:
    """The words of the numbered notes, by paper; ``word`` says what their page numbers are of."""
    return _printed("print/copy-notes.html", {"heading": heading, "groups": groups, "word": word})


def agenda(job: PackJob, begins: Mapping[str, int], total: int) -> bytes:
    """The first sheets of a pack; ``begins``: on which page a paper begins, by its file."""
    return _printed("print/pack.html", {"pack": job, "begins": begins, "total": total})


def _printed(template: str, values: Mapping[str, object]) -> bytes:
    from server.core.printing.render import render_pdf  # noqa: PLC0415 - WeasyPrint, where there is a sheet to print

    return render_pdf(template, values, tagged=False)
