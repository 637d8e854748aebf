"""Resumable uploads at the HTTP edge: tus 1.0.0 with creation, creation-with-upload, expiration, checksum, termination.

The protocol's own requests answer with headers and no body, refusals with the usual JSON. When all bytes are there
the sender asks for what they became (``finish``), which is no part of the protocol.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from email.utils import format_datetime

from aiohttp import ClientPayloadError, web

from server.core.access import Actor
from server.core.context import Core
from server.core.errors import DomainError
from server.core.http import ANSWER, Routes
from server.documents import actions, receiving
from server.documents.actions import Place
from server.documents.wire import Arrived, Upload, UploadFinish, Uploads

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,checksum,termination"
BYTES = "application/offset+octet-stream"
# A line on which nothing comes for so long is broken; what came over it counts.
SILENT_SECONDS = 60.0

routes = Routes("documents")


@routes.options("/uploads", verb=None, status=204)
async def describe_uploads(core: Core) -> web.Response:
    """What of the tus protocol is spoken here, and how large a file may be."""
    return web.Response(
        status=204,
        headers={
            "Tus-Resumable": VERSION,
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(core.config.limits.file_bytes),
            "Tus-Checksum-Algorithm": ",".join(receiving.CHECKSUMS),
        },
    )


@routes.post("/items/{item}/uploads", verb="documents.upload", status=201, consumes=BYTES)
async def begin_upload(core: Core, actor: Actor, item: str, request: web.Request) -> web.Response:
    """Begin to send a file that becomes a new paper of an item (tus creation)."""
    return await _begin(core, actor, Place(item_id=item), request)


@routes.post("/papers/{paper}/uploads", verb="documents.upload", status=201, consumes=BYTES)
async def begin_upload_version(core: Core, actor: Actor, paper: str, request: web.Request) -> web.Response:
    """Begin to send a file that becomes the next version of a paper (tus creation)."""
    return await _begin(core, actor, Place(paper_id=paper), request)


@routes.get("/items/{item}/uploads", verb="documents.upload")
async def unfinished_uploads(core: Core, actor: Actor, item: str) -> Uploads:
    """What one has begun to send to an item and can go on with."""
    return await actions.unfinished(core, item, actor=actor)


@routes.head("/uploads/{upload}", verb="documents.upload")
async def upload_offset(core: Core, actor: Actor, upload: str, request: web.Request) -> web.Response:
    """How many bytes of an upload have come."""
    _speak(request)
    found = await actions.upload_state(core, upload, actor=actor)
    return _response(200, found, {"Upload-Length": str(found.size)})


@routes.patch("/uploads/{upload}", verb="documents.upload", status=204, consumes=BYTES)
async def append_upload(core: Core, actor: Actor, upload: str, request: web.Request) -> web.Response:
    """Send on from where it broke off: the body goes behind the bytes that have come."""
    _speak(request)
    if request.content_type != BYTES:
        raise DomainError("uploads.content_type")
    at = _number(request, "Upload-Offset")
    return _response(204, await _append(core, actor, upload, at, request), {})


@routes.delete("/uploads/{upload}", verb="documents.upload", status=204)
async def give_up_upload(core: Core, actor: Actor, upload: str, request: web.Request) -> web.Response:
    """Send no more; what came is let go."""
    _speak(request)
    await actions.give_up(core, upload, actor=actor)
    return web.Response(status=204, headers={"Tus-Resumable": VERSION})


@routes.post("/uploads/{upload}/finish", verb="documents.upload")
async def finish_upload(core: Core, actor: Actor, upload: str, body: UploadFinish) -> Arrived:
    """All bytes are there: what became of them."""
    return await actions.finish(core, upload, body, actor=actor)


async def _begin(core: Core, actor: Actor, place: Place, request: web.Request) -> web.Response:
    _speak(request)
    size = _number(request, "Upload-Length", missing="uploads.length")
    meta = receiving.metadata(request.headers.get("Upload-Metadata", ""))
    made = await actions.begin(core, place, meta, size, actor=actor)
    location = {"Location": f"/api/v1/uploads/{made.id}"}
    if request.content_type == BYTES:
        made = await actions.upload_state(core, made.id, actor=actor)  # said again, some of it may be here
        if made.received == 0:
            made = await _append(core, actor, made.id, 0, request)
    return _response(201, made, location)


async def _append(core: Core, actor: Actor, upload: str, at: int, request: web.Request) -> Upload:
    checksum = receiving.checksum(request.headers.get("Upload-Checksum"))
    return await actions.append(
        core, upload, at, _body(request), actor=actor, length=request.content_length, checksum=checksum
    )


def _speak(request: web.Request) -> None:
    """Answer in the protocol, refusals too; raise unless the asker speaks it."""

    def mark(response: web.Response) -> None:
        response.headers["Tus-Resumable"] = VERSION
        if response.status == 412:  # noqa: PLR2004 - the status that the protocol names
            response.headers["Tus-Version"] = VERSION

    request[ANSWER] = mark
    if request.headers.get("Tus-Resumable") != VERSION:
        raise DomainError("uploads.version")


def _response(status: int, upload: Upload, more: dict[str, str]) -> web.Response:
    expires = format_datetime(datetime.fromisoformat(upload.expires_at), usegmt=True)
    headers = {
        "Tus-Resumable": VERSION,
        "Cache-Control": "no-store",
        "Upload-Offset": str(upload.received),
        "Upload-Expires": expires,
    }
    return web.Response(status=status, headers={**headers, **more})


def _number(request: web.Request, name: str, *, missing: str = "invalid_input") -> int:
    """A header that is a count of bytes."""
    given = request.headers.get(name, "")
    if not (given.isascii() and given.isdigit() and len(given) <= 15):  # noqa: PLR2004 - far above any file
        raise DomainError(missing, detail=name) if missing == "invalid_input" else DomainError(missing)
    return int(given)


async def _body(request: web.Request) -> AsyncIterator[bytes]:
    """What comes, as it comes; ``documents.cut`` where the line breaks or falls silent."""
    while True:
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                chunk = await request.content.readany()
        except (ClientPayloadError, ConnectionError, TimeoutError) as error:
            raise DomainError("documents.cut") from error
        if not chunk:
            return
        yield chunk
