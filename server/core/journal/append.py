"""Appending to streams: buffered through the transaction, written as its last step, streams locked in id order."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy import bindparam, insert, select, update

from server.core import audit, wire
from server.core.db import Hot, Published, Tx
from server.core.errors import DomainError
from server.core.journal.tables import operation, stream

if TYPE_CHECKING:
    from collections.abc import Callable

# Private notes are in no audit chain (architecture §1.5).
PRIVATE = "p:"


class Appended(Published, frozen=True):
    """Operations of one stream that a transaction committed, ready to be sent to its room."""

    stream: str
    epoch: int
    first: int
    last: int
    operations: tuple[bytes, ...]  # JSON, as the client receives each


class Woken(Published, frozen=True):
    """Another process appended to a stream, up to ``head``."""

    stream: str
    head: int


class Entry:
    """An operation on its way into the log; ``seq`` is known once the journal has been flushed."""

    __slots__ = ("actor", "body", "name", "op_id", "sealed", "seq", "stream")

    def __init__(self, stream_id: str, event: wire.Event, actor: str | None, op_id: str | None) -> None:
        self.stream = stream_id
        self.name = wire.name_of(event)
        self.body = wire.encode(event)
        self.sealed: bytes | None = None  # what is stored instead of `body`, where the body is private
        self.actor = actor
        self.op_id = op_id
        self.seq = 0


_pending: WeakKeyDictionary[Tx, list[Entry]] = WeakKeyDictionary()


def append(
    tx: Tx,
    stream_id: str,
    event: wire.Event,
    *,
    actor: str | None,
    op_id: str | None = None,
    seal: Callable[[bytes], bytes] | None = None,
) -> Entry:
    """Put ``event`` into the stream when this transaction ends; nothing is sent before it has committed.

    ``actor`` is None for what nobody may be tied to (a secret ballot) or the system itself did. ``seal`` makes the
    stored form of a private body; the live frame, which only its owner gets, carries it in clear.
    Raises ``too_large`` above 64 KiB.
    """
    entry = prepare(stream_id, event, actor=actor, op_id=op_id)
    if seal is not None:
        entry.sealed = seal(entry.body)
    add(tx, entry)
    return entry


def prepare(stream_id: str, event: wire.Event, *, actor: str | None, op_id: str | None = None) -> Entry:
    """An operation that is not in a transaction yet. Raises ``too_large`` above 64 KiB."""
    entry = Entry(stream_id, event, actor, op_id)
    if len(entry.body) > wire.OPERATION_BYTES:
        raise DomainError("too_large", limit=wire.OPERATION_BYTES)
    return entry


def add(tx: Tx, entry: Entry) -> None:
    """Put a prepared operation into its stream when this transaction ends."""
    if tx not in _pending:
        _pending[tx] = []
        tx.before_commit.append(flush)
    _pending[tx].append(entry)


def flush(tx: Tx) -> None:
    """Write what was appended so far; called by the transaction's end, or earlier by who needs the ``seq``."""
    by_stream: dict[str, list[Entry]] = {}
    for entry in _pending.pop(tx, []):
        by_stream.setdefault(entry.stream, []).append(entry)
    at = wire.stamp(datetime.now(UTC))
    for stream_id in sorted(by_stream):
        _write_txn(tx, stream_id, by_stream[stream_id], at)


def _write_txn(tx: Tx, stream_id: str, entries: list[Entry], at: str) -> None:
    found = tx.hot(_SELECT_HEAD, {"id": stream_id})
    if not found:
        raise DomainError("not_found")
    head, epoch, chain = found[0]
    audited = not stream_id.startswith(PRIVATE)
    last = head + len(entries)
    rows = []
    for number, entry in enumerate(entries, start=head + 1):
        entry.seq = number
        stored = entry.sealed if entry.sealed is not None else entry.body
        digest = hashlib.sha256(stored).digest()
        if audited:
            chain = audit.link(chain, stream_id, number, at, entry.actor, entry.op_id, entry.name, digest)
        rows.append({
            "stream": stream_id, "seq": number, "at": at, "actor": entry.actor, "op_id": entry.op_id,
            "name": entry.name, "body": stored, "digest": digest,
        })  # fmt: skip
    tx.hot_many(_INSERT_OPERATION, rows)
    tx.hot(_UPDATE_HEAD, {"stream_id": stream_id, "last": last, "link": chain})
    frames = tuple(operation_frame(entry.seq, entry.op_id, entry.actor, at, entry.body) for entry in entries)
    tx.publish(Appended(stream_id, epoch, head + 1, last, frames))


def operation_frame(seq: int, op_id: str | None, actor: str | None, at: str, body: bytes) -> bytes:
    """One operation as a client receives it, live or in catch-up: the same bytes for everybody."""
    return _encoder.encode(Operation(seq=seq, op_id=op_id, actor=actor, at=at, event=msgspec.Raw(body)))


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One numbered operation of a stream on the wire."""

    seq: int
    op_id: str | None
    actor: str | None
    at: str
    event: msgspec.Raw


_encoder = msgspec.json.Encoder()
_SELECT_HEAD = Hot(
    select(stream.c.head, stream.c.epoch, stream.c.chain).where(stream.c.id == bindparam("id")).with_for_update()
)
_UPDATE_HEAD = Hot(
    update(stream).where(stream.c.id == bindparam("stream_id")).values(head=bindparam("last"), chain=bindparam("link"))
)
_INSERT_OPERATION = Hot(insert(operation))
