"""HTTP edge of signatures."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import ClientPayloadError, web

from server.core.access import Actor
from server.core.context import Core
from server.core.errors import DomainError
from server.core.http import Routes
from server.signatures import actions
from server.signatures.wire import (
    KeyEnrol,
    Sign,
    SigningAsk,
    SigningInbox,
    SigningKey,
    SigningRequest,
    SigningReturn,
    Verification,
)
from signing import Report

routes = Routes("signatures")

PDF = "application/pdf"
_TYPES = {PDF, "application/octet-stream", "application/x-pdf"}
_PIECE_BYTES = 256 * 1024


@routes.post("/papers/{paper}/signing", verb="signatures.ask", status=201)
async def ask(core: Core, actor: Actor, paper: str, body: SigningAsk) -> SigningRequest:
    """Ask an official to sign the current version of a paper."""
    return await actions.ask(core, paper, body, actor=actor)


@routes.get("/signing", verb="signatures.inbox")
async def inbox(core: Core, actor: Actor) -> SigningInbox:
    """What one was asked to sign, waiting ones first."""
    return await actions.inbox(core, actor=actor)


@routes.get("/signing/{request_id}", verb="signatures.read")
async def view(core: Core, actor: Actor, request_id: str) -> SigningRequest:
    """One request."""
    return await actions.view(core, request_id, actor=actor)


@routes.post("/signing/{request_id}/sign", verb="signatures.sign")
async def sign(core: Core, actor: Actor, request_id: str, body: Sign) -> SigningRequest:
    """Sign the bytes that were seen; the signed file becomes the paper's current version."""
    return await actions.sign(core, request_id, body, actor=actor)


@routes.post("/signing/{request_id}/return", verb="signatures.return")
async def give_back(core: Core, actor: Actor, request_id: str, body: SigningReturn) -> SigningRequest:
    """Give the paper back with remarks."""
    return await actions.give_back(core, request_id, body, actor=actor)


@routes.post("/signing/{request_id}/withdraw", verb="signatures.ask")
async def withdraw(core: Core, actor: Actor, request_id: str) -> SigningRequest:
    """Take a request back."""
    return await actions.withdraw(core, request_id, actor=actor)


@routes.get("/versions/{version}/verification", verb="documents.read")
async def check_version(core: Core, actor: Actor, version: str) -> Verification:
    """Check the signatures of a version against the trusted roots and the register."""
    return await actions.check_version(core, version, actor=actor)


@routes.post("/verification", verb="signatures.verify", consumes=PDF)
async def check_upload(core: Core, actor: Actor, request: web.Request) -> Report:
    """Check the signatures of any PDF; nothing of it is kept."""
    return await actions.check_upload(core, _body(request), actor=actor)


@routes.put("/people/{person}/signing-key", verb="signatures.enrol")
async def enrol(core: Core, actor: Actor, person: str, body: KeyEnrol) -> SigningKey:
    """Enrol a key in a file for a person; in the demo and in trials only."""
    return await actions.enrol_pkcs12(core, person, body.p12, body.password, body.image, actor=actor)


async def _body(request: web.Request) -> AsyncIterator[bytes]:
    if request.content_type not in _TYPES:
        raise DomainError("unsupported", name=request.content_type)
    try:
        async for piece in request.content.iter_chunked(_PIECE_BYTES):
            yield piece
    except (ClientPayloadError, ConnectionError) as error:
        raise DomainError("documents.cut") from error
