"""Queued messages are handed to the axis; an axis that does not answer is asked again, from a row that outlives us."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from server.core.wire import stamp
from server.exchange import rules, store

if TYPE_CHECKING:
    from server.core.context import Core
    from server.core.db import Tx
    from server.exchange.actions.axis import Axis
    from server.exchange.store import Message

BATCH = 10
_log = structlog.get_logger(__name__)


async def deliver_some(core: Core, axis: Axis) -> int:
    """Hand over some of what is due; returns how many were tried."""
    now = core.clock.now()
    lease = stamp(now + timedelta(seconds=rules.LEASE_SECONDS))
    taken = await core.db.write(lambda tx: store.take_txn(tx, stamp(now), lease, BATCH))
    for one in taken:
        await _deliver(core, axis, one)
    return len(taken)


async def _deliver(core: Core, axis: Axis, one: Message) -> None:
    axis_id, why = "", ""
    try:
        async with core.blobs.as_file(one.sha256) as file:
            axis_id = await axis.send(file, one.sender, one.organ_id)
    except OSError as error:
        why = str(error) or type(error).__name__
        _log.warning("exchange.not_delivered", message=one.id, organ=one.organ_id, why=why)
    state, seconds = rules.after_attempt(taken=bool(axis_id), attempts=one.attempts)
    now = core.clock.now()

    def txn(tx: Tx) -> None:
        store.change_txn(
            tx, one.id, state=state, axis_id=axis_id, remarks=why,
            due_at=stamp(now + timedelta(seconds=seconds)), changed_at=stamp(now),
        )  # fmt: skip

    await core.db.write(txn)
