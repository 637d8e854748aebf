"""python-socketio's client manager, standing on our rooms: its emit takes the one synchronous way too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
from socketio import AsyncManager

from server.core.fanout.frames import text_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from server.core.fanout.link import Link
    from server.core.fanout.rooms import Fanout


Rooms: TypeAlias = str | list[str] | tuple[str, ...] | None


class LinkManager(AsyncManager):  # type: ignore[misc]  # socketio has no types
    """Answers the library's questions about clients and rooms from Fanout, so that there is one truth about them.

    Only the namespace ``/`` exists, and a socket has one id for Engine.IO and Socket.IO alike: without polling the
    id opens nothing, so it needs no second, secret one.
    """

    def __init__(self, fanout: Fanout) -> None:
        super().__init__()
        self._fanout = fanout

    def get_namespaces(self) -> tuple[str, ...]:
        """The one namespace."""
        return ("/",)

    def get_participants(self, namespace: str, room: Rooms) -> Iterator[tuple[str, str]]:
        """Pairs of ids of those in a room, in several rooms, at one id, or (None) everywhere."""
        del namespace
        for link in self._links(room):
            yield link.sid, link.sid

    def _links(self, room: Rooms) -> dict[Link, None]:
        fanout = self._fanout
        if room is None:
            return dict.fromkeys(fanout.links.values())
        if isinstance(room, str):
            own = fanout.links.get(room)
            return dict(fanout.room(room)) if own is None else {own: None}
        return {link: None for each in room for link in self._links(each)}

    async def emit(
        self,
        event: str,
        data: object,
        namespace: str,
        room: Rooms = None,
        skip_sid: str | list[str] | None = None,
        callback: Callable[..., Any] | None = None,
        to: Rooms = None,
        **kwargs: object,
    ) -> None:
        """Send an event at once; ``data`` is one argument, or several as a tuple."""
        del namespace, kwargs
        arguments = list(data) if isinstance(data, tuple) else [] if data is None else [data]
        body = msgspec.json.encode([event, *arguments])
        skipped = {skip_sid} if isinstance(skip_sid, str) else set(skip_sid or ())
        frame = text_frame(b"42" + body)
        for link in self._links(to or room):
            if link.sid not in skipped:
                if callback is not None:
                    frame = text_frame(b"42%d%b" % (self._generate_ack_id(link.sid, callback), body))
                link.send_frame(frame)

    def is_connected(self, sid: str, namespace: str) -> bool:
        """Whether CONNECT was answered and the end has not come."""
        del namespace
        return sid in self._fanout.links

    def sid_from_eio_sid(self, eio_sid: str, namespace: str) -> str | None:
        """The same id, if connected."""
        return eio_sid if self.is_connected(eio_sid, namespace) else None

    def eio_sid_from_sid(self, sid: str, namespace: str) -> str | None:
        """The same id, if connected."""
        return self.sid_from_eio_sid(sid, namespace)

    def basic_enter_room(self, sid: str, namespace: str, room: str, eio_sid: str | None = None) -> None:
        """Let a client hear a room."""
        del namespace, eio_sid
        self._fanout.enter(self._fanout.links[sid], room)

    def basic_leave_room(self, sid: str, namespace: str, room: str) -> None:
        """Take a client out of a room."""
        del namespace
        link = self._fanout.links.get(sid)
        if link is not None:
            self._fanout.leave(link, room)

    def basic_close_room(self, room: str, namespace: str) -> None:
        """Take everybody out of a room."""
        del namespace
        for link in list(self._fanout.room(room)):
            self._fanout.leave(link, room)

    def get_rooms(self, sid: str, namespace: str) -> list[str]:
        """The rooms a client is in."""
        del namespace
        link = self._fanout.links.get(sid)
        return [] if link is None else list(link.rooms)

    def basic_disconnect(self, sid: str, namespace: str, **kwargs: object) -> None:
        """Leave what the client is in, and no more: the stock manager scans every room for every leaver."""
        del namespace, kwargs
        self.callbacks.pop(sid, None)
        link = self._fanout.links.pop(sid, None)
        if link is not None:
            self._fanout.leave_all(link)
