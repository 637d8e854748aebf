"""SQL of where the words of papers are kept."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import insert, select, update

from server.core.db import Read, Tx
from server.documents.store.tables import page_text, paper, paper_version


class Kept(Struct, frozen=True):
    """The blob of a paper's words; None where they could not be read."""

    sha256: str | None


def kept(read: Read, content: str) -> Kept | None:
    """What is kept of these bytes; None where nobody has looked yet."""
    row = read.first(select(page_text.c.sha256).where(page_text.c.content == content))
    return None if row is None else Kept(row.sha256)


def keep_txn(tx: Tx, content: str, sha256: str | None) -> None:
    """Remember the words of these bytes, or that there is no reading them."""
    which = page_text.c.content == content
    if tx.execute(update(page_text).where(which).values(sha256=sha256)).rowcount == 0:
        tx.execute(insert(page_text).values(content=content, sha256=sha256))


def missing(read: Read, most: int) -> list[str]:
    """The bytes of current versions at which nobody has looked yet, newest first."""
    current = paper_version.join(
        paper, (paper.c.id == paper_version.c.paper_id) & (paper.c.versions == paper_version.c.no)
    )
    rows = read.rows(
        select(paper_version.c.sha256)
        .select_from(current.outerjoin(page_text, page_text.c.content == paper_version.c.sha256))
        .where(paper.c.state == "published", page_text.c.content.is_(None))
        .order_by(paper_version.c.id.desc())
        .limit(most)
    )
    return list(dict.fromkeys(row.sha256 for row in rows))
