"""The sitting over real sockets: presenting, scrolling, following, presence, and access that ends while one listens."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.live.rooms import Room, laser, make_room, place, stroke
from tests.support.sitting import invite
from tests.support.sitting_clients import Client, connected

if TYPE_CHECKING:
    from tests.support.house import Server


@pytest.fixture
async def room(server: Server) -> Room:
    return await make_room(server)


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


async def test_the_laser_is_merged_to_25_a_second_and_its_end_arrives(room: Room) -> None:
    async with connected(room.presenter, room.member):
        await room.member.join(f"i:{room.item}")
        await room.presenter.join(f"i:{room.item}")
        began = asyncio.get_running_loop().time()
        for x in range(60):
            await room.presenter.say("live.point", **laser(room, float(x)))
        await room.presenter.say("live.point", **laser(room, 60.0, on=False))
        while (await room.member.until("live.pointed"))[-1]["on"]:
            await asyncio.sleep(0.01)
        seconds = asyncio.get_running_loop().time() - began
        heard = room.member.heard["live.pointed"]
        assert len(heard) <= seconds * 25 + 2
        assert [each["n"] for each in heard] == list(range(1, len(heard) + 1))
        assert heard[-1] == {**laser(room, 60.0), "on": False, "n": len(heard)}
        assert "live.pointed" not in room.presenter.heard
        assert "live.pointed" not in room.desk.heard


async def test_a_stroke_under_way_arrives_whole_however_it_is_merged(room: Room) -> None:
    async with connected(room.presenter, room.member):
        await room.member.join(f"i:{room.item}")
        for at in range(40):
            await room.presenter.say("live.draw", **stroke(room, at, 2 * at, 50, 1, 1, 0, after=2 * at))
        await room.presenter.say("live.draw", **stroke(room, ann_id="stored"))
        while (await room.member.until("live.drawn"))[-1]["ann_id"] is None:
            await asyncio.sleep(0.01)
        heard = room.member.heard["live.drawn"]
        assert len(heard) < 41
        points: list[tuple[int, int]] = []
        for frame in (each for each in heard if each["pts"]):
            assert frame["after"] == len(points)
            x = y = 0
            for dx, dy in zip(frame["pts"][::3], frame["pts"][1::3], strict=True):
                x, y = x + dx, y + dy
                points.append((x, y))
        assert points == [place for at in range(40) for place in ((at, 2 * at), (at + 1, 2 * at + 1))]
        assert heard[-1]["ann_id"] == "stored"


async def test_a_figure_under_way_is_seen_as_it_stands_and_keeps_its_end(room: Room) -> None:
    arrow = {"type": "shape", "shape": "arrow", "color": "#9A3D08", "w": 1.6, "x1": 10.0, "y1": 20.0, "y2": 90.0}
    async with connected(room.presenter, room.member):
        await room.member.join(f"i:{room.item}")
        for x in range(40):
            await room.presenter.say("live.draw", **stroke(room, figure={**arrow, "x2": float(x)}))
        await room.presenter.say("live.draw", **stroke(room, ann_id="stored"))
        while (await room.member.until("live.drawn"))[-1]["ann_id"] is None:
            await asyncio.sleep(0.01)
        heard = room.member.heard["live.drawn"]
        assert len(heard) < 41
        assert [each["figure"]["x2"] for each in heard if each["figure"]][-1] == 39.0
        assert heard[-1]["ann_id"] == "stored"
        assert not any(each["pts"] for each in heard)


async def test_what_is_no_figure_is_not_shown(room: Room) -> None:
    async with connected(room.presenter, room.member):
        await room.member.join(f"i:{room.item}")
        note = {"type": "note", "x": 1, "y": 1, "text": "riêng"}
        words = {"type": "text", "x": 1, "y": 1, "width": 90, "size": 14, "color": "#9A3D08", "text": "x" * 2001}
        for wrong in (note, words):
            await room.presenter.say("live.draw", **stroke(room, figure=wrong))
        await room.presenter.say("live.draw", **stroke(room, figure={**words, "text": "Đề nghị"}))
        assert [each["figure"]["text"] for each in await room.member.until("live.drawn")] == ["Đề nghị"]


async def test_nothing_volatile_is_kept(room: Room) -> None:
    async with connected(room.presenter, room.member):
        before = await room.member.join(f"i:{room.item}")
        await room.presenter.say("live.point", **laser(room, 1.0))
        await room.presenter.say("live.draw", **stroke(room, 1, 1, 50))
        await room.member.until("live.drawn")
        late = Client(room.server, room.member.person, "")
        late.headers = room.member.headers
        async with connected(late):
            assert await late.join(f"i:{room.item}") == before
        assert "live.drawn" not in late.heard


async def test_only_who_presents_points_and_draws(room: Room) -> None:
    async with connected(room.presenter, room.member, room.desk):
        await room.desk.join(f"i:{room.item}")
        for command, say in (("live.point", laser(room, 1.0)), ("live.draw", stroke(room, 1, 1, 50))):
            assert (await room.member.say(command, **say))["error"]["code"] == "live.not_presenter"
            answer = await room.member.say(command, **{**say, "item_id": room.closed})
            assert answer["error"]["code"] == "not_found"
            for broken in ({"page": 0}, {"x": "left", "color": "red"}):
                assert (await room.presenter.say(command, **{**say, **broken}))["error"]["code"] == "invalid_input"
        await asyncio.sleep(0.1)
        assert not {"live.pointed", "live.drawn"} & room.desk.heard.keys()


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
