"""SQL of what came in and is no paper yet: its files, the queue of conversions and who works on it until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update

from server.core.db import Read, Tx
from server.documents.models import Findings, IncomingStage, Purpose
from server.documents.store.tables import incoming, incoming_file
from server.documents.wire import Incoming


class File(Struct, frozen=True, kw_only=True):
    """One file as it came. ``no``: its place among the files of one paper, from 1."""

    no: int
    filename: str
    kind: str
    sha256: str
    size: int


class Stored(Struct, frozen=True, kw_only=True):
    """A row with its files in order. ``files``: how many there are to be."""

    id: str
    meeting_id: str
    item_id: str
    paper_id: str | None
    title: str
    symbol: str
    purpose: Purpose
    batch: str
    files: int
    stage: IncomingStage
    done: int
    tries: int
    leased_until: str | None
    reason: str | None
    sha256: str | None
    size: int
    findings: bytes | None
    source_sha256: str | None
    source_kind: str
    created_at: str
    created_by: str
    secret_mark: str = ""
    given: tuple[File, ...] = ()

    @property
    def found(self) -> Findings:
        """What the gate found in the PDF; nothing before there is one."""
        return Findings() if self.findings is None else _findings(self.findings)

    @property
    def mark(self) -> str:
        """The stamp of secrecy that was found in its text, as it came or as a PDF."""
        return self.secret_mark or self.found.secret_mark

    @property
    def entity(self) -> Incoming:
        """As it goes over the wire."""
        first = self.given[0] if self.given else None
        return Incoming(
            id=self.id, meeting_id=self.meeting_id, item_id=self.item_id, paper_id=self.paper_id, title=self.title,
            symbol=self.symbol, purpose=self.purpose, filename=first.filename if first else "",
            format=first.kind if first else "", files=self.files, stage=self.stage, done=self.done,
            pages=self.found.pages, size=self.size, reason=self.reason, at=self.created_at, by=self.created_by,
            secret_mark=self.mark,
        )  # fmt: skip


def insert_txn(tx: Tx, new: Stored) -> None:
    """Store a row without its files."""
    values = {name: value for name, value in msgspec.structs.asdict(new).items() if name != "given"}
    tx.execute(insert(incoming).values(**values))


def add_file_txn(tx: Tx, incoming_id: str, file: File) -> None:
    """Store one file of a row."""
    tx.execute(insert(incoming_file).values(incoming_id=incoming_id, **msgspec.structs.asdict(file)))


def change_txn(tx: Tx, incoming_id: str, values: Mapping[str, Any]) -> None:
    """Change columns of a row."""
    tx.execute(update(incoming).where(incoming.c.id == incoming_id).values(**values))


def renew_txn(tx: Tx, incoming_id: str, tries: int, lease: str) -> None:
    """Keep a conversion for who has begun it, unless somebody else has by now."""
    mine = (incoming.c.id == incoming_id) & (incoming.c.tries == tries) & (incoming.c.stage == "converting")
    tx.execute(update(incoming).where(mine).values(leased_until=lease))


def drop_txn(tx: Tx, incoming_id: str) -> None:
    """Forget a row; its bytes go when nothing else refers to them."""
    tx.execute(delete(incoming_file).where(incoming_file.c.incoming_id == incoming_id))
    tx.execute(delete(incoming).where(incoming.c.id == incoming_id))


def load(read: Read, incoming_id: str) -> Stored | None:
    """A row with its files."""
    return next(iter(_stored(read, incoming.c.id == incoming_id)), None)


def lock_txn(tx: Tx, incoming_id: str) -> Stored | None:
    """A row, held until the end of the transaction."""
    tx.first(select(incoming.c.id).where(incoming.c.id == incoming_id).with_for_update())
    return load(tx, incoming_id)


def of_batch(read: Read, person_id: str, batch: str) -> str | None:
    """The row that this person's batch goes into, if its first file is there."""
    which = (incoming.c.created_by == person_id) & (incoming.c.batch == batch)
    found: str | None = read.scalar(select(incoming.c.id).where(which))
    return found


def of_item(read: Read, item_id: str) -> list[Stored]:
    """The rows of an item."""
    return _stored(read, incoming.c.item_id == item_id)


def of_meeting(read: Read, meeting_id: str) -> list[Stored]:
    """The rows of a meeting."""
    return _stored(read, incoming.c.meeting_id == meeting_id)


def of_person(read: Read, person_id: str) -> list[Stored]:
    """The rows of what a person brought."""
    return _stored(read, incoming.c.created_by == person_id)


def count(read: Read, meeting_id: str) -> int:
    """How many rows a meeting has."""
    return int(read.scalar(select(func.count()).where(incoming.c.meeting_id == meeting_id)) or 0)


def next_waiting(read: Read, now: str) -> str | None:
    """What is to be converted next: the oldest that waits, or whose conversion has ended without a word."""
    left = (incoming.c.stage == "converting") & or_(incoming.c.leased_until.is_(None), incoming.c.leased_until < now)
    found: str | None = read.scalar(
        select(incoming.c.id).where(or_(incoming.c.stage == "waiting", left)).order_by(incoming.c.id).limit(1)
    )
    return found


def contents(read: Read) -> Iterable[str]:
    """Every SHA-256 that rows refer to."""
    yield from (row.sha256 for row in read.rows(select(incoming_file.c.sha256)))
    for column in (incoming.c.sha256, incoming.c.source_sha256):
        yield from (row[0] for row in read.rows(select(column).where(column.is_not(None))))


def _stored(read: Read, which: ColumnElement[bool]) -> list[Stored]:
    rows = read.rows(select(incoming).where(which).order_by(incoming.c.id))
    files = _files(read, [row.id for row in rows])
    return [Stored(**row._mapping, given=tuple(files.get(row.id, ()))) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


def _files(read: Read, ids: Sequence[str]) -> dict[str, list[File]]:
    found: dict[str, list[File]] = {}
    query = select(incoming_file).where(incoming_file.c.incoming_id.in_(ids))
    for row in read.rows(query.order_by(incoming_file.c.incoming_id, incoming_file.c.no)):
        file = File(no=row.no, filename=row.filename, kind=row.kind, sha256=row.sha256, size=row.size)
        found.setdefault(row.incoming_id, []).append(file)
    return found


_findings = msgspec.json.Decoder(Findings).decode
