"""The audit chain: each stream's operations are linked by hash, and a checkpoint over all heads is kept.

The chain covers the hash of a body, not the body, so a body can be erased by law and the chain still verifies.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from sqlalchemy import Row, func, insert, select

if TYPE_CHECKING:
    from server.core.db import Read, Tx

GENESIS = bytes(32)


class AuditReport(Struct, frozen=True):
    """What a verification found. ``broken`` lists ``stream:seq`` of the first false link of each broken chain."""

    streams: int
    operations: int
    broken: tuple[str, ...]


def link(
    previous: bytes, stream: str, seq: int, at: str, actor: str | None, op_id: str | None, name: str, digest: bytes
) -> bytes:
    """The next chain value (32 bytes) after ``previous`` for one operation whose stored body hashes to ``digest``."""
    covered = msgspec.json.encode([stream, seq, at, actor, op_id, name, digest.hex()])
    return hashlib.sha256(previous + covered).digest()


def verify(read: Read) -> AuditReport:
    """Recompute every chain from its operations and compare with the stored head; also re-hash what is stored."""
    from server.core.journal.tables import operation, stream  # noqa: PLC0415 - journal builds on this module

    heads = read.rows(select(stream).where(~stream.c.id.like("p:%")).order_by(stream.c.id))
    count, broken = 0, []
    for head in heads:
        rows = read.rows(select(operation).where(operation.c.stream == head.id).order_by(operation.c.seq))
        count += len(rows)
        fault = _first_fault(head, list(rows))
        if fault is not None:
            broken.append(f"{head.id}:{fault}")
    return AuditReport(streams=len(heads), operations=count, broken=tuple(broken))


def _first_fault(head: Row[Any], rows: list[Row[Any]]) -> int | None:
    chain = GENESIS
    for expected, row in enumerate(rows, start=1):
        if row.seq != expected or (row.body is not None and hashlib.sha256(row.body).digest() != row.digest):
            return expected
        chain = link(chain, row.stream, row.seq, row.at, row.actor, row.op_id, row.name, row.digest)
    return None if len(rows) == head.head and chain == head.chain else len(rows) + 1


def checkpoint_txn(tx: Tx, at: str) -> bytes:
    """Store and return the root over all stream heads: what an outside witness keeps each minute."""
    from server.core.journal.tables import checkpoint, stream  # noqa: PLC0415 - journal builds on this module

    heads = tx.rows(
        select(stream.c.id, stream.c.head, stream.c.chain).where(~stream.c.id.like("p:%")).order_by(stream.c.id)
    )
    root = hashlib.sha256(b"".join(f"{h.id}:{h.head}:".encode() + h.chain for h in heads)).digest()
    number = (tx.scalar(select(func.max(checkpoint.c.n))) or 0) + 1
    tx.execute(insert(checkpoint).values(n=number, at=at, streams=len(heads), root=root))
    return root
