"""Receipts: the first answer to each command, so that a tablet may resend for ever and nothing happens twice."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import bindparam, insert, select

from server.core.db import Hot
from server.core.errors import DomainError
from server.core.journal.tables import receipt
from server.core.wire import encode, stamp

if TYPE_CHECKING:
    from server.core.db import Tx


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


def store_txn(tx: Tx, actor: str, key: OpKey, answer: bytes) -> None:
    """Keep the answer (JSON) of a command; part of the command's own transaction."""
    tx.hot(
        _INSERT,
        {
            "actor": actor, "op_id": key.op_id, "body_hash": key.body_hash, "answer": answer,
            "at": stamp(datetime.now(UTC)),
        },
    )  # fmt: skip


_SELECT = Hot(
    select(receipt.c.body_hash, receipt.c.answer).where(
        receipt.c.actor == bindparam("actor"), receipt.c.op_id == bindparam("op_id")
    )
)
_INSERT = Hot(insert(receipt))
