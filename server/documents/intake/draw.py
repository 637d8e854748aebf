"""Small pictures of pages, drawn in a child that may be killed."""

from __future__ import annotations

import io

import pypdfium2
from PIL import Image, WebPImagePlugin

from server.core.errors import DomainError
from server.documents.intake.opening import opened

# Twice what the page strip of a tablet shows, whose screen has two pixels a point.
WIDTH_PIXELS = 200
HEIGHT_PIXELS = 400
_QUALITY = 75
# Of 0 to 6; the slower ones save a tenth of such small pictures, and take as long as the drawing.
_EFFORT = 0

# Each task runs in a fork of a child that has loaded this module: what is loaded here is not loaded for every page.
Image.preinit()
_FORMAT = WebPImagePlugin.WebPImageFile.format


def draw_page(path: str, page: int) -> bytes:
    """Page ``page`` (from 1) of a PDF as WebP, at most 200 × 400 pixels. Raises ``documents.no_page``."""
    return draw_pages(path, page, page)[0]


def draw_pages(path: str, first: int, last: int) -> list[bytes]:
    """Pages ``first`` to ``last`` as ``draw_page`` draws each; a fork and an opening for all of them."""
    document = opened(path)
    return [_drawn(document, page) for page in range(first, last + 1)]


def _drawn(document: pypdfium2.PdfDocument, page: int) -> bytes:
    if not 1 <= page <= len(document):
        raise DomainError("documents.no_page", page=page)
    held = document[page - 1]
    try:
        width, height = held.get_size()
        scale = min(WIDTH_PIXELS / max(width, 1.0), HEIGHT_PIXELS / max(height, 1.0))
        picture = held.render(scale=scale).to_pil()
    finally:
        held.close()
    out = io.BytesIO()
    picture.convert("RGB").save(out, _FORMAT, quality=_QUALITY, method=_EFFORT)
    return out.getvalue()
