"""Where passages stand on their pages, read in a child that may be killed."""

from __future__ import annotations

from collections import defaultdict

import msgspec
import pypdfium2
import pypdfium2.raw as pdfium

from server.documents.comparing.passages import Spot, mapped, places
from server.documents.intake.opening import opened
from server.documents.intake.words import PAGE_CHARACTERS
from server.documents.models import Quad

_QUARTER = 90


def read_quads(path: str, spots: tuple[Spot, ...]) -> bytes:
    """The quads of each spot as JSON, a list for each; empty for one that is not there."""
    found: list[list[Quad]] = [[] for _ in spots]
    by_page: defaultdict[int, list[int]] = defaultdict(list)
    for at, spot in enumerate(spots):
        by_page[spot.page].append(at)
    document = opened(path)
    try:
        for number, wanted in by_page.items():
            if number <= len(document):
                _read_page(document[number - 1], spots, wanted, found)
    finally:
        document.close()
    return msgspec.json.encode(found)


def _read_page(page: pypdfium2.PdfPage, spots: tuple[Spot, ...], wanted: list[int], found: list[list[Quad]]) -> None:
    held = page.get_textpage()
    try:
        count = min(held.count_chars(), PAGE_CHARACTERS)
        text, origin = mapped([chr(pdfium.FPDFText_GetUnicode(held, at)) for at in range(count)])
        for each in wanted:
            spot = spots[each]
            begin = next((at for nth, at in enumerate(places(text, spot.folded)) if nth == spot.nth), None)
            if begin is not None:
                first, last = origin[begin], origin[begin + len(spot.folded) - 1]
                found[each] = _quads(held, first, last - first + 1, page.get_rotation())
    finally:
        held.close()
        page.close()


def _quads(held: pypdfium2.PdfTextPage, first: int, count: int, rotation: int) -> list[Quad]:
    rectangles = [held.get_rect(at) for at in range(held.count_rects(first, count))]
    return [_turned(rectangle, rotation) for rectangle in rectangles]


def _turned(rectangle: tuple[float, float, float, float], rotation: int) -> Quad:
    """A rectangle's corners as one reads: upper left and right, lower left and right of the page as displayed."""
    left, bottom, right, top = (round(side, 2) for side in rectangle)
    corners = {
        0: (left, top, right, top, left, bottom, right, bottom),
        1: (left, bottom, left, top, right, bottom, right, top),
        2: (right, bottom, left, bottom, right, top, left, top),
        3: (right, top, right, bottom, left, top, left, bottom),
    }
    return corners[rotation // _QUARTER % 4]
