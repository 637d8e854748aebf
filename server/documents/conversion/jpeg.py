"""JPEGs inside a PDF: as they came, without what a camera wrote beside the picture (place, time, owner, preview)."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf

from server.documents.intake import bare

if TYPE_CHECKING:
    from PIL import Image


def stream(pdf: pikepdf.Pdf, source: str, picture: Image.Image) -> pikepdf.Stream:
    """The file's own picture."""
    made = pdf.make_stream(b"")
    made.write(bare.jpeg(Path(source).read_bytes()), filter=pikepdf.Name.DCTDecode)
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
