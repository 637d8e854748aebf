"""The bytes of a version over HTTP: in ranges or whole, never kept by a cache, never compressed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote

from aiohttp import web

from server.core.blobs import RANGE_BYTES
from server.core.errors import DomainError
from server.documents import rules
from server.documents.routes import ranges

if TYPE_CHECKING:
    from server.core.context import Core
    from server.documents.actions import Held

# The version, for who may read it at this moment; raises for who may not.
Ask: TypeAlias = "Callable[[], Awaitable[Held]]"


async def respond(core: Core, ask: Ask, request: web.Request, *, saved: bool = False) -> web.StreamResponse:
    """Answer a request for the bytes of a version; ``ask`` is asked before each piece whether they may still go.

    ``saved``: to be saved as a file and not shown, since it may hold what a browser should not run.
    """
    held = await ask()
    etag = f'"{held.sha256}"'
    headers = _headers(held, etag, "attachment" if saved else "inline")
    if ranges.known(request.headers.get("If-None-Match"), etag):
        return web.Response(status=304, headers=headers)
    asked = request.headers.get("Range") if ranges.holds(request.headers.get("If-Range"), etag) else None
    try:
        span = ranges.span_of(asked, held.size)
    except ranges.Unsatisfiable:
        return web.Response(status=416, headers={**headers, "Content-Range": f"bytes */{held.size}"})
    if span is None:
        rules.require_takable(held.downloadable)  # reading asks for ranges; the whole file at once is taking it away
    if span is not None and span.end - span.begin <= RANGE_BYTES:
        body = await core.blobs.read_range(held.sha256, span.begin, span.end)
        return web.Response(status=206, body=body, headers={**headers, **_range_header(span, held.size)})
    prefix = core.config.accel_prefix
    if prefix and core.blobs.local_path(held.sha256) is not None:
        # The proxy reads the range from the request by itself.
        return web.Response(headers={**headers, "X-Accel-Redirect": f"{prefix}{held.sha256[:2]}/{held.sha256[2:]}"})
    return await _streamed(core, ask, span, headers, request)


# A page of ours shows a paper in a frame to have it printed; nothing else may, and nothing in it runs.
FRAMED = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


def _headers(held: Held, etag: str, disposition: str) -> dict[str, str]:
    return {
        "Content-Type": "application/pdf",
        "Content-Security-Policy": FRAMED,
        "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(held.title, safe='')}.pdf",
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store",
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
    }


def _range_header(span: ranges.Span, size: int) -> dict[str, str]:
    return {"Content-Range": f"bytes {span.begin}-{span.end - 1}/{size}"}


async def _streamed(
    core: Core, ask: Ask, span: ranges.Span | None, headers: dict[str, str], request: web.Request
) -> web.StreamResponse:
    held = await ask()
    response = web.StreamResponse(status=200 if span is None else 206, headers=headers)
    response.content_length = held.size if span is None else span.end - span.begin
    if span is not None:
        response.headers.update(_range_header(span, held.size))
    await core.blobs.size(held.sha256)  # a lost blob is told before the first byte, while it can still be told
    await response.prepare(request)
    try:
        async for piece in _pieces(core, held, span):
            await ask()  # a large file takes a while, and access may end meanwhile
            await response.write(piece)
        await response.write_eof()
    except (DomainError, ConnectionError):
        # Too late for another answer: the asker sees too few bytes, and asks again or is gone.
        if request.transport is not None:
            request.transport.abort()
    return response


async def _pieces(core: Core, held: Held, span: ranges.Span | None) -> AsyncIterator[bytes]:
    if span is not None:
        for begin in range(span.begin, span.end, RANGE_BYTES):
            yield await core.blobs.read_range(held.sha256, begin, min(begin + RANGE_BYTES, span.end))
        return
    kept = b""
    async for piece in core.blobs.iterate(held.sha256):
        # One piece behind, so that damaged bytes, which are known as such at their end, never arrive whole.
        if kept:
            yield kept
        kept = piece
    yield kept
