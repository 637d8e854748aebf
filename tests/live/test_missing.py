"""What was missed, told in one answer: the same as the socket tells page by page, to the same people."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import aiohttp
import msgspec
import pytest

from server.core import journal
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import PAGE_BYTES
from server.live import actions
from server.live.wire import MissedWanted
from tests.live.rooms import Room, make_room
from tests.support.house import actor
from tests.support.sitting_clients import connected

if TYPE_CHECKING:
    from typing import Any

    from server.core.db import Tx
    from tests.support.house import Server
    from tests.support.sitting_clients import Client

STROKES = 150


@pytest.fixture
async def room(server: Server) -> Room:
    return await make_room(server)


async def write(room: Room, count: int) -> str:
    """Shared strokes, each of some kilobytes; answers with their stream."""
    return await write_into(f"s:{room.version}", room.presenter, count)


async def write_into(stream: str, who: Client, count: int) -> str:
    """The same in a stream of one's choice."""
    body = {"type": "ink", "color": "#9A3D08", "w": 1.6, "pts": [4000, 4000, 128, *([60, 40, 0] * 400)]}
    for start in range(0, count, 25):
        ops = [
            {"kind": "put", "op_id": new_id(), "ann_id": new_id(), "page": 1, "body": body}
            for _ in range(start, min(count, start + 25))
        ]
        answer = await who.say("annotations.push", stream=stream, ops=ops)
        assert all(each["st"] == "applied" for each in answer["results"]), answer
    return stream


async def asked(room: Room, stream: str, **query: str | int) -> tuple[int, list[Any]]:
    """The lines of the answer that the member gets."""
    url = f"{room.server.url}/api/v1/streams/{stream}/missed"
    headers = {"Cookie": room.member.headers["Cookie"]}
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        session.get(url, params=query, headers=headers) as answer,
    ):
        return answer.status, [msgspec.json.decode(line) for line in (await answer.read()).splitlines()]


def put_out(tx: Tx, stream: str, person: str) -> None:
    audience = journal.audience_of(tx, stream)
    journal.set_members(tx, audience, journal.members(tx, audience) - {person})


async def test_all_that_was_missed_comes_in_order_and_once(room: Room) -> None:
    async with connected(room.presenter, room.member):
        stream = await write(room, 1)
        head = (await room.member.join(stream))["head"]
        await write(room, STROKES)
        status, pages = await asked(room, stream, last_seq=head)
    assert (status, {page["mode"] for page in pages}) == (200, {"delta"})
    assert [op["seq"] for page in pages for op in page["ops"]] == list(range(head + 1, head + 1 + STROKES))
    assert [page["more"] for page in pages] == [True] * (len(pages) - 1) + [False]
    assert len(pages) > 1
    assert all(len(msgspec.json.encode(page["ops"])) <= PAGE_BYTES for page in pages)


async def test_who_knows_nothing_gets_the_state_and_goes_on_with_it(room: Room) -> None:
    async with connected(room.presenter, room.member):
        stream = await write(room, STROKES)
        _, pages = await asked(room, stream)
        ids = [entity["id"] for page in pages for entity in page["put"]]
        assert (len(ids), len(set(ids)), pages[0]["mode"]) == (STROKES, STROKES, "snapshot")
        kind, last = pages[0]["after"]
        _, rest = await asked(room, stream, after_kind=kind, after_id=last)
    assert [entity["id"] for page in rest for entity in page["put"]] == ids[len(pages[0]["put"]) :]


async def test_what_is_private_comes_in_clear_to_its_owner(room: Room) -> None:
    async with connected(room.presenter, room.member):
        stream = await write_into(f"p:{room.version}:{room.member.person}", room.member, 1)
        head = (await room.member.join(stream))["head"]
        await write_into(stream, room.member, STROKES)
        _, pages = await asked(room, stream, last_seq=head)
    colors = [op["event"]["put"][0]["body"]["color"] for page in pages for op in page["ops"]]
    assert colors == ["#9A3D08"] * STROKES


async def test_a_stream_of_others_is_as_if_there_were_none(room: Room) -> None:
    async with connected(room.presenter, room.member):
        for stream in (f"i:{room.closed}", f"p:{room.version}:{room.presenter.person}", "s:nothing"):
            status, lines = await asked(room, stream)
            assert (status, lines[0]["error"]["code"]) == (403, "denied")


async def test_who_is_put_out_half_way_is_told_no_more(room: Room) -> None:
    core = room.server.core
    async with connected(room.presenter, room.member):
        stream = await write(room, STROKES)
        pages = actions.missed(core, stream, MissedWanted(), actor=actor(room.member.person))
        assert (await anext(pages)).more
        await core.db.write(partial(put_out, stream=stream, person=room.member.person))
        with pytest.raises(DomainError, match="denied"):
            await anext(pages)
