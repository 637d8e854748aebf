"""Bytes of papers: content-addressed by SHA-256, immutable, on a local disk or in an S3-compatible store.

The local store writes by itself and not through obstore, which has no fsync: a blob that was acknowledged survives
``kill -9`` and a power cut. Everything beyond one machine goes through obstore.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
import tempfile
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from server.core.blobs_local import LocalStore
from server.core.blobs_remote import RemoteStore
from server.core.blobs_store import BlobStore, Incoming, RangeCache
from server.core.errors import DomainError, ErrorSpec, register

if TYPE_CHECKING:
    from server.config import Config

RANGE_BYTES = 256 * 1024
# Bytes are hashed and written in pieces of this size, one hop to a thread each.
PIECE_BYTES = 1024 * 1024
CACHE_BYTES = 64 * 1024 * 1024

_SHA256 = re.compile(r"[0-9a-f]{64}")

register(
    ErrorSpec("blobs.range", 416, "Khoảng byte không hợp lệ: từ {begin} đến {end}."),
    ErrorSpec("blobs.corrupt", 500, "Tệp trên máy chủ đã bị hỏng, không phát ra. Tìm bản sao lưu của {sha256}."),
)


class BlobRef(msgspec.Struct, frozen=True):
    """Name and size of stored bytes: the SHA-256 in hex, and the count."""

    sha256: str
    size: int


class Received:
    """Bytes that have come, all of them, and are not a blob yet: their name to be, and a file that holds them."""

    def __init__(self, ref: BlobRef, incoming: Incoming, store: BlobStore) -> None:
        self.ref = ref
        self.path = incoming.path
        self._incoming = incoming
        self._store = store

    async def keep(self) -> None:
        """Make them a blob, durable on return; the file is no longer at ``path`` then."""
        await self._store.keep(self._incoming, self.ref.sha256)


class Blobs:
    """What features see of the blob store. Every ``sha256`` is 64 hex digits; an unknown one raises ``not_found``."""

    def __init__(self, store: BlobStore, *, cache_bytes: int = CACHE_BYTES) -> None:
        self._store = store
        self._cache = RangeCache(cache_bytes)

    @contextlib.asynccontextmanager
    async def receive(self, chunks: AsyncIterator[bytes], *, max_bytes: int) -> AsyncIterator[Received]:
        """Take what comes into a file to be looked at first; it is gone at the end of the block unless it was kept.

        Nothing is brought to the disk before: what is refused keeps no stroke waiting for its sync. More than
        ``max_bytes`` raises ``too_large``; then, and when the stream breaks, nothing stays behind.
        """
        digest, size = hashlib.sha256(), 0
        async with self._store.incoming() as incoming:
            async for piece in _pieces(chunks):
                size += len(piece)
                if size > max_bytes:
                    raise DomainError("too_large", limit=max_bytes)
                await asyncio.to_thread(_take, incoming, digest, piece)
            yield Received(BlobRef(digest.hexdigest(), size), incoming, self._store)

    async def put_stream(self, chunks: AsyncIterator[bytes], *, max_bytes: int) -> BlobRef:
        """Store what comes and name it by its hash; on return it is durable. Raises what ``receive`` does."""
        async with self.receive(chunks, max_bytes=max_bytes) as received:
            await received.keep()
        return received.ref

    async def put(self, data: bytes) -> BlobRef:
        """Store bytes that are in memory."""
        return await self.put_stream(_once(data), max_bytes=len(data))

    async def read_range(self, sha256: str, begin: int, end: int) -> bytes:
        """Bytes ``begin`` to before ``end``, at most 256 KiB; shorter at the end of the blob, from memory if there.

        Raises ``blobs.range`` for a range that is empty, reversed, too long or begins behind the end.
        """
        if not 0 <= begin < end <= begin + RANGE_BYTES:
            raise DomainError("blobs.range", begin=begin, end=end)
        key = (_checked(sha256), begin, end)
        data = self._cache.get(key)
        if data is None:
            data = await self._store.read_range(sha256, begin, end)
            if not data:
                raise DomainError("blobs.range", begin=begin, end=end)
            self._cache.put(key, data)
        return data

    async def iterate(self, sha256: str) -> AsyncIterator[bytes]:
        """The whole blob in pieces; raises ``blobs.corrupt`` at the end when the bytes are not those of the hash."""
        digest = hashlib.sha256()
        async for piece in self._store.iterate(_checked(sha256), PIECE_BYTES):
            await asyncio.to_thread(digest.update, piece)
            yield piece
        if digest.hexdigest() != sha256:
            raise DomainError("blobs.corrupt", sha256=sha256)

    async def read(self, sha256: str) -> bytes:
        """The whole blob, checked against its hash."""
        return b"".join([piece async for piece in self.iterate(sha256)])

    def local_path(self, sha256: str) -> Path | None:
        """The file that holds the blob, for X-Accel and sendfile; None where blobs are not on this machine."""
        return self._store.local_path(_checked(sha256))

    @contextlib.asynccontextmanager
    async def as_file(self, sha256: str) -> AsyncIterator[Path]:
        """A file with the blob's bytes for a child process to read, never to write; gone after the block if copied."""
        path = self.local_path(sha256)
        if path is not None:
            if not await self.exists(sha256):
                raise DomainError("not_found")
            yield path
            return
        with tempfile.NamedTemporaryFile(prefix="phien-blob-") as copy:
            async for piece in self.iterate(sha256):
                await asyncio.to_thread(copy.write, piece)
            copy.flush()
            yield Path(copy.name)

    async def size(self, sha256: str) -> int:
        """Bytes of the blob."""
        return await self._store.size(_checked(sha256))

    async def exists(self, sha256: str) -> bool:
        """Whether the blob is stored."""
        try:
            await self.size(sha256)
        except DomainError:
            return False
        return True

    async def delete(self, sha256: str) -> None:
        """Forget the blob, also in memory. The caller knows that nothing refers to it; a missing one is no error."""
        self._cache.drop(_checked(sha256))
        await self._store.delete(sha256)

    async def sweep(self, *, older_than_seconds: float) -> None:
        """Remove what killed processes left on its way in, and nobody has written to for so long."""
        await self._store.sweep(older_than_seconds)

    async def orphans(self, known: Iterable[str], *, older_than_seconds: float) -> list[str]:
        """Stored blobs that are not among ``known`` and old enough not to be an upload whose row is still to come."""
        referred = set(known)
        stored = self._store.stored(older_than_seconds)
        return sorted([sha256 async for sha256 in stored if sha256 not in referred])


def open_blobs(config: Config) -> Blobs:
    """Open the store that the configuration names."""
    location = config.blobs.location
    if "://" in location:
        return Blobs(RemoteStore.from_url(location, config.blobs.options))
    return Blobs(LocalStore(Path(location)))


def _checked(sha256: str) -> str:
    """The name itself; anything that is no SHA-256 is as unknown as one that is not stored."""
    if _SHA256.fullmatch(sha256) is None:
        raise DomainError("not_found")
    return sha256


def _take(incoming: Incoming, digest: hashlib._Hash, piece: bytes) -> None:
    incoming.file.write(piece)
    incoming.file.flush()  # who looks at the file by its name finds all of it
    digest.update(piece)


async def _pieces(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Join small chunks, so that a 200 MiB upload costs two hundred hops to a thread and not three thousand."""
    waiting = bytearray()
    async for chunk in chunks:
        waiting += chunk
        if len(waiting) >= PIECE_BYTES:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
