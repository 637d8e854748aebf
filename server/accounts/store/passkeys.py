"""SQL of passkeys, and of the challenges that they are to sign: each good once, for minutes, at one browser."""

from __future__ import annotations

from typing import Any

from msgspec.structs import asdict
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Row,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from server.accounts.models import Challenge, Passkey
from server.core.db import Read, Tx, metadata

passkey = Table(
    "passkey",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("account.person_id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("rp_id", Text, nullable=False),
    Column("credential_id", LargeBinary, nullable=False, unique=True),
    Column("credential", LargeBinary, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("used_at", Text),
    Index("ix_passkey_person_id", "person_id"),
)
passkey_challenge = Table(
    "passkey_challenge",
    metadata,
    Column("challenge_hash", LargeBinary, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("bound", LargeBinary, nullable=False),
    Column("about", LargeBinary, nullable=False),
    Column("expires_at", Text, nullable=False),
    Index("ix_passkey_challenge_expires_at", "expires_at"),
)


def of_person(read: Read, person_id: str) -> list[Passkey]:
    """The passkeys of a person, the oldest first."""
    return [_passkey(row) for row in read.rows(select(passkey).where(passkey.c.person_id == person_id).order_by("id"))]


def of_credential(read: Read, credential_id: bytes) -> Passkey | None:
    """The passkey that an authenticator calls by this id."""
    row = read.first(select(passkey).where(passkey.c.credential_id == credential_id))
    return None if row is None else _passkey(row)


def counts(read: Read) -> dict[str, int]:
    """How many passkeys people have."""
    query = select(passkey.c.person_id, func.count().label("held")).group_by(passkey.c.person_id)
    return {row.person_id: row.held for row in read.rows(query)}


def insert_txn(tx: Tx, new: Passkey) -> None:
    """A new passkey."""
    tx.execute(insert(passkey), [asdict(new)])


def rename_txn(tx: Tx, person_id: str, passkey_id: str, name: str) -> bool:
    """Call a person's passkey otherwise; False where they have no such one."""
    which = (passkey.c.id == passkey_id, passkey.c.person_id == person_id)
    return tx.execute(update(passkey).where(*which).values(name=name)).rowcount == 1


def drop_txn(tx: Tx, person_id: str, passkey_id: str) -> bool:
    """Forget a person's passkey; False where they have no such one."""
    which = (passkey.c.id == passkey_id, passkey.c.person_id == person_id)
    return tx.execute(delete(passkey).where(*which)).rowcount == 1


def drop_all_txn(tx: Tx, person_id: str) -> int:
    """Forget all passkeys of a person; answers how many there were."""
    return tx.execute(delete(passkey).where(passkey.c.person_id == person_id)).rowcount


def mark_used_txn(tx: Tx, passkey_id: str, count: int, at: str) -> bool:
    """Note a use; False where the passkey is gone, or its counter has not risen and is not kept at zero.

    A counter that stands still or falls back is one that something else has moved on: a copy.
    """
    risen = passkey.c.count < count if count else passkey.c.count == 0
    values = {"count": count, "used_at": at}
    return tx.execute(update(passkey).where(passkey.c.id == passkey_id, risen).values(values)).rowcount == 1


# ---- challenges


def put_challenge_txn(tx: Tx, challenge_hash: bytes, new: Challenge, expires_at: str) -> None:
    """A challenge that may be answered up to ``expires_at``."""
    values = {"challenge_hash": challenge_hash, **asdict(new), "expires_at": expires_at}
    tx.execute(insert(passkey_challenge), [values])


def take_challenge_txn(tx: Tx, challenge_hash: bytes, wanted: Challenge, at: str) -> bool:
    """Use up a challenge: True the first time, in time, and for just what it was made for."""
    which = passkey_challenge.c.challenge_hash == challenge_hash
    row = tx.first(select(passkey_challenge).where(which).with_for_update())
    if row is None or tx.execute(delete(passkey_challenge).where(which)).rowcount != 1:
        return False
    made = Challenge(purpose=row.purpose, bound=bytes(row.bound), about=bytes(row.about))
    return made == wanted and at < str(row.expires_at)


def has_challenges_over(read: Read, at: str) -> bool:
    """Whether there are challenges that nobody answered in time."""
    return (
        read.first(select(passkey_challenge.c.purpose).where(passkey_challenge.c.expires_at <= at).limit(1)) is not None
    )


def drop_challenges_txn(tx: Tx, at: str) -> None:
    """Forget the challenges that nobody answered in time."""
    tx.execute(delete(passkey_challenge).where(passkey_challenge.c.expires_at <= at))


def _passkey(row: Row[Any]) -> Passkey:
    values = dict(row._mapping)  # noqa: SLF001 - public there
    return Passkey(**{**values, "credential_id": bytes(row.credential_id), "credential": bytes(row.credential)})
