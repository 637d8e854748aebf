"""A sitting under way with people signed in, and the commands that its presenter sends."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pypdf import PdfWriter

from server.core.access import Role
from server.documents import actions as documents
from server.invitations import actions as invitations
from server.invitations import jobs as invitation_jobs
from server.invitations.wire import InvitationSend
from server.live import actions
from server.live.wire import CurrentItem, PresenterChange
from server.meetings.wire import Meeting
from tests.support.house import actor
from tests.support.sitting import add_item, draft, enter_people, invite
from tests.support.sitting_clients import Client, sign_in

if TYPE_CHECKING:
    from server.core.access import Actor
    from tests.support.house import Server


def pdf(pages: int) -> bytes:
    """A paper of blank pages."""
    writer, out = PdfWriter(), BytesIO()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    writer.write(out)
    return out.getvalue()


@dataclass
class Room:
    """A sitting at its first item, which the first member presents; three people connected."""

    server: Server
    meeting: Meeting
    item: str
    closed: str
    version: str
    secretary: Actor
    desk: Client
    presenter: Client
    member: Client


async def make_room(server: Server) -> Room:
    """Build it."""
    core = server.core
    people = await enter_people(core, 5)
    secretary = actor(people.secretary, Role.SECRETARY, body=people.body)
    meeting = await invite(core, await draft(core, people, secretary), people.members, secretary=secretary)
    item = await add_item(core, meeting, "Báo cáo kinh tế", secretary=secretary)
    closed = await add_item(
        core, meeting, "Công tác cán bộ", secretary=secretary, restricted=True, invitees=(people.members[0],)
    )
    paper = await documents.publish_bytes(core, item.id, pdf(9), "Báo cáo", "paper", secretary)
    assert paper.version is not None
    await invitations.send(core, meeting.id, InvitationSend(mail=False), actor=secretary)
    await invitation_jobs.settle(core)
    await actions.start(core, meeting.id, actor=secretary)
    await actions.move(core, meeting.id, CurrentItem(item_id=item.id), actor=secretary)
    give = PresenterChange(person_id=people.members[0])
    await actions.set_presenter(core, meeting.id, give, actor=secretary)
    return Room(
        server=server,
        meeting=meeting,
        item=item.id,
        closed=closed.id,
        version=paper.version.id,
        secretary=secretary,
        desk=await sign_in(server, people.secretary, Role.SECRETARY, body=people.body),
        presenter=await sign_in(server, people.members[0]),
        member=await sign_in(server, people.members[1]),
    )


def place(room: Room, page: int, **changed: Any) -> dict[str, Any]:
    """``live.present`` and ``live.scroll``."""
    return {"item_id": room.item, "version_id": room.version, "page": page, "fraction": 0.25, **changed}


def laser(room: Room, x: float, **changed: Any) -> dict[str, Any]:
    """``live.point``."""
    return {"item_id": room.item, "version_id": room.version, "page": 2, "x": x, "y": 400.5, **changed}


def stroke(room: Room, *pts: int, **changed: Any) -> dict[str, Any]:
    """``live.draw``."""
    base = {"item_id": room.item, "version_id": room.version, "page": 2, "stroke": "one", "color": "#9A3D08", "w": 1.6}
    return {**base, "pts": pts, **changed}
