"""What the signer saw against what the file shows now: both drawn by PDFium and compared outside the known boxes."""

import ctypes
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple, Self

import pypdfium2 as pdfium
from PIL import Image, ImageChops
from pypdfium2 import raw

from signing.files import Source
from signing.paper import Paper, opened_paper

MAX_PAGES = 120  # pairs of pages drawn for one file; larger files are compared from the front
KEPT_BYTES = 64 * 1024 * 1024  # of drawings of the file as it is, so that each is drawn once
SCALE = 0.75  # of 72 dpi: enough to see a changed digit, and a page of text takes a few milliseconds
LONGEST_SIDE = 1800  # pixels of a picture to look at, whatever size the page says it has
_LARGEST_NEW_BOX = 0.25  # of the page: a signature that covers more than that hides what was signed
_MARGIN = 2  # pixels around a box: lines are drawn on its edge
_NAME_BYTES = 1024


class Compared(NamedTuple):
    """Which pages (from 1) show something else, and how many pairs were drawn."""

    differing: tuple[int, ...]
    pages: int


class Now:
    """A file as it is, to be compared with what its signers saw; each of its pages is drawn once for all of them."""

    def __init__(self, paper: Paper) -> None:
        self._paper, self._kept, self._room = paper, dict[int, _Picture](), KEPT_BYTES
        self._opened = ExitStack()
        self._file: tuple[Any, Any] | None = None
        self._sheet = bytearray()  # what was signed is drawn on it, page after page: memory that is new costs time

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def compare(self, signed_bytes: int, known: Collection[str], budget: int = MAX_PAGES) -> Compared:
        """Pages that look otherwise now than in the first `signed_bytes`, the boxes of the fields `known` left out.

        A field that was not there yet is left out only while its box is no larger than a quarter of the page. A page
        count that differs counts as a difference of the first page that is missing or new.

        Raises:
            PdfiumError: one of the two cannot be drawn.
        """
        if self._file is None:
            self._file = self._opened.enter_context(_opened(self._paper.for_pdfium()))
        new = self._file
        with _opened(self._paper.for_pdfium(signed_bytes)) as old:
            if len(old[0]) != len(new[0]):
                return Compared((min(len(old[0]), len(new[0])) + 1,), 0)
            count = min(len(new[0]), budget)
            differing = [n + 1 for n in range(count) if self._differs(old, new, n, known, count)]
        return Compared(tuple(differing), count)

    def _differs(
        self, old: tuple[Any, Any], new: tuple[Any, Any], number: int, known: Collection[str], count: int
    ) -> bool:
        now = self._kept[number] if number in self._kept else self._drawn_now(new, number)
        before = _drawing(old, number, self._sheet)
        self._sheet = before.dots
        if (before.width, before.height, before.stride) != (now.width, now.height, now.stride):
            return True
        if before.dots.startswith(now.dots):
            return False
        difference = ImageChops.difference(before.image(), now.image())
        for name, box in now.boxes:
            large = (box[2] - box[0]) * (box[3] - box[1]) > _LARGEST_NEW_BOX * now.width * now.height
            if name in known and (not large or _has_field(old, name, count)):
                difference.paste(0, box)
        return difference.getbbox() is not None

    def _drawn_now(self, new: tuple[Any, Any], number: int) -> "_Picture":
        made = _drawing(new, number, bytearray(), boxes=True)
        if len(made.dots) <= self._room:
            self._kept[number], self._room = made, self._room - len(made.dots)
        return made


class _Picture(NamedTuple):
    """A page, drawn.

    Attributes:
        width, height: in pixels; stride: bytes to a line.
        dots: four bytes to a pixel, the fourth always the same; there may be more behind them.
        boxes: field name and pixel box (left, top, right, bottom) of the widgets on it, if they were asked for.
    """

    width: int
    height: int
    stride: int
    dots: bytearray
    boxes: tuple[tuple[str, tuple[int, int, int, int]], ...] = ()

    def image(self) -> Image.Image:
        # What order the colours are in does not matter to a difference.
        dots = memoryview(self.dots)[: self.stride * self.height]
        return Image.frombuffer("RGBX", (self.width, self.height), dots, "raw", "RGBX", self.stride, 1)  # type: ignore[arg-type]  # any buffer does


def _drawing(file: tuple[Any, Any], number: int, sheet: bytearray, *, boxes: bool = False) -> _Picture:
    """The page, drawn on `sheet`, or on a new one where that is too small."""
    with _page(file, number) as page:

        def room(width: int, height: int, **how: Any) -> Any:  # noqa: ANN401  # an untyped library
            nonlocal sheet
            size = width * height * 4
            sheet = sheet if len(sheet) >= size else bytearray(size)
            return pdfium.PdfBitmap.new_native(width, height, buffer=(ctypes.c_ubyte * size).from_buffer(sheet), **how)

        drawn = page.render(
            scale=SCALE, may_draw_forms=True, grayscale=False, prefer_bgrx=True, bitmap_maker=room
        )  # fmt: skip
        found = tuple(_boxes(page, file[1])) if boxes else ()
        return _Picture(drawn.width, drawn.height, drawn.stride, sheet, found)


def page_pair(
    pdf: Source, signed_bytes: int, page: int, scale: float = 1.5
) -> tuple[Image.Image | None, Image.Image | None]:  # fmt: skip
    """The page (index from 0) as it was signed and as it is now, for a person to look at; None where there is none.

    Raises:
        PdfiumError: one of the two cannot be drawn.
    """
    with opened_paper(pdf) as paper:
        sources = paper.for_pdfium(signed_bytes), paper.for_pdfium()
        with _opened(sources[0]) as (old, _), _opened(sources[1]) as (new, _):
            return _seen(old, page, scale), _seen(new, page, scale)


def unlike(
    before: Image.Image | None, after: Image.Image | None
) -> tuple[float, float, float, float] | None:  # fmt: skip
    """Left, top, right, bottom of what differs, as parts of the page; None if nothing does."""
    if before is None or after is None or before.size != after.size:
        return (0.0, 0.0, 1.0, 1.0)
    box = ImageChops.difference(before, after).getbbox()
    if box is None:
        return None
    return (box[0] / after.width, box[1] / after.height, box[2] / after.width, box[3] / after.height)


@contextmanager
def _opened(pdf: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401  # see Paper.for_pdfium
    document = pdfium.PdfDocument(pdf)
    try:
        document.init_forms()
        yield document, document.formenv
    finally:
        document.close()


def _seen(document: Any, number: int, scale: float) -> Image.Image | None:  # noqa: ANN401  # an untyped library
    if not 0 <= number < len(document):
        return None
    page = document[number]
    try:
        longest = max(page.get_width(), page.get_height(), 1)
        drawn = page.render(scale=min(scale, LONGEST_SIDE / longest), may_draw_forms=True, grayscale=False)
        picture: Image.Image = drawn.to_pil().convert("RGB")
        return picture.copy()
    finally:
        page.close()


def _has_field(file: tuple[Any, Any], name: str, count: int) -> bool:
    for number in range(count):
        with _page(file, number) as page:
            if any(name == one for one, _ in _boxes(page, file[1])):
                return True
    return False


@contextmanager
def _page(file: tuple[Any, Any], number: int) -> Iterator[Any]:
    page = file[0][number]
    try:
        yield page
    finally:
        page.close()


def _boxes(page: Any, forms: Any) -> Iterator[tuple[str, tuple[int, int, int, int]]]:  # noqa: ANN401  # PDFium's
    """Field name and pixel box (left, top, right, bottom at SCALE) of every widget on a page."""
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        try:
            if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET and forms is not None:
                yield _field_name(forms, annotation), _pixels(page, annotation)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


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
