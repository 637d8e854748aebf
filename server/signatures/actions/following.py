"""What follows from the acts of others: a paper replaced or recalled, a meeting cancelled, an item closed or opened."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from server.core import journal
from server.core.access import SYSTEM, Actor
from server.core.wire import Ref, stamp
from server.meetings import actions as meetings
from server.signatures import store
from server.signatures.actions import asking, telling
from server.signatures.wire import SigningChanged

if TYPE_CHECKING:
    from server.core.db import Tx
    from server.documents.wire import Paper
    from server.meetings.wire import Meeting
    from server.signatures.store import Asked

# A request is at most 10 KiB on the wire, mostly far less; an operation may have 64.
_A_PART = 5
_SYSTEM = Actor(person_id=SYSTEM, device_id="")


def version_changed(tx: Tx, actor: Actor, paper: Paper) -> None:
    """Who was asked to sign an older version of a paper, or a recalled one, is asked no more."""
    asked = store.waiting_of_paper(tx, paper.id)
    if asked is not None:
        _withdraw_txn(tx, actor, asked)


def meeting_changed(tx: Tx, actor: Actor, before: Meeting, after: Meeting) -> None:
    """Nothing of a cancelled meeting is signed, and nobody signs because they chaired it once."""
    ends = after.state == "cancelled" != before.state
    if ends or after.chair != before.chair:
        now = datetime.now(UTC)
        for asked in store.waiting_of_meeting(tx, after.id):
            if ends or not asking.signs_for(tx, asked.request.official_id, after, now=now):
                _withdraw_txn(tx, actor, asked)


def grants_changed(tx: Tx, person_id: str, _bodies: frozenset[str | None]) -> None:
    """Who is an official no more is asked no more."""
    now = datetime.now(UTC)
    for asked in store.waiting_of_official(tx, person_id):
        meeting = meetings.load(tx, asked.request.meeting_id)
        if meeting is None or not asking.signs_for(tx, person_id, meeting, now=now):
            _withdraw_txn(tx, _SYSTEM, asked)


def _withdraw_txn(tx: Tx, actor: Actor, asked: Asked) -> None:
    _meeting, item = meetings.hold_item_txn(tx, asked.item_id)
    at = stamp(datetime.now(UTC))
    telling.decide_txn(tx, actor, asked.request, "withdrawn", at=at, restricted=item.restricted)


def item_audience_changed(tx: Tx, item_id: str, audience: str) -> None:
    """Of a closed item the desk's stream holds nothing; of one that is opened again, everything."""
    requests = store.of_item(tx, item_id)
    closed = audience == f"i:{item_id}"
    for start in range(0, len(requests), _A_PART):
        part = tuple(requests[start : start + _A_PART])
        refs = tuple(Ref("signing", each.id) for each in part)
        event = SigningChanged(gone=refs) if closed else SigningChanged(put=part)
        journal.append(tx, telling.desk_stream(part[0].meeting_id), event, actor=None)
