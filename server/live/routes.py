"""HTTP edge of the sitting."""

from __future__ import annotations

from server.core.access import Actor
from server.core.context import Core
from server.core.http import Routes
from server.live import actions
from server.live.wire import CurrentItem, PresenceView, PresenterChange, Ready, ReadyReport
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
