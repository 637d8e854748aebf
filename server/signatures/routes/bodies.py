"""A PDF as the body of a request, piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import ClientPayloadError

from server.core.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp import web

PDF = "application/pdf"
_TYPES = {PDF, "application/octet-stream", "application/x-pdf"}
_PIECE_BYTES = 256 * 1024


async def pdf_of(request: web.Request) -> AsyncIterator[bytes]:
    """The body's bytes. Raises ``unsupported`` for another type, ``documents.cut`` where the sender went away."""
    if request.content_type not in _TYPES:
        raise DomainError("unsupported", name=request.content_type)
    try:
        async for piece in request.content.iter_chunked(_PIECE_BYTES):
            yield piece
    except (ClientPayloadError, ConnectionError) as error:
        raise DomainError("documents.cut") from error
