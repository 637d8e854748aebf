"""Background work of documents: the collector of bytes that nothing refers to."""

from __future__ import annotations

import asyncio

from server.core.context import Core
from server.documents import actions

EVERY_SECONDS = 1800.0


async def run(core: Core) -> None:
    """For ever: collect, then wait."""
    while True:
        await actions.collect(core)
        await asyncio.sleep(EVERY_SECONDS)
