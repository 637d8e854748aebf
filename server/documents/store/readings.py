"""SQL of who received and opened which version."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from sqlalchemy import Row, bindparam, func, insert, select, update

from server.core.db import Read, Tx
from server.documents.store.tables import paper, paper_reading, paper_version
from server.documents.wire import Opened, Reading


class Mark(Struct, frozen=True):
    """What one person has of a version, and since when (UTC)."""

    received_at: str | None = None
    opened_at: str | None = None


def mark_of(read: Read, version_id: str, person_id: str) -> Mark | None:
    """What a person has of a version."""
    row = read.first(_MARK, {"version": version_id, "person": person_id})
    return None if row is None else Mark(row.received_at, row.opened_at)


def set_mark_txn(tx: Tx, version_id: str, person_id: str, mark: Mark, *, counted: bool) -> None:
    """Store what a person has of a version."""
    which = (paper_reading.c.version_id == version_id) & (paper_reading.c.person_id == person_id)
    values = {"received_at": mark.received_at, "opened_at": mark.opened_at, "counted": counted}
    if tx.execute(update(paper_reading).where(which).values(values)).rowcount == 0:
        tx.execute(insert(paper_reading).values(version_id=version_id, person_id=person_id, **values))


def marks(read: Read, version_id: str) -> dict[str, Mark]:
    """What everybody has of a version, by person."""
    rows = read.rows(select(paper_reading).where(paper_reading.c.version_id == version_id))
    return {row.person_id: Mark(row.received_at, row.opened_at) for row in rows}


def reading(read: Read, version_id: str) -> Reading | None:
    """The counts of one version; None while nobody has it."""
    row = read.first(_counts().where(paper_reading.c.version_id == version_id))
    return None if row is None else _reading(row)


def of_meeting(read: Read, meeting_id: str) -> list[tuple[str, Reading]]:
    """The counts of every version of a meeting, with its item, in id order."""
    rows = read.rows(_counts().where(paper.c.meeting_id == meeting_id).order_by(paper_reading.c.version_id))
    return [(row.item_id, _reading(row)) for row in rows]


def of_item(read: Read, item_id: str) -> list[Reading]:
    """The counts of every version of an item, in id order."""
    rows = read.rows(_counts().where(paper.c.item_id == item_id).order_by(paper_reading.c.version_id))
    return [_reading(row) for row in rows]


def opened_by(read: Read, person_id: str) -> list[Opened]:
    """What a person has opened, in id order."""
    rows = read.rows(
        select(paper_reading.c.version_id, paper_reading.c.opened_at)
        .where(paper_reading.c.person_id == person_id, paper_reading.c.opened_at.is_not(None))
        .order_by(paper_reading.c.version_id)
    )
    return [Opened(id=row.version_id, at=row.opened_at) for row in rows]


def _counts() -> Any:  # noqa: ANN401 - a select
    return (
        select(
            paper_reading.c.version_id, paper.c.id.label("paper_id"), paper.c.item_id,
            func.count(paper_reading.c.received_at).label("received"),
            func.count(paper_reading.c.opened_at).label("opened"),
        )
        .select_from(paper_reading.join(paper_version).join(paper))
        .where(paper_reading.c.counted.is_(True))
        .group_by(paper_reading.c.version_id, paper.c.id, paper.c.item_id)
    )  # fmt: skip


def _reading(row: Row[Any]) -> Reading:
    return Reading(id=row.version_id, paper_id=row.paper_id, received=row.received, opened=row.opened)


_MARK = select(paper_reading.c.received_at, paper_reading.c.opened_at).where(
    paper_reading.c.version_id == bindparam("version"), paper_reading.c.person_id == bindparam("person")
)
