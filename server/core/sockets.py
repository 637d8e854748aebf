"""The Socket.IO edge that all features share: sessions, the connect handshake, command dispatch, heads and presence.

The socket carries only what must be live: joining streams, pushing notes, following. All else is asked by HTTP.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from server.core import access, errors, wire
from server.core.errors import DomainError
from server.core.fanout import ConnectionRefused, event_frame
from server.core.journal import Page
from server.core.wire import Command, View

if TYPE_CHECKING:
    from aiohttp import web

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.fanout import Link

_log = structlog.get_logger(__name__)

HEADS_SECONDS = 20
MAX_STREAMS = 512


class Handshake(Command, frozen=True, kw_only=True):
    """``auth`` of the connect: protocol number, the tablet's own id, and what it knows of each stream."""

    proto: int
    device: str = ""
    streams: dict[str, int] = msgspec.field(default_factory=dict)


class StreamJoin(Command, frozen=True, kw_only=True):
    """``stream.join``: enter a stream's room and catch up from ``last_seq``, or go on with a snapshot ``after``."""

    stream: str
    last_seq: int = 0
    after: tuple[str, str] | None = None


class StreamLeave(Command, frozen=True, kw_only=True):
    """``stream.leave``."""

    stream: str


class Done(View, frozen=True, kw_only=True):
    """An acknowledgement without content."""

    ok: bool = True


class Welcome(View, frozen=True, kw_only=True):
    """The event ``stream.welcome``: sent once after connect."""

    proto: int
    person: str
    server_time: str


@dataclass(slots=True)
class Session:
    """What a link is: a person on a device, and whether the app is on the screen."""

    actor: Actor
    device: str
    visible: bool = True
    extra: dict[str, Any] = field(default_factory=dict)


Handler = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class SocketCommand:
    """One command of the socket: its name, its shape, its handler and the verb that permits it."""

    name: str
    shape: type[Command]
    handler: Handler
    verb: str
    reads: bool = False


class SocketCommands:
    """A feature's table of contents at the socket edge; handlers are ``async fn(core, link, session, command)``."""

    def __init__(self, feature: str) -> None:
        self.feature = feature
        self.table: list[SocketCommand] = []

    def on(
        self, verb: str, shape: type[Command], *, permits: str, reads: bool = False
    ) -> Callable[[Handler], Handler]:  # fmt: skip
        """Declare the command ``<feature>.<verb>``; ``permits`` names the access verb that its action requires.

        ``reads``: it is part of reading; who only reads on a borrowed device may do it.
        """

        def register(handler: Handler) -> Handler:
            self.table.append(SocketCommand(f"{self.feature}.{verb}", shape, handler, permits, reads))
            return handler

        return register


Authenticate = Callable[["web.Request"], Awaitable["Actor | None"]]


async def _nobody(_request: web.Request) -> Actor | None:
    return None


class SocketEdge:
    """Dispatches decoded commands to features and keeps every link's streams in step."""

    _core: Core

    def __init__(self) -> None:
        self._links: dict[Link, None] = {}
        self._commands: dict[str, SocketCommand] = {}
        self._authenticate: Authenticate = _nobody
        self.on_connected: list[Callable[[Link], None]] = []
        self.on_gone: list[Callable[[Link], None]] = []
        self.on_heard: list[Callable[[Link], None]] = []

    def open(self, core: Core, commands: list[SocketCommand], authenticate: Authenticate) -> None:
        """Begin to serve; transport and core need each other, so the edge is made before the core."""
        self._core = core
        self._commands = {command.name: command for command in [*commands, *CORE_COMMANDS.table]}
        self._authenticate = authenticate

    async def on_connect(self, link: Link, auth: dict[str, Any], request: web.Request) -> None:
        """Accept a socket: protocol, session, then the streams that ride in the handshake."""
        try:
            shake = msgspec.convert(auth, Handshake)
        except msgspec.ValidationError as error:
            raise ConnectionRefused("invalid_input", {"detail": str(error)}) from error
        if shake.proto != wire.PROTOCOL:
            raise ConnectionRefused("must_update", {"proto": wire.PROTOCOL})
        actor = await self._authenticate(request)
        if actor is None:
            raise ConnectionRefused("unauthenticated", {})
        link.data = Session(actor=actor, device=shake.device or actor.device_id)
        self._links[link] = None
        now = wire.stamp(self._core.clock.now())
        _emit(
            link, "stream.welcome", wire.encode(Welcome(proto=wire.PROTOCOL, person=actor.person_id, server_time=now))
        )
        for hook in self.on_connected:
            hook(link)
        await self._join_known(link, dict(list(shake.streams.items())[:MAX_STREAMS]))

    async def _join_known(self, link: Link, known: dict[str, int]) -> None:
        """Join what rides in the handshake, telling together no more than a page of what was missed.

        All of it is held until CONNECT is answered, and a link holds little: for the rest the client asks.
        """
        delivery = self._core.delivery
        names = list(known)
        await delivery.open_rooms(names)
        told = 0
        try:
            for name, last_seq in known.items():
                told += await self._join_and_tell(link, name, last_seq, content=told < wire.PAGE_BYTES)
        finally:
            delivery.close_empty(names)

    async def _join_and_tell(self, link: Link, name: str, last_seq: int, *, content: bool) -> int:
        """Join one stream; returns the bytes of operations or state that were said."""
        try:
            page = await self._core.delivery.join(link, name, last_seq, content=content)
        except DomainError as error:
            _emit(link, "stream.left", wire.encode({"stream": name, "code": error.code}))
            return 0
        _emit(link, "stream.page", wire.encode(page))
        return sum(map(len, (*page.ops, *page.put)))

    def on_disconnect(self, link: Link) -> None:
        """Forget a socket that closed."""
        if self._links.pop(link, False) is None:
            for hook in self.on_gone:
                hook(link)
        self._core.delivery.leave_all(link)

    def on_pong(self, link: Link) -> None:
        """A tablet answered a ping: it is there."""
        for hook in self.on_heard:
            hook(link)

    async def on_command(self, link: Link, name: str, data: msgspec.Raw) -> bytes:
        """Run one command; returns the acknowledgement as JSON, after the commit where something was written."""
        session: Session = link.data
        command = self._commands.get(name)
        try:
            if command is None:
                return _refusal(DomainError("unsupported", name=name), session.actor.lang)
            access.require_doer(session.actor, reads=command.reads)
            asked = wire.decode(data, command.shape)
            result = await command.handler(self._core, link, session, asked)
            return wire.encode(result if result is not None else Done())
        except DomainError as error:
            return _refusal(error, session.actor.lang)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return _refusal(DomainError("invalid_input", detail=str(error)), session.actor.lang)
        except Exception:  # noqa: BLE001 - logged; the asker is told that it is our fault
            _log.exception("unexpected failure", command=name)
            return _refusal(DomainError("internal"), session.actor.lang)

    def links_of(self, person: str) -> list[Link]:
        """The sockets that a person has open here."""
        return [link for link in self._links if link.data.actor.person_id == person]

    async def tell_heads(self) -> None:
        """For ever: tell each link the heads of its streams once in 20 s, a twentieth of the links each second."""
        while True:
            links = list(self._links)
            for second in range(HEADS_SECONDS):
                for link in links[second::HEADS_SECONDS]:
                    if link in self._links and link.rooms:
                        _emit(link, "stream.heads", wire.encode(self._core.delivery.heads(link)))
                await asyncio.sleep(1)


def _emit(link: Link, event: str, body: bytes) -> None:
    link.send_frame(event_frame(event, body))


def _refusal(error: DomainError, lang: str) -> bytes:
    return wire.encode({"error": {"code": error.code, "text": errors.text(error, lang), "args": error.args_by_name}})


def op_hash(name: str, command: Command) -> bytes:
    """What a resent command must match: SHA-256 of its name and content."""
    return hashlib.sha256(name.encode() + b"\n" + wire.encode(command)).digest()


CORE_COMMANDS = SocketCommands("stream")


@CORE_COMMANDS.on("join", StreamJoin, permits="stream.read", reads=True)
async def _join(core: Core, link: Link, _session: Session, command: StreamJoin) -> Page:
    return await core.delivery.join(link, command.stream, command.last_seq, command.after)


@CORE_COMMANDS.on("leave", StreamLeave, permits="stream.read", reads=True)
async def _leave(core: Core, link: Link, _session: Session, command: StreamLeave) -> None:
    core.delivery.leave(link, command.stream)
