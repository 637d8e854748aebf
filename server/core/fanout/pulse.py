"""The ping wheel: one timer pings every link in its turn and ends those that do not answer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from server.core.fanout.frames import PING_FRAME

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from server.core.fanout.limits import Limits
    from server.core.fanout.link import Link

# Turns of the wheel per ping interval: five thousand pings fall into 40 bursts of about a millisecond.
_SLOTS = 40


class Pulse:
    """Pings of all links. ``on_pong(link)`` is called with each answer: that is what presence stands on."""

    def __init__(self, limits: Limits, on_pong: Callable[[Link], None]) -> None:
        self._limits = limits
        self._on_pong = on_pong
        self._slots: list[dict[Link, None]] = [{} for _ in range(_SLOTS)]
        self._slot_of: dict[Link, dict[Link, None]] = {}
        self._asked: dict[Link, float] = {}  # link → when it must have answered; in order of time
        self._turn = 0
        self._next_slot = 0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, link: Link, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to ping a link. Slots are filled in turn, so that a storm of arrivals does not ping as a storm."""
        slot = self._slots[self._next_slot]
        self._next_slot = (self._next_slot + 1) % _SLOTS
        slot[link] = None
        self._slot_of[link] = slot
        if self._timer is None:
            self._wind(loop)

    def remove(self, link: Link) -> None:
        """Forget a link; with the last one the timer stops."""
        slot = self._slot_of.pop(link, None)
        if slot is not None:
            del slot[link]
            self._asked.pop(link, None)
            if not self._slot_of:
                self.stop()

    def answered(self, link: Link) -> None:
        """Note a link's pong."""
        self._asked.pop(link, None)
        if link.joined:
            self._on_pong(link)

    def stop(self) -> None:
        """Stop the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wind(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = loop.call_later(self._limits.ping_interval / _SLOTS, self._tick, loop)

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        self._wind(loop)  # first, so that no failure below stops the wheel
        now = time.monotonic()
        self._end_silent(now)
        slot = self._slots[self._turn]
        self._turn = (self._turn + 1) % _SLOTS
        for link in slot:
            if link.closing or not (link.joined or now - link.born < self._limits.connect_timeout):
                link.abort()  # its farewell did not get through in a whole turn, or it never said CONNECT
            elif link not in self._asked:
                link.ping(PING_FRAME)
                self._asked[link] = now + self._limits.ping_timeout

    def _end_silent(self, now: float) -> None:
        silent = []
        for link, due in self._asked.items():
            if due > now:
                break
            silent.append(link)
        for link in silent:
            del self._asked[link]
            link.abort()
