"""What changed from one version of a paper to another: compared once for each pair of files, then kept."""

from __future__ import annotations

import asyncio
import zlib
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import msgspec
import structlog

from server.core.db import Database
from server.core.errors import DomainError
from server.core.workers import File
from server.documents.actions import guard, page_words
from server.documents.comparing import Face, align, removed
from server.documents.intake.looks import Look, read_looks
from server.documents.models import Origin
from server.documents.store import looks as store
from server.documents.store import versions
from server.documents.wire import Changes, PageOrigin

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read
    from server.documents.store.versions import Held

# A child is given so many pages at a time, so that uploads get their turn between two such pieces.
PIECE_PAGES = 50
# Pages beyond this are known by their words alone: drawing takes some 20 ms a page.
MOST_PAGES = 1000
SECONDS = 60.0
MEMORY_MIB = 512
_AHEAD = 4
_LOST = {"not_found", "blobs.corrupt"}

_decode = msgspec.json.Decoder(list[Look]).decode
_log = structlog.get_logger(__name__)
_desks: WeakKeyDictionary[Database, asyncio.Lock] = WeakKeyDictionary()


async def changes(core: Core, new_id: str, old_id: str, *, actor: Actor) -> Changes:
    """What became of the pages of version ``old_id`` in version ``new_id`` of the same paper.

    For who may read both. Raises as reading does, also ``not_found`` for versions of two papers.
    """
    new, old = await guard.reach(core, new_id, actor=actor), await guard.reach(core, old_id, actor=actor)
    if new.paper_id != old.paper_id:
        raise DomainError("not_found")
    found = await origins(core, old, new)
    for version in (new_id, old_id):  # comparing may have taken a while, and access may have ended
        await guard.reach(core, version, actor=actor)
    pages = tuple(PageOrigin(old=each.old, same=each.same) for each in found)
    return Changes(old=old_id, new=new_id, pages=pages, removed=removed(found, old.pages))


async def origins(core: Core, old: Held, new: Held) -> tuple[Origin, ...]:
    """For each page of ``new``, which page of ``old`` it was; the caller has asked whether it may be told.

    A file that nobody can draw is compared by its words. Raises ``worker_busy``, ``not_found`` for lost bytes.
    """
    return await _origins(core, (old.sha256, old.pages), (new.sha256, new.pages))


async def compare_ahead(core: Core) -> int:
    """Compare versions that replaced another with it, before anybody asks; returns how many were compared."""
    done = 0
    for old, new in await core.db.read(lambda read: store.missing(read, _AHEAD)):
        try:
            await _origins(core, (old.sha256, old.pages), (new.sha256, new.pages))
        except DomainError as error:  # busy, or its bytes are lost: there is another time
            _log.info("versions not compared", code=error.code)
            continue
        done += 1
    return done


def lineage(read: Read, version_id: str) -> list[Held]:
    """A version and those of its paper before it, the newest first; empty where it is not there or was recalled."""
    found = versions.held(read, version_id)
    if found is None or found.state == "recalled":
        return []
    older = versions.ids_of(read, found.paper_id)
    older = older[: older.index(version_id)]
    return [found, *(held for each in reversed(older) if (held := versions.held(read, each)) is not None)]


async def _origins(core: Core, old: tuple[str, int], new: tuple[str, int]) -> tuple[Origin, ...]:
    def kept(read: Read) -> tuple[Origin, ...] | None:
        return store.origins(read, old[0], new[0])

    found = await core.db.read(kept)
    if found is not None:
        return found
    async with _desks.setdefault(core.db, asyncio.Lock()):
        found = await core.db.read(kept)  # it may have been done while waiting
        if found is not None:
            return found
        here, there = await _faces(core, *old), await _faces(core, *new)
        found = await asyncio.to_thread(align, here, there)
        made = found
        await core.db.write(lambda tx: store.set_origins_txn(tx, old[0], new[0], made))
        return found


async def _faces(core: Core, content: str, pages: int) -> list[Face]:
    texts = await page_words.of_content(core, content)
    drawn = await _looks(core, content, pages)
    return [
        Face(
            texts[at] if at < len(texts) else "",
            drawn[at].width if at < len(drawn) else 0.0,
            drawn[at].height if at < len(drawn) else 0.0,
            zlib.decompress(drawn[at].cells) if at < len(drawn) else b"",
        )
        for at in range(pages)
    ]


async def _looks(core: Core, content: str, pages: int) -> list[Look]:
    kept = await core.db.read(lambda read: store.kept(read, content))
    if kept is not None and kept.sha256 is None:
        return []
    if kept is not None and kept.sha256 is not None:
        try:
            return _decode(await core.blobs.read(kept.sha256))
        except DomainError as error:  # lost or damaged: pages can be drawn again
            if error.code not in _LOST:
                raise
    found = await _drawn(core, content, min(pages, MOST_PAGES))
    sha256 = None if found is None else (await core.blobs.put(msgspec.json.encode(found))).sha256
    await core.db.write(lambda tx: store.keep_txn(tx, content, sha256))
    return found or []


async def _drawn(core: Core, content: str, pages: int) -> list[Look] | None:
    """The looks of the first ``pages``; None where the file cannot be drawn, which trying again would not help."""
    found: list[Look] = []
    async with core.blobs.as_file(content) as path:
        for first in range(0, pages, PIECE_PAGES):
            try:
                piece = await core.readers.run(
                    read_looks, File(str(path)), first, PIECE_PAGES, timeout=SECONDS, memory_mib=MEMORY_MIB
                )
            except DomainError as error:
                if error.code not in {"worker_failed", "worker_timeout"}:
                    raise
                return None
            found += _decode(piece)
    return found
