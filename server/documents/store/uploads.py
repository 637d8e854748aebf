"""SQL of files on their way in: how much has come, in which parts, and what they became."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Row, delete, func, insert, select, update

from server.core.db import Read, Tx
from server.documents.store.tables import incoming, incoming_file, paper, paper_upload, paper_upload_part, paper_version
from server.documents.wire import UploadMeta


class Part(Struct, frozen=True):
    """Bytes of an upload that lie in the blob store under their own hash."""

    sha256: str
    size: int


class Stored(Struct, frozen=True, kw_only=True):
    """A file on its way in. ``query``: what it is to be; ``answer``: what it became or why it was refused, JSON."""

    id: str
    meeting_id: str
    item_id: str
    paper_id: str | None
    person_id: str
    query: UploadMeta
    size: int
    received: int
    parts: int
    answer: bytes | None
    created_at: str
    expires_at: str

    @property
    def whole(self) -> bool:
        """Whether all of it is here."""
        return self.received == self.size


def load(read: Read, upload_id: str) -> Stored | None:
    """An upload, or None."""
    row = read.first(select(paper_upload).where(paper_upload.c.id == upload_id))
    return None if row is None else _stored(row)


def of_item(read: Read, item_id: str, person_id: str, now: str) -> list[Stored]:
    """What somebody has begun to send to an item and what became no paper yet, oldest first."""
    mine = select(paper_upload).where(
        paper_upload.c.item_id == item_id,
        paper_upload.c.person_id == person_id,
        paper_upload.c.answer.is_(None),
        paper_upload.c.expires_at > now,
    )
    return [_stored(row) for row in read.rows(mine.order_by(paper_upload.c.id))]


def parts(read: Read, upload_id: str) -> list[Part]:
    """The bytes of an upload, in order."""
    rows = read.rows(
        select(paper_upload_part.c.sha256, paper_upload_part.c.size)
        .where(paper_upload_part.c.upload_id == upload_id)
        .order_by(paper_upload_part.c.no)
    )
    return [Part(row.sha256, row.size) for row in rows]


def insert_txn(tx: Tx, new: Stored) -> None:
    """Store an upload of which nothing has come yet."""
    values = {**msgspec.structs.asdict(new), "query": msgspec.json.encode(new.query)}
    tx.execute(insert(paper_upload).values(**values))


def append_txn(tx: Tx, upload_id: str, at: int, added: Sequence[Part], expires_at: str) -> bool:
    """Put parts behind the first ``at`` bytes; False, and nothing done, where those are not all that has come."""
    size = sum(part.size for part in added)
    which = (paper_upload.c.id == upload_id) & (paper_upload.c.received == at) & paper_upload.c.answer.is_(None)
    grown = update(paper_upload).where(which).values(
        received=at + size, parts=paper_upload.c.parts + len(added), expires_at=expires_at
    )  # fmt: skip
    if tx.execute(grown).rowcount == 0:
        return False
    last = int(tx.scalar(select(paper_upload.c.parts).where(paper_upload.c.id == upload_id)) or 0)
    first = last - len(added) + 1
    tx.execute(
        insert(paper_upload_part),
        [
            {"upload_id": upload_id, "no": number, "sha256": part.sha256, "size": part.size}
            for number, part in enumerate(added, start=first)
        ],
    )
    return True


def answer_txn(tx: Tx, upload_id: str, answer: bytes) -> None:
    """Remember what an upload became; its parts are needed no more."""
    tx.execute(delete(paper_upload_part).where(paper_upload_part.c.upload_id == upload_id))
    tx.execute(update(paper_upload).where(paper_upload.c.id == upload_id).values(answer=answer))


def remove_txn(tx: Tx, upload_ids: Sequence[str]) -> None:
    """Forget uploads and their parts; the bytes go with the collector."""
    tx.execute(delete(paper_upload_part).where(paper_upload_part.c.upload_id.in_(list(upload_ids))))
    tx.execute(delete(paper_upload).where(paper_upload.c.id.in_(list(upload_ids))))


def expired(read: Read, now: str, most: int) -> list[str]:
    """Uploads whose time is over, at most so many."""
    rows = read.rows(select(paper_upload.c.id).where(paper_upload.c.expires_at <= now).limit(most))
    return [row.id for row in rows]


def referred(read: Read) -> set[str]:
    """Every SHA-256 that unfinished uploads lie in."""
    return {row.sha256 for row in read.rows(select(paper_upload_part.c.sha256).distinct())}


def under_way(read: Read, person_id: str) -> int:
    """How many uploads of somebody are unfinished."""
    mine = (paper_upload.c.person_id == person_id) & paper_upload.c.answer.is_(None)
    return int(read.scalar(select(func.count()).select_from(paper_upload).where(mine)) or 0)


def taken(read: Read, meeting_id: str, person_id: str | None = None) -> int:
    """Bytes that files for a meeting take, as they came: versions, what came in, and the whole of what is on its way.

    ``person_id``: only what this person brought.
    """
    version = select(func.sum(paper_version.c.size)).select_from(paper_version.join(paper))
    version = version.where(paper.c.meeting_id == meeting_id)
    coming = select(func.sum(paper_upload.c.size)).where(
        paper_upload.c.meeting_id == meeting_id, paper_upload.c.answer.is_(None)
    )
    waiting = select(func.sum(incoming_file.c.size)).select_from(incoming_file.join(incoming))
    waiting = waiting.where(incoming.c.meeting_id == meeting_id)
    if person_id is not None:
        version = version.where(paper_version.c.issued_by == person_id)
        coming = coming.where(paper_upload.c.person_id == person_id)
        waiting = waiting.where(incoming.c.created_by == person_id)
    return sum(int(read.scalar(each) or 0) for each in (version, coming, waiting))


def papers_with_source(read: Read, source_sha256: str, most: int) -> list[tuple[str, str]]:
    """Papers whose current version was made of these bytes, newest first: paper and item, at most so many."""
    current = (paper.c.id == paper_version.c.paper_id) & (paper_version.c.no == paper.c.versions)
    rows = read.rows(
        select(paper.c.id, paper.c.item_id)
        .select_from(paper_version.join(paper, current))
        .where(paper_version.c.source_sha256 == source_sha256, paper.c.state == "published")
        .order_by(paper.c.id.desc())
        .limit(most)
    )
    return [(row.id, row.item_id) for row in rows]


def _stored(row: Row[Any]) -> Stored:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    return Stored(**{**values, "query": _decode(values["query"])})


_decode = msgspec.json.Decoder(UploadMeta).decode
