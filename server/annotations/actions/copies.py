"""Taking a paper away: a copy with marks on it, or the marks alone; made in a child, gone when it was sent."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from msgspec import Struct

from server.annotations import store
from server.annotations.actions import private_snapshot, shared_snapshot
from server.annotations.actions.layers import stream_of
from server.annotations.child import CopyJob, Mark, Sheet, write_copy, write_xfdf
from server.core import journal
from server.core.db import Database
from server.core.errors import DomainError
from server.core.printing import words
from server.documents import actions as documents
from server.documents import rules as document_rules
from server.meetings import actions as meetings

if TYPE_CHECKING:
    from server.annotations.wire import CopyWanted, MarksWanted
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read
    from server.documents.actions import Held

# Copies are long work: uploads share the same children and must not wait behind a hall that prints.
AT_ONCE = 1
MOST_WAITING = 32
SECONDS = 120.0
MEMORY_MIB = 1024


class Made(Struct, frozen=True):
    """A file ready to be sent, and what it is called."""

    path: Path
    title: str


class _Desk:
    def __init__(self) -> None:
        self.free = asyncio.Semaphore(AT_ONCE)
        self.waiting = 0


_desks: WeakKeyDictionary[Database, _Desk] = WeakKeyDictionary()


@asynccontextmanager
async def copy(core: Core, version_id: str, wanted: CopyWanted, *, actor: Actor) -> AsyncIterator[Made]:
    """A PDF with the wanted marks as annotations, there until the block ends.

    Raises as reading does, ``documents.not_downloadable``, ``documents.bad_pages``, ``worker_busy``, ``worker_…``.
    """
    held, pages, marks, sheet = await core.db.read(lambda read: _asked(core, read, actor, version_id, wanted))
    async with desk(core), folder(core) as place, documents.as_file(core, held, actor=actor) as source:
        target = place / "copy.pdf"
        job = CopyJob(sheet=sheet, marks=marks, pages=pages)
        await core.workers.run(write_copy, str(source), str(target), job, timeout=SECONDS, memory_mib=MEMORY_MIB)
        await documents.take(core, version_id, actor=actor)  # it took a while, and access may have ended
        yield Made(target, held.title)


@asynccontextmanager
async def xfdf(core: Core, version_id: str, wanted: CopyWanted, *, actor: Actor) -> AsyncIterator[Made]:
    """The wanted marks as XFDF; raises as ``copy``."""
    held, pages, marks, _sheet = await core.db.read(lambda read: _asked(core, read, actor, version_id, wanted))
    async with desk(core), folder(core) as place:
        target = place / "marks.xfdf"
        await core.workers.run(write_xfdf, str(target), marks, pages, timeout=SECONDS, memory_mib=MEMORY_MIB)
        await documents.take(core, version_id, actor=actor)
        yield Made(target, held.title)


@asynccontextmanager
async def desk(core: Core) -> AsyncIterator[None]:
    """A turn for what makes copies; raises ``worker_busy`` where too many wait for one."""
    queue = _desks.setdefault(core.db, _Desk())
    if queue.waiting >= MOST_WAITING:
        raise DomainError("worker_busy")
    queue.waiting += 1
    try:
        await queue.free.acquire()
    finally:
        queue.waiting -= 1
    try:
        yield
    finally:
        queue.free.release()


@asynccontextmanager
async def folder(core: Core) -> AsyncIterator[Path]:
    """A place for what is being made: notes lie open in it, so it is gone as soon as it was sent."""
    place = documents.folder_of(core.config)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="take-", dir=place) as made:
        yield Path(made)


def marks_of(core: Core, read: Read, actor: Actor, version_id: str, wanted: MarksWanted) -> tuple[Mark, ...]:
    """The wanted marks of a version: of private ones the actor's own alone, of shared ones those they may read."""
    if not journal.may_read(read, f"s:{version_id}", actor.person_id):
        return ()
    found: list[Mark] = []
    if wanted.shared:
        layers_read = [f"s:{version_id}", *group_layers(read, version_id, actor.person_id)]
        found += [Mark(each, private=False) for stream in layers_read for each in shared_snapshot(read, stream, None)]
    if wanted.own:
        own = f"p:{version_id}:{actor.person_id}"
        found += [Mark(each, private=True) for each in private_snapshot(core.sealing)(read, own, None)]
    return tuple(found)


def group_layers(read: Read, version_id: str, person: str) -> list[str]:
    """The layers of this person's groups on a version, as far as they may read them now."""
    named = [stream_of(version_id, group_id) for group_id in store.groups_of(read, person)]
    return [stream for stream in named if journal.may_read(read, stream, person)]


def layers(wanted: MarksWanted) -> tuple[str, ...]:
    """What went along, as a cover says it."""
    named = ((wanted.own, "ghi chú riêng"), (wanted.shared, "ghi chú chung"))
    return tuple(name for chosen, name in named if chosen)


def printed(stamp: str) -> str:
    """A moment as our papers write it."""
    moment = words.local(datetime.fromisoformat(stamp))
    return f"{moment:%H:%M}, {words.short_date(moment)}"


def _asked(
    core: Core, read: Read, actor: Actor, version_id: str, wanted: CopyWanted
) -> tuple[Held, tuple[int, ...], tuple[Mark, ...], Sheet]:
    held = documents.check_taking(read, actor, version_id)
    pages = document_rules.chosen_pages(wanted.pages, held.pages)
    return held, pages, marks_of(core, read, actor, version_id, wanted), sheet_of(core, read, actor, held, wanted)


def sheet_of(core: Core, read: Read, actor: Actor, held: Held, wanted: MarksWanted) -> Sheet:
    """What a copy says of itself."""
    paper, meeting = documents.load(read, held.paper_id), meetings.load(read, held.meeting_id)
    return Sheet(
        title=held.title,
        symbol=paper.symbol if paper else "",
        meeting=meeting.title if meeting else "",
        taker=actor.name,
        at=printed(core.clock.now().isoformat()),
        signed=held.signed,
        layers=layers(wanted),
    )
