"""SQL of the server's half of a device's key: one a device, gone for good when the device ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ForeignKey, LargeBinary, Row, Table, Text, delete, insert, or_, select

from server.accounts.models import KeyHalf
from server.accounts.store import device
from server.core.db import Read, Tx, metadata

device_half = Table(
    "device_half",
    metadata,
    Column("device_id", Text, ForeignKey("device.id"), primary_key=True),
    Column("id", Text, nullable=False),
    Column("half", LargeBinary, nullable=False),
    Column("made_at", Text, nullable=False),
)


def half_of(read: Read, device_id: str) -> KeyHalf | None:
    """The half of a device that is signed in."""
    query = select(device_half).join(device, device.c.id == device_half.c.device_id)
    return _half(read.first(query.where(device_half.c.device_id == device_id, device.c.ended_at.is_(None))))


def lock_txn(tx: Tx, device_id: str) -> bool:
    """Keep others from giving this device a half until the transaction ends; False for a device that has ended."""
    row = tx.first(select(device.c.id).where(device.c.id == device_id, device.c.ended_at.is_(None)).with_for_update())
    return row is not None


def put_txn(tx: Tx, device_id: str, new: KeyHalf, at: str) -> None:
    """The half of a device from now on, in place of any before."""
    drop_txn(tx, [device_id])
    tx.execute(insert(device_half), [{"device_id": device_id, "id": new.id, "half": new.half, "made_at": at}])


def drop_txn(tx: Tx, device_ids: Sequence[str]) -> None:
    """Destroy halves: what these devices hold can be read no more."""
    if device_ids:
        tx.execute(delete(device_half).where(device_half.c.device_id.in_(device_ids)))


def _over(at: str) -> Any:  # noqa: ANN401 - a select of ids
    ended = or_(device.c.ended_at.is_not(None), device.c.expires_at <= at)
    return select(device_half.c.device_id).join(device, device.c.id == device_half.c.device_id).where(ended)


def has_over(read: Read, at: str) -> bool:
    """Whether halves are left of devices whose sign-in has run out."""
    return read.first(_over(at).limit(1)) is not None


def drop_over_txn(tx: Tx, at: str) -> list[str]:
    """Destroy the halves of devices whose sign-in has run out; answers whose."""
    over = [row.device_id for row in tx.rows(_over(at))]
    drop_txn(tx, over)
    return over


def _half(row: Row[Any] | None) -> KeyHalf | None:
    return None if row is None else KeyHalf(id=row.id, half=bytes(row.half))
