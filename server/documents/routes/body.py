"""The body of a request that is a file: taken as it comes, refused before its first byte where that is known."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from aiohttp import ClientPayloadError, web

from server.core.errors import DomainError

if TYPE_CHECKING:
    from server.core.context import Core

PDF = "application/pdf"
ANY = "application/octet-stream"
_PDFS = frozenset({PDF, ANY, "application/x-pdf"})
# What a form or a script of another kind of request would send: no file of ours is called so.
_NOT_FILES = ("text/", "multipart/", "application/json", "application/x-www-form-urlencoded")
_PIECE_BYTES = 64 * 1024


async def pdf_of(request: web.Request, core: Core) -> AsyncIterator[bytes]:
    """The bytes of a PDF."""
    if request.content_type not in _PDFS:
        raise DomainError("unsupported", name=request.content_type)
    async for piece in _pieces(request, core):
        yield piece


async def body_of(request: web.Request, core: Core) -> AsyncIterator[bytes]:
    """The bytes of a file of any kind; what it is, its content says."""
    if request.content_type.startswith(_NOT_FILES):
        raise DomainError("unsupported", name=request.content_type)
    async for piece in _pieces(request, core):
        yield piece


async def _pieces(request: web.Request, core: Core) -> AsyncIterator[bytes]:
    """The body as it comes; a file that is too large by its own account is refused before the first byte."""
    limit = core.config.limits.file_bytes
    if request.content_length is not None and request.content_length > limit:
        raise DomainError("documents.too_large", limit_mib=limit // (1024 * 1024))
    try:
        async for piece in request.content.iter_chunked(_PIECE_BYTES):
            yield piece
    except (ClientPayloadError, ConnectionError) as error:
        raise DomainError("documents.cut") from error
