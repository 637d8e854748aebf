"""Acts on the list of participants, and what other features change of a participant."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from server.core import journal
from server.core.access import Actor
from server.core.context import Core
from server.core.db import Read, Tx
from server.core.errors import DomainError
from server.core.ids import new_id
from server.meetings import rules
from server.meetings.actions import foreseeing, hooks, people, shared
from server.meetings.actions.plans import ListPlan
from server.meetings.models import Named
from server.meetings.store import participants as store
from server.meetings.wire import Meeting, Participant, ParticipantInput, ParticipantRole, ParticipantsSet, Person


async def set_participants(core: Core, meeting_id: str, command: ParticipantsSet, *, actor: Actor) -> Meeting:
    """Make the list what is wanted; who stays keeps the state of the invitation, who goes loses access at once.

    Raises ``meetings.person_twice``, ``meetings.role_twice``, ``meetings.unknown_person``, ``meetings.unknown_site``.
    """

    def plan(read: Read) -> ListPlan:
        before = shared.find(read, actor, "meetings.participants", meeting_id)
        return plan_list(read, actor, before, command.participants)

    def write(tx: Tx, plan: ListPlan) -> Meeting:
        before = shared.lock_txn(tx, actor, "meetings.participants", meeting_id)
        write_list_txn(tx, actor, plan)
        shared.save_txn(tx, actor, plan.meeting, "participants", before=before)
        shared.audiences_txn(tx, meeting_id)
        return plan.meeting

    act = foreseeing.Act(plan, write, listed=lambda plan: plan)
    result = await foreseeing.perform(core, meeting_id, act, actor=actor, returns=Meeting)
    shared.due(core).set()
    return result


def plan_list(read: Read, actor: Actor, meeting: Meeting, wanted: Sequence[ParticipantInput]) -> ListPlan:
    """What has to change to make the list what is wanted. Raises as ``set_participants``."""
    rules.check_participants(wanted, (site.id for site in meeting.sites))
    wanted = rules.with_heads(wanted, people.id_of(meeting.chair), people.id_of(meeting.secretary))
    present = {each.person.id: each for each in store.of_meeting(read, meeting.id)}
    names = people.named(read, {each.person_id for each in wanted} - set(present))
    listed = [
        _updated(present[each.person_id], each, position)
        if each.person_id in present
        else _new(names[each.person_id], each, position)
        for position, each in enumerate(wanted)
    ]
    added = [each for each in listed if each.person.id not in present]
    changed = [each for each in listed if each.person.id in present and each != present[each.person.id]]
    stay = {each.person.id for each in listed}
    left = [each for person, each in present.items() if person not in stay]
    return ListPlan(
        meeting=structs.replace(
            meeting,
            chair=_head(listed, "chair"),
            secretary=_head(listed, "secretary"),
            participants=len(listed),
            presenter=meeting.presenter if meeting.presenter and meeting.presenter.id in stay else None,
        ),
        added=[store.columns(each) for each in added],
        changed=[store.relisted(each) for each in changed],
        left=left,
        told=shared.for_desk(actor, meeting.id, [*added, *changed], (each.id for each in left)),
        batch=new_id() if len(added) > foreseeing.STAGED_AT_ONCE else "",
    )


def write_list_txn(tx: Tx, actor: Actor, plan: ListPlan) -> None:
    """Write a list and tell the desk; the caller saves the meeting."""
    if plan.left:
        store.remove_txn(tx, (each.id for each in plan.left))
        for hook in hooks.participants_left:
            hook(tx, actor, plan.meeting, plan.left)
    store.relist_txn(tx, plan.changed)
    persons = {each["person_id"] for each in plan.added}
    if not (plan.batch and store.enter_staged_txn(tx, plan.meeting.id, plan.batch, persons)):
        store.insert_txn(tx, plan.meeting.id, plan.added)
    for entry in plan.told:
        journal.add(tx, entry)


def plan_heads(read: Read, actor: Actor, before: Meeting, after: Meeting) -> ListPlan:
    """The list with the chair and secretary of ``after``; those of ``before`` stay as members."""
    wanted = []
    heads: dict[str | None, ParticipantRole] = {
        people.id_of(after.chair): "chair",
        people.id_of(after.secretary): "secretary",
    }
    for each in store.of_meeting(read, before.id):
        kept: ParticipantRole = "member" if each.role in {"chair", "secretary"} else each.role
        role = heads.get(each.person.id, kept)
        wanted.append(structs.replace(as_input(each), role=role))
    return plan_list(read, actor, after, wanted)


def as_input(value: Participant) -> ParticipantInput:
    """A participant as it was wanted; what it would take to make the same again."""
    return ParticipantInput(
        person_id=value.person.id,
        role=value.role,
        scope=value.scope,
        voting_right=value.voting_right,
        on_behalf_of=value.on_behalf_of,
        site_id=value.site_id,
    )


def _new(person: Named, wanted: ParticipantInput, position: int) -> Participant:
    return Participant(
        id=new_id(),
        person=Person(id=person.id, name=person.name, title=person.title),
        body_name=person.body_name,
        role=wanted.role,
        scope=wanted.scope,
        voting_right=wanted.voting_right,
        on_behalf_of=wanted.on_behalf_of,
        substitute_for=None,
        site_id=wanted.site_id,
        position=position,
        sent_at=None,
        mail="none",
        delivered_at=None,
        opened_at=None,
        answer="none",
        answered_at=None,
        reason="",
        substitute=None,
    )


def _updated(present: Participant, wanted: ParticipantInput, position: int) -> Participant:
    return structs.replace(
        present,
        role=wanted.role,
        scope=wanted.scope,
        voting_right=wanted.voting_right,
        on_behalf_of=wanted.on_behalf_of,
        site_id=wanted.site_id,
        position=position,
    )


def _head(listed: Sequence[Participant], role: str) -> Person | None:
    return next((each.person for each in listed if each.role == role), None)


# ---- for other features, inside their transactions


def listed(read: Read, meeting_id: str) -> list[Participant]:
    """All participants in order; the caller has asked for permission."""
    return store.of_meeting(read, meeting_id)


def uninvited(read: Read, meeting_id: str) -> list[str]:
    """The participants (ids, in order) to whom the invitation has not gone out."""
    return store.uninvited(read, meeting_id)


def persons(read: Read, meeting_id: str, *, invited: bool = False) -> set[str]:
    """Who is on the list; with ``invited`` only those to whom the invitation has gone out. Cheap for any number."""
    return {seat.person_id for seat in store.seats(read, meeting_id) if seat.invited or not invited}


def some(read: Read, ids: Sequence[str]) -> list[Participant]:
    """Those of these participants who still take part."""
    return store.by_ids(read, ids)


def own(read: Read, meeting_id: str, person_id: str) -> Participant | None:
    """How a person takes part, or None where they do not or have not been invited yet."""
    found = store.of_person(read, meeting_id, person_id)
    return found if found is not None and found.sent_at is not None else None


def lock_txn(tx: Tx, meeting_id: str, person_id: str) -> Participant:
    """How a person takes part, with the row held until the end. Raises ``not_found``."""
    found = store.lock_txn(tx, meeting_id, person_id)
    if found is None:
        raise DomainError("not_found")
    return found


def try_lock_txn(tx: Tx, meeting_id: str, person_id: str) -> Participant | None:
    """As ``lock_txn``, but None for who does not take part."""
    return store.lock_txn(tx, meeting_id, person_id)


def meeting_of(read: Read, participant_id: str) -> str | None:
    """The meeting in which somebody takes part as this participant."""
    return store.meeting_of(read, participant_id)


def takes_part(read: Read, meeting_id: str, person_id: str) -> bool:
    """Whether a person is on the list, invited or not."""
    return store.of_person(read, meeting_id, person_id) is not None


def has_substitute(read: Read, meeting_id: str, participant_id: str) -> bool:
    """Whether somebody takes part in this participant's place."""
    return store.substitutes(read, meeting_id, participant_id) > 0


def shown(read: Read, person_id: str) -> Person:
    """A person of the directory as shown. Raises ``meetings.unknown_person``."""
    named = people.named(read, [person_id])[person_id]
    return Person(id=named.id, name=named.name, title=named.title)


def change_txn(tx: Tx, actor: Actor, meeting_id: str, changed: Sequence[Participant]) -> None:
    """Store changed participants (at most 100), tell the desk, and let their own streams follow."""
    store.update_txn(tx, [store.columns(each) for each in changed])
    shared.tell_desk_txn(tx, actor, meeting_id, changed)
    shared.show_txn(tx, (each.id for each in changed), actor.person_id)


def add_substitute_txn(tx: Tx, actor: Actor, meeting: Meeting, absent: Participant, person_id: str) -> Participant:
    """Put a person on the list in place of another; returns the new participant, not yet invited.

    Raises ``meetings.person_twice`` for who takes part already.
    """
    if store.of_person(tx, meeting.id, person_id) is not None:
        raise DomainError("meetings.person_twice")
    named = people.named(tx, [person_id])[person_id]
    role = absent.role if absent.role == "invitee" else "member"
    wanted = structs.replace(as_input(absent), person_id=person_id, role=role, on_behalf_of=absent.person.id)
    new = structs.replace(_new(named, wanted, absent.position), substitute_for=absent.id)
    store.insert_txn(tx, meeting.id, [store.columns(new)])
    shared.tell_desk_txn(tx, actor, meeting.id, [new])
    shared.save_txn(tx, actor, structs.replace(meeting, participants=store.count(tx, meeting.id)), "substituted")
    return new
