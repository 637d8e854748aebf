"""That a draft was kept is told live to the desk; of a closed item, which not all of it may know of, nothing is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from server.core import journal
from server.core.wire import Ref
from server.drafting import rules, store
from server.drafting.actions import holding
from server.drafting.wire import DraftMark, DraftsMarked
from server.meetings import actions as meetings
from server.meetings.models import desk_stream

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.db import Read, Tx
    from server.drafting.store import Stored

_A_PART = 50


def kept_txn(tx: Tx, actor: Actor, draft: Stored, *, restricted: bool) -> None:
    """Tell the desk that a draft was begun or kept."""
    if not restricted:
        _append_txn(tx, draft.meeting_id, DraftsMarked(put=(_mark(tx, draft),)), actor)


def gone_txn(tx: Tx, actor: Actor, draft: Stored) -> None:
    """Tell the desk that a draft is gone."""
    if not meetings.item(tx, draft.item_id).restricted:
        _append_txn(tx, draft.meeting_id, DraftsMarked(gone=(_ref(draft),)), actor)


def desk_entities(read: Read, stream: str, after: tuple[str, str] | None) -> Iterable[DraftMark]:
    """What drafts put into stream ``d:``."""
    meeting_id = stream.partition(":")[2]
    closed = {item.id for item in meetings.items(read, meeting_id) if item.restricted}
    drafts = (each for each in store.of_meeting(read, meeting_id) if each.item_id not in closed)
    return [_mark(read, each) for each in drafts if after is None or ("draft_mark", rules.mark_of(each.id)) > after]


def item_audience_changed(tx: Tx, item_id: str, audience: str) -> None:
    """Of a closed item the desk's stream holds nothing; of one that is opened again, everything."""
    closed = audience == f"i:{item_id}"
    _tell_all_txn(tx, store.of_item(tx, item_id), closed=closed)


def item_removed(tx: Tx, item_id: str) -> None:
    """Drafts go with their item."""
    _tell_all_txn(tx, store.of_item(tx, item_id), closed=True)
    store.remove_of_item_txn(tx, item_id)


def _tell_all_txn(tx: Tx, drafts: Sequence[Stored], *, closed: bool) -> None:
    for start in range(0, len(drafts), _A_PART):
        part = drafts[start : start + _A_PART]
        event = DraftsMarked(gone=tuple(map(_ref, part))) if closed else DraftsMarked(
            put=tuple(_mark(tx, each) for each in part)
        )  # fmt: skip
        _append_txn(tx, part[0].meeting_id, event, None)


def _append_txn(tx: Tx, meeting_id: str, event: DraftsMarked, actor: Actor | None) -> None:
    who, op = (actor.person_id, actor.op) if actor else (None, None)
    journal.append(tx, desk_stream(meeting_id), event, actor=who, op_id=op.op_id if op else None)


def _mark(read: Read, draft: Stored) -> DraftMark:
    return DraftMark(
        id=rules.mark_of(draft.id), revision=draft.revision, changed_by=holding.name_of(read, draft.changed_by),
        changed_at=draft.changed_at,
    )  # fmt: skip


def _ref(draft: Stored) -> Ref:
    return Ref("draft_mark", rules.mark_of(draft.id))
