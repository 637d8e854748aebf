"""SQL of the immutable versions of papers: their bytes, their page tables, who may be served what of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Row, bindparam, case, exists, insert, select, update

from server.core.db import Hot, Read, Tx
from server.documents.models import Box, Findings, Marking, PaperState, Places, Prepared, Rendition, Size
from server.documents.rules import INLINE_PAGES, marking
from server.documents.store.tables import page_scan, paper, paper_mark, paper_override, paper_version
from server.documents.wire import Scan, Version


class PageTable(Struct, frozen=True):
    """Sizes and boxes of all pages, as a version keeps them."""

    sizes: tuple[Size, ...]
    boxes: tuple[Box, ...]


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


def held(read: Read, version_id: str) -> Held | None:
    """What decides who gets the bytes of a version, or None."""
    row = read.first(_HELD, {"id": version_id})
    return None if row is None else _held(row)


def source_of(read: Read, version_id: str) -> str | None:
    """The SHA-256 of the file as it was uploaded for a version."""
    found: str | None = read.scalar(select(paper_version.c.source_sha256).where(paper_version.c.id == version_id))
    return found


def source_kind_of(read: Read, version_id: str) -> str:
    """Of what kind the file was that a version was made of."""
    found: str | None = read.scalar(select(paper_version.c.source_kind).where(paper_version.c.id == version_id))
    return found or "pdf"


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


def load(read: Read, version_id: str) -> Version | None:
    """A version with its whole page table."""
    row = read.first(_VERSION.where(paper_version.c.id == version_id))
    return None if row is None else _version(row, INLINE_PAGES * 1000)


def of_paper(read: Read, paper_id: str) -> list[Version]:
    """All versions of a paper, newest first."""
    rows = read.rows(_VERSION.where(paper_version.c.paper_id == paper_id).order_by(paper_version.c.no.desc()))
    return [_version(row, INLINE_PAGES) for row in rows]


def ids_of_item(read: Read, item_id: str, *, state: PaperState) -> list[str]:
    """Every version of the papers of an item that are in this state."""
    rows = read.rows(
        select(paper_version.c.id)
        .select_from(paper_version.join(paper))
        .where(paper.c.item_id == item_id, paper.c.state == state)
        .order_by(paper_version.c.id)
    )
    return [row.id for row in rows]


def ids_of(read: Read, paper_id: str) -> list[str]:
    """Every version of a paper, oldest first."""
    rows = read.rows(
        select(paper_version.c.id).where(paper_version.c.paper_id == paper_id).order_by(paper_version.c.no)
    )
    return [row.id for row in rows]


def current(read: Read, papers: Iterable[str]) -> dict[str, Version]:
    """The version in use of each of these papers that has one."""
    rows = read.rows(_CURRENT, {"ids": list(papers)})
    return {row.paper_id: _version(row, INLINE_PAGES) for row in rows}


def insert_txn(tx: Tx, version_id: str, paper_id: str, rendition: Rendition, issued: tuple[str, str]) -> None:
    """Store the next version of a paper. ``issued``: when, by whom."""
    findings = rendition.findings
    ((no,),) = tx.hot(_NEXT, {"which": paper_id})
    row = {
        "id": version_id, "paper_id": paper_id, "no": no, "sha256": rendition.sha256, "size": rendition.size,
        "source_sha256": rendition.source_sha256, "source_kind": rendition.source_kind, "pages": findings.pages,
        "page_table": msgspec.json.encode(PageTable(findings.sizes, findings.boxes)), "has_text": findings.has_text,
        "signed": findings.signed, "exact": False, "issued_at": issued[0], "issued_by": issued[1],
    }  # fmt: skip
    tx.hot_many(_INSERT, [row])


def edition_of(prepared: Prepared | None) -> str:
    """What names the bytes that are served, where they are not the version's own."""
    return prepared.sha256[:12] if prepared else ""


def _version(row: Row[Any], most_pages: int) -> Version:
    table = _decode(row.page_table) if row.pages <= most_pages else PageTable((), ())
    scan = Scan(pages=row.scans, done=row.scans_told, state=row.scan_state) if row.scans else None
    mark, prepared = _marking(row)
    return Version(
        id=row.id, no=row.no, sha256=row.sha256, size=prepared.size if prepared else row.size, pages=row.pages,
        sizes=table.sizes, boxes=table.boxes, issued_at=row.issued_at, has_text=row.has_text, signed=row.signed,
        scan=scan, mark=mark, edition=edition_of(prepared), secret_mark=row.stamp or "",
    )  # fmt: skip


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
_EARLIER = paper_version.alias()
# Asked of those alone that bear a stamp. The same bytes let through as another version of the paper are known.
_LET_THROUGH = exists(
    select(paper_override.c.version_id)
    .select_from(paper_override.join(_EARLIER, _EARLIER.c.id == paper_override.c.version_id))
    .where(_EARLIER.c.paper_id == paper_version.c.paper_id, _EARLIER.c.sha256 == paper_version.c.sha256)
)
_STAMP = case((page_scan.c.secret_mark == "", ""), (_LET_THROUGH, ""), else_=page_scan.c.secret_mark)
_VERSION = select(
    paper_version, page_scan.c.pages.label("scans"), page_scan.c.told.label("scans_told"),
    page_scan.c.state.label("scan_state"), _STAMP.label("stamp"), *_MARK,
).select_from(_MARKED.outerjoin(page_scan, page_scan.c.content == paper_version.c.sha256))  # fmt: skip
_CURRENT = _VERSION.where(
    paper_version.c.paper_id == paper.c.id,
    paper_version.c.no == paper.c.versions,
    paper.c.id.in_(bindparam("ids", expanding=True)),
)
_INSERT = Hot(insert(paper_version))
_NEXT = Hot(
    update(paper)
    .where(paper.c.id == bindparam("which"))
    .values(versions=paper.c.versions + 1)
    .returning(paper.c.versions)
)
_HELD = (
    select(
        paper_version.c.id, paper_version.c.paper_id, paper.c.meeting_id, paper.c.item_id, paper.c.title, paper.c.state,
        paper.c.downloadable, paper_version.c.sha256, paper_version.c.size, paper_version.c.pages,
        paper_version.c.signed, paper_version.c.exact, *_MARK,
    )
    .select_from(_MARKED)
    .where(paper_version.c.id == bindparam("id"))
)  # fmt: skip
