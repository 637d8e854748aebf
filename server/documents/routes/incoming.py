"""HTTP edge of what comes in and is not a paper yet."""

from __future__ import annotations

from aiohttp import web

from server.core.access import Actor
from server.core.context import Core
from server.core.http import Routes
from server.documents.actions import Served, plain
from server.documents.actions import incoming as actions
from server.documents.routes import content
from server.documents.routes.body import ANY, PDF, body_of
from server.documents.wire import (
    ArrivalQuery,
    Arrived,
    Incoming,
    IncomingDropped,
    IncomingLook,
    IncomingPublish,
    Paper,
)

routes = Routes("documents")


@routes.post("/items/{item}/incoming", verb="documents.upload", status=201, consumes=ANY)
async def arrive(core: Core, actor: Actor, item: str, query: ArrivalQuery, request: web.Request) -> Arrived:
    """A file of any kind is brought to an item; its bytes are the body. A PDF is published at once."""
    arrival = actions.Arrival(query=query, item_id=item)
    return arrived(await actions.arrive(core, arrival, body_of(request, core), actor=actor))


@routes.post("/papers/{paper}/incoming", verb="documents.upload", status=201, consumes=ANY)
async def arrive_version(core: Core, actor: Actor, paper: str, query: ArrivalQuery, request: web.Request) -> Arrived:
    """A file of any kind is to be the next version of a paper; its bytes are the body."""
    arrival = actions.Arrival(query=query, paper_id=paper)
    return arrived(await actions.arrive(core, arrival, body_of(request, core), actor=actor))


@routes.get("/incoming/{incoming}", verb="documents.upload")
async def look(core: Core, actor: Actor, incoming: str) -> IncomingLook:
    """What came in, how far it is, and its page table once there is a PDF of it."""
    return await actions.look(core, incoming, actor=actor)


@routes.get("/incoming/{incoming}/content", verb="documents.upload", produces=PDF)
async def read_incoming(core: Core, actor: Actor, incoming: str, request: web.Request) -> web.StreamResponse:
    """The PDF to be looked at before it is published, whole or one range."""

    async def ask() -> Served:
        return plain(await actions.reach(core, incoming, actor=actor))

    return await content.respond(core, ask, request)


@routes.post("/incoming/{incoming}/publish", verb="documents.upload")
async def publish(core: Core, actor: Actor, incoming: str, body: IncomingPublish) -> Paper:
    """What was looked at becomes a paper, or its next version."""
    return await actions.publish(core, incoming, body, actor=actor)


@routes.post("/incoming/{incoming}/retry", verb="documents.upload")
async def retry(core: Core, actor: Actor, incoming: str) -> Incoming:
    """Convert once more what could not be converted."""
    return await actions.retry(core, incoming, actor=actor)


@routes.delete("/incoming/{incoming}", verb="documents.upload")
async def drop(core: Core, actor: Actor, incoming: str) -> IncomingDropped:
    """Throw away what was not published."""
    return await actions.drop(core, incoming, actor=actor)


def arrived(what: Paper | Incoming) -> Arrived:
    """The answer to who brought a file."""
    if isinstance(what, Paper):
        return Arrived(paper=what, incoming=None)
    return Arrived(paper=None, incoming=what)
