"""The page table: box, turn and size of each page as pdf.js will show it, so that tablets lay out before reading."""

from __future__ import annotations

import math
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary

from server.documents.intake.refusal import Refused
from server.documents.models import Box, Size

# What a reader shows where a page states no usable box (pdf.js, PDFium: US Letter).
_LETTER = (0.0, 0.0, 612.0, 792.0)
# A page tree deeper than this is damaged or a trap.
_DEPTH = 64
_RIGHT_ANGLE = 90

Rectangle = tuple[float, float, float, float]


def table(pdf: pikepdf.Pdf, side_points: float) -> tuple[tuple[Size, ...], tuple[Box, ...]]:
    """Sizes and boxes of all pages. A page with a side above ``side_points`` is refused as ``page-size``."""
    boxes = [_page(page.obj) for page in pdf.pages]
    if any(max(size) > side_points for size, _box in boxes):
        raise Refused("page-size", pages=len(boxes))
    return tuple(size for size, _box in boxes), tuple(box for _size, box in boxes)


def _page(page: Any) -> tuple[Size, Box]:  # noqa: ANN401 - a dictionary of the file
    media = _rectangle(_inherited(page, "/MediaBox")) or _LETTER
    crop = _rectangle(_inherited(page, "/CropBox"))
    x0, y0, x1, y1 = (_common(media, crop) if crop else None) or media
    rotate = _rotation(_inherited(page, "/Rotate"))
    unit = _positive(page.get("/UserUnit"))
    width, height = (x1 - x0) * unit, (y1 - y0) * unit
    size = (height, width) if rotate % (2 * _RIGHT_ANGLE) else (width, height)
    return (round(size[0], 3), round(size[1], 3)), (round(x0, 3), round(y0, 3), round(x1, 3), round(y1, 3), rotate)


def _inherited(page: Any, key: str) -> Any:  # noqa: ANN401 - any object of the file
    node = page
    for _ in range(_DEPTH):
        if not isinstance(node, Dictionary):
            return None
        if key in node:
            return node[key]
        node = node.get("/Parent")
    return None


def _rectangle(value: object) -> Rectangle | None:
    """The corners, lower left first; None for what is no rectangle or has no area."""
    if not isinstance(value, Array) or len(value) != 4:  # noqa: PLR2004 - two corners
        return None
    try:
        x0, y0, x1, y1 = (float(part) for part in value)
    except (TypeError, ValueError):
        return None
    left, right, low, high = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    if not all(math.isfinite(side) for side in (left, right, low, high)) or left == right or low == high:
        return None
    return left, low, right, high


def _common(media: Rectangle, crop: Rectangle) -> Rectangle | None:
    left, low = max(media[0], crop[0]), max(media[1], crop[1])
    right, high = min(media[2], crop[2]), min(media[3], crop[3])
    return (left, low, right, high) if left < right and low < high else None


def _rotation(value: Any) -> int:  # noqa: ANN401 - any object of the file
    try:
        turned = int(value)
    except (TypeError, ValueError):
        return 0
    return turned % 360 if turned % _RIGHT_ANGLE == 0 else 0


def _positive(value: Any) -> float:  # noqa: ANN401 - any object of the file
    try:
        unit = float(value)
    except (TypeError, ValueError):
        return 1.0
    return unit if unit > 0 and math.isfinite(unit) else 1.0
