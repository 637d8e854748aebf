"""Displays in the hall: in by a one-time code, hearing the skeleton of their meeting alone, out when they are ended."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from server.accounts import actions as accounts
from server.accounts.actions import Visitor
from server.accounts.wire import SignInByCode
from server.core import journal
from server.core.access import Role
from server.core.errors import DomainError
from server.invitations import actions as invitations
from server.invitations import jobs as invitation_jobs
from server.invitations.wire import InvitationSend
from server.meetings import actions
from server.meetings.wire import ItemEdit, ScreenAdd
from tests.support.house import actor
from tests.support.sitting import add_item, draft, enter_people, invite
from tests.support.sitting_clients import Client, connected, sign_in

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.meetings.wire import ItemDetail, Meeting
    from tests.support.house import Server
    from tests.support.sitting import People

HERE = Visitor("192.0.2.1")
HALL = ScreenAdd(name="Hội trường tầng 2")


async def convened(core: Core) -> tuple[People, Actor, Meeting, ItemDetail]:
    people = await enter_people(core, 5)
    own = actor(people.secretary, Role.SECRETARY, body=people.body)
    meeting = await draft(core, people, own)
    item = await add_item(core, meeting, "Mục một", secretary=own)
    await invite(core, meeting, people.members, secretary=own)
    with pytest.raises(DomainError, match=r"meetings\.not_sent"):
        await actions.add_screen(core, meeting.id, HALL, actor=own)
    await invitations.send(core, meeting.id, InvitationSend(mail=False), actor=own)
    await invitation_jobs.settle(core)
    return people, own, meeting, item


async def audiences(core: Core, screen: str) -> list[str]:
    return await core.db.read(lambda read: journal.readable(read, screen))


async def test_a_screen_is_in_the_skeletons_audience_and_no_other(core: Core) -> None:
    people, own, meeting, _item = await convened(core)
    given = await actions.add_screen(core, meeting.id, HALL, actor=own)
    assert await audiences(core, given.id) == [f"m:{meeting.id}"]
    await invite(core, meeting, people.members[:1], secretary=own)  # what makes all audiences anew leaves it in
    assert await audiences(core, given.id) == [f"m:{meeting.id}"]
    (listed,) = (await actions.screens(core, meeting.id, actor=own)).screens
    assert (listed.name, listed.signed_in) == (HALL.name, False)
    assert (await actions.end_screen(core, meeting.id, given.id, actor=own)).screens == ()
    assert await audiences(core, given.id) == []
    with pytest.raises(DomainError, match=r"accounts\.code_refused"):
        await accounts.sign_in_by_code(core, SignInByCode(code=given.code), visitor=HERE)
    for other in (actor(people.members[0]), actor("administrator", Role.ADMINISTRATOR)):
        with pytest.raises(DomainError, match=r"denied|not_found"):
            await actions.add_screen(core, meeting.id, HALL, actor=other)


async def test_a_code_opens_once_and_for_a_screen(core: Core) -> None:
    _people, own, meeting, _item = await convened(core)
    given = await actions.add_screen(core, meeting.id, HALL, actor=own)
    entered = await accounts.sign_in_by_code(core, SignInByCode(code=given.code), visitor=HERE)
    assert (entered.me.person_id, entered.me.home, entered.me.grants) == (given.id, "screen", ())
    with pytest.raises(DomainError, match=r"accounts\.code_refused"):
        await accounts.sign_in_by_code(core, SignInByCode(code=given.code), visitor=HERE)
    who = await accounts.of(core).actor_of(core, entered.token)
    assert who is not None
    assert who.screen_of == meeting.id
    assert (await actions.screens(core, meeting.id, actor=own)).screens[0].signed_in


async def test_the_hall_sees_the_sitting_and_of_a_closed_item_that_it_is_closed(server: Server) -> None:
    people, own, meeting, item = await convened(server.core)
    given = await actions.add_screen(server.core, meeting.id, HALL, actor=own)
    entered = await accounts.sign_in_by_code(server.core, SignInByCode(code=given.code), visitor=HERE)
    screen = Client(server, given.id, entered.token)
    desk = await sign_in(server, people.secretary, Role.SECRETARY, body=people.body)
    async with connected(screen, desk):
        await screen.join(f"m:{meeting.id}")
        for stream in (f"d:{meeting.id}", f"i:{item.id}", f"u:{given.id}"):
            refused: Any = await screen.join(stream)
            assert refused["error"]["code"] == "denied"
        closing = ItemEdit(title="Miễn nhiệm ông A", restricted=True, invitees=(people.members[0],))
        await actions.edit_item(server.core, item.id, closing, actor=own)
        await screen.until("stream.ops")
        await desk.join(f"m:{meeting.id}")
        await desk.join(f"d:{meeting.id}")
        status, view = await screen.request("GET", f"/meetings/{meeting.id}")
        assert status == 200
        assert (view["details"], view["participants"], view["may"]) == ([], [], ["meetings.read"])
        for path in ("/meetings", "/directory/people?q=", "/accounts/me", f"/items/{item.id}/papers"):
            status, _ = await screen.request("GET", path)
            assert status in {403, 404}, path
        assert "Miễn nhiệm" not in screen.everything()
        _status, seen = await desk.request("GET", f"/meetings/{meeting.id}/presence")
        assert given.id not in seen["online"]  # it is nobody
        await actions.end_screen(server.core, meeting.id, given.id, actor=own)
        async with asyncio.timeout(1):
            while screen.io.connected:
                await asyncio.sleep(0.01)
    assert (await screen.request("GET", f"/meetings/{meeting.id}"))[0] == 401
