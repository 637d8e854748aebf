"""What the acts of the registry clerk share: whose turn it is, what was seen, who has signed, the audit record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.core import journal
from server.core.access import Role
from server.core.errors import DomainError
from server.signatures import rules
from server.signatures.actions import dossiers
from server.signatures.rules import acts
from server.signatures.wire import Dossier

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Tx
    from server.core.wire import Event
    from server.signatures.wire import ActKind, DossierRemarks, Step

AUDIT_STREAM = "x:signatures"


async def give_back(core: Core, dossier_id: str, command: DossierRemarks, *, actor: Actor) -> Dossier:
    """The clerk gives a signed paper back unnumbered: it waits for a new version, and the steps start over.

    A number that was reserved and is not on the paper yet stays this dossier's. Raises ``signatures.no_remarks``,
    ``.too_long``, ``.not_your_turn``, ``.not_your_step``.
    """
    remarks = rules.remarks(command.remarks)

    def txn(tx: Tx) -> Dossier:
        held, _meeting, item = dossiers.hold_txn(tx, actor, "signatures.number", dossier_id)
        step = require_turn(held, "number", actor)
        now = core.clock.now()
        after = acts.returned(held, step.id, dossiers.hand_of(actor, held, now), remarks)
        dossiers.settle_txn(tx, actor, after, restricted=item.restricted, now=now)
        return after

    return await core.perform(txn, actor=actor, returns=Dossier)


def require_turn(dossier: Dossier, act: ActKind, actor: Actor) -> Step:
    """The step of an act, if it waits and is this actor's. Raises ``signatures.not_your_turn``, ``.not_your_step``."""
    step = next((each for each in acts.waiting(dossier) if each.act == act), None)
    if step is None or not acts.is_open(dossier):
        raise DomainError("signatures.not_your_turn")
    clerk = actor.has(Role.CLERK, dossier.body_id)
    hand = acts.Hand(person_id=actor.person_id, name=actor.name, at="", clerk=clerk)
    return acts.require_turn(dossier, step.id, hand)


def require_seen(dossier: Dossier, sha256: str) -> None:
    """Raise unless the bytes that were seen are those that the dossier stands at."""
    if dossier.sha256 != sha256.lower():
        raise DomainError("signatures.other_bytes")


def signers(dossier: Dossier) -> str:
    """Who has signed, as the book names them: "KT. CHỦ TỊCH, Phó Chủ tịch Nguyễn Văn A"."""
    done = [step for step in dossier.steps if step.act == "sign" and step.state == "done"]
    return "; ".join(
        ", ".join(
            part
            for part in (f"{step.capacity} {step.acting_for}".strip(), f"{step.post} {step.person_name}".strip())
            if part
        )
        for step in done
    )


def record_txn(tx: Tx, event: Event, actor: Actor) -> None:
    """Enter what happened outside any meeting into the audit stream."""
    journal.open_stream(tx, AUDIT_STREAM, audience=AUDIT_STREAM)
    op_id = actor.op.op_id if actor.op else None
    journal.append(tx, AUDIT_STREAM, event, actor=actor.person_id, op_id=op_id)
