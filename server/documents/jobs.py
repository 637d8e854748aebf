"""Background work of documents: the collector of bytes that nothing refers to, and the reader of words."""

from __future__ import annotations

import asyncio

from server.core.context import Core
from server.documents import actions

EVERY_SECONDS = 1800.0
WORDS_EVERY_SECONDS = 15.0


async def run(core: Core) -> None:
    """For ever: collect, then wait."""
    while True:
        await actions.collect(core)
        await asyncio.sleep(EVERY_SECONDS)


async def read_words(core: Core) -> None:
    """For ever: take the words out of what was published since the last look, compare what replaced another, wait."""
    while True:
        await actions.read_ahead(core)
        await actions.compare_ahead(core)
        await asyncio.sleep(WORDS_EVERY_SECONDS)
