"""All SQL of invitations: the calendar entry of a meeting, who is still to be invited, mails on their way.

Both queues are rows, so that what a crash or a restart interrupts goes on by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from server.core.db import Hot, Read, Tx, metadata
from server.core.ids import new_id

# `sequence` is that of the calendar entry (RFC 5545 §3.8.7.4).
invitation = Table(
    "invitation",
    metadata,
    Column("meeting_id", Text, ForeignKey("meeting.id"), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
)

due = Table(
    "invitation_due",
    metadata,
    Column("participant_id", Text, primary_key=True),
    Column("meeting_id", Text, nullable=False),
    Column("mail", Boolean, nullable=False),
    Index("ix_invitation_due_meeting_id", "meeting_id"),
)

# A queued mail is taken by moving `due_at` ahead; if the process that took it dies, another finds it due again.
mail = Table(
    "invitation_mail",
    metadata,
    Column("id", Text, primary_key=True),
    Column("meeting_id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", BigInteger, nullable=False),
    Column("due_at", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index("ix_invitation_mail_state", "state", "due_at"),
)


class MailRow(Struct, frozen=True, kw_only=True):
    """A mail on its way; ``message`` is the folder of its templates."""

    id: str
    meeting_id: str
    person_id: str
    message: str
    sequence: int
    attempts: int


# ---- the calendar entry


def sequence(read: Read, meeting_id: str) -> int | None:
    """The sequence of a meeting's calendar entry, or None where nobody has been invited."""
    found: int | None = read.scalar(select(invitation.c.sequence).where(invitation.c.meeting_id == meeting_id))
    return found


def raise_sequence_txn(tx: Tx, meeting_id: str) -> int:
    """The sequence of the next edition of the calendar entry: 0 for the first."""
    present = sequence(tx, meeting_id)
    if present is None:
        tx.execute(insert(invitation), {"meeting_id": meeting_id, "sequence": 0})
        return 0
    tx.execute(update(invitation).where(invitation.c.meeting_id == meeting_id).values(sequence=present + 1))
    return present + 1


# ---- who is still to be invited


def add_due_txn(tx: Tx, meeting_id: str, participant_ids: Iterable[str], *, by_mail: bool) -> int:
    """Queue participants to be invited, unless they are already; returns how many are new in the queue."""
    waiting = {participant_id for (participant_id,) in tx.hot(_WAITING, {"meeting": meeting_id})}
    rows = [
        {"participant_id": each, "meeting_id": meeting_id, "mail": by_mail}
        for each in participant_ids
        if each not in waiting
    ]
    tx.hot_many(_QUEUE, rows)
    return len(rows)


def next_due_meeting(read: Read) -> str | None:
    """A meeting with somebody still to be invited."""
    found: str | None = read.scalar(select(func.min(due.c.meeting_id)))
    return found


def take_due_txn(tx: Tx, meeting_id: str, limit: int) -> dict[str, bool]:
    """Take the next participants of a meeting off the queue: id → whether by mail too."""
    query = select(due).where(due.c.meeting_id == meeting_id).order_by(due.c.participant_id).limit(limit)
    taken = {row.participant_id: bool(row.mail) for row in tx.rows(query)}
    if taken:
        tx.execute(delete(due).where(due.c.participant_id == bindparam("taken")), [{"taken": each} for each in taken])
    return taken


# ---- mails on their way


def add_mails_txn(tx: Tx, meeting_id: str, persons: Iterable[str], message: str, sequence: int, at: str) -> int:
    """Queue a message to each of these people; returns how many."""
    rows = [
        {
            "id": new_id(),
            "meeting_id": meeting_id,
            "person_id": person,
            "message": message,
            "sequence": sequence,
            "state": "queued",
            "attempts": 0,
            "due_at": at,
            "reason": "",
        }
        for person in persons
    ]
    tx.hot_many(_MAIL, rows)
    return len(rows)


def mailed(read: Read, meeting_id: str) -> set[str]:
    """The people to whom any mail about a meeting was queued, ever."""
    return {person_id for (person_id,) in read.hot(_MAILED, {"meeting": meeting_id})}


def take_mails_txn(tx: Tx, now: str, lease_until: str, limit: int) -> list[MailRow]:
    """Take mails that are due, so that nobody else takes them before ``lease_until``."""
    query = (
        select(mail)
        .where(mail.c.state == "queued", mail.c.due_at <= now)
        .order_by(mail.c.due_at, mail.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = [
        MailRow(
            id=row.id,
            meeting_id=row.meeting_id,
            person_id=row.person_id,
            message=row.message,
            sequence=row.sequence,
            attempts=row.attempts + 1,
        )
        for row in tx.rows(query)
    ]
    if taken:
        tx.execute(_TAKE, [{"row": each.id, "until": lease_until} for each in taken])
    return taken


def settle_mails_txn(tx: Tx, outcomes: Sequence[tuple[str, str, str, str]]) -> None:
    """Write what became of mails: (id, state, when due again, reason)."""
    rows = [{"row": row, "now": state, "again": again, "why": why} for row, state, again, why in outcomes]
    if rows:
        tx.execute(_SETTLE, rows)


_WAITING = Hot(select(due.c.participant_id).where(due.c.meeting_id == bindparam("meeting")))
_QUEUE = Hot(insert(due))
_MAIL = Hot(insert(mail))
_MAILED = Hot(select(mail.c.person_id).where(mail.c.meeting_id == bindparam("meeting")).distinct())
_TAKE = (
    update(mail).where(mail.c.id == bindparam("row")).values(due_at=bindparam("until"), attempts=mail.c.attempts + 1)
)
_SETTLE = (
    update(mail)
    .where(mail.c.id == bindparam("row"))
    .values(state=bindparam("now"), due_at=bindparam("again"), reason=bindparam("why"))
)
