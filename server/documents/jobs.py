"""Background work of documents: the collector of bytes that nothing refers to, and the readers of words."""

from __future__ import annotations

import asyncio
import contextlib
import time

import structlog

from server.core.context import Core
from server.core.traffic import Traffic
from server.core.workers import Workers
from server.core.yielding import IDLE
from server.documents import actions
from server.documents.conversion.office import Office, programs
from server.documents.intake import folder_of

EVERY_SECONDS = 1800.0
FORGET_SECONDS = 600.0
WORDS_EVERY_SECONDS = 15.0
SCANS_EVERY_SECONDS = 5.0
# While a room draws: a child at idle priority still costs those who share the processors with it, and a page takes it
# for seconds. So much longer than the page it then leaves them alone.
SCANS_REST = 4.0
# What another process queued, or was killed over.
QUEUE_EVERY_SECONDS = 3.0

_log = structlog.get_logger(__name__)


async def run(core: Core) -> None:
    """For ever: collect, then wait."""
    while True:
        await actions.collect(core)
        await asyncio.sleep(EVERY_SECONDS)


async def forget_uploads(core: Core) -> None:
    """For ever: forget uploads that nobody goes on with, then wait."""
    while True:
        await actions.forget_expired(core)
        await asyncio.sleep(FORGET_SECONDS)


async def read_words(core: Core) -> None:
    """For ever: take the words out of what was published since the last look, compare what replaced another, wait.

    In a child of its own: nobody waits for it, as somebody may for the children that draw and read when asked.
    """
    workers = Workers(size=1, nice=IDLE, walled=True)
    try:
        while True:
            await actions.read_ahead(core, workers)
            await actions.compare_ahead(core)
            await asyncio.sleep(WORDS_EVERY_SECONDS)
    finally:
        await workers.close()


async def make_copies_ready(core: Core) -> None:
    """For ever: make papers ready for their readers' names as soon as they are to carry them, and look now and then."""
    wanted = actions.watch_marks(core)
    while True:
        wanted.clear()
        await actions.prepare_ahead(core)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WORDS_EVERY_SECONDS):
                await wanted.wait()


async def convert_incoming(core: Core) -> None:
    """For ever: make PDFs of what came in, one after another, and wait for more; LibreOffice is ended when idle."""
    queued = actions.watch_queue(core)
    if await asyncio.to_thread(programs) is None:
        _log.warning("no LibreOffice: office papers are refused", needed="deploy/system-packages office")
    office = Office(folder_of(core.config))
    try:
        while True:
            queued.clear()
            while await actions.convert_next(core, office):
                pass
            await office.rest()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(QUEUE_EVERY_SECONDS):
                    await queued.wait()
    finally:
        await office.close()


async def read_scans(core: Core) -> None:
    """For ever: read the pages that have no words, one after another in a child of their own, and wait for more."""
    await actions.settle_scans(core)
    workers, traffic = Workers(size=1, nice=IDLE), Traffic(core.db)
    try:
        while True:
            await actions.plan_scans(core)
            begun = time.monotonic()
            tried = await actions.read_scan(core, workers)
            await asyncio.sleep(pause(time.monotonic() - begun, tried=tried, busy=traffic.is_busy()))
    finally:
        await workers.close()


def pause(took: float, *, tried: bool, busy: bool) -> float:
    """Seconds until the next page of a scan, after one that ``took`` so many, or none was there to be ``tried``."""
    if not tried:
        return SCANS_EVERY_SECONDS
    return SCANS_REST * took if busy else 0.0
