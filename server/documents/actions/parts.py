"""The bytes of one request of a resumable upload: stored part by part, each counted once it is durable."""

from __future__ import annotations

import errno
import hashlib
from typing import TYPE_CHECKING

from server.core import failpoints
from server.core.errors import DomainError
from server.documents import receiving
from server.documents.store import uploads
from server.documents.store.uploads import Part

if TYPE_CHECKING:
    from server.core.context import Core
    from server.core.db import Tx
    from server.documents.store.uploads import Stored

# A part lies in the blob store and nothing counts it.
STORED = "uploads.stored"
_FULL_DISK = {errno.ENOSPC, errno.EDQUOT}


class Taker:
    """Takes the bytes of one request: each part is stored, then counted, and the next begins."""

    def __init__(self, core: Core, upload: Stored, checksum: tuple[str, bytes] | None, expires_at: str) -> None:
        self._core, self._upload, self._expires_at = core, upload, expires_at
        self._at, self._parts = upload.received, upload.parts
        self._waiting = bytearray()
        self._kept: list[Part] = []  # stored, and not counted before the checksum of the request is known to be right
        self._coming = 0
        self._wanted = checksum
        self._digest = hashlib.new(checksum[0], usedforsecurity=False) if checksum else None

    async def take(self, chunk: bytes) -> None:
        """More bytes. Raises ``uploads.beyond`` at the first that are too many."""
        self._coming += len(chunk)
        if self._upload.received + self._coming > self._upload.size:
            raise DomainError("uploads.beyond", size=self._upload.size)
        if self._digest is not None:
            self._digest.update(chunk)
        self._waiting += chunk
        while len(self._waiting) >= receiving.PART_BYTES:
            await self._store(receiving.PART_BYTES)

    async def cut(self) -> None:
        """The line broke: what came counts, unless it was to be compared as a whole."""
        if self._wanted is None:
            await self.end()

    async def end(self) -> None:
        """All has come."""
        if self._waiting:
            await self._store(len(self._waiting))
        if self._wanted is None or self._digest is None:
            return
        if self._digest.digest() != self._wanted[1]:
            raise DomainError("uploads.checksum")
        await self._count(self._kept)

    async def _store(self, size: int) -> None:
        if self._parts >= receiving.PARTS_MOST:
            raise DomainError("uploads.torn")
        self._parts += 1
        piece = bytes(self._waiting[:size])
        try:
            ref = await self._core.blobs.put(piece)
        except OSError as error:
            if error.errno in _FULL_DISK:
                raise DomainError("documents.no_space") from error
            raise
        failpoints.hit(STORED)
        del self._waiting[:size]
        part = Part(ref.sha256, ref.size)
        if self._wanted is None:
            await self._count([part])
        else:
            self._kept.append(part)

    async def _count(self, parts: list[Part]) -> None:
        if not parts:
            return

        def txn(tx: Tx) -> bool:
            return uploads.append_txn(tx, self._upload.id, self._at, parts, self._expires_at)

        if not await self._core.db.write(txn):  # it went on over another connection, or was given up
            raise DomainError("uploads.offset", received=self._at)
        self._at += sum(part.size for part in parts)
