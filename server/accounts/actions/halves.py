"""The server's half of the key under which a device keeps papers: given to the device itself, destroyed with it.

Papers on a tablet are encrypted under a key made of two halves. One never leaves the device; this one is given at each
start with network and stays in the device's memory. Without it a copy of the device's disk opens nothing, and a device
that was signed out, lost or revoked gets it no more: there is none left to give.
"""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

from server.accounts.actions import acts
from server.accounts.models import KeyHalf
from server.accounts.store import halves as store
from server.accounts.wire import DeviceKey, DeviceKeyAsk
from server.core import access
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp

if TYPE_CHECKING:
    from datetime import datetime

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx

HALF_BYTES = 32


async def device_key(core: Core, command: DeviceKeyAsk, *, actor: Actor) -> DeviceKey:
    """The half of the device that asks, made at the first time or when it asks for a ``fresh`` one.

    After a fresh one nothing that was kept under the old one can be read. No receipt keeps the answer.
    Raises ``denied`` for a display, ``unauthenticated`` for a device that has been signed out meanwhile.
    """
    now = core.clock.now()

    def read(read: Read) -> KeyHalf | None:
        access.require("accounts.self", access.relations(read, actor, "person", actor.person_id))
        if actor.screen_of is not None:
            raise DomainError("denied")
        return store.half_of(read, actor.device_id)

    held = await core.db.read(read)
    if held is None or command.fresh:
        held = await core.db.write(lambda tx: _make_txn(tx, actor, now, fresh=command.fresh))
    return DeviceKey(id=held.id, half=base64.b64encode(held.half).decode(), server_time=stamp(now))


def _make_txn(tx: Tx, actor: Actor, now: datetime, *, fresh: bool) -> KeyHalf:
    if not store.lock_txn(tx, actor.device_id):
        raise DomainError("unauthenticated")
    held = store.half_of(tx, actor.device_id)
    if held is not None and not fresh:
        return held  # made by another tab meanwhile
    made = KeyHalf(id=new_id(), half=secrets.token_bytes(HALF_BYTES))
    store.put_txn(tx, actor.device_id, made, stamp(now))
    acts.record_access_txn(tx, "device_key_made", actor.person_id, actor=actor.person_id)
    return made


async def forget_over(core: Core) -> None:
    """Destroy the halves of devices whose sign-in has run out."""
    at = stamp(core.clock.now())
    if await core.db.read(lambda read: store.has_over(read, at)):
        await core.db.write(lambda tx: acts.devices_ended_txn(tx, store.drop_over_txn(tx, at), at))
