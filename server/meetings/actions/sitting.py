"""Acts on the sitting as a whole: create, edit, copy, postpone, cancel; and reading it."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, Struct, structs

from server.core import access
from server.core.access import Actor, Relation
from server.core.context import Core
from server.core.db import Read, Tx
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp
from server.meetings import rules
from server.meetings.actions import foreseeing, participants, people, shared
from server.meetings.actions.plans import ListPlan
from server.meetings.models import Head, meeting_stream
from server.meetings.store import items as item_store
from server.meetings.store import participants as participant_store
from server.meetings.store import sittings
from server.meetings.store.items import AgendaItem
from server.meetings.wire import (
    AgendaChanged,
    Meeting,
    MeetingCancel,
    MeetingCopy,
    MeetingCreate,
    MeetingEdit,
    MeetingPostpone,
    Meetings,
    MeetingsQuery,
    MeetingView,
    Site,
)

PAGE_LIMIT = 200


# ---- reading


async def list_meetings(core: Core, query: MeetingsQuery, *, actor: Actor) -> Meetings:
    """Meetings that the actor may see: those of bodies whose secretariat they are of, and those they take part in."""
    grants = [grant for grant in actor.grants if grant.role in rules.SECRETARIAT_ROLES]
    everywhere = any(grant.body_id is None for grant in grants)
    bodies = None if everywhere else {grant.body_id for grant in grants if grant.body_id is not None}
    limit, offset = max(1, min(query.limit, PAGE_LIMIT)), max(0, query.offset)

    def read(read: Read) -> Meetings:
        access.require("meetings.list", access.relations(read, actor, "house", ""))
        total, found = sittings.list_for(read, actor.person_id, bodies, query.when, limit, offset)
        return Meetings(total=total, meetings=found)

    return await core.db.read(read)


async def view(core: Core, meeting_id: str, *, actor: Actor) -> MeetingView:
    """A meeting as the actor may see it: details of the items they are invited to, participants for the desk."""

    def read(read: Read) -> MeetingView:
        meeting = shared.find(read, actor, "meetings.read", meeting_id)
        held = shared.relations(read, actor, meeting_id)
        agenda = item_store.of_meeting(read, meeting_id)
        seen = [item for item in agenda if _sees(actor, meeting, item, held)]
        desk = not held.isdisjoint({Relation.SECRETARIAT, Relation.CHAIR})
        return MeetingView(
            meeting=meeting,
            items=tuple(item.public for item in agenda),
            details=tuple(item.detail for item in seen),
            participants=tuple(participant_store.of_meeting(read, meeting_id)) if desk else (),
            may=tuple(rules.may(held, meeting.state, access.permissions())),
        )

    return await core.db.read(read)


def _sees(actor: Actor, meeting: Meeting, item: AgendaItem, held: frozenset[Relation]) -> bool:
    head = Head(meeting.id, people.id_of(meeting.chair), people.id_of(meeting.secretary))
    within = held - {Relation.PERSON, Relation.ADMINISTRATOR, Relation.SCREEN}
    return bool(rules.to_item(actor, head, item.circle, within, presents=False))


# ---- making


async def create(core: Core, command: MeetingCreate, *, actor: Actor) -> Meeting:
    """Make a draft with its general item; chair and secretary take part in it.

    Raises ``denied`` outside the bodies whose secretariat the actor is of, and ``meetings.…`` for bad values.
    """
    now = stamp(core.clock.now())

    def txn(tx: Tx) -> Meeting:
        _require_body(actor, "meetings.create", command.body_id)
        starts_at, ends_at = rules.times(command.starts_at, command.ends_at)
        meeting = Meeting(
            id=new_id(),
            title=rules.title(command.title),
            body_id=command.body_id,
            body_name=people.body_name(tx, command.body_id),
            state="draft",
            starts_at=starts_at,
            ends_at=ends_at,
            place=rules.words(command.place),
            chair=people.shown(tx, command.chair_id),
            secretary=people.shown(tx, command.secretary_id),
            sites=_sites(command.sites, ()),
            current_item=None,
            item_since=None,
            presenter=None,
            started_at=None,
            ended_at=None,
            note=rules.words(command.note),
            participants=0,
            offline_hours=rules.offline_hours(command.offline_hours),
            watermark=command.watermark,
        )
        general = AgendaItem(
            id=new_id(), meeting_id=meeting.id, position=0, general=True, title=rules.GENERAL_TITLE,
            created_by=actor.person_id,
        )  # fmt: skip
        return _make_txn(tx, actor, _New([general], participants.plan_list(tx, actor, meeting, [])), now)

    return await core.perform(txn, actor=actor, returns=Meeting)


async def copy(core: Core, meeting_id: str, command: MeetingCopy, *, actor: Actor) -> Meeting:
    """Make a draft with the same agenda, participants and sites, without papers, answers and what was closed.

    A restricted item is copied only by who may see it.
    """
    now = stamp(core.clock.now())

    def plan(read: Read) -> _New:
        source = shared.find(read, actor, "meetings.copy", meeting_id)
        _require_body(actor, "meetings.create", source.body_id)
        starts_at = rules.moment(command.starts_at)
        meeting = structs.replace(
            source,
            id=new_id(),
            title=rules.title(command.title),
            state="draft",
            starts_at=starts_at,
            ends_at=_shifted(source, starts_at),
            current_item=None,
            item_since=None,
            presenter=None,
            started_at=None,
            ended_at=None,
            participants=0,
        )
        held = shared.relations(read, actor, meeting_id)
        items = [
            structs.replace(item, id=new_id(), meeting_id=meeting.id, state="pending", created_by=actor.person_id)
            for item in item_store.of_meeting(read, meeting_id)
            if _sees(actor, source, item, held)
        ]
        seats = [participants.as_input(each) for each in participant_store.of_meeting(read, meeting_id)]
        return _New(items, participants.plan_list(read, actor, meeting, seats))

    def write(tx: Tx, new: _New) -> Meeting:
        shared.lock_txn(tx, actor, "meetings.copy", meeting_id)
        return _make_txn(tx, actor, new, now)

    act = foreseeing.Act(plan, write, listed=lambda new: new.listed)
    return await foreseeing.perform(core, meeting_id, act, actor=actor, returns=Meeting)


class _New(Struct, frozen=True):
    """A meeting to be made: its items in order, and its list of participants with the meeting itself."""

    items: list[AgendaItem]
    listed: ListPlan


def _make_txn(tx: Tx, actor: Actor, new: _New, now: str) -> Meeting:
    meeting = new.listed.meeting
    sittings.insert_txn(tx, meeting, by=actor.person_id, at=now)
    items = [structs.replace(item, position=position) for position, item in enumerate(new.items)]
    item_store.insert_txn(tx, items)
    shared.open_streams_txn(tx, meeting.id)
    for item in items:
        shared.open_item_stream_txn(tx, item)
        shared.tell_item_txn(tx, actor, item)
    public = tuple(item.public for item in items)
    shared.append(tx, meeting_stream(meeting.id), AgendaChanged(put=public), actor)
    participants.write_list_txn(tx, actor, new.listed)
    shared.save_txn(tx, actor, meeting, "created")
    shared.audiences_txn(tx, meeting.id)
    return meeting


# ---- changing


async def edit(core: Core, meeting_id: str, command: MeetingEdit, *, actor: Actor) -> Meeting:
    """Change what is given. A new time for a postponed meeting convenes it again."""

    def plan(read: Read) -> tuple[Meeting, ListPlan | None]:
        before = shared.find(read, actor, "meetings.edit", meeting_id)
        meeting = _edited(read, before, command)
        if (meeting.chair, meeting.secretary) == (before.chair, before.secretary):
            return meeting, None
        listed = participants.plan_heads(read, actor, before, meeting)
        return listed.meeting, listed

    def write(tx: Tx, planned: tuple[Meeting, ListPlan | None]) -> Meeting:
        meeting, listed = planned
        before = shared.lock_txn(tx, actor, "meetings.edit", meeting_id)
        if listed is not None:
            participants.write_list_txn(tx, actor, listed)
        _check_sites(tx, before, meeting)
        shared.save_txn(tx, actor, meeting, "edited", before=before)
        if listed is not None:
            shared.audiences_txn(tx, meeting_id)
        _follow_time_txn(tx, before, meeting)
        return meeting

    act = foreseeing.Act(plan, write, listed=lambda planned: planned[1])
    result = await foreseeing.perform(core, meeting_id, act, actor=actor, returns=Meeting)
    shared.due(core).set()
    return result


def _edited(read: Read, before: Meeting, command: MeetingEdit) -> Meeting:
    starts_at = before.starts_at if command.starts_at is UNSET else command.starts_at
    ends_at = before.ends_at if command.ends_at is UNSET else command.ends_at
    starts_at, ends_at = rules.times(starts_at, ends_at)
    again = before.state == "postponed" and command.starts_at is not UNSET
    return structs.replace(
        before,
        title=before.title if command.title is UNSET else rules.title(command.title),
        state="convened" if again else before.state,
        starts_at=starts_at,
        ends_at=ends_at,
        place=before.place if command.place is UNSET else rules.words(command.place),
        note=before.note if command.note is UNSET else rules.words(command.note),
        chair=before.chair if command.chair_id is UNSET else people.shown(read, command.chair_id),
        secretary=before.secretary if command.secretary_id is UNSET else people.shown(read, command.secretary_id),
        sites=before.sites if command.sites is UNSET else _sites(command.sites, before.sites),
        offline_hours=before.offline_hours
        if command.offline_hours is UNSET
        else rules.offline_hours(command.offline_hours),
        watermark=before.watermark if command.watermark is UNSET else command.watermark,
    )


async def postpone(core: Core, meeting_id: str, command: MeetingPostpone, *, actor: Actor) -> Meeting:
    """Put a convened meeting off: to a new time, at which it stays convened, or until further notice."""

    def txn(tx: Tx) -> Meeting:
        before = shared.lock_txn(tx, actor, "meetings.postpone", meeting_id)
        meeting = structs.replace(before, state="postponed", note=_with_reason(command.reason, before.note))
        if command.starts_at is not None:
            starts_at = rules.moment(command.starts_at)
            meeting = structs.replace(
                meeting, state="convened", starts_at=starts_at, ends_at=_shifted(before, starts_at)
            )
        shared.save_txn(tx, actor, meeting, "postponed", before=before)
        _follow_time_txn(tx, before, meeting)
        return meeting

    result = await core.perform(txn, actor=actor, returns=Meeting)
    shared.due(core).set()
    return result


async def cancel(core: Core, meeting_id: str, command: MeetingCancel, *, actor: Actor) -> Meeting:
    """Call a meeting off that has not begun; those invited keep seeing that it was."""

    def txn(tx: Tx) -> Meeting:
        before = shared.lock_txn(tx, actor, "meetings.cancel", meeting_id)
        meeting = structs.replace(before, state="cancelled", note=_with_reason(command.reason, before.note))
        return shared.save_txn(tx, actor, meeting, "cancelled", before=before)

    return await core.perform(txn, actor=actor, returns=Meeting)


def grants_changed_txn(tx: Tx, _person_id: str, bodies: frozenset[str | None]) -> None:
    """Let the audiences of these bodies' meetings (None among them: of all) follow a change of grants."""
    for meeting_id in sittings.of_bodies(tx, bodies):
        shared.audiences_txn(tx, meeting_id)


# ---- small parts


def _require_body(actor: Actor, verb: str, body_id: str) -> None:
    """Bodies are no secret, so a refusal says so."""
    if not access.allowed(verb, rules.to_body(actor, body_id)):
        raise DomainError("denied")


def _sites(names: tuple[str, ...], present: tuple[Site, ...]) -> tuple[Site, ...]:
    """Sites by name; one that stays keeps its id."""
    known = {site.name: site for site in present}
    wanted = dict.fromkeys(rules.title(name) for name in names)
    return tuple(known.get(name) or Site(id=new_id(), name=name) for name in wanted)


def _check_sites(read: Read, before: Meeting, after: Meeting) -> None:
    gone = {site.id: site.name for site in before.sites if site not in after.sites}
    if not gone:
        return
    for each in participant_store.of_meeting(read, before.id):
        if each.site_id in gone:
            raise DomainError("meetings.site_in_use", name=gone[each.site_id])


def _shifted(meeting: Meeting, starts_at: str) -> str | None:
    """The end that keeps the meeting's length after a new begin."""
    if meeting.ends_at is None:
        return None
    length = datetime.fromisoformat(meeting.ends_at) - datetime.fromisoformat(meeting.starts_at)
    return stamp(datetime.fromisoformat(starts_at) + length)


def _with_reason(reason: str, note: str) -> str:
    return rules.words("\n".join(part for part in (reason.strip(), note) if part))


def _follow_time_txn(tx: Tx, before: Meeting, after: Meeting) -> None:
    if before.starts_at != after.starts_at:
        participant_store.mark_stale_txn(tx, after.id)
