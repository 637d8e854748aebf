"""A process that dies in the middle of a long act leaves nothing half visible: the next start drops or completes it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from server.core import journal
from server.core.access import Role
from server.core.clock import FakeClock
from server.invitations import actions as invitations
from server.invitations import jobs as invitation_jobs
from server.invitations.wire import InvitationSend
from server.meetings import actions, jobs
from server.meetings.actions import foreseeing
from server.meetings.store import tables
from server.meetings.wire import ParticipantInput, ParticipantsSet
from tests.support.house import actor
from tests.support.interrupting import killed
from tests.support.sitting import Watch, draft, enter_people, invite

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read

COUNT = 3 * foreseeing.STAGED_AT_ONCE


async def list_all(core: Core, meeting: str, body: str, secretary: str, *people: str) -> None:
    """Played in the process that dies: everybody is put on the list."""
    wanted = tuple(ParticipantInput(person_id=each) for each in people)
    own = actor(secretary, Role.SECRETARY, body=body)
    await actions.set_participants(core, meeting, ParticipantsSet(participants=wanted), actor=own)


async def send_and_settle(core: Core, meeting: str, body: str, secretary: str) -> None:
    """Played in the process that dies: the meeting is sent and its people are let in."""
    own = actor(secretary, Role.SECRETARY, body=body)
    await invitations.send(core, meeting, InvitationSend(mail=False), actor=own)
    await invitation_jobs.settle(core)


async def listed(core: Core, meeting: str, own: Actor) -> int:
    return len((await actions.view(core, meeting, actor=own)).participants)


def staged(read: Read) -> int:
    return int(read.scalar(select(func.count()).select_from(tables.staged)))


@pytest.mark.parametrize(("commits", "expected"), [(3, 2), (4, COUNT)])
async def test_a_list_is_there_whole_or_not_at_all(core: Core, commits: int, expected: int) -> None:
    people = await enter_people(core, COUNT)
    own = actor(people.secretary, Role.SECRETARY, body=people.body)
    meeting = await draft(core, people, own)
    act = f"{__name__}:list_all"
    assert killed(core, act, meeting.id, people.body, people.secretary, *people.members, commits=commits)
    assert await listed(core, meeting.id, own) == expected  # chair and secretary, or everybody
    left = await core.db.read(staged)
    assert left == COUNT - 2
    await foreseeing.drop_abandoned(core)
    assert await core.db.read(staged) == left  # it may be another process's, which is at it
    later = FakeClock(datetime.now(UTC) + timedelta(hours=2))
    await foreseeing.drop_abandoned(dataclasses.replace(core, clock=later))
    assert await core.db.read(staged) == 0
    await invite(core, meeting, people.members, secretary=own)
    assert await listed(core, meeting.id, own) == COUNT
    await Watch(core).check()


@pytest.mark.parametrize("commits", [2, 5])
async def test_an_invitation_that_was_interrupted_goes_on(core: Core, commits: int) -> None:
    people = await enter_people(core, 230)
    own = actor(people.secretary, Role.SECRETARY, body=people.body)
    meeting = await draft(core, people, own)
    await invite(core, meeting, people.members, secretary=own)
    assert killed(core, f"{__name__}:send_and_settle", meeting.id, people.body, people.secretary, commits=commits)
    members = await core.db.read(lambda read: journal.members(read, f"m:{meeting.id}"))
    assert len(members) < len(people.all)
    await invitation_jobs.settle(core)
    await jobs.settle(core)
    members = await core.db.read(lambda read: journal.members(read, f"m:{meeting.id}"))
    assert members == frozenset(people.all)
    view = await actions.view(core, meeting.id, actor=own)
    assert all(each.sent_at is not None for each in view.participants)
    await Watch(core).check()
