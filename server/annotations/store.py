"""All SQL of annotations. Bodies of private ones are stored sealed; this module does not know how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text, bindparam, insert, select, update

from server.annotations.models import Held, Standing
from server.core.db import Hot, Read, Tx, among, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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


def held(read: Read, stream: str, ids: Sequence[str]) -> dict[str, Held]:
    """Those of ``ids`` that are in the stream; locked until the transaction ends, so that two edits see each other."""
    found = read.hot(_HELD, {"stream": stream, "ids": read.array(ids)})
    return {
        ann_id: Held(
            standing=Standing(owner_id=owner, type=kind, page=page, rev=rev, deleted=bool(deleted)),
            owner_name=name,
            created_at=created,
        )
        for ann_id, owner, name, kind, page, rev, deleted, created in found
    }


def insert_txn(tx: Tx, rows: Sequence[Row]) -> None:
    """Add annotations."""
    tx.hot_many(_INSERT, [structs.asdict(row) for row in rows])


def change_txn(tx: Tx, rows: Sequence[Row]) -> None:
    """Give annotations their new words, or mark them as deleted; the mark stays, so that a late edit finds it gone."""
    tx.hot_many(
        _CHANGE,
        [
            {
                "of": row.stream, "which": row.id, "content": row.body, "number": row.rev, "out": row.deleted,
                "moment": row.updated_at,
            }
            for row in rows
        ],
    )  # fmt: skip


def rows(read: Read, stream: str, after: str) -> Iterator[Row]:
    """All annotations of a stream that are not deleted, in id order, from beyond ``after``; read as far as taken."""
    while True:
        found = read.hot(_ROWS, {"stream": stream, "after": after})
        for values in found:
            yield Row(**dict(zip(Row.__struct_fields__, values, strict=True)))
        if len(found) < _PAGE:
            return
        after = found[-1][1]


_HELD = Hot(
    select(
        annotation.c.id,
        annotation.c.owner_id,
        annotation.c.owner_name,
        annotation.c.type,
        annotation.c.page,
        annotation.c.rev,
        annotation.c.deleted,
        annotation.c.created_at,
    )
    .where(annotation.c.stream == bindparam("stream"), among(annotation.c.id, "ids"))
    .order_by(annotation.c.id)
    .with_for_update()
)
_ROWS = Hot(
    select(annotation)
    .where(
        annotation.c.stream == bindparam("stream"), annotation.c.id > bindparam("after"), annotation.c.deleted == 0
    )
    .order_by(annotation.c.id)
    .limit(_PAGE)
)  # fmt: skip
_INSERT = Hot(insert(annotation))
_CHANGE = Hot(
    update(annotation)
    .where(annotation.c.stream == bindparam("of"), annotation.c.id == bindparam("which"))
    .values(
        body=bindparam("content"), rev=bindparam("number"), deleted=bindparam("out"), updated_at=bindparam("moment")
    )
)
