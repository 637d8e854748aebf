"""HTTP edge of signatures."""

from __future__ import annotations

from server.core.access import Actor
from server.core.context import Core
from server.core.http import Routes
from server.signatures import actions
from server.signatures.routes import dossiers, keys, placing, registry, setup, verification
from server.signatures.wire import (
    KeyEnrol,
    Sign,
    SigningAsk,
    SigningInbox,
    SigningKey,
    SigningRequest,
    SigningReturn,
)

routes = Routes("signatures")


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


@routes.put("/people/{person}/signing-key", verb="signatures.enrol")
async def enrol(core: Core, actor: Actor, person: str, body: KeyEnrol) -> SigningKey:
    """Enrol a key in a file for a person; in the demo and in trials only."""
    return await actions.enrol_pkcs12(core, person, body.p12, body.password, body.image, actor=actor)


routes.table += dossiers.routes.table
routes.table += verification.routes.table
routes.table += keys.routes.table
routes.table += registry.routes.table
routes.table += placing.routes.table
routes.table += setup.routes.table
