"""What the pages of a PDF look like, in small squares of grey, drawn in a child that may be killed."""

from __future__ import annotations

import zlib

import msgspec
import pypdfium2
from msgspec import Struct

from server.documents.intake.opening import opened

# A page's longer side when it is drawn, and the side of a square: about 8 points on a sheet of A4.
LONGEST_PIXELS = 848
SQUARE_PIXELS = 8


class Look(Struct, frozen=True, array_like=True):
    """A page's width and height in points as displayed, and the grey of its squares, row by row, deflated."""

    width: float
    height: float
    cells: bytes


def read_looks(path: str, first: int, count: int) -> bytes:
    """The looks of at most ``count`` pages from ``first`` (from 0) on, as a JSON list of ``Look``."""
    document = opened(path)
    try:
        last = min(len(document), first + count)
        return msgspec.json.encode([_look(document[number]) for number in range(first, last)])
    finally:
        document.close()


def _look(page: pypdfium2.PdfPage) -> Look:
    try:
        width, height = page.get_size()
        bitmap = page.render(scale=LONGEST_PIXELS / max(width, height, 1.0), grayscale=True)
        try:
            grey = bitmap.to_pil().convert("L").reduce(SQUARE_PIXELS)
        finally:
            bitmap.close()
        return Look(round(width, 2), round(height, 2), zlib.compress(grey.tobytes(), 6))
    finally:
        page.close()
