"""Receipts: the first answer to each command, so that a tablet may resend for ever and nothing happens twice."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import bindparam, insert, select

from server.core.db import Hot, among
from server.core.errors import DomainError
from server.core.journal.tables import receipt
from server.core.wire import encode, stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from server.core.db import Read, Tx


class OpKey(msgspec.Struct, frozen=True):
    """A command's identity: the id that the client made, and the SHA-256 of what it asked."""

    op_id: str
    body_hash: bytes


def op_key(op_id: str, *asked: object) -> OpKey:
    """The key of a command whose name and arguments are ``asked``."""
    return OpKey(op_id, hashlib.sha256(encode(asked)).digest())


def recall(tx: Tx, actor: str, key: OpKey) -> bytes | None:
    """The stored answer of an earlier run of the same command, or None.

    Raises ``conflict`` when another command came under this id.
    """
    found = tx.hot(_SELECT, {"actor": actor, "op_id": key.op_id})
    if not found:
        return None
    body_hash, answer = found[0]
    if body_hash != key.body_hash:
        raise DomainError("conflict")
    return bytes(answer)


def recall_many(read: Read, op_ids: Sequence[str]) -> dict[tuple[str, str], tuple[bytes, bytes]]:
    """The stored hash and answer of each (actor, op_id) that has one, for all actors who used one of ``op_ids``."""
    found = read.hot(_SELECT_MANY, {"op_ids": read.array(op_ids)})
    return {(actor, op_id): (bytes(body_hash), bytes(answer)) for actor, op_id, body_hash, answer in found}


def store_many_txn(tx: Tx, answers: Iterable[tuple[str, OpKey, bytes]]) -> None:
    """Keep many answers, each with its actor and key."""
    at = stamp(datetime.now(UTC))
    tx.hot_many(
        _INSERT,
        [
            {"actor": actor, "op_id": key.op_id, "body_hash": key.body_hash, "answer": answer, "at": at}
            for actor, key, answer in answers
        ],
    )


def store_txn(tx: Tx, actor: str, key: OpKey, answer: bytes) -> None:
    """Keep the answer (JSON) of a command; part of the command's own transaction."""
    store_many_txn(tx, [(actor, key, answer)])


_SELECT = Hot(
    select(receipt.c.body_hash, receipt.c.answer).where(
        receipt.c.actor == bindparam("actor"), receipt.c.op_id == bindparam("op_id")
    )
)
_SELECT_MANY = Hot(
    select(receipt.c.actor, receipt.c.op_id, receipt.c.body_hash, receipt.c.answer).where(
        among(receipt.c.op_id, "op_ids")
    )
)
_INSERT = Hot(insert(receipt))
