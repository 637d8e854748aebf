"""That a draft was kept is told live to who writes: to the desk, and of a closed item to those few who prepare it.

The stream of the desk is heard by secretaries who may not know of a closed item; its drafts are told in the own streams
of who may, and a table remembers in whose.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from server.core import journal
from server.core.wire import Ref
from server.drafting import rules, store
from server.drafting.actions import holding
from server.drafting.wire import DraftMark, DraftsMarked
from server.meetings import actions as meetings
from server.meetings.models import desk_stream, item_stream, person_stream

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.db import Read, Tx
    from server.drafting.store import Stored
    from server.meetings.actions import AgendaItem
    from server.meetings.wire import Meeting

_A_PART = 50


def kept_txn(tx: Tx, actor: Actor, draft: Stored, item: AgendaItem) -> None:
    """Tell who writes that a draft of this item was begun or kept."""
    if item.restricted:
        _enlist_txn(tx, draft, meetings.preparers(tx, item), actor, tell_all=True)
    else:
        _append_txn(tx, desk_stream(draft.meeting_id), DraftsMarked(put=(_mark(tx, draft),)), actor)


def gone_txn(tx: Tx, actor: Actor, draft: Stored) -> None:
    """Tell who writes that a draft is gone."""
    if not meetings.item(tx, draft.item_id).restricted:
        _append_txn(tx, desk_stream(draft.meeting_id), DraftsMarked(gone=(_ref(draft),)), actor)
    _enlist_txn(tx, draft, frozenset(), actor)


def desk_entities(read: Read, stream: str, after: tuple[str, str] | None) -> Iterable[DraftMark]:
    """What drafts put into stream ``d:``."""
    meeting_id = stream.partition(":")[2]
    closed = {item.id for item in meetings.items(read, meeting_id) if item.restricted}
    return _marks(read, (each for each in store.of_meeting(read, meeting_id) if each.item_id not in closed), after)


def person_entities(read: Read, stream: str, after: tuple[str, str] | None) -> Iterable[DraftMark]:
    """What drafts put into stream ``u:``: those of closed items that this person prepares."""
    return _marks(read, store.of_hearer(read, stream.partition(":")[2]), after)


def item_audience_changed(tx: Tx, item_id: str, audience: str) -> None:
    """Of a closed item the desk's stream holds nothing; of one that is opened again, everything."""
    closed, drafts = audience == item_stream(item_id), store.of_item(tx, item_id)
    writers = meetings.preparers(tx, meetings.item(tx, item_id)) if closed and drafts else frozenset[str]()
    _tell_desk_txn(tx, drafts, closed=closed)
    for each in drafts:
        _enlist_txn(tx, each, writers, None)


def meeting_changed(tx: Tx, actor: Actor, before: Meeting, after: Meeting) -> None:
    """Another secretary is told of the drafts of closed items from now on."""
    if before.secretary == after.secretary:
        return
    for each in store.of_meeting(tx, after.id):
        item = meetings.item(tx, each.item_id)
        if item.restricted:
            _enlist_txn(tx, each, meetings.preparers(tx, item), actor)


def item_removed(tx: Tx, item_id: str) -> None:
    """Drafts go with their item."""
    drafts = store.of_item(tx, item_id)
    _tell_desk_txn(tx, drafts, closed=True)
    for each in drafts:
        _enlist_txn(tx, each, frozenset(), None)
    store.remove_of_item_txn(tx, item_id)


def _tell_desk_txn(tx: Tx, drafts: Sequence[Stored], *, closed: bool) -> None:
    for start in range(0, len(drafts), _A_PART):
        part = drafts[start : start + _A_PART]
        event = DraftsMarked(gone=tuple(map(_ref, part))) if closed else DraftsMarked(
            put=tuple(_mark(tx, each) for each in part)
        )  # fmt: skip
        _append_txn(tx, desk_stream(part[0].meeting_id), event, None)


def _enlist_txn(
    tx: Tx, draft: Stored, writers: frozenset[str], actor: Actor | None, *, tell_all: bool = False
) -> None:  # fmt: skip
    """These people's streams tell of a draft and no others; ``tell_all``: also those that told of it before."""
    heard = store.hearers_of(tx, draft.id)
    store.set_hearers_txn(tx, draft.id, writers)
    for person_id in sorted(heard - writers):
        _append_txn(tx, person_stream(person_id), DraftsMarked(gone=(_ref(draft),)), actor)
    for person_id in sorted(writers if tell_all else writers - heard):
        own = person_stream(person_id)
        journal.open_stream(tx, own, audience=own)
        _append_txn(tx, own, DraftsMarked(put=(_mark(tx, draft),)), actor)


def _append_txn(tx: Tx, stream: str, event: DraftsMarked, actor: Actor | None) -> None:
    who, op = (actor.person_id, actor.op) if actor else (None, None)
    journal.append(tx, stream, event, actor=who, op_id=op.op_id if op else None)


def _marks(read: Read, drafts: Iterable[Stored], after: tuple[str, str] | None) -> list[DraftMark]:
    return [_mark(read, each) for each in drafts if after is None or ("draft_mark", rules.mark_of(each.id)) > after]


def _mark(read: Read, draft: Stored) -> DraftMark:
    return DraftMark(
        id=rules.mark_of(draft.id), revision=draft.revision, changed_by=holding.name_of(read, draft.changed_by),
        changed_at=draft.changed_at,
    )  # fmt: skip


def _ref(draft: Stored) -> Ref:
    return Ref("draft_mark", rules.mark_of(draft.id))
