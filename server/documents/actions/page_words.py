"""The words of pages, for searching and for reading as text: taken out once, kept beside the paper's bytes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import msgspec
import structlog

from server.core.db import Database
from server.core.errors import DomainError
from server.core.workers import File
from server.documents.actions import guard
from server.documents.intake.recognise import text_of
from server.documents.intake.words import read_words
from server.documents.models import Recognised
from server.documents.store import scans
from server.documents.store import texts as store
from server.documents.wire import PageTexts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.workers import Workers

MOST_WAITING = 64
SECONDS = 60.0
MEMORY_MIB = 512
# What one answer carries at most, unless a single page is longer: some three hundred pages of print.
ANSWER_CHARACTERS = 1_000_000
_AHEAD = 8
_LOST = {"not_found", "blobs.corrupt"}

_decode = msgspec.json.Decoder(list[str]).decode
_decode_page = msgspec.json.Decoder(Recognised).decode
_log = structlog.get_logger(__name__)


class _Desk:
    """The readings under way, by bytes, so that a hall that asks for one paper has it read once; one at a time."""

    def __init__(self) -> None:
        self.free = asyncio.Semaphore(1)
        self.under_way: dict[str, asyncio.Task[list[str]]] = {}


_desks: WeakKeyDictionary[Database, _Desk] = WeakKeyDictionary()


async def texts(core: Core, version_id: str, after: int, *, actor: Actor) -> PageTexts:
    """The words of the pages after ``after`` (0 for all), as many as one answer takes.

    Raises as reading does, ``documents.no_page`` for an ``after`` outside the paper, and ``worker_busy``.
    """
    held = await guard.reach(core, version_id, actor=actor)
    if not 0 <= after <= held.pages:
        raise DomainError("documents.no_page", page=after)
    pages = await of_content(core, held.sha256)
    read = {page: text_of(found) async for page, found in recognised(core, held.sha256, after)}
    pages += [""] * (max(read, default=0) - len(pages))
    given = _piece([read.get(number, text) for number, text in enumerate(pages[after:], start=after + 1)])
    end = after + len(given)
    machine = tuple(page for page in read if page <= end)
    await guard.reach(core, version_id, actor=actor)  # reading may have taken a while, and access may have ended
    following = end if end < len(pages) else None
    return PageTexts(version_id=version_id, after=after, pages=given, next=following, machine=machine)


async def read_ahead(core: Core, workers: Workers | None = None) -> int:
    """Take the words out of papers that nobody has asked for yet; returns how many papers were read."""
    done = 0
    for content in await core.db.read(lambda read: store.missing(read, _AHEAD)):
        try:
            await of_content(core, content, workers)
        except DomainError as error:  # busy, or its bytes are lost: there is another time
            _log.info("words not read", code=error.code)
            continue
        done += 1
    return done


async def recognised(core: Core, content: str, after: int) -> AsyncIterator[tuple[int, Recognised]]:
    """(page, what a machine read on it) of the pages of these bytes after ``after``, in order; lost ones left out."""
    for page, sha256 in await core.db.read(lambda read: scans.recognised(read, content, after)):
        try:
            yield page, _decode_page(await core.blobs.read(sha256))
        except DomainError as error:
            if error.code not in _LOST:
                raise


def _piece(pages: list[str]) -> tuple[str, ...]:
    taken: list[str] = []
    left = ANSWER_CHARACTERS
    for text in pages:
        if taken and len(text) > left:
            break
        taken.append(text)
        left -= len(text)
    return tuple(taken)


async def of_content(core: Core, content: str, workers: Workers | None = None) -> list[str]:
    """The words of each page of these bytes, read in one of ``workers``; none at all where they could not be read."""
    kept = await core.db.read(lambda read: store.kept(read, content))
    if kept is not None:
        if kept.sha256 is None:
            return []
        try:
            return _decode(await core.blobs.read(kept.sha256))
        except DomainError as error:  # lost or damaged: words can be read again
            if error.code not in _LOST:
                raise
    desk = _desks.setdefault(core.db, _Desk())
    task = desk.under_way.get(content)
    if task is None:
        if len(desk.under_way) >= MOST_WAITING:
            raise DomainError("worker_busy")
        task = desk.under_way[content] = asyncio.create_task(_read(core, desk, content, workers or core.readers))
        task.add_done_callback(lambda _done: desk.under_way.pop(content, None))
    return await asyncio.shield(task)  # one who goes away does not spoil it for the others


async def _read(core: Core, desk: _Desk, content: str, workers: Workers) -> list[str]:
    async with desk.free, core.blobs.as_file(content) as path:
        try:
            words = await workers.run(read_words, File(str(path)), timeout=SECONDS, memory_mib=MEMORY_MIB)
        except DomainError as error:
            if error.code not in {"worker_failed", "worker_timeout"}:
                raise
            # The gate let it in, so it can be shown; it cannot be searched, and trying again would not help.
            await core.db.write(lambda tx: store.keep_txn(tx, content, None))
            return []
    ref = await core.blobs.put(words)
    await core.db.write(lambda tx: store.keep_txn(tx, content, ref.sha256))
    return _decode(words)
