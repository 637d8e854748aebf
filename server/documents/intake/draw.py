"""Small pictures of pages, drawn in a child that may be killed."""

from __future__ import annotations

import io

from server.core.errors import DomainError
from server.documents.intake.opening import opened

# Twice what the page strip of a tablet shows, whose screen has two pixels a point.
WIDTH_PIXELS = 200
HEIGHT_PIXELS = 400
_QUALITY = 75


def draw_page(path: str, page: int) -> bytes:
    """Page ``page`` (from 1) of a PDF as WebP, at most 200 × 400 pixels. Raises ``documents.no_page``."""
    document = opened(path)
    try:
        if not 1 <= page <= len(document):
            raise DomainError("documents.no_page", page=page)
        width, height = document[page - 1].get_size()
        scale = min(WIDTH_PIXELS / max(width, 1.0), HEIGHT_PIXELS / max(height, 1.0))
        picture = document[page - 1].render(scale=scale).to_pil()
        out = io.BytesIO()
        picture.convert("RGB").save(out, "WEBP", quality=_QUALITY)
        return out.getvalue()
    finally:
        document.close()
