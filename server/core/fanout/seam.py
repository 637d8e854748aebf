"""The Socket.IO server of the house: connect, commands and acknowledgements over the synchronous way out."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
from aiohttp import web
from socketio import AsyncServer

from server.core import failpoints
from server.core.fanout.engine import Engine
from server.core.fanout.frames import ProtocolError, ack_frame, read_connect, read_event, text_frame
from server.core.fanout.limits import LIMITS, Limits
from server.core.fanout.manager import LinkManager
from server.core.fanout.rooms import Fanout

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from server.core.fanout.link import Link

logger = logging.getLogger(__name__)

# How long commands under way may still run when the server stops, in seconds.
_LAST_COMMANDS = 5.0


class ConnectionRefused(Exception):  # noqa: N818  # reads as what happened to the client
    """Raised by ``on_connect``: the client gets ``connect_error`` with message ``code`` and data ``{code, args}``."""

    def __init__(self, code: str, details: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.details = dict(details or {})


class Hooks(Protocol):
    """What the application does with sockets."""

    async def on_connect(self, link: Link, auth: dict[str, Any], request: web.Request) -> None:
        """Decide whether a client may come in; ``auth`` is what it sent with CONNECT.

        May enter rooms and send frames: they go out right after the answer. Raises ConnectionRefused.
        """

    async def on_command(self, link: Link, name: str, data: msgspec.Raw) -> object:
        """Carry out a command and return what to acknowledge: ``bytes`` of JSON, or anything msgspec encodes.

        ``data`` is JSON as it came, syntax checked, not decoded: decode it into the command's Struct. Commands of one
        socket begin in the order in which they came; where one waits, the next may pass it. So whoever needs order
        must queue before its first ``await``.
        """

    def on_disconnect(self, link: Link) -> None:
        """Called once for every client that had come in; ``link.rooms`` is still filled. Must not wait."""

    def on_pong(self, link: Link) -> None:
        """Called with every answered ping, each ``ping_interval``: the client is present. Must not wait."""


class SeamServer(AsyncServer):  # type: ignore[misc]  # socketio has no types
    """Socket.IO 5, websocket only, namespace ``/`` only, text only. ``fanout`` holds its links and rooms."""

    eio: Engine

    def __init__(
        self, hooks: Hooks, origin_allowed: Callable[[str, web.Request], bool], limits: Limits, fault: bytes
    ) -> None:
        self.fanout = Fanout(limits)
        super().__init__(
            client_manager=LinkManager(self.fanout),
            async_mode="aiohttp",
            async_handlers=True,
            monitor_clients=False,
            transports=["websocket"],
            cors_allowed_origins=[],  # the library's check is off: it lets a missing Origin pass
            max_http_buffer_size=limits.frame_bytes,
            ping_interval=limits.ping_interval,
            ping_timeout=limits.ping_timeout,
        )
        self._hooks = hooks
        self._fault = fault
        self._tasks: set[asyncio.Task[None]] = set()
        self.eio.bind(
            limits,
            self.fanout,
            origin_allowed=origin_allowed,
            on_connect=self._on_connect,
            on_event=self._on_event,
            on_gone=self._on_gone,
            on_pong=hooks.on_pong,
        )

    def _engineio_server_class(self) -> type[Engine]:
        return Engine

    def attach(self, app: web.Application, socketio_path: str = "socket.io") -> None:
        """Serve at ``/socket.io/`` of an application, and end the connections when it shuts down."""
        self.eio.attach(app, socketio_path)
        app.on_shutdown.append(self._stop_with)

    async def _stop_with(self, app: web.Application) -> None:
        del app
        await self.shutdown()

    async def shutdown(self) -> None:
        """End every connection; commands under way get a few seconds to finish."""
        await self.eio.shutdown()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_LAST_COMMANDS)

    # ------------------------------------------------------------ coming and going

    async def _on_connect(self, link: Link, payload: bytes) -> None:
        """Let a client in. Not by the library's way: it reads the packet twice, and five thousand come at once."""
        auth = read_connect(payload)
        request, link.request = link.request, None  # the request is not kept: it weighs more than the link
        if request is None:
            raise ProtocolError("a second CONNECT")
        try:
            await self._hooks.on_connect(link, auth, request)
        except ConnectionRefused as refusal:
            self._refuse(link, refusal.code, refusal.details)
        except Exception:
            logger.exception("connect failed")
            self._refuse(link, "internal", {})
        else:
            link.joined = True
            self.fanout.links[link.sid] = link
            link.answer_connect(text_frame(b"40" + msgspec.json.encode({"sid": link.sid})))

    def _refuse(self, link: Link, code: str, details: dict[str, object]) -> None:
        self.fanout.leave_all(link)
        body = msgspec.json.encode({"message": code, "data": {"code": code, "args": details}})
        link.refuse_connect(text_frame(b"44" + body))

    async def _handle_disconnect(self, eio_sid: str, namespace: str | None, reason: str | None = None) -> None:
        """The client said goodbye: nothing more is sent, and the end of the connection does the rest."""
        del namespace, reason
        link: Link | None = self.eio.sockets.get(eio_sid)
        if link is not None:
            link.shut(disconnect=False)

    def _on_gone(self, link: Link) -> None:
        """Forget a link whose connection has ended, whichever way."""
        if link.joined:
            try:
                self._hooks.on_disconnect(link)
            except Exception:
                logger.exception("disconnect hook failed")
        self.fanout.leave_all(link)
        self.manager.basic_disconnect(link.sid, "/")

    async def disconnect(self, sid: str, namespace: str | None = None, ignore_queue: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002  # the library's signature
        """End a client's connection; it does not come back by itself."""
        link = self.fanout.links.get(sid)
        if link is not None:
            link.shut()

    # ------------------------------------------------------------ commands

    def _on_event(self, link: Link, payload: bytes) -> None:
        """Start a command. Each runs as a task of its own, so that one that waits holds up no other."""
        ack_id, name, data = read_event(payload)
        link.running += 1
        task = asyncio.create_task(self._run(link, ack_id, name, data))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, link: Link, ack_id: int | None, name: str, data: msgspec.Raw) -> None:
        try:
            answer = await self._hooks.on_command(link, name, data)
            body = answer if isinstance(answer, bytes) else msgspec.json.encode(answer)
        except Exception:
            logger.exception("command %r failed", name)
            body = self._fault
        finally:
            link.command_done()
        if ack_id is not None:
            link.send_frame(ack_frame(ack_id, body))
            failpoints.hit(failpoints.AFTER_ACK)


def make_server(
    hooks: Hooks,
    origin_allowed: Callable[[str, web.Request], bool],
    *,
    limits: Limits = LIMITS,
    fault: bytes = b'{"error":{"code":"internal"}}',
) -> SeamServer:
    """Make the Socket.IO server.

    ``origin_allowed(origin, request)`` decides on the Origin header; a request without one is refused unasked.
    ``fault`` is the JSON acknowledged for a command that raised: hooks turn expected errors into answers themselves.
    """
    return SeamServer(hooks, origin_allowed, limits, fault)
