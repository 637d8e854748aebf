"""Readiness: what tablets find of themselves reaches the desk; what is not looked at is not well."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from server.core.errors import DomainError
from server.invitations import actions as invitations
from server.invitations import jobs as invitation_jobs
from server.invitations.wire import InvitationSend
from server.live import actions, rules
from server.live.wire import Checked, Ready, ReadyCheck, ReadyReport
from server.meetings import actions as meetings
from server.meetings.wire import MeetingCancel, ParticipantInput, ParticipantsSet
from tests.support.house import actor, resending
from tests.support.sitting import Watch, draft, invite

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.meetings.wire import Meeting
    from tests.support.sitting import People

ALL: tuple[Checked, ...] = get_args(Checked)
WELL = tuple(ReadyCheck(what=what, ok=True) for what in ALL)
_CHECK = st.builds(ReadyCheck, what=st.sampled_from(ALL), ok=st.booleans())


@given(st.lists(_CHECK))
def test_ready_is_whose_every_needed_thing_was_looked_at_and_found_well(checks: list[ReadyCheck]) -> None:
    good = {each.what for each in checks if each.ok} - {each.what for each in checks if not each.ok}
    assert rules.is_ready(checks) == (good >= rules.NEEDED)


@given(st.sampled_from(ALL))
def test_one_thing_that_is_not_well_is_enough_if_it_is_needed(what: Checked) -> None:
    bad = [structs.replace(each, ok=each.what != what) for each in WELL]
    assert rules.is_ready(bad) == (what not in rules.NEEDED)


async def convened(core: Core, people: People, secretary: Actor) -> Meeting:
    meeting = await draft(core, people, secretary)
    await invite(core, meeting, people.members[:2], secretary=secretary)
    await invitations.send(core, meeting.id, InvitationSend(mail=False), actor=secretary)
    await invitation_jobs.settle(core)
    return meeting


def found(watch: Watch, meeting: Meeting) -> dict[str, bool]:
    entities = watch.states[f"d:{meeting.id}"].items()
    return {key[1]: each.ready for key, each in entities if isinstance(each, Ready)}


async def test_the_desk_hears_what_each_device_found_and_the_last_word_counts(
    core: Core, people: People, secretary: Actor, watch: Watch
) -> None:
    meeting = await convened(core, people, secretary)
    await watch.check()
    member = actor(people.members[0])
    other = structs.replace(member, device_id="phone")
    lacking = (ReadyCheck(what="papers", ok=False, have=3, need=5), *WELL[1:])
    told = await actions.ready(core, meeting.id, ReadyReport(checks=lacking), actor=resending(member, "one"))
    assert (told.ready, told.person_id, told.checks[0].have) == (False, member.person_id, 3)
    assert await watch.check() == {f"d:{meeting.id}"}
    again = await actions.ready(core, meeting.id, ReadyReport(checks=lacking), actor=resending(member, "one"))
    assert again == told
    assert await watch.check() == set()
    await actions.ready(core, meeting.id, ReadyReport(checks=WELL), actor=other)
    await watch.check()
    assert found(watch, meeting) == {member.device_id: False, "phone": True}
    await actions.ready(core, meeting.id, ReadyReport(checks=WELL), actor=member)
    await watch.check()
    assert found(watch, meeting) == {member.device_id: True, "phone": True}


async def test_a_device_that_ends_and_a_person_who_leaves_are_waited_for_no_more(
    core: Core, people: People, secretary: Actor, watch: Watch
) -> None:
    meeting = await convened(core, people, secretary)
    first, second = actor(people.members[0]), actor(people.members[1])
    for who in (first, second):
        await actions.ready(core, meeting.id, ReadyReport(checks=WELL), actor=who)
    await watch.check()
    await core.db.write(lambda tx: actions.devices_ended(tx, [first.device_id], ""))
    assert await watch.check() == {f"d:{meeting.id}"}
    assert found(watch, meeting) == {second.device_id: True}
    left = ParticipantsSet(participants=(ParticipantInput(person_id=first.person_id),))
    await meetings.set_participants(core, meeting.id, left, actor=secretary)
    await watch.check()
    assert found(watch, meeting) == {}


async def test_who_takes_no_part_is_refused_and_nothing_is_asked_of_a_meeting_that_will_not_be(
    core: Core, people: People, secretary: Actor
) -> None:
    meeting = await convened(core, people, secretary)
    with pytest.raises(DomainError, match="not_found"):
        await actions.ready(core, meeting.id, ReadyReport(checks=WELL), actor=actor(people.members[5]))
    await meetings.cancel(core, meeting.id, MeetingCancel(), actor=secretary)
    with pytest.raises(DomainError, match=r"live\.not_coming"):
        await actions.ready(core, meeting.id, ReadyReport(checks=WELL), actor=actor(people.members[0]))
