"""All SQL of drafting: one row a draft, its text as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Table, Text, delete, insert, select, update

from server.core.db import metadata
from server.drafting.wire import DraftKind, DraftText

if TYPE_CHECKING:
    from sqlalchemy import Row

    from server.core.db import Read, Tx

# `begun`: what the meeting's facts made of it when it was last filled from them. `filed`: the revision that is a paper.
draft = Table(
    "drafting_draft",
    metadata,
    Column("id", Text, primary_key=True),
    Column("meeting_id", Text, ForeignKey("meeting.id"), nullable=False),
    Column("item_id", Text, nullable=False),
    Column("draft_kind", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("begun", LargeBinary, nullable=False),
    Column("paper_id", Text),
    Column("filed", BigInteger, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("changed_by", Text, nullable=False),
    Index("ix_drafting_draft_meeting_id", "meeting_id"),
    Index("ix_drafting_draft_item_id", "item_id"),
)


# Whose stream `u:` tells of a draft, while its item is closed.
hearer = Table(
    "drafting_hearer",
    metadata,
    Column("draft_id", Text, ForeignKey("drafting_draft.id"), primary_key=True),
    Column("person_id", Text, primary_key=True),
    Index("ix_drafting_hearer_person_id", "person_id"),
)


class Stored(Struct, frozen=True, kw_only=True):
    """A draft as it is kept. ``begun``: the text that the meeting's facts made when it was last filled from them.

    ``filed``: the revision that became a version of the paper last, 0 before.
    """

    id: str
    meeting_id: str
    item_id: str
    draft_kind: DraftKind
    revision: int
    text: DraftText
    begun: DraftText
    paper_id: str | None
    filed: int
    changed_at: str
    changed_by: str


_text = msgspec.json.Decoder(DraftText)
_encode = msgspec.json.Encoder().encode


def load(read: Read, draft_id: str) -> Stored | None:
    """A draft, or None."""
    rows = read.rows(select(draft).where(draft.c.id == draft_id))
    return _stored(rows[0]) if rows else None


def lock_txn(tx: Tx, draft_id: str) -> Stored | None:
    """A draft held until the end, or None."""
    rows = tx.rows(select(draft).where(draft.c.id == draft_id).with_for_update())
    return _stored(rows[0]) if rows else None


def of_meeting(read: Read, meeting_id: str) -> list[Stored]:
    """The drafts of a meeting, the newest first."""
    query = select(draft).where(draft.c.meeting_id == meeting_id).order_by(draft.c.id.desc())
    return [_stored(row) for row in read.rows(query)]


def of_item(read: Read, item_id: str) -> list[Stored]:
    """The drafts of an agenda item, the newest first."""
    query = select(draft).where(draft.c.item_id == item_id).order_by(draft.c.id.desc())
    return [_stored(row) for row in read.rows(query)]


def of_hearer(read: Read, person_id: str) -> list[Stored]:
    """The drafts that a person's own stream tells of, the newest first."""
    told = select(hearer.c.draft_id).where(hearer.c.person_id == person_id)
    return [_stored(row) for row in read.rows(select(draft).where(draft.c.id.in_(told)).order_by(draft.c.id.desc()))]


def hearers_of(read: Read, draft_id: str) -> set[str]:
    """Whose own streams tell of a draft."""
    return {row.person_id for row in read.rows(select(hearer.c.person_id).where(hearer.c.draft_id == draft_id))}


def set_hearers_txn(tx: Tx, draft_id: str, people: Iterable[str]) -> None:
    """From now on these people's own streams tell of a draft."""
    tx.execute(delete(hearer).where(hearer.c.draft_id == draft_id))
    for person_id in people:
        tx.execute(insert(hearer).values(draft_id=draft_id, person_id=person_id))


def insert_txn(tx: Tx, new: Stored) -> None:
    """Store a new draft."""
    tx.execute(insert(draft), _values(new))


def save_txn(tx: Tx, changed: Stored) -> None:
    """Store what a draft has become."""
    values = _values(changed)
    tx.execute(update(draft).where(draft.c.id == values.pop("id")).values(**values))


def remove_txn(tx: Tx, draft_id: str) -> None:
    """Forget a draft that is told to nobody any more."""
    tx.execute(delete(draft).where(draft.c.id == draft_id))


def remove_of_item_txn(tx: Tx, item_id: str) -> None:
    """Forget the drafts of an agenda item, which are told to nobody any more."""
    tx.execute(delete(draft).where(draft.c.item_id == item_id))


def _values(one: Stored) -> dict[str, Any]:
    values = msgspec.structs.asdict(one)
    return values | {"text": _encode(one.text), "begun": _encode(one.begun)}


def _stored(row: Row[Any]) -> Stored:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Stored(**(values | {"text": _text.decode(row.text), "begun": _text.decode(row.begun)}))
