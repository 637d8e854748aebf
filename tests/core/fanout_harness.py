"""A seam on a free port, hooks that record, and a client that speaks Engine.IO and Socket.IO by hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec
import pytest
import uvloop
from aiohttp import web

from server.core.fanout import LIMITS, Limits, Link, SeamServer, make_server

ORIGIN = "http://phien.test"
LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}


def on_both_loops(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[str], None]:
    """Run an async test on asyncio's loop and on uvloop: their transports buffer differently."""

    @pytest.mark.parametrize("loop", LOOPS)
    def run(loop: str) -> None:
        with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
            runner.run(test())

    run.__name__ = test.__name__
    return run


class Recorder:
    """Hooks that put everybody into room ``all``, answer with what was sent, and write down what happened."""

    def __init__(self) -> None:
        self.seam: SeamServer
        self.links: list[Link] = []
        self.gone: list[Link] = []
        self.pongs: list[Link] = []
        self.commands: list[tuple[str, Any]] = []

    async def on_connect(self, link: Link, auth: dict[str, Any], request: web.Request) -> None:
        self.links.append(link)
        link.data = auth
        self.seam.fanout.enter(link, "all")

    async def on_command(self, link: Link, name: str, data: msgspec.Raw) -> object:
        value = msgspec.json.decode(data)
        self.commands.append((name, value))
        return value

    def on_disconnect(self, link: Link) -> None:
        self.gone.append(link)

    def on_pong(self, link: Link) -> None:
        self.pongs.append(link)


@asynccontextmanager
async def serving(hooks: Recorder, limits: Limits = LIMITS) -> AsyncIterator[tuple[SeamServer, int]]:
    """A seam served on a free port of the loopback; yields it and the port."""
    seam = hooks.seam = make_server(hooks, lambda origin, _request: origin == ORIGIN, limits=limits)
    app = web.Application()
    seam.attach(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield seam, runner.addresses[0][1]
    finally:
        await runner.cleanup()


class Hand:
    """A client by hand: what it sends and gets are the packets as they are on the wire."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws

    async def say(self, packet: str) -> None:
        await self.ws.send_str(packet)

    async def hear(self) -> str:
        """The next text packet that is no ping; an empty one once the connection has ended."""
        while True:
            message = await self.ws.receive(timeout=5)
            if message.type is not aiohttp.WSMsgType.TEXT:
                return ""
            if message.data != "2":
                return str(message.data)
            await self.say("3")

    async def hear_event(self) -> tuple[str, Any]:
        packet = await self.hear()
        assert packet.startswith("42"), packet
        name, data = json.loads(packet[2:])
        return name, data


@asynccontextmanager
async def opened(port: int, headers: dict[str, str] | None = None, compress: int = 0) -> AsyncIterator[Hand]:
    """A websocket on which nothing was said yet."""
    url = f"http://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, headers=headers or {"Origin": ORIGIN}, max_msg_size=0, compress=compress) as ws,
    ):
        yield Hand(ws)


@asynccontextmanager
async def joined(port: int, auth: dict[str, Any] | None = None) -> AsyncIterator[Hand]:
    """A client that was let in."""
    async with opened(port) as hand:
        assert (await hand.hear()).startswith("0{")
        await hand.say("40" + json.dumps(auth or {}))
        assert (await hand.hear()).startswith("40{")
        yield hand


async def until(condition: Callable[[], bool], *, seconds: float = 5.0) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(seconds):
        while not condition():  # what is waited for knows of no event
            await asyncio.sleep(0.005)


__all__ = ["ORIGIN", "Hand", "Recorder", "joined", "on_both_loops", "opened", "serving", "until"]
