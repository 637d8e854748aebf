"""All SQL of numbers: the heads of the series, the entries of the book, and letters that have a series of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import Struct
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Row, Table, Text, UniqueConstraint, and_, insert, select
from sqlalchemy import update as update_table
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from server.core.db import metadata
from server.signatures.rules.numbering import Series

if TYPE_CHECKING:
    from server.core.db import Read, Tx
    from server.signatures.wire import PaperKind

EntryState = Literal["reserved", "used", "struck"]
Source = Literal["dossier", "paper", "opening"]

# The head is the last number given; whoever takes the next holds this row until the end of the transaction.
number_series = Table(
    "number_series",
    metadata,
    Column("body_id", Text, primary_key=True),
    Column("year", BigInteger, primary_key=True),
    Column("paper_kind", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("head", BigInteger, nullable=False),
    Column("last_dated", Text),
)

# A number is reserved with its entry in one transaction, so the entries of a series are its numbers without a gap.
# `due_at`: when somebody else may take up what was reserved and not yet put on the paper.
number_entry = Table(
    "number_entry",
    metadata,
    Column("id", Text, primary_key=True),
    Column("body_id", Text, nullable=False),
    Column("year", BigInteger, nullable=False),
    Column("paper_kind", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("dated", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("signer", Text, nullable=False),
    Column("recipients", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("dossier_id", Text, ForeignKey("dossier.id")),
    Column("base_sha256", Text, nullable=False),
    Column("version_id", Text, ForeignKey("paper_version.id")),
    Column("reserved_by", Text, nullable=False),
    Column("reserved_at", Text, nullable=False),
    Column("due_at", Text, nullable=False),
    Column("confirmed_at", Text),
    Column("reason", Text, nullable=False),
    UniqueConstraint("body_id", "year", "paper_kind", "code", "number"),
    UniqueConstraint("dossier_id"),
    Index("ix_number_entry_state", "state", "due_at"),
)

number_code = Table(
    "number_code",
    metadata,
    Column("body_id", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("citation", Text, nullable=False),
)


class Entry(Struct, frozen=True, kw_only=True):
    """A line of the book: a number of a series, what it stands on, and what has become of it."""

    id: str
    body_id: str
    year: int
    paper_kind: PaperKind
    code: str
    number: int
    symbol: str
    dated: str
    title: str
    signer: str
    recipients: str
    source: Source
    state: EntryState
    dossier_id: str | None
    base_sha256: str
    version_id: str | None
    reserved_by: str
    reserved_at: str
    due_at: str
    confirmed_at: str | None
    reason: str


class Code(Struct, frozen=True, kw_only=True):
    """Letters of a council or board whose papers are numbered in a series of their own, and by what rule."""

    code: str
    name: str
    citation: str


# ---- series


def next_txn(tx: Tx, series: Series) -> tuple[int, str | None]:
    """Take the next number of a series, held until the end; with the date of the last one."""
    _make_txn(tx, series)
    rise = update_table(number_series).where(_of(number_series, series)).values(head=number_series.c.head + 1)
    row = tx.execute(rise.returning(number_series.c.head, number_series.c.last_dated)).one()
    return int(row.head), row.last_dated


def date_txn(tx: Tx, series: Series, dated: str) -> None:
    """Note the date of the last number that was taken."""
    tx.execute(update_table(number_series).where(_of(number_series, series)).values(last_dated=dated))


def open_txn(tx: Tx, series: Series, last: int) -> bool:
    """Let a series go on after ``last``, which was given on paper; False where it has given numbers already."""
    _make_txn(tx, series)
    fresh = and_(_of(number_series, series), number_series.c.head == 0)
    return tx.execute(update_table(number_series).where(fresh).values(head=last)).rowcount == 1


def head(read: Read, series: Series) -> int:
    """The last number that was given; 0 for none."""
    return read.scalar(select(number_series.c.head).where(_of(number_series, series))) or 0


def heads(read: Read, body_id: str, year: int) -> list[tuple[Series, int, str]]:
    """The series of a body that have given numbers in a year, with the last of each and its date."""
    of_body = and_(number_series.c.body_id == body_id, number_series.c.year == year, number_series.c.head > 0)
    order = (number_series.c.paper_kind, number_series.c.code)
    return [
        (
            Series(body_id=body_id, year=year, paper_kind=row.paper_kind, code=row.code),
            int(row.head),
            row.last_dated or "",
        )
        for row in read.rows(select(number_series).where(of_body).order_by(*order))
    ]


def openings(read: Read, body_id: str, year: int) -> dict[Series, int]:
    """Up to which number the book on paper had given those of a series, where it was let go on."""
    found = and_(
        number_entry.c.body_id == body_id, number_entry.c.year == year, number_entry.c.source == "opening"
    )  # fmt: skip
    return {
        Series(body_id=body_id, year=year, paper_kind=row.paper_kind, code=row.code): int(row.number)
        for row in read.rows(select(number_entry).where(found))
    }


def _make_txn(tx: Tx, series: Series) -> None:
    make = insert_sqlite if tx.is_sqlite else insert_postgresql
    values = {**msgspec.structs.asdict(series), "head": 0}
    tx.execute(make(number_series).values(**values).on_conflict_do_nothing())


def _of(table: Table, series: Series) -> Any:  # noqa: ANN401 - a condition
    return and_(*(table.c[name] == value for name, value in msgspec.structs.asdict(series).items()))


# ---- entries


def entry(read: Read, entry_id: str) -> Entry | None:
    """A line of the book."""
    return _one(read, number_entry.c.id == entry_id)


def entry_of(read: Read, dossier_id: str) -> Entry | None:
    """The number of a dossier."""
    return _one(read, number_entry.c.dossier_id == dossier_id)


def insert_txn(tx: Tx, entry: Entry) -> None:
    """Store a new line."""
    tx.execute(insert(number_entry).values(**msgspec.structs.asdict(entry)))


def change_txn(tx: Tx, entry_id: str, **values: str | None) -> None:
    """Write what has become of a line; its number, symbol and date never change."""
    tx.execute(update_table(number_entry).where(number_entry.c.id == entry_id).values(**values))


def take_due_txn(tx: Tx, now: str, until: str) -> Entry | None:
    """A number that was reserved, not confirmed, and whose taker has not been heard of; taken until ``until``."""
    due = and_(number_entry.c.state == "reserved", number_entry.c.due_at <= now)
    query = select(number_entry).where(due).order_by(number_entry.c.due_at).limit(1)
    row = tx.first(query.with_for_update(skip_locked=True))
    if row is None:
        return None
    change_txn(tx, row.id, due_at=until)
    return _entry(row)


def entries(read: Read, body_id: str, year: int, paper_kind: str | None = None) -> list[Entry]:
    """The lines of a body's book in a year, of one kind or of all, in the order of kind, code and number."""
    found = and_(number_entry.c.body_id == body_id, number_entry.c.year == year)
    if paper_kind is not None:
        found = and_(found, number_entry.c.paper_kind == paper_kind)
    order = (number_entry.c.paper_kind, number_entry.c.code, number_entry.c.number)
    return [_entry(row) for row in read.rows(select(number_entry).where(found).order_by(*order))]


def years(read: Read, body_id: str) -> list[int]:
    """The years that a body's book has lines of, the newest first."""
    query = select(number_entry.c.year).where(number_entry.c.body_id == body_id).distinct()
    return sorted((int(row.year) for row in read.rows(query)), reverse=True)


def _one(read: Read, condition: Any) -> Entry | None:  # noqa: ANN401 - a condition
    row = read.first(select(number_entry).where(condition))
    return None if row is None else _entry(row)


def _entry(row: Row[Any]) -> Entry:
    return Entry(**dict(row._mapping))  # noqa: SLF001 - public there


# ---- letters


def codes(read: Read, body_id: str) -> list[Code]:
    """The letters that have a series of their own in a body, in order."""
    query = select(number_code).where(number_code.c.body_id == body_id).order_by(number_code.c.code)
    return [Code(code=row.code, name=row.name, citation=row.citation) for row in read.rows(query)]


def put_code_txn(tx: Tx, body_id: str, code: Code) -> None:
    """Enter letters, or change what they are called."""
    make = insert_sqlite if tx.is_sqlite else insert_postgresql
    said = {"name": code.name, "citation": code.citation}
    row = make(number_code).values(body_id=body_id, **msgspec.structs.asdict(code))
    tx.execute(row.on_conflict_do_update(index_elements=["body_id", "code"], set_=said))
