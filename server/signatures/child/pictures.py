"""Pictures of seals and handwritten signatures, in a child: made fit to be printed, and shown as they are printed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct

from server.core.errors import DomainError

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

    from signing.field import Box

# Sides of what is read, and of what is kept: 1,200 pixels of 36 mm are 850 dpi.
MAX_PIXELS, MAX_SIDE, LEAST_SIDE = 4_000_000, 1200, 200
# Of 255: what is lighter on a scan is paper; ink is this much stronger than a scanner's lamp leaves it.
_PAPER, _STRONGER = 40, 1.35
# The printed example: millimetres of the strip, of the area of the signature in it, and pixels of a millimetre.
STRIP_MM, AREA_MM, DENSITY = (110.0, 62.0), (62.0, 28.0), 8
_AREA_TOP = 17.0
_PALE = (170, 185, 215)  # where a signature will stand


class Picture(Struct, frozen=True, kw_only=True):
    """A picture fit to be kept: PNG without anything but its pixels, cut at its ink; ``pixels`` wide and high."""

    png: bytes
    pixels: tuple[int, int]


def clean(data: bytes) -> Picture:
    """A scan or drawing as a PNG with clear paper, cut at its ink; what a camera or program wrote beside it is gone.

    Raises DomainError ``signatures.picture_unreadable``, ``.picture_empty``, ``.picture_coarse``.
    """
    from PIL import Image  # noqa: PLC0415 - for children only

    image = _read(data)
    if image.getchannel("A").getextrema()[0] == 255:  # noqa: PLR2004 - nothing is clear: paper is still around it
        image = _off_paper(image)
    box = image.getchannel("A").point(lambda alpha: 255 * (alpha > _PAPER // 2)).getbbox()
    if box is None:
        raise DomainError("signatures.picture_empty")
    image = image.crop(box)
    if image.width < LEAST_SIDE:
        raise DomainError("signatures.picture_coarse", pixels=image.width, least=LEAST_SIDE)
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    return Picture(png=_png(image), pixels=image.size)


def printed(picture: bytes, what: str, width_mm: float, under: bytes, lines: tuple[str, ...], name: str) -> bytes:
    """A strip of a paper, ``STRIP_MM``, as signature and seal stand on it.

    Args:
        picture: PNG of the seal or of the signature, as ``clean`` gives it.
        what: "seal" or "signature".
        width_mm: real width of the seal.
        under: the signature that a seal covers a third of; empty where the person has none.
        lines: above the signature, in bold capitals.
        name: below it.

    Returns:
        PNG, ``DENSITY`` pixels of a millimetre.
    """
    from PIL import Image, ImageDraw  # noqa: PLC0415 - for children only

    strip = Image.new("RGB", _px(*STRIP_MM), "white")
    pen, middle = ImageDraw.Draw(strip), STRIP_MM[0] / 2
    for number, line in enumerate(lines[:2]):
        pen.text(_px(middle, 5 + 6 * number), line, font=_fitting(line, 13), fill="black", anchor="mm")
    pen.text(_px(middle, STRIP_MM[1] - 7), name, font=_font(14), fill="black", anchor="mm")
    box = (middle - AREA_MM[0] / 2, _AREA_TOP, middle + AREA_MM[0] / 2, _AREA_TOP + AREA_MM[1])
    hand = under if what == "seal" else picture
    if hand:
        box = _fitted(strip, _read(hand), box)
    else:
        pen.rectangle((*_px(box[0], box[1]), *_px(box[2], box[3])), outline=_PALE)
        pen.text(_px(middle + AREA_MM[0] / 6, (box[1] + box[3]) / 2), "chữ ký", font=_font(13), fill=_PALE, anchor="mm")
    if what == "seal":
        _seal(strip, _read(picture), width_mm, box)
    return _png(strip)


def _seal(strip: Image, seal: Image, width_mm: float, over: Box) -> None:
    """By the rule of the signing itself: real size, over the left third of what is drawn."""
    from signing.appearances import MM, seal_box  # noqa: PLC0415 - for children only

    left, top, right, bottom = over
    at = seal_box((left * MM, top * MM, right * MM, bottom * MM), width_mm, ratio=seal.height / seal.width)
    _paste(strip, seal, tuple(each / MM for each in at))


def _fitted(strip: Image, hand: Image, box: Box) -> Box:
    """The signature in the middle of its area, as large as it fits; where it is."""
    scale = min((box[2] - box[0]) / hand.width, (box[3] - box[1]) / hand.height)
    width, height = hand.width * scale, hand.height * scale
    left, top = (box[0] + box[2] - width) / 2, (box[1] + box[3] - height) / 2
    at = (left, top, left + width, top + height)
    _paste(strip, hand, at)
    return at


def _paste(strip: Image, picture: Image, at: tuple[float, ...]) -> None:
    left, top = _px(at[0], at[1])
    right, bottom = _px(at[2], at[3])
    sized = picture.resize((max(1, right - left), max(1, bottom - top)))
    strip.paste(sized, (left, top), sized)


def _px(across: float, down: float) -> tuple[int, int]:
    return round(across * DENSITY), round(down * DENSITY)


def _fitting(line: str, points: float) -> FreeTypeFont:
    """As large as the line fits the strip, with a little room at both sides."""
    font = _font(points)
    wide = font.getlength(line) / DENSITY
    return font if wide <= STRIP_MM[0] - 8 else _font(points * (STRIP_MM[0] - 8) / wide)


def _font(points: float) -> FreeTypeFont:
    from PIL import ImageFont  # noqa: PLC0415 - for children only

    from server.core.printing.fonts import times_font  # noqa: PLC0415 - fontTools is for children only

    return ImageFont.truetype(str(times_font().bold), round(points * 25.4 / 72 * DENSITY))


def _read(data: bytes) -> Image:
    """The whole picture as RGBA, upright as the camera held it."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 - for children only

    unreadable = DomainError("signatures.picture_unreadable", limit=MAX_PIXELS // 1_000_000)
    try:
        image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
        if image.width * image.height > MAX_PIXELS:
            raise unreadable
        with _whole():
            image.load()
        return ImageOps.exif_transpose(image).convert("RGBA")
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError) as why:
        raise unreadable from why


@contextmanager
def _whole() -> Iterator[None]:
    """Half a picture is refused, though what prints papers lets Pillow take it."""
    from PIL import ImageFile  # noqa: PLC0415 - for children only

    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _off_paper(image: Image) -> Image:
    """Ink as dark as it differs from white; what is hardly darker than paper is clear."""
    from PIL import ImageChops  # noqa: PLC0415 - for children only

    red, green, blue, _ = image.split()
    light = ImageChops.darker(ImageChops.darker(red, green), blue)
    alpha = light.point(lambda value: 0 if 255 - value < _PAPER else min(255, round((255 - value) * _STRONGER)))
    image.putalpha(alpha)
    return image


def _png(image: Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
