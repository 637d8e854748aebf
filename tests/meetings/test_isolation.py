"""Of a closed item nothing but "Phần họp kín" reaches who is not invited to it: views, events, streams, errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from server.core import access, errors, journal
from server.core.access import Role
from server.core.errors import DomainError
from server.core.journal.tables import operation
from server.core.wire import encode
from server.invitations import actions as invitations
from server.invitations import jobs as invitation_jobs
from server.invitations.wire import InvitationSend
from server.meetings import actions
from server.meetings.wire import ItemEdit, Meeting, MeetingCopy, MeetingView
from tests.support.house import actor
from tests.support.sitting import STARTS_AT, People, Watch, add_item, draft, invite

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read

SECRET = "Kỷ luật cán bộ Trần Văn Xuyến"
QUESTION = "Có thống nhất mức khiển trách?"


async def closed_meeting(core: Core, people: People, secretary: Actor) -> tuple[Meeting, str]:
    """A convened meeting with a closed item for the first member, presented by the second."""
    meeting = await invite(core, await draft(core, people, secretary), people.members[:4], secretary=secretary)
    item = await add_item(
        core,
        meeting,
        SECRET,
        secretary=secretary,
        restricted=True,
        invitees=(people.members[0], people.members[5]),
        presenter_id=people.members[1],
        questions=(QUESTION,),
    )
    await invitations.send(core, meeting.id, InvitationSend(mail=False), actor=secretary)
    await invitation_jobs.settle(core)
    return meeting, item.id


def outsiders(people: People) -> list[Actor]:
    """A participant, another secretary of the body, an official, an administrator, a stranger, one invited to the
    item who takes no part in the meeting."""
    return [
        actor(people.members[2]),
        actor("colleague", Role.SECRETARY, body=people.body),
        actor(people.members[3], Role.CLERK, body=people.body),
        actor("official", Role.OFFICIAL, body=people.body),
        actor("root", Role.ADMINISTRATOR),
        actor("stranger"),
        actor(people.members[5]),
    ]


async def log(core: Core, *streams: str) -> str:
    def read(read: Read) -> str:
        rows = read.rows(select(operation.c.body).where(operation.c.stream.in_(streams)))
        return "\n".join(row.body.decode() for row in rows)

    return await core.db.read(read)


async def streams_of(core: Core, person: str) -> list[str]:
    def read(read: Read) -> list[str]:
        return journal.readable(read, person)

    return await core.db.read(read)


async def test_views_of_outsiders_say_closed_part_and_no_more(core: Core, people: People, secretary: Actor) -> None:
    meeting, item = await closed_meeting(core, people, secretary)
    for who in outsiders(people):
        try:
            view = await actions.view(core, meeting.id, actor=who)
        except DomainError as error:
            assert error.code == "not_found"  # noqa: PT017 - one of two outcomes
            continue
        shown = next(each for each in view.items if each.id == item)
        assert (shown.title, shown.presenter_name, shown.restricted) == ("Phần họp kín", "", True)
        assert item not in {each.id for each in view.details}
        text = encode(view).decode()
        assert "Xuyến" not in text
        assert QUESTION not in text
    for insider in (secretary, actor(people.chair), actor(people.members[0]), actor(people.members[1])):
        inside: MeetingView = await actions.view(core, meeting.id, actor=insider)
        assert next(each.title for each in inside.details if each.id == item) == SECRET


async def test_streams_that_outsiders_may_read_never_held_the_secret(
    core: Core, people: People, secretary: Actor
) -> None:
    meeting, item = await closed_meeting(core, people, secretary)
    await actions.edit_item(core, item, ItemEdit(title=SECRET + " (bổ sung)"), actor=secretary)
    await actions.copy(core, meeting.id, MeetingCopy(title="Lần hai", starts_at=STARTS_AT), actor=secretary)
    for who in (people.members[2], people.members[3], people.members[5]):
        readable = await streams_of(core, who)
        assert f"i:{item}" not in readable
        text = await log(core, *readable)
        assert "Xuyến" not in text
        assert QUESTION not in text
    assert SECRET in await log(core, f"i:{item}")


async def test_acts_on_a_closed_item_are_answered_as_if_it_were_not_there(
    core: Core, people: People, secretary: Actor
) -> None:
    _meeting, item = await closed_meeting(core, people, secretary)
    for who in outsiders(people):
        for act in (
            actions.edit_item(core, item, ItemEdit(title="x"), actor=who),
            actions.edit_item(core, "no-such-item", ItemEdit(title="x"), actor=who),
            actions.remove_item(core, item, actor=who),
        ):
            with pytest.raises(DomainError) as caught:
                await act
            assert (caught.value.code, caught.value.args_by_name) == ("not_found", {})
            assert "Xuyến" not in errors.text(caught.value, "vi")


async def test_a_copy_by_another_secretary_leaves_out_what_they_may_not_see(
    core: Core, people: People, secretary: Actor
) -> None:
    meeting, _item = await closed_meeting(core, people, secretary)
    colleague = actor(people.members[6 - 1], Role.SECRETARY, body=people.body)
    copied = await actions.copy(core, meeting.id, MeetingCopy(title="Lần hai", starts_at=STARTS_AT), actor=colleague)
    view = await actions.view(core, copied.id, actor=secretary)
    assert [each.general for each in view.items] == [True]


async def test_closing_an_open_item_takes_it_from_all_others_and_opening_gives_it_back(
    core: Core, people: People, secretary: Actor, watch: Watch
) -> None:
    meeting, _item = await closed_meeting(core, people, secretary)
    opened = await add_item(core, meeting, "Nội dung mở", secretary=secretary)
    await watch.check()
    member, invited = people.members[2], people.members[0]
    seen: list[Any] = []
    actions.hooks.item_audience.append(lambda _tx, item, audience: seen.append((item, audience)))
    try:
        closing = ItemEdit(restricted=True, invitees=(invited,))
        await actions.edit_item(core, opened.id, closing, actor=secretary)
        await watch.check()
        assert f"i:{opened.id}" not in await streams_of(core, member)
        assert f"i:{opened.id}" in await streams_of(core, invited)
        await actions.edit_item(core, opened.id, ItemEdit(restricted=False), actor=secretary)
        await watch.check()
        assert f"i:{opened.id}" in await streams_of(core, member)
    finally:
        actions.hooks.item_audience.pop()
    assert seen == [(opened.id, f"i:{opened.id}"), (opened.id, f"a:{meeting.id}")]


async def test_every_verb_of_meetings_is_for_somebody_and_none_for_anybody_outside() -> None:
    table = access.permissions()
    for verb, relations in table.items():
        if verb.partition(".")[0] in {"meetings", "invitations"} and verb != "meetings.list":
            assert relations
            assert access.Relation.PERSON not in relations, verb
            assert access.Relation.ADMINISTRATOR not in relations, verb
