"""Acts on meetings: what they write, who hears of it, and that streams and snapshots agree after each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server.core import journal
from server.core.access import Role
from server.core.errors import DomainError
from server.meetings import actions
from server.meetings.wire import (
    AgendaOrder,
    ItemEdit,
    MeetingCancel,
    MeetingCopy,
    MeetingCreate,
    MeetingEdit,
    MeetingPostpone,
    MeetingsQuery,
    ParticipantInput,
    ParticipantsSet,
)
from tests.support.house import actor, resending
from tests.support.sitting import STARTS_AT, People, Watch, add_item, draft, invite

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read


async def members(core: Core, audience: str) -> frozenset[str]:
    def read(read: Read) -> frozenset[str]:
        return journal.members(read, audience)

    return await core.db.read(read)


async def refused(code: str, act: object) -> None:
    with pytest.raises(DomainError) as caught:
        await act  # type: ignore[misc]
    assert caught.value.code == code


async def test_a_new_meeting_is_a_draft_with_its_general_item_that_only_desk_and_chair_hear(
    core: Core, people: People, secretary: Actor, watch: Watch
) -> None:
    meeting = await draft(core, people, secretary)
    await watch.check()
    assert (meeting.state, meeting.participants) == ("draft", 2)
    assert meeting.starts_at == "2026-11-27T01:00:00.000000Z"
    view = await actions.view(core, meeting.id, actor=secretary)
    assert [(item.general, item.title) for item in view.items] == [(True, "Giấy mời và chương trình họp")]
    assert [each.role for each in view.participants] == ["chair", "secretary"]
    assert await members(core, f"m:{meeting.id}") == {people.chair, people.secretary}


async def test_participants_of_a_draft_hear_and_see_nothing(
    core: Core, people: People, secretary: Actor, watch: Watch
) -> None:
    meeting = await draft(core, people, secretary)
    meeting = await invite(core, meeting, people.members, secretary=secretary)
    await watch.check()
    assert meeting.participants == 8
    member = actor(people.members[0])
    assert people.members[0] not in await members(core, f"m:{meeting.id}")
    await refused("not_found", actions.view(core, meeting.id, actor=member))
    assert (await actions.list_meetings(core, MeetingsQuery(), actor=member)).total == 0


async def test_creating_is_for_the_secretariat_of_the_body(core: Core, people: People) -> None:
    command = MeetingCreate(title="Họp", body_id=people.body, starts_at=STARTS_AT)
    for who in (
        actor(people.chair),
        actor(people.chair, Role.SECRETARY, body="elsewhere"),
        actor(people.chair, Role.ADMINISTRATOR),
        actor(people.chair, Role.OFFICIAL, body=people.body),
    ):
        await refused("denied", actions.create(core, command, actor=who))
    clerk = actor(people.chair, Role.CLERK, body=people.body)
    assert (await actions.create(core, command, actor=clerk)).state == "draft"


async def test_a_resent_creation_makes_one_meeting(core: Core, people: People, secretary: Actor) -> None:
    once = resending(secretary)
    first, second = await draft(core, people, once), await draft(core, people, once)
    assert first == second
    assert (await actions.list_meetings(core, MeetingsQuery(), actor=secretary)).total == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"title": "  "}, "meetings.no_title"),
        ({"title": "x" * 501}, "meetings.too_long"),
        ({"starts_at": "27/11/2026"}, "meetings.bad_time"),
        ({"starts_at": "2026-11-27T08:00:00"}, "meetings.bad_time"),
        ({"ends_at": STARTS_AT}, "meetings.ends_before_start"),
        ({"chair_id": "nobody"}, "meetings.unknown_person"),
    ],
)
async def test_bad_values_get_their_sentence_and_nothing_is_made(
    core: Core, people: People, secretary: Actor, given: dict[str, str], code: str
) -> None:
    values = {"title": "Họp", "body_id": people.body, "starts_at": STARTS_AT, **given}
    await refused(code, actions.create(core, MeetingCreate(**values), actor=secretary))  # type: ignore[arg-type]
    assert (await actions.list_meetings(core, MeetingsQuery(), actor=secretary)).total == 0


async def test_editing_changes_what_is_given_and_a_new_chair_hears_while_the_old_one_does_not(
    core: Core, people: People, secretary: Actor, watch: Watch
) -> None:
    meeting = await draft(core, people, secretary, sites=("Điểm cầu A", "Điểm cầu B"))
    await watch.check()
    edited = await actions.edit(
        core,
        meeting.id,
        MeetingEdit(title="Phiên họp chuyên đề", chair_id=people.members[0], sites=("Điểm cầu B",), offline_hours=8),
        actor=secretary,
    )
    await watch.check()
    assert edited.title == "Phiên họp chuyên đề"
    assert edited.place == meeting.place
    assert (meeting.offline_hours, edited.offline_hours) == (24, 8)
    assert edited.sites == meeting.sites[1:]
    assert await members(core, f"d:{meeting.id}") == {people.members[0], people.secretary}
    view = await actions.view(core, meeting.id, actor=secretary)
    assert view.meeting.offline_hours == 8
    assert {each.person.id: each.role for each in view.participants} == {
        people.members[0]: "chair",
        people.secretary: "secretary",
        people.chair: "member",
    }
    await refused("not_found", actions.view(core, meeting.id, actor=actor(people.chair)))


async def test_the_list_keeps_who_stays_and_lets_go_who_is_not_wanted(
    core: Core, people: People, secretary: Actor, watch: Watch
) -> None:
    meeting = await invite(core, await draft(core, people, secretary), people.members[:3], secretary=secretary)
    await watch.check()
    before = {each.person.id: each.id for each in (await actions.view(core, meeting.id, actor=secretary)).participants}
    await invite(core, meeting, (people.members[2], people.members[0], people.members[4]), secretary=secretary)
    await watch.check()
    after = (await actions.view(core, meeting.id, actor=secretary)).participants
    order = [people.chair, people.secretary, people.members[2], people.members[0], people.members[4]]
    assert [each.person.id for each in after] == order
    assert [each.position for each in after] == [0, 1, 2, 3, 4]
    kept = {each.person.id: each.id for each in after}
    assert {who: before[who] for who in order[:4]} == {who: kept[who] for who in order[:4]}
    await invite(core, meeting, people.members[:2], secretary=secretary)  # one comes back
    await watch.check()


async def test_a_list_that_cannot_be_is_refused_whole(core: Core, people: People, secretary: Actor) -> None:
    meeting = await draft(core, people, secretary)
    twice = (ParticipantInput(person_id=people.members[0]),) * 2
    chairs = tuple(ParticipantInput(person_id=each, role="chair") for each in people.members[:2])
    elsewhere = (ParticipantInput(person_id=people.members[0], site_id="nowhere"),)
    for wanted, code in (
        (twice, "meetings.person_twice"),
        (chairs, "meetings.role_twice"),
        (elsewhere, "meetings.unknown_site"),
    ):
        act = actions.set_participants(core, meeting.id, ParticipantsSet(participants=wanted), actor=secretary)
        await refused(code, act)
    assert len((await actions.view(core, meeting.id, actor=secretary)).participants) == 2


async def test_items_are_added_edited_ordered_and_removed(
    core: Core, people: People, secretary: Actor, watch: Watch
) -> None:
    meeting = await draft(core, people, secretary)
    first, second, third = [
        await add_item(core, meeting, f"Nội dung {number}", secretary=secretary, presenter_id=people.members[0])
        for number in (1, 2, 3)
    ]
    await watch.check()
    await actions.edit_item(core, second.id, ItemEdit(title="Nội dung hai", minutes=30), actor=secretary)
    await watch.check()
    order = AgendaOrder(items=(third.id, first.id, second.id))
    await actions.order_agenda(core, meeting.id, order, actor=secretary)
    await watch.check()
    view = await actions.view(core, meeting.id, actor=secretary)
    assert [item.title for item in view.items[1:]] == ["Nội dung 3", "Nội dung 1", "Nội dung hai"]
    await actions.remove_item(core, third.id, actor=secretary)
    await watch.check()
    view = await actions.view(core, meeting.id, actor=secretary)
    assert [(item.position, item.id) for item in view.items[1:]] == [(1, first.id), (2, second.id)]
    assert await members(core, f"i:{third.id}") == frozenset()
    await refused("meetings.order_mismatch", actions.order_agenda(core, meeting.id, order, actor=secretary))
    general = view.items[0].id
    await refused("meetings.general_item", actions.remove_item(core, general, actor=secretary))
    await refused("meetings.general_item", actions.edit_item(core, general, ItemEdit(title="x"), actor=secretary))


async def test_a_copy_is_a_draft_with_agenda_and_people_and_no_answers(
    core: Core, people: People, secretary: Actor, watch: Watch
) -> None:
    meeting = await invite(core, await draft(core, people, secretary), people.members, secretary=secretary)
    await add_item(core, meeting, "Nội dung 1", secretary=secretary, questions=("Có đồng ý không?",))
    await watch.check()
    copied = await actions.copy(
        core,
        meeting.id,
        MeetingCopy(title="Phiên họp tháng 12", starts_at="2026-12-25T08:00:00+07:00"),
        actor=secretary,
    )
    await watch.check()
    assert (copied.state, copied.participants, copied.chair) == ("draft", 8, meeting.chair)
    view = await actions.view(core, copied.id, actor=secretary)
    assert [item.title for item in view.items] == ["Giấy mời và chương trình họp", "Nội dung 1"]
    assert view.details[1].questions == ("Có đồng ý không?",)
    assert {each.answer for each in view.participants} == {"none"}


async def test_the_wrong_order_of_acts_gets_a_sentence(core: Core, people: People, secretary: Actor) -> None:
    meeting = await draft(core, people, secretary)
    await refused("meetings.not_sent", actions.postpone(core, meeting.id, MeetingPostpone(), actor=secretary))
    cancelled = await actions.cancel(core, meeting.id, MeetingCancel(reason="Trùng lịch"), actor=secretary)
    assert (cancelled.state, cancelled.note) == ("cancelled", "Trùng lịch")
    await refused("meetings.is_cancelled", actions.edit(core, meeting.id, MeetingEdit(title="x"), actor=secretary))
    await refused("meetings.is_cancelled", actions.cancel(core, meeting.id, MeetingCancel(), actor=secretary))
    past = await actions.list_meetings(core, MeetingsQuery(when="past"), actor=secretary)
    assert [each.id for each in past.meetings] == [meeting.id]
