"""What the signer saw against what the file shows now: both drawn by PDFium and compared outside the known boxes."""

import ctypes
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pypdfium2 as pdfium
from PIL import Image, ImageChops
from pypdfium2 import raw

MAX_PAGES = 120  # pairs of pages drawn for one file; larger files are compared from the front
SCALE = 0.75  # of 72 dpi: enough to see a changed digit, and a page of text takes a few milliseconds
_LARGEST_NEW_BOX = 0.25  # of the page: a signature that covers more than that hides what was signed
_MARGIN = 2  # pixels around a box: lines are drawn on its edge
_NAME_BYTES = 1024


class Compared(NamedTuple):
    """Which pages (from 1) show something else, and how many pairs were drawn."""

    differing: tuple[int, ...]
    pages: int


def compare(before: bytes, after: bytes, known: Collection[str], budget: int = MAX_PAGES) -> Compared:
    """Pages that look otherwise in `after` than in `before`, the boxes of the form fields named in `known` left out.

    A field that `before` did not have is left out only while its box is no larger than a quarter of the page. A page
    count that differs counts as a difference of the first page that is missing or new.
    """
    with _opened(before) as (old, old_forms), _opened(after) as (new, new_forms):
        if len(old) != len(new):
            return Compared((min(len(old), len(new)) + 1,), 0)
        count = min(len(new), budget)
        prepared = {name for number in range(count) for name, _ in _boxes(old, old_forms, number)}
        differing = [n + 1 for n in range(count) if _differs((old, old_forms), (new, new_forms), n, known, prepared)]
    return Compared(tuple(differing), count)


def page_pair(before: bytes, after: bytes, page: int, scale: float = 1.5) -> tuple[Image.Image, Image.Image]:
    """The page (index from 0) as it was signed and as it is now, for a person to look at."""
    with _opened(before) as (old, _), _opened(after) as (new, _):
        return _drawn(old, page, scale).copy(), _drawn(new, page, scale).copy()


@contextmanager
def _opened(pdf: bytes) -> Iterator[tuple[Any, Any]]:
    document = pdfium.PdfDocument(pdf)
    try:
        document.init_forms()
        yield document, document.formenv
    finally:
        document.close()


def _drawn(document: Any, number: int, scale: float) -> Image.Image:  # noqa: ANN401  # an untyped library
    page = document[number]
    try:
        picture: Image.Image = page.render(scale=scale, may_draw_forms=True, grayscale=False).to_pil()
    finally:
        page.close()
    return picture


def _differs(
    old: tuple[Any, Any], new: tuple[Any, Any], number: int, known: Collection[str], prepared: Collection[str]
) -> bool:
    before, after = _drawn(old[0], number, SCALE), _drawn(new[0], number, SCALE)
    if before.size != after.size:
        return True
    difference = ImageChops.difference(before, after)
    if difference.getbbox() is None:
        return False
    page_area = after.width * after.height
    for name, box in _boxes(*new, number):
        large = (box[2] - box[0]) * (box[3] - box[1]) > _LARGEST_NEW_BOX * page_area
        if name in known and (name in prepared or not large):
            difference.paste(0, box)
    return difference.getbbox() is not None


def _boxes(document: Any, forms: Any, number: int) -> list[tuple[str, tuple[int, int, int, int]]]:  # noqa: ANN401
    """Field name and pixel box (left, top, right, bottom at SCALE) of every widget on a page."""
    page = document[number]
    try:
        found = []
        for index in range(raw.FPDFPage_GetAnnotCount(page)):
            annotation = raw.FPDFPage_GetAnnot(page, index)
            try:
                if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET and forms is not None:
                    found.append((_field_name(forms, annotation), _pixels(page, annotation)))
            finally:
                raw.FPDFPage_CloseAnnot(annotation)
        return found
    finally:
        page.close()


def _field_name(forms: Any, annotation: Any) -> str:  # noqa: ANN401
    buffer = (ctypes.c_ushort * (_NAME_BYTES // 2))()
    size = raw.FPDFAnnot_GetFormFieldName(forms, annotation, buffer, _NAME_BYTES)
    return bytes(buffer)[: max(0, min(size, _NAME_BYTES) - 2)].decode("utf-16-le", "replace")


def _pixels(page: Any, annotation: Any) -> tuple[int, int, int, int]:  # noqa: ANN401
    rect = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(annotation, rect)
    width, height = round(page.get_width() * SCALE), round(page.get_height() * SCALE)
    points = []
    for x, y in ((rect.left, rect.bottom), (rect.right, rect.top)):
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, across, down)
        points.append((across.value, down.value))
    (x1, y1), (x2, y2) = points
    return (min(x1, x2) - _MARGIN, min(y1, y2) - _MARGIN, max(x1, x2) + _MARGIN, max(y1, y2) + _MARGIN)
