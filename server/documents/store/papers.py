"""SQL of papers and their versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, func, insert, select, update

from server.core.db import Hot, Read, Tx
from server.documents.models import PaperState, Purpose
from server.documents.store import versions
from server.documents.store.tables import (
    page_look,
    page_text,
    paper,
    paper_mark,
    paper_version,
    scanned_page,
    thumbnail,
)
from server.documents.wire import Paper


class NewPaper(Struct, frozen=True, kw_only=True):
    """A paper that is about to have its first version."""

    id: str
    meeting_id: str
    item_id: str
    position: int
    title: str
    symbol: str
    purpose: Purpose
    created_at: str
    created_by: str
    state: PaperState = "published"
    marked: bool = False


def load(read: Read, paper_id: str) -> Paper | None:
    """A paper with its current version."""
    return next(iter(_papers(read, {"id": paper_id}, _BY_ID)), None)


def lock_txn(tx: Tx, paper_id: str) -> Paper | None:
    """A paper, held until the end of the transaction."""
    tx.first(select(paper.c.id).where(paper.c.id == paper_id).with_for_update())
    return load(tx, paper_id)


def of_item(read: Read, item_id: str) -> list[Paper]:
    """All papers of an item, recalled ones too, in order."""
    return _papers(read, {"item": item_id}, _OF_ITEM)


def entities(read: Read, item_id: str) -> list[Paper]:
    """The papers' part of the state of stream ``i:``, in key order."""
    return sorted(of_item(read, item_id), key=lambda each: each.id)


def item_of(read: Read, paper_id: str) -> str | None:
    """The item that a paper belongs to."""
    found = read.scalar(select(paper.c.item_id).where(paper.c.id == paper_id))
    return None if found is None else str(found)


def same_source(read: Read, item_id: str, source_sha256: str) -> Paper | None:
    """The published paper of an item whose current version was made of these bytes."""
    row = read.first(_SAME_SOURCE, {"item": item_id, "source": source_sha256})
    return None if row is None else load(read, row.id)


def next_position(read: Read, item_id: str) -> int:
    """Where the next paper of an item stands, from 1."""
    ((last,),) = read.hot(_LAST, {"item": item_id})
    return 1 + (last or 0)


def insert_paper_txn(tx: Tx, new: NewPaper) -> None:
    """Store a paper that has no version yet."""
    fixed = {"downloadable": True, "versions": 0, "reason": "", "recalled_at": None, "recalled_by": None}
    tx.hot_many(_INSERT, [{**msgspec.structs.asdict(new), **fixed}])


def change_txn(tx: Tx, paper_id: str, values: Mapping[str, Any]) -> None:
    """Change columns of a paper."""
    if values:
        tx.execute(update(paper).where(paper.c.id == paper_id).values(**values))


def place_txn(tx: Tx, order: Sequence[str]) -> None:
    """Give the papers the positions 1, 2, … in this order."""
    tx.execute(
        update(paper).where(paper.c.id == bindparam("which")).values(position=bindparam("place")),
        [{"which": each, "place": number} for number, each in enumerate(order, start=1)],
    )


def contents(read: Read) -> set[str]:
    """Every SHA-256 that documents refer to: versions, what they were made of, words, looks, pictures."""
    found = {row.sha256 for row in read.rows(select(paper_version.c.sha256).distinct())}
    found |= {row.source_sha256 for row in read.rows(select(paper_version.c.source_sha256).distinct())}
    found |= {row.sha256 for row in read.rows(select(page_text.c.sha256).where(page_text.c.sha256.is_not(None)))}
    found |= {row.sha256 for row in read.rows(select(paper_mark.c.sha256).where(paper_mark.c.sha256.is_not(None)))}
    found |= {row.sha256 for row in read.rows(select(page_look.c.sha256).where(page_look.c.sha256.is_not(None)))}
    found |= {row.sha256 for row in read.rows(select(scanned_page.c.sha256).where(scanned_page.c.sha256.is_not(None)))}
    return found | {row.sha256 for row in read.rows(select(thumbnail.c.sha256))}


def refers_to(read: Read, sha256: str) -> bool:
    """Whether documents refer to these bytes."""
    columns = (
        paper_version.c.sha256, paper_version.c.source_sha256, thumbnail.c.sha256, page_text.c.sha256,
        page_look.c.sha256, scanned_page.c.sha256, paper_mark.c.sha256,
    )  # fmt: skip
    return any(read.first(select(column).where(column == sha256).limit(1)) is not None for column in columns)


def picture(read: Read, content: str, page: int) -> str | None:
    """The SHA-256 of a page's picture, if one was made."""
    found = read.scalar(select(thumbnail.c.sha256).where(thumbnail.c.content == content, thumbnail.c.page == page))
    return None if found is None else str(found)


def set_picture_txn(tx: Tx, content: str, page: int, sha256: str) -> None:
    """Remember a page's picture."""
    which = (thumbnail.c.content == content) & (thumbnail.c.page == page)
    if tx.execute(update(thumbnail).where(which).values(sha256=sha256)).rowcount == 0:
        tx.execute(insert(thumbnail).values(content=content, page=page, sha256=sha256))


def _papers(read: Read, params: Mapping[str, str], statement: Any) -> list[Paper]:  # noqa: ANN401 - a select
    rows = read.rows(statement, params)
    current = versions.current(read, (row.id for row in rows if row.state == "published"))
    return [
        Paper(
            id=row.id, meeting_id=row.meeting_id, item_id=row.item_id, position=row.position, title=row.title,
            symbol=row.symbol, purpose=row.purpose, state=row.state, version=current.get(row.id),
            versions=row.versions, downloadable=row.downloadable,
        )
        for row in rows
    ]  # fmt: skip


_LAST = Hot(select(func.max(paper.c.position)).where(paper.c.item_id == bindparam("item")))
_INSERT = Hot(insert(paper))
_BY_ID = select(paper).where(paper.c.id == bindparam("id"))
_OF_ITEM = select(paper).where(paper.c.item_id == bindparam("item")).order_by(paper.c.position, paper.c.id)
_SAME_SOURCE = (
    select(paper.c.id)
    .select_from(
        paper.join(paper_version, (paper_version.c.paper_id == paper.c.id) & (paper_version.c.no == paper.c.versions))
    )
    .where(
        paper.c.item_id == bindparam("item"),
        paper.c.state == "published",
        paper_version.c.source_sha256 == bindparam("source"),
    )
    .limit(1)
)
