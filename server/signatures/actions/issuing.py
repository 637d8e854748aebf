"""Issuing: the sealed file is what the meeting's people get; delivered is what all of them have received."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.core.access import SYSTEM, Actor
from server.documents import actions as documents
from server.meetings import actions as meetings
from server.signatures import store
from server.signatures.actions import dossiers, registry
from server.signatures.rules import acts, numbering
from server.signatures.rules import issuing as rules
from server.signatures.store import issuing as standing
from server.signatures.store import numbering as book
from server.signatures.wire import Dossier, DossierIssue

if TYPE_CHECKING:
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.documents.actions import Held

_SYSTEM = Actor(person_id=SYSTEM, device_id="")


async def issue(core: Core, dossier_id: str, command: DossierIssue, *, actor: Actor) -> Dossier:
    """Issue a sealed paper: the version that participants of the meeting get from now on is the sealed one.

    ``recipients`` go into the book as the paper names them. Raises ``signatures.issue_before_seal``,
    ``.other_bytes``, ``.not_your_turn``.
    """
    recipients = numbering.line(command.recipients)

    def txn(tx: Tx) -> Dossier:
        dossier, _meeting, _item = dossiers.hold_txn(tx, actor, "signatures.issue", dossier_id)
        rules.require_sealed(dossier)
        step = registry.require_turn(dossier, "issue", actor)
        registry.require_seen(dossier, command.sha256)
        rules.require_current(dossier, documents.load(tx, dossier.paper_id))
        entry = book.entry_of(tx, dossier_id)
        if entry is not None:
            book.change_txn(tx, entry.id, recipients=recipients)
        return dossiers.advance_txn(core, tx, actor, dossier, step.id)

    return await core.perform(txn, actor=actor, returns=Dossier)


def is_on_its_way(read: Read, paper_id: str) -> bool:
    """Whether a paper is to be issued and has not been: what there is of it now is not to be sent to anybody."""
    dossier = store.dossiers.open_of_paper(read, paper_id)
    return dossier is not None and acts.under_way(dossier) and any(step.act == "issue" for step in dossier.steps)


def is_before_signers(read: Read, paper_id: str) -> bool:
    """Whether people have been asked to act on a paper as it is, so that it may not change under them."""
    dossier = store.dossiers.open_of_paper(read, paper_id)
    return dossier is not None and acts.under_way(dossier)


# ---- delivery


async def settle_deliveries(core: Core) -> int:
    """Note of every issued paper that all have received by now; returns how many that were.

    What a receipt notes by itself, unless the last two came at the same moment.
    """
    waiting = await core.db.read(standing.issued)
    arrived = await core.db.read(lambda read: [each for each in waiting if _reached(read, each)])
    for dossier_id in arrived:
        await core.db.write(lambda tx, dossier_id=dossier_id: _deliver_txn(tx, dossier_id, _SYSTEM))  # type: ignore[misc]
    return len(arrived)


def version_received(tx: Tx, actor: Actor, held: Held) -> None:
    """Somebody has received a version (hook of documents): perhaps the last who was to receive an issued paper."""
    dossier_id = standing.issued_as(tx, held.id)
    if dossier_id is not None and _reached(tx, dossier_id):
        _deliver_txn(tx, dossier_id, actor)


def _reached(read: Read, dossier_id: str) -> bool:
    dossier = dossiers.load(read, dossier_id)
    if dossier is None:
        return False
    expected, received = documents.receivers(read, dossier.version_id)
    return rules.has_arrived(expected, received, acts.people(dossier))


def _deliver_txn(tx: Tx, dossier_id: str, actor: Actor) -> None:
    dossier = store.dossiers.lock_txn(tx, dossier_id)
    if dossier is not None and dossier.state == "issued":
        restricted = meetings.item(tx, dossier.item_id).restricted
        dossiers.settle_txn(tx, actor, acts.delivered(dossier), restricted=restricted)
