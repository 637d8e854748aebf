"""Background work of the directory: what an import left behind, at the start and from time to time."""

from __future__ import annotations

import asyncio

from server.core.context import Core
from server.directory import actions

SECONDS = 300


async def run(core: Core) -> None:
    """For ever."""
    while True:
        await actions.settle_imports(core)
        await asyncio.sleep(SECONDS)
