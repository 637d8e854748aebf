"""Pictures and scans become pages: of their own size where they say a sane one, else on A4; run in a bounded child.

A JPEG is put in as it is, without what its camera wrote beside it; anything else is packed without loss, two colours
as a fax would, many colours as PNG does.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pikepdf
from msgspec import Struct
from PIL import ExifTags, Image, ImageOps, TiffImagePlugin

from server.core.errors import DomainError
from server.documents.conversion import jpeg
from server.documents.intake.pictures import FORMATS, be_strict

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

POINTS_PER_INCH = 72.0
A4 = (595.276, 841.89)
MARGIN = 28.35  # 10 mm
# A scan says its resolution; what a camera or a screen says (72, 96) is about no paper.
SCAN_DPI = (97.0, 1200.0)
# The paper that a scanner takes: from A6 across to A0 along, in points.
SMALLEST_SIDE, LONGEST_SIDE = 280.0, 3_400.0
# On A4 nothing is drawn coarser than a screen does: a small picture stays small.
COARSEST_DPI = 96.0
# A picture that packs to more without loss is a photograph, and a photograph is what JPEG is for.
LOSSLESS_BYTES = 8 * 1024 * 1024
_QUALITY = 90
# What Pillow raises on pictures that break their format.
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError)

_UPRIGHT = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
# EXIF's orientation: how the unit square of the stored picture is turned and mirrored to be seen upright.
_TURNS: dict[int, tuple[float, float, float, float, float, float]] = {
    1: _UPRIGHT,
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}
_LYING = frozenset({5, 6, 7, 8})


class Place(Struct, frozen=True):
    """A page and the picture's rectangle on it (x, y, width, height), in points."""

    page: tuple[float, float]
    box: tuple[float, float, float, float]


def image_to_pdf(source: str, kind: str, target: str) -> int:
    """Make the PDF ``target`` of a picture, a page for each frame of a TIFF; returns the pages.

    Raises ``documents.corrupt``.
    """
    be_strict()
    pdf = pikepdf.new()
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(source, formats=[FORMATS[kind]]) as picture:
            for _frame in _frames(picture, kind):
                _add(pdf, picture, source)
    except _BROKEN as error:
        raise DomainError("documents.corrupt") from error
    return _saved(pdf, target)


def join(target: str, *sources: str) -> int:
    """One PDF of several, in order; returns its pages."""
    joined = pikepdf.new()
    for source in sources:
        with pikepdf.open(source) as pdf:
            joined.pages.extend(pdf.pages)
    return _saved(joined, target)


def place(pixels: tuple[int, int], dpi: tuple[float, float] | None) -> Place:
    """Where a picture of so many pixels (as seen, upright) goes.

    One that says a scanner's resolution, and is then as large as paper, is its own page; any other goes into the middle
    of an A4 page that lies as it does, as large as the margins allow and no coarser than a screen shows it.
    """
    width, height = pixels
    if dpi is not None and all(SCAN_DPI[0] <= each <= SCAN_DPI[1] for each in dpi):
        own = (width / dpi[0] * POINTS_PER_INCH, height / dpi[1] * POINTS_PER_INCH)
        if min(own) >= SMALLEST_SIDE and max(own) <= LONGEST_SIDE:
            return Place(own, (0.0, 0.0, *own))
    page = A4 if height >= width else (A4[1], A4[0])
    scale = min((page[0] - 2 * MARGIN) / width, (page[1] - 2 * MARGIN) / height, POINTS_PER_INCH / COARSEST_DPI)
    size = (width * scale, height * scale)
    return Place(page, ((page[0] - size[0]) / 2, (page[1] - size[1]) / 2, *size))


def _saved(pdf: pikepdf.Pdf, target: str) -> int:
    with Path(target).open("wb") as file:  # behind a wall a path is an open file, beside which there is nothing
        pdf.save(file)
    return len(pdf.pages)


def _frames(picture: ImageFile, kind: str) -> Iterator[int]:
    for frame in range(int(getattr(picture, "n_frames", 1)) if kind == "tiff" else 1):
        picture.seek(frame)
        picture.load()
        yield frame


def _add(pdf: pikepdf.Pdf, picture: ImageFile, source: str) -> None:
    turn = int(picture.getexif().get(ExifTags.Base.Orientation, 1))
    turn = turn if turn in _TURNS else 1
    dpi = _dpi(picture)
    size = picture.size
    if picture.format == "JPEG" and picture.mode in {"L", "RGB"}:
        stream = jpeg.stream(pdf, source, picture)
    else:
        # Pillow turns TIFFs by itself when it loads them; what is left is in the picture's own record.
        upright = ImageOps.exif_transpose(picture)
        stream = _packed(pdf, upright, is_photograph=picture.format == "WEBP" and _is_lossy(source))
        size, turn, dpi = upright.size, 1, _turned(dpi, picture.size, upright.size)
    lying = turn in _LYING
    seen = (size[1], size[0]) if lying else size
    _draw(pdf, stream, place(seen, dpi and ((dpi[1], dpi[0]) if lying else dpi)), _TURNS[turn])


def _draw(
    pdf: pikepdf.Pdf, stream: pikepdf.Stream, where: Place, turn: tuple[float, float, float, float, float, float]
) -> None:
    x, y, width, height = where.box
    a, b, c, d, e, f = turn
    matrix = (a * width, b * height, c * width, d * height, e * width + x, f * height + y)
    page = pdf.add_blank_page(page_size=where.page)
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=stream))
    page.Contents = pdf.make_stream(f"q {' '.join(f'{each:.4f}' for each in matrix)} cm /Im Do Q".encode())


def _dpi(picture: ImageFile) -> tuple[float, float] | None:
    """The resolution across and down, where the file says one that can be one."""
    said = picture.info.get("dpi")
    try:
        across, down = (float(each) for each in cast("tuple[float, float]", said))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if all(math.isfinite(each) and each > 0 for each in (across, down)) else None


def _turned(
    dpi: tuple[float, float] | None, before: tuple[int, int], after: tuple[int, int]
) -> tuple[float, float] | None:
    return (dpi[1], dpi[0]) if dpi is not None and before != after and before == after[::-1] else dpi


def _packed(pdf: pikepdf.Pdf, picture: Image.Image, *, is_photograph: bool) -> pikepdf.Stream:
    """The picture as an image of the PDF: two colours by CCITT group 4, photographs by JPEG, the rest by Flate."""
    plain = _flat(picture)
    if plain.mode == "1":
        return _bilevel(pdf, plain)
    packed = b"" if is_photograph else _png_data(plain)
    if is_photograph or len(packed) > LOSSLESS_BYTES:
        return jpeg.encoded(pdf, plain, _QUALITY)
    colors = 1 if plain.mode == "L" else 3
    stream = pdf.make_stream(b"")
    stream.write(
        packed,
        filter=pikepdf.Name.FlateDecode,
        decode_parms=pikepdf.Dictionary(Predictor=15, Colors=colors, BitsPerComponent=8, Columns=plain.width),
    )
    return jpeg.described(stream, plain)


def _flat(picture: Image.Image) -> Image.Image:
    """The picture in two colours, greys or RGB; what shows through is white, as paper is."""
    if picture.mode in {"1", "L", "RGB"} and "transparency" not in picture.info:
        return picture
    if picture.mode.startswith("I") or picture.mode == "F":
        return _sixteen_bits(picture)
    if picture.mode in {"CMYK", "YCbCr", "LAB", "HSV"}:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    paper = Image.new("RGB", clear.size, "white")
    paper.paste(clear, mask=clear.getchannel("A"))
    return paper.convert("L") if picture.mode in {"LA", "L", "1"} else paper


def _sixteen_bits(picture: Image.Image) -> Image.Image:
    """Greys of more than eight bits, as eight."""
    wide = picture.convert("F")
    _low, high = cast("tuple[float, float]", wide.getextrema())
    return wide.point(lambda value: value * (255.0 / (65_535.0 if high > 255.0 else 255.0))).convert("L")  # noqa: PLR2004 - eight bits


def _is_lossy(source: str) -> bool:
    """Whether a WebP has its picture in the lossy form, which its chunks tell."""
    with Path(source).open("rb") as file:
        return b"VP8 " in file.read(4096)


def _png_data(picture: Image.Image) -> bytes:
    """The packed pixels of a PNG: a zlib stream with PNG predictors, which is what Flate in a PDF may be too."""
    made = io.BytesIO()
    picture.save(made, "PNG")
    raw, at, data = made.getvalue(), 8, bytearray()
    while at < len(raw):
        length = int.from_bytes(raw[at : at + 4], "big")
        if raw[at + 4 : at + 8] == b"IDAT":
            data += raw[at + 8 : at + 8 + length]
        at += length + 12
    return bytes(data)


def _bilevel(pdf: pikepdf.Pdf, picture: Image.Image) -> pikepdf.Stream:
    made = io.BytesIO()
    # One strip for the whole page: a PDF knows no strips.
    picture.save(made, "TIFF", compression="group4", strip_size=math.ceil(picture.width / 8) * picture.height)
    with Image.open(io.BytesIO(made.getvalue()), formats=["TIFF"]) as tiff:
        tags = cast("TiffImagePlugin.TiffImageFile", tiff).tag_v2
        begin, length = tags[TiffImagePlugin.STRIPOFFSETS][0], tags[TiffImagePlugin.STRIPBYTECOUNTS][0]
        black_is_zero = tags[TiffImagePlugin.PHOTOMETRIC_INTERPRETATION] == 1
    stream = pdf.make_stream(b"")
    stream.write(
        made.getvalue()[begin : begin + length],
        filter=pikepdf.Name.CCITTFaxDecode,
        decode_parms=pikepdf.Dictionary(K=-1, BlackIs1=black_is_zero, Columns=picture.width, Rows=picture.height),
    )
    return jpeg.described(stream, picture)
