"""Background work of the sitting: presence and follower counts, once a second."""

from __future__ import annotations

import asyncio

from server.core.context import Core
from server.live import actions

SECONDS = 1.0


async def run(core: Core) -> None:
    """For ever."""
    while True:
        await actions.tell_presence(core)
        await asyncio.sleep(SECONDS)
