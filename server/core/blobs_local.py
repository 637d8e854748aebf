"""Blobs in a local directory: written beside, fsynced, renamed into place, directory fsynced."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from io import FileIO
from pathlib import Path

from server.core.blobs_store import Incoming, unlink_older
from server.core.errors import DomainError

_INCOMING = ".incoming"
# So much is written out at once: the journal's sync, and with it a stroke, waits behind a piece and not behind a file.
_PIECE_BYTES = 1024 * 1024
_WAIT_AND_WRITE = 7  # SYNC_FILE_RANGE_WAIT_BEFORE | _WRITE | _WAIT_AFTER, <linux/fs.h>


class LocalStore:
    """``ab/cdef…`` under the root: the first two digits are a folder, so that none holds too many files."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / _INCOMING
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        for number in range(256):  # all at once: each would cost a sync while strokes wait for theirs
            (root / f"{number:02x}").mkdir(exist_ok=True, mode=0o700)
        _sync_folder(root)

    def local_path(self, sha256: str) -> Path:
        """Where the blob lies, or would lie."""
        return self._root / sha256[:2] / sha256[2:]

    @contextlib.asynccontextmanager
    async def incoming(self) -> AsyncIterator[Incoming]:
        """A file in the same file system, so that keeping it is one rename."""
        descriptor, name = await asyncio.to_thread(tempfile.mkstemp, dir=self._incoming)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield Incoming(file, Path(name))
        finally:
            await asyncio.to_thread(Path(name).unlink, missing_ok=True)

    async def keep(self, incoming: Incoming, sha256: str) -> None:
        """Rename into place. An existing blob is replaced by the same bytes, which also mends a damaged one."""
        await asyncio.to_thread(self._keep, incoming, sha256)

    def _keep(self, incoming: Incoming, sha256: str) -> None:
        _bring_to_disk(incoming.file.fileno())
        target = self.local_path(sha256)
        incoming.path.replace(target)
        _sync_folder(target.parent)

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

    async def sweep(self, older_than_seconds: float) -> None:
        """Unlink in a thread."""
        await asyncio.to_thread(unlink_older, self._incoming, "*", older_than_seconds)

    def _opened(self, sha256: str) -> FileIO:
        try:
            return self.local_path(sha256).open("rb", buffering=0)
        except FileNotFoundError as error:
            raise DomainError("not_found") from error


def _bring_to_disk(descriptor: int) -> None:
    """Make a file's bytes durable, those of a large one piece by piece."""
    size = os.fstat(descriptor).st_size
    for begin in range(0, size - _PIECE_BYTES, _PIECE_BYTES):
        _write_out(descriptor, begin)
    os.fsync(descriptor)


def _write_out(descriptor: int, begin: int) -> None:
    """Write a piece to the disk, which may still hold it in its own memory; only ``fsync`` makes it durable."""
    write_out = getattr(ctypes.CDLL(None, use_errno=True), "sync_file_range", None)  # Linux has it
    if write_out is None:
        return
    write_out.argtypes = (ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint)
    # A failure that was told here is not told by the fsync that follows.
    if write_out(descriptor, begin, _PIECE_BYTES, _WAIT_AND_WRITE):
        raise OSError(ctypes.get_errno(), "sync_file_range")


def _sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
