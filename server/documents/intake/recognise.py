"""The words of one scanned page, drawn and recognised in a child that may be killed together with the recogniser."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium

from server.documents.intake.tesseract import Pixels, Recogniser, read_lines, turn_of
from server.documents.intake.words import page_text
from server.documents.models import Box, Recognised

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 250
_POINTS = 72
# A4 at 250 dpi has 6 million; larger sheets are drawn coarser.
MOST_PIXELS = 16_000_000
# A page that has a few words of its own (a stamp, a page number) is a scan if a picture covers so much of it.
_COVERED = 0.5
# Greys that differ by less are an empty sheet.
_CONTRAST = 24


def recognise_page(path: str, page: int, box: Box, recogniser: Recogniser, folder: str) -> Recognised:
    """Page ``page`` (from 1) of a PDF, ``box`` as the page table has it. Empty where there is nothing to recognise.

    ``folder`` takes what is in between; the caller clears it away, also when this child was killed.
    """
    document = pypdfium2.PdfDocument(path)
    try:
        held = document[page - 1]
        if page_text(held, 1000).strip() and not _is_covered(held):
            return Recognised()
        width, height = held.get_size()
        scale = min(DPI / _POINTS, math.sqrt(MOST_PIXELS / max(1.0, width * height)))
        picture = held.render(scale=scale, grayscale=True).to_pil().convert("L")
    finally:
        document.close()
    low, high = picture.getextrema()
    if not isinstance(low, int) or not isinstance(high, int) or high - low < _CONTRAST:
        return Recognised()
    return _read(picture, box, recogniser, f"{folder}/page.png")


def _is_covered(page: pypdfium2.PdfPage) -> bool:
    width, height = page.get_size()
    images = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    bounds = [each.get_bounds() for each in images]
    return any((right - left) * (top - low) >= _COVERED * width * height for left, low, right, top in bounds)


def _read(picture: Image, box: Box, recogniser: Recogniser, file: str) -> Recognised:
    picture.save(file, dpi=(DPI, DPI), compress_level=1)
    turn = turn_of(recogniser, file)
    if turn:
        picture.rotate(-turn, expand=True).save(file, dpi=(DPI, DPI), compress_level=1)
    lines = read_lines(recogniser, file)
    placed = tuple(tuple((word, *_placed(at, turn, picture.size, box)) for word, at in line) for line in lines)
    return Recognised((box[4] + turn) % 360, placed)


def _placed(at: Pixels, turn: int, size: tuple[int, int], box: Box) -> tuple[float, float, float, float]:
    """A rectangle of the upright picture as a box in user space; ``size``: of the picture before it was turned."""
    one = _to_user(*_turned_back(at[0], at[1], turn, size), size, box)
    other = _to_user(*_turned_back(at[2], at[3], turn, size), size, box)
    return (
        round(min(one[0], other[0]), 1), round(min(one[1], other[1]), 1),
        round(max(one[0], other[0]), 1), round(max(one[1], other[1]), 1),
    )  # fmt: skip


def _turned_back(x: float, y: float, turn: int, size: tuple[int, int]) -> tuple[float, float]:
    """Where a point of the picture that was turned with the clock was before."""
    width, height = size
    return {0: (x, y), 90: (y, height - x), 180: (width - x, height - y), 270: (width - y, x)}[turn]


def _to_user(x: float, y: float, size: tuple[int, int], box: Box) -> tuple[float, float]:
    """A point of the page as displayed, in pixels from its upper left corner, in user space."""
    x0, y0, x1, y1, rotate = box
    right, down = x / size[0], y / size[1]
    across, up = {
        0: (right, 1 - down), 90: (down, right), 180: (1 - right, down), 270: (1 - down, 1 - right),
    }[rotate]  # fmt: skip
    return x0 + across * (x1 - x0), y0 + up * (y1 - y0)


def text_of(page: Recognised) -> str:
    """The words of a recognised page as text: words of a line parted by spaces, lines by line ends."""
    return "\n".join(" ".join(word[0] for word in line) for line in page.lines)
