"""A convened meeting with an item, the desk, a member, a stranger, and PDFs to publish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from server.core.access import Role
from server.core.context import Core
from server.invitations import actions as invitations
from server.invitations import jobs as invitation_jobs
from server.invitations.wire import InvitationSend
from tests.support.house import actor
from tests.support.sitting import People, Watch, add_item, draft, enter_people, invite

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.meetings.wire import ItemDetail, Meeting


@dataclass(frozen=True)
class Stage:
    """Who and what the tests of documents act on."""

    people: People
    secretary: Actor
    chair: Actor
    member: Actor
    stranger: Actor
    meeting: Meeting
    item: ItemDetail


async def set_stage(core: Core) -> Stage:
    people = await enter_people(core, 5)
    secretary = actor(people.secretary, Role.SECRETARY, body=people.body)
    meeting = await draft(core, people, secretary)
    item = await add_item(core, meeting, "Báo cáo quý IV", secretary=secretary)
    await invite(core, meeting, people.members[:2], secretary=secretary)
    await invitations.send(core, meeting.id, InvitationSend(mail=False), actor=secretary)
    await invitation_jobs.settle(core)
    return Stage(
        people, secretary, actor(people.chair), actor(people.members[0]), actor(people.members[2]), meeting, item
    )


@pytest.fixture
async def stage(core: Core) -> Stage:
    return await set_stage(core)


@pytest.fixture
async def watch(core: Core, stage: Stage) -> Watch:
    watching = Watch(core)
    await watching.check()
    return watching
