"""All SQL of the directory: bodies, tiers, people and postings. Days are ISO dates, the last day inclusive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    Row,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)

from server.core import journal
from server.core.db import Read, Tx, metadata
from server.directory.models import Known, KnownBody, KnownPerson, KnownPosting
from server.directory.wire import BodyView, PersonView, PostingView, TierView

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

tier = Table(
    "tier",
    metadata,
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("valid_from", Text, primary_key=True),
    Column("valid_to", Text),
    Column("citation", Text, nullable=False),
)
body = Table(
    "body",
    metadata,
    Column("id", Text, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("short_name", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("parent_id", Text, ForeignKey("body.id")),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text),
    Index("ix_body_parent_id", "parent_id"),
)
# `folded` is the name without marks, in lower case, for search; `sort_key` begins with the given name.
person = Table(
    "person",
    metadata,
    Column("id", Text, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("full_name", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("sort_key", Text, nullable=False),
    Column("email", Text),
    Column("phone", Text),
    Index("ix_person_sort_key", "sort_key", "id"),
)
# `rank` 0 is the main post of a person; a post that replaces another takes its rank.
posting = Table(
    "posting",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False),
    Column("body_id", Text, ForeignKey("body.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text),
    Index("ix_posting_person_id", "person_id"),
    Index("ix_posting_body_id", "body_id"),
)

# Fewer than the parameters that either engine takes in one statement.
IDS_AT_ONCE = 500


def _not_over(table: Table, day: str) -> ColumnElement[bool]:
    return or_(table.c.valid_to.is_(None), table.c.valid_to >= day)


def _in_force(table: Table, day: str) -> ColumnElement[bool]:
    return and_(table.c.valid_from <= day, _not_over(table, day))


def _after(table: Table, day: str) -> ColumnElement[bool]:
    return or_(table.c.valid_to.is_(None), table.c.valid_to > day)


def tiers(read: Read) -> tuple[TierView, ...]:
    """All tiers that ever were, the newest rows first."""
    rows = read.rows(select(tier).order_by(tier.c.valid_from.desc(), tier.c.key))
    return tuple(TierView(**row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's public name


def tier_in_force(read: Read, key: str, day: str) -> bool:
    """Whether there is such a tier on that day."""
    return read.first(select(tier.c.key).where(tier.c.key == key, _in_force(tier, day))) is not None


def body_by_id(read: Read, body_id: str) -> BodyView | None:
    """One body, whether in force or not."""
    row = read.first(select(body).where(body.c.id == body_id))
    return None if row is None else BodyView(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


def body_id_of_code(read: Read, code: str) -> str | None:
    """The id of a body by its code."""
    found: str | None = read.scalar(select(body.c.id).where(body.c.code == code))
    return found


def bodies(read: Read, day: str) -> list[BodyView]:
    """The bodies in force on a day, in no order of descent."""
    rows = read.rows(select(body).where(_in_force(body, day)).order_by(body.c.code))
    return [BodyView(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


def body_names(read: Read, ids: Iterable[str]) -> dict[str, str]:
    """Names of bodies by id; ids that are none are left out."""
    wanted = sorted(set(ids))
    return {
        row.id: row.name
        for start in range(0, len(wanted), IDS_AT_ONCE)
        for row in read.rows(select(body.c.id, body.c.name).where(body.c.id.in_(wanted[start : start + IDS_AT_ONCE])))
    }


def insert_bodies_txn(tx: Tx, views: Sequence[BodyView]) -> None:
    """New bodies; parents must stand before their children."""
    names = body.c.keys()
    if views:
        tx.execute(insert(body), [{name: getattr(view, name) for name in names} for view in views])


def update_body_txn(tx: Tx, body_id: str, values: dict[str, Any]) -> None:
    """Change columns of a body."""
    tx.execute(update(body).where(body.c.id == body_id).values(**values))


def is_below(read: Read, body_id: str, above: str) -> bool:
    """Whether a body is ``above`` itself or anywhere below it."""
    return read.first(select(body.c.id).where(body.c.id == body_id, body.c.id.in_(_below(above)))) is not None


def outlasting(read: Read, body_id: str, day: str) -> tuple[int, int]:
    """How many bodies right below a body, and posts in it, are still there after a day."""
    children = select(func.count()).select_from(body).where(body.c.parent_id == body_id, _after(body, day))
    posts = select(func.count()).select_from(posting).where(posting.c.body_id == body_id, _after(posting, day))
    return int(read.scalar(children)), int(read.scalar(posts))


def has_post_after(read: Read, person_id: str, body_id: str, day: str) -> bool:
    """Whether a person holds a post in a body on any day after this one."""
    held = (posting.c.person_id == person_id, posting.c.body_id == body_id, _after(posting, day))
    return read.first(select(posting.c.id).where(*held)) is not None


def person_exists(read: Read, person_id: str) -> bool:
    """Whether there is such a person."""
    return read.first(select(person.c.id).where(person.c.id == person_id)) is not None


def person_id_of_code(read: Read, code: str) -> str | None:
    """The id of a person by the code."""
    found: str | None = read.scalar(select(person.c.id).where(person.c.code == code))
    return found


def insert_people_txn(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """New people: dicts of the columns of ``person``."""
    if rows:
        tx.execute(insert(person), rows)


def update_person_txn(tx: Tx, person_id: str, values: dict[str, Any]) -> None:
    """Change columns of a person."""
    tx.execute(update(person).where(person.c.id == person_id).values(**values))


def insert_postings_txn(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """New postings: dicts of the columns of ``posting``."""
    if rows:
        tx.execute(insert(posting), rows)


def end_postings_txn(tx: Tx, ends: Sequence[tuple[str, str]]) -> None:
    """Set the last day of postings: pairs (posting id, day)."""
    if ends:
        tx.execute(
            update(posting).where(posting.c.id == bindparam("row_id")).values(valid_to=bindparam("day")),
            [{"row_id": posting_id, "day": day} for posting_id, day in ends],
        )


def posting_by_id(read: Read, posting_id: str) -> Row[Any] | None:
    """The row of a posting."""
    return read.first(select(posting).where(posting.c.id == posting_id))


def people(read: Read, ids: Iterable[str], day: str) -> dict[str, PersonView]:
    """People by id with their posts on a day and those to come; ids that are nobody are left out.

    Two statements for each 500.
    """
    wanted = sorted(set(ids))
    found: dict[str, PersonView] = {}
    for start in range(0, len(wanted), IDS_AT_ONCE):
        part = wanted[start : start + IDS_AT_ONCE]
        rows = read.rows(select(person).where(person.c.id.in_(part)))
        posts = _postings(read, part, day)
        found |= {
            row.id: PersonView(
                id=row.id,
                code=row.code,
                full_name=row.full_name,
                email=row.email,
                phone=row.phone,
                postings=tuple(each for each in posts.get(row.id, ()) if each.valid_from <= day),
                coming=tuple(
                    sorted(
                        (each for each in posts.get(row.id, ()) if each.valid_from > day),
                        key=attrgetter("valid_from"),
                    )
                ),
            )
            for row in rows
        }
    return found


def _postings(read: Read, ids: Sequence[str], day: str) -> dict[str, list[PostingView]]:
    rows = read.rows(
        select(posting, body.c.name.label("body_name"))
        .join(body, body.c.id == posting.c.body_id)
        .where(posting.c.person_id.in_(ids), _not_over(posting, day))
        .order_by(posting.c.person_id, posting.c.rank, posting.c.valid_from, posting.c.id)
    )
    found: dict[str, list[PostingView]] = {}
    for row in rows:
        view = PostingView(
            id=row.id,
            body_id=row.body_id,
            body_name=row.body_name,
            title=row.title,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        found.setdefault(row.person_id, []).append(view)
    return found


def search(
    read: Read, words: Sequence[str], under: str | None, day: str, limit: int, offset: int, *, coming: bool = False
) -> tuple[int, list[str]]:
    """How many people match all folded ``words`` and hold a post in or below ``under``; and one page of their ids.

    ``coming``: posts that begin after ``day`` count too.
    """
    matching: Select[Any] = select(person.c.id, person.c.sort_key)
    for word in words:
        matching = matching.where(person.c.folded.contains(word, autoescape=True))
    if under is not None:
        counted = (_not_over if coming else _in_force)(posting, day)
        held = select(posting.c.person_id).where(counted, posting.c.body_id.in_(_below(under)))
        matching = matching.where(person.c.id.in_(held))
    total = read.scalar(select(func.count()).select_from(matching.subquery()))
    page = matching.order_by(person.c.sort_key, person.c.id).limit(limit).offset(offset)
    return total, [row.id for row in read.rows(page)]


def mark(read: Read, stream: str) -> int:
    """How many acts the directory's own audit stream holds: it changes with every change."""
    return journal.head(read, stream)


def known(read: Read, stream: str, day: str) -> Known:
    """The whole directory before an import: all bodies and people, and the posts that have not ended by ``day``."""
    codes = {row.id: row.code for row in read.rows(select(body.c.id, body.c.code))}
    return Known(
        mark=mark(read, stream),
        bodies=tuple(
            KnownBody(
                id=row.id, code=row.code, name=row.name, tier=row.tier, parent_code=codes.get(row.parent_id, ""),
                valid_from=row.valid_from, valid_to=row.valid_to,
            )
            for row in read.rows(select(body))
        ),
        people=tuple(
            KnownPerson(id=row.id, code=row.code, full_name=row.full_name, email=row.email, phone=row.phone)
            for row in read.rows(select(person))
        ),
        postings=tuple(
            KnownPosting(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
            for row in read.rows(select(posting).where(_not_over(posting, day)))
        ),
        tiers=frozenset(row.key for row in read.rows(select(tier.c.key).where(_in_force(tier, day)))),
    )  # fmt: skip


def apply_bodies_txn(tx: Tx, new: Sequence[KnownBody], changed: Sequence[KnownBody]) -> None:
    """Add bodies, parents first, and change others; a short name that was the name follows it."""
    ids = {row.code: row.id for row in tx.rows(select(body.c.code, body.c.id))} | {each.code: each.id for each in new}
    rows = [
        {
            "id": each.id, "code": each.code, "name": each.name, "short_name": each.name, "tier": each.tier,
            "parent_id": ids.get(each.parent_code), "valid_from": each.valid_from, "valid_to": each.valid_to,
        }
        for each in new
    ]  # fmt: skip
    if rows:
        tx.execute(insert(body), rows)
    for each in changed:
        short_name = case((body.c.short_name == body.c.name, each.name), else_=body.c.short_name)
        values = {"name": each.name, "short_name": short_name, "tier": each.tier, "valid_to": each.valid_to}
        update_body_txn(tx, each.id, {**values, "parent_id": ids.get(each.parent_code)})


def _below(body_id: str) -> Select[Any]:
    """Ids of a body and of all below it."""
    found = select(body.c.id).where(body.c.id == body_id).cte("below", recursive=True)
    found = found.union(select(body.c.id).where(body.c.parent_id == found.c.id))
    return select(found.c.id)
