"""Sending, receiving, answering; what reaches mailboxes; and that streams and snapshots agree after each act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar

from server.core import journal
from server.core.clock import FakeClock
from server.core.errors import DomainError
from server.invitations import actions, jobs
from server.invitations.wire import InvitationAnswer, InvitationSend, SubstituteDecision
from server.meetings import actions as meetings
from server.meetings.wire import (
    Meeting,
    MeetingCancel,
    MeetingEdit,
    MeetingPostpone,
    Participant,
)
from tests.support.house import actor
from tests.support.sitting import People, Watch, draft, invite

if TYPE_CHECKING:
    from email.message import EmailMessage

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Published, Read
    from tests.support.sitting_mail import Sink

LATER = "2026-12-04T08:00:00+07:00"


async def members(core: Core, audience: str) -> frozenset[str]:
    def read(read: Read) -> frozenset[str]:
        return journal.members(read, audience)

    return await core.db.read(read)


async def refused(code: str, act: Any) -> None:
    with pytest.raises(DomainError) as caught:
        await act
    assert caught.value.code == code


async def participant(core: Core, meeting: Meeting, person: str, secretary: Actor) -> Participant:
    view = await meetings.view(core, meeting.id, actor=secretary)
    return next(each for each in view.participants if each.person.id == person)


async def convened(core: Core, people: People, secretary: Actor, *, count: int = 3) -> Meeting:
    """A meeting to which chair, secretary and the first members have been invited."""
    meeting = await draft(core, people, secretary, ends_at="2026-11-27T11:00:00+07:00")
    meeting = await invite(core, meeting, people.members[:count], secretary=secretary)
    await actions.send(core, meeting.id, InvitationSend(), actor=secretary)
    await jobs.settle(core)
    return meeting


def entry(mail: EmailMessage) -> tuple[str, Any]:
    """The method and the event of a mail's calendar."""
    attached = next(part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(attached.get_content())
    assert attached["Content-Type"].params["method"] == calendar["method"]
    return str(calendar["method"]), calendar.walk("VEVENT")[0]


async def test_sending_lets_participants_in_and_mails_each_a_calendar_entry(
    house: Core, people: People, secretary: Actor, watch: Watch, sink: Sink
) -> None:
    meeting = await invite(house, await draft(house, people, secretary), people.members[:3], secretary=secretary)
    await watch.check()
    sent = await actions.send(house, meeting.id, InvitationSend(), actor=secretary)
    await watch.check()
    assert (sent.invited, sent.mails) == (5, 5)
    assert people.members[0] not in await members(house, f"m:{meeting.id}")
    await jobs.settle(house)
    moved = await watch.check()
    everybody = {people.chair, people.secretary, *people.members[:3]}
    assert await members(house, f"m:{meeting.id}") == everybody
    assert {f"u:{each}" for each in everybody} <= moved
    own = await meetings.view(house, meeting.id, actor=actor(people.members[0]))
    assert (own.meeting.state, own.participants) == ("convened", ())
    (mail,) = sink.to("n2@tangiang.example")
    assert mail["Subject"] == "Giấy mời: Phiên họp tháng 11"
    method, event = entry(mail)
    assert (method, event["uid"], event["sequence"]) == ("REQUEST", f"{meeting.id}@phien", 0)
    assert event["dtstart"].dt.isoformat() == "2026-11-27T01:00:00+00:00"
    assert str(event["attendee"]) == "mailto:n2@tangiang.example"
    assert (await participant(house, meeting, people.members[0], secretary)).mail == "sent"


async def test_sending_again_invites_only_who_is_new(
    house: Core, people: People, secretary: Actor, watch: Watch, sink: Sink
) -> None:
    meeting = await convened(house, people, secretary, count=2)
    await invite(house, meeting, people.members[:3], secretary=secretary)
    await watch.check()
    assert people.members[2] not in await members(house, f"m:{meeting.id}")
    sent = await actions.send(house, meeting.id, InvitationSend(), actor=secretary)
    await jobs.settle(house)
    await watch.check()
    assert (sent.invited, len(sink.mails)) == (1, 5)
    assert people.members[2] in await members(house, f"a:{meeting.id}")


async def test_letting_people_in_puts_nobody_out(house: Core, people: People, secretary: Actor) -> None:
    changes: list[journal.AudienceChanged] = []

    def committed(published: list[Published]) -> None:
        changes.extend(item for item in published if isinstance(item, journal.AudienceChanged))

    meeting = await invite(house, await draft(house, people, secretary), people.members[:3], secretary=secretary)
    await actions.send(house, meeting.id, InvitationSend(mail=False), actor=secretary)
    house.db.subscribe(committed)
    await jobs.settle(house)
    assert {change.audience: (change.added, change.removed) for change in changes} == {
        f"m:{meeting.id}": (frozenset(people.members[:3]), frozenset()),
        f"a:{meeting.id}": (frozenset(people.members[:3]), frozenset()),
    }


async def test_without_mail_people_are_invited_in_the_app_alone(
    house: Core, people: People, secretary: Actor, sink: Sink
) -> None:
    meeting = await invite(house, await draft(house, people, secretary), people.members[:3], secretary=secretary)
    sent = await actions.send(house, meeting.id, InvitationSend(mail=False), actor=secretary)
    await jobs.settle(house)
    assert (sent.invited, sent.mails, sink.mails) == (5, 0, [])
    assert (await participant(house, meeting, people.members[0], secretary)).mail == "none"


async def test_a_meeting_without_chair_is_not_sent(house: Core, people: People, secretary: Actor) -> None:
    meeting = await draft(house, people, secretary)
    await meetings.edit(house, meeting.id, MeetingEdit(chair_id=None), actor=secretary)
    await refused("meetings.no_chair", actions.send(house, meeting.id, InvitationSend(), actor=secretary))


async def test_who_was_queued_is_invited_after_a_restart(
    house: Core, people: People, secretary: Actor, sink: Sink
) -> None:
    meeting = await invite(house, await draft(house, people, secretary), people.members[:3], secretary=secretary)
    await actions.send(house, meeting.id, InvitationSend(), actor=secretary)
    await actions.invite_some(house)  # the process ends here: people are in, no mail has gone
    assert sink.mails == []
    await jobs.settle(house)  # what the next process does first
    assert len(sink.mails) == 5


async def test_a_mail_server_that_fails_is_asked_again_and_then_given_up(
    house: Core, people: People, secretary: Actor, watch: Watch, sink: Sink
) -> None:
    sink.broken = True
    meeting = await convened(house, people, secretary)
    clock = house.clock
    assert isinstance(clock, FakeClock)
    assert (await participant(house, meeting, people.members[0], secretary)).mail == "queued"
    for seconds in (61, 301, 1801):
        clock.advance(seconds)
        await jobs.settle(house)
    await watch.check()
    assert (await participant(house, meeting, people.members[0], secretary)).mail == "failed"
    sink.broken = False
    sent = await actions.send(house, meeting.id, InvitationSend(again=True), actor=secretary)
    await jobs.settle(house)
    await watch.check()
    assert (sent.invited, sent.mails, len(sink.mails)) == (0, 5, 5)
    assert (await participant(house, meeting, people.members[0], secretary)).mail == "sent"


async def test_postponing_moves_the_entry_and_cancelling_takes_it_out(
    house: Core, people: People, secretary: Actor, watch: Watch, sink: Sink
) -> None:
    meeting = await convened(house, people, secretary)
    await watch.check()
    moved = await meetings.postpone(house, meeting.id, MeetingPostpone(starts_at=LATER), actor=secretary)
    await jobs.settle(house)
    await watch.check()
    assert (moved.state, moved.ends_at) == ("convened", "2026-12-04T04:00:00.000000Z")
    off = await meetings.postpone(house, meeting.id, MeetingPostpone(reason="Chờ ý kiến"), actor=secretary)
    await jobs.settle(house)
    await watch.check()
    assert (off.state, off.note) == ("postponed", "Chờ ý kiến")
    await refused("meetings.is_postponed", actions.send(house, meeting.id, InvitationSend(), actor=secretary))
    again = await meetings.edit(house, meeting.id, MeetingEdit(starts_at=LATER), actor=secretary)
    await jobs.settle(house)
    await watch.check()
    assert again.state == "convened"
    await meetings.cancel(house, meeting.id, MeetingCancel(reason="Trùng lịch"), actor=secretary)
    await jobs.settle(house)
    await watch.check()
    mails = sink.to("n3@tangiang.example")
    entries = [entry(mail) for mail in mails]
    assert [(method, event["sequence"]) for method, event in entries] == [
        ("REQUEST", 0),
        ("REQUEST", 1),
        ("CANCEL", 2),
        ("REQUEST", 3),
        ("CANCEL", 4),
    ]
    assert len({str(event["uid"]) for _method, event in entries}) == 1
    assert [mail["Subject"].partition(":")[0] for mail in mails] == [
        "Giấy mời",
        "Thay đổi giấy mời",
        "Hoãn họp",
        "Thay đổi giấy mời",
        "Hủy họp",
    ]


async def test_who_leaves_the_list_loses_access_at_once_and_the_entry_after(
    house: Core, people: People, secretary: Actor, watch: Watch, sink: Sink
) -> None:
    meeting = await convened(house, people, secretary)
    await watch.check()
    await invite(house, meeting, people.members[:2], secretary=secretary)
    assert people.members[2] not in await members(house, f"m:{meeting.id}")
    await jobs.settle(house)
    moved = await watch.check()
    assert f"u:{people.members[2]}" in moved
    assert watch.states[f"u:{people.members[2]}"] == {}
    method, event = entry(sink.to("n4@tangiang.example")[-1])
    assert (method, str(event["status"])) == ("CANCEL", "CANCELLED")
    await refused("not_found", actions.own(house, meeting.id, actor=actor(people.members[2])))


async def test_a_change_of_the_note_is_no_mail(house: Core, people: People, secretary: Actor, sink: Sink) -> None:
    meeting = await convened(house, people, secretary)
    before = len(sink.mails)
    await meetings.edit(house, meeting.id, MeetingEdit(note="Mang theo hồ sơ"), actor=secretary)
    await jobs.settle(house)
    assert len(sink.mails) == before


async def test_the_first_delivery_and_opening_count(
    house: Core, people: People, secretary: Actor, watch: Watch
) -> None:
    meeting = await convened(house, people, secretary)
    member = actor(people.members[0])
    await watch.check()
    await actions.mark(house, meeting.id, "delivered", actor=member)
    assert await watch.check() == {f"d:{meeting.id}", f"u:{people.members[0]}"}
    first = await participant(house, meeting, people.members[0], secretary)
    assert (first.delivered_at is None, first.opened_at) == (False, None)
    clock = house.clock
    assert isinstance(clock, FakeClock)
    clock.advance(60)
    await actions.mark(house, meeting.id, "opened", actor=member)
    await actions.mark(house, meeting.id, "delivered", actor=member)
    await watch.check()
    second = await participant(house, meeting, people.members[0], secretary)
    assert second.delivered_at == first.delivered_at
    assert second.opened_at is not None
    await refused("not_found", actions.mark(house, meeting.id, "opened", actor=actor(people.members[5])))


async def test_answers_are_seen_by_the_desk_and_may_change(
    house: Core, people: People, secretary: Actor, watch: Watch
) -> None:
    meeting = await convened(house, people, secretary)
    member = actor(people.members[0])
    await watch.check()
    await refused(
        "invitations.no_reason",
        actions.answer(house, meeting.id, InvitationAnswer(answer="declined", reason=" "), actor=member),
    )
    declined = InvitationAnswer(answer="declined", reason="Đi công tác")
    await actions.answer(house, meeting.id, declined, actor=member)
    await watch.check()
    seen = await participant(house, meeting, people.members[0], secretary)
    assert (seen.answer, seen.reason) == ("declined", "Đi công tác")
    accepted = await actions.answer(house, meeting.id, InvitationAnswer(answer="accepted"), actor=member)
    await watch.check()
    assert (accepted.answer, accepted.reason) == ("accepted", "")


async def test_an_accepted_substitute_takes_part_and_is_invited(
    house: Core, people: People, secretary: Actor, watch: Watch, sink: Sink
) -> None:
    meeting = await convened(house, people, secretary)
    absent, stranger = people.members[0], people.members[5]
    member = actor(absent)
    propose = InvitationAnswer(answer="substitute", substitute_id=stranger, reason="Đi công tác")
    for wrong, code in (
        (InvitationAnswer(answer="substitute"), "invitations.no_substitute"),
        (InvitationAnswer(answer="substitute", substitute_id=people.members[1]), "invitations.substitute_takes_part"),
        (InvitationAnswer(answer="substitute", substitute_id="nobody"), "meetings.unknown_person"),
    ):
        await refused(code, actions.answer(house, meeting.id, wrong, actor=member))
    await actions.answer(house, meeting.id, propose, actor=member)
    await watch.check()
    seat = (await participant(house, meeting, absent, secretary)).id
    yes, no = SubstituteDecision(accept=True), SubstituteDecision(accept=False)
    await refused("denied", actions.decide(house, meeting.id, seat, yes, actor=member))
    other = (await participant(house, meeting, people.members[1], secretary)).id
    await refused("invitations.no_proposal", actions.decide(house, meeting.id, other, yes, actor=secretary))
    await actions.decide(house, meeting.id, seat, no, actor=secretary)
    await watch.check()
    assert (await participant(house, meeting, absent, secretary)).answer == "none"
    await actions.answer(house, meeting.id, propose, actor=member)
    await actions.decide(house, meeting.id, seat, yes, actor=secretary)
    await jobs.settle(house)
    await watch.check()
    new = await participant(house, meeting, stranger, secretary)
    assert (new.substitute_for, new.on_behalf_of, new.mail) == (seat, absent, "sent")
    assert stranger in await members(house, f"m:{meeting.id}")
    assert len(sink.to("n7@tangiang.example")) == 1
    await refused(
        "invitations.substituted",
        actions.answer(house, meeting.id, InvitationAnswer(answer="accepted"), actor=member),
    )
