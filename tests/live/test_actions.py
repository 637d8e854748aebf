"""The course of the sitting: states, presenter, what is shown; and that streams and snapshots agree after each act."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from server.core.access import Role
from server.core.errors import DomainError
from server.documents import actions as documents
from server.invitations import actions as invitations
from server.invitations import jobs as invitation_jobs
from server.invitations.wire import InvitationSend
from server.live import actions
from server.live.wire import CurrentItem, Present, PresenterChange
from server.meetings import actions as meetings
from server.meetings.wire import ItemEdit, Meeting, MeetingCancel, MeetingPostpone
from tests.support.house import actor
from tests.support.sitting import People, Watch, add_item, draft, invite

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core


@pytest.fixture(autouse=True)
def papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every item has a paper of which one version is named ``v-<item>``; real papers are in test_sockets."""

    def held(_read: object, version_id: str) -> object:
        return SimpleNamespace(item_id=version_id.removeprefix("v-"), state="published", pages=9)

    monkeypatch.setattr(documents, "held", held)


async def refused(code: str, act: Any) -> None:
    with pytest.raises(DomainError) as caught:
        await act
    assert caught.value.code == code


async def sitting(core: Core, people: People, secretary: Actor) -> tuple[Meeting, list[str]]:
    """A meeting that has started, with two open items and a closed one for the first member alone."""
    meeting = await draft(core, people, secretary)
    meeting = await invite(core, meeting, people.members[:3], secretary=secretary)
    items = [
        await add_item(core, meeting, "Báo cáo kinh tế", secretary=secretary, presenter_id=people.members[0]),
        await add_item(core, meeting, "Dự thảo nghị quyết", secretary=secretary, presenter_id=people.members[1]),
        await add_item(
            core, meeting, "Công tác cán bộ", secretary=secretary, restricted=True, invitees=(people.members[0],)
        ),
    ]
    await invitations.send(core, meeting.id, InvitationSend(mail=False), actor=secretary)
    await invitation_jobs.settle(core)
    return await actions.start(core, meeting.id, actor=secretary), [item.id for item in items]


async def move(core: Core, meeting: Meeting, item: str, who: Actor) -> Meeting:
    return await actions.move(core, meeting.id, CurrentItem(item_id=item), actor=who)


async def give(core: Core, meeting: Meeting, person: str | None, who: Actor) -> Meeting:
    return await actions.set_presenter(core, meeting.id, PresenterChange(person_id=person), actor=who)


async def show(core: Core, item: str, page: int, who: Actor) -> None:
    command = Present(item_id=item, version_id=f"v-{item}", page=page, fraction=0.5)
    await actions.present(core, command, actor=who)


async def test_the_sitting_starts_moves_on_and_ends(core: Core, people: People, secretary: Actor, watch: Watch) -> None:
    meeting, items = await sitting(core, people, secretary)
    await watch.check()
    assert (meeting.state, meeting.current_item) == ("live", None)
    assert meeting.started_at is not None
    for item in items:
        moved = await move(core, meeting, item, secretary)
        assert await watch.check() == {f"m:{meeting.id}"}
        assert moved.current_item == item
    view = await meetings.view(core, meeting.id, actor=secretary)
    assert [each.state for each in view.items[1:]] == ["done", "done", "current"]
    await move(core, meeting, items[0], actor(people.chair))  # back again
    await watch.check()
    ended = await actions.end(core, meeting.id, actor=secretary)
    await watch.check()
    assert (ended.state, ended.current_item, ended.item_since, ended.presenter) == ("ended", None, None, None)
    view = await meetings.view(core, meeting.id, actor=secretary)
    assert [each.state for each in view.items[1:]] == ["done", "done", "done"]


async def test_the_wrong_order_of_acts_gets_a_sentence(core: Core, people: People, secretary: Actor) -> None:
    early = await draft(core, people, secretary)
    await refused("meetings.not_sent", actions.start(core, early.id, actor=secretary))
    await refused("meetings.not_sent", move(core, early, "x", secretary))
    await meetings.cancel(core, early.id, MeetingCancel(), actor=secretary)
    await refused("meetings.is_cancelled", actions.start(core, early.id, actor=secretary))
    meeting, items = await sitting(core, people, secretary)
    await refused("meetings.is_live", actions.start(core, meeting.id, actor=secretary))
    await refused("meetings.is_live", meetings.cancel(core, meeting.id, MeetingCancel(), actor=secretary))
    await refused("meetings.is_live", meetings.postpone(core, meeting.id, MeetingPostpone(), actor=secretary))
    await refused("not_found", move(core, meeting, "nowhere", secretary))
    general = (await meetings.view(core, meeting.id, actor=secretary)).items[0].id
    await refused("live.not_discussed", move(core, meeting, general, secretary))
    await move(core, meeting, items[0], secretary)
    await refused("meetings.item_begun", meetings.remove_item(core, items[0], actor=secretary))
    await actions.end(core, meeting.id, actor=secretary)
    await refused("meetings.is_ended", actions.end(core, meeting.id, actor=secretary))
    await refused("meetings.is_ended", move(core, meeting, items[0], secretary))


async def test_starting_is_for_chair_and_secretariat(core: Core, people: People, secretary: Actor) -> None:
    meeting, items = await sitting(core, people, secretary)
    await refused("denied", move(core, meeting, items[0], actor(people.members[0])))
    await refused("not_found", move(core, meeting, items[0], actor(people.members[5])))
    await refused("not_found", actions.end(core, meeting.id, actor=actor("root", Role.ADMINISTRATOR)))
    assert (await actions.end(core, meeting.id, actor=actor(people.chair))).state == "ended"


async def test_the_presenter_is_given_taken_and_shown(
    core: Core, people: People, secretary: Actor, watch: Watch
) -> None:
    meeting, items = await sitting(core, people, secretary)
    await move(core, meeting, items[0], secretary)
    await watch.check()
    named, other = actor(people.members[0]), actor(people.members[1])
    await refused("denied", give(core, meeting, people.members[1], other))  # the item names another
    await refused("denied", give(core, meeting, people.members[1], named))
    await refused("live.not_presenter", show(core, items[0], 1, named))
    await refused("live.not_participant", give(core, meeting, people.members[5], secretary))
    taken = await give(core, meeting, people.members[0], named)
    await watch.check()
    assert taken.presenter is not None
    assert taken.presenter.id == people.members[0]
    await show(core, items[0], 7, named)
    assert await watch.check() == {f"i:{items[0]}"}
    (shown,) = [each for key, each in watch.states[f"i:{items[0]}"].items() if key[0] == "presenting"]
    assert (shown.page, shown.fraction, shown.person.id) == (7, 0.5, people.members[0])  # type: ignore[attr-defined]
    await show(core, items[0], 7, named)
    assert await watch.check() == set()  # the same again is no event
    await refused("live.not_current", show(core, items[1], 1, named))
    elsewhere = Present(item_id=items[0], version_id=f"v-{items[2]}", page=1)
    await refused("live.not_in_item", actions.present(core, elsewhere, actor=named))
    await refused("live.not_presenter", show(core, items[0], 1, other))
    given = await give(core, meeting, people.members[1], secretary)
    await watch.check()
    assert given.presenter is not None
    assert ("presenting", items[0]) not in watch.states[f"i:{items[0]}"]
    await give(core, meeting, None, other)  # gives back what they have
    await refused("denied", give(core, meeting, None, other))
    await watch.check()


async def test_ending_moving_and_leaving_clear_the_presenter(
    core: Core, people: People, secretary: Actor, watch: Watch
) -> None:
    meeting, items = await sitting(core, people, secretary)
    await move(core, meeting, items[0], secretary)
    for clear in ("move", "leave", "end"):
        await give(core, meeting, people.members[2], secretary)
        await show(
            core,
            (await meetings.view(core, meeting.id, actor=secretary)).meeting.current_item or "",
            3,
            actor(people.members[2]),
        )
        await watch.check()
        if clear == "move":
            await move(core, meeting, items[1], secretary)
        elif clear == "leave":
            await invite(core, meeting, people.members[:2], secretary=secretary)
            await invite(core, meeting, people.members[:3], secretary=secretary)
            await invitations.send(core, meeting.id, InvitationSend(mail=False), actor=secretary)
            await invitation_jobs.settle(core)
        else:
            await actions.end(core, meeting.id, actor=secretary)
        await watch.check()
        assert not [key for state in watch.states.values() for key in state if key[0] == "presenting"], clear
        assert (await meetings.view(core, meeting.id, actor=secretary)).meeting.presenter is None


async def test_who_presents_a_closed_item_is_known_inside_it_alone(
    core: Core, people: People, secretary: Actor, watch: Watch
) -> None:
    meeting, items = await sitting(core, people, secretary)
    await move(core, meeting, items[2], secretary)
    await watch.check()
    given = await give(core, meeting, people.members[0], actor(people.chair))
    moved = await watch.check()
    assert moved == {f"m:{meeting.id}", f"i:{items[2]}"}
    assert given.presenter is None
    shown: Any = watch.states[f"i:{items[2]}"]["presenting", items[2]]
    assert (shown.person.id, shown.version_id, shown.page) == (people.members[0], "", 0)
    await show(core, items[2], 2, actor(people.members[0]))
    await watch.check()
    await give(core, meeting, people.members[1], secretary)  # who may not see the item
    await refused("not_found", show(core, items[2], 2, actor(people.members[1])))


async def test_closing_the_item_under_discussion_hides_its_presenter(
    core: Core, people: People, secretary: Actor, watch: Watch
) -> None:
    meeting, items = await sitting(core, people, secretary)
    await move(core, meeting, items[0], secretary)
    await give(core, meeting, people.members[0], secretary)
    await watch.check()
    await meetings.edit_item(core, items[0], ItemEdit(restricted=True), actor=secretary)
    await watch.check()
    assert (await meetings.view(core, meeting.id, actor=secretary)).meeting.presenter is None
