"""Before the first file comes: the wall around the gate's children is named, and they are started and loaded."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from server.core import sandbox
from server.core.printing.standing_in import stand_in_files

if TYPE_CHECKING:
    from server.core.context import Core

# Who serves answers first; a file that comes sooner starts its child itself.
AFTER_SECONDS = 3.0
_MODULES = ("server.documents.intake.judge", "fontTools.subset")


async def open_gate(core: Core) -> None:
    """Tell how the gate's children are walled in, warm them, and find the fonts that they put in."""
    await asyncio.sleep(AFTER_SECONDS)
    await asyncio.to_thread(sandbox.tell)
    await core.gate.warm(*_MODULES)
    await core.workers.once(stand_in_files)
