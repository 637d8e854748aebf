"""How long acts on 5,273 people hold the writer: CPU time of the longest transaction of each.

    make bench-writer                          or python -m bench.writer
    make bench-writer ARGS="--count 500"       a smaller city

SQLite in a folder of its own; the real actions, the people entered as the tests enter theirs. The clock would measure
whatever else the machine does; the writer's CPU time is what an act costs everybody else.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from typing import TYPE_CHECKING, TypeVar

from bench.report import figure
from server.app import build_core, close_core
from server.config import load
from server.core.access import Role
from server.features import House, set_up
from server.invitations import actions as invitations
from server.invitations import jobs as invitation_jobs
from server.invitations.wire import InvitationSend
from server.live import actions as live
from server.meetings import actions, jobs
from server.meetings.wire import ItemEdit, MeetingCopy, MeetingEdit, MeetingPostpone
from tests.support.house import actor
from tests.support.sitting import STARTS_AT, add_item, draft, enter_people, invite
from tests.support.spreadsheets import CITY, as_xlsx, run
from tests.support.writer import holds

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from server.core.context import Core

GOAL_MS = 50.0
_T = TypeVar("_T")


async def acts(core: Core, count: int) -> None:
    """A meeting of ``count`` people from its list to its end, then an import of as many."""

    async def timed(case: str, act: Awaitable[_T]) -> _T:
        with holds(core) as measured:
            result = await act
        figure("writer", case, f"longest of {measured.count}", measured.longest * 1000, "ms", at_most=GOAL_MS)
        return result

    people = await enter_people(core, count)
    secretary = actor(people.secretary, Role.SECRETARY, body=people.body)
    meeting = await draft(core, people, secretary)
    await timed("everybody on the list", invite(core, meeting, people.members, secretary=secretary))
    item = await add_item(core, meeting, "Nội dung", secretary=secretary)
    await timed("send", invitations.send(core, meeting.id, InvitationSend(mail=False), actor=secretary))
    await timed("let in", invitation_jobs.settle(core))
    closing = ItemEdit(restricted=True, invitees=people.members[:10])
    await timed("close an item", actions.edit_item(core, item.id, closing, actor=secretary))
    postponed = MeetingPostpone(starts_at=STARTS_AT.replace("11-27", "12-04"))
    await timed("postpone", actions.postpone(core, meeting.id, postponed, actor=secretary))
    await timed("tell everybody", jobs.settle(core))
    chaired = MeetingEdit(chair_id=people.members[7])
    await timed("another chair", actions.edit(core, meeting.id, chaired, actor=secretary))
    again = MeetingCopy(title="Phiên sau", starts_at="2026-12-11T08:00:00+07:00")
    await timed("copy", actions.copy(core, meeting.id, again, actor=secretary))
    half = invite(core, meeting, people.members[: count // 2], secretary=secretary)
    await timed("half of them off the list", half)
    await timed("tell them", jobs.settle(core))
    await timed("start", live.start(core, meeting.id, actor=secretary))
    await timed("end", live.end(core, meeting.id, actor=secretary))
    rows = [(f"P{n % 120}", f"Phường {n % 120}", "TG", "Cấp xã", f"CB{n}", f"Nguyễn Văn {n}", "Chuyên viên", *[""] * 4)
            for n in range(count)]  # fmt: skip
    await timed("import", run(core, as_xlsx(CITY, *rows)))
    moved = [(*row[:5], f"{row[5]} Anh", "Chuyên viên chính", *row[7:]) for row in rows]
    await timed("import of changes", run(core, as_xlsx(*moved)))


async def main() -> None:
    """Run once on a fresh folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=5273)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as folder:
        core, _, _ = await build_core(load(None, {}, given={"data_dir": folder}))
        set_up(House(core))
        try:
            await acts(core, count)
        finally:
            await close_core(core)


if __name__ == "__main__":
    asyncio.run(main())
