"""Background work of exchange: what is queued goes to the axis, what waits there comes in."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from server.exchange import actions

if TYPE_CHECKING:
    from server.core.context import Core
    from server.exchange.actions import Axis

LOOK_SECONDS = 10.0
_log = structlog.get_logger(__name__)


async def settle(core: Core, axis: Axis) -> None:
    """Do all that is due now; an axis that cannot be reached is left alone until the next look."""
    while await actions.deliver_some(core, axis):
        pass
    try:
        await actions.receive_some(core, axis)
    except OSError as error:
        _log.warning("exchange.axis_unreachable", why=str(error))


async def run(core: Core) -> None:
    """For ever, where the operator named an axis."""
    if core.config.axis_folder is None:
        await asyncio.Event().wait()
        return
    axis = actions.FolderAxis(core.config.axis_folder)
    while True:
        await settle(core, axis)
        await asyncio.sleep(LOOK_SECONDS)
