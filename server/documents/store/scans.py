"""SQL of pages whose words a machine has to read: what waits, what is done, what was told of it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Join, and_, insert, select, update

from server.core.db import Read, Tx
from server.documents.models import Box, ScanState
from server.documents.store.tables import page_scan, page_text, paper, paper_version, scanned_page
from server.documents.store.versions import PageTable

_SOME = 500


class Waiting(Struct, frozen=True):
    """A page (from 1) of these bytes that is to be read next, the box of the page, and how often it was begun."""

    content: str
    page: int
    box: Box
    tries: int


class Count(Struct, frozen=True):
    """Pages of these bytes that have to be read, how many are, and of how many of them was told."""

    pages: int
    done: int
    told: int


def unplanned(read: Read, most: int) -> list[tuple[str, int]]:
    """Bytes (and their pages) of published papers whose words were taken out and not yet looked at for scans."""
    rows = read.rows(
        select(paper_version.c.sha256, paper_version.c.pages)
        .select_from(_published().join(page_text, page_text.c.content == paper_version.c.sha256))
        .outerjoin(page_scan, page_scan.c.content == paper_version.c.sha256)
        .where(paper.c.state == "published", page_scan.c.content.is_(None))
        .order_by(paper_version.c.id.desc())
        .limit(most)
    )
    return list({row.sha256: (row.sha256, int(row.pages)) for row in rows}.values())


def plan_txn(tx: Tx, content: str, pages: Sequence[int], state: ScanState) -> None:
    """Remember which pages have to be read, unless that is known already."""
    if tx.first(select(page_scan.c.content).where(page_scan.c.content == content)) is not None:
        return
    tx.execute(insert(page_scan).values(content=content, pages=len(pages), done=0, told=0, state=state))
    for start in range(0, len(pages), _SOME):
        fresh = [
            {"content": content, "page": page, "tries": 0, "finished": False} for page in pages[start : start + _SOME]
        ]
        tx.execute(insert(scanned_page), fresh)


def waiting(read: Read, first: int) -> Waiting | None:
    """The page to read next, of papers that are not recalled: pages up to ``first`` of all, then the newest paper's."""
    row = read.first(
        select(scanned_page.c.content, scanned_page.c.page, scanned_page.c.tries, paper_version.c.page_table)
        .select_from(_published().join(scanned_page, scanned_page.c.content == paper_version.c.sha256))
        .where(paper.c.state == "published", scanned_page.c.finished.is_(False))
        .order_by(scanned_page.c.page > first, paper_version.c.id.desc(), scanned_page.c.page)
        .limit(1)
    )
    if row is None:
        return None
    return Waiting(row.content, row.page, _table(row.page_table).boxes[row.page - 1], row.tries)


def begin_txn(tx: Tx, content: str, page: int) -> None:
    """Count one more beginning, so that a page that ends the whole server is not begun for ever."""
    tx.execute(update(scanned_page).where(_is(content, page)).values(tries=scanned_page.c.tries + 1))


def finish_txn(tx: Tx, content: str, page: int, sha256: str | None) -> Count | None:
    """Remember what was read on a page, once; None where it was finished before."""
    open_page = and_(_is(content, page), scanned_page.c.finished.is_(False))
    if tx.execute(update(scanned_page).where(open_page).values(finished=True, sha256=sha256)).rowcount == 0:
        return None
    tx.execute(update(page_scan).where(page_scan.c.content == content).values(done=page_scan.c.done + 1))
    row = tx.first(select(page_scan).where(page_scan.c.content == content))
    return None if row is None else Count(row.pages, row.done, row.told)


def stamp_of(read: Read, content: str) -> str:
    """The stamp of secrecy that was read on these bytes so far, or nothing."""
    return str(read.scalar(select(page_scan.c.secret_mark).where(page_scan.c.content == content)) or "")


def stamp_txn(tx: Tx, content: str, mark: str) -> None:
    """Remember the stamp of secrecy that was read on these bytes."""
    tx.execute(update(page_scan).where(page_scan.c.content == content).values(secret_mark=mark))


def tell_txn(tx: Tx, content: str, done: int, state: ScanState) -> None:
    """Remember what is told now."""
    tx.execute(update(page_scan).where(page_scan.c.content == content).values(told=done, state=state))


def unfinished(read: Read, state: ScanState, most: int) -> list[str]:
    """Bytes in a state in which something is still to be read; recalled ones too."""
    rows = read.rows(
        select(page_scan.c.content)
        .where(page_scan.c.state == state, page_scan.c.done < page_scan.c.pages)
        .order_by(page_scan.c.content)
        .limit(most)
    )
    return [row.content for row in rows]


def done_of(read: Read, content: str) -> int:
    """Of how many pages of these bytes all has been tried."""
    return int(read.scalar(select(page_scan.c.done).where(page_scan.c.content == content)) or 0)


def papers_with(read: Read, content: str) -> list[tuple[str, str]]:
    """(item, paper) of published papers whose current version has these bytes."""
    rows = read.rows(
        select(paper.c.item_id, paper.c.id)
        .select_from(_published())
        .where(paper.c.state == "published", paper_version.c.no == paper.c.versions, paper_version.c.sha256 == content)
        .order_by(paper.c.id)
    )
    return [(row.item_id, row.id) for row in rows]


def recognised(read: Read, content: str, after: int) -> list[tuple[int, str]]:
    """(page, SHA-256 of its words) of the pages after ``after`` on which something was read, in order."""
    rows = read.rows(
        select(scanned_page.c.page, scanned_page.c.sha256)
        .where(scanned_page.c.content == content, scanned_page.c.page > after, scanned_page.c.sha256.is_not(None))
        .order_by(scanned_page.c.page)
    )
    return [(row.page, row.sha256) for row in rows]


def _published() -> Join:
    return paper_version.join(paper, paper.c.id == paper_version.c.paper_id)


def _is(content: str, page: int) -> ColumnElement[bool]:
    return and_(scanned_page.c.content == content, scanned_page.c.page == page)


_table = msgspec.json.Decoder(PageTable).decode
