"""SQL of the sitting itself: reading, listing, writing, and its part of stream ``m:``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, bindparam, func, insert, or_, select, update

from server.core.db import Hot, Read, Tx
from server.core.errors import DomainError
from server.meetings.models import Head
from server.meetings.store.tables import meeting, participant
from server.meetings.wire import Meeting, Person, Site

_PAST = ("ended", "cancelled")
_person = msgspec.json.Decoder(Person | None)
_sites = msgspec.json.Decoder(tuple[Site, ...])
_encode = msgspec.json.Encoder().encode


def load(read: Read, meeting_id: str) -> Meeting | None:
    """A meeting, or None."""
    row = read.first(_BY_ID, {"id": meeting_id})
    return None if row is None else _meeting(row)


def lock_txn(tx: Tx, meeting_id: str) -> Meeting | None:
    """A meeting with its row held until the transaction ends, so that two acts on it follow each other."""
    row = tx.first(_LOCKED, {"id": meeting_id})
    return None if row is None else _meeting(row)


def head(read: Read, meeting_id: str) -> tuple[Head, str] | None:
    """What decides who hears of a meeting, and the body that holds it."""
    for which, body_id, chair_id, secretary_id in read.hot(_HEAD, {"id": meeting_id}):
        return Head(which, chair_id, secretary_id), body_id
    return None


def require_head(read: Read, meeting_id: str) -> tuple[Head, str]:
    """As ``head``. Raises ``not_found``."""
    found = head(read, meeting_id)
    if found is None:
        raise DomainError("not_found")
    return found


def insert_txn(tx: Tx, value: Meeting, *, by: str, at: str) -> None:
    """Store a new meeting."""
    tx.execute(insert(meeting), {**_columns(value), "created_by": by, "created_at": at})


def update_txn(tx: Tx, value: Meeting) -> None:
    """Store a changed meeting."""
    tx.execute(update(meeting).where(meeting.c.id == value.id).values(_columns(value)))


def list_for(
    read: Read, person_id: str, bodies: Iterable[str] | None, when: str, limit: int, offset: int
) -> tuple[int, tuple[Meeting, ...]]:
    """How many meetings a person may see, and a page of them.

    ``bodies`` are those whose secretariat the person is of; None means all.
    """
    seen: list[ColumnElement[bool]] = [
        meeting.c.id.in_(_INVITED),
        meeting.c.chair_id == person_id,
        meeting.c.secretary_id == person_id,
    ]
    if bodies is not None:
        seen.append(meeting.c.body_id.in_(sorted(bodies)))
    conditions: list[ColumnElement[bool]] = [] if bodies is None else [or_(*seen)]
    if when != "all":
        past = meeting.c.state.in_(_PAST)
        conditions.append(past if when == "past" else ~past)
    order = meeting.c.starts_at if when == "upcoming" else meeting.c.starts_at.desc()
    query = select(meeting).where(*conditions).order_by(order, meeting.c.id).limit(limit).offset(offset)
    total = read.scalar(select(func.count()).select_from(meeting).where(*conditions), {"person": person_id})
    return int(total), tuple(_meeting(row) for row in read.rows(query, {"person": person_id}))


def of_bodies(read: Read, bodies: frozenset[str | None]) -> Sequence[str]:
    """The ids of these bodies' meetings (None among them: of all), ended ones too: their papers are still read."""
    query = select(meeting.c.id).order_by(meeting.c.id)
    if None not in bodies:
        query = query.where(meeting.c.body_id.in_(sorted(body for body in bodies if body is not None)))
    return [row.id for row in read.rows(query)]


def entities(read: Read, meeting_id: str) -> Iterator[Meeting]:
    """The meeting's own part of its stream's state."""
    found = load(read, meeting_id)
    if found is not None:
        yield found


def _meeting(row: Row[Any]) -> Meeting:
    return Meeting(
        id=row.id,
        title=row.title,
        body_id=row.body_id,
        body_name=row.body_name,
        state=row.state,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        chair=_person.decode(row.chair),
        secretary=_person.decode(row.secretary),
        sites=_sites.decode(row.sites),
        current_item=row.current_item,
        item_since=row.item_since,
        presenter=_person.decode(row.presenter),
        started_at=row.started_at,
        ended_at=row.ended_at,
        note=row.note,
        participants=row.participants,
        offline_hours=row.offline_hours,
        watermark=row.watermark,
    )


def _columns(value: Meeting) -> dict[str, Any]:
    fields = msgspec.structs.asdict(value)
    return {
        **fields,
        "chair_id": value.chair.id if value.chair else None,
        "secretary_id": value.secretary.id if value.secretary else None,
        "chair": _encode(value.chair),
        "secretary": _encode(value.secretary),
        "presenter": _encode(value.presenter),
        "sites": _encode(value.sites),
    }


_BY_ID = select(meeting).where(meeting.c.id == bindparam("id"))
_LOCKED = _BY_ID.with_for_update()
_HEAD = Hot(
    select(meeting.c.id, meeting.c.body_id, meeting.c.chair_id, meeting.c.secretary_id).where(
        meeting.c.id == bindparam("id")
    )
)
_INVITED = select(participant.c.meeting_id).where(
    participant.c.person_id == bindparam("person"), participant.c.sent_at.is_not(None), ~participant.c.removed
)
