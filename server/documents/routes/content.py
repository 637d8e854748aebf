"""The bytes of a version over HTTP: in ranges or whole, never kept by a cache, never compressed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote

from aiohttp import web

from server.core.blobs import RANGE_BYTES
from server.core.errors import DomainError
from server.documents import rules
from server.documents.conversion.kinds import MEDIA
from server.documents.routes import ranges

if TYPE_CHECKING:
    from server.core.context import Core
    from server.documents.actions import Held, Served

# The bytes of the version, for who may read it at this moment; raises for who may not.
Ask: TypeAlias = "Callable[[], Awaitable[Served]]"


async def respond(core: Core, ask: Ask, request: web.Request, *, saved: bool = False) -> web.StreamResponse:
    """Answer a request for the bytes of a version; ``ask`` is asked before each piece whether they may still go.

    ``saved``: to be saved as a file and not shown, since it may hold what a browser should not run.
    """
    served = await ask()
    headers = _headers(served.held, served.etag, "attachment" if saved else "inline")
    if ranges.known(request.headers.get("If-None-Match"), served.etag):
        return web.Response(status=304, headers=headers)
    asked = request.headers.get("Range") if ranges.holds(request.headers.get("If-Range"), served.etag) else None
    try:
        span = ranges.span_of(asked, served.size)
    except ranges.Unsatisfiable:
        return web.Response(status=416, headers={**headers, "Content-Range": f"bytes */{served.size}"})
    if span is None:
        rules.require_takable(served.held.downloadable)  # reading asks for ranges; the whole file is taking it away
    if span is not None and span.end - span.begin <= RANGE_BYTES:
        body = served.own(await core.blobs.read_range(served.sha256, span.begin, span.end), span.begin)
        return web.Response(status=206, body=body, headers={**headers, **_range_header(span, served.size)})
    prefix = core.config.accel_prefix
    whole = not served.patches and served.size == served.held.size
    if prefix and whole and core.blobs.local_path(served.sha256) is not None:
        # The proxy reads the range from the request by itself; bytes that are one reader's own, or the beginning of
        # a file alone, pass through here.
        return web.Response(headers={**headers, "X-Accel-Redirect": f"{prefix}{served.sha256[:2]}/{served.sha256[2:]}"})
    return await _streamed(core, ask, span, headers, request)


# A page of ours shows a paper in a frame to have it printed; nothing else may, and nothing in it runs.
FRAMED = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


def _headers(held: Held, etag: str, disposition: str) -> dict[str, str]:
    return {
        "Content-Type": MEDIA.get(held.kind, "application/octet-stream"),
        "Content-Security-Policy": FRAMED,
        "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(held.title, safe='')}.{held.kind}",
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
    served = await ask()
    response = web.StreamResponse(status=200 if span is None else 206, headers=headers)
    response.content_length = served.size if span is None else span.end - span.begin
    if span is not None:
        response.headers.update(_range_header(span, served.size))
    await core.blobs.size(served.sha256)  # a lost blob is told before the first byte, while it can still be told
    await response.prepare(request)
    try:
        async for piece in _pieces(core, served, span):
            now = await ask()  # a large file takes a while, and access may end meanwhile
            _require_same(now, served)
            await response.write(piece)
        await response.write_eof()
    except (DomainError, ConnectionError):
        # Too late for another answer: the asker sees too few bytes, and asks again or is gone.
        if request.transport is not None:
            request.transport.abort()
    return response


def _require_same(now: Served, served: Served) -> None:
    """Halves of two different copies would be none."""
    if now.etag != served.etag:
        raise DomainError("documents.marking")


async def _pieces(core: Core, served: Served, span: ranges.Span | None) -> AsyncIterator[bytes]:
    if span is None and served.size != served.held.size:
        span = ranges.Span(0, served.size)
    if span is not None:
        for begin in range(span.begin, span.end, RANGE_BYTES):
            end = min(begin + RANGE_BYTES, span.end)
            yield served.own(await core.blobs.read_range(served.sha256, begin, end), begin)
        return
    kept, begin = b"", 0
    async for piece in core.blobs.iterate(served.sha256):
        # One piece behind, so that damaged bytes, which are known as such at their end, never arrive whole.
        if kept:
            yield kept
        kept = served.own(piece, begin)
        begin += len(piece)
    yield kept
