"""Sealing of private bodies: a key for each person, wrapped by a key file outside the database and its backup.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; what a body belongs to (its stream) is authenticated with
it, so that a sealed body cannot be moved to another person's stream.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, LargeBinary, Table, Text, bindparam, insert, select

from server.core.db import Hot, Read, Tx, metadata
from server.core.errors import DomainError, ErrorSpec, register

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES = 32
_NONCE = 12

register(
    ErrorSpec("sealing.key_file", 500, "Tệp khóa {path} không phải khóa của hệ thống này. Ghi chú riêng chưa mở."),
    ErrorSpec(
        "sealing.key_missing",
        500,
        "Thiếu tệp khóa {path}. Cơ sở dữ liệu đã có ghi chú riêng niêm phong bằng khóa đó: đặt lại tệp rồi chạy lại.",
    ),
)

sealing_key = Table(
    "sealing_key", metadata, Column("person", Text, primary_key=True), Column("wrapped", LargeBinary, nullable=False)
)


def load_key(path: Path, *, create: bool) -> bytes:
    """The 32-byte key of the key file; made with mode 0600 where ``create`` allows it and none is there."""
    if create and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise DomainError("sealing.key_file", path=str(path))
    return key


def in_use(read: Read) -> bool:
    """Whether bodies were sealed already, so that a key file that is not there is lost and must not be made anew."""
    return read.first(select(sealing_key.c.person).limit(1)) is not None


class Sealing:
    """Seals and opens private bodies; unwrapped keys are kept in memory once used."""

    def __init__(self, key: bytes) -> None:
        self._wrapping = AESGCM(key)
        self._keys: dict[str, AESGCM] = {}

    def key_txn(self, tx: Tx, person: str) -> AESGCM:
        """The person's key, made at first use."""
        known = self._known(tx, person)
        if known is not None:
            return known
        fresh = os.urandom(KEY_BYTES)
        nonce = os.urandom(_NONCE)
        tx.execute(
            insert(sealing_key).values(
                person=person, wrapped=nonce + self._wrapping.encrypt(nonce, fresh, person.encode())
            )
        )
        return AESGCM(fresh)

    def seal_txn(self, tx: Tx, person: str, context: str, clear: bytes) -> bytes:
        """Seal ``clear`` for ``person``; ``context`` (a stream id) must be given again to open it."""
        nonce = os.urandom(_NONCE)
        return nonce + self.key_txn(tx, person).encrypt(nonce, clear, context.encode())

    def open(self, read: Read, person: str, context: str, sealed: bytes) -> bytes:
        """Open what ``seal_txn`` made. Raises ``cryptography.exceptions.InvalidTag`` on anything else."""
        key = self._known(read, person)
        if key is None:
            raise DomainError("not_found")
        return key.decrypt(sealed[:_NONCE], sealed[_NONCE:], context.encode())

    def _known(self, read: Read, person: str) -> AESGCM | None:
        if person in self._keys:
            return self._keys[person]
        found = read.hot(_SELECT, {"person": person})
        if not found:
            return None
        wrapped: bytes = found[0][0]
        key = AESGCM(self._wrapping.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], person.encode()))
        if not isinstance(read, Tx):  # what a write transaction sees may still roll back, and must not be remembered
            self._keys[person] = key
        return key


_SELECT = Hot(select(sealing_key.c.wrapped).where(sealing_key.c.person == bindparam("person")))
