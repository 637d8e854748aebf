"""A tablet with last week's app: it is told to update, nothing breaks, and what it wrote and did not send is taken.

``traffic/proto-1.json`` is what an app of protocol 1 and its server said to each other, and the fields that each
message had; {version}, {person}, {item} stand for ids. The tablet's half, its database, is ``upgrade.test.ts``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import socketio

from server.annotations.wire import Delete, Highlight, Ink, Note, Put
from server.core import wire
from server.core.wiregen import structs
from tests.support.sitting_clients import connected

if TYPE_CHECKING:
    from tests.contract.asking import Asker
    from tests.support.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

RECORDED = json.loads((Path(__file__).parent / "traffic" / "proto-1.json").read_text(encoding="utf-8"))


def filled(world: World, what: Any) -> Any:
    """What was recorded, with the ids of this world."""
    spot = world.spots["open"]
    text = json.dumps(what)
    for name, value in (("version", spot.version), ("item", spot.item), ("person", world.ids["member"])):
        text = text.replace(f"{{{name}}}", value)
    return json.loads(text)


async def test_it_is_told_to_update_and_others_go_on(world: World) -> None:
    member = world.clients["member"]
    old = socketio.AsyncClient(reconnection=False)
    heard: list[Any] = []
    old.on("connect_error", heard.append)
    old.on("*", lambda *said: heard.append(said))
    for _ in range(3):  # it tries again
        with pytest.raises(socketio.exceptions.ConnectionError):
            await old.connect(
                world.server.url, headers=dict(member.headers), auth=filled(world, RECORDED["connect"]),
                transports=["websocket"],
            )  # fmt: skip
    assert [each["data"]["code"] for each in heard] == ["must_update"] * 3
    async with connected(member):
        assert "error" not in await member.say("stream.join", stream=f"s:{world.spots['open'].version}", last_seq=0)


async def test_all_that_it_said_is_answered_as_it_was_then(world: World) -> None:
    """Its outbox lies on the tablet over the update and is sent by the new app, word for word."""
    member, said = world.clients["member"], 0
    async with connected(member):
        for line in RECORDED["traffic"]:
            answer = await member.say(line["name"], **filled(world, line["command"]))
            then = filled(world, line["answer"])
            if line["name"] == "annotations.push":
                assert [each["st"] for each in answer["results"]] == [each["st"] for each in then["results"]]
                said += len(answer["results"])
            else:
                assert {name: answer.get(name) for name in then} == then
    assert said == len({op["op_id"] for line in RECORDED["traffic"] for op in line["command"].get("ops", ())}) + 1


async def test_a_new_field_of_a_command_may_be_left_out_and_no_old_one_is_refused(world: World) -> None:
    del world
    then = RECORDED["shapes"]
    bodies = {each.__name__: each for each in (Ink, Highlight, Note, Put, Delete)}
    asked = bodies | {each.__name__: each for each in structs() if issubclass(each, wire.Command)}
    same = asked.keys() & then.keys()
    assert len(same) > 30
    for name in same:
        config = asked[name].__struct_config__
        fields = {*asked[name].__struct_encode_fields__, config.tag_field} - {None}
        assert set(then[name]["fields"]) <= fields, f"{name}: what an old app says is not understood"
    shapes = {each["title"]: each for each in _schemas(asked)}
    for name in same:
        assert set(shapes[name].get("required", ())) <= set(then[name]["required"]), f"{name}: more is required"


def _schemas(asked: dict[str, Any]) -> list[dict[str, Any]]:
    _, parts = msgspec.json.schema_components(asked.values())
    return [part for part in parts.values() if part.get("title") in asked]


async def test_an_old_form_over_http_is_taken_or_refused_by_a_code(asker: Asker, world: World) -> None:
    meeting = world.spots["open"].meeting
    path = f"/api/v1/meetings/{meeting}"
    taken = await asker.ask("own", "PATCH", path, body={"place": "Phòng họp số 2"})
    assert taken.status == 200, taken.told
    wrong: tuple[Any, ...] = ({"place": 7}, {"hours_offline": 3}, {"offline_hours": "mười"}, [], "x")
    for body in wrong:
        refused = await asker.ask("own", "PATCH", path, body=body)
        assert (400 <= refused.status < 500, refused.code) == (True, "invalid_input"), body
