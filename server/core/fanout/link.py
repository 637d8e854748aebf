"""One connected socket: the way out (every frame, synchronously) and the loop that reads it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web
from engineio.async_socket import AsyncSocket
from engineio.exceptions import EngineIOError
from engineio.packet import Packet

from server.core.fanout.bucket import Bucket
from server.core.fanout.frames import CLOSE_FRAME, CONNECT, DISCONNECT_FRAME, EVENT, PONG, ProtocolError, text_frame

if TYPE_CHECKING:
    from server.core.fanout.engine import Engine

GOING_AWAY = 1001
_NORMAL = 1000
_PROTOCOL_ERROR = 1002


# What the library's decoders raise over garbage: the client's fault, and no news for the log.
_UNREADABLE = (EngineIOError, LookupError, RecursionError, TypeError, ValueError)


class Link(AsyncSocket):  # type: ignore[misc]  # engineio has no types
    """A client's websocket.

    ``sid`` names it, ``rooms`` are the rooms it is in (a dict without values; only Fanout writes it), ``data`` is a
    slot for whoever is signed in here. ``closing`` is true from the moment nothing more will be sent.

    ``out`` is the transport while frames go straight to it, else None: one field to look at for each delivery. The
    fields a broadcast touches are slots, so that they lie in the object itself: with five thousand links the time that
    is ours to save is spent waiting for memory.
    """

    __slots__ = (
        "_bucket",
        "_held",
        "_limits",
        "_room_to_run",
        "_transport",
        "born",
        "closed",
        "closing",
        "connected",
        "data",
        "joined",
        "last_ping",
        "out",
        "request",
        "rooms",
        "running",
        "server",
        "session",
        "sid",
        "upgraded",
    )

    out: asyncio.Transport | None

    def __init__(self, engine: Engine, sid: str, request: web.Request) -> None:
        # The library's own initialiser is left out on purpose: it makes the queue that this class does without.
        self.server = engine
        self.sid = sid
        self.session: dict[str, Any] = {}  # what AsyncServer.get_session and save_session use
        self.upgraded = self.connected = True  # a websocket from the first byte
        self.closing = self.closed = False
        self.last_ping = None

        self.rooms: dict[str, None] = {}
        self.data: Any = None
        self.joined = False
        self.request: web.Request | None = request  # until CONNECT was answered
        self.born = engine.now()
        self.running = 0  # commands of this socket under way
        self._room_to_run: asyncio.Future[None] | None = None
        self._limits = engine.limits
        self._bucket = Bucket(engine.limits.rate, engine.limits.burst, self.born)
        transport = request.transport
        if transport is None:
            raise ConnectionResetError
        self._transport: asyncio.Transport = transport
        self.out = None
        self._held: list[bytes] | None = []  # frames said before CONNECT was answered

    # ------------------------------------------------------------ the way out

    @property
    def buffered(self) -> int:
        """Bytes that wait in this process for the client to take them; -1 once the connection is gone."""
        return -1 if self._transport.is_closing() else self._transport.get_write_buffer_size()

    def send_frame(self, frame: bytes, *, volatile: bool = False) -> bool:
        """Write a whole websocket frame now, after all that was written before; false if it was not written.

        Before CONNECT is answered the frame is held back and goes out right after the answer. A client with more than
        ``buffered_bytes`` waiting loses volatile frames, and its connection on a durable one: a full buffer cannot
        carry a farewell, so it ends without one and the client reconnects.
        """
        out = self.out
        if out is None:
            return False if self.closing or self._held is None else self._hold(self._held, frame, volatile=volatile)
        if out.is_closing():
            return False
        if out.get_write_buffer_size() > self._limits.buffered_bytes:
            self.too_slow(volatile=volatile)
            return False
        out.write(frame)
        return True

    def _hold(self, held: list[bytes], frame: bytes, *, volatile: bool) -> bool:
        if sum(map(len, held)) > self._limits.buffered_bytes:
            self.too_slow(volatile=volatile)
            return False
        held.append(frame)
        return True

    def too_slow(self, *, volatile: bool) -> None:
        """Count a frame that a slow client does not get; a durable one is the end of it."""
        tally = self.server.fanout.tally
        if volatile:
            tally.dropped += 1
        else:
            tally.slow += 1
            self.abort()

    def _write(self, frame: bytes) -> None:
        """Write a frame of the protocol itself, which is never held back."""
        if not self.closing and not self._transport.is_closing():
            self._transport.write(frame)

    async def send(self, pkt: Packet) -> None:
        """Send an Engine.IO packet: the library's way in, which joins the one way out."""
        encoded = pkt.encode()
        if isinstance(encoded, bytes):
            raise TypeError("binary packets are not part of this protocol")
        self.send_frame(text_frame(encoded.encode()))

    def ping(self, frame: bytes) -> None:
        """Write a ping, unless so much waits already that it would only lie behind it."""
        if self.buffered <= self._limits.buffered_bytes:
            self._write(frame)

    def answer_connect(self, frame: bytes) -> None:
        """Answer CONNECT and let out what was held for after it."""
        held, self._held = self._held or [], None
        self._write(frame)
        self.out = None if self.closing else self._transport
        for each in held:
            self.send_frame(each)

    def refuse_connect(self, frame: bytes) -> None:
        """Answer CONNECT with a refusal and end the connection."""
        self._held = None
        self._write(frame)
        self.shut(disconnect=False)

    # ------------------------------------------------------------ the end

    def abort(self) -> None:
        """Drop the connection at once, with whatever waits in it."""
        self._end()
        self._transport.abort()

    def _end(self) -> None:
        self.closing = True
        self.out = self._held = None

    def shut(self, *, code: int = _NORMAL, disconnect: bool = True) -> None:
        """End the connection politely: what was said goes out first, then nothing more.

        With ``disconnect`` the client is told not to come back by itself; without it the client reconnects.
        """
        if self.closing:
            return
        if disconnect:
            self._write(DISCONNECT_FRAME + CLOSE_FRAME)
        self._write(b"\x88\x02" + code.to_bytes(2, "big"))
        self._end()
        self._transport.close()

    async def close(self, wait: bool = True, abort: bool = False, reason: str | None = None) -> None:  # noqa: ARG002, FBT001, FBT002  # the library's signature
        """End the connection: the library's way in."""
        if abort:
            self.abort()
        else:
            self.shut()

    # ------------------------------------------------------------ the way in

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Open the websocket, say OPEN, read until it ends. Never negotiates compression."""
        limits = self._limits
        ws = web.WebSocketResponse(compress=False, max_msg_size=limits.frame_bytes, decode_text=False, timeout=2.0)
        await ws.prepare(request)
        self._tune()
        self._write(self.server.open_frame(self.sid))
        try:
            async for message in ws:
                if message.type is not WSMsgType.TEXT:
                    break
                await self._take(message.data)
        except _UNREADABLE:
            self.shut(code=_PROTOCOL_ERROR, disconnect=False)
        finally:
            self._end()
            self.closed = True
        return ws

    async def _take(self, payload: bytes) -> None:
        """Handle one frame when the bucket allows; until then nothing is read and TCP itself pushes back."""
        server = self.server
        wait = self._bucket.take(1 + len(payload) // self._limits.token_bytes, server.now())
        if wait:
            await asyncio.sleep(wait)
        if payload == PONG:
            server.pulse.answered(self)
        elif payload.startswith(EVENT):
            if not self.joined:
                raise ProtocolError("event before CONNECT")
            await self._room_for_command()
            server.on_event(self, payload)
        elif payload.startswith(CONNECT):
            await server.on_connect(self, payload)
        elif payload:
            await self.receive(Packet(encoded_packet=payload.decode()))

    async def _room_for_command(self) -> None:
        while self.running >= self._limits.in_flight and not self.closing:
            self._room_to_run = self.server.loop.create_future()
            await self._room_to_run

    def command_done(self) -> None:
        """Count a command of this socket as ended, and read on if that was waited for."""
        self.running -= 1
        waiter, self._room_to_run = self._room_to_run, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def schedule_ping(self) -> None:
        """Nothing to do: the pulse pings all links with one timer."""

    def _tune(self) -> None:
        """Bound what the kernel buffers for this client and how long it keeps trying."""
        sock = self._transport.get_extra_info("socket")
        if sock is None:
            return
        with contextlib.suppress(OSError):  # no such option on this system: the limits above still hold
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self._limits.send_buffer_bytes)
            if hasattr(socket, "TCP_USER_TIMEOUT"):
                milliseconds = int(self._limits.user_timeout * 1000)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
