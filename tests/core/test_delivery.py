"""Live streams through a real socket: joining without a gap, order, audiences that change while one listens."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
import socketio
from aiohttp import web
from aiohttp.test_utils import TestServer

from server import app as application
from server.core import journal
from server.core.access import Actor
from server.core.wire import PROTOCOL, Entity, Event
from tests.support.house import actor, config_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from pathlib import Path

    from server.core.context import Core
    from server.core.db import Read, Tx


class Mark(Entity, tag="mark", frozen=True, kw_only=True):
    n: int


class Marked(Event, tag="test.marked", frozen=True, kw_only=True):
    put: tuple[Mark, ...] = ()


class House:
    """A core behind a real socket; whoever connects says in a header who they are."""

    def __init__(self, core: Core, server: TestServer) -> None:
        self.core = core
        self.url = f"http://localhost:{server.port}"
        self.reads = 0
        self.read_seconds = 0.0
        read = core.db.read

        async def counted(fn: Any) -> Any:
            self.reads += 1
            await asyncio.sleep(self.read_seconds)
            return await read(fn)

        core.db.read = counted  # type: ignore[method-assign]

    async def mark(self, *numbers: int) -> None:
        def put(tx: Tx) -> None:
            for n in numbers:
                journal.append(tx, "t:1", Marked(put=(Mark(id=str(n), n=n),)), actor="an")

        await self.core.db.write(put)

    @asynccontextmanager
    async def client(self, person: str, **streams: int) -> AsyncIterator[Client]:
        one = Client()
        auth = {
            "proto": PROTOCOL,
            "device": person,
            "streams": {name.replace("_", ":"): n for name, n in streams.items()},
        }
        headers = {"Origin": self.url, "X-Person": person}
        await one.io.connect(self.url, headers=headers, auth=auth, transports=["websocket"])
        try:
            yield one
        finally:
            await one.io.disconnect()


class Client:
    """A socket that keeps what it hears."""

    def __init__(self) -> None:
        self.io = socketio.AsyncClient(reconnection=False)
        self.heard: dict[str, list[Any]] = {}
        self.io.on("*", self._hear)

    async def _hear(self, event: str, data: Any) -> None:
        self.heard.setdefault(event, []).append(data)

    @property
    def seqs(self) -> list[int]:
        return [op["seq"] for frame in self.heard.get("stream.ops", []) for op in frame["ops"]]

    async def until(self, condition: Any, seconds: float = 5) -> None:
        async with asyncio.timeout(seconds):
            while not condition():
                await asyncio.sleep(0.005)


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    core, seam, sockets = await application.build_core(config_for(tmp_path / "data", database_url))

    async def authenticate(request: web.Request) -> Actor | None:
        person = request.headers.get("X-Person")
        return actor(person) if person else None

    def snapshot(_read: Read, _stream: str, _after: object) -> Iterable[Entity]:
        return [Mark(id="snapshot", n=0)]

    sockets.open(core, [], authenticate)
    journal.provide("t", snapshot)
    app = web.Application()
    seam.attach(app)
    server = TestServer(app, host="localhost")
    await server.start_server()
    await core.db.write(lambda tx: _open(tx, "an", "binh"))
    yield House(core, server)
    await server.close()
    await application.close_core(core)


def _open(tx: Tx, *members: str) -> None:
    journal.open_stream(tx, "t:1", audience="t:1")
    journal.set_members(tx, "t:1", members)


async def test_what_is_committed_reaches_the_room_in_order_and_once(house: House) -> None:
    async with house.client("an", t_1=0) as an, house.client("binh", t_1=0) as binh:
        await asyncio.gather(*(house.mark(n) for n in range(60)))
        await asyncio.gather(an.until(lambda: len(an.seqs) >= 60), binh.until(lambda: len(binh.seqs) >= 60))
        assert an.seqs == binh.seqs == list(range(1, 61))


async def test_a_join_during_a_storm_of_writes_leaves_no_gap(house: House) -> None:
    await house.mark(0)
    async with house.client("an") as an:
        writing = asyncio.gather(*(house.mark(n) for n in range(1, 80)))
        page = await an.io.call("stream.join", {"stream": "t:1", "last_seq": 1})
        await writing
        begun = page["head"]
        got = [op["seq"] for op in page["ops"]]
        await an.until(lambda: max([begun, *an.seqs]) >= 80)
        assert got == list(range(2, begun + 1))
        assert [seq for seq in an.seqs if seq > begun] == list(range(begun + 1, 81))


async def test_who_is_removed_hears_nothing_more_and_is_told(house: House) -> None:
    async with house.client("an", t_1=0) as an, house.client("binh", t_1=0) as binh:
        await house.mark(1)
        await binh.until(lambda: binh.seqs == [1])
        await house.core.db.write(lambda tx: journal.set_members(tx, "t:1", ["an"]))
        await house.mark(2)
        await an.until(lambda: an.seqs == [1, 2])
        await binh.until(lambda: "stream.left" in binh.heard, seconds=1)
        assert binh.seqs == [1]
        refused = await binh.io.call("stream.join", {"stream": "t:1", "last_seq": 1})
        assert refused["error"]["code"] == "denied"


async def test_who_is_removed_while_the_page_is_being_read_is_not_given_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, begun, go = house.core.db.read, asyncio.Event(), asyncio.Event()

    async def held(fn: Any) -> Any:
        found = await read(fn)
        if isinstance(found, journal.Page):
            begun.set()
            await go.wait()
        return found

    await house.mark(0)
    monkeypatch.setattr(house.core.db, "read", held)
    async with house.client("binh") as binh:
        asking = asyncio.create_task(binh.io.call("stream.join", {"stream": "t:1", "last_seq": 0}))
        await begun.wait()
        await house.core.db.write(lambda tx: journal.set_members(tx, "t:1", ["an"]))
        await binh.until(lambda: "stream.left" in binh.heard)
        go.set()
        answer = await asking
    assert answer["error"]["code"] == "denied"


async def test_who_is_added_while_the_room_is_open_may_join_at_once_and_gets_the_snapshot(house: House) -> None:
    async with house.client("an", t_1=0) as an, house.client("chi") as chi:
        await house.mark(1)
        await an.until(lambda: an.seqs == [1])
        assert (await chi.io.call("stream.join", {"stream": "t:1"}))["error"]["code"] == "denied"
        house.read_seconds = 0.1  # the room reads its audience anew, and is not there yet
        await house.core.db.write(lambda tx: journal.set_members(tx, "t:1", ["an", "binh", "chi"]))
        page = await chi.io.call("stream.join", {"stream": "t:1"})
        house.read_seconds = 0.0
        assert (page["mode"], page["head"]) == ("snapshot", 1)
        await house.mark(2)
        await chi.until(lambda: chi.seqs == [2])


async def test_reconnecting_where_nothing_was_missed_asks_the_database_nothing(house: House) -> None:
    await house.mark(1)
    async with house.client("an", t_1=1) as an:
        await an.until(lambda: "stream.page" in an.heard)
        before = house.reads
        for _ in range(5):
            async with house.client("binh", t_1=1) as binh:
                await binh.until(lambda one=binh: "stream.page" in one.heard)
                assert binh.heard["stream.page"][0]["head"] == 1
        assert house.reads == before


async def test_a_handshake_with_many_streams_asks_the_database_as_often_as_one_with_a_few(house: House) -> None:
    names = [f"t:{number}" for number in range(2, 42)]

    def txn(tx: Tx) -> None:
        for name in names:
            journal.open_stream(tx, name, audience="t:1")

    await house.core.db.write(txn)
    reads = []
    for some in (names[:3], names):
        before = house.reads
        async with house.client("an", **{name.replace(":", "_"): 0 for name in some}) as an:
            await an.until(lambda one=an, some=some: len(one.heard.get("stream.page", ())) == len(some))
            reads.append(house.reads - before)
    assert reads[1] == reads[0] <= 2


async def test_who_missed_much_in_many_streams_is_let_in_and_asks_for_what_did_not_fit(house: House) -> None:
    names = [f"t:{number}" for number in range(2, 8)]

    def write(tx: Tx) -> None:
        for name in names:
            journal.open_stream(tx, name, audience="t:1")
            for n in range(3):
                journal.append(tx, name, Marked(put=(Mark(id="x" * 40_000, n=n),)), actor="an")

    await house.core.db.write(write)
    async with house.client("an", **{name.replace(":", "_"): 1 for name in names}) as an:
        await an.until(lambda: len(an.heard.get("stream.page", ())) == len(names))
        told = {page["stream"]: page for page in an.heard["stream.page"]}
        asked = [name for name in names if told[name]["more"]]
        assert 0 < sum(len(page["ops"]) for page in told.values()) < 2 * len(names)
        for name in asked:
            told[name] = await an.io.call("stream.join", {"stream": name, "last_seq": 1})
        assert [[op["seq"] for op in told[name]["ops"]] for name in names] == [[2, 3]] * len(names)


async def test_streams_that_may_not_be_read_are_told_apart_at_connect(house: House) -> None:
    async with house.client("binh", t_1=0, t_none=0) as binh:
        await binh.until(lambda: {"stream.page", "stream.left"} <= binh.heard.keys())
        assert binh.heard["stream.left"] == [{"stream": "t:none", "code": "denied"}]


@pytest.mark.parametrize(
    ("auth", "headers", "code"),
    [
        ({"proto": PROTOCOL + 1}, {"X-Person": "an"}, "must_update"),
        ({"proto": "x"}, {"X-Person": "an"}, "invalid_input"),
        ({"proto": PROTOCOL}, {}, "unauthenticated"),
    ],
)
async def test_a_connect_is_refused_with_a_code(house: House, auth: Any, headers: dict[str, str], code: str) -> None:
    client = Client()
    refusals: list[Any] = []
    client.io.on("connect_error", refusals.append)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await client.io.connect(
            house.url, headers={"Origin": house.url, **headers}, auth=auth, transports=["websocket"]
        )
    await client.io.disconnect()
    assert refusals[0]["data"]["code"] == code


async def test_an_unknown_or_malformed_command_gets_a_code_and_a_sentence(house: House) -> None:
    async with house.client("an") as an:
        unknown = await an.io.call("no.such", {})
        malformed = await an.io.call("stream.join", {"stream": 5})
        extra = await an.io.call("stream.join", {"stream": "t:1", "more": 1})
    assert unknown["error"]["code"] == "unsupported"
    assert malformed["error"]["code"] == extra["error"]["code"] == "invalid_input"
    assert malformed["error"]["text"].startswith("Chưa nhận")
