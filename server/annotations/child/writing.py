"""Writing a copy: marks placed, pages chosen, cover in front, notes behind."""

from __future__ import annotations

import io
from contextlib import ExitStack

import pikepdf
from msgspec import structs

from server.annotations.child import copying, marking, sheets
from server.annotations.child.job import CopyJob, Noted
from server.core.printing.fonts import times_font


def copy(source: str, target: str, job: CopyJob) -> int:
    """A copy with its notes behind; returns its pages."""
    with copying.opened(source) as pdf:
        notes = _marked(pdf, job)
        if job.pages or job.sheet.signed:
            with pikepdf.new() as taken:
                return _assembled(taken, pdf, target, job, notes)
        with ExitStack() as stack:
            _append_notes(stack, pdf, job, notes)
            return _save(pdf, target)


def part(source: str, target: str, job: CopyJob) -> tuple[Noted, ...]:
    """A copy as a part of a pack, under its cover where it is of a signed paper."""
    with copying.opened(source) as pdf, pikepdf.new() as taken:
        notes = _marked(pdf, job)
        _assembled(taken, pdf, target, job, [])
    shift = int(job.sheet.signed)
    return tuple(structs.replace(note, page=note.page + shift) for note in notes)


def _marked(pdf: pikepdf.Pdf, job: CopyJob) -> list[Noted]:
    if job.sheet.signed:
        copying.unsign(pdf)
    return marking.place(pdf, job.marks, str(times_font().regular), pages=job.pages)


def _assembled(taken: pikepdf.Pdf, pdf: pikepdf.Pdf, target: str, job: CopyJob, notes: list[Noted]) -> int:
    """Chosen pages in a file of their own, so that nothing of the others goes along."""
    with ExitStack() as stack:
        if job.sheet.signed:
            copying.append(taken, stack.enter_context(pikepdf.open(io.BytesIO(sheets.cover(job.sheet)))))
        elif "/AcroForm" in pdf.Root:
            copying.flatten_forms(pdf)
        copying.append(taken, pdf, job.pages)
        _append_notes(stack, taken, job, notes)
        taken.docinfo["/Title"] = job.sheet.title
        return _save(taken, target)


def _append_notes(stack: ExitStack, pdf: pikepdf.Pdf, job: CopyJob, notes: list[Noted]) -> None:
    if notes:
        printed = sheets.notes(f"Ghi chú: {job.sheet.title}", [("", notes)])
        copying.append(pdf, stack.enter_context(pikepdf.open(io.BytesIO(printed))))


def _save(pdf: pikepdf.Pdf, target: str) -> int:
    pages = len(pdf.pages)
    pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return pages
