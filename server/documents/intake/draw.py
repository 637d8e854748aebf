"""Small pictures of pages, drawn in a child that may be killed."""

from __future__ import annotations

import io
import time

import pypdfium2
from PIL import Image

from server.core.errors import DomainError
from server.documents.intake.opening import opened

# Twice what the page strip of a tablet shows, whose screen has two pixels a point.
WIDTH_PIXELS = 200
HEIGHT_PIXELS = 400
# As JPEG: WebP is a fifth smaller and takes longer than the drawing.
_QUALITY = 75
# After so much processor time no further page is begun: whoever asked for the first waits for the last.
_ENOUGH_SECONDS = 1.0

# Each task runs in a fork of a child that has loaded this module: what is loaded here is not loaded for every page.
Image.preinit()


def draw_pages(path: str, first: int, last: int) -> list[bytes]:
    """Pages ``first`` (from 1) to ``last`` of a PDF as JPEG, each at most 200 × 400 pixels; a fork for all of them.

    Fewer, but at least the first, where they take long. Raises ``documents.no_page``.
    """
    document, end = opened(path), time.process_time() + _ENOUGH_SECONDS
    pictures = [_drawn(document, first)]
    for page in range(first + 1, last + 1):
        if time.process_time() >= end:
            break
        pictures.append(_drawn(document, page))
    return pictures


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
    picture.convert("RGB").save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
