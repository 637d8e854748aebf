"""The Engine.IO server under the seam: websocket only, our own Origin check, our own socket class."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web
from engineio import AsyncServer

from server.core.fanout.frames import text_frame
from server.core.fanout.link import GOING_AWAY, Link
from server.core.fanout.pulse import Pulse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.core.fanout.limits import Limits
    from server.core.fanout.rooms import Fanout


class Engine(AsyncServer):  # type: ignore[misc]  # engineio has no types
    """Engine.IO 4 over websockets of aiohttp.

    ``bind`` must be called before the first request: it gives the rooms, the Origin check and what to do with events.
    """

    now = staticmethod(time.monotonic)
    limits: Limits
    fanout: Fanout
    pulse: Pulse
    on_connect: Callable[[Link, bytes], Awaitable[None]]
    on_event: Callable[[Link, bytes], None]
    _origin_allowed: Callable[[str, web.Request], bool]
    _on_gone: Callable[[Link], None]

    def bind(
        self,
        limits: Limits,
        fanout: Fanout,
        *,
        origin_allowed: Callable[[str, web.Request], bool],
        on_connect: Callable[[Link, bytes], Awaitable[None]],
        on_event: Callable[[Link, bytes], None],
        on_gone: Callable[[Link], None],
        on_pong: Callable[[Link], None],
    ) -> None:
        """Give the engine its surroundings."""
        self.limits = limits
        self.fanout = fanout
        self.on_connect = on_connect
        self.on_event = on_event
        self.pulse = Pulse(limits, on_pong)
        self._origin_allowed = origin_allowed
        self._on_gone = on_gone
        self._open = {
            "upgrades": [],
            "pingTimeout": int(limits.ping_timeout * 1000),
            "pingInterval": int(limits.ping_interval * 1000),
            "maxPayload": limits.frame_bytes,
        }

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop this server runs on."""
        return asyncio.get_running_loop()

    def attach(self, app: web.Application, engineio_path: str = "socket.io") -> None:
        """Add the one route there is: GET, for the upgrade."""
        app.router.add_get(f"/{engineio_path.strip('/')}/", self.handle_request)

    async def handle_request(self, request: web.Request) -> web.StreamResponse:
        """Upgrade a request to a websocket and serve it until it ends; 400 or 403 with a code in JSON otherwise."""
        query = request.query
        if query.get("transport") != "websocket" or query.get("EIO") != "4" or "sid" in query:
            return _refusal(400, "websocket_only")
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return _refusal(400, "websocket_only")
        origin = request.headers.get("Origin")
        if not origin or not self._origin_allowed(origin, request):
            return _refusal(403, "origin_refused")
        return await self._handle_connect(request)

    async def _handle_connect(self, request: web.Request) -> web.StreamResponse:
        link = Link(self, self.generate_id(), request)
        self.sockets[link.sid] = link
        self.pulse.add(link, self.loop)
        try:
            return await link.serve(request)
        finally:
            self.pulse.remove(link)
            del self.sockets[link.sid]
            self._on_gone(link)

    def open_frame(self, sid: str) -> bytes:
        """The OPEN packet that greets a socket."""
        return text_frame(b"0" + msgspec.json.encode({"sid": sid, **self._open}))

    async def _trigger_event(self, event: str, *args: object, run_async: bool = False) -> None:  # noqa: ARG002  # the library's signature
        """Hand a message up. Unlike the library's own, lets errors through: the link ends on them."""
        await self.handlers[event](*args)

    async def shutdown(self) -> None:
        """End every connection so that its client reconnects (to whoever serves next)."""
        self.pulse.stop()
        for link in list(self.sockets.values()):
            link.shut(code=GOING_AWAY, disconnect=False)


def _refusal(status: int, code: str) -> web.Response:
    return web.json_response({"code": code}, status=status)
