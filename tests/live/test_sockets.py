"""The sitting over real sockets: presenting, scrolling, following, presence, and access that ends while one listens."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
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
from tests.support.sitting_clients import Client, connected, sign_in

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


@pytest.fixture
async def room(server: Server) -> Room:
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
    return {"item_id": room.item, "version_id": room.version, "page": page, "fraction": 0.25, **changed}


async def test_a_presented_page_reaches_followers_and_late_comers(room: Room) -> None:
    async with connected(room.presenter, room.member):
        await room.member.join(f"i:{room.item}")
        assert await room.presenter.say("live.present", **place(room, 3)) == {"ok": True}
        await room.member.until("stream.ops")
        key = ("presenting", room.item)
        assert room.member.states[f"i:{room.item}"][key].page == 3
        late = Client(room.server, room.member.person, "")
        late.headers = room.member.headers
        async with connected(late):
            await late.join(f"i:{room.item}")
        assert late.states == room.member.states


async def test_only_the_presenter_presents_and_only_papers_of_the_item(room: Room) -> None:
    async with connected(room.presenter, room.member):
        for command in ("live.present", "live.scroll"):
            answer = await room.member.say(command, **place(room, 3))
            assert answer["error"]["code"] == "live.not_presenter"
            answer = await room.member.say(command, **place(room, 3, item_id=room.closed))
            assert answer["error"]["code"] == "not_found"
        answer = await room.presenter.say("live.present", **place(room, 3, version_id="elsewhere"))
        assert answer["error"]["code"] == "live.not_in_item"
        for page in (0, 10):
            answer = await room.presenter.say("live.present", **place(room, page))
            assert answer["error"]["code"] == "invalid_input"


async def test_scrolling_is_merged_to_25_a_second_and_the_last_place_arrives(room: Room) -> None:
    async with connected(room.presenter, room.member):
        await room.member.join(f"i:{room.item}")
        await room.presenter.join(f"i:{room.item}")
        began = asyncio.get_running_loop().time()
        for page in range(1, 101):
            await room.presenter.say("live.scroll", **place(room, page))
        while (await room.member.until("live.scrolled"))[-1]["page"] != 100:
            await asyncio.sleep(0.01)
        seconds = asyncio.get_running_loop().time() - began
        heard = room.member.heard["live.scrolled"]
        assert len(heard) <= seconds * 25 + 2
        assert [each["n"] for each in heard] == list(range(1, len(heard) + 1))
        assert "live.scrolled" not in room.presenter.heard
        assert "live.scrolled" not in room.desk.heard


async def test_followers_are_counted_for_those_in_the_item(room: Room) -> None:
    async with connected(room.presenter, room.member, room.desk):
        await room.presenter.join(f"i:{room.item}")
        await room.presenter.say("live.present", **place(room, 3))
        await room.member.join(f"i:{room.item}")
        answer = await room.desk.say("live.follow", item_id=room.closed, following=True)
        assert answer["error"]["code"] == "denied"
        await room.member.say("live.follow", item_id=room.item, following=True)
        assert (await room.presenter.until("live.followers"))[-1] == {
            "item_id": room.item,
            "following": 1,
            "present": 1,
        }
        await room.member.say("live.follow", item_id=room.item, following=False)
        assert (await room.presenter.until("live.followers", 2))[-1]["following"] == 0
        assert "live.followers" not in room.desk.heard


async def test_who_presents_and_the_desk_are_not_among_those_who_could_follow(room: Room) -> None:
    async with connected(room.presenter, room.member, room.desk):
        for client in (room.presenter, room.member, room.desk):
            await client.join(f"i:{room.item}")
        await room.desk.join(f"d:{room.meeting.id}")
        await room.presenter.say("live.present", **place(room, 3))
        for client in (room.presenter, room.member):
            await client.say("live.follow", item_id=room.item, following=True)
        told = (await room.desk.until("live.followers"))[-1]
        assert (told["following"], told["present"]) == (1, 1)


async def test_who_comes_later_is_told_how_many_follow(room: Room) -> None:
    async with connected(room.presenter, room.member, room.desk):
        for client in (room.presenter, room.member):
            await client.join(f"i:{room.item}")
        await room.presenter.say("live.present", **place(room, 3))
        await room.member.say("live.follow", item_id=room.item, following=True)
        counts = await room.presenter.until("live.followers")
        await room.desk.join(f"i:{room.item}")
        await room.desk.join(f"d:{room.meeting.id}")
        assert (await room.desk.until("live.followers"))[-1] == counts[-1]
        assert room.presenter.heard["live.followers"] == counts, "nobody else is told again"


async def test_the_desk_sees_who_is_there_and_who_looks(room: Room) -> None:
    meeting = room.meeting.id
    async with connected(room.desk):
        await room.desk.join(f"d:{meeting}")
        assert (await room.desk.until("live.presence"))[-1]["online"] == []
        async with connected(room.member):
            await room.member.join(f"m:{meeting}")
            now = (await room.desk.until("live.presence", 2))[-1]
            assert (now["online"], now["visible"]) == ([room.member.person], [room.member.person])
            await room.member.say("live.visible", visible=False)
            now = (await room.desk.until("live.presence", 3))[-1]
            assert (now["online"], now["visible"]) == ([room.member.person], [])
            status, view = await room.desk.request("GET", f"/meetings/{meeting}/presence")
            assert (status, view["online"]) == (200, [room.member.person])
            assert (await room.member.request("GET", f"/meetings/{meeting}/presence"))[0] == 403
            assert "live.presence" not in room.member.heard
        assert (await room.desk.until("live.presence", 4))[-1]["online"] == []


async def test_who_leaves_the_list_is_out_of_every_room_within_a_second(room: Room) -> None:
    async with connected(room.member, room.presenter):
        for stream in (f"m:{room.meeting.id}", f"i:{room.item}"):
            await room.member.join(stream)
        await room.presenter.join(f"i:{room.item}")
        await invite(room.server.core, room.meeting, (room.presenter.person,), secretary=room.secretary)
        async with asyncio.timeout(1):
            left = await room.member.until("stream.left", 2)
        assert {each["stream"] for each in left} == {f"m:{room.meeting.id}", f"i:{room.item}"}
        await room.presenter.say("live.present", **place(room, 5))
        await room.presenter.until("stream.ops")
        assert "stream.ops" not in room.member.heard or all(
            operation["event"]["name"] != "live.presented"
            for frame in room.member.heard["stream.ops"]
            for operation in frame["ops"]
        )
        answer = await room.member.say("stream.join", stream=f"i:{room.item}", last_seq=0)
        assert answer["error"]["code"] == "denied"


async def test_the_sitting_is_led_over_http(room: Room) -> None:
    meeting = room.meeting.id
    async with connected(room.member):
        await room.member.join(f"m:{meeting}")
        status, moved = await room.desk.request("PUT", f"/meetings/{meeting}/current-item", {"item_id": room.closed})
        assert (status, moved["current_item"]) == (200, room.closed)
        status, given = await room.desk.request("PUT", f"/meetings/{meeting}/presenter", {"person_id": None})
        assert (status, given["presenter"]) == (200, None)
        status, refused = await room.desk.request("POST", f"/meetings/{meeting}/start")
        assert (status, refused["error"]["text"]) == (409, "Chưa làm: phiên đang họp.")
        assert (await room.member.request("POST", f"/meetings/{meeting}/end"))[0] == 403
        assert (await room.desk.request("POST", f"/meetings/{meeting}/end"))[0] == 200
        await room.member.until("stream.ops", 3)
        assert room.member.states[f"m:{meeting}"]["meeting", meeting].state == "ended"
