"""How an actor stands to a request and to a version, and what requests put into the streams of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.core import access
from server.core.access import Relation
from server.meetings import actions as meetings
from server.signatures import store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.core.access import Actor
    from server.core.db import Read
    from server.signatures.wire import SigningRequest

_DESK_AND_CHAIR = frozenset({Relation.SECRETARIAT, Relation.CHAIR})


def to_request(read: Read, actor: Actor, request_id: str) -> set[Relation]:
    """Relations to a request: its official's, and those of desk and chair to the item; to others it is not there."""
    asked = store.load(read, request_id)
    if asked is None:
        return set()
    found = set(access.relations(read, actor, "item", asked.item_id) & _DESK_AND_CHAIR)
    if asked.request.official_id == actor.person_id:
        found.add(Relation.OFFICIAL)
    return found


def to_version(read: Read, actor: Actor, version_id: str) -> set[Relation]:
    """An official reads exactly the version put before them, and the one that their signing made; no other of it."""
    return {Relation.OFFICIAL} if store.is_official_of(read, actor.person_id, version_id) else set()


# ---- snapshots


def desk_entities(read: Read, stream: str, after: tuple[str, str] | None) -> Iterable[SigningRequest]:
    """What requests put into stream ``d:``: nothing of a closed item, which not all of the desk may see."""
    meeting_id = stream.partition(":")[2]
    closed = {item.id for item in meetings.items(read, meeting_id) if item.restricted}
    asked = store.of_meeting(read, meeting_id)
    return _after((each.request for each in asked if each.item_id not in closed), after)


def official_entities(read: Read, stream: str, after: tuple[str, str] | None) -> Iterable[SigningRequest]:
    """What requests put into stream ``u:`` of their official."""
    return _after(store.of_official(read, stream.partition(":")[2]), after)


def _after(requests: Iterable[SigningRequest], after: tuple[str, str] | None) -> list[SigningRequest]:
    return [each for each in requests if after is None or ("signing", each.id) > after]
