"""The picture of a signature as a file holds it: packed once for all papers, ink of one colour without its colours."""

import io
import zlib
from functools import lru_cache
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    ByteStringObject,
    IndirectObject,
    NumberObject,
    PdfObject,
    StreamObject,
    pdf_name,
)
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from signing.errors import SigningError

MAX_IMAGE_PIXELS = 4_000_000


class _Packed(NamedTuple):
    """Samples of an image, ready to be written: the compressed bytes, bits to a sample, and what a sample stands for.

    Attributes:
        colours: the one colour there is, three bytes; empty if the samples are colours themselves.
    """

    data: bytes
    bits: int
    colours: bytes = b""


def embed(png: bytes, writer: BasePdfFileWriter) -> IndirectObject:
    """Write the picture into a file: its reference. Every pixel is drawn as the PNG says it.

    Raises:
        SigningError: see `read_image`.
    """
    image = read_image(png)
    ink, veil = _packed(png)
    shared = {"/Type": pdf_name("/XObject"), "/Subtype": pdf_name("/Image")}
    size = {"/Width": NumberObject(image.width), "/Height": NumberObject(image.height)}
    seen = _written(writer, veil, pdf_name("/DeviceGray"), {**shared, **size})
    space: PdfObject = pdf_name("/DeviceRGB")
    if ink.colours:
        one = (pdf_name("/Indexed"), pdf_name("/DeviceRGB"), NumberObject(0), ByteStringObject(ink.colours))
        space = ArrayObject(one)
    return _written(writer, ink, space, {**shared, **size, "/SMask": seen})


def _written(
    writer: BasePdfFileWriter, packed: _Packed, space: PdfObject, entries: dict[str, PdfObject]
) -> IndirectObject:  # fmt: skip
    more = {"/ColorSpace": space, "/BitsPerComponent": NumberObject(packed.bits), "/Filter": pdf_name("/FlateDecode")}
    named = {pdf_name(key): value for key, value in {**entries, **more}.items()}
    return writer.add_object(StreamObject(named, encoded_data=packed.data))


@lru_cache(maxsize=8)
def _packed(png: bytes) -> tuple[_Packed, _Packed]:
    """Colours and transparency; the last few are remembered, since an inbox is signed with one picture."""
    image = read_image(png)
    alpha = image.getchannel("A")
    colour = _only_colour(image, alpha)
    if colour is None:
        ink = _Packed(zlib.compress(image.convert("RGB").tobytes()), 8)
    else:
        # No colour is told for each pixel, and none has to be read for it whenever the page is drawn.
        ink = _Packed(zlib.compress(bytes((image.width + 7) // 8 * image.height)), 1, colour)
    return ink, _Packed(zlib.compress(alpha.tobytes()), 8)


def _only_colour(image: Image.Image, alpha: Image.Image) -> bytes | None:
    """The colour of everything that is seen of the image, three bytes; None if there are several, or nothing."""
    seen = alpha.point(lambda value: 255 * (value > 0))
    first = seen.tobytes().find(b"\xff")
    if first < 0:
        return None
    colours = image.convert("RGB")
    colour = colours.getpixel((first % image.width, first // image.width))
    elsewhere = Image.new("RGB", image.size, colour)
    inked = Image.composite(colours, elsewhere, seen)
    return elsewhere.tobytes()[:3] if inked.tobytes() == elsewhere.tobytes() else None


@lru_cache(maxsize=8)
def read_image(png: bytes) -> Image.Image:
    """The signature picture as RGBA; the last few are remembered, since an inbox is signed with one picture.

    Raises:
        SigningError: image_invalid (not a whole PNG), image_too_large (over MAX_IMAGE_PIXELS).
    """
    try:
        image = Image.open(io.BytesIO(png), formats=("PNG",))
        if image.width * image.height > MAX_IMAGE_PIXELS:
            raise SigningError("image_too_large", width=image.width, height=image.height)
        image.verify()  # every chunk to the end: convert alone takes half a picture where LOAD_TRUNCATED_IMAGES is set
        return Image.open(io.BytesIO(png), formats=("PNG",)).convert("RGBA")
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError) as why:
        raise SigningError("image_invalid") from why
