"""A city with its communes, 5,273 people: every act works, and what touches everyone is many transactions, not one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server.core import journal
from server.core.access import Role
from server.invitations import actions as invitations
from server.invitations import jobs as invitation_jobs
from server.invitations.wire import InvitationSend
from server.live import actions as live
from server.meetings import actions, jobs
from server.meetings.wire import ItemEdit, MeetingCopy, MeetingEdit, MeetingPostpone
from tests.support.house import actor
from tests.support.sitting import STARTS_AT, add_item, draft, enter_people, invite
from tests.support.writer import holds

if TYPE_CHECKING:
    from server.core.context import Core

COUNT = 5273
# What one transaction may touch at most: with more, everybody else would wait for it (bench/writer.py tells how long).
AT_ONCE = 400


@pytest.mark.slow
async def test_a_meeting_of_5273_is_listed_sent_changed_and_read(core: Core) -> None:
    people = await enter_people(core, COUNT)
    secretary = actor(people.secretary, Role.SECRETARY, body=people.body)
    meeting = await draft(core, people, secretary)
    meeting = await invite(core, meeting, people.members, secretary=secretary)
    assert meeting.participants == COUNT
    item = await add_item(core, meeting, "Nội dung", secretary=secretary)
    await invitations.send(core, meeting.id, InvitationSend(mail=False), actor=secretary)
    with holds(core) as invited:
        await invitation_jobs.settle(core)
    assert invited.count > COUNT // AT_ONCE
    members = await core.db.read(lambda read: journal.members(read, f"m:{meeting.id}"))
    assert len(members) == COUNT
    closing = ItemEdit(restricted=True, invitees=people.members[:10])
    await actions.edit_item(core, item.id, closing, actor=secretary)
    postponed = MeetingPostpone(starts_at=STARTS_AT.replace("11-27", "12-04"))
    await actions.postpone(core, meeting.id, postponed, actor=secretary)
    with holds(core) as settled:
        await jobs.settle(core)
    assert settled.count > COUNT // AT_ONCE
    view = await actions.view(core, meeting.id, actor=secretary)
    assert len(view.participants) == COUNT
    mine = await core.db.read(lambda read: journal.snapshot_state(read, f"u:{people.members[-1]}"))
    (own,) = mine.values()
    assert own.starts_at == "2026-12-04T01:00:00.000000Z"  # type: ignore[attr-defined]
    chaired = MeetingEdit(chair_id=people.members[7])
    await actions.edit(core, meeting.id, chaired, actor=secretary)
    again = MeetingCopy(title="Phiên sau", starts_at="2026-12-11T08:00:00+07:00")
    copied = await actions.copy(core, meeting.id, again, actor=secretary)
    assert copied.participants == COUNT
    await invite(core, meeting, people.members[: COUNT // 2], secretary=secretary)
    await jobs.settle(core)
    await invitation_jobs.settle(core)
    members = await core.db.read(lambda read: journal.members(read, f"a:{meeting.id}"))
    assert len(members) == COUNT // 2 + 1  # the new chair is among the first half; the secretary stays
    await live.start(core, meeting.id, actor=secretary)
    await live.end(core, meeting.id, actor=secretary)
