"""Turning a clean PDF into what a copier makes of it: pictures of pages, a little askew, grainy, without any text."""

import io
import random
import time

import pikepdf
import pypdfium2
from PIL import Image, ImageFilter

_DPI = 150
_WHEN = time.struct_time((2026, 11, 24, 8, 12, 0, 1, 328, 0))


def scanned(pdf: bytes) -> bytes:
    """Return a PDF of JPEG pages (colour, 150 dpi) made from `pdf`; no text, the same bytes for the same input."""
    source = random.Random(len(pdf))  # noqa: S311  # grain, not secrecy
    document = pypdfium2.PdfDocument(pdf)
    pages = [_copied(page.render(scale=_DPI / 72).to_pil().convert("RGB"), source) for page in document]
    out = io.BytesIO()
    pages[0].save(
        out,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=_DPI,
        quality=68,
        producer="Máy quét",
        creationDate=_WHEN,
        modDate=_WHEN,
    )
    return _well_formed(out.getvalue())


def _well_formed(pdf: bytes) -> bytes:
    """Written anew: Pillow numbers free entries 65536, one more than PDF knows, and strict readers refuse the file."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _copied(page: Image.Image, source: random.Random) -> Image.Image:
    """Turn the page by up to a degree on grey-yellow paper, soften it and lay grain over it."""
    paper = (247, 245, 238)
    turned = page.rotate(source.uniform(-0.9, 0.9), resample=Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    tinted = Image.blend(turned, Image.new("RGB", page.size, paper), 0.12).filter(ImageFilter.GaussianBlur(0.55))
    noise = Image.frombytes("L", page.size, source.randbytes(page.width * page.height))
    grain = noise.filter(ImageFilter.GaussianBlur(0.8)).convert("RGB")
    return Image.blend(tinted, grain, 0.055).point(lambda level: min(255, int(level * 1.03)))
