"""A meeting as one PDF: agenda, papers in its order, page numbers that are the same for all, outline, notes behind."""

from __future__ import annotations

import io
from contextlib import ExitStack
from dataclasses import dataclass

import pikepdf
from msgspec import structs
from pikepdf import OutlineItem

from server.annotations.child import copying, paths, sheets
from server.annotations.child.job import Packed, PackJob, PackPaper
from server.annotations.child.lettering import Face
from server.annotations.child.marking import rotation
from server.core.printing.fonts import times_font

_SIZE, _MARGIN, _PAD = 9.0, 14.0, 3.0
# The agenda names page numbers, and how long it is moves them: it is printed again until it holds.
_TRIES = 4


@dataclass(frozen=True)
class _Layout:
    front: bytes
    begins: dict[str, int]
    total: int


def pack(job: PackJob, target: str) -> Packed:
    """Write a meeting's pack. Papers are read while it is written, so memory does not grow with them."""
    with ExitStack() as stack, pikepdf.new() as pdf:
        papers = [paper for item in job.items for paper in item.papers]
        opened = {paper.path: stack.enter_context(copying.opened(paper.path)) for paper in papers}
        layout = _laid_out(job, {path: len(source.pages) for path, source in opened.items()})
        copying.append(pdf, stack.enter_context(pikepdf.open(io.BytesIO(layout.front))))
        for paper in papers:
            copying.append(pdf, opened[paper.path])
        _number(pdf, layout.total)
        note_sheets = _add_notes(pdf, stack, papers, layout)
        _outline(pdf, job, layout, has_notes=note_sheets > 0)
        pdf.docinfo["/Title"] = job.meeting
        pdf.Root.PageMode = pikepdf.Name.UseOutlines
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return Packed(pages=layout.total, note_sheets=note_sheets)


def _laid_out(job: PackJob, lengths: dict[str, int]) -> _Layout:
    front_pages = 1
    for _ in range(_TRIES):
        begins, at = {}, front_pages + 1
        for item in job.items:
            for paper in item.papers:
                begins[paper.path] = at
                at += lengths[paper.path]
        front = sheets.agenda(job, begins, at - 1)
        with pikepdf.open(io.BytesIO(front)) as printed:
            length = len(printed.pages)
        if length == front_pages:
            return _Layout(front, begins, at - 1)
        front_pages = length
    raise RuntimeError("the agenda's length does not settle")


def _number(pdf: pikepdf.Pdf, total: int) -> None:
    """Write "Trang 12/184" in the lower right corner of each page as it is shown, on a bit of white."""
    face = Face(pdf, str(times_font().regular), ["Trang /"])
    for number, page in enumerate(pdf.pages, start=1):
        text = f"Trang {number}/{total}"
        width = face.width(text, _SIZE)
        a, b, c, d, e, f = _upright(page, width + 2 * _PAD)
        font = page.add_resource(face.font, pikepdf.Name.Font)
        stamp = (
            f"\nQ q {paths.nums(a, b, c, d, e, f)} cm 1 g {paths.rounded((0, 0, width + 2 * _PAD, _SIZE + _PAD), 2)}"
            f"BT 0.25 g {font} {paths.num(_SIZE)} Tf {paths.nums(_PAD, _PAD)} Td {face.show(text)} ET Q\n"
        )
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(stamp.encode())


def _upright(page: pikepdf.Page, width: float) -> tuple[float, float, float, float, float, float]:
    """Where the stamp's own corner lies: at the lower right of the crop box as the page is shown, whatever its turn."""
    x0, y0, x1, y1 = (float(value) for value in page.cropbox)
    x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    along, up = _MARGIN + width, _MARGIN * 0.7
    match rotation(page):
        case 90:
            return 0, 1, -1, 0, x1 - up, y1 - along
        case 180:
            return -1, 0, 0, -1, x0 + along, y1 - up
        case 270:
            return 0, -1, 1, 0, x0 + up, y0 + along
        case _:
            return 1, 0, 0, 1, x1 - along, y0 + up


def _add_notes(pdf: pikepdf.Pdf, stack: ExitStack, papers: list[PackPaper], layout: _Layout) -> int:
    """The words of all notes behind the pack, outside its numbering, so that everybody's page 57 is the same."""
    groups = [
        (paper.title, [structs.replace(note, page=layout.begins[paper.path] + note.page - 1) for note in paper.notes])
        for paper in papers
        if paper.notes
    ]
    if not groups:
        return 0
    printed = stack.enter_context(pikepdf.open(io.BytesIO(sheets.notes("Ghi chú trong tập tài liệu", groups))))
    copying.append(pdf, printed)
    return len(printed.pages)


def _outline(pdf: pikepdf.Pdf, job: PackJob, layout: _Layout, *, has_notes: bool) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem("Chương trình họp", 0))
        for item in job.items:
            first = next((layout.begins[paper.path] for paper in item.papers), None)
            entry = OutlineItem(f"{item.label} {item.title}".strip(), 0 if first is None else first - 1)
            entry.children.extend(OutlineItem(paper.title, layout.begins[paper.path] - 1) for paper in item.papers)
            outline.root.append(entry)
        if has_notes:
            outline.root.append(OutlineItem("Ghi chú", layout.total))
