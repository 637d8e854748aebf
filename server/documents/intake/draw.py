"""Small pictures of pages, drawn in a child that may be killed."""

from __future__ import annotations

import functools
import io
from pathlib import Path

import pypdfium2

from server.core.errors import DomainError
from server.documents.intake.opening import opened

# Twice what the page strip of a tablet shows, whose screen has two pixels a point.
WIDTH_PIXELS = 200
HEIGHT_PIXELS = 400
_QUALITY = 75
# Of 0 to 6; the slower ones save a tenth of such small pictures, and take as long as the drawing.
_EFFORT = 0


def draw_page(path: str, page: int) -> bytes:
    """Page ``page`` (from 1) of a PDF as WebP, at most 200 × 400 pixels. Raises ``documents.no_page``."""
    status = Path(path).stat()
    document = _held(path, (status.st_dev, status.st_ino, status.st_mtime_ns))
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
    picture.convert("RGB").save(out, "WEBP", quality=_QUALITY, method=_EFFORT)
    return out.getvalue()


@functools.lru_cache(maxsize=1)
def _held(path: str, _file: tuple[int, int, int]) -> pypdfium2.PdfDocument:
    """The document that was drawn from last stays open: a strip asks for its pages one after another."""
    return opened(path)
