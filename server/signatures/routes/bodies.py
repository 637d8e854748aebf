"""A PDF as the body of a request or of an answer, piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import ClientPayloadError, web

from server.core.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from server.core.context import Core

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


async def stored_pdf(core: Core, sha256: str, name: str, request: web.Request) -> web.StreamResponse:
    """A stored file, byte for byte as its hash says, to be saved under a name."""
    headers = {
        "Content-Type": PDF, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
    }  # fmt: skip
    response = web.StreamResponse(headers=headers)
    response.content_length = await core.blobs.size(sha256)
    await response.prepare(request)
    async for piece in core.blobs.iterate(sha256):
        await response.write(piece)
    await response.write_eof()
    return response
