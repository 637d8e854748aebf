"""Where on a paper a signature goes: between post and full name (Decree 30/2020, Annex I). Runs in a child."""

from __future__ import annotations

from collections.abc import Iterator

from pypdfium2 import PdfDocument, PdfPage, PdfTextPage, raw

from server.signatures import rules
from server.signatures.models import Place

Rect = tuple[float, float, float, float]  # left, bottom, right, top, in points

# The area that our own layout leaves (templates/print/decree.css): 62 by 28 mm, a hair above the name.
WIDTH, HEIGHT, GAP = 175.0, 79.0, 3.0
# Less room than this above the name is somebody else's layout: the signature then goes over the line above.
LEAST_HEIGHT = 28.0
# Edges kept free where the name is not found.
MARGIN = 57.0
# So many boxes stand one above another on a page before its upper edge; the rest lie over the highest.
CORNERS = 50
# Annexes stand behind the signature.
PAGES_BACK = 20


def find_place(path: str, name: str, *, below: int = 0) -> Place:
    """The box for the signature of ``name`` in a PDF: above the full name, else at the bottom right of the last page.

    ``below``: how many places further down belong to namesakes.
    """
    above = place_above(path, name, below=below)
    if above is not None:
        return above
    with PdfDocument(path) as document:
        signed = max(0, raw.FPDF_GetSignatureCount(document))
    return next(corners(path, taken=signed))


def place_above(path: str, name: str, *, below: int = 0) -> Place | None:
    """The box above a full name, None where it is not found.

    The last line that is the name alone counts; on the last page also a name inside a line (a table, a scan's text).
    """
    with PdfDocument(path) as document:
        last = len(document) - 1
        for index in range(last, max(-1, last - PAGES_BACK), -1):
            boxes = _above_name(document[index], name, alone=index != last)
            if below < len(boxes):
                return Place(page=index, box=boxes[below])
            below -= len(boxes)
    return None


def corners(path: str, *, taken: int = 0) -> Iterator[Place]:
    """Boxes at the bottom right of the last page, one above another, without the first ``taken``."""
    with PdfDocument(path) as document:
        last = len(document) - 1
        page = document[last].get_cropbox()
    for nth in range(taken, taken + CORNERS):
        yield Place(page=last, box=_corner(page, nth))


def _above_name(page: PdfPage, name: str, *, alone: bool) -> list[Rect]:
    """The boxes above the lines that are the name alone, the lowest first; else that above its last mention."""
    text = page.get_textpage()
    signs = [chr(raw.FPDFText_GetUnicode(text, index)) for index in range(text.count_chars())]
    found = [
        (own_line, -_bounds(text, first, last)[1], first, last)
        for first, last, own_line in rules.find_name(signs, name)
    ]
    found = sorted((each for each in found if each[0] or not alone), reverse=True)
    lines = [each for each in found if each[0]] or found[:1]
    return [_above(page, text, first, last) for *_, first, last in lines]


def _above(page: PdfPage, text: PdfTextPage, first: int, last: int) -> Rect:
    left, _bottom, right, top = _bounds(text, first, last)
    middle, floor = (left + right) / 2, top + GAP
    ceiling = _next_above(text, middle, floor)
    height = min(HEIGHT, ceiling - GAP - floor) if ceiling - floor >= LEAST_HEIGHT + GAP else HEIGHT
    return _inside((middle - WIDTH / 2, floor, middle + WIDTH / 2, floor + height), page.get_cropbox())


def _bounds(text: PdfTextPage, first: int, last: int) -> Rect:
    boxes = [text.get_charbox(index) for index in range(first, last + 1)]
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def _next_above(text: PdfTextPage, middle: float, floor: float) -> float:
    """The lower edge of the nearest text above ``floor`` within the signature's width."""
    boxes = (text.get_charbox(index) for index in range(text.count_chars()))
    return min(
        (b[1] for b in boxes if b[3] > b[1] >= floor and b[2] > middle - WIDTH / 2 and b[0] < middle + WIDTH / 2),
        default=float("inf"),
    )


def _corner(page: Rect, taken: int) -> Rect:
    """Bottom right, above the signatures that are there already."""
    right, floor = page[2] - MARGIN, page[1] + MARGIN + taken * (HEIGHT + GAP)
    return _inside((right - WIDTH, floor, right, floor + HEIGHT), page)


def _inside(box: Rect, page: Rect) -> Rect:
    """The box moved, and if need be cut, to lie on the page."""
    width, height = min(box[2] - box[0], page[2] - page[0]), min(box[3] - box[1], page[3] - page[1])
    left = min(max(box[0], page[0]), page[2] - width)
    floor = min(max(box[1], page[1]), page[3] - height)
    return left, floor, left + width, floor + height
