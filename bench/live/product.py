"""Drives the real ``phien serve``: the one place in this bench that knows the product's accounts and commands."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import rig


@contextmanager
def serving(folder: Path, count: int, events: int) -> Iterator[tuple[int, str, rig.Traffic]]:
    """A seeded ``phien serve`` on core 0: yields its process id, its port, and what the generator says to it.

    Seeds by actions, in a fresh data folder: ``count`` accounts with a session each, one meeting in which all take
    part, one published paper. ``Traffic`` is then: per socket the session's Cookie and the CONNECT packet with
    ``proto``, ``device`` and the paper's shared stream; per event an ``annotations.push`` with one 1.4 KB stroke whose
    op_id ends in the event's number; ``ready`` the beginning of the packet that says that stream is joined; ``mark``
    the part of the op_id before the number.
    """
    sys.exit(f"phien serve is not driven yet ({folder}, {count} sockets, {events} events): measure with --servers seam")
    yield (0, "", rig.Traffic(folder, folder))
