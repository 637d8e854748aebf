"""Steps that the acts on meetings share: loading under a permission, saving, telling streams, audiences."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TypeVar
from weakref import WeakKeyDictionary

from server.accounts import actions as accounts
from server.core import access, journal
from server.core.access import Actor, Relation
from server.core.context import Core
from server.core.db import Database, Read, Tx
from server.core.errors import DomainError
from server.core.journal import Entry
from server.core.wire import Event, Ref
from server.meetings import rules
from server.meetings.actions import hooks, people
from server.meetings.models import Head, Seat, desk_stream, item_audience, item_stream, meeting_stream, person_stream
from server.meetings.store import items as item_store
from server.meetings.store import participants as participant_store
from server.meetings.store import sittings
from server.meetings.store.items import AgendaItem
from server.meetings.wire import (
    Item,
    ItemChanged,
    ItemDetail,
    Meeting,
    MeetingChanged,
    MyMeeting,
    MyMeetingsChanged,
    Participant,
    ParticipantsChanged,
)

# Participants in one operation of the desk's stream: far below its 64 KiB with the longest names and titles.
DESK_BATCH = 40

T = TypeVar("T")

_due: WeakKeyDictionary[Database, asyncio.Event] = WeakKeyDictionary()


def due(core: Core) -> asyncio.Event:
    """Set when people's own streams have to follow; the background work waits for it."""
    return _due.setdefault(core.db, asyncio.Event())


def append(tx: Tx, stream: str, event: Event, actor: Actor) -> Entry:
    """Append in the name of ``actor``."""
    return journal.append(tx, stream, event, actor=actor.person_id, op_id=actor.op.op_id if actor.op else None)


# ---- loading


def relations(read: Read, actor: Actor, meeting_id: str) -> frozenset[Relation]:
    """How an actor stands to a meeting."""
    return access.relations(read, actor, "meeting", meeting_id)


def lock_txn(tx: Tx, actor: Actor, verb: str, meeting_id: str) -> Meeting:
    """A meeting for an act: held until the end, permitted, and in a state that allows it."""
    meeting = sittings.lock_txn(tx, meeting_id)
    access.require(verb, relations(tx, actor, meeting_id))
    if meeting is None:
        raise DomainError("not_found")
    rules.require_state(verb, meeting.state)
    return meeting


def hold_txn(tx: Tx, meeting_id: str) -> Meeting:
    """A meeting held until the end; the caller has asked for permission. Raises ``not_found``."""
    meeting = sittings.lock_txn(tx, meeting_id)
    if meeting is None:
        raise DomainError("not_found")
    return meeting


def load(read: Read, meeting_id: str) -> Meeting | None:
    """A meeting as it is, or None; the caller has asked for permission."""
    return sittings.load(read, meeting_id)


def find(read: Read, actor: Actor, verb: str, meeting_id: str) -> Meeting:
    """A meeting for reading, if permitted."""
    access.require(verb, relations(read, actor, meeting_id))
    meeting = sittings.load(read, meeting_id)
    if meeting is None:
        raise DomainError("not_found")
    return meeting


def lock_item_txn(tx: Tx, actor: Actor, verb: str, item_id: str) -> tuple[Meeting, AgendaItem]:
    """An item and its meeting for an act; ``not_found`` for who may not see the item."""
    access.require(verb, access.relations(tx, actor, "item", item_id))
    meeting, item = hold_item_txn(tx, item_id)
    rules.require_state(verb, meeting.state)
    return meeting, item


def hold_item_txn(tx: Tx, item_id: str) -> tuple[Meeting, AgendaItem]:
    """An item and its meeting, held until the end; the caller has asked for permission. Raises ``not_found``."""
    of = item_store.meeting_of(tx, item_id)
    meeting = None if of is None else sittings.lock_txn(tx, of)
    item = item_store.load(tx, item_id)  # as it is now that the meeting is held
    if meeting is None or item is None:
        raise DomainError("not_found")
    return meeting, item


# ---- saving and telling


def save_txn(
    tx: Tx,
    actor: Actor,
    meeting: Meeting,
    what: str,
    *,
    items: Sequence[AgendaItem] = (),
    before: Meeting | None = None,
) -> Meeting:
    """Store a changed meeting, with changed items, and tell stream ``m:``; ``before`` lets other features follow."""
    sittings.update_txn(tx, meeting)
    item_store.update_txn(tx, items)
    put: tuple[Meeting | Item, ...] = (meeting, *(item.public for item in items))
    append(tx, meeting_stream(meeting.id), MeetingChanged(put=put, what=what), actor)
    if before is not None and before != meeting:
        for hook in hooks.meeting_changed:
            hook(tx, actor, before, meeting)
    return meeting


def tell_item_txn(tx: Tx, actor: Actor, item: AgendaItem, *, gone: bool = False) -> None:
    """Tell an item's own stream what those invited to it see."""
    put: tuple[ItemDetail, ...] = () if gone else (item.detail,)
    left = (Ref("item_detail", item.id),) if gone else ()
    append(tx, item_stream(item.id), ItemChanged(put=put, gone=left), actor)


def tell_desk_txn(
    tx: Tx, actor: Actor, meeting_id: str, changed: Iterable[Participant], gone: Iterable[str] = ()
) -> None:
    """Tell the desk's stream of changed and departed participants."""
    for entry in for_desk(actor, meeting_id, changed, gone):
        journal.add(tx, entry)


def for_desk(
    actor: Actor, meeting_id: str, changed: Iterable[Participant], gone: Iterable[str] = ()
) -> list[journal.Entry]:
    """What the desk's stream is told of changed and departed participants, not in a transaction yet."""
    events = [ParticipantsChanged(put=part) for part in _parts(list(changed))]
    refs = [Ref("participant", each) for each in gone]
    events += [ParticipantsChanged(gone=left) for left in _parts(refs)]
    op_id = actor.op.op_id if actor.op else None
    stream = desk_stream(meeting_id)
    return [journal.prepare(stream, event, actor=actor.person_id, op_id=op_id) for event in events]


def _parts(values: list[T]) -> Iterable[tuple[T, ...]]:
    return (tuple(values[start : start + DESK_BATCH]) for start in range(0, len(values), DESK_BATCH))


def show_txn(tx: Tx, participant_ids: Iterable[str], actor: str) -> int:
    """Let these people's own streams follow what they take part in; returns how many were looked at."""
    rows = participant_store.shown_of(tx, participant_ids)
    wanted = participant_store.wanted_mine(tx, (row.id for row in rows))
    shown: dict[str, MyMeeting | None] = {}
    for row in rows:
        now, held = wanted.get(row.id), participant_store.decode_mine(row.shown)
        shown[row.id] = now
        if now == held:
            continue
        event = MyMeetingsChanged(put=(now,)) if now else MyMeetingsChanged(gone=(Ref("my_meeting", row.meeting_id),))
        stream = person_stream(row.person_id)
        journal.open_stream(tx, stream, audience=stream)
        journal.append(tx, stream, event, actor=actor)
    participant_store.set_shown_txn(tx, shown)
    return len(rows)


# ---- audiences


def audiences_txn(tx: Tx, meeting_id: str) -> None:
    """Make every audience of a meeting what the rule says, and point each item's stream at its own."""
    found = sittings.head(tx, meeting_id)
    if found is None:
        return
    head, body_id = found
    agenda = item_store.of_meeting(tx, meeting_id)
    wanted = rules.audiences(
        head,
        [item.circle for item in agenda],
        participant_store.seats(tx, meeting_id),
        people.secretariat(tx, body_id),
        (screen.id for screen in accounts.screens_of(tx, meeting_id)),
    )
    for audience, members in wanted.items():
        journal.set_members(tx, audience, members)
    for item in agenda:
        _point_txn(tx, head, item)


def let_in_txn(tx: Tx, meeting_id: str, invited: Iterable[str]) -> None:
    """Add people who have just been invited to every audience that the rule gives them.

    The rule gives each seat its audiences apart from the others, so these people's seats alone are enough.
    """
    head, body_id = sittings.require_head(tx, meeting_id)
    circles = [item.circle for item in item_store.of_meeting(tx, meeting_id)]
    seats = [Seat(person, invited=True) for person in invited]
    found = rules.audiences(head, circles, seats, people.secretariat(tx, body_id))
    for audience, members in found.items():
        journal.add_members(tx, audience, members)


def _point_txn(tx: Tx, head: Head, item: AgendaItem) -> None:
    """Give an item's stream, and what hangs on the item, the audience that it should have."""
    stream = item_stream(item.id)
    audience = item_audience(head.id, item.id, restricted=item.restricted)
    if journal.audience_of(tx, stream) == audience:
        return
    journal.set_audience(tx, stream, audience)
    for hook in hooks.item_audience:
        hook(tx, item.id, audience)
    if not item.restricted:
        journal.set_members(tx, item_stream(item.id), ())


def open_streams_txn(tx: Tx, meeting_id: str) -> None:
    """Make the streams of a new meeting."""
    for stream in (meeting_stream(meeting_id), desk_stream(meeting_id)):
        journal.open_stream(tx, stream, audience=stream)


def open_item_stream_txn(tx: Tx, item: AgendaItem) -> None:
    """Make the stream of a new item."""
    audience = item_audience(item.meeting_id, item.id, restricted=item.restricted)
    journal.open_stream(tx, item_stream(item.id), audience=audience)


def close_item_stream_txn(tx: Tx, item_id: str) -> None:
    """Let nobody hear the stream of an item that is gone."""
    stream = item_stream(item_id)
    journal.set_members(tx, stream, ())
    journal.set_audience(tx, stream, stream)
