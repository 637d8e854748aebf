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

# How often a process says that it is there, how often all that it has, and after how long a silent one is gone.
HEARTBEAT_SECONDS = 5.0
WHOLE_SECONDS = 15.0
SILENT_SECONDS = 12.0


class Here(Struct, frozen=True):
    """Who is there at one process, and who of them is active; person ids in order.

    Of a meeting: who is connected, and looks at the app. Of an item: who could follow its presenter, and follows.
    """

    there: tuple[str, ...] = ()
    active: tuple[str, ...] = ()


class _Part(Struct, frozen=True):
    """What a process tells: places (meetings or items) in which something changed, or (``whole``) all of them."""

    whole: bool
    places: dict[str, Here]


class Elsewhere:
    """What this process knows of the others under one topic, and what it has told them; times are monotonic seconds."""

    def __init__(self, topic: str) -> None:
        self._topic = topic
        self._parts: dict[str, dict[str, Here]] = {}
        self._heard: dict[str, float] = {}
        self._told: dict[str, Here] = {}
        self._told_at = self._told_whole_at = float("-inf")

    def hear(self, sender: str, body: bytes, now: float) -> None:
        """Take what another process tells."""
        part = msgspec.json.decode(body, type=_Part)
        held = {} if part.whole else self._parts.get(sender, {})
        merged = {**held, **part.places}
        self._parts[sender] = {place: here for place, here in merged.items() if here.there}
        self._heard[sender] = now

    def of(self, place: str, now: float) -> list[Here]:
        """The parts of the other processes in a meeting or item."""
        self._forget_silent(now)
        return [part[place] for part in self._parts.values() if place in part]

    def active(self, now: float) -> set[str]:
        """The places in which somebody is active at another process."""
        self._forget_silent(now)
        return {place for part in self._parts.values() for place, here in part.items() if here.active}

    def tell(self, bus: Bus, here: Mapping[str, Here], now: float) -> None:
        """Tell the others what changed here, and from time to time that we are there, and all of it."""
        gone = {place: Here() for place in self._told if place not in here}
        changed = {place: part for place, part in here.items() if self._told.get(place) != part} | gone
        whole = now - self._told_whole_at >= WHOLE_SECONDS
        if not (changed or whole or now - self._told_at >= HEARTBEAT_SECONDS):
            return
        bus.tell(self._topic, msgspec.json.encode(_Part(whole=whole, places=dict(here) if whole else changed)))
        self._told, self._told_at = dict(here), now
        if whole:
            self._told_whole_at = now

    def _forget_silent(self, now: float) -> None:
        for sender in [each for each, heard in self._heard.items() if now - heard > SILENT_SECONDS]:
            del self._parts[sender], self._heard[sender]


def together(parts: list[Here]) -> Here:
    """Several parts as one."""
    return Here(
        tuple(sorted({person for part in parts for person in part.there})),
        tuple(sorted({person for part in parts for person in part.active})),
    )
