"""How an actor stands to dossiers, requests and versions, and what the streams of others hold of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.core import access
from server.core.access import Relation, Role
from server.documents import actions as documents
from server.meetings import actions as meetings
from server.signatures import store
from server.signatures.rules import acts
from server.signatures.rules.sealing import is_numbered

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.core.access import Actor
    from server.core.db import Read
    from server.signatures.wire import Dossier, SigningRequest

_DESK_AND_CHAIR = frozenset({Relation.SECRETARIAT, Relation.CHAIR})


def to_request(read: Read, actor: Actor, request_id: str) -> set[Relation]:
    """Relations to a request: its person's, and those of desk and chair to the item; to others it is not there."""
    asked = store.load(read, request_id)
    if asked is None:
        return set()
    found = set(access.relations(read, actor, "item", asked.item_id) & _DESK_AND_CHAIR)
    if asked.request.official_id == actor.person_id:
        found.add(Relation.OFFICIAL)
    return found


def to_dossier(read: Read, actor: Actor, dossier_id: str) -> set[Relation]:
    """Relations to a dossier: of who has a step, of desk and chair to the item, of the body's clerks once signed."""
    dossier = store.dossiers.load(read, dossier_id)
    if dossier is None:
        return set()
    found = set(access.relations(read, actor, "item", dossier.item_id) & _DESK_AND_CHAIR)
    if actor.person_id in acts.people(dossier):
        found.add(Relation.OFFICIAL)
    if dossier.state in acts.WITH_CLERKS and actor.has(Role.CLERK, dossier.body_id):
        named = any(step.person_id == actor.person_id for step in dossier.steps if step.act in acts.CLERKS)
        if named or not meetings.item(read, dossier.item_id).restricted:
            found.add(Relation.CLERK)
    return found


def to_version(read: Read, actor: Actor, version_id: str) -> set[Relation]:
    """Who is asked reads exactly the version put before them; who has acted, also what the dossier made of it.

    The registry clerk, who signs the annexes of a numbered paper, reads what may be one.
    """
    mine = store.is_official_of(read, actor.person_id, version_id)
    mine = mine or store.dossiers.is_at(read, actor.person_id, version_id)
    return {Relation.OFFICIAL} if mine or _may_be_annex(read, actor, version_id) else set()


def _may_be_annex(read: Read, actor: Actor, version_id: str) -> bool:
    """Whether a version stands in the item of a numbered paper whose registry the actor keeps."""
    if not any(grant.role is Role.CLERK for grant in actor.grants):
        return False
    held = documents.held(read, version_id)
    if held is None or held.state == "recalled":
        return False
    beside = store.dossiers.of_item(read, held.item_id)
    return any(is_numbered(each) and Relation.CLERK in to_dossier(read, actor, each.id) for each in beside)


def to_body(_read: Read, actor: Actor, body_id: str) -> set[Relation]:
    """Relations to a body where it is about who signs for whom: of those who work at its desk."""
    desk = actor.has(Role.SECRETARY, body_id) or actor.has(Role.CLERK, body_id)
    return {Relation.SECRETARIAT} if desk else set()


# ---- snapshots


def desk_entities(read: Read, stream: str, after: tuple[str, str] | None) -> Iterable[Dossier | SigningRequest]:
    """What dossiers put into stream ``d:``: nothing of a closed item, which not all of the desk may see."""
    meeting_id = stream.partition(":")[2]
    closed = {item.id for item in meetings.items(read, meeting_id) if item.restricted}
    asked = (each.request for each in store.of_meeting(read, meeting_id) if each.item_id not in closed)
    dossiers = (each for each in store.dossiers.of_meeting(read, meeting_id) if each.item_id not in closed)
    return _after(dossiers, asked, after)


def official_entities(read: Read, stream: str, after: tuple[str, str] | None) -> Iterable[Dossier | SigningRequest]:
    """What dossiers put into stream ``u:`` of a person: their steps', and of a clerk those that the body has signed."""
    person_id = stream.partition(":")[2]
    return _after(store.dossiers.of_person(read, person_id), store.of_official(read, person_id), after)


def _after(
    dossiers: Iterable[Dossier], requests: Iterable[SigningRequest], after: tuple[str, str] | None
) -> list[Dossier | SigningRequest]:
    return [
        *(each for each in dossiers if after is None or ("dossier", each.id) > after),
        *(each for each in requests if after is None or ("signing", each.id) > after),
    ]
