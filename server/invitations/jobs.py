"""Background work of invitations: let in who is queued, send what is due; goes on after a restart by itself."""

from __future__ import annotations

import asyncio
import contextlib

from server.core.context import Core
from server.invitations import actions

# How often mails that a changed meeting queued, or that wait for another attempt, are looked for.
LOOK_SECONDS = 5


async def settle(core: Core) -> None:
    """Do all that is due now."""
    while await actions.invite_some(core):
        pass
    while await actions.mail_some(core):
        pass


async def run(core: Core) -> None:
    """For ever: settle at the start, whenever an act made something due, and from time to time."""
    due = actions.due(core)
    while True:
        due.clear()
        await settle(core)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(due.wait(), LOOK_SECONDS)
