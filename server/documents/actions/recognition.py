"""Scans get words: pages without any are read by machine, one page after another, when nothing else needs the time.

Every page is finished once: a killed server goes on with the page it was at. What is recognised is kept beside the
paper's bytes, and told in few steps; a recalled paper is left out from the moment of its recall. A stamp of secrecy
that is read on a first page is told at once: the gate, which holds back papers of text, could not see it.
"""

from __future__ import annotations

import fcntl
import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import structlog

from server.core.errors import DomainError
from server.documents.actions import guard, page_words
from server.documents.actions.telling import append, item_stream
from server.documents.intake import folder_of, stamps
from server.documents.intake.recognise import recognise_page, text_of
from server.documents.intake.tesseract import installed
from server.documents.models import Recognised
from server.documents.store import papers
from server.documents.store import scans as store
from server.documents.wire import PageWords, PapersChanged, RecognisedPage

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Tx
    from server.core.workers import Workers
    from server.documents.intake.tesseract import Recogniser
    from server.documents.models import ScanState

# A page of print takes five seconds, a page of noise twenty, of a core that nobody else wants; others may want it long.
SECONDS = 240.0
MEMORY_MIB = 1536
# A page is begun again once after it failed, and a few times after the server ended in the middle of it.
TRIES = 2
BEGINNINGS = 6
# Progress of a paper is told at most so many times.
STEPS = 10
# Fewer letters than this on a page are a stamp or a page number, and the page may still be a scan.
FEW_LETTERS = 40
# What one answer carries at most, unless a single page is longer: some twenty pages of print.
ANSWER_WORDS = 8_000
_AHEAD = 8

_decode = msgspec.json.Decoder(Recognised).decode
_log = structlog.get_logger(__name__)


async def words(core: Core, version_id: str, after: int, *, actor: Actor) -> PageWords:
    """The recognised words of the pages after ``after`` (0 for all) with their places, as many as one answer takes.

    Raises as reading does, and ``documents.no_page`` for an ``after`` outside the paper.
    """
    held = await guard.reach(core, version_id, actor=actor)
    if not 0 <= after <= held.pages:
        raise DomainError("documents.no_page", page=after)
    taken: list[RecognisedPage] = []
    left = ANSWER_WORDS
    following: int | None = None
    async for page, found in page_words.recognised(core, held.sha256, after):
        left -= sum(map(len, found.lines))
        if taken and left < 0:
            following = taken[-1].page
            break
        taken.append(RecognisedPage(page=page, turn=found.turn, lines=found.lines))
    await guard.reach(core, version_id, actor=actor)  # access may have ended meanwhile
    return PageWords(version_id=version_id, after=after, pages=tuple(taken), next=following)


async def plan_scans(core: Core) -> int:
    """Find the pages without words in papers whose words were taken out; returns how many papers were looked at."""
    state: ScanState = "running" if installed() else "off"
    found = await core.db.read(lambda read: store.unplanned(read, _AHEAD))
    for content, pages in found:
        texts = await page_words.of_content(core, content)
        wordless = [at + 1 for at in range(pages) if at >= len(texts) or _letters(texts[at]) < FEW_LETTERS]
        # Nothing but short pages that have words is a paper of short pages, not a scan.
        if not any(at > len(texts) or _letters(texts[at - 1]) == 0 for at in wordless):
            wordless = []
        await core.db.write(partial(_plan_txn, content=content, pages=wordless, state=state))
    return len(found)


async def settle_scans(core: Core) -> None:
    """Say of what is still to be read whether this server can: a recogniser may have come or gone since."""
    was: ScanState = "off" if installed() else "running"
    now: ScanState = "running" if installed() else "off"
    if not installed():
        _log.warning("no recogniser: scans stay without words", needed="tesseract-ocr, tesseract-ocr-vie")
    while found := await core.db.read(lambda read: store.unfinished(read, was, _AHEAD)):
        for content in found:
            await core.db.write(partial(_settle_txn, content=content, state=now))


async def read_scan(core: Core, workers: Workers) -> bool:
    """Read the next scanned page, if there is one and this machine reads no other; returns whether a page was tried."""
    recogniser = installed()
    if recogniser is None:
        return False
    with _alone(core) as alone:
        page = await core.db.read(lambda read: store.waiting(read, stamps.PAGES)) if alone else None
        if page is None:
            return False
        await core.db.write(lambda tx: store.begin_txn(tx, page.content, page.page))
        await _read(core, workers, recogniser, page)
    return True


async def _read(core: Core, workers: Workers, recogniser: Recogniser, page: store.Waiting) -> None:
    found = Recognised()
    try:
        if page.tries < BEGINNINGS:  # else the server itself has ended at it, again and again
            found = await _recognised(core, workers, recogniser, page)
    except DomainError as error:
        _log.info("scanned page not read", code=error.code, page=page.page, tries=page.tries + 1)
        if page.tries + 1 < TRIES:
            return
    sha256 = (await core.blobs.put(msgspec.json.encode(found))).sha256 if found.lines else None
    mark = stamps.mark_in([text_of(found)]) if page.page <= stamps.PAGES else ""
    await core.db.write(lambda tx: _finish_txn(tx, page, sha256, mark))


async def _recognised(core: Core, workers: Workers, recogniser: Recogniser, page: store.Waiting) -> Recognised:
    folder_of(core.config).mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=folder_of(core.config)) as folder:
        async with core.blobs.as_file(page.content) as path:
            given = (str(path), page.page, page.box, recogniser, folder)
            return await workers.run(recognise_page, *given, timeout=SECONDS, memory_mib=MEMORY_MIB)


def _plan_txn(tx: Tx, content: str, pages: list[int], state: ScanState) -> None:
    store.plan_txn(tx, content, pages, state)
    if pages:
        _tell_txn(tx, content, 0, state)


def _settle_txn(tx: Tx, content: str, state: ScanState) -> None:
    _tell_txn(tx, content, store.done_of(tx, content), state)


def _finish_txn(tx: Tx, page: store.Waiting, sha256: str | None, mark: str) -> None:
    count = store.finish_txn(tx, page.content, page.page, sha256)
    if count is None:
        return
    if mark:
        known = store.stamp_of(tx, page.content)
        store.stamp_txn(tx, page.content, stamps.highest((known, mark)))
    whole = count.done == count.pages
    if whole or mark or count.done - count.told >= math.ceil(count.pages / STEPS):
        _tell_txn(tx, page.content, count.done, "done" if whole else "running")


def _tell_txn(tx: Tx, content: str, done: int, state: ScanState) -> None:
    store.tell_txn(tx, content, done, state)
    for item_id, paper_id in store.papers_with(tx, content):
        paper = papers.load(tx, paper_id)
        if paper is not None:
            append(tx, item_stream(item_id), PapersChanged(put=(paper,), what="recognised"), None)


def _letters(text: str) -> int:
    return sum(sign.isalnum() for sign in text)


@contextmanager
def _alone(core: Core) -> Iterator[bool]:
    """Whether no other process of this machine reads a scan now; held until the end, or the end of this process."""
    core.config.data_dir.mkdir(parents=True, exist_ok=True)
    with (core.config.data_dir / "recognising.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
