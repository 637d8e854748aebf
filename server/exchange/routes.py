"""HTTP edge of exchange."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

from server.core.access import Actor
from server.core.context import Core
from server.core.http import Routes
from server.exchange import actions
from server.exchange.wire import (
    Exchange,
    ExchangeSend,
    OrganCodes,
    OrganSet,
    Received,
    ReceivedAnswer,
    ReceivedPage,
    SentPage,
)

routes = Routes("exchange")

EDXML, FILE = "application/xml", "application/octet-stream"


@routes.get("/exchange/organs", verb="exchange.organs")
async def organs(core: Core, actor: Actor) -> OrganCodes:
    """The codes of bodies on the axis."""
    return await actions.organs(core, actor=actor)


@routes.put("/bodies/{body_id}/organ", verb="exchange.organ")
async def set_organ(core: Core, actor: Actor, body_id: str, body: OrganSet) -> OrganCodes:
    """Give a body its code, or take it away."""
    return await actions.set_organ(core, body_id, body, actor=actor)


@routes.post("/dossiers/{dossier}/exchange", verb="exchange.send")
async def send(core: Core, actor: Actor, dossier: str, body: ExchangeSend) -> Exchange:
    """Send an issued paper to other bodies as an edXML package."""
    return await actions.send(core, dossier, body, actor=actor)


@routes.get("/dossiers/{dossier}/exchange", verb="exchange.read")
async def sent(core: Core, actor: Actor, dossier: str) -> Exchange:
    """To whom a paper went, and where it stands there."""
    return await actions.sent(core, dossier, actor=actor)


@routes.get("/dossiers/{dossier}/edxml", verb="exchange.read", produces=EDXML)
async def package(core: Core, actor: Actor, dossier: str, request: web.Request) -> web.StreamResponse:
    """The package that was sent last."""
    return await _saved(core, request, *await actions.package(core, dossier, actor=actor))


@routes.get("/exchange/outgoing", verb="exchange.list")
async def outgoing(core: Core, actor: Actor) -> SentPage:
    """What went out of one's bodies, and where it stands."""
    return await actions.outgoing(core, actor=actor)


@routes.post("/exchange/outgoing/{message}/again", verb="exchange.send")
async def send_again(core: Core, actor: Actor, message: str) -> SentPage:
    """Hand a package to the axis now that did not get there."""
    return await actions.send_again(core, message, actor=actor)


@routes.get("/exchange/incoming", verb="exchange.arrivals")
async def arrivals(core: Core, actor: Actor) -> ReceivedPage:
    """What arrived for one's bodies, with what the check found."""
    return await actions.arrivals(core, actor=actor)


@routes.post("/exchange/incoming/{arrival}/answer", verb="exchange.answer")
async def answer(core: Core, actor: Actor, arrival: str, body: ReceivedAnswer) -> Received:
    """Receive a package or send it back."""
    return await actions.answer(core, arrival, body, actor=actor)


@routes.get("/exchange/incoming/{arrival}/edxml", verb="exchange.arrival", produces=EDXML)
async def content(core: Core, actor: Actor, arrival: str, request: web.Request) -> web.StreamResponse:
    """A package that arrived, as it came."""
    return await _saved(core, request, *await actions.content(core, arrival, actor=actor))


@routes.get("/exchange/incoming/{arrival}/files/{sha256}", verb="exchange.arrival", produces=FILE)
async def attachment(
    core: Core, actor: Actor, arrival: str, sha256: str, request: web.Request
) -> web.StreamResponse:  # fmt: skip
    """One file of a package that arrived."""
    return await _saved(core, request, *await actions.attachment(core, arrival, sha256, actor=actor), FILE)


async def _saved(
    core: Core, request: web.Request, sha256: str, name: str, media_type: str = EDXML
) -> web.StreamResponse:  # fmt: skip
    """Bytes to be saved as a file: what a stranger sent is nothing for a browser to show."""
    response = web.StreamResponse(
        headers={
            "Content-Type": media_type,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
    )
    response.content_length = await core.blobs.size(sha256)
    await response.prepare(request)
    async for piece in core.blobs.iterate(sha256):
        await response.write(piece)
    await response.write_eof()
    return response
