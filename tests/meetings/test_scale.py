"""A city with its communes, 5,273 people: every act works, and none of its transactions holds the writer for long."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

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
from tests.support.writer import WRITER_SECONDS, holds

if TYPE_CHECKING:
    from server.core.context import Core

COUNT = 5273


class Bench:
    """Runs acts and keeps how long each took and what its transactions cost."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.longest: dict[str, float] = {}

    async def timed(self, name: str, act: Any) -> Any:
        began = time.perf_counter()
        with holds(self.core) as measured:
            result = await act
        self.longest[name] = measured.longest
        print(f"{name}: {time.perf_counter() - began:.2f} s, {measured}")  # noqa: T201 - what this test is for
        return result


@pytest.mark.slow
async def test_a_meeting_of_5273_is_listed_sent_changed_and_read(core: Core) -> None:
    people = await enter_people(core, COUNT)
    secretary = actor(people.secretary, Role.SECRETARY, body=people.body)
    meeting = await draft(core, people, secretary)
    bench = Bench(core)
    meeting = await bench.timed("list", invite(core, meeting, people.members, secretary=secretary))
    assert meeting.participants == COUNT
    item = await bench.timed("item", add_item(core, meeting, "Nội dung", secretary=secretary))
    await bench.timed("send", invitations.send(core, meeting.id, InvitationSend(mail=False), actor=secretary))
    await bench.timed("invite", invitation_jobs.settle(core))
    members = await core.db.read(lambda read: journal.members(read, f"m:{meeting.id}"))
    assert len(members) == COUNT
    closing = ItemEdit(restricted=True, invitees=people.members[:10])
    await bench.timed("close item", actions.edit_item(core, item.id, closing, actor=secretary))
    postponed = MeetingPostpone(starts_at=STARTS_AT.replace("11-27", "12-04"))
    await bench.timed("postpone", actions.postpone(core, meeting.id, postponed, actor=secretary))
    await bench.timed("settle", jobs.settle(core))
    view = await bench.timed("view", actions.view(core, meeting.id, actor=secretary))
    assert len(view.participants) == COUNT
    mine = await core.db.read(lambda read: journal.snapshot_state(read, f"u:{people.members[-1]}"))
    (own,) = mine.values()
    assert own.starts_at == "2026-12-04T01:00:00.000000Z"  # type: ignore[attr-defined]
    chaired = MeetingEdit(chair_id=people.members[7])
    await bench.timed("another chair", actions.edit(core, meeting.id, chaired, actor=secretary))
    again = MeetingCopy(title="Phiên sau", starts_at="2026-12-11T08:00:00+07:00")
    copied = await bench.timed("copy", actions.copy(core, meeting.id, again, actor=secretary))
    assert copied.participants == COUNT
    await bench.timed("halve", invite(core, meeting, people.members[: COUNT // 2], secretary=secretary))
    await bench.timed("settle after", jobs.settle(core))
    await invitation_jobs.settle(core)
    members = await core.db.read(lambda read: journal.members(read, f"a:{meeting.id}"))
    assert len(members) == COUNT // 2 + 1  # the new chair is among the first half; the secretary stays
    await bench.timed("start", live.start(core, meeting.id, actor=secretary))
    await bench.timed("end", live.end(core, meeting.id, actor=secretary))
    assert {name: longest for name, longest in bench.longest.items() if longest > WRITER_SECONDS} == {}
