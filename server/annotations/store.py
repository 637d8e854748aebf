"""All SQL of annotations. Bodies of private ones are stored sealed; this module does not know how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text, bindparam, insert, select, update

from server.annotations.models import Standing
from server.core.db import Hot, Read, Tx, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

annotation = Table(
    "annotation",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("version_id", Text, nullable=False),
    Column("owner_id", Text, nullable=False),
    Column("owner_name", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("page", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("rev", BigInteger, nullable=False),
    Column("deleted", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    sqlite_with_rowid=False,
)

_PAGE = 200


class Row(Struct, frozen=True, kw_only=True):
    """One stored annotation; ``body`` is JSON, sealed where the stream is private."""

    stream: str
    id: str
    version_id: str
    owner_id: str
    owner_name: str
    type: str
    page: int
    body: bytes
    rev: int
    deleted: int
    created_at: str
    updated_at: str


def standing(read: Read, stream: str, annotation_id: str) -> Standing | None:
    """What the rules need of a stored annotation."""
    found = read.hot(_STANDING, {"stream": stream, "id": annotation_id})
    if not found:
        return None
    owner, kind, page, rev, deleted = found[0]
    return Standing(owner_id=owner, type=kind, page=page, rev=rev, deleted=bool(deleted))


def insert_txn(tx: Tx, row: Row) -> None:
    """Add an annotation."""
    tx.hot(_INSERT, structs.asdict(row))


def change_txn(tx: Tx, stream: str, annotation_id: str, *, body: bytes, rev: int, at: str) -> None:
    """Give an annotation new words."""
    tx.hot(_CHANGE, {"of": stream, "which": annotation_id, "content": body, "number": rev, "moment": at})


def delete_txn(tx: Tx, stream: str, annotation_id: str, *, at: str) -> None:
    """Mark as deleted and forget what it said; the mark stays, so that a late edit finds it gone."""
    tx.hot(_DELETE, {"of": stream, "which": annotation_id, "content": b"", "moment": at})


def created_at(read: Read, stream: str, annotation_id: str) -> str:
    """When it was added."""
    return str(read.hot(_CREATED, {"stream": stream, "id": annotation_id})[0][0])


def rows(read: Read, stream: str, after: str) -> Iterator[Row]:
    """All annotations of a stream that are not deleted, in id order, from beyond ``after``; read as far as taken."""
    while True:
        found = read.hot(_ROWS, {"stream": stream, "after": after})
        for values in found:
            yield Row(**dict(zip(Row.__struct_fields__, values, strict=True)))
        if len(found) < _PAGE:
            return
        after = found[-1][1]


_here = (annotation.c.stream == bindparam("stream"), annotation.c.id == bindparam("id"))
_STANDING = Hot(
    select(
        annotation.c.owner_id, annotation.c.type, annotation.c.page, annotation.c.rev, annotation.c.deleted
    ).where(*_here)
)  # fmt: skip
_CREATED = Hot(select(annotation.c.created_at).where(*_here))
_ROWS = Hot(
    select(annotation)
    .where(
        annotation.c.stream == bindparam("stream"), annotation.c.id > bindparam("after"), annotation.c.deleted == 0
    )
    .order_by(annotation.c.id)
    .limit(_PAGE)
)  # fmt: skip
_INSERT = Hot(insert(annotation))
_that = (annotation.c.stream == bindparam("of"), annotation.c.id == bindparam("which"))
_CHANGE = Hot(
    update(annotation)
    .where(*_that)
    .values(body=bindparam("content"), rev=bindparam("number"), updated_at=bindparam("moment"))
)
_DELETE = Hot(
    update(annotation)
    .where(*_that)
    .values(body=bindparam("content"), deleted=1, updated_at=bindparam("moment"))
)  # fmt: skip
