"""Background work of meetings: people's own streams follow; what a crash left undone is done at the next start."""

from __future__ import annotations

from server.core.context import Core
from server.meetings import actions


async def settle(core: Core) -> None:
    """Do all that is due now."""
    while await actions.settle_some(core):
        pass


async def run(core: Core) -> None:
    """For ever: what a long act left behind goes, then settle, and whenever an act made something due."""
    await actions.drop_abandoned(core)
    due = actions.due(core)
    due.set()
    while True:
        await due.wait()
        due.clear()
        await settle(core)
