"""SQL of which device holds which version, and how far a recalled paper is gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Row, case, func, insert, or_, select, update

from server.core.db import Read, Tx
from server.documents.store.tables import paper, paper_device, paper_device_told, paper_version
from server.documents.wire import Recall


class Kept(Struct, frozen=True, kw_only=True):
    """A version on a device, or once there."""

    version_id: str
    device_id: str
    person_id: str
    kept_at: str
    purged_at: str | None = None
    unreadable_at: str | None = None

    @property
    def holds(self) -> bool:
        """Whether it is there, as far as is known, and can be opened."""
        return self.purged_at is None and self.unreadable_at is None


class Standing(Struct, frozen=True, kw_only=True):
    """To what a version belongs."""

    version_id: str
    paper_id: str
    item_id: str
    meeting_id: str
    state: str


def standings(read: Read, version_ids: Collection[str]) -> dict[str, Standing]:
    """To what versions belong; those that are not there are left out."""
    rows = read.rows(
        select(paper_version.c.id, paper.c.id.label("paper_id"), paper.c.item_id, paper.c.meeting_id, paper.c.state)
        .select_from(paper_version.join(paper))
        .where(paper_version.c.id.in_(list(version_ids)))
    )
    return {
        row.id: Standing(
            version_id=row.id, paper_id=row.paper_id, item_id=row.item_id, meeting_id=row.meeting_id, state=row.state
        )
        for row in rows
    }


def renumber_txn(tx: Tx, device_id: str, number: int) -> bool:
    """Whether this report is newer than all before it; from now on it is the last one."""
    which = paper_device_told.c.device_id == device_id
    if tx.first(select(paper_device_told.c.number).where(which).with_for_update()) is None:
        tx.execute(insert(paper_device_told).values(device_id=device_id, number=number))
        return True
    newer = update(paper_device_told).where(which, paper_device_told.c.number < number).values(number=number)
    return tx.execute(newer).rowcount > 0


def of_devices(read: Read, device_ids: Collection[str]) -> list[Kept]:
    """What these devices hold or held."""
    rows = read.rows(select(paper_device).where(paper_device.c.device_id.in_(list(device_ids))))
    return [_kept(row) for row in rows]


def of_paper(read: Read, paper_id: str) -> list[Kept]:
    """Every version of a paper on every device that has had it; of a recalled one, since it was recalled."""
    rows = read.rows(select(paper_device).select_from(_joined).where(paper.c.id == paper_id, _counts))
    return [_kept(row) for row in rows]


def put_txn(tx: Tx, kept: Sequence[Kept]) -> None:
    """Write down versions that a device has come to hold, for the first time or again."""
    for each in kept:
        which = (paper_device.c.version_id == each.version_id) & (paper_device.c.device_id == each.device_id)
        again = {"kept_at": each.kept_at, "purged_at": None, "unreadable_at": None, "person_id": each.person_id}
        if tx.execute(update(paper_device).where(which).values(**again)).rowcount == 0:
            tx.execute(insert(paper_device).values(version_id=each.version_id, device_id=each.device_id, **again))


def purge_txn(tx: Tx, device_id: str, version_ids: Collection[str], at: str) -> None:
    """The device no longer has these."""
    _change_txn(tx, device_id, version_ids, {"purged_at": at})


def unreadable_txn(tx: Tx, device_id: str, version_ids: Collection[str], at: str) -> None:
    """The device can open these no more."""
    _change_txn(tx, device_id, version_ids, {"unreadable_at": at})


def _change_txn(tx: Tx, device_id: str, version_ids: Collection[str], values: dict[str, str]) -> None:
    which = (paper_device.c.device_id == device_id) & paper_device.c.version_id.in_(list(version_ids))
    tx.execute(update(paper_device).where(which).values(**values))


def recalls(read: Read, paper_ids: Iterable[str]) -> list[Recall]:
    """How far recalled papers are gone, in id order; those that no device held are left out."""
    rows = read.rows(_recalls().where(paper.c.id.in_(list(paper_ids))).order_by(paper.c.id, paper_device.c.device_id))
    return _recalled(rows)


def recalls_of_meeting(read: Read, meeting_id: str) -> list[tuple[str, Recall]]:
    """The same of all recalled papers of a meeting, each with its item."""
    rows = read.rows(_recalls().where(paper.c.meeting_id == meeting_id).order_by(paper.c.id, paper_device.c.device_id))
    items = {row.id: row.item_id for row in rows}
    return [(items[each.id], each) for each in _recalled(rows)]


def _recalls() -> Any:  # noqa: ANN401 - a select: one row a device of each recalled paper
    holding = case((paper_device.c.purged_at.is_(None) & paper_device.c.unreadable_at.is_(None), 1), else_=0)
    lost = case((paper_device.c.purged_at.is_(None) & paper_device.c.unreadable_at.is_not(None), 1), else_=0)
    return (
        select(paper.c.id, paper.c.item_id, func.max(holding).label("holding"), func.max(lost).label("lost"))
        .select_from(_joined)
        .where(paper.c.state == "recalled", _counts)
        .group_by(paper.c.id, paper.c.item_id, paper_device.c.device_id)
    )


def _recalled(rows: Sequence[Row[Any]]) -> list[Recall]:
    found: dict[str, Recall] = {}
    for row in rows:
        before = found.get(row.id) or Recall(id=row.id, devices=0, purged=0, unreadable=0)
        found[row.id] = Recall(
            id=row.id, devices=before.devices + 1,
            purged=before.purged + (not row.holding and not row.lost),
            unreadable=before.unreadable + (not row.holding and bool(row.lost)),
        )  # fmt: skip
    return list(found.values())


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        version_id=row.version_id, device_id=row.device_id, person_id=row.person_id, kept_at=row.kept_at,
        purged_at=row.purged_at, unreadable_at=row.unreadable_at,
    )  # fmt: skip


_joined = paper_device.join(paper_version, paper_version.c.id == paper_device.c.version_id).join(
    paper, paper.c.id == paper_version.c.paper_id
)
# What a device gave up before the recall, to make room, is not to be reached any more.
_counts = or_(
    paper.c.recalled_at.is_(None), paper_device.c.purged_at.is_(None), paper_device.c.purged_at >= paper.c.recalled_at
)
