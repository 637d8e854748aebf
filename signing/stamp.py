"""What a signature looks like on the page: a blue handwritten signature, Vietnamese lines, or both, in one box."""

import io
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

import msgspec
from fontTools import subset
from fontTools.ttLib import TTFont, TTLibError
from fontTools.ttLib.scaleUpem import scale_upem
from PIL import Image
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.content import AppearanceContent, ResourceType
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from signing.errors import SigningError
from signing.field import Align, Box
from signing.ink import embed, read_image

LEADING = 1.35  # Ễ and Ậ stack two marks: lines nearer than this touch
_SHIFT: dict[Align, float] = {"left": 0.0, "centre": 0.5, "right": 1.0}
SMALLEST = 4.0  # points; smaller print is not legible
_DESCENT = 0.25
# Latin with its marks, Vietnamese, dashes and quotation marks, the đồng sign: what a stamp can say.
_REPERTOIRE = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x1A0, 0x1B0), (0x1EA0, 0x1EF9), (0x2010, 0x2026), (0x20AB, 0x20AB), (0x2116, 0x2116),
)  # fmt: skip


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """The visible part of a signature.

    Attributes:
        box: x1, y1, x2, y2 in points, lower left and upper right corner, the page's own coordinates.
        page: index from 0; negative counts from the end, -1 is the last page.
        image: PNG with a transparent background, centred in what the lines leave; none if empty.
        image_at: where exactly the image goes, a box like `box` and inside it; None centres it.
        lines: text under the image; they shrink together until the widest fits.
        align: of the lines between the edges of the box.
        font: path to a TrueType file that has all the letters of `lines`; needed only for them.
        font_size: points at most.
        colour: red, green, blue from 0 to 1, of the text.
    """

    box: Box
    page: int = -1
    image: bytes = b""
    image_at: Box | None = None
    lines: tuple[str, ...] = ()
    align: Align = "centre"
    font: str = ""
    font_size: float = 10.0
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)


class Room(layout.BoxConstraints):
    """The size of a field as it is; the library's own cuts it to whole points, and viewers stretch what is in it."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__(width=width, height=height)
        exact: Any = (width, height)  # declared as whole points
        self._width, self._height = exact


class StampStyle:
    """What pyHanko asks for when it draws a signature: turns a `Stamp` into page content of the field's size."""

    def __init__(self, stamp: Stamp) -> None:
        self._lines = tuple(normalize("NFC", line) for line in stamp.lines)
        self._stamp = stamp
        self._image = read_image(stamp.image) if stamp.image else None
        self._font = font_for(stamp.font, "".join(self._lines)) if self._lines else b""

    def create_stamp(
        self, writer: BasePdfFileWriter, box: layout.BoxConstraints, _params: dict[str, object]
    ) -> "_Drawing":
        """The appearance for one field; the name and shape are pyHanko's."""
        left, low, right, high = self._stamp.box
        if (int(right - left), int(high - low)) == (box.width, box.height):  # the stamp was made for this very field
            box = Room(right - left, high - low)
        return _Drawing(writer, box, self._stamp, self._lines, self._image, self._font)


class _Drawing(AppearanceContent):
    def __init__(
        self,
        writer: BasePdfFileWriter,
        box: layout.BoxConstraints,
        stamp: Stamp,
        lines: tuple[str, ...],
        image: Image.Image | None,
        font: bytes,
    ) -> None:
        super().__init__(writer=writer, box=box)
        self._stamp, self._lines, self._image, self._font = stamp, lines, image, font

    def render(self) -> bytes:
        text, floor = self._text() if self._lines else (b"", 0.0)
        picture = self._picture(floor) if self._image is not None else b""
        return b"q %s %s Q" % (picture, text)

    def _picture(self, floor: float) -> bytes:
        """The image as large as it fits above `floor` or in its own box, centred there, never stretched."""
        image = self._image
        assert image is not None  # render asked
        left, low, width, height = 0.0, floor, float(self.box.width), float(self.box.height) - floor
        if at := self._stamp.image_at:
            left, low = at[0] - self._stamp.box[0], at[1] - self._stamp.box[1]
            width, height = at[2] - at[0], at[3] - at[1]
        scale = min(width / image.width, height / image.height)
        w, h = image.width * scale, image.height * scale
        # PDF knows no exponents, so all figures here are written with a fixed point.
        self.set_resource(ResourceType.XOBJECT, pdf_name("/Sig"), embed(self._stamp.image, self._ensure_writer))
        return b"q %.4f 0 0 %.4f %.4f %.4f cm /Sig Do Q" % (w, h, left + (width - w) / 2, low + (height - h) / 2)

    def _text(self) -> tuple[bytes, float]:
        """Drawing operators of the lines, and the height in points they take from the bottom."""
        size = self._stamp.font_size
        engine = GlyphAccumulator(self._ensure_writer, io.BytesIO(self._font), font_size=size, bcp47_lang_code="vi")
        shaped = [engine.shape(line, with_actual_text=False) for line in self._lines]
        widest = max(float(one.x_advance) for one in shaped)
        room = float(self.box.height) * (0.5 if self._image is not None else 1.0)
        size = min(size, float(self.box.width) / max(widest, 1e-6), room / (LEADING * len(shaped)))
        if size < SMALLEST:
            raise SigningError("stamp_text_too_long", lines=list(self._lines))
        block = size * LEADING * len(shaped)
        # Without an image the block stands in the middle of the box.
        base = 0.0 if self._image is not None else (float(self.box.height) - block) / 2
        self.set_resource(ResourceType.FONT, pdf_name("/F"), engine.as_resource())
        parts = [b"BT /F %.4f Tf %.4f %.4f %.4f rg" % (size, *self._stamp.colour)]
        for row, one in enumerate(reversed(shaped)):
            x = (float(self.box.width) - float(one.x_advance) * size) * _SHIFT[self._stamp.align]
            y = base + size * (row * LEADING + _DESCENT)
            parts.append(b"1 0 0 1 %.4f %.4f Tm %s" % (x, y, one.graphics_ops))
        return b" ".join([*parts, b"ET"]), block


class TextLine(AppearanceContent):
    """One line of text in the middle of its height: the picture of a filled form field."""

    def __init__(
        self,
        writer: BasePdfFileWriter,
        box: layout.BoxConstraints,
        text: str,
        font: bytes,
        font_size: float,
        *,
        align: Align = "left",
    ) -> None:
        super().__init__(writer=writer, box=box)
        self._text, self._font, self._size, self._align = text, font, font_size, align

    def render(self) -> bytes:
        """Drawing operators; the name is pyHanko's."""
        engine = GlyphAccumulator(self._ensure_writer, io.BytesIO(self._font), font_size=self._size)
        shaped = engine.shape(self._text, with_actual_text=False)
        width, height = float(self.box.width), float(self.box.height)
        size = min(self._size, width / max(float(shaped.x_advance), 1e-6), height / (1 + _DESCENT))
        if size < SMALLEST:
            raise SigningError("stamp_text_too_long", lines=[self._text])
        self.set_resource(ResourceType.FONT, pdf_name("/F"), engine.as_resource())
        base = (height - size) / 2 + size * _DESCENT
        x = (width - float(shaped.x_advance) * size) * _SHIFT[self._align]
        return b"/Tx BMC q BT /F %.4f Tf 0 g 1 0 0 1 %.4f %.4f Tm %s ET Q EMC" % (size, x, base, shaped.graphics_ops)


def font_for(path: str, text: str) -> bytes:
    """The embeddable font at `path`, sure to have every letter of `text` (NFC).

    Raises:
        SigningError: font_missing, font_invalid, glyph_missing.
    """
    file = Path(path)
    if not path or not file.is_file():
        raise SigningError("font_missing", path=path)
    data, letters = _embeddable(path, file.stat().st_mtime_ns)
    # A missing letter would be dropped in silence while text extraction still shows it.
    if missing := sorted(set(text) - letters):
        raise SigningError("glyph_missing", letters="".join(missing))
    return data


@lru_cache(maxsize=4)
def _embeddable(path: str, _mtime: int) -> tuple[bytes, frozenset[str]]:
    """Subset to the repertoire and scaled to 1000 units per em; once per process and font.

    The PDF wants glyph widths in thousandths, the writer below hands on the font's own units: at 2048 per em (Times
    and its kin) letters come out spaced and clipped.
    """
    try:
        font = TTFont(path)
        options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, ignore_missing_unicodes=True)
        options.drop_tables += ["GPOS", "GSUB", "GDEF", "kern", "FFTM"]
        wanted = {code for first, last in _REPERTOIRE for code in range(first, last + 1)}
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=wanted)
        cutter.subset(font)
        scale_upem(font, 1000)
        out = io.BytesIO()
        font.save(out)
    except (TTLibError, KeyError, ValueError, AttributeError, OSError) as why:
        raise SigningError("font_invalid", path=path) from why
    letters = frozenset(chr(code) for code in font.getBestCmap())
    return out.getvalue(), letters
