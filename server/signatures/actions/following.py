"""What follows from the acts of others: a paper replaced or recalled, a meeting cancelled, an item closed or opened."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from server.core import journal
from server.core.access import SYSTEM, Actor
from server.core.errors import DomainError
from server.core.wire import Ref, stamp
from server.meetings import actions as meetings
from server.signatures import store
from server.signatures.actions import dossiers, opening, telling
from server.signatures.rules import acts
from server.signatures.wire import DossierChanged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from server.core.db import Tx
    from server.documents.wire import Paper
    from server.meetings.wire import Meeting
    from server.signatures.wire import Dossier, SigningRequest

# A request is at most 10 KiB on the wire, and a dossier 20, mostly far less; an operation may have 64.
_A_PART = 3
_SYSTEM = Actor(person_id=SYSTEM, device_id="")
# These sign in their own name or for the collective, because they chair or are an official.
_BY_OFFICE = frozenset({"", "TM."})


def version_changed(tx: Tx, actor: Actor, paper: Paper) -> None:
    """A version that is not its dossier's own ends the dossier, or a draft goes on with it; a recall ends it too."""
    content = dossiers.content_of(paper)
    dossier = store.dossiers.open_of_paper(tx, paper.id)
    if dossier is not None and not dossiers.is_own_update(dossier.id):
        _settle_txn(tx, actor, acts.version_came(dossier, content, _now()))
    issued = store.dossiers.issued_of_paper(tx, paper.id) if content is None else None
    if issued is not None:
        _settle_txn(tx, actor, acts.recalled(issued, _now(), ""))


def meeting_changed(tx: Tx, actor: Actor, before: Meeting, after: Meeting) -> None:
    """Nothing of a cancelled meeting goes on, and nobody signs because they chaired it once.

    Another secretary is told of what is closed from now on.
    """
    ends = after.state == "cancelled" != before.state
    if ends:
        for dossier in store.dossiers.of_meeting(tx, after.id):
            if acts.is_open(dossier):
                _settle_txn(tx, actor, acts.replaced(dossier, _now()))
    elif after.chair != before.chair:
        for asked in store.waiting_of_meeting(tx, after.id):
            _take_back_txn(tx, actor, asked.request, after)
    if after.secretary != before.secretary:
        _enlist_txn(tx, actor, store.dossiers.of_meeting(tx, after.id))


def grants_changed(tx: Tx, person_id: str, _bodies: frozenset[str | None]) -> None:
    """Who is an official no more is asked no more; clerks see what the body has signed while they are clerks."""
    for asked in store.waiting_of_official(tx, person_id):
        meeting = meetings.load(tx, asked.request.meeting_id)
        _take_back_txn(tx, _SYSTEM, asked.request, meeting)
    _enlist_txn(tx, _SYSTEM, store.dossiers.to_look_on(tx, person_id))


def _enlist_txn(tx: Tx, actor: Actor, found: Sequence[Dossier]) -> None:
    now = datetime.now(UTC)
    for dossier in found:
        _meeting, item = meetings.hold_item_txn(tx, dossier.item_id)
        onlookers = telling.onlookers(tx, dossier, restricted=item.restricted, now=now)
        telling.enlist_txn(tx, actor, dossier, onlookers)


def _take_back_txn(tx: Tx, actor: Actor, request: SigningRequest, meeting: Meeting | None) -> None:
    """A dossier that waits for somebody who may sign no more is a draft again, or ends if it has a signature."""
    if request.act != "sign" or request.capacity not in _BY_OFFICE:
        return
    if meeting is not None and opening.signs_for(tx, request.official_id, meeting, now=datetime.now(UTC)):
        return
    dossier = store.dossiers.lock_txn(tx, request.dossier_id)
    if dossier is None or not acts.under_way(dossier):
        return
    try:
        after = acts.withdrawn(dossier)
    except DomainError:
        after = acts.replaced(dossier, _now())
    _settle_txn(tx, actor, after)


def _settle_txn(tx: Tx, actor: Actor, dossier: Dossier) -> None:
    _meeting, item = meetings.hold_item_txn(tx, dossier.item_id)
    dossiers.settle_txn(tx, actor, dossier, restricted=item.restricted)


def _now() -> str:
    return stamp(datetime.now(UTC))


def item_audience_changed(tx: Tx, item_id: str, audience: str) -> None:
    """Of a closed item the desk's stream and the clerks' hold nothing; of one that is opened again, everything."""
    closed = audience == f"i:{item_id}"
    found = store.dossiers.of_item(tx, item_id)
    _move_txn(tx, [*store.of_item(tx, item_id), *found], closed=closed)
    now = datetime.now(UTC)
    for dossier in found:
        telling.enlist_txn(tx, _SYSTEM, dossier, telling.onlookers(tx, dossier, restricted=closed, now=now))


def _move_txn(tx: Tx, entities: Sequence[SigningRequest | Dossier], *, closed: bool) -> None:
    for start in range(0, len(entities), _A_PART):
        part = tuple(entities[start : start + _A_PART])
        kinds = {each.id: "dossier" if hasattr(each, "steps") else "signing" for each in part}
        refs = tuple(Ref(kind, each) for each, kind in kinds.items())
        event = DossierChanged(gone=refs) if closed else DossierChanged(put=part)
        journal.append(tx, telling.desk_stream(part[0].meeting_id), event, actor=None)
