"""Background work of annotations: what is shared follows its paper to each new version."""

from __future__ import annotations

import asyncio

from server.annotations import actions
from server.core.context import Core

EVERY_SECONDS = 2.0


async def carry(core: Core) -> None:
    """For ever: carry to the versions that were published since the last look, then wait."""
    while True:
        await actions.settle(core)
        await asyncio.sleep(EVERY_SECONDS)
