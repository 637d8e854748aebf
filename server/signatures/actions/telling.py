"""Whom dossiers and requests are told to: each person concerned, the desk, after the signature registry clerks.

Of a closed item the desk's stream, which all of the secretariat hear, holds nothing: who prepares it is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.accounts import actions as accounts
from server.core import journal
from server.core.access import Role
from server.core.wire import Ref
from server.meetings import actions as meetings
from server.signatures import store
from server.signatures.rules import acts
from server.signatures.wire import DossierChanged, SigningChanged

if TYPE_CHECKING:
    from datetime import datetime

    from server.core.access import Actor
    from server.core.db import Read, Tx
    from server.core.wire import Event
    from server.signatures.wire import Dossier, SigningRequest


def desk_stream(meeting_id: str) -> str:
    """The stream of secretariat and chair."""
    return f"d:{meeting_id}"


def official_stream(person_id: str) -> str:
    """One person's stream."""
    return f"u:{person_id}"


def tell_txn(tx: Tx, actor: Actor, request: SigningRequest, *, restricted: bool) -> None:
    """Put a request into the streams that carry it. ``restricted``: its paper is of a closed item."""
    desk = None if restricted else request.meeting_id
    _append_txn(tx, actor, SigningChanged(put=(request,)), {request.official_id}, desk)


def tell_dossier_txn(tx: Tx, actor: Actor, dossier: Dossier, *, restricted: bool, now: datetime) -> None:
    """Put a dossier into the streams that carry it."""
    people = acts.people(dossier)
    _append_txn(tx, actor, DossierChanged(put=(dossier,)), people, None if restricted else dossier.meeting_id)
    enlist_txn(tx, actor, dossier, onlookers(tx, dossier, restricted=restricted, now=now), tell_all=True)


def enlist_txn(
    tx: Tx, actor: Actor, dossier: Dossier, onlookers: frozenset[str], *, tell_all: bool = False
) -> None:  # fmt: skip
    """These onlookers' own streams carry a dossier and no others'; who has a step has it anyway.

    ``tell_all``: the dossier itself has changed, so those who had it are told too.
    """
    people, before = acts.people(dossier), store.dossiers.onlookers_of(tx, dossier.id)
    for person_id in before - onlookers:
        store.dossiers.remove_onlooker_txn(tx, dossier.id, person_id)
    _append_txn(tx, actor, DossierChanged(gone=(Ref("dossier", dossier.id),)), before - onlookers - people, None)
    for person_id in onlookers - before:
        store.dossiers.add_onlooker_txn(tx, dossier.id, person_id)
    told = (onlookers if tell_all else onlookers - before) - people
    _append_txn(tx, actor, DossierChanged(put=(dossier,)), told, None)


def onlookers(read: Read, dossier: Dossier, *, restricted: bool, now: datetime) -> frozenset[str]:
    """Whose own streams are to carry a dossier beside those who have a step.

    All registry clerks of the body while it is signed and goes on; of a closed item who prepares that.
    """
    if restricted:
        return meetings.preparers(read, meetings.item(read, dossier.item_id))
    if not acts.is_open(dossier) or dossier.state not in acts.WITH_CLERKS:
        return frozenset()
    return accounts.holders(read, [Role.CLERK], dossier.body_id, now=now)


def _append_txn(tx: Tx, actor: Actor, event: Event, people: set[str] | frozenset[str], meeting_id: str | None) -> None:
    op_id = actor.op.op_id if actor.op else None
    for person_id in sorted(people):
        own = official_stream(person_id)
        journal.open_stream(tx, own, audience=own)
        journal.append(tx, own, event, actor=actor.person_id, op_id=op_id)
    if meeting_id is not None:
        journal.append(tx, desk_stream(meeting_id), event, actor=actor.person_id, op_id=op_id)
