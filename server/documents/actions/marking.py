"""Recipients' copies: each carries its reader's name in its own bytes, made ready once and patched as they go out.

What is on a copy is settled at its first delivery and stays: the same reader gets the same bytes for ever, so that
ranges fit together and what a tablet holds stays good. Signed papers, and those that somebody is asked to sign, are
served as they are; their name is drawn by the screen.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import shutil
import tempfile
from collections import OrderedDict
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import structlog
from msgspec import Struct

from server.core import journal, wire
from server.core.blobs import PIECE_BYTES
from server.core.db import Database, Published
from server.core.errors import DomainError
from server.core.printing import words
from server.documents.actions import guard
from server.documents.actions.guard import Withdrawn
from server.documents.actions.telling import append, tell_papers
from server.documents.intake import folder_of
from server.documents.models import Copy, Prepared
from server.documents.store import marks, papers, versions
from server.documents.watermark import make_ready
from server.documents.watermark.splice import Patch, patches, spliced
from server.documents.wire import CopyIssued

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Tx
    from server.documents.store.versions import Held
    from server.meetings.wire import Meeting

AUDIT_STREAM = "x:documents"
SECONDS = 60.0
MEMORY_MIB = 1024
MOST_KNOWN = 20_000
_AHEAD = 64
_NUMBER_BITS = 64
_log = structlog.get_logger(__name__)


class MarksWanted(Published, frozen=True):
    """Papers were published or switched that are to carry names: their copies are to be made ready."""


class Served(Struct, frozen=True):
    """The bytes of a version for one reader: the stored ones, and what of them is this reader's own."""

    held: Held
    sha256: str
    size: int
    etag: str
    patches: tuple[Patch, ...] = ()

    def own(self, data: bytes, begin: int) -> bytes:
        """Stored bytes that begin at ``begin``, as this reader gets them."""
        return spliced(data, begin, self.patches) if self.patches else data


_known: WeakKeyDictionary[Database, OrderedDict[tuple[str, str, str], Served]] = WeakKeyDictionary()


def plain(held: Held) -> Served:
    """The bytes of a version as they are stored."""
    return Served(held, held.sha256, held.size, f'"{held.sha256}"')


async def served(core: Core, held: Held, *, actor: Actor) -> Served:
    """The bytes of a version for this actor, who may read it; raises ``documents.marking`` while they are made."""
    if held.mark == "waiting":
        raise DomainError("documents.marking")
    if held.prepared is None:
        return plain(held)
    known = _known.setdefault(core.db, OrderedDict())
    key = (held.id, actor.person_id, held.prepared.sha256)
    found = known.get(key)
    if found is None:
        found = known[key] = _own(held, held.prepared, await _copy(core, held, actor))
        while len(known) > MOST_KNOWN:
            known.popitem(last=False)
    return found if found.held == held else Served(held, found.sha256, found.size, found.etag, found.patches)


@asynccontextmanager
async def as_file(core: Core, held: Held, *, actor: Actor) -> AsyncIterator[Path]:
    """A file with the bytes of a version for this actor, to be read by a child; gone after the block if made."""
    own = await served(core, held, actor=actor)
    async with core.blobs.as_file(own.sha256) as path:
        if not own.patches:
            yield path
            return
        folder = folder_of(core.config)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(prefix="own-", dir=folder) as place:
            target = Path(place) / "own.pdf"
            await asyncio.to_thread(_write, path, target, own.patches)
            yield target


def _write(source: Path, target: Path, own: Iterable[Patch]) -> None:
    shutil.copyfile(source, target)
    with target.open("r+b") as file:
        for patch in own:
            file.seek(patch.begin)
            file.write(patch.data)


def _own(held: Held, prepared: Prepared, copy: Copy) -> Served:
    shown = words.local(datetime.fromisoformat(copy.issued_at))
    own = patches(prepared.places, int(copy.number, 16), copy.name, f"{shown:%H:%M}, {words.short_date(shown)}")
    etag = hashlib.sha256(f"{prepared.sha256} {copy.number} {copy.name}".encode()).hexdigest()
    return Served(held, prepared.sha256, prepared.size, f'"{etag}"', own)


async def _copy(core: Core, held: Held, actor: Actor) -> Copy:
    """What is on this actor's copy: settled now if it was not before."""
    found = await core.db.read(lambda read: marks.copy_of(read, held.id, actor.person_id))
    if found is not None:
        return found
    new = Copy(
        version_id=held.id, person_id=actor.person_id, number=f"{secrets.randbits(_NUMBER_BITS):016x}",
        name=actor.name or actor.person_id, issued_at=wire.stamp(core.clock.now()),
    )  # fmt: skip

    def txn(tx: Tx) -> Copy:
        kept = marks.insert_copy_txn(tx, new)
        if kept is new:
            journal.open_stream(tx, AUDIT_STREAM, audience=AUDIT_STREAM)
            append(tx, AUDIT_STREAM, CopyIssued(version_id=held.id, number=new.number), actor)
        return kept

    return await core.db.write(txn)


async def read_bytes(core: Core, version_id: str, edition: str | None = None, *, actor: Actor) -> Served:
    """The bytes of a version, for who may read it now; raises as ``guard.reach``, and ``documents.marking``.

    ``edition``: the one that is being read; raises ``documents.edition`` where that is no longer what is served.
    """
    found = await served(core, await guard.reach(core, version_id, actor=actor), actor=actor)
    if edition is not None and edition != versions.edition_of(found.held.prepared):
        raise DomainError("documents.edition")
    return found


async def whole(core: Core, version_id: str, *, actor: Actor) -> bytes:
    """All bytes of a version as this reader gets them, to be sent to them; raises as ``read_bytes``."""
    found = await read_bytes(core, version_id, actor=actor)
    return found.own(await core.blobs.read(found.sha256), 0)


async def beginning(core: Core, version_id: str, length: int, *, actor: Actor) -> Served:
    """The first bytes of a version: an earlier state of a signed file, exactly as somebody signed it.

    For who may read it now; raises as ``read_bytes``, and ``documents.no_revision`` also where every reader's bytes
    carry a mark of their own, so that nobody has the exact ones.
    """
    found = await read_bytes(core, version_id, actor=actor)
    if found.patches or found.sha256 != found.held.sha256 or not 0 < length <= found.size:
        raise DomainError("documents.no_revision")
    return Served(found.held, found.sha256, length, f'"{found.sha256}-{length}"')


async def take_bytes(core: Core, version_id: str, *, actor: Actor) -> Served:
    """The same for who may take it away; raises as ``guard.take``."""
    return await served(core, await guard.take(core, version_id, actor=actor), actor=actor)


# ---- making ready


async def prepare_ahead(core: Core) -> int:
    """Make papers ready that are to carry names and are not yet; returns how many bytes were done with."""
    contents = await core.db.read(lambda read: marks.missing(read, _AHEAD))
    done = 0
    for content in contents:
        try:
            prepared = await _prepared(core, content)
        except DomainError as error:  # busy, or its bytes are lost: there is another time
            _log.info("copies not made ready", code=error.code)
            continue
        await core.db.write(lambda tx, content=content, prepared=prepared: _keep_txn(tx, content, prepared))  # type: ignore[misc]
        done += 1
    return done


async def _prepared(core: Core, content: str) -> Prepared | None:
    folder = folder_of(core.config)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="marks-", dir=folder) as place:
        target = Path(place) / "prepared.pdf"
        async with core.blobs.as_file(content) as path:
            try:
                places = await core.workers.run(
                    make_ready, str(path), str(target), timeout=SECONDS, memory_mib=MEMORY_MIB
                )
            except DomainError as error:
                if error.code not in {"worker_failed", "worker_timeout"}:
                    raise
                places = None  # it can be shown as it is; the name is drawn by the screen
        if places is None:
            return None
        most = (await asyncio.to_thread(target.stat)).st_size
        ref = await core.blobs.put_stream(_pieces(target), max_bytes=most)
    return Prepared(ref.sha256, ref.size, places)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
            yield piece


def _keep_txn(tx: Tx, content: str, prepared: Prepared | None) -> None:
    if not marks.keep_txn(tx, content, prepared):
        return
    _tell(tx, marks.carrying(tx, content), None)
    tx.publish(Withdrawn())  # what was just answered about these bytes holds no more


def _tell(tx: Tx, which: Iterable[tuple[str, str]], actor: Actor | None) -> None:
    """Tell of papers, given as (item, paper), whose bytes are others than before."""
    by_item: dict[str, list[str]] = {}
    for item_id, paper_id in which:
        by_item.setdefault(item_id, []).append(paper_id)
    for item_id, changed in by_item.items():
        wanted = set(changed)
        tell_papers(tx, item_id, [each for each in papers.of_item(tx, item_id) if each.id in wanted], "marked", actor)


# ---- switching


def meeting_changed(tx: Tx, actor: Actor, before: Meeting, after: Meeting) -> None:
    """Names are wanted on the copies of a meeting's papers, or no more (hook of meetings)."""
    if before.watermark == after.watermark:
        return
    _tell(tx, marks.set_marked_txn(tx, after.id, marked=after.watermark), actor)
    tx.publish(Withdrawn())
    tx.publish(MarksWanted())


def serve_exact_txn(tx: Tx, version_id: str, *, actor: Actor) -> None:
    """Serve a version as it is from now on: somebody is asked to sign these very bytes, and must see no others."""
    if not marks.set_exact_txn(tx, version_id):
        return
    held = versions.held(tx, version_id)
    if held is not None and held.mark != "none":
        _tell(tx, [(held.item_id, held.paper_id)], actor)
    tx.publish(Withdrawn())


def watch(core: Core) -> asyncio.Event:
    """What is set whenever there may be something to make ready."""
    wanted = asyncio.Event()

    def heed(published: list[Published]) -> None:
        if any(isinstance(each, MarksWanted) for each in published):
            wanted.set()

    core.db.subscribe(heed)
    return wanted
