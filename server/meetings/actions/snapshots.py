"""The meetings' part of the state of each stream kind, for catch-up: exactly what the events have put."""

from __future__ import annotations

from collections.abc import Iterable

from server.core.db import Read
from server.core.wire import Entity
from server.meetings.store import items, participants, sittings


def skeleton(read: Read, stream: str, _after: tuple[str, str] | None) -> Iterable[Entity]:
    """Stream ``m:``: items, then the meeting. They are few; catch-up passes over those that were sent."""
    meeting_id = _object(stream)
    yield from items.entities(read, meeting_id)
    yield from sittings.entities(read, meeting_id)


def item(read: Read, stream: str, _after: tuple[str, str] | None) -> Iterable[Entity]:
    """Stream ``i:``: the item's detail."""
    return items.detail_entities(read, _object(stream))


def desk(read: Read, stream: str, after: tuple[str, str] | None) -> Iterable[Entity]:
    """Stream ``d:``: the participants."""
    return participants.entities(read, _object(stream), after)


def person(read: Read, stream: str, after: tuple[str, str] | None) -> Iterable[Entity]:
    """Stream ``u:``: one's own part in each meeting."""
    return participants.my_entities(read, _object(stream), after)


def _object(stream: str) -> str:
    return stream.partition(":")[2]
