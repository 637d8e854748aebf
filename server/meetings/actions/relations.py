"""How an actor stands to a meeting and to an item, for every feature that asks ``access.relations``."""

from __future__ import annotations

from server.core.access import Actor, Relation
from server.core.db import Read
from server.meetings import rules
from server.meetings.actions import people
from server.meetings.models import Head
from server.meetings.store import items as item_store
from server.meetings.store import participants as participant_store
from server.meetings.store import sittings
from server.meetings.store.items import AgendaItem


def to_meeting(read: Read, actor: Actor, meeting_id: str) -> set[Relation]:
    """Relations to a meeting; none where there is no such meeting."""
    found = sittings.head(read, meeting_id)
    return set() if found is None else _to_meeting(read, actor, *found)


def _to_meeting(read: Read, actor: Actor, head: Head, body_id: str) -> set[Relation]:
    if actor.screen_of is not None:
        return {Relation.SCREEN} if actor.screen_of == head.id else set()
    seat = participant_store.of_person(read, head.id, actor.person_id)
    invited = seat is not None and seat.sent_at is not None
    return rules.to_meeting(actor, head, body_id, invited=invited)


def preparers(read: Read, item: AgendaItem) -> frozenset[str]:
    """Who prepares a closed item (person ids). Raises ``not_found``."""
    head, body_id = sittings.require_head(read, item.meeting_id)
    return rules.preparers(head, item.circle, people.secretariat(read, body_id))


def to_item(read: Read, actor: Actor, item_id: str) -> set[Relation]:
    """Relations to an item; none to a closed one for who is not invited to it, as if it were not there.

    A screen has none to any: it hears the skeleton, and no item's own stream.
    """
    if actor.screen_of is not None:
        return set()
    item = item_store.load(read, item_id)
    found = None if item is None else sittings.head(read, item.meeting_id)
    if item is None or found is None:
        return set()
    held = _to_meeting(read, actor, *found)
    presents = item.presenter is not None and item.presenter.id == actor.person_id
    return rules.to_item(actor, found[0], item.circle, held, presents=presents)
