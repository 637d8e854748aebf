"""All SQL of the sitting: who presents a meeting now, and what is shown in its items."""

from __future__ import annotations

import msgspec
from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text, bindparam, delete, insert, select

from server.core.db import Read, Tx, metadata
from server.live.wire import Presenting
from server.meetings.wire import Person

presenter = Table(
    "live_presenter",
    metadata,
    Column("meeting_id", Text, ForeignKey("meeting.id"), primary_key=True),
    Column("person", LargeBinary, nullable=False),
)
presenting = Table(
    "live_presenting",
    metadata,
    Column("item_id", Text, primary_key=True),
    Column("meeting_id", Text, ForeignKey("meeting.id"), nullable=False),
    Column("shown", LargeBinary, nullable=False),
    Index("ix_live_presenting_meeting_id", "meeting_id"),
)

_person = msgspec.json.Decoder(Person)
_shown = msgspec.json.Decoder(Presenting)
_encode = msgspec.json.Encoder().encode


def presenter_of(read: Read, meeting_id: str) -> Person | None:
    """Who has the presenter's role in a meeting."""
    stored = read.scalar(_PRESENTER, {"id": meeting_id})
    return None if stored is None else _person.decode(stored)


def set_presenter_txn(tx: Tx, meeting_id: str, person: Person | None) -> None:
    """Give the role, or let nobody have it."""
    tx.execute(delete(presenter).where(presenter.c.meeting_id == meeting_id))
    if person is not None:
        tx.execute(insert(presenter), {"meeting_id": meeting_id, "person": _encode(person)})


def shown_in(read: Read, item_id: str) -> Presenting | None:
    """What is shown in an item."""
    stored = read.scalar(_SHOWN, {"id": item_id})
    return None if stored is None else _shown.decode(stored)


def shown_items(read: Read, meeting_id: str) -> list[str]:
    """The items of a meeting in which something is shown."""
    query = select(presenting.c.item_id).where(presenting.c.meeting_id == meeting_id).order_by(presenting.c.item_id)
    return [row.item_id for row in read.rows(query)]


def set_shown_txn(tx: Tx, meeting_id: str, shown: Presenting) -> None:
    """Keep what is shown in an item."""
    forget_shown_txn(tx, shown.id)
    tx.execute(insert(presenting), {"item_id": shown.id, "meeting_id": meeting_id, "shown": _encode(shown)})


def forget_shown_txn(tx: Tx, item_id: str) -> None:
    """Nothing is shown in an item any more."""
    tx.execute(delete(presenting).where(presenting.c.item_id == item_id))


_PRESENTER = select(presenter.c.person).where(presenter.c.meeting_id == bindparam("id"))
_SHOWN = select(presenting.c.shown).where(presenting.c.item_id == bindparam("id"))
