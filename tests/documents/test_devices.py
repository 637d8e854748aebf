"""Devices: what each holds, what must leave it, and how far a recall has come; told twice, late, or never."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from server.core import wire
from server.documents import actions, rules
from server.documents.actions import holding
from server.documents.wire import DeviceHolds, PaperRecall, Recall
from server.meetings import actions as meetings
from server.meetings.wire import ParticipantInput, ParticipantsSet
from tests.documents.test_actions import current, refused, replace, restrict, upload
from tests.support import pdfs
from tests.support.house import actor
from tests.support.sitting import Watch

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.documents.wire import Paper
    from tests.documents.conftest import Stage


class Device:
    """A tablet in somebody's hands, as the server hears of it."""

    def __init__(self, core: Core, who: Actor, name: str = "") -> None:
        self.core = core
        self.who = structs.replace(who, device_id=name or who.device_id)
        self.number = 0

    async def tells(self, *whole: str, part: tuple[str, ...] = (), number: int | None = None) -> tuple[str, ...]:
        """What it holds; answers what it must purge."""
        self.number = self.number + 1 if number is None else number
        command = DeviceHolds(number=self.number, whole=whole, part=part)
        return (await actions.hold(self.core, command, actor=self.who)).purge


def recall_in(watch: Watch, stage: Stage, paper: Paper) -> Recall | None:
    found = watch.states[f"d:{stage.meeting.id}"].get(("recall", paper.id))
    assert found is None or isinstance(found, Recall)
    return found


async def recall(core: Core, stage: Stage, paper: Paper) -> None:
    await actions.recall(core, paper.id, PaperRecall(), actor=stage.secretary)


# ---- rules


@given(st.dictionaries(st.sampled_from("abcdef"), st.booleans()), st.lists(st.sampled_from("abcdef")))
def test_what_moved_makes_what_was_what_is_and_told_again_moves_nothing(
    before: dict[str, bool], held: list[str]
) -> None:
    kept, purged = rules.moved_on_device(before, held)
    after = {**before, **dict.fromkeys(kept, True), **dict.fromkeys(purged, False)}
    assert {each for each, there in after.items() if there} == set(held)
    assert rules.moved_on_device(after, held)[0] == []
    assert len(kept) == len(set(kept))


_MOMENTS = st.sampled_from(["2026-11-01", "2026-11-02", "2026-11-03"])
_ROW = st.tuples(_MOMENTS, st.none() | _MOMENTS, st.none() | _MOMENTS)


@given(st.lists(_ROW, min_size=1))
def test_a_device_is_done_with_a_paper_only_when_no_version_is_left(
    rows: list[tuple[str, str | None, str | None]],
) -> None:
    state, since = rules.on_device(rows)
    there = any(purged is None and lost is None for _kept, purged, lost in rows)
    assert (state == "holding") == there
    assert (state == "purged") == all(purged is not None for _kept, purged, _lost in rows)
    assert since in {moment for row in rows for moment in row}


# ---- acts


async def test_a_recall_counts_down_by_device_until_the_last_has_purged(core: Core, stage: Stage, watch: Watch) -> None:
    paper = await upload(core, stage, pdfs.pdf())
    version = current(paper).id
    tablet, phone = Device(core, stage.member), Device(core, stage.member, "phone")
    chair = Device(core, stage.chair)
    assert await tablet.tells(version) == ()
    assert await phone.tells(part=(version,)) == ()  # a part is to be purged too
    assert await chair.tells(version) == ()
    await watch.check()
    assert recall_in(watch, stage, paper) is None
    await recall(core, stage, paper)
    assert f"d:{stage.meeting.id}" in await watch.check()
    assert recall_in(watch, stage, paper) == Recall(id=paper.id, devices=3, purged=0, unreadable=0)
    assert await tablet.tells(version) == (version,)  # comes back, still has it, is told so
    assert await tablet.tells() == ()
    assert await watch.check() == {f"d:{stage.meeting.id}", f"u:{stage.member.person_id}"}
    assert recall_in(watch, stage, paper) == Recall(id=paper.id, devices=3, purged=1, unreadable=0)
    listed = (await actions.devices(core, paper.id, actor=stage.secretary)).devices
    assert [each.state for each in listed] == ["holding", "holding", "purged"]
    assert {each.device_id for each in listed if each.state == "holding"} == {"phone", chair.who.device_id}
    await phone.tells()
    await chair.tells()
    await watch.check()
    assert recall_in(watch, stage, paper) == Recall(id=paper.id, devices=3, purged=3, unreadable=0)


async def test_what_is_told_again_or_late_changes_nothing(core: Core, stage: Stage, watch: Watch) -> None:
    paper = await upload(core, stage, pdfs.pdf())
    version = current(paper).id
    tablet = Device(core, stage.member)
    await tablet.tells(version)
    await watch.check()
    await tablet.tells(version)
    assert await watch.check() == set()
    await recall(core, stage, paper)
    await tablet.tells(number=9)
    await watch.check()
    assert await tablet.tells(version, number=5) == (version,)  # was on its way when the purge was told
    assert await watch.check() == set()
    assert recall_in(watch, stage, paper) == Recall(id=paper.id, devices=1, purged=1, unreadable=0)


async def test_a_device_that_is_signed_out_is_counted_as_unreadable(core: Core, stage: Stage, watch: Watch) -> None:
    paper = await upload(core, stage, pdfs.pdf())
    tablet, chair = Device(core, stage.member), Device(core, stage.chair)
    for each in (tablet, chair):
        await each.tells(current(paper).id)
    at = wire.stamp(core.clock.now())
    await core.db.write(lambda tx: holding.ended_txn(tx, [chair.who.device_id], at))
    await recall(core, stage, paper)
    await watch.check()
    assert recall_in(watch, stage, paper) == Recall(id=paper.id, devices=2, purged=0, unreadable=1)
    await core.db.write(lambda tx: holding.ended_txn(tx, [tablet.who.device_id], at))
    assert f"d:{stage.meeting.id}" in await watch.check()
    assert recall_in(watch, stage, paper) == Recall(id=paper.id, devices=2, purged=0, unreadable=2)


async def test_what_a_device_gave_up_before_the_recall_is_not_waited_for(
    core: Core, stage: Stage, watch: Watch
) -> None:
    paper = await upload(core, stage, pdfs.pdf("one"))
    first = current(paper).id
    second = current(await replace(core, stage, paper, pdfs.pdf("two"))).id
    tablet, chair = Device(core, stage.member), Device(core, stage.chair)
    await tablet.tells(first, second)
    await tablet.tells(second)  # made room
    await chair.tells(first)
    await chair.tells()
    await recall(core, stage, paper)
    await watch.check()
    assert recall_in(watch, stage, paper) == Recall(id=paper.id, devices=1, purged=0, unreadable=0)
    await tablet.tells()
    await watch.check()
    assert recall_in(watch, stage, paper) == Recall(id=paper.id, devices=1, purged=1, unreadable=0)


async def test_a_whole_paper_is_received_by_its_holder_once(core: Core, stage: Stage, watch: Watch) -> None:
    version = current(await upload(core, stage, pdfs.pdf())).id
    tablet = Device(core, stage.member)
    await tablet.tells(part=(version,))
    marked = await actions.readers(core, version, actor=stage.secretary)
    assert [each.received_at for each in marked.readers if each.person_id == stage.member.person_id] == [None]
    await tablet.tells(version)
    await Device(core, stage.member, "phone").tells(version)
    await watch.check()
    reading = watch.states[f"d:{stage.meeting.id}"]["reading", version]
    assert (reading.received, reading.opened) == (1, 0)  # type: ignore[attr-defined]


async def test_who_may_no_longer_read_is_told_to_purge_and_a_stranger_learns_nothing(
    core: Core, stage: Stage, watch: Watch
) -> None:
    paper = await upload(core, stage, pdfs.pdf())
    version = current(paper).id
    tablet, stranger = Device(core, stage.member), Device(core, stage.stranger)
    await tablet.tells(version)
    assert await stranger.tells(version, "khong-co") == (version, "khong-co")
    assert [each.person_id for each in (await actions.devices(core, paper.id, actor=stage.chair)).devices] == [
        stage.member.person_id
    ]
    await refused("denied", actions.devices(core, paper.id, actor=stage.member))
    await refused("not_found", actions.devices(core, paper.id, actor=stage.stranger))
    left = ParticipantsSet(participants=(ParticipantInput(person_id=stage.people.members[1]),))
    await meetings.set_participants(core, stage.meeting.id, left, actor=stage.secretary)
    assert await tablet.tells(version) == (version,)
    await tablet.tells()
    await watch.check()
    states = {each.state for each in (await actions.devices(core, paper.id, actor=stage.chair)).devices}
    assert states == {"purged"}


async def test_of_a_closed_item_the_whole_desk_hears_nothing(core: Core, stage: Stage, watch: Watch) -> None:
    paper = await upload(core, stage, pdfs.pdf())
    tablet = Device(core, stage.member)
    await tablet.tells(current(paper).id)
    await restrict(core, stage, stage.member.person_id)
    await recall(core, stage, paper)
    await watch.check()
    assert recall_in(watch, stage, paper) is None
    await tablet.tells()
    assert f"d:{stage.meeting.id}" not in await watch.check()
    await restrict(core, stage, restricted=False)
    await watch.check()
    assert recall_in(watch, stage, paper) == Recall(id=paper.id, devices=1, purged=1, unreadable=0)
    await restrict(core, stage, stage.member.person_id)
    await watch.check()
    assert recall_in(watch, stage, paper) is None


async def test_a_display_tells_of_no_papers(core: Core, stage: Stage) -> None:
    screen = structs.replace(actor("screen"), screen_of=stage.meeting.id)
    with pytest.raises(Exception, match=r"not_found|denied"):
        await Device(core, screen).tells("v")
