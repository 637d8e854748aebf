"""SQL of keys: which key signs for a person or a body, and which did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Column, Float, Index, LargeBinary, Row, Table, Text, and_, insert, select, update

from server.core.db import metadata
from server.signatures.models import Key

if TYPE_CHECKING:
    from server.core.db import Read, Tx

# A key that was replaced or revoked keeps its row, as a record of who could sign when. The private key is never here:
# `reference` says where it is (the name of a file, "token/object", "service/credential"; empty for a tablet's own).
signing_key = Table(
    "signing_key",
    metadata,
    Column("id", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("certificate", LargeBinary, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    Column("reference", Text, nullable=False),
    Column("device_id", Text),
    Column("image_sha256", Text),
    Column("image_width_mm", Float),
    Column("enrolled_at", Text, nullable=False),
    Column("enrolled_by", Text, nullable=False),
    Column("ended_at", Text),
    Column("revoked_at", Text),
    Column("revoked_by", Text),
    Index("ix_signing_key_holder", "holder"),
    Index("ix_signing_key_device_id", "device_id"),
)


def key_of(read: Read, holder: str) -> Key | None:
    """The key that a holder ("person:<id>", "body:<id>") signs with now; a tablet's own is not it."""
    row = read.first(select(signing_key).where(_current(holder)))
    return None if row is None else key_row(row)


def person_keys(read: Read) -> list[Key]:
    """The keys that people sign with now, but for those on tablets."""
    current = and_(signing_key.c.ended_at.is_(None), signing_key.c.kind != "tablet")
    found = select(signing_key).where(signing_key.c.holder.startswith("person:"), current)
    return [key_row(row) for row in read.rows(found)]


def tablet_keys(read: Read, holder: str) -> list[Key]:
    """The keys on a person's tablets that may sign, the oldest first."""
    condition = and_(signing_key.c.holder == holder, signing_key.c.kind == "tablet", signing_key.c.ended_at.is_(None))
    return [key_row(row) for row in read.rows(select(signing_key).where(condition).order_by(signing_key.c.id))]


def key(read: Read, key_id: str) -> Key | None:
    """A key by its id, also one that ended."""
    row = read.first(select(signing_key).where(signing_key.c.id == key_id))
    return None if row is None else key_row(row)


def replace_key_txn(tx: Tx, key: Key) -> None:
    """Enrol a key; the one before it ends: a tablet's the one on that tablet, any other the holder's."""
    same = _current(key.holder)
    if key.kind == "tablet":
        same = and_(
            signing_key.c.holder == key.holder,
            signing_key.c.device_id == key.device_id,
            signing_key.c.kind == "tablet",
            signing_key.c.ended_at.is_(None),
        )
    tx.execute(update(signing_key).where(same).values(ended_at=key.enrolled_at))
    values = {**msgspec.structs.asdict(key), "chain": msgspec.msgpack.encode(key.chain)}
    tx.execute(insert(signing_key).values(**values))


def revoke_key_txn(tx: Tx, key_id: str, *, at: str, by: str) -> None:
    """A key signs no more from now on, and what it signs later is worth nothing."""
    values = {"ended_at": at, "revoked_at": at, "revoked_by": by}
    tx.execute(update(signing_key).where(signing_key.c.id == key_id).values(**values))


def images(read: Read) -> set[str]:
    """The pictures of signatures and seals, of ended keys too: which one a paper bears must stay provable."""
    rows = read.rows(select(signing_key.c.image_sha256).where(signing_key.c.image_sha256.is_not(None)))
    return {row.image_sha256 for row in rows}


def _current(holder: str) -> Any:  # noqa: ANN401 - a condition
    return and_(
        signing_key.c.holder == holder, signing_key.c.ended_at.is_(None), signing_key.c.kind != "tablet"
    )  # fmt: skip


def key_row(row: Row[Any], leave: frozenset[str] | set[str] = frozenset()) -> Key:
    """A row of this table as a key; without the columns in ``leave``, which were joined to it."""
    values = {name: value for name, value in row._mapping.items() if name not in leave}  # noqa: SLF001 - public there
    values["certificate"] = bytes(values["certificate"])
    values["chain"] = msgspec.msgpack.decode(values["chain"], type=tuple[bytes, ...])
    return Key(**values)
