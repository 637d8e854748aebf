"""Identifiers: UUID version 7 as text (RFC 9562 §5.7), rising within a process, and the check of those clients send."""

from __future__ import annotations

import re
import secrets
import threading
import time
from datetime import datetime

_COUNTER_BITS = 12
_COUNTER_MAX = (1 << _COUNTER_BITS) - 1
# The lower half of the counter is given out at random at each new millisecond: the rest is room to count up.
_SEED_MASK = _COUNTER_MAX >> 1
_NS_PER_MS = 1_000_000

_ANY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


class _Sequence:
    """The last millisecond and counter given out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ms = 0
        self._counter = 0

    def next(self) -> tuple[int, int]:
        """Take the next (millisecond, counter), greater than any before even when the wall clock goes back."""
        with self._lock:
            ms = time.time_ns() // _NS_PER_MS
            if ms > self._ms:
                self._ms, self._counter = ms, secrets.randbits(_COUNTER_BITS) & _SEED_MASK
            elif self._counter < _COUNTER_MAX:
                self._counter += 1
            else:
                self._ms, self._counter = self._ms + 1, 0
            return self._ms, self._counter


_sequence = _Sequence()


def new_id() -> str:
    """Make an identifier: 36 characters, sorting in the order in which this process made them."""
    ms, counter = _sequence.next()
    value = (ms << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | secrets.randbits(62)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def id_at(moment: datetime) -> str:
    """The least identifier of a moment: those made before it sort before, those made after it behind."""
    text = f"{int(moment.timestamp() * 1000):012x}"
    return f"{text[:8]}-{text[8:12]}-7000-8000-000000000000"


def is_id(text: str) -> bool:
    """Whether ``text`` is one of our identifiers, written as we write it."""
    return _ANY.fullmatch(text) is not None and text[14] == "7"


def is_op_id(text: str) -> bool:
    """Whether ``text`` may name an operation: a UUID of version 7 or 4 (what browsers make), in lower case."""
    return _ANY.fullmatch(text) is not None
