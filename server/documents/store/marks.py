"""SQL of recipients' copies: papers made ready for names, whose copy carries which number, where names are wanted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, insert, select, update

from server.core.db import Read, Tx
from server.documents.models import Copy, Prepared
from server.documents.store.tables import paper, paper_copy, paper_mark, paper_version


def missing(read: Read, limit: int) -> list[str]:
    """Bytes that are to carry names and were not made ready yet, the latest first."""
    rows = read.rows(_MISSING.limit(limit))
    return list(dict.fromkeys(row.sha256 for row in rows))


def keep_txn(tx: Tx, content: str, prepared: Prepared | None) -> bool:
    """Remember what became of making bytes ready (None: they cannot be); whether that is news.

    Bytes that were made ready meanwhile stay: somebody may be reading them already, range by range.
    """
    row = tx.first(select(paper_mark.c.sha256).where(paper_mark.c.content == content))
    if row is not None and row.sha256 is not None:
        return False
    line, mask = (prepared.places.line, prepared.places.mask) if prepared else (0, 0)
    values = {
        "sha256": prepared.sha256 if prepared else None, "size": prepared.size if prepared else 0, "line_at": line,
        "mask_at": mask,
    }  # fmt: skip
    if tx.execute(update(paper_mark).where(paper_mark.c.content == content).values(**values)).rowcount == 0:
        tx.execute(insert(paper_mark).values(content=content, **values))
    return True


def carrying(read: Read, content: str) -> list[tuple[str, str]]:
    """(item, paper) of each published paper whose current version has these bytes and is to carry names."""
    current = (paper_version.c.paper_id == paper.c.id) & (paper_version.c.no == paper.c.versions)
    rows = read.rows(
        select(paper.c.item_id, paper.c.id)
        .select_from(paper.join(paper_version, current))
        .where(paper_version.c.sha256 == content, paper.c.state == "published", paper.c.marked)
        .order_by(paper.c.item_id, paper.c.id)
    )
    return [(row.item_id, row.id) for row in rows]


def set_marked_txn(tx: Tx, meeting_id: str, *, marked: bool) -> list[tuple[str, str]]:
    """Copies of the papers of a meeting carry names from now on, or no more; (item, paper) of the published ones."""
    tx.execute(update(paper).where(paper.c.meeting_id == meeting_id).values(marked=marked))
    rows = read_published(tx, meeting_id)
    return [(row.item_id, row.id) for row in rows]


def read_published(read: Read, meeting_id: str) -> list[Row[Any]]:
    """Item and id of the published papers of a meeting, item by item."""
    where = (paper.c.meeting_id == meeting_id) & (paper.c.state == "published")
    return list(read.rows(select(paper.c.item_id, paper.c.id).where(where).order_by(paper.c.item_id, paper.c.id)))


def set_exact_txn(tx: Tx, version_id: str) -> bool:
    """A version is served as it is from now on; whether that changes anything."""
    which = (paper_version.c.id == version_id) & paper_version.c.exact.is_(False)
    return bool(tx.execute(update(paper_version).where(which).values(exact=True)).rowcount)


def copy_of(read: Read, version_id: str, person_id: str) -> Copy | None:
    """The copy of a version that one recipient has."""
    row = read.first(_COPY, {"version": version_id, "person": person_id})
    return None if row is None else Copy(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


def insert_copy_txn(tx: Tx, copy: Copy) -> Copy:
    """Write a copy down, unless it is already; returns the one that is. Two first readings wait for each other here."""
    tx.first(select(paper_version.c.id).where(paper_version.c.id == copy.version_id).with_for_update())
    known = copy_of(tx, copy.version_id, copy.person_id)
    if known is None:
        tx.execute(insert(paper_copy).values(**msgspec.structs.asdict(copy)))
    return known or copy


def numbers(read: Read) -> Iterable[str]:
    """The number of every copy there is."""
    return (row.number for row in read.rows(select(paper_copy.c.number)))


def numbered(read: Read, number: str) -> Copy | None:
    """The copy that carries a number."""
    row = read.first(select(paper_copy).where(paper_copy.c.number == number))
    return None if row is None else Copy(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


_COPY = select(paper_copy).where(
    paper_copy.c.version_id == bindparam("version"), paper_copy.c.person_id == bindparam("person")
)
_MISSING = (
    select(paper_version.c.sha256)
    .select_from(paper_version.join(paper).outerjoin(paper_mark, paper_mark.c.content == paper_version.c.sha256))
    .where(
        paper.c.marked, paper.c.state == "published", paper_version.c.signed.is_(False),
        paper_version.c.exact.is_(False), paper_mark.c.content.is_(None),
    )
    .order_by(paper_version.c.id.desc())
)  # fmt: skip
