"""The peers in Python: ``stock`` is python-socketio as shipped, ``seam`` our fan-out under the same small application.

Both check a signed token and look the person up at connect, put everybody into one room, and send each stroke on to
the room. Prints its port.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import sys
from typing import Any

import msgspec
import socketio
import uvloop
from aiohttp import web

from server.core.fanout import BACKLOG, ConnectionRefused, Link, SeamServer, make_server, prepare_process

SECRET = os.environ["BENCH_SECRET"].encode()
PEOPLE = {str(number): {"id": number} for number in range(100_000)}


def person(token: str) -> dict[str, int] | None:
    """Whose token this is, or None."""
    number, _, signature = token.partition(".")
    expected = hmac.new(SECRET, number.encode(), hashlib.sha256).hexdigest()
    return PEOPLE.get(number) if hmac.compare_digest(signature, expected) else None


class SeamApp:
    """The application on the seam."""

    def __init__(self) -> None:
        self.seam: SeamServer = make_server(self, lambda origin, _request: origin == "http://localhost")

    async def on_connect(self, link: Link, auth: dict[str, Any], request: web.Request) -> None:
        """Check the token, enter the room."""
        del request
        link.data = person(auth.get("token", ""))
        if link.data is None:
            raise ConnectionRefused("unauthenticated")
        self.seam.fanout.enter(link, "all")

    async def on_command(self, link: Link, name: str, data: msgspec.Raw) -> object:
        """Send the stroke on."""
        del link
        self.seam.fanout.broadcast("all", name, bytes(data))
        return {"ok": True}

    def on_disconnect(self, link: Link) -> None:
        """Nothing to do."""

    def on_pong(self, link: Link) -> None:
        """Nothing to do."""


def stock() -> socketio.AsyncServer:
    """The same application on python-socketio as shipped."""
    sio = socketio.AsyncServer(async_mode="aiohttp", transports=["websocket"], cors_allowed_origins="*")

    @sio.event  # type: ignore[untyped-decorator]
    async def connect(sid: str, _environ: dict[str, Any], auth: dict[str, Any]) -> None:
        found = person(auth.get("token", ""))
        if found is None:
            raise socketio.exceptions.ConnectionRefusedError("unauthenticated")
        await sio.save_session(sid, found)
        await sio.enter_room(sid, "all")

    @sio.event  # type: ignore[untyped-decorator]
    async def ink(_sid: str, stroke: object) -> dict[str, bool]:
        await sio.emit("ink", stroke, room="all")
        return {"ok": True}

    return sio


async def main(kind: str) -> None:
    """Serve until killed."""
    app = web.Application()
    if kind == "seam":
        SeamApp().seam.attach(app)
        prepare_process()
    else:
        stock().attach(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    # The shipped backlog of 128 would only measure how the kernel retries: see server/core/fanout/process.py.
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=BACKLOG).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


uvloop.run(main(sys.argv[1]))
