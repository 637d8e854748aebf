"""All SQL of the sitting: who presents a meeting now, what is shown in its items, which tablets are ready for it."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
)

from server.core.db import Hot, Read, Tx, metadata
from server.live.wire import Presenting, Ready
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

# ``found``: the entity, as JSON.
readiness = Table(
    "live_ready",
    metadata,
    Column("meeting_id", Text, ForeignKey("meeting.id"), primary_key=True),
    Column("device_id", Text, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("found", LargeBinary, nullable=False),
    Index("ix_live_ready_device_id", "device_id"),
)

_person = msgspec.json.Decoder(Person)
_ready = msgspec.json.Decoder(Ready)
_shown = msgspec.json.Decoder(Presenting)
_encode = msgspec.json.Encoder().encode


def presenter_of(read: Read, meeting_id: str) -> Person | None:
    """Who has the presenter's role in a meeting."""
    stored = read.hot(_PRESENTER, {"id": meeting_id})
    return _person.decode(stored[0][0]) if stored else None


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


def ready_devices(read: Read, meeting_id: str) -> list[Ready]:
    """What devices found for a meeting, in id order."""
    rows = read.rows(
        select(readiness.c.found).where(readiness.c.meeting_id == meeting_id).order_by(readiness.c.device_id)
    )
    return [_ready.decode(row.found) for row in rows]


def set_ready_txn(tx: Tx, meeting_id: str, found: Ready) -> None:
    """Keep what a device found."""
    which = (readiness.c.meeting_id == meeting_id) & (readiness.c.device_id == found.id)
    tx.execute(delete(readiness).where(which))
    row = {"meeting_id": meeting_id, "device_id": found.id, "person_id": found.person_id, "found": _encode(found)}
    tx.execute(insert(readiness), row)


def forget_devices_txn(tx: Tx, device_ids: Collection[str]) -> list[tuple[str, str]]:
    """Forget what these devices found, in all meetings; answers meeting and device of each."""
    return _forget_ready_txn(tx, readiness.c.device_id.in_(list(device_ids)))


def forget_people_txn(tx: Tx, meeting_id: str, person_ids: Collection[str]) -> list[tuple[str, str]]:
    """Forget what devices of these people found for a meeting; answers meeting and device of each."""
    which = (readiness.c.meeting_id == meeting_id) & readiness.c.person_id.in_(list(person_ids))
    return _forget_ready_txn(tx, which)


def _forget_ready_txn(tx: Tx, which: ColumnElement[bool]) -> list[tuple[str, str]]:
    order = (readiness.c.meeting_id, readiness.c.device_id)
    found = [(row.meeting_id, row.device_id) for row in tx.rows(select(*order).where(which).order_by(*order))]
    if found:
        tx.execute(delete(readiness).where(which))
    return found


_PRESENTER = Hot(select(presenter.c.person).where(presenter.c.meeting_id == bindparam("id")))
_SHOWN = select(presenting.c.shown).where(presenting.c.item_id == bindparam("id"))
