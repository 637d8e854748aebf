"""Checking signatures: of a version against the register, and of any file that somebody brings."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from server.core import access
from server.core.db import Database
from server.core.errors import DomainError
from server.documents import actions as documents
from server.signatures import store
from server.signatures.actions import trust
from server.signatures.child import verify_file
from server.signatures.wire import Verification
from signing import Report

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read
    from server.signatures.store import Signed

SECONDS = 30.0
MEMORY_MIB = 2048
# Uploads share the children; those who check wait for each other instead.
AT_ONCE = 1
MOST_WAITING = 32
# What a child that did not come back says of the file that it was given.
_ENDS = {"worker_timeout": "too_slow", "worker_failed": "crashed"}


class _Desk:
    def __init__(self) -> None:
        self.free = asyncio.Semaphore(AT_ONCE)
        self.waiting = 0


_desks: WeakKeyDictionary[Database, _Desk] = WeakKeyDictionary()


async def check_version(core: Core, version_id: str, *, actor: Actor) -> Verification:
    """The signatures of a version; one that the register does not know, or misses, makes it invalid.

    For who may read the version. A version that nobody signed here is judged by what is in the file.
    """

    def read(read: Read) -> tuple[str, Signed | None]:
        return documents.check(read, actor, version_id).sha256, store.signed(read, version_id)

    sha256, known = await core.db.read(read)
    async with core.blobs.as_file(sha256) as path:
        report = await _verify(core, str(path), known.fields if known else None)
    if report.sha256 not in {sha256, ""}:
        raise DomainError("blobs.corrupt", sha256=sha256)
    return Verification(report=report)


async def check_upload(core: Core, chunks: AsyncIterator[bytes], *, actor: Actor) -> Report:
    """The signatures of any file; nothing of it is kept. Raises ``too_large``."""
    await core.db.read(
        lambda read: access.require("signatures.verify", access.relations(read, actor, "person", actor.person_id))
    )
    limit, size = core.config.limits.file_bytes, 0
    place = documents.folder_of(core.config)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=place) as folder:
        path = f"{folder}/given.pdf"
        with await asyncio.to_thread(open, path, "wb") as file:
            async for piece in chunks:
                size += len(piece)
                if size > limit:
                    raise DomainError("too_large", limit=limit)
                await asyncio.to_thread(file.write, piece)
        return await _verify(core, path, None)


async def _verify(core: Core, path: str, expected: tuple[str, ...] | None) -> Report:
    """What a child says of a file; a child that overran its bounds, or died, is a verdict too."""
    desk = _desks.setdefault(core.db, _Desk())
    if desk.waiting >= MOST_WAITING:
        raise DomainError("worker_busy")
    authorities = await trust.authorities(core)
    desk.waiting += 1
    try:
        async with desk.free:
            return await core.workers.run(
                verify_file, path, authorities, expected, timeout=SECONDS, memory_mib=MEMORY_MIB
            )
    except DomainError as error:
        if error.code not in _ENDS:
            raise
        return Report(verdict="invalid", integrity="broken", reasons=(_ENDS[error.code],))
    finally:
        desk.waiting -= 1
