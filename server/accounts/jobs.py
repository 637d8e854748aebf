"""Background work of accounts: the round that keeps sessions in memory and in the database in step."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from server.accounts.actions import of

if TYPE_CHECKING:
    from server.core.context import Core

# Also the longest that another process's change, or a session's end by time, stays unnoticed by an open socket.
ROUND_SECONDS = 30


async def keep_sessions(core: Core) -> None:
    """For ever: write when devices were seen, read what changed elsewhere, end what has run out."""
    while True:
        await asyncio.sleep(ROUND_SECONDS)
        await of(core).settle(core)
