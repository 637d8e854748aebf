"""What a place for blobs must be able to do, and the memory in front of it."""

from __future__ import annotations

import contextlib
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

Key = tuple[str, int, int]


@dataclass(frozen=True)
class Incoming:
    """Bytes on their way in: a file open for writing, and its name."""

    file: IO[bytes]
    path: Path


class BlobStore(Protocol):
    """A place for blobs, named by SHA-256. Whatever needs a blob that is not there raises ``not_found``."""

    def incoming(self) -> AbstractAsyncContextManager[Incoming]:
        """A named file for bytes on their way in; removed at the end of the block unless kept."""

    async def keep(self, incoming: Incoming, sha256: str) -> None:
        """Make the file's bytes the blob ``sha256``, durable on return. Twice the same is no error."""

    async def read_range(self, sha256: str, begin: int, end: int) -> bytes:
        """Bytes from ``begin`` to before ``end``; fewer, or none, at the blob's end."""

    def iterate(self, sha256: str, piece_bytes: int) -> AsyncIterator[bytes]:
        """All bytes, in pieces of about ``piece_bytes``."""

    async def size(self, sha256: str) -> int:
        """Count of bytes."""

    async def delete(self, sha256: str) -> None:
        """Remove the blob; a missing one is no error."""

    def stored(self, older_than_seconds: float) -> AsyncIterator[str]:
        """Names of all blobs stored at least so long ago."""

    async def sweep(self, older_than_seconds: float) -> None:
        """Remove what killed processes left on its way in, and nobody has written to for so long."""

    def local_path(self, sha256: str) -> Path | None:
        """The file of the blob, if it is one on this machine."""


def unlink_older(folder: Path, pattern: str, seconds: float) -> None:
    """Remove files of a folder that nobody has written to for so long."""
    before = time.time() - seconds
    for file in folder.glob(pattern):
        with contextlib.suppress(FileNotFoundError):  # it was kept, or let go, just now
            if file.stat().st_mtime < before:
                file.unlink()


class RangeCache:
    """The ranges read last, up to a number of bytes: a hall of tablets asks for the same pages at once."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._ranges: OrderedDict[Key, bytes] = OrderedDict()

    def get(self, key: Key) -> bytes | None:
        """The bytes of a range, if they are here; they then count as just read."""
        data = self._ranges.get(key)
        if data is not None:
            self._ranges.move_to_end(key)
        return data

    def put(self, key: Key, data: bytes) -> None:
        """Remember a range, forgetting those read longest ago."""
        self._bytes += len(data) - len(self._ranges.pop(key, b""))
        self._ranges[key] = data
        while self._bytes > self._max_bytes:
            _key, dropped = self._ranges.popitem(last=False)
            self._bytes -= len(dropped)

    def drop(self, sha256: str) -> None:
        """Forget every range of a blob."""
        for key in [key for key in self._ranges if key[0] == sha256]:
            self._bytes -= len(self._ranges.pop(key))
