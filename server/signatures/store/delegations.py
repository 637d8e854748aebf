"""SQL of delegations: who may sign for whom, from and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Column, Index, LargeBinary, Row, Table, Text, and_, insert, select, update

from server.core.db import metadata
from server.signatures.wire import Delegation, PaperKind

if TYPE_CHECKING:
    from server.core.db import Read, Tx

_TEXTS = (
    "body_id", "from_id", "from_name", "to_id", "to_name", "capacity", "acting_for", "valid_from", "valid_until",
    "entered_by", "entered_at",
)  # fmt: skip

# `kinds` is JSON. A row is never changed but for its end: who could sign for whom, and when, must stay provable.
delegation = Table(
    "delegation",
    metadata,
    Column("id", Text, primary_key=True),
    *(Column(name, Text, nullable=False) for name in _TEXTS),
    Column("kinds", LargeBinary, nullable=False),
    Column("ended_at", Text),
    Index("ix_delegation_body_id", "body_id"),
    Index("ix_delegation_to_id", "to_id"),
)


def delegation_of(read: Read, delegation_id: str) -> Delegation | None:
    """One delegation."""
    return next(iter(_found(read, delegation.c.id == delegation_id)), None)


def delegations_to(read: Read, person_id: str, body_id: str) -> list[Delegation]:
    """What a person was ever entrusted with in a body, in id order."""
    return _found(read, and_(delegation.c.to_id == person_id, delegation.c.body_id == body_id))


def delegations_of_body(read: Read, body_id: str) -> list[Delegation]:
    """All delegations of a body, in id order."""
    return _found(read, delegation.c.body_id == body_id)


def insert_delegation_txn(tx: Tx, new: Delegation, *, entered_by: str, entered_at: str) -> None:
    """Store a new delegation."""
    values = {**msgspec.structs.asdict(new), "kinds": msgspec.json.encode(new.kinds)}
    tx.execute(insert(delegation).values(**values, entered_by=entered_by, entered_at=entered_at))


def end_delegation_txn(tx: Tx, delegation_id: str, at: str) -> None:
    """End a delegation before its time."""
    tx.execute(update(delegation).where(delegation.c.id == delegation_id).values(ended_at=at))


def _found(read: Read, condition: Any) -> list[Delegation]:  # noqa: ANN401 - a condition
    return [_delegation(row) for row in read.rows(select(delegation).where(condition).order_by(delegation.c.id))]


def _delegation(row: Row[Any]) -> Delegation:
    names = [name for name in Delegation.__struct_fields__ if name != "kinds"]
    values = {name: row._mapping[name] for name in names}  # noqa: SLF001 - public there
    return Delegation(**values, kinds=msgspec.json.decode(row.kinds, type=tuple[PaperKind, ...]))
