"""HTTP edge of the sitting."""

from __future__ import annotations

import msgspec
from aiohttp import web

from server.core.access import Actor
from server.core.context import Core
from server.core.errors import DomainError
from server.core.http import Routes
from server.live import actions
from server.live.wire import CurrentItem, MissedEnded, MissedWanted, PresenceView, PresenterChange, Ready, ReadyReport
from server.meetings.wire import Meeting

routes = Routes("live")


@routes.post("/meetings/{meeting}/start", verb="live.start")
async def start(core: Core, actor: Actor, meeting: str) -> Meeting:
    """Start the sitting."""
    return await actions.start(core, meeting, actor=actor)


@routes.post("/meetings/{meeting}/end", verb="live.end")
async def end(core: Core, actor: Actor, meeting: str) -> Meeting:
    """End the sitting."""
    return await actions.end(core, meeting, actor=actor)


@routes.put("/meetings/{meeting}/current-item", verb="live.item")
async def move(core: Core, actor: Actor, meeting: str, body: CurrentItem) -> Meeting:
    """Move the sitting to an item."""
    return await actions.move(core, meeting, body, actor=actor)


@routes.put("/meetings/{meeting}/presenter", verb="live.presenter")
async def set_presenter(core: Core, actor: Actor, meeting: str, body: PresenterChange) -> Meeting:
    """Give or take the presenter's role."""
    return await actions.set_presenter(core, meeting, body, actor=actor)


@routes.get("/meetings/{meeting}/presence", verb="live.presence")
async def presence(core: Core, actor: Actor, meeting: str) -> PresenceView:
    """Who is connected now."""
    return await actions.presence(core, meeting, actor=actor)


@routes.put("/meetings/{meeting}/ready", verb="live.ready")
async def ready(core: Core, actor: Actor, meeting: str, body: ReadyReport) -> Ready:
    """This tablet has tested itself for the meeting: what it found."""
    return await actions.ready(core, meeting, body, actor=actor)


@routes.get("/streams/{stream}/missed", verb="stream.read", produces="application/jsonl")
async def missed(
    core: Core, actor: Actor, stream: str, query: MissedWanted, request: web.Request
) -> web.StreamResponse:
    """What was missed of a stream, in one answer: a line of JSON for each page that the socket would tell.

    The socket is told a page only when it asks, since little may wait for it; here the connection itself holds back.
    """
    pages = actions.missed(core, stream, query, actor=actor)
    first = await anext(pages)
    response = web.StreamResponse(headers={"Cache-Control": "no-store", "Content-Type": "application/jsonl"})
    response.headers["X-Accel-Buffering"] = "no"  # what has come is drawn while the rest is on its way
    await response.prepare(request)
    try:
        await response.write(msgspec.json.encode(first) + b"\n")
        async for page in pages:
            await response.write(msgspec.json.encode(page) + b"\n")
    except DomainError as error:  # the answer has begun: it is told in its own way
        await response.write(msgspec.json.encode(MissedEnded(code=error.code)) + b"\n")
    await response.write_eof()
    return response
