"""SQL of what pages look like, and of which page was which."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from sqlalchemy import and_, insert, select, update

from server.core.db import Read, Tx
from server.documents.models import Origin
from server.documents.store.tables import page_look, page_map, paper, paper_version
from server.documents.store.texts import Kept


def kept(read: Read, content: str) -> Kept | None:
    """What is kept of these bytes; None where nobody has looked yet."""
    row = read.first(select(page_look.c.sha256).where(page_look.c.content == content))
    return None if row is None else Kept(row.sha256)


def keep_txn(tx: Tx, content: str, sha256: str | None) -> None:
    """Remember the looks of these bytes, or that they cannot be drawn."""
    which = page_look.c.content == content
    if tx.execute(update(page_look).where(which).values(sha256=sha256)).rowcount == 0:
        tx.execute(insert(page_look).values(content=content, sha256=sha256))


def origins(read: Read, old: str, new: str) -> tuple[Origin, ...] | None:
    """Which page was which from one version's bytes to another's; None where they were not compared yet."""
    which = and_(page_map.c.old_content == old, page_map.c.new_content == new)
    row = read.first(select(page_map.c.origins).where(which))
    return None if row is None else _decode(row.origins)


def set_origins_txn(tx: Tx, old: str, new: str, found: tuple[Origin, ...]) -> None:
    """Remember which page was which."""
    which = and_(page_map.c.old_content == old, page_map.c.new_content == new)
    body = msgspec.json.encode(found)
    if tx.execute(update(page_map).where(which).values(origins=body)).rowcount == 0:
        tx.execute(insert(page_map).values(old_content=old, new_content=new, origins=body))


class Bytes(Struct, frozen=True):
    """The file of a version and how many pages it has."""

    sha256: str
    pages: int


def missing(read: Read, most: int) -> list[tuple[Bytes, Bytes]]:
    """Current versions that replaced another and were not compared with it yet: (old, new), the newest first."""
    before = paper_version.alias("before")
    current = paper_version.join(
        paper, and_(paper.c.id == paper_version.c.paper_id, paper.c.versions == paper_version.c.no)
    ).join(before, and_(before.c.paper_id == paper_version.c.paper_id, before.c.no == paper_version.c.no - 1))
    known = and_(page_map.c.old_content == before.c.sha256, page_map.c.new_content == paper_version.c.sha256)
    rows = read.rows(
        select(before.c.sha256.label("old"), before.c.pages.label("was"), paper_version.c.sha256, paper_version.c.pages)
        .select_from(current.outerjoin(page_map, known))
        .where(paper.c.state == "published", page_map.c.old_content.is_(None))
        .order_by(paper_version.c.id.desc())
        .limit(most)
    )
    return [(Bytes(row.old, row.was), Bytes(row.sha256, row.pages)) for row in rows]


_decode = msgspec.json.Decoder(tuple[Origin, ...]).decode
