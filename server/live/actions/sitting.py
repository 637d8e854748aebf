"""The course of the sitting: it starts, moves from item to item, and ends."""

from __future__ import annotations

from msgspec import structs

from server.core.access import Actor
from server.core.context import Core
from server.core.db import Tx
from server.core.errors import DomainError
from server.core.wire import stamp
from server.live import rules
from server.live.actions.presenting import clear_txn
from server.live.wire import CurrentItem
from server.meetings import actions as meetings
from server.meetings.wire import Meeting


async def start(core: Core, meeting_id: str, *, actor: Actor) -> Meeting:
    """Start a convened meeting. Raises what the meeting's state forbids."""
    now = stamp(core.clock.now())

    def txn(tx: Tx) -> Meeting:
        before = meetings.lock_txn(tx, actor, "live.start", meeting_id)
        return meetings.save_txn(tx, actor, rules.started(before, now), "started", before=before)

    return await core.perform(txn, actor=actor, returns=Meeting)


async def end(core: Core, meeting_id: str, *, actor: Actor) -> Meeting:
    """End the sitting: the item under discussion is done and nobody presents."""
    now = stamp(core.clock.now())

    def txn(tx: Tx) -> Meeting:
        before = meetings.lock_txn(tx, actor, "live.end", meeting_id)
        clear_txn(tx, actor, meeting_id)
        items = _changed(meetings.items(tx, meeting_id), None)
        return meetings.save_txn(tx, actor, rules.ended(before, now), "ended", items=items, before=before)

    return await core.perform(txn, actor=actor, returns=Meeting)


async def move(core: Core, meeting_id: str, command: CurrentItem, *, actor: Actor) -> Meeting:
    """Move the sitting to an item, forth or back. Raises ``not_found``, ``live.not_discussed``."""
    now = stamp(core.clock.now())

    def txn(tx: Tx) -> Meeting:
        before = meetings.lock_txn(tx, actor, "live.item", meeting_id)
        agenda = meetings.items(tx, meeting_id)
        item = next((each for each in agenda if each.id == command.item_id), None)
        if item is None:
            raise DomainError("not_found")
        if item.general:
            raise DomainError("live.not_discussed")
        if before.current_item == item.id:
            return before
        clear_txn(tx, actor, meeting_id)
        after = rules.moved(before, item.id, now)
        return meetings.save_txn(tx, actor, after, "item", items=_changed(agenda, item.id), before=before)

    return await core.perform(txn, actor=actor, returns=Meeting)


def _changed(agenda: list[meetings.AgendaItem], current: str | None) -> list[meetings.AgendaItem]:
    states = rules.item_states({item.id: item.state for item in agenda}, current)
    return [structs.replace(item, state=states[item.id]) for item in agenda if item.id in states]
