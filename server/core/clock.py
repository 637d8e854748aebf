"""What time it is: handed to whoever needs it, so that tests can set it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the core asks of a clock."""

    def now(self) -> datetime:
        """The moment, in UTC and aware of it."""

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back. For measuring, never for showing."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The moment."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since the machine started."""
        return time.monotonic()


class FakeClock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self, now: datetime = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)) -> None:
        self._now = now
        self._elapsed = 0.0

    def now(self) -> datetime:
        """The moment that was set."""
        return self._now

    def monotonic(self) -> float:
        """Seconds advanced so far."""
        return self._elapsed

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)
        self._elapsed += seconds

    def set(self, now: datetime) -> None:
        """Move the wall clock alone, also backwards, as an operator or NTP may."""
        self._now = now.astimezone(UTC)
