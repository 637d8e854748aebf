"""What every action is given: the core's parts in one frozen value, and the one way to run an idempotent command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from server.config import Config
from server.core import journal
from server.core.access import Actor
from server.core.blobs import Blobs
from server.core.bus import Bus
from server.core.clock import Clock
from server.core.db import Database, Tx
from server.core.delivery import Delivery
from server.core.fanout import Fanout, Link
from server.core.mail import Mailer
from server.core.sealing import Sealing
from server.core.workers import Workers

T = TypeVar("T")


@dataclass(frozen=True)
class Core:
    """The parts that features stand on. Built once by ``server.app``; tests build it with fakes where they need.

    ``gate``: walled children that open what people send, when nothing else wants the processor. ``readers``: walled
    children that draw and read papers for who waits for it. Both are handed their files as ``workers.File``.
    """

    config: Config
    clock: Clock
    db: Database
    blobs: Blobs
    mailer: Mailer
    workers: Workers
    gate: Workers
    readers: Workers
    sealing: Sealing
    delivery: Delivery
    fanout: Fanout
    bus: Bus | None

    def broadcast_volatile(self, room: str, event: str, body: bytes, *, skip: Link | None = None) -> None:
        """Send a frame that may be lost to everybody in a room, at every process."""
        self.fanout.broadcast(room, event, body, volatile=True, skip=skip)
        if self.bus is not None:
            self.bus.volatile(room, event, body)

    async def perform(self, fn: Callable[[Tx], T], *, actor: Actor, returns: type[T]) -> T:
        """Run a command's transaction once for its ``op_id``; a resend gets the first answer, of type ``returns``.

        Raises ``conflict`` when another body came under the same ``op_id``. A failed command leaves no receipt, so
        it may be tried again.
        """
        key = actor.op
        if key is None:
            return await self.db.write(fn)

        def once(tx: Tx) -> T:
            stored = journal.recall(tx, actor.person_id, key)
            if stored is not None:
                return msgspec.json.decode(stored, type=returns)
            result = fn(tx)
            tx.finish()  # sequence numbers are in the answer, so heads are taken before it is stored
            journal.store_txn(tx, actor.person_id, key, msgspec.json.encode(result))
            return result

        return await self.db.write(once)

    async def answered(self, actor: Actor, returns: type[T]) -> T | None:
        """The first answer to this very command, where it is a resend: for acts whose work lies before a transaction.

        Raises ``conflict`` as ``perform`` does.
        """
        key = actor.op
        if key is None:
            return None
        stored = await self.db.write(lambda tx: journal.recall(tx, actor.person_id, key))
        return None if stored is None else msgspec.json.decode(stored, type=returns)
