"""Audiences: who may read a stream. Rows, changed and asked here only; deny by default."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, update

from server.core import audit
from server.core.db import Hot, Published, Read, Tx, among
from server.core.errors import DomainError
from server.core.journal.tables import audience_member, stream
from server.core.wire import stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence


class AudienceChanged(Published, frozen=True):
    """Someone entered or left: rooms of these streams are re-authorised before the next delivery."""

    audience: str
    streams: tuple[str, ...]
    removed: frozenset[str]
    added: frozenset[str]


# (tx, streams): the audience of these streams has changed in this transaction.
_watchers: list[Callable[[Tx, Sequence[str]], None]] = []


def watch_audiences(watcher: Callable[[Tx, Sequence[str]], None]) -> None:
    """Let ``watcher(tx, streams)`` follow, in the same transaction, what becomes of others' audiences.

    For audiences that are derived: a named group reads notes on a paper as far as its members may read the paper.
    """
    if watcher not in _watchers:
        _watchers.append(watcher)


def open_stream(tx: Tx, stream_id: str, *, audience: str) -> None:
    """Create an empty stream for ``audience`` unless it exists already."""
    if not tx.hot(_THERE, {"ids": tx.array([stream_id])}):
        tx.hot_many(_OPEN, [_empty(stream_id, audience, _now())])


def open_own(tx: Tx, owners: Sequence[tuple[str, str]]) -> None:
    """Create many streams at once, those that are not there yet: pairs (stream, person), read by that person alone."""
    there = {name for (name,) in tx.hot(_THERE, {"ids": tx.array([name for name, _ in owners])})}
    owners = [each for each in owners if each[0] not in there]
    now = _now()
    tx.hot_many(_OPEN, [_empty(name, name, now) for name, _ in owners])
    tx.hot_many(_ENTER, [{"audience": name, "member": who, "since": now} for name, who in owners])


def set_audience(tx: Tx, stream_id: str, audience: str) -> None:
    """Give the stream another audience; who is not in the new one is out once this commits."""
    row = tx.first(select(stream.c.audience).where(stream.c.id == stream_id))
    if row is None:
        raise DomainError("not_found")
    if row.audience == audience:
        return
    before, after = members(tx, row.audience), members(tx, audience)
    tx.execute(
        update(stream)
        .where(stream.c.id == stream_id)
        .values(audience=audience, audience_since=_now(), epoch=stream.c.epoch + 1)
    )
    _changed(tx, AudienceChanged(audience, (stream_id,), before - after, after - before))


def set_members(tx: Tx, audience: str, wanted: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Make the audience exactly ``wanted``; returns who was added and who was removed."""
    wanted, present = frozenset(wanted), members(tx, audience)
    added, removed = wanted - present, present - wanted
    if removed:
        tx.hot(_REMOVE, {"of": audience, "who": tx.array(sorted(removed))})
    if added:
        since = _now()
        tx.hot_many(_ENTER, [{"audience": audience, "member": member, "since": since} for member in sorted(added)])
    if added or removed:
        tx.execute(update(stream).where(stream.c.audience == audience).values(epoch=stream.c.epoch + 1))
        streams = tuple(row.id for row in tx.rows(select(stream.c.id).where(stream.c.audience == audience)))
        _changed(tx, AudienceChanged(audience, streams, removed, added))
    return added, removed


def add_members(tx: Tx, audience: str, new: Iterable[str]) -> frozenset[str]:
    """Let ``new`` in and leave all others in the audience; returns who was added.

    Costs what is new, not what is there: for letting in a whole city a hundred people at a time.
    """
    wanted = sorted(set(new))
    known = {row.member for row in tx.rows(_AMONG, {"of": audience, "who": wanted})}
    added = [member for member in wanted if member not in known]
    if added:
        since = _now()
        tx.hot_many(_ENTER, [{"audience": audience, "member": each, "since": since} for each in added])
        tx.execute(update(stream).where(stream.c.audience == audience).values(epoch=stream.c.epoch + 1))
        streams = tuple(row.id for row in tx.rows(select(stream.c.id).where(stream.c.audience == audience)))
        _changed(tx, AudienceChanged(audience, streams, removed=frozenset(), added=frozenset(added)))
    return frozenset(added)


def members(read: Read, audience: str) -> frozenset[str]:
    """All members of an audience."""
    return frozenset(member for (member,) in read.hot(_MEMBERS, {"of": audience}))


def members_of(read: Read, audiences: Collection[str]) -> dict[str, frozenset[str]]:
    """All members of each of these audiences; one without members is absent."""
    found: dict[str, set[str]] = {}
    for audience, member in read.hot(_MEMBERS_OF_MANY, {"audiences": read.array(sorted(audiences))}):
        found.setdefault(audience, set()).add(member)
    return {audience: frozenset(some) for audience, some in found.items()}


def head(read: Read, stream_id: str) -> int:
    """The number of the stream's last operation; 0 where there is no such stream."""
    return int(read.scalar(select(stream.c.head).where(stream.c.id == stream_id)) or 0)


def audience_of(read: Read, stream_id: str) -> str:
    """The audience of a stream. Raises ``not_found`` where there is no such stream."""
    audience = read.scalar(select(stream.c.audience).where(stream.c.id == stream_id))
    if audience is None:
        raise DomainError("not_found")
    return str(audience)


def may_read(read: Read, stream_id: str, member: str) -> bool:
    """Whether ``member`` is in the stream's audience; False also where there is no such stream."""
    return bool(read.hot(_MAY_READ, {"id": stream_id, "who": member}))


def who_may_read(read: Read, stream_id: str, asking: Sequence[str]) -> frozenset[str]:
    """Those of ``asking`` who are in the stream's audience."""
    found = read.hot(_WHO_MAY_READ, {"id": stream_id, "who": read.array(asking)})
    return frozenset(member for (member,) in found)


def readable(read: Read, member: str) -> list[str]:
    """All streams that ``member`` may read, in id order."""
    rows = read.rows(_READABLE, {"who": member})
    return [row.id for row in rows]


def _empty(stream_id: str, audience: str, now: str) -> dict[str, object]:
    return {
        "id": stream_id, "audience": audience, "audience_since": now, "epoch": 1, "head": 0, "floor": 0,
        "chain": audit.GENESIS,
    }  # fmt: skip


def _changed(tx: Tx, change: AudienceChanged) -> None:
    tx.publish(change)
    for watcher in _watchers:
        watcher(tx, change.streams)


def _now() -> str:
    return stamp(datetime.now(UTC))


_THERE = Hot(select(stream.c.id).where(among(stream.c.id, "ids")))
_OPEN = Hot(insert(stream))
_ENTER = Hot(insert(audience_member))
_REMOVE = Hot(
    delete(audience_member).where(audience_member.c.audience == bindparam("of"), among(audience_member.c.member, "who"))
)
_MEMBERS = Hot(select(audience_member.c.member).where(audience_member.c.audience == bindparam("of")))
_MEMBERS_OF_MANY = Hot(
    select(audience_member.c.audience, audience_member.c.member).where(among(audience_member.c.audience, "audiences"))
)
_AMONG = select(audience_member.c.member).where(
    audience_member.c.audience == bindparam("of"), audience_member.c.member.in_(bindparam("who", expanding=True))
)
_JOINED = stream.join(audience_member, stream.c.audience == audience_member.c.audience)
_MAY_READ = Hot(
    select(stream.c.id)
    .select_from(_JOINED)
    .where(stream.c.id == bindparam("id"), audience_member.c.member == bindparam("who"))
)
_WHO_MAY_READ = Hot(
    select(audience_member.c.member)
    .select_from(_JOINED)
    .where(stream.c.id == bindparam("id"), among(audience_member.c.member, "who"))
)
_READABLE = (
    select(stream.c.id).select_from(_JOINED).where(audience_member.c.member == bindparam("who")).order_by(stream.c.id)
)
