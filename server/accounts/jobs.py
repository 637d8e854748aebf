"""Background work of accounts: sessions in memory and database in step; grants that begin or end by their date."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from server.accounts.actions import follow_dates, forget_over, lending, of, passkeys

if TYPE_CHECKING:
    from server.core.context import Core

# Also the longest that another process's change, or a session's end by time, stays unnoticed by an open socket.
ROUND_SECONDS = 30
# Also the longest that an audience lags behind a date.
DATES_SECONDS = 60


async def keep_sessions(core: Core) -> None:
    """For ever: write when devices were seen, read what changed elsewhere, end what has run out."""
    while True:
        await asyncio.sleep(ROUND_SECONDS)
        await of(core).settle(core)


async def keep_dates(core: Core) -> None:
    """For ever, from the start on: follow what begins or ends by its date, drop what counts no more."""
    while True:
        await follow_dates(core)
        await of(core).backoff.forget(core)
        await forget_over(core)
        await passkeys.forget_over(core)
        await lending.forget_over(core)
        await asyncio.sleep(DATES_SECONDS)
