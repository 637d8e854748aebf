"""All SQL of annotations and of groups. Bodies of private ones are stored sealed; this module does not know how."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, structs
from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from server.annotations.models import Held, Standing
from server.annotations.wire import Carried
from server.core.db import Hot, Read, Tx, among, metadata
from server.core.ids import new_id
from server.meetings.wire import Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
    Column("carried", LargeBinary),
    Index("ix_annotation_version_id", "version_id"),
)
# Versions that replaced another and to which its shared annotations are still to be carried.
annotation_carry = Table("annotation_carry", metadata, Column("version_id", Text, primary_key=True))

note_group = Table(
    "note_group",
    metadata,
    Column("id", Text, primary_key=True),
    Column("meeting_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Index("ix_note_group_meeting_id", "meeting_id"),
)
# One row for each time that somebody is in a group; `until` is NULL while they are.
note_group_member = Table(
    "note_group_member",
    metadata,
    Column("id", Text, primary_key=True),
    Column("group_id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("person", LargeBinary, nullable=False),
    Column("since", Text, nullable=False),
    Column("until", Text),
    Index("ix_note_group_member_group_id", "group_id"),
    Index("ix_note_group_member_person_id", "person_id"),
)
# Versions on which a group has a layer: its streams follow who may read the version.
note_group_layer = Table(
    "note_group_layer",
    metadata,
    Column("version_id", Text, primary_key=True),
    Column("group_id", Text, primary_key=True),
    Index("ix_note_group_layer_group_id", "group_id"),
)

_PAGE = 200
_person = msgspec.json.Decoder(Person)
_carried = msgspec.json.Decoder(Carried).decode
_encode = msgspec.json.Encoder().encode


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
    carried: bytes | None = None


def held(read: Read, stream: str, ids: Sequence[str]) -> dict[str, Held]:
    """Those of ``ids`` that are in the stream; locked until the transaction ends, so that two edits see each other."""
    found = read.hot(_HELD, {"stream": stream, "ids": read.array(ids)})
    return {str(values[0]): _held(*values[1:]) for values in found}


def _held(
    owner: str, name: str, kind: str, page: int, rev: int, deleted: int, created: str, carried: bytes | None
) -> Held:
    waits = carried is not None and _carried(carried).waiting
    return Held(
        standing=Standing(owner_id=owner, type=kind, page=page, rev=rev, deleted=bool(deleted), waiting=waits),
        owner_name=name,
        created_at=created,
        carried=carried,
    )


def insert_txn(tx: Tx, rows: Sequence[Row]) -> None:
    """Add annotations."""
    tx.hot_many(_INSERT, [structs.asdict(row) for row in rows])


def change_txn(tx: Tx, rows: Sequence[Row]) -> None:
    """Give annotations new words or a place, or mark them as deleted; the mark stays, so that a late edit finds it."""
    tx.hot_many(
        _CHANGE,
        [
            {
                "of": row.stream, "which": row.id, "content": row.body, "number": row.rev, "out": row.deleted,
                "moment": row.updated_at, "at": row.page, "came": row.carried,
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
        annotation.c.carried,
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
        body=bindparam("content"),
        rev=bindparam("number"),
        deleted=bindparam("out"),
        updated_at=bindparam("moment"),
        page=bindparam("at"),
        carried=bindparam("came"),
    )
)


# ---- carrying over to a new version


def ask_carry_txn(tx: Tx, version_id: str) -> None:
    """Remember that shared annotations are to be carried to a version."""
    if version_id not in to_carry(tx):
        tx.execute(insert(annotation_carry).values(version_id=version_id))


def to_carry(read: Read) -> list[str]:
    """The versions to which annotations are still to be carried, oldest first."""
    return [row.version_id for row in read.rows(select(annotation_carry).order_by(annotation_carry.c.version_id))]


def carried_txn(tx: Tx, version_id: str) -> None:
    """All that was there has been carried to a version."""
    tx.execute(delete(annotation_carry).where(annotation_carry.c.version_id == version_id))


def streams_on(read: Read, version_id: str) -> list[str]:
    """The streams that ever held an annotation of a version, in order."""
    query = select(annotation.c.stream).where(annotation.c.version_id == version_id).distinct()
    return [row.stream for row in read.rows(query.order_by(annotation.c.stream))]


def ids(read: Read, stream: str) -> dict[str, bool]:
    """All annotations that a stream ever had, in id order, and whether each is deleted."""
    query = select(annotation.c.id, annotation.c.deleted).where(annotation.c.stream == stream)
    return {row.id: bool(row.deleted) for row in read.rows(query.order_by(annotation.c.id))}


def chosen(read: Read, stream: str, ids: Sequence[str]) -> list[Row]:
    """Those of ``ids`` that are in the stream and not deleted, in id order."""
    found = read.hot(_CHOSEN, {"stream": stream, "ids": read.array(ids)})
    return [Row(**dict(zip(Row.__struct_fields__, values, strict=True))) for values in found]


def marks_on(read: Read, version_ids: Sequence[str]) -> list[tuple[str, str, int]]:
    """How many annotations each person has in each stream of these versions: (stream, person, count)."""
    alive = (annotation.c.version_id.in_(version_ids), annotation.c.deleted == 0)
    query = select(annotation.c.stream, annotation.c.owner_id, func.count().label("marks")).where(*alive)
    rows = read.rows(query.group_by(annotation.c.stream, annotation.c.owner_id))
    return [(row.stream, row.owner_id, row.marks) for row in rows]


_CHOSEN = Hot(
    select(annotation)
    .where(annotation.c.stream == bindparam("stream"), among(annotation.c.id, "ids"), annotation.c.deleted == 0)
    .order_by(annotation.c.id)
)


# ---- groups


class Group(Struct, frozen=True, kw_only=True):
    """A group without its members."""

    id: str
    meeting_id: str
    name: str
    made_by: str
    made_at: str


def insert_group_txn(tx: Tx, made: Group) -> None:
    """Add a group; nobody is in it yet."""
    tx.execute(insert(note_group), structs.asdict(made))


def group(read: Read, group_id: str, *, lock: bool = False) -> Group | None:
    """A group, or None; with ``lock`` held until the transaction ends, so that two changes of it see each other."""
    query = select(note_group).where(note_group.c.id == group_id)
    row = read.first(query.with_for_update() if lock else query)
    return None if row is None else Group(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


def made_by(read: Read, meeting_id: str, person_id: str) -> int:
    """How many groups of a meeting a person has made."""
    of = (note_group.c.meeting_id == meeting_id, note_group.c.made_by == person_id)
    return len(read.rows(select(note_group.c.id).where(*of)))


def groups_of(read: Read, person_id: str) -> list[str]:
    """The groups that a person is in, in id order."""
    now = (note_group_member.c.person_id == person_id, note_group_member.c.until.is_(None))
    rows = read.rows(select(note_group_member.c.group_id).where(*now).order_by(note_group_member.c.group_id))
    return [row.group_id for row in rows]


def group_members(read: Read, group_id: str) -> tuple[Person, ...]:
    """Who is in a group now, in the order in which they came."""
    now = (note_group_member.c.group_id == group_id, note_group_member.c.until.is_(None))
    rows = read.rows(select(note_group_member.c.person).where(*now).order_by(note_group_member.c.id))
    return tuple(_person.decode(row.person) for row in rows)


def enter_group_txn(tx: Tx, group_id: str, people: Iterable[Person], at: str) -> None:
    """Let people into a group; ids of rows rise, so they keep the order."""
    rows = [
        {
            "id": new_id(),
            "group_id": group_id,
            "person_id": each.id,
            "person": _encode(each),
            "since": at,
            "until": None,
        }
        for each in people
    ]
    tx.execute(insert(note_group_member), rows)


def leave_group_txn(tx: Tx, group_id: str, person_id: str, at: str) -> None:
    """Somebody is not in a group any more; that they were stays."""
    now = (
        note_group_member.c.group_id == group_id,
        note_group_member.c.person_id == person_id,
        note_group_member.c.until.is_(None),
    )
    tx.execute(update(note_group_member).where(*now).values(until=at))


def add_layer_txn(tx: Tx, version_id: str, group_id: str) -> None:
    """A group has a layer on a version from now on; added once."""
    if version_id not in layers_of_group(tx, group_id):
        tx.execute(insert(note_group_layer), {"version_id": version_id, "group_id": group_id})


def layers_of_group(read: Read, group_id: str) -> list[str]:
    """The versions on which a group has a layer, in order."""
    query = select(note_group_layer.c.version_id).where(note_group_layer.c.group_id == group_id)
    return [row.version_id for row in read.rows(query.order_by(note_group_layer.c.version_id))]


def layers_on(read: Read, versions: Sequence[str]) -> list[tuple[str, str]]:
    """Layers of groups on any of these versions, as (version, group)."""
    found = read.hot(_LAYERS_ON, {"ids": read.array(versions)})
    return [(version, group_id) for version, group_id in found]


_LAYERS_ON = Hot(
    select(note_group_layer.c.version_id, note_group_layer.c.group_id)
    .where(among(note_group_layer.c.version_id, "ids"))
    .order_by(note_group_layer.c.version_id, note_group_layer.c.group_id)
)
