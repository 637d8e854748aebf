"""Blobs in a local directory: written beside, fsynced, renamed into place, directory fsynced."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from io import FileIO
from pathlib import Path

from server.core.blobs_store import Incoming
from server.core.errors import DomainError

_INCOMING = ".incoming"
# An upload takes minutes at most: what is older was left by a killed process.
_STALE_SECONDS = 24 * 3600


class LocalStore:
    """``ab/cdef…`` under the root: the first two digits are a folder, so that none holds too many files."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / _INCOMING
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._durable: set[Path] = set()  # folders whose own names are on the disk
        for left in self._incoming.iterdir():
            if left.stat().st_mtime < time.time() - _STALE_SECONDS:
                left.unlink(missing_ok=True)

    def local_path(self, sha256: str) -> Path:
        """Where the blob lies, or would lie."""
        return self._root / sha256[:2] / sha256[2:]

    @contextlib.asynccontextmanager
    async def incoming(self) -> AsyncIterator[Incoming]:
        """A file in the same file system, so that keeping it is one rename."""
        descriptor, name = await asyncio.to_thread(tempfile.mkstemp, dir=self._incoming)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield Incoming(file, Path(name), to_disk=True)
        finally:
            await asyncio.to_thread(Path(name).unlink, missing_ok=True)

    async def keep(self, incoming: Incoming, sha256: str) -> None:
        """Rename into place. An existing blob is replaced by the same bytes, which also mends a damaged one."""
        await asyncio.to_thread(self._keep, incoming, sha256)

    def _keep(self, incoming: Incoming, sha256: str) -> None:
        incoming.file.flush()
        os.fsync(incoming.file.fileno())
        target = self.local_path(sha256)
        target.parent.mkdir(exist_ok=True, mode=0o700)
        incoming.path.replace(target)
        _sync_folder(target.parent)
        if target.parent not in self._durable:  # each sync is one more that the journal's own may wait behind
            _sync_folder(self._root)
            self._durable.add(target.parent)

    async def read_range(self, sha256: str, begin: int, end: int) -> bytes:
        """One pread in a thread."""
        return await asyncio.to_thread(self._read_range, sha256, begin, end)

    def _read_range(self, sha256: str, begin: int, end: int) -> bytes:
        with self._opened(sha256) as file:
            return os.pread(file.fileno(), end - begin, begin)

    async def iterate(self, sha256: str, piece_bytes: int) -> AsyncIterator[bytes]:
        """Read on in a thread, piece by piece."""
        with self._opened(sha256) as file:
            while piece := await asyncio.to_thread(file.read, piece_bytes):
                yield piece

    async def size(self, sha256: str) -> int:
        """The size that the file system tells."""
        try:
            return (await asyncio.to_thread(self.local_path(sha256).stat)).st_size
        except FileNotFoundError as error:
            raise DomainError("not_found") from error

    async def delete(self, sha256: str) -> None:
        """Unlink; who has it open reads on."""
        await asyncio.to_thread(self.local_path(sha256).unlink, missing_ok=True)

    async def stored(self, older_than_seconds: float) -> AsyncIterator[str]:
        """Walk the folders in a thread."""
        before = time.time() - older_than_seconds
        for sha256 in await asyncio.to_thread(lambda: list(self._stored(before))):
            yield sha256

    def _stored(self, before: float) -> Iterator[str]:
        for folder in self._root.iterdir():
            if folder.name == _INCOMING:
                continue
            for file in folder.iterdir():
                if file.stat().st_mtime <= before:
                    yield folder.name + file.name

    def _opened(self, sha256: str) -> FileIO:
        try:
            return self.local_path(sha256).open("rb", buffering=0)
        except FileNotFoundError as error:
            raise DomainError("not_found") from error


def _sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
