"""Rooms: who hears what. One frame is built for a room and written to each of its links."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from server.core.fanout.frames import event_frame
from server.core.fanout.limits import LIMITS, Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from server.core.fanout.link import Link

_EMPTY: Mapping[Link, None] = MappingProxyType({})


@dataclass(slots=True)
class Tally:
    """What fan-out has done since the start: frames of broadcasts written, volatile ones dropped, slow links ended."""

    written: int = 0
    dropped: int = 0
    slow: int = 0


class Fanout:
    """All joined links of this process and the rooms they are in.

    Rooms are insertion-ordered dicts: walking a set of five thousand objects in hash order costs up to half as much
    again as the writes themselves. Each link knows its rooms, so a leaver scans nothing.
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._most = limits.buffered_bytes
        self.links: dict[str, Link] = {}
        self.tally = Tally()
        self._rooms: dict[str, dict[Link, None]] = {}

    def enter(self, link: Link, room: str) -> None:
        """Let a link hear a room; entering twice is entering once. A link that is closing enters nothing."""
        if link.closing:
            return
        link.rooms[room] = None
        members = self._rooms.get(room)
        if members is None:
            members = self._rooms[room] = {}
        members[link] = None

    def leave(self, link: Link, room: str) -> None:
        """Take a link out of a room; a room without links ceases to exist."""
        if room in link.rooms:
            del link.rooms[room]
            self._forget(link, room)

    def leave_all(self, link: Link) -> None:
        """Take a link out of whatever it is in: costs its own rooms, not all rooms."""
        rooms, link.rooms = link.rooms, {}
        for room in rooms:
            self._forget(link, room)

    def room(self, room: str) -> Mapping[Link, None]:
        """The links of a room in the order in which they entered; live and to be read only, empty for no such room."""
        return self._rooms.get(room, _EMPTY)

    def broadcast(self, room: str, event: str, body: bytes, *, volatile: bool = False, skip: Link | None = None) -> int:
        """Send one event with one JSON argument to a room, at once; returns how many links it was written to.

        Durable frames end a link that is too slow to take them (its client catches up after reconnecting); volatile
        ones pass it over.
        """
        members = self._rooms.get(room)
        if not members:
            return 0
        frame = event_frame(event, body)
        written = 0
        for link in members:
            # Link.send_frame in place: at five thousand links the call itself is what can still be saved.
            out = link.out
            if out is None or link is skip or out.get_write_buffer_size() > self._most:
                written += link is not skip and link.send_frame(frame, volatile=volatile)
            elif not out.is_closing():
                out.write(frame)
                written += 1
        self.tally.written += written
        return written

    def kick(self, link: Link, reason: str) -> None:
        """Tell a client why (event ``fanout.kicked`` with ``{"code": reason}``) and end its connection.

        A Socket.IO client does not come back by itself after this.
        """
        link.send_frame(event_frame("fanout.kicked", msgspec.json.encode({"code": reason})))
        link.shut()

    def _forget(self, link: Link, room: str) -> None:
        members = self._rooms[room]
        del members[link]
        if not members:
            del self._rooms[room]
