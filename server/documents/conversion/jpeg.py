"""JPEGs inside a PDF: as they came, without what a camera wrote beside the picture (place, time, owner, preview)."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf

if TYPE_CHECKING:
    from PIL import Image

_START, _END_OF_HEAD = 0xD8, 0xDA
# Segments that say something beside the picture: APP1 … APP13, APP15 and comments. APP0 and APP14 tell the colours.
_BESIDE = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})


def stream(pdf: pikepdf.Pdf, source: str, picture: Image.Image) -> pikepdf.Stream:
    """The file's own picture."""
    made = pdf.make_stream(b"")
    made.write(bare(Path(source).read_bytes()), filter=pikepdf.Name.DCTDecode)
    return described(made, picture)


def encoded(pdf: pikepdf.Pdf, picture: Image.Image, quality: int) -> pikepdf.Stream:
    """A picture of another kind as a JPEG."""
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=quality)
    made = pdf.make_stream(b"")
    made.write(data.getvalue(), filter=pikepdf.Name.DCTDecode)
    return described(made, picture)


def described(made: pikepdf.Stream, picture: Image.Image) -> pikepdf.Stream:
    """The stream with what a PDF says of an image."""
    made.Type, made.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    made.Width, made.Height = picture.width, picture.height
    made.BitsPerComponent = 1 if picture.mode == "1" else 8
    made.ColorSpace = pikepdf.Name.DeviceRGB if picture.mode == "RGB" else pikepdf.Name.DeviceGray
    return made


def bare(data: bytes) -> bytes:
    """The same picture without the segments that are not needed to draw it. Raises ValueError for what is no JPEG."""
    if data[:2] != bytes((0xFF, _START)):
        raise ValueError("no start of image")
    kept, at = bytearray(data[:2]), 2
    while True:
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if at + 4 > len(data) or data[at] != 0xFF:  # noqa: PLR2004 - every marker begins with it
            raise ValueError("no marker")
        marker = data[at + 1]
        if marker == _END_OF_HEAD:
            return bytes(kept + data[at:])
        following = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker not in _BESIDE:
            kept += data[at:following]
        at = following
