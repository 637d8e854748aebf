"""Who may sign for whom: entering it, ending it, looking it up; by the administrator or the body's secretariat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from server.core import access, journal
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp
from server.directory import actions as directory
from server.signatures import store
from server.signatures.rules import delegating
from server.signatures.wire import Delegation, DelegationChanged, Delegations

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.signatures.wire import DelegationGive

AUDIT_STREAM = "x:signatures"


async def delegate(core: Core, body_id: str, command: DelegationGive, *, actor: Actor) -> Delegation:
    """Enter that a person signs for another, or for the body, within dates. Raises ``signatures.delegation_…``."""

    def txn(tx: Tx) -> Delegation:
        access.require("signatures.delegate", access.relations(tx, actor, "body", body_id))
        begins, ends, post = delegating.require_entry(command)
        people = directory.people(tx, {each for each in (command.from_id, command.to_id) if each})
        if command.to_id not in people or (command.from_id and command.from_id not in people):
            raise DomainError("not_found")
        giver = people[command.from_id].full_name if command.from_id else ""
        new = Delegation(
            id=new_id(), body_id=body_id, from_id=command.from_id, from_name=giver, to_id=command.to_id,
            to_name=people[command.to_id].full_name, capacity=command.capacity, acting_for=post,
            valid_from=stamp(begins), valid_until=stamp(ends), kinds=command.kinds,
        )  # fmt: skip
        store.delegations.insert_delegation_txn(
            tx, new, entered_by=actor.person_id, entered_at=stamp(core.clock.now())
        )  # fmt: skip
        _record_txn(tx, new, actor)
        return new

    return await core.perform(txn, actor=actor, returns=Delegation)


async def end_delegation(core: Core, delegation_id: str, *, actor: Actor) -> Delegation:
    """Take an entrustment back from now on. Raises ``signatures.delegation_ended``."""

    def txn(tx: Tx) -> Delegation:
        before = store.delegations.delegation_of(tx, delegation_id)
        if before is None:
            raise DomainError("not_found")
        access.require("signatures.delegate", access.relations(tx, actor, "body", before.body_id))
        if before.ended_at is not None:
            raise DomainError("signatures.delegation_ended")
        after = msgspec.structs.replace(before, ended_at=stamp(core.clock.now()))
        store.delegations.end_delegation_txn(tx, delegation_id, stamp(core.clock.now()))
        _record_txn(tx, after, actor)
        return after

    return await core.perform(txn, actor=actor, returns=Delegation)


async def delegations(core: Core, body_id: str, *, actor: Actor) -> Delegations:
    """All that was ever entrusted in a body, the newest first."""

    def read(read: Read) -> Delegations:
        access.require("signatures.delegations", access.relations(read, actor, "body", body_id))
        return Delegations(delegations=tuple(reversed(store.delegations.delegations_of_body(read, body_id))))

    return await core.db.read(read)


def _record_txn(tx: Tx, one: Delegation, actor: Actor) -> None:
    journal.open_stream(tx, AUDIT_STREAM, audience=AUDIT_STREAM)
    event = DelegationChanged(
        delegation_id=one.id, from_id=one.from_id, to_id=one.to_id, capacity=one.capacity,
        ended=one.ended_at is not None,
    )  # fmt: skip
    journal.append(tx, AUDIT_STREAM, event, actor=actor.person_id, op_id=actor.op.op_id if actor.op else None)
