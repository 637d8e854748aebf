"""A city with its communes, 5,273 people: every act still works, and how long each takes is printed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from server.core import journal
from server.core.access import Role
from server.invitations import actions as invitations
from server.invitations import jobs as invitation_jobs
from server.invitations.wire import InvitationSend
from server.meetings import actions, jobs
from server.meetings.wire import ItemEdit, MeetingPostpone
from tests.support.house import actor
from tests.support.sitting import STARTS_AT, add_item, draft, enter_people, invite

if TYPE_CHECKING:
    from server.core.context import Core

COUNT = 5273


async def timed(name: str, act: Any) -> Any:
    began = time.perf_counter()
    result = await act
    print(f"{name}: {time.perf_counter() - began:.2f} s")  # noqa: T201 - what this test is for
    return result


@pytest.mark.slow
async def test_a_meeting_of_5273_is_listed_sent_changed_and_read(core: Core) -> None:
    people = await enter_people(core, COUNT)
    secretary = actor(people.secretary, Role.SECRETARY, body=people.body)
    meeting = await draft(core, people, secretary)
    meeting = await timed("list", invite(core, meeting, people.members, secretary=secretary))
    assert meeting.participants == COUNT
    item = await timed("item", add_item(core, meeting, "Nội dung", secretary=secretary))
    await timed("send", invitations.send(core, meeting.id, InvitationSend(mail=False), actor=secretary))
    longest = 0.0
    began = time.perf_counter()
    while True:
        chunk = time.perf_counter()
        if not await invitations.invite_some(core):
            break
        longest = max(longest, time.perf_counter() - chunk)
    print(f"invite: {time.perf_counter() - began:.2f} s, longest chunk {longest * 1000:.0f} ms")  # noqa: T201 - the same
    members = await core.db.read(lambda read: journal.members(read, f"m:{meeting.id}"))
    assert len(members) == COUNT
    closing = ItemEdit(restricted=True, invitees=people.members[:10])
    await timed("close item", actions.edit_item(core, item.id, closing, actor=secretary))
    postponed = MeetingPostpone(starts_at=STARTS_AT.replace("11-27", "12-04"))
    await timed("postpone", actions.postpone(core, meeting.id, postponed, actor=secretary))
    await timed("settle", jobs.settle(core))
    view = await timed("view", actions.view(core, meeting.id, actor=secretary))
    assert len(view.participants) == COUNT
    mine = await core.db.read(lambda read: journal.snapshot_state(read, f"u:{people.members[-1]}"))
    (own,) = mine.values()
    assert own.starts_at == "2026-12-04T01:00:00.000000Z"  # type: ignore[attr-defined]
    await timed("halve", invite(core, meeting, people.members[: COUNT // 2], secretary=secretary))
    await timed("settle", jobs.settle(core))
    await invitation_jobs.settle(core)
    members = await core.db.read(lambda read: journal.members(read, f"a:{meeting.id}"))
    assert len(members) == COUNT // 2 + 2
