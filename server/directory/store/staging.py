"""SQL of an import on its way in: its people and posts lie here, where nobody looks, until one act enters them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, Column, Integer, Table, Text, bindparam, delete, func, insert, not_, select, update

from server.core.db import Hot, Read, Tx, among, metadata
from server.directory.store import person, posting

# `renewed_at` is when its process last worked on it; `entered` says that it holds and that only tidying is left.
import_ = Table(
    "directory_import",
    metadata,
    Column("id", Text, primary_key=True),
    Column("renewed_at", Text, nullable=False),
    Column("entered", Boolean, nullable=False),
)
import_person = Table(
    "directory_import_person",
    metadata,
    Column("import_id", Text, primary_key=True),
    Column("is_new", Boolean, nullable=False),
    Column("id", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("full_name", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("sort_key", Text, nullable=False),
    Column("email", Text),
    Column("phone", Text),
)
import_posting = Table(
    "directory_import_posting",
    metadata,
    Column("import_id", Text, primary_key=True),
    Column("is_new", Boolean, nullable=False),
    Column("id", Text, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("body_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text),
)


def begin_txn(tx: Tx, import_id: str, at: str) -> None:
    """Note that an import is under way."""
    tx.execute(insert(import_).values(id=import_id, renewed_at=at, entered=False))


def stage_txn(
    tx: Tx, import_id: str, people: Sequence[dict[str, Any]], postings: Sequence[dict[str, Any]], at: str
) -> None:
    """Lay down some people and posts: dicts of the columns of their tables, and ``is_new``."""
    tx.hot_many(_STAGE_PERSON, [{"import_id": import_id, **row} for row in people])
    tx.hot_many(_STAGE_POSTING, [{"import_id": import_id, **row} for row in postings])
    tx.execute(update(import_).where(import_.c.id == import_id).values(renewed_at=at))


def count(read: Read, import_id: str) -> tuple[int, int]:
    """How many people and posts lie here."""
    people, posts = (
        read.scalar(select(func.count()).select_from(table).where(table.c.import_id == import_id))
        for table in (import_person, import_posting)
    )
    return int(people), int(posts)


def enter_people_txn(tx: Tx, import_id: str) -> None:
    """Add and change the people who lie here, by a statement each."""
    for statement in (_ADD_PEOPLE, _CHANGE_PEOPLE):
        tx.hot(statement, {"of": import_id})


def enter_postings_txn(tx: Tx, import_id: str) -> None:
    """Add and change the posts that lie here, by a statement each; their people and bodies are there."""
    for statement in (_ADD_POSTINGS, _CHANGE_POSTINGS):
        tx.hot(statement, {"of": import_id})
    tx.execute(update(import_).where(import_.c.id == import_id).values(entered=True))


def some_people(read: Read, import_id: str, limit: int) -> list[str]:
    """The ids of some of the people who lie here."""
    query = select(import_person.c.id).where(import_person.c.import_id == import_id).order_by(import_person.c.id)
    return [row.id for row in read.rows(query.limit(limit))]


def forget_people_txn(tx: Tx, import_id: str, ids: Sequence[str]) -> None:
    """These need not lie here any more."""
    tx.hot(_FORGET, {"of": import_id, "who": tx.array(ids)})


def end_txn(tx: Tx, import_id: str) -> None:
    """Forget the import and all that still lies here of it."""
    for table in (import_person, import_posting):
        tx.execute(delete(table).where(table.c.import_id == import_id))
    tx.execute(delete(import_).where(import_.c.id == import_id))


def left_behind(read: Read, before: str) -> list[tuple[str, bool]]:
    """Imports (id, entered) that hold but are not tidied up, or on which nobody has worked since ``before``."""
    query = select(import_.c.id, import_.c.entered).where(import_.c.entered | (import_.c.renewed_at < before))
    return [(row.id, bool(row.entered)) for row in read.rows(query.order_by(import_.c.id))]


def _adding(table: Table, staged: Table) -> Hot:
    names = table.c.keys()
    lying = select(*(staged.c[name] for name in names)).where(staged.c.import_id == bindparam("of"), staged.c.is_new)
    return Hot(insert(table).from_select(names, lying))


def _changing(table: Table, staged: Table, names: Sequence[str]) -> Hot:
    lying = (table.c.id == staged.c.id, staged.c.import_id == bindparam("of"), not_(staged.c.is_new))
    return Hot(update(table).where(*lying).values({name: staged.c[name] for name in names}))


_STAGE_PERSON = Hot(insert(import_person))
_STAGE_POSTING = Hot(insert(import_posting))
_ADD_PEOPLE = _adding(person, import_person)
_CHANGE_PEOPLE = _changing(person, import_person, ("full_name", "folded", "sort_key", "email", "phone"))
_ADD_POSTINGS = _adding(posting, import_posting)
_CHANGE_POSTINGS = _changing(posting, import_posting, ("body_id", "title", "valid_from", "valid_to"))
_FORGET = Hot(
    delete(import_person).where(import_person.c.import_id == bindparam("of"), among(import_person.c.id, "who"))
)
