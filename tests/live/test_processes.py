"""Two whole servers on one PostgreSQL and one Redis: who is there is seen at both, who is signed out is out at both."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from server.accounts import actions as accounts
from server.accounts.actions import Visitor
from server.accounts.wire import SignIn
from server.core.access import Role
from server.core.errors import DomainError
from server.live.actions import elsewhere
from tests.live.rooms import laser, make_room, place, stroke
from tests.support import sitting_clients
from tests.support.house import Server, actor, config_for, start
from tests.support.sitting import draft, enter_people, invite
from tests.support.sitting_clients import Client, connected, sign_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.support.redis import Redis


@pytest.fixture
async def pair(postgres_url: str, redis: Redis, tmp_path: Path) -> AsyncIterator[tuple[Server, Server]]:
    servers = [await start(config_for(tmp_path / name, postgres_url, redis_url=redis.url)) for name in ("one", "two")]
    await asyncio.sleep(0.2)  # until both listen
    yield servers[0], servers[1]
    for server in servers:
        await server.http.close()


def at(server: Server, client: Client) -> Client:
    """The same browser, talking to another server."""
    moved = Client(server, client.person, "")
    moved.headers = {"Origin": server.url, "Cookie": client.headers["Cookie"]}
    return moved


async def until(holds: Callable[[], bool], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.01)


async def test_presence_is_that_of_both_and_a_silent_process_is_forgotten(
    pair: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pair
    people = await enter_people(one.core, 4)
    own = actor(people.secretary, Role.SECRETARY, body=people.body)
    meeting = await draft(one.core, people, own)
    await invite(one.core, meeting, people.members, secretary=own)
    secretary = await sign_in(one, people.secretary, Role.SECRETARY, body=people.body)
    chair = at(two, await sign_in(one, people.chair))

    def online() -> tuple[str, ...]:
        return tuple(secretary.heard.get("live.presence", [{"online": ()}])[-1]["online"])

    async with connected(secretary):
        await secretary.join(f"m:{meeting.id}")
        await secretary.join(f"d:{meeting.id}")
        async with connected(chair):
            await chair.join(f"m:{meeting.id}")
            await until(lambda: set(online()) == {people.secretary, people.chair}, 5)
            _status, view = await at(two, secretary).request("GET", f"/meetings/{meeting.id}/presence")
            assert set(view["online"]) == {people.secretary, people.chair}
        await until(lambda: set(online()) == {people.secretary}, 5)
        async with connected(chair := at(two, chair)):
            await chair.join(f"m:{meeting.id}")
            await until(lambda: people.chair in online(), 5)
            # As if the other process had ended without a word.
            monkeypatch.setattr(elsewhere.Elsewhere, "tell", lambda *_: None)
            monkeypatch.setattr(elsewhere, "SILENT_SECONDS", 0.5)
            await until(lambda: people.chair not in online(), 5)


async def test_laser_stroke_and_followers_are_those_of_both(pair: tuple[Server, Server]) -> None:
    one, two = pair
    room = await make_room(one)
    member, desk = at(two, room.member), room.desk
    async with connected(room.presenter, member, desk):
        for client in (room.presenter, member, desk):
            await client.join(f"i:{room.item}")
        await room.presenter.say("live.present", **place(room, 3))
        await room.presenter.say("live.point", **laser(room, 12.5))
        await room.presenter.say("live.draw", **stroke(room, 100, 200, 50, 10, 0, 0))
        assert (await member.until("live.pointed"))[-1] == {**laser(room, 12.5), "on": True, "n": 1}
        assert (await member.until("live.drawn"))[-1]["pts"] == [100, 200, 50, 10, 0, 0]

        def tells(client: Client, following: int) -> Callable[[], bool]:
            counts = client.heard.setdefault("live.followers", [])
            return lambda: bool(counts) and (counts[-1]["following"], counts[-1]["present"]) == (following, 2)

        await member.say("live.follow", item_id=room.item, following=True)
        for client in (room.presenter, member):
            await until(tells(client, 1), 6)
        await desk.say("live.follow", item_id=room.item, following=True)
        for client in (room.presenter, member):
            await until(tells(client, 2), 6)
        await member.say("live.follow", item_id=room.item, following=False)
        await desk.say("live.follow", item_id=room.item, following=False)
        for client in (room.presenter, member):
            await until(tells(client, 0), 6)


async def test_a_session_that_is_revoked_at_one_server_ends_at_the_other_at_once(pair: tuple[Server, Server]) -> None:
    one, two = pair
    people = await enter_people(one.core, 3)
    lost = at(two, await sign_in(one, people.chair))
    async with connected(lost):
        _status, me = await lost.request("GET", "/accounts/me")
        await accounts.revoke_device(one.core, me["device_id"], actor=actor(people.chair))
        await until(lambda: not lost.io.connected, 1)
    assert (await lost.request("GET", "/accounts/me"))[0] == 401


async def test_failed_sign_ins_at_one_server_hold_back_at_the_other(pair: tuple[Server, Server]) -> None:
    one, two = pair
    people = await enter_people(one.core, 3)
    await sign_in(one, people.chair)
    wrong = SignIn(user=f"u-{people.chair[-12:]}", password="sai mật khẩu rồi")
    for server in (one, two, one, two, one):
        with pytest.raises(DomainError, match=r"accounts\.refused"):
            await accounts.sign_in(server.core, wrong, visitor=Visitor("192.0.2.1"))
    right = SignIn(user=wrong.user, password=sitting_clients._PASSWORD)
    with pytest.raises(DomainError, match="rate"):
        await accounts.sign_in(two.core, right, visitor=Visitor("198.51.100.1"))
