"""The reader's name on a small picture of a page, drawn in a child: large enough to be read at its size."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from server.core.printing.fonts import times_font

_PIXELS, _DEGREES = 12, 31.7
_INK, _STRENGTH = (107, 107, 107), 0.4
# A name stands across a small picture once; what is longer than that is cut.
_LETTERS = 40


def name_picture(picture: bytes, name: str, at: str) -> bytes:
    """``picture`` (JPEG, of the house's own making) with a name and a time drawn over all of it."""
    with Image.open(io.BytesIO(picture), formats=["JPEG"]) as opened:
        page = opened.convert("RGB")
    stamp = _stamp(name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…", at)
    for row, top in enumerate(range(-stamp.height // 3, page.height, stamp.height * 2 // 3)):
        for left in range(-stamp.width // 2 * (row % 2), page.width, stamp.width):
            page.paste(_INK, (left, top), stamp)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=75)
    return out.getvalue()


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(times_font().regular), _PIXELS)


def _stamp(name: str, at: str) -> Image.Image:
    """Name over time, slanting; how much of the ink each pixel takes."""
    text = f"{name}\n{at}"
    left, top, right, bottom = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox((0, 0), text, font=_font())
    flat = Image.new("L", (round(right - left) + 2, round(bottom - top) + 2))
    ImageDraw.Draw(flat).multiline_text((1 - left, 1 - top), text, fill=round(255 * _STRENGTH), font=_font())
    return flat.rotate(_DEGREES, Image.Resampling.BICUBIC, expand=True)
