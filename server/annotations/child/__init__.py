"""What runs in a child process: papers with marks on them, sheets of notes, a meeting as one file, XFDF."""

from __future__ import annotations

from pathlib import Path

from server.annotations.child.job import CopyJob, Mark, Noted, Packed, PackItem, PackJob, PackPaper, Sheet

__all__ = [
    "CopyJob",
    "Mark",
    "Noted",
    "PackItem",
    "PackJob",
    "PackPaper",
    "Packed",
    "Sheet",
    "write_copy",
    "write_pack",
    "write_part",
    "write_xfdf",
]


def write_copy(source: str, target: str, job: CopyJob) -> int:
    """A paper with marks as annotations, and the words of its notes behind; of a signed one under a cover.

    ``source`` is only read. Returns how many pages were written.
    """
    from server.annotations.child import writing  # noqa: PLC0415 - qpdf and fontTools are for children only

    return writing.copy(source, target, job)


def write_part(source: str, target: str, job: CopyJob) -> tuple[Noted, ...]:
    """The same as a part of a pack: its notes are returned, to be listed behind the whole."""
    from server.annotations.child import writing  # noqa: PLC0415 - the same

    return writing.part(source, target, job)


def write_pack(target: str, job: PackJob) -> Packed:
    """A meeting's papers as one file, with agenda, page numbers and outline."""
    from server.annotations.child.packing import pack  # noqa: PLC0415 - the same

    return pack(job, target)


def write_xfdf(target: str, marks: tuple[Mark, ...], pages: tuple[int, ...]) -> None:
    """The marks alone, for another reader of PDF."""
    from server.annotations.child import xfdf  # noqa: PLC0415 - the same

    Path(target).write_bytes(xfdf.document(marks, pages=pages))
