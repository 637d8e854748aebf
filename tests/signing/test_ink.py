"""The picture of a signature in a file: every pixel as before it was packed, the colours of one ink not told again."""

from __future__ import annotations

import io
import random

import pikepdf
import pytest
from PIL import Image, ImageChops
from pyhanko.pdf_utils.images import pil_image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdfium2 import PdfDocument

from signing.demo_ink import draw_signature
from signing.ink import embed, read_image
from tests.signing import papers

WIDTH, HEIGHT = 90, 37  # no whole bytes to a line of single bits


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def inked(*colours: tuple[int, int, int]) -> bytes:
    """Dots of all strengths in the given colours; what is not seen has colours of its own."""
    dice = random.Random(7)  # a picture, not a secret
    image = Image.new("RGBA", (WIDTH, HEIGHT))
    for at in range(WIDTH * HEIGHT):
        strength = dice.choice((0, 0, 1, 120, 255))
        hidden = tuple(dice.randrange(256) for _ in range(3))
        colour = dice.choice(colours) if strength and colours else hidden
        image.putpixel((at % WIDTH, at // WIDTH), (*colour, strength if colours else 0))
    return png(image)


def written(image: bytes, *, ours: bool) -> bytes:
    """A page with the picture on it, written as we do or by the engine."""
    writer = IncrementalPdfFileWriter(io.BytesIO(papers.plain()))
    reference = embed(image, writer) if ours else pil_image(read_image(image), writer)
    out = io.BytesIO()
    writer.write(out)
    with pikepdf.open(out) as pdf:
        picture = pdf.get_object(reference.idnum, 0)
        page = pdf.pages[0]
        page.Resources.XObject = pikepdf.Dictionary(Sig=picture)
        page.contents_add(b"q 250 0 0 103 100 300 cm /Sig Do Q")
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def drawn(pdf: bytes) -> Image.Image:
    with PdfDocument(pdf) as document:
        picture: Image.Image = document[0].render(scale=2).to_pil().convert("RGB")
        return picture.copy()


@pytest.mark.parametrize(
    "image",
    [
        draw_signature("Nguyễn Thị Ánh Tuyết"), inked((27, 75, 159)), inked((27, 75, 159), (27, 75, 160)), inked(),
        png(Image.new("RGB", (WIDTH, HEIGHT), (200, 16, 46))), png(Image.linear_gradient("L")),
    ],
    ids=["ink", "one colour", "two near ones", "nothing seen", "no transparency", "greys"],
)  # fmt: skip
def test_a_packed_picture_is_drawn_as_it_was(image: bytes) -> None:
    ours, theirs = drawn(written(image, ours=True)), drawn(written(image, ours=False))
    assert ImageChops.difference(ours, theirs).getbbox() is None


def test_ink_of_one_colour_has_one_bit_to_a_dot_and_two_colours_have_all() -> None:
    bits = []
    for image in (inked((27, 75, 159)), inked((27, 75, 159), (27, 75, 160))):
        with pikepdf.open(io.BytesIO(written(image, ours=True))) as pdf:
            picture = pdf.pages[0].Resources.XObject.Sig
            bits.append(int(picture.BitsPerComponent))
            assert [(int(one.Width), int(one.Height)) for one in (picture, picture.SMask)] == [(WIDTH, HEIGHT)] * 2
    assert bits == [1, 8]
