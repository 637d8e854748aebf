"""All SQL of exchange: codes of bodies, messages on their way out, messages that arrived.

What goes out is a row for each recipient, so that a crash or an axis that does not answer delays and never loses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    delete,
    insert,
    select,
    update,
)

from server.core.db import metadata
from server.exchange.models import Found
from server.exchange.rules import Outgoing as State

if TYPE_CHECKING:
    from server.core.db import Read, Tx

organ = Table(
    "exchange_organ",
    metadata,
    Column("body_id", Text, ForeignKey("body.id"), primary_key=True),
    Column("organ_id", Text, nullable=False),
    UniqueConstraint("organ_id"),
)

# `dossier_id` of a paper, empty for a status. A row is taken by moving `due_at` ahead; if its taker dies, another finds
# it due again.
outgoing = Table(
    "exchange_outgoing",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier_id", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("organ_id", Text, nullable=False),
    Column("organ_name", Text, nullable=False),
    Column("document_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", BigInteger, nullable=False),
    Column("due_at", Text, nullable=False),
    Column("axis_id", Text, nullable=False),
    Column("remarks", Text, nullable=False),
    Column("sent_by", Text, nullable=False),
    Column("sent_at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Index("ix_exchange_outgoing_state", "state", "due_at"),
    Index("ix_exchange_outgoing_dossier_id", "dossier_id"),
    Index("ix_exchange_outgoing_document_id", "document_id", "organ_id"),
)

# The axis may hand a message over twice: `axis_id` is taken once.
incoming = Table(
    "exchange_incoming",
    metadata,
    Column("id", Text, primary_key=True),
    Column("axis_id", Text, nullable=False),
    Column("body_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("organ_id", Text, nullable=False),
    Column("document_id", Text, nullable=False),
    Column("found", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("remarks", Text, nullable=False),
    Column("arrived_at", Text, nullable=False),
    UniqueConstraint("axis_id", "body_id"),
    Index("ix_exchange_incoming_body_id", "body_id"),
)


class Message(Struct, frozen=True, kw_only=True):
    """A message on its way out."""

    id: str
    dossier_id: str
    sha256: str
    sender: str
    organ_id: str
    organ_name: str
    document_id: str
    state: State
    attempts: int = 0
    due_at: str
    axis_id: str = ""
    remarks: str = ""
    sent_by: str
    sent_at: str
    changed_at: str


class Arrival(Struct, frozen=True, kw_only=True):
    """A message that arrived for a body. ``answer`` is empty, "received" or "refused"."""

    id: str
    axis_id: str
    body_id: str
    kind: str
    sha256: str
    organ_id: str
    document_id: str
    found: Found
    answer: str = ""
    remarks: str = ""
    arrived_at: str


# ---- codes of bodies


def organs(read: Read) -> dict[str, str]:
    """Body → code on the axis."""
    return {row.body_id: row.organ_id for row in read.rows(select(organ).order_by(organ.c.organ_id))}


def set_organ_txn(tx: Tx, body_id: str, organ_id: str) -> None:
    """Give a body its code, or take it away."""
    tx.execute(delete(organ).where(organ.c.body_id == body_id))
    if organ_id:
        tx.execute(insert(organ), {"body_id": body_id, "organ_id": organ_id})


# ---- on the way out


def add_txn(tx: Tx, messages: Iterable[Message]) -> None:
    """Queue messages."""
    rows = [msgspec.structs.asdict(one) for one in messages]
    if rows:
        tx.execute(insert(outgoing), rows)


def of_dossier(read: Read, dossier_id: str) -> list[Message]:
    """What went out of a dossier, in the order of sending."""
    query = select(outgoing).where(outgoing.c.dossier_id == dossier_id).order_by(outgoing.c.sent_at, outgoing.c.id)
    return [_message(row) for row in read.rows(query)]


def sent_by(read: Read, senders: Collection[str], limit: int) -> list[Message]:
    """Papers that went out under these codes, the newest first."""
    query = (
        select(outgoing)
        .where(outgoing.c.sender.in_(list(senders)), outgoing.c.dossier_id != "")
        .order_by(outgoing.c.sent_at.desc(), outgoing.c.id.desc())
        .limit(limit)
    )
    return [_message(row) for row in read.rows(query)]


def lock_txn(tx: Tx, message_id: str) -> Message | None:
    """A message on its way out, held until the end."""
    row = tx.first(select(outgoing).where(outgoing.c.id == message_id).with_for_update())
    return None if row is None else _message(row)


def take_txn(tx: Tx, now: str, lease_until: str, limit: int) -> list[Message]:
    """Take messages that are due, so that nobody else takes them before ``lease_until``."""
    query = (
        select(outgoing)
        .where(outgoing.c.state == "queued", outgoing.c.due_at <= now)
        .order_by(outgoing.c.due_at, outgoing.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = [_message(row) for row in tx.rows(query)]
    for one in taken:
        change_txn(tx, one.id, due_at=lease_until, attempts=one.attempts + 1)
    return [msgspec.structs.replace(one, attempts=one.attempts + 1) for one in taken]


def change_txn(tx: Tx, message_id: str, **values: Any) -> None:  # noqa: ANN401 - columns
    """Change what is given of a message."""
    tx.execute(update(outgoing).where(outgoing.c.id == message_id).values(**values))


def sent_to(read: Read, document_id: str, organ_id: str) -> list[Message]:
    """Papers of this code that went to this body."""
    query = select(outgoing).where(
        outgoing.c.document_id == document_id, outgoing.c.organ_id == organ_id, outgoing.c.dossier_id != ""
    )
    return [_message(row) for row in read.rows(query)]


# ---- what arrived


def has_arrived(read: Read, axis_id: str, body_id: str) -> bool:
    """Whether this message was taken for this body."""
    query = select(incoming.c.id).where(incoming.c.axis_id == axis_id, incoming.c.body_id == body_id)
    return read.scalar(query) is not None


def arrive_txn(tx: Tx, one: Arrival) -> None:
    """Keep a message that arrived."""
    values = {**msgspec.structs.asdict(one), "found": msgspec.json.encode(one.found).decode()}
    tx.execute(insert(incoming), values)


def arrivals(read: Read, bodies: Collection[str], limit: int) -> list[Arrival]:
    """Papers that arrived for these bodies, the newest first."""
    query = (
        select(incoming)
        .where(incoming.c.kind == "document", incoming.c.body_id.in_(list(bodies)))
        .order_by(incoming.c.arrived_at.desc(), incoming.c.id.desc())
        .limit(limit)
    )
    return [_arrival(row) for row in read.rows(query)]


def arrival(read: Read, arrival_id: str) -> Arrival | None:
    """One message that arrived."""
    row = next(iter(read.rows(select(incoming).where(incoming.c.id == arrival_id))), None)
    return _arrival(row) if row is not None else None


def answer_txn(tx: Tx, arrival_id: str, answer: str, remarks: str) -> None:
    """Write what the clerk said."""
    tx.execute(update(incoming).where(incoming.c.id == arrival_id).values(answer=answer, remarks=remarks))


def files(read: Read) -> Sequence[str]:
    """Bytes (SHA-256) that rows refer to."""
    held = (select(table.c.sha256).distinct() for table in (outgoing, incoming))
    return [sha256 for query in held for (sha256,) in read.rows(query)]


def _message(row: Any) -> Message:  # noqa: ANN401 - a row of ours
    return Message(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def _arrival(row: Any) -> Arrival:  # noqa: ANN401 - the same
    values = dict(row._mapping)  # noqa: SLF001 - the same
    return Arrival(**{**values, "found": msgspec.json.decode(values["found"], type=Found)})
