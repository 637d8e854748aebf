"""All SQL of sealed copies of issued papers: SAO Y, SAO LỤC, TRÍCH SAO."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Row, Table, Text, insert, select

from server.core.db import metadata

if TYPE_CHECKING:
    from server.core.db import Read, Tx
    from server.signatures.wire import CopyKind

# `pages` (JSON): which of the issued paper's pages the copy has, from 1; empty for all.
dossier_copy = Table(
    "dossier_copy",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossier.id"), nullable=False),
    Column("copy_kind", Text, nullable=False),
    Column("pages", LargeBinary, nullable=False),
    Column("filename", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_by_name", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Index("ix_dossier_copy_dossier_id", "dossier_id"),
)


class Copied(Struct, frozen=True, kw_only=True):
    """A sealed copy and where its bytes are."""

    id: str
    dossier_id: str
    copy_kind: CopyKind
    pages: tuple[int, ...]
    filename: str
    sha256: str
    size: int
    made_by: str
    made_by_name: str
    made_at: str


def copy(read: Read, copy_id: str) -> Copied | None:
    """A copy."""
    row = read.first(select(dossier_copy).where(dossier_copy.c.id == copy_id))
    return None if row is None else _copied(row)


def copies_of(read: Read, dossier_id: str) -> list[Copied]:
    """All copies of an issued paper, the newest first."""
    query = select(dossier_copy).where(dossier_copy.c.dossier_id == dossier_id).order_by(dossier_copy.c.id.desc())
    return [_copied(row) for row in read.rows(query)]


def insert_copy_txn(tx: Tx, made: Copied) -> None:
    """Store a new copy."""
    tx.execute(
        insert(dossier_copy).values(**{**msgspec.structs.asdict(made), "pages": msgspec.json.encode(made.pages)})
    )


def contents(read: Read) -> set[str]:
    """The bytes of all copies: they are not collected."""
    return {row.sha256 for row in read.rows(select(dossier_copy.c.sha256))}


def _copied(row: Row[Any]) -> Copied:
    values = dict(row._mapping)  # noqa: SLF001 - public there
    return Copied(**{**values, "pages": msgspec.json.decode(values["pages"], type=tuple[int, ...])})
