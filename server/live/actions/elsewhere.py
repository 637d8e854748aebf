"""Who is connected at the other processes: each tells its own part over the bus, and is forgotten when it falls silent.

Volatile as all presence: Redis may lose a message, so now and then a process tells all that it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from server.core.bus import Bus

TOPIC = "live.presence"
# How often a process says that it is there, how often all that it has, and after how long a silent one is gone.
HEARTBEAT_SECONDS = 5.0
WHOLE_SECONDS = 15.0
SILENT_SECONDS = 12.0


class Here(Struct, frozen=True):
    """Who of a meeting is connected at one process, and who of them looks at the app; person ids in order."""

    online: tuple[str, ...] = ()
    visible: tuple[str, ...] = ()


class _Part(Struct, frozen=True):
    """What a process tells: meetings in which something changed, or (``whole``) all of them."""

    whole: bool
    meetings: dict[str, Here]


class Elsewhere:
    """What this process knows of the others, and what it has told them. Times are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._parts: dict[str, dict[str, Here]] = {}
        self._heard: dict[str, float] = {}
        self._told: dict[str, Here] = {}
        self._told_at = self._told_whole_at = float("-inf")

    def hear(self, sender: str, body: bytes, now: float) -> None:
        """Take what another process tells."""
        part = msgspec.json.decode(body, type=_Part)
        held = {} if part.whole else self._parts.get(sender, {})
        merged = {**held, **part.meetings}
        self._parts[sender] = {meeting: here for meeting, here in merged.items() if here.online}
        self._heard[sender] = now

    def of(self, meeting_id: str, now: float) -> list[Here]:
        """The parts of the other processes in a meeting."""
        for sender in [each for each, heard in self._heard.items() if now - heard > SILENT_SECONDS]:
            del self._parts[sender], self._heard[sender]
        return [part[meeting_id] for part in self._parts.values() if meeting_id in part]

    def tell(self, bus: Bus, here: Mapping[str, Here], now: float) -> None:
        """Tell the others what changed here, and from time to time that we are there, and all of it."""
        gone = {meeting: Here() for meeting in self._told if meeting not in here}
        changed = {meeting: part for meeting, part in here.items() if self._told.get(meeting) != part} | gone
        whole = now - self._told_whole_at >= WHOLE_SECONDS
        if not (changed or whole or now - self._told_at >= HEARTBEAT_SECONDS):
            return
        bus.tell(TOPIC, msgspec.json.encode(_Part(whole=whole, meetings=dict(here) if whole else changed)))
        self._told, self._told_at = dict(here), now
        if whole:
            self._told_whole_at = now
