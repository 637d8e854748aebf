"""Letting people's own streams follow their meetings: a hundred people a transaction, from what the rows say."""

from __future__ import annotations

from server.core.access import SYSTEM
from server.core.context import Core
from server.core.db import Tx
from server.meetings.actions import shared
from server.meetings.store import participants as store

# People in one transaction, so that it stays far below 50 ms.
CHUNK = 100


async def settle_some(core: Core) -> int:
    """Look at up to a hundred participants whose own stream may be behind; returns how many there were."""

    def txn(tx: Tx) -> int:
        rows = store.stale(tx, CHUNK)
        return shared.show_txn(tx, [row.id for row in rows], SYSTEM)

    return await core.db.write(txn)
