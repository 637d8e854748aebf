"""Checking signatures: of a version against the register, and of any file that somebody brings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple
from weakref import WeakKeyDictionary

from server.core import access
from server.core.db import Database
from server.core.errors import DomainError
from server.core.printing import words
from server.directory import actions as directory
from server.documents import actions as documents
from server.signatures import store
from server.signatures.actions import making, trust
from server.signatures.child.looking import judge_file
from server.signatures.rules import comparing
from server.signatures.rules.comparing import Expected
from server.signatures.store import dossiers
from server.signatures.wire import Verification
from signing import Report

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read
    from server.documents.actions import Held

T = TypeVar("T")
Given = TypeVarTuple("Given")

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
    return (await judged(core, version_id, actor=actor))[1]


async def judged(core: Core, version_id: str, *, actor: Actor) -> tuple[Held, Verification]:
    """The same, with the version that it is about."""

    def read(read: Read) -> tuple[Held, Expected]:
        held = documents.check(read, actor, version_id)
        signed = store.signed(read, version_id)
        names = [directory.person(read, one).full_name for one in signed.signers] if signed else []
        papers = dossiers.of_paper(read, held.paper_id)
        return held, comparing.expected(signed, names, papers, version_id, words.long_date)

    held, known = await core.db.read(read)
    async with core.blobs.as_file(held.sha256) as path:
        report = await judge(core, str(path), known)
    if report.sha256 not in {held.sha256, ""}:
        raise DomainError("blobs.corrupt", sha256=held.sha256)
    lines = comparing.compared(known, held.sha256, report)
    return held, Verification(report=report, register=lines, symbol=known.symbol)


async def check_upload(core: Core, chunks: AsyncIterator[bytes], *, actor: Actor) -> Report:
    """The signatures of any file; nothing of it is kept. Raises ``too_large``."""
    async with received(core, chunks, actor=actor) as path:
        return await judge(core, path)


@asynccontextmanager
async def received(core: Core, chunks: AsyncIterator[bytes], *, actor: Actor) -> AsyncIterator[str]:
    """A file that somebody brings, for as long as it is looked at. Raises ``too_large``."""
    await core.db.read(
        lambda read: access.require("signatures.verify", access.relations(read, actor, "person", actor.person_id))
    )
    async with making.folder(core) as folder:
        path = f"{folder}/given.pdf"
        await making.take(chunks, path, core.config.limits.file_bytes)
        yield path


async def judge(core: Core, path: str, known: Expected | None = None) -> Report:
    """What a child says of a file; a child that overran its bounds, or died, is a verdict too."""
    authorities = await trust.authorities(core)
    try:
        return await in_child(core, judge_file, path, authorities, known or Expected())
    except DomainError as error:
        if error.code not in _ENDS:
            raise
        return Report(verdict="invalid", integrity="broken", reasons=(_ENDS[error.code],))


async def in_child(core: Core, work: Callable[[*Given], T], *args: *Given) -> T:
    """Have a child look at a file that nobody vouches for, one after another. Raises ``worker_…``."""
    desk = _desks.setdefault(core.db, _Desk())
    if desk.waiting >= MOST_WAITING:
        raise DomainError("worker_busy")
    desk.waiting += 1
    try:
        async with desk.free:
            return await core.workers.run(work, *args, timeout=SECONDS, memory_mib=MEMORY_MIB)
    finally:
        desk.waiting -= 1
