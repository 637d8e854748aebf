"""Catch-up: what a client that knows a stream up to ``last_seq`` is told, in pages of at most 128 KiB."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeAlias

import msgspec
from sqlalchemy import Row, bindparam, select

from server.core.db import Read
from server.core.errors import DomainError
from server.core.journal.append import operation_frame
from server.core.journal.tables import audience_member, operation, stream
from server.core.wire import PAGE_BYTES, Entity, encode, kind_of

# Further behind than this, a snapshot is cheaper for both sides.
DELTA_OPERATIONS = 2000
# Rows at a time: about what a page holds of strokes, for what does not fit was read in vain.
_BATCH = 128

# A feature's snapshot of one stream kind: the entities now in the stream's state whose key (kind, id) lies after
# `after`, in key order. It may yield lazily; catch-up stops when the page is full.
Provider: TypeAlias = Callable[[Read, str, tuple[str, str] | None], Iterable[Entity]]
# Opens the stored body of an operation of a private stream: (stream, owner, sealed) -> clear.
Opener: TypeAlias = Callable[[Read, str, str, bytes], bytes]

_providers: dict[str, dict[str, Provider]] = {}
_openers: dict[str, Opener] = {}


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One page of catch-up.

    ``delta``: ``ops`` follow ``last_seq``; with ``more`` the client asks again from its new last ``seq``.
    ``snapshot``: ``put`` holds entities of the state; with ``after`` the client asks again from there, and keeps
    the ``head`` of the first page, from which operations then apply.
    """

    stream: str
    mode: Literal["delta", "snapshot"]
    epoch: int
    head: int
    ops: tuple[msgspec.Raw, ...] = ()
    put: tuple[msgspec.Raw, ...] = ()
    more: bool = False
    after: tuple[str, str] | None = None


def provide(kind: str, provider: Provider, *, opener: Opener | None = None) -> None:
    """Declare who makes snapshots of streams ``kind:…``; several features may each add their entities.

    Declared again under the same name (by another core in one process, as in tests), the later one holds.
    """
    _providers.setdefault(kind, {})[f"{provider.__module__}.{provider.__qualname__}"] = provider
    if opener is not None:
        _openers[kind] = opener


def catch_up(read: Read, stream_id: str, member: str, last_seq: int, after: tuple[str, str] | None = None) -> Page:
    """The next page for ``member``; raises ``denied`` for who is not in the audience or where there is no stream."""
    row = read.first(_STANDING, {"id": stream_id, "who": member})
    if row is None:
        raise DomainError("denied")
    if after is None and _can_continue(read, row, last_seq):
        return _delta(read, row, member, last_seq)
    return _snapshot(read, row, after)


def missed(read: Read, stream_id: str, member: str, last_seq: int) -> Page:
    """What a room whose links have heard everything up to ``last_seq`` has missed; ``member`` is any of its members.

    A delta also from the beginning, since who is in the room has been a member all along; a snapshot (without content)
    only where the log no longer reaches back.
    """
    row = read.first(_STANDING, {"id": stream_id, "who": member})
    if row is None:
        raise DomainError("denied")
    if row.floor <= last_seq and row.head - last_seq <= DELTA_OPERATIONS:
        return _delta(read, row, member, last_seq)
    return _page(row, "snapshot")


def snapshot_state(read: Read, stream_id: str) -> dict[tuple[str, str], Entity]:
    """The whole state of a stream, for tests and exports."""
    return {_key(entity): entity for entity in _entities(read, stream_id, None)}


def _entities(read: Read, stream_id: str, after: tuple[str, str] | None) -> Iterable[Entity]:
    """All entities of a stream's state after ``after``, merged in key order from every feature that has some."""
    parts = [provider(read, stream_id, after) for provider in _providers.get(_kind(stream_id), {}).values()]
    return heapq.merge(*parts, key=_key)


def _key(entity: Entity) -> tuple[str, str]:
    return kind_of(entity), entity.id


def _can_continue(read: Read, row: Row[Any], last_seq: int) -> bool:
    """Whether the client has been a member without a break since ``last_seq`` and the log still reaches there."""
    if not row.floor <= last_seq <= row.head or row.head - last_seq > DELTA_OPERATIONS:
        return False
    if last_seq == 0:
        return bool(row.floor == row.head == 0)
    at = read.scalar(_AT, {"id": row.id, "seq": last_seq})
    began: str = max(row.since, row.audience_since)
    return at is not None and bool(at > began)


def _delta(read: Read, row: Row[Any], member: str, last_seq: int) -> Page:
    kind = _kind(row.id)
    ops: list[msgspec.Raw] = []
    size = 0
    while last_seq < row.head:
        for op in read.rows(_OPERATIONS, {"id": row.id, "seq": last_seq}):
            body = _openers[kind](read, row.id, member, op.body) if kind in _openers else op.body
            frame = operation_frame(op.seq, op.op_id, op.actor, op.at, body)
            size += len(frame)
            if ops and size > PAGE_BYTES:
                return _page(row, "delta", ops=tuple(ops), more=True)
            ops.append(msgspec.Raw(frame))
            last_seq = op.seq
    return _page(row, "delta", ops=tuple(ops))


def _snapshot(read: Read, row: Row[Any], after: tuple[str, str] | None) -> Page:
    put: list[msgspec.Raw] = []
    size, key = 0, after
    for entity in _entities(read, row.id, after):
        here = _key(entity)
        if after is not None and here <= after:
            continue
        frame = encode(entity)
        size += len(frame)
        if put and size > PAGE_BYTES:
            return _page(row, "snapshot", put=tuple(put), more=True, after=key)
        put.append(msgspec.Raw(frame))
        key = here
    return _page(row, "snapshot", put=tuple(put))


def _page(row: Row[Any], mode: Literal["delta", "snapshot"], **parts: Any) -> Page:  # noqa: ANN401 - the fields of Page
    return Page(stream=row.id, mode=mode, epoch=row.epoch, head=row.head, **parts)


def _kind(stream_id: str) -> str:
    return stream_id.partition(":")[0]


_STANDING = (
    select(stream.c.id, stream.c.epoch, stream.c.head, stream.c.floor, stream.c.audience_since, audience_member.c.since)
    .select_from(stream.join(audience_member, stream.c.audience == audience_member.c.audience))
    .where(stream.c.id == bindparam("id"), audience_member.c.member == bindparam("who"))
)
_AT = select(operation.c.at).where(operation.c.stream == bindparam("id"), operation.c.seq == bindparam("seq"))
_OPERATIONS = (
    select(operation)
    .where(operation.c.stream == bindparam("id"), operation.c.seq > bindparam("seq"))
    .order_by(operation.c.seq)
    .limit(_BATCH)
)
