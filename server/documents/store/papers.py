"""SQL of papers and their versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Row, bindparam, func, insert, select, update

from server.core.db import Hot, Read, Tx
from server.documents.models import Box, Findings, Marking, PaperState, Places, Prepared, Purpose, Rendition, Size
from server.documents.rules import INLINE_PAGES, marking
from server.documents.store.tables import (
    page_look,
    page_scan,
    page_text,
    paper,
    paper_mark,
    paper_version,
    scanned_page,
    thumbnail,
)
from server.documents.wire import Paper, Scan, Version


class PageTable(Struct, frozen=True):
    """Sizes and boxes of all pages, as a version keeps them."""

    sizes: tuple[Size, ...]
    boxes: tuple[Box, ...]


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


class Held(Struct, frozen=True, kw_only=True):
    """What decides who gets the bytes of a version: whose they are and whether they were recalled.

    ``kind``: what kind of file the bytes are; a version is a PDF, its original may be anything.
    """

    id: str
    paper_id: str
    meeting_id: str
    item_id: str
    title: str
    state: PaperState
    downloadable: bool
    sha256: str
    size: int
    pages: int
    signed: bool = False
    kind: str = "pdf"
    mark: Marking = "none"
    prepared: Prepared | None = None


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


def held(read: Read, version_id: str) -> Held | None:
    """What decides who gets the bytes of a version, or None."""
    row = read.first(_HELD, {"id": version_id})
    return None if row is None else _held(row)


def source_of(read: Read, version_id: str) -> str | None:
    """The SHA-256 of the file as it was uploaded for a version."""
    found: str | None = read.scalar(select(paper_version.c.source_sha256).where(paper_version.c.id == version_id))
    return found


def rendition(read: Read, paper_id: str, version_id: str) -> Rendition | None:
    """The bytes of a version of a paper with what was found in them, as the next version may have them too."""
    which = (paper_version.c.id == version_id) & (paper_version.c.paper_id == paper_id)
    row = read.first(select(paper_version).where(which))
    if row is None:
        return None
    table = _decode(row.page_table)
    found = Findings(
        pages=row.pages, signed=row.signed, has_text=row.has_text, sizes=table.sizes, boxes=table.boxes, kind="pdf"
    )
    return Rendition(
        sha256=row.sha256, size=row.size, source_sha256=row.source_sha256, source_kind=row.source_kind, findings=found
    )


def source_kind_of(read: Read, version_id: str) -> str:
    """Of what kind the file was that a version was made of."""
    found: str | None = read.scalar(select(paper_version.c.source_kind).where(paper_version.c.id == version_id))
    return found or "pdf"


def version(read: Read, version_id: str) -> Version | None:
    """A version with its whole page table."""
    row = read.first(_VERSION.where(paper_version.c.id == version_id))
    return None if row is None else _version(row, INLINE_PAGES * 1000)


def versions(read: Read, paper_id: str) -> list[Version]:
    """All versions of a paper, newest first."""
    rows = read.rows(_VERSION.where(paper_version.c.paper_id == paper_id).order_by(paper_version.c.no.desc()))
    return [_version(row, INLINE_PAGES) for row in rows]


def version_ids(read: Read, item_id: str, *, state: PaperState) -> list[str]:
    """Every version of the papers of an item that are in this state."""
    rows = read.rows(
        select(paper_version.c.id)
        .select_from(paper_version.join(paper))
        .where(paper.c.item_id == item_id, paper.c.state == state)
        .order_by(paper_version.c.id)
    )
    return [row.id for row in rows]


def version_ids_of(read: Read, paper_id: str) -> list[str]:
    """Every version of a paper, oldest first."""
    rows = read.rows(
        select(paper_version.c.id).where(paper_version.c.paper_id == paper_id).order_by(paper_version.c.no)
    )
    return [row.id for row in rows]


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


def insert_version_txn(tx: Tx, version_id: str, paper_id: str, rendition: Rendition, issued: tuple[str, str]) -> None:
    """Store the next version of a paper. ``issued``: when, by whom."""
    findings = rendition.findings
    ((no,),) = tx.hot(_NEXT, {"which": paper_id})
    row = {
        "id": version_id, "paper_id": paper_id, "no": no, "sha256": rendition.sha256, "size": rendition.size,
        "source_sha256": rendition.source_sha256, "source_kind": rendition.source_kind, "pages": findings.pages,
        "page_table": msgspec.json.encode(PageTable(findings.sizes, findings.boxes)), "has_text": findings.has_text,
        "signed": findings.signed, "exact": False, "issued_at": issued[0], "issued_by": issued[1],
    }  # fmt: skip
    tx.hot_many(_INSERT_VERSION, [row])


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
    current = _current(read, (row.id for row in rows if row.state == "published"))
    return [
        Paper(
            id=row.id, meeting_id=row.meeting_id, item_id=row.item_id, position=row.position, title=row.title,
            symbol=row.symbol, purpose=row.purpose, state=row.state, version=current.get(row.id),
            versions=row.versions, downloadable=row.downloadable,
        )
        for row in rows
    ]  # fmt: skip


def _current(read: Read, papers: Iterable[str]) -> dict[str, Version]:
    rows = read.rows(_CURRENT, {"ids": list(papers)})
    return {row.paper_id: _version(row, INLINE_PAGES) for row in rows}


def _version(row: Row[Any], most_pages: int) -> Version:
    table = _decode(row.page_table) if row.pages <= most_pages else PageTable((), ())
    scan = Scan(pages=row.scans, done=row.scans_told, state=row.scan_state) if row.scans else None
    mark, prepared = _marking(row)
    return Version(
        id=row.id, no=row.no, sha256=row.sha256, size=prepared.size if prepared else row.size, pages=row.pages,
        sizes=table.sizes, boxes=table.boxes, issued_at=row.issued_at, has_text=row.has_text, signed=row.signed,
        scan=scan, mark=mark, edition=edition_of(prepared),
    )  # fmt: skip


def edition_of(prepared: Prepared | None) -> str:
    """What names the bytes that are served, where they are not the version's own."""
    return prepared.sha256[:12] if prepared else ""


def _marking(row: Row[Any]) -> tuple[Marking, Prepared | None]:
    """How it carries its reader's name, with the bytes that do where it is in them."""
    tried = None if row.mark_tried is None else row.mark_sha256 is not None
    mark = marking(marked=row.marked, untouchable=row.signed or row.exact, prepared=tried)
    prepared = Prepared(row.mark_sha256, row.mark_size, Places(row.line_at, row.mask_at)) if mark == "file" else None
    return mark, prepared


def _held(row: Row[Any]) -> Held:
    mark, prepared = _marking(row)
    return Held(
        id=row.id, paper_id=row.paper_id, meeting_id=row.meeting_id, item_id=row.item_id, title=row.title,
        state=row.state, downloadable=row.downloadable, sha256=row.sha256, size=row.size, pages=row.pages,
        signed=row.signed, mark=mark, prepared=prepared,
    )  # fmt: skip


_decode = msgspec.json.Decoder(PageTable).decode
_MARK = (
    paper.c.marked, paper_mark.c.content.label("mark_tried"), paper_mark.c.sha256.label("mark_sha256"),
    paper_mark.c.size.label("mark_size"), paper_mark.c.line_at, paper_mark.c.mask_at,
)  # fmt: skip
_MARKED = paper_version.join(paper).outerjoin(paper_mark, paper_mark.c.content == paper_version.c.sha256)
_VERSION = select(
    paper_version, page_scan.c.pages.label("scans"), page_scan.c.told.label("scans_told"),
    page_scan.c.state.label("scan_state"), *_MARK,
).select_from(_MARKED.outerjoin(page_scan, page_scan.c.content == paper_version.c.sha256))  # fmt: skip
_CURRENT = _VERSION.where(
    paper_version.c.paper_id == paper.c.id,
    paper_version.c.no == paper.c.versions,
    paper.c.id.in_(bindparam("ids", expanding=True)),
)
_LAST = Hot(select(func.max(paper.c.position)).where(paper.c.item_id == bindparam("item")))
_INSERT = Hot(insert(paper))
_INSERT_VERSION = Hot(insert(paper_version))
_NEXT = Hot(
    update(paper)
    .where(paper.c.id == bindparam("which"))
    .values(versions=paper.c.versions + 1)
    .returning(paper.c.versions)
)
_BY_ID = select(paper).where(paper.c.id == bindparam("id"))
_OF_ITEM = select(paper).where(paper.c.item_id == bindparam("item")).order_by(paper.c.position, paper.c.id)
_HELD = (
    select(
        paper_version.c.id, paper_version.c.paper_id, paper.c.meeting_id, paper.c.item_id, paper.c.title, paper.c.state,
        paper.c.downloadable, paper_version.c.sha256, paper_version.c.size, paper_version.c.pages,
        paper_version.c.signed, paper_version.c.exact, *_MARK,
    )
    .select_from(_MARKED)
    .where(paper_version.c.id == bindparam("id"))
)  # fmt: skip
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
