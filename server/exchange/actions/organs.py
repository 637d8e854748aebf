"""Codes of bodies on the axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.core import access, journal
from server.core.errors import DomainError
from server.directory import actions as directory
from server.exchange import rules, store
from server.exchange.wire import Exchanged, OrganCode, OrganCodes

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.exchange.wire import OrganSet

AUDIT_STREAM = "x:exchange"


async def organs(core: Core, *, actor: Actor) -> OrganCodes:
    """All bodies that have a code."""

    def read(read: Read) -> OrganCodes:
        access.require("exchange.organs", access.relations(read, actor, "person", actor.person_id))
        known = store.organs(read)
        names = directory.body_names(read, known)
        return OrganCodes(
            organs=tuple(OrganCode(body_id=one, body_name=names.get(one, ""), organ_id=known[one]) for one in known)
        )

    return await core.db.read(read)


async def set_organ(core: Core, body_id: str, command: OrganSet, *, actor: Actor) -> OrganCodes:
    """Give a body its code. Raises ``exchange.bad_organ``, ``.organ_taken``, ``not_found``."""
    organ_id = command.organ_id.strip().upper()

    def txn(tx: Tx) -> OrganCodes:
        access.require("exchange.organ", access.relations(tx, actor, "person", actor.person_id))
        if organ_id and not rules.organ_is_well_formed(organ_id):
            raise DomainError("exchange.bad_organ")
        if not directory.body_exists(tx, body_id):
            raise DomainError("not_found")
        holder = next((one for one, known in store.organs(tx).items() if known == organ_id and one != body_id), None)
        if holder is not None:
            name = directory.body_names(tx, [holder]).get(holder, "")
            raise DomainError("exchange.organ_taken", organ_id=organ_id, name=name)
        store.set_organ_txn(tx, body_id, organ_id)
        record_txn(tx, actor, Exchanged(act="organ", subject_id=body_id, organ_id=organ_id))
        return OrganCodes(organs=(OrganCode(body_id=body_id, body_name="", organ_id=organ_id),))

    await core.perform(txn, actor=actor, returns=OrganCodes)
    return await organs(core, actor=actor)


def record_txn(tx: Tx, actor: Actor, event: Exchanged) -> None:
    """Keep an act for the audit; nobody is in the stream."""
    journal.open_stream(tx, AUDIT_STREAM, audience=AUDIT_STREAM)
    op_id = actor.op.op_id if actor.op else None
    journal.append(tx, AUDIT_STREAM, event, actor=actor.person_id, op_id=op_id)
