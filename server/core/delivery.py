"""Live streams: who is in which room, what each room has been told, and how a client joins without a gap.

Transport is ``core.fanout``'s; the log is ``core.journal``'s. This module holds, for each stream that somebody here
listens to, its head, epoch and audience in memory, so that a storm of reconnecting tablets asks the database almost
nothing.
"""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from server.core import journal, rooms
from server.core.errors import DomainError
from server.core.fanout import event_frame
from server.core.journal import Appended, AudienceChanged, Page, Woken
from server.core.rooms import Room

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from server.core.db import Database, Published, Read, Tx
    from server.core.fanout import Fanout, Link

_log = structlog.get_logger(__name__)

_CHECKED_AT_ONCE = 500


class Frame(msgspec.Struct, frozen=True):
    """The event ``stream.ops``: operations of one stream, in order, all from one tick."""

    stream: str
    epoch: int
    ops: tuple[msgspec.Raw, ...]


class Delivery:
    """Delivers committed operations to rooms and lets clients catch up."""

    def __init__(self, db: Database, fanout: Fanout) -> None:
        self._db = db
        self._fanout = fanout
        self._rooms: dict[str, Room] = {}
        self._loading: dict[str, asyncio.Future[Room]] = {}
        self._due: deque[str] = deque()
        self._makers: dict[str, Callable[[Tx, str, str], bool]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._person_of: Callable[[Link], str] = lambda link: str(link.data.actor.person_id)
        self.on_removed: Callable[[str, str], None] = lambda _stream, _person: None

    async def close(self) -> None:
        """Stop what is under way; the database is closed next."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def make_on_join(self, kind: str, maker: Callable[[Tx, str, str], bool]) -> None:
        """Let streams ``kind:…`` be created by ``maker(tx, stream, person)`` when their reader first joins."""
        self._makers[kind] = maker

    # ---- from the database

    def committed(self, published: list[Published]) -> None:
        """Take what one transaction published, in commit order. Never raises for one stream's sake."""
        for item in published:
            if isinstance(item, Appended):
                self._appended(item)
            elif isinstance(item, AudienceChanged):
                self._audience_changed(item)
            elif isinstance(item, Woken):
                self._woken(item.stream, item.head)

    def _woken(self, name: str, head: int) -> None:
        """Another process appended: fetch what is missing here."""
        room = self._rooms.get(name)
        if room is not None and head > room.head:
            self._refresh_soon(name)

    async def check_heads(self) -> None:
        """Compare every room with the database: what no wake-up told of is fetched now."""
        await self._check(list(self._rooms))

    async def _check(self, names: list[str]) -> None:
        for begin in range(0, len(names), _CHECKED_AT_ONCE):
            some = names[begin : begin + _CHECKED_AT_ONCE]
            for row in await self._db.read(partial(rooms.heads, names=some)):
                room = self._rooms.get(row.id)
                if room is not None and (row.head > room.head or row.epoch > room.epoch):
                    self._refresh_soon(row.id)

    def _appended(self, item: Appended) -> None:
        room = self._rooms.get(item.stream)
        if room is None or item.last <= room.head:
            return
        if item.first > room.head + 1 or item.epoch != room.epoch:
            self._refresh_soon(item.stream)
            return
        room.head = item.last
        room.first_page = None
        if not room.outbox:
            if not self._due:
                asyncio.get_running_loop().call_soon(self._flush)
            self._due.append(item.stream)
        room.outbox.extend(item.operations)

    def _flush(self) -> None:
        """Send what gathered in this tick, one frame a room."""
        while self._due:
            name = self._due.popleft()
            room = self._rooms.get(name)
            if room is not None and room.outbox:
                frame = Frame(name, room.epoch, tuple(msgspec.Raw(op) for op in room.outbox))
                room.outbox = []
                self._fanout.broadcast(name, "stream.ops", _encode(frame))

    def _audience_changed(self, item: AudienceChanged) -> None:
        for name in item.streams:
            room = self._rooms.get(name)
            if room is None:
                continue
            self._evict(name, room, room.members - item.removed)
            self._refresh_soon(name)
        if item.added:
            self._tell_added(item)

    def _tell_added(self, item: AudienceChanged) -> None:
        """Whoever may now read a stream is told so: an app that was refused before asks again."""
        frame = event_frame("stream.opened", _encode({"streams": item.streams}))
        for link in self._fanout.links.values():
            if link.data is not None and self._person_of(link) in item.added:
                link.send_frame(frame)

    def _evict(self, name: str, room: Room, members: frozenset[str]) -> None:
        room.members = members
        for link in [link for link in self._fanout.room(name) if self._person_of(link) not in members]:
            self._fanout.leave(link, name)
            link.send_frame(event_frame("stream.left", _encode({"stream": name, "code": "denied"})))

    def _refresh_soon(self, name: str) -> None:
        self._later(self._refresh(name))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _refresh(self, name: str) -> None:
        """Read head, epoch and audience anew, evict who is out, and send what the room has missed."""
        room = self._rooms.get(name)
        if room is None:
            return
        seen = room.head

        def read(read: Read) -> tuple[Room | None, Page | None]:
            fresh = rooms.load(read, name)
            if fresh is None or not fresh.members or fresh.head == seen:
                return fresh, None
            return fresh, journal.missed(read, name, min(fresh.members), seen)

        fresh, page = await self._db.read(read)
        if fresh is None or self._rooms.get(name) is not room:
            return
        self._evict(name, room, fresh.members)
        room.epoch = max(room.epoch, fresh.epoch)
        if room.head != seen:  # more came while reading; look again
            self._refresh_soon(name)
            return
        if page is not None:
            self._send_missed(name, room, page)

    def _send_missed(self, name: str, room: Room, page: Page) -> None:
        room.first_page = None
        if page.mode == "delta":
            room.head += len(page.ops)
            self._fanout.broadcast(name, "stream.ops", _encode(Frame(name, room.epoch, page.ops)))
            if page.more:
                self._refresh_soon(name)
        else:  # too far behind for a delta: `heads` makes each client ask for itself
            room.head = page.head
            self._fanout.broadcast(name, "stream.heads", _encode({name: room.head}))

    # ---- from clients

    async def join(
        self, link: Link, name: str, last_seq: int, after: tuple[str, str] | None = None, *, content: bool = True
    ) -> Page:
        """Enter the room of a stream and return what the client has missed. Raises ``denied``.

        Without ``content`` who has missed something is told only that there is more, and asks for it.
        The link is in the room before the log is read, so nothing falls between the two; what arrives meanwhile is
        buffered by the client and applied by ``seq``.
        """
        person = self._person_of(link)
        room = await self._admit(name, person)
        self._fanout.enter(link, name)
        if after is None and last_seq == room.head:
            return Page(stream=name, mode="delta", epoch=room.epoch, head=room.head)
        if after is None and last_seq == 0 and room.first_page is not None and content:
            return room.first_page
        if not content:
            return Page(stream=name, mode="delta", epoch=room.epoch, head=room.head, more=True)
        head = room.head
        try:
            page = await self._db.read(lambda read: journal.catch_up(read, name, person, last_seq, after))
        except DomainError:
            self.leave(link, name)
            raise
        if name not in link.rooms:  # put out while the page was read: told so already, and nothing is told after that
            raise DomainError("denied")
        if page.mode == "snapshot" and after is None and page.head == head == room.head:
            room.first_page = page
        return page

    async def open_rooms(self, names: list[str]) -> None:
        """Load at once all rooms that a link is about to join: one read for a handshake instead of one for each stream.

        What is not loaded here (no such stream yet, or somebody else is loading it) ``join`` opens by itself. Who asked
        for rooms and then joined only some calls ``close_empty``.
        """
        absent = [name for name in names if name not in self._rooms and name not in self._loading]
        if not absent:
            return
        found = await self._db.read(lambda read: rooms.load_many(read, absent))
        fresh = [name for name in found if name not in self._rooms and name not in self._loading]
        self._rooms.update((name, found[name]) for name in fresh)
        self._later(self._check(fresh))  # what was committed while loading was not seen by `committed`

    def close_empty(self, names: list[str]) -> None:
        """Forget those of these rooms that nobody is in."""
        for name in names:
            self._drop_if_empty(name)

    async def _admit(self, name: str, person: str) -> Room:
        """The room of a stream, for somebody in its audience. Raises ``denied``."""
        room = self._rooms.get(name) or await self._open(name, person)
        # Who was let in a moment ago may be here before the room has read its audience anew.
        if person not in room.members and await self._db.read(lambda read: journal.may_read(read, name, person)):
            await self._refresh(name)
            room = self._rooms.get(name) or await self._open(name, person)
        if person not in room.members:
            self._drop_if_empty(name)
            raise DomainError("denied")
        return room

    def leave(self, link: Link, name: str) -> None:
        """Leave the room of a stream."""
        self._fanout.leave(link, name)
        self._drop_if_empty(name)

    def leave_all(self, link: Link) -> None:
        """Leave every room: the link has gone."""
        names = list(link.rooms)
        self._fanout.leave_all(link)
        for name in names:
            self._drop_if_empty(name)

    def heads(self, link: Link) -> dict[str, int]:
        """The heads of the streams that a link has joined."""
        return {name: self._rooms[name].head for name in link.rooms if name in self._rooms}

    def _drop_if_empty(self, name: str) -> None:
        if not self._fanout.room(name) and name not in self._loading:
            self._rooms.pop(name, None)

    async def _open(self, name: str, person: str) -> Room:
        """Load a room once, however many ask for it at the same moment."""
        loading = self._loading.get(name)
        if loading is None:
            loading = asyncio.get_running_loop().create_future()
            self._loading[name] = loading
            try:
                room = await self._load_or_make(name, person)
                self._rooms[name] = room
                loading.set_result(room)
            except BaseException as error:
                loading.set_exception(error)
                loading.exception()  # those who wait get it too; nobody waiting is no fault
                raise
            finally:
                del self._loading[name]
            self._refresh_soon(name)  # what was committed while loading was not seen by `committed`
            return room
        return await asyncio.shield(loading)

    async def _load_or_make(self, name: str, person: str) -> Room:
        room = await self._db.read(lambda read: rooms.load(read, name))
        maker = self._makers.get(name.partition(":")[0])
        if room is None and maker is not None and await self._db.write(lambda tx: maker(tx, name, person)):
            room = await self._db.read(lambda read: rooms.load(read, name))
        if room is None:
            raise DomainError("denied")
        return room


_encode = msgspec.json.Encoder().encode
