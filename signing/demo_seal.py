"""A round red seal for demo and tests, drawn from a body's name; says in its middle that it is a specimen."""

import io
import math
from unicodedata import normalize

from PIL import Image, ImageDraw, ImageFont

RED = (203, 27, 33)
MARK = "MẪU"
_OVERSAMPLING = 3
_SIZE = 850  # pixels of 36 mm: 600 dpi
_OUTER, _INNER = (0.497, 0.470), (0.335, 0.322)  # rings: outer and inner radius, of the size
_TEXT_RADIUS = 0.376
_LETTER = 0.088  # height of the letters, of the size
_WIDEST_ARC = math.radians(300)
_STAR_RADIUS = 0.17


def draw_seal(agency: str, *, font: str) -> bytes:
    """A transparent square PNG, cut at the outer ring: the body's name around a star, and "MẪU" below it.

    Args:
        agency: name of the body; long ones are set smaller until they fit the ring.
        font: path to a bold TrueType file with all Vietnamese letters.
    """
    side = _SIZE * _OVERSAMPLING
    ink = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(ink)
    for outer, inner in (_OUTER, _INNER):
        _ring(pen, side, outer, inner)
    _around(ink, normalize("NFC", agency).upper(), font, side)
    pen.polygon(_star(side / 2, side * 0.45, side * _STAR_RADIUS), fill=255)
    face = ImageFont.truetype(font, round(side * 0.095))
    pen.text((side / 2, side * 0.69), MARK, font=face, fill=255, anchor="mm")
    seal = Image.new("RGBA", (_SIZE, _SIZE), (*RED, 0))
    # Ink lets the signature under it be seen.
    seal.putalpha(ink.resize((_SIZE, _SIZE), Image.Resampling.LANCZOS).point(lambda alpha: alpha * 22 // 25))
    out = io.BytesIO()
    seal.save(out, "PNG", optimize=True)
    return out.getvalue()


def _ring(pen: ImageDraw.ImageDraw, side: int, outer: float, inner: float) -> None:
    for radius, fill in ((outer * side, 255), (inner * side, 0)):
        pen.ellipse((side / 2 - radius, side / 2 - radius, side / 2 + radius, side / 2 + radius), fill=fill)


def _around(ink: Image.Image, text: str, font: str, side: int) -> None:
    """The letters upright on the upper arc, from its left end to its right."""
    size, radius = side * _LETTER, side * _TEXT_RADIUS
    face = ImageFont.truetype(font, round(size))
    spacing = size * 0.12
    length = sum(face.getlength(sign) + spacing for sign in text)
    if length > radius * _WIDEST_ARC:
        size *= radius * _WIDEST_ARC / length
        face = ImageFont.truetype(font, max(1, int(size)))
        spacing = size * 0.12
        length = sum(face.getlength(sign) + spacing for sign in text)
    angle = -length / radius / 2
    for sign in text:
        width = face.getlength(sign) + spacing
        angle += width / radius / 2
        tile = round(size * 2.4)
        letter = Image.new("L", (tile, tile), 0)
        ImageDraw.Draw(letter).text((tile / 2, tile / 2 + size * 0.34), sign, font=face, fill=255, anchor="ms")
        turned = letter.rotate(-math.degrees(angle), Image.Resampling.BICUBIC)
        at = (side / 2 + radius * math.sin(angle) - tile / 2, side / 2 - radius * math.cos(angle) - tile / 2)
        ink.paste(255, (round(at[0]), round(at[1])), turned)
        angle += width / radius / 2


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    points = []
    for corner in range(10):
        reach, angle = radius * (1 if corner % 2 == 0 else 0.382), math.pi * corner / 5
        points.append((x + reach * math.sin(angle), y - reach * math.cos(angle)))
    return points
