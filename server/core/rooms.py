"""Rooms: what is known in memory of a stream that somebody here listens to, and how it is read from the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from server.core import journal
from server.core.journal.tables import stream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from server.core.db import Read
    from server.core.journal import Page


class Room:
    """What is known in memory of a stream that somebody here listens to."""

    __slots__ = ("epoch", "first_page", "head", "members", "outbox")

    def __init__(self, head: int, epoch: int, members: frozenset[str]) -> None:
        self.head = head
        self.epoch = epoch
        self.members = members
        self.outbox: list[bytes] = []
        self.first_page: Page | None = None  # the snapshot at `head`, the same for all members


def load(read: Read, name: str) -> Room | None:
    """The room of one stream; None where there is no such stream."""
    row = read.first(select(stream).where(stream.c.id == name))
    return None if row is None else Room(row.head, row.epoch, journal.members(read, row.audience))


def load_many(read: Read, names: list[str]) -> dict[str, Room]:
    """The rooms of those of these streams that there are."""
    rows = read.rows(select(stream).where(stream.c.id.in_(names)))
    members = journal.members_of(read, {row.audience for row in rows})
    return {row.id: Room(row.head, row.epoch, members.get(row.audience, frozenset())) for row in rows}


def heads(read: Read, names: list[str]) -> Sequence[Row[Any]]:
    """``id``, ``head`` and ``epoch`` of each of these streams as they stand now."""
    return read.rows(select(stream.c.id, stream.c.head, stream.c.epoch).where(stream.c.id.in_(names)))
