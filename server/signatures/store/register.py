"""SQL of the register of signed versions: who has signed each, and which signed fields it has."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from sqlalchemy import Column, ForeignKey, LargeBinary, Table, Text, delete, insert, select

from server.core.db import Read, Tx, metadata

# `signers` and `fields` are JSON: who has signed this version by this register, and all its signed fields.
signed_version = Table(
    "signed_version",
    metadata,
    Column("version_id", Text, ForeignKey("paper_version.id"), primary_key=True),
    Column("signers", LargeBinary, nullable=False),
    Column("fields", LargeBinary, nullable=False),
)


class Signed(Struct, frozen=True):
    """What the register says of a signed version: who has signed it (person ids), and its signed fields."""

    signers: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


def signed(read: Read, version_id: str) -> Signed | None:
    """What the register says of a version that was made by signing; None of any other."""
    row = read.first(select(signed_version).where(signed_version.c.version_id == version_id))
    if row is None:
        return None
    names = tuple[str, ...]
    return Signed(msgspec.json.decode(row.signers, type=names), msgspec.json.decode(row.fields, type=names))


def enter_txn(tx: Tx, version_id: str, signed: Signed) -> None:
    """Enter a signed version, or what is now known of one that is there."""
    tx.execute(delete(signed_version).where(signed_version.c.version_id == version_id))
    values = {"signers": msgspec.json.encode(signed.signers), "fields": msgspec.json.encode(signed.fields)}
    tx.execute(insert(signed_version).values(version_id=version_id, **values))
