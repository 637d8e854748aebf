"""Background work of the registry: numbers that were reserved and not confirmed, papers that have arrived."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from server.signatures.actions import issuing, numbering

if TYPE_CHECKING:
    from server.core.context import Core

# How often numbers that somebody left behind are looked for; a crash is looked after at the start.
LOOK_SECONDS = 30.0


async def settle(core: Core) -> None:
    """Do all that is due now."""
    await numbering.recover(core)
    await issuing.settle_deliveries(core)


async def run(core: Core) -> None:
    """For ever: at the start, and from time to time."""
    while True:
        await settle(core)
        await asyncio.sleep(LOOK_SECONDS)
