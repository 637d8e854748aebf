"""HTTP edge of meetings."""

from __future__ import annotations

from server.core.access import Actor
from server.core.context import Core
from server.core.http import Routes
from server.meetings import actions
from server.meetings.wire import (
    AgendaOrder,
    ItemCreate,
    ItemDetail,
    ItemEdit,
    Meeting,
    MeetingCancel,
    MeetingCopy,
    MeetingCreate,
    MeetingEdit,
    MeetingPostpone,
    Meetings,
    MeetingsQuery,
    MeetingView,
    ParticipantsSet,
    ScreenAdd,
    ScreenGiven,
    Screens,
)

routes = Routes("meetings")


@routes.get("/meetings", verb="meetings.list")
async def list_meetings(core: Core, actor: Actor, query: MeetingsQuery) -> Meetings:
    """Meetings that one may see."""
    return await actions.list_meetings(core, query, actor=actor)


@routes.post("/meetings", verb="meetings.create", status=201)
async def create(core: Core, actor: Actor, body: MeetingCreate) -> Meeting:
    """A new meeting, as a draft."""
    return await actions.create(core, body, actor=actor)


@routes.get("/meetings/{meeting}", verb="meetings.read")
async def view(core: Core, actor: Actor, meeting: str) -> MeetingView:
    """A meeting with all that one may see of it."""
    return await actions.view(core, meeting, actor=actor)


@routes.patch("/meetings/{meeting}", verb="meetings.edit")
async def edit(core: Core, actor: Actor, meeting: str, body: MeetingEdit) -> Meeting:
    """Change what is given."""
    return await actions.edit(core, meeting, body, actor=actor)


@routes.post("/meetings/{meeting}/copy", verb="meetings.copy", status=201)
async def copy(core: Core, actor: Actor, meeting: str, body: MeetingCopy) -> Meeting:
    """A new draft with the same agenda and participants."""
    return await actions.copy(core, meeting, body, actor=actor)


@routes.post("/meetings/{meeting}/postpone", verb="meetings.postpone")
async def postpone(core: Core, actor: Actor, meeting: str, body: MeetingPostpone) -> Meeting:
    """Put the meeting off."""
    return await actions.postpone(core, meeting, body, actor=actor)


@routes.post("/meetings/{meeting}/cancel", verb="meetings.cancel")
async def cancel(core: Core, actor: Actor, meeting: str, body: MeetingCancel) -> Meeting:
    """Call the meeting off."""
    return await actions.cancel(core, meeting, body, actor=actor)


@routes.put("/meetings/{meeting}/participants", verb="meetings.participants")
async def set_participants(core: Core, actor: Actor, meeting: str, body: ParticipantsSet) -> Meeting:
    """Make the list of participants what is wanted."""
    return await actions.set_participants(core, meeting, body, actor=actor)


@routes.get("/meetings/{meeting}/screens", verb="meetings.screens")
async def screens(core: Core, actor: Actor, meeting: str) -> Screens:
    """The displays of a meeting's hall."""
    return await actions.screens(core, meeting, actor=actor)


@routes.post("/meetings/{meeting}/screens", verb="meetings.screens", status=201)
async def add_screen(core: Core, actor: Actor, meeting: str, body: ScreenAdd) -> ScreenGiven:
    """Make a display of the hall; the answer shows its one-time code, once."""
    return await actions.add_screen(core, meeting, body, actor=actor)


@routes.delete("/meetings/{meeting}/screens/{screen}", verb="meetings.screens")
async def end_screen(core: Core, actor: Actor, meeting: str, screen: str) -> Screens:
    """End a display at once."""
    return await actions.end_screen(core, meeting, screen, actor=actor)


@routes.post("/meetings/{meeting}/items", verb="meetings.agenda", status=201)
async def create_item(core: Core, actor: Actor, meeting: str, body: ItemCreate) -> ItemDetail:
    """Add an agenda item at the end."""
    return await actions.create_item(core, meeting, body, actor=actor)


@routes.patch("/items/{item}", verb="meetings.item")
async def edit_item(core: Core, actor: Actor, item: str, body: ItemEdit) -> ItemDetail:
    """Change an agenda item."""
    return await actions.edit_item(core, item, body, actor=actor)


@routes.delete("/items/{item}", verb="meetings.item")
async def remove_item(core: Core, actor: Actor, item: str) -> Meeting:
    """Take an item off the agenda."""
    return await actions.remove_item(core, item, actor=actor)


@routes.put("/meetings/{meeting}/agenda", verb="meetings.agenda")
async def order_agenda(core: Core, actor: Actor, meeting: str, body: AgendaOrder) -> Meeting:
    """Put the items in order."""
    return await actions.order_agenda(core, meeting, body, actor=actor)
