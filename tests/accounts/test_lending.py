"""Another device let in from one's own: once, to who shows the same number, while the first is signed in; to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server.accounts import actions, rules
from server.accounts.actions import lending
from server.accounts.store import lending as store
from server.accounts.wire import LendingAsk, LendingTake
from server.app import HOUSE
from server.core.ids import new_id
from server.core.wire import PROTOCOL
from tests.accounts.conftest import ADMINISTRATOR, HERE, ORIGIN, PASSWORD, refused
from tests.accounts.test_routes import ask, enter, people, server
from tests.support.sitting_clients import Client, connected

if TYPE_CHECKING:
    from server.accounts.actions import Entered
    from server.core.access import Actor
    from tests.accounts.conftest import Office
    from tests.support.house import Server

__all__ = ["server"]
HOUR = 3600
TO_READ, LIKE_ANY = LendingAsk(), LendingAsk(read_only=False, password=PASSWORD)


async def shown(office: Office, actor: Actor, command: LendingAsk = TO_READ) -> tuple[str, str]:
    """What is shown: its id, and the code in its address."""
    made = await lending.lend(office.core, command, actor=actor, origin=ORIGIN)
    assert made.url.startswith(f"{ORIGIN}/tablet/sign-in#lent=")
    return made.id, made.url.partition("#lent=")[2]


async def take(office: Office, code: str) -> tuple[str, str]:
    """Open it elsewhere: the number, and the browser's secret."""
    taken, browser = await lending.take(office.core, LendingTake(code=code, device_name="iPad mượn"), visitor=HERE)
    return taken.number, browser


async def let_in(office: Office, actor: Actor, command: LendingAsk = TO_READ) -> Entered:
    lending_id, code = await shown(office, actor, command)
    _number, browser = await take(office, code)
    await lending.confirm(office.core, lending_id, actor=actor)
    return await lending.enter(office.core, browser=browser, visitor=HERE)


async def test_the_same_number_on_both_devices_then_a_session_that_reads(office: Office) -> None:
    actor = await office.acting(await office.enter())
    lending_id, code = await shown(office, actor)
    assert (await lending.state(office.core, lending_id, actor=actor)).state == "shown"
    number, browser = await take(office, code)
    told = await lending.state(office.core, lending_id, actor=actor)
    assert (told.state, told.number, told.device_name) == ("taken", number, "iPad mượn")
    assert len(number) == 3
    with refused("accounts.lending_waits"):
        await lending.enter(office.core, browser=browser, visitor=HERE)
    await lending.confirm(office.core, lending_id, actor=actor)
    entered = await lending.enter(office.core, browser=browser, visitor=HERE)
    assert (entered.me.person_id, entered.me.read_only, entered.seconds) == (office.leader, True, 8 * HOUR)
    assert (await office.acting(entered)).read_only
    assert (await lending.state(office.core, lending_id, actor=actor)).state == "over"
    with refused("accounts.lending_over"):
        await lending.enter(office.core, browser=browser, visitor=HERE)
    told_audit = [each.get("what") or each.get("by") for each in await office.events()]
    assert told_audit[-3:] == ["device_offered", "device_confirmed", "device"]


async def test_a_borrowed_device_ends_after_hours_and_is_in_the_list_of_devices(office: Office) -> None:
    actor = await office.acting(await office.enter())
    entered = await let_in(office, actor)
    assert "iPad mượn" in {each.name for each in (await actions.devices(office.core, actor=actor)).devices}
    for _ in range(4):
        office.clock.advance(2 * HOUR - 1)
        assert await office.who(entered) is not None
    office.clock.advance(4)
    assert await office.who(entered) is None


async def test_a_device_like_any_other_costs_the_password(office: Office) -> None:
    actor = await office.acting(await office.enter())
    with refused("accounts.not_confirmed"):
        await shown(office, actor, LendingAsk(read_only=False, password="không phải"))
    entered = await let_in(office, actor, LIKE_ANY)
    assert (entered.me.read_only, entered.seconds) == (False, 30 * 24 * HOUR)
    assert not (await office.acting(entered)).read_only


async def test_who_comes_second_or_late_is_not_let_in(office: Office) -> None:
    actor = await office.acting(await office.enter())
    _, code = await shown(office, actor)
    await take(office, code)
    with refused("accounts.lending_over"):
        await take(office, code)
    lending_id, code = await shown(office, actor)
    office.clock.advance(rules.LENDING_SECONDS)
    with refused("accounts.lending_over"):
        await take(office, code)
    with refused("not_found"):
        await lending.confirm(office.core, lending_id, actor=actor)


async def test_only_the_device_that_shows_it_confirms(office: Office) -> None:
    here, there = await office.acting(await office.enter()), await office.acting(await office.enter())
    lending_id, code = await shown(office, here)
    with refused("not_found"):  # nobody has opened it
        await lending.confirm(office.core, lending_id, actor=here)
    await take(office, code)
    for other in (there, await office.acting(await office.enter("head"))):
        assert (await lending.state(office.core, lending_id, actor=other)).state == "over"
        with refused("not_found"):
            await lending.confirm(office.core, lending_id, actor=other)
        await lending.cancel(office.core, lending_id, actor=other)
    assert (await lending.state(office.core, lending_id, actor=here)).state == "taken"


async def test_another_number_is_turned_away(office: Office) -> None:
    actor = await office.acting(await office.enter())
    lending_id, code = await shown(office, actor)
    _, browser = await take(office, code)
    await lending.cancel(office.core, lending_id, actor=actor)
    with refused("accounts.lending_over"):
        await lending.enter(office.core, browser=browser, visitor=HERE)
    assert [each for each in await office.events() if each.get("what") == "device_declined"]


@pytest.mark.parametrize("ended", ["device", "account"])
async def test_who_is_out_lets_nobody_in(office: Office, ended: str) -> None:
    actor = await office.acting(await office.enter())
    lending_id, code = await shown(office, actor)
    _, browser = await take(office, code)
    await lending.confirm(office.core, lending_id, actor=actor)
    if ended == "device":
        await actions.sign_out(office.core, actor=actor)
    else:
        await actions.revoke(office.core, office.leader, actor=ADMINISTRATOR)
    with refused("accounts.lending_over"):
        await lending.enter(office.core, browser=browser, visitor=HERE)


async def test_what_nobody_used_is_forgotten(office: Office) -> None:
    actor = await office.acting(await office.enter())
    lending_id, _ = await shown(office, actor)
    await lending.forget_over(office.core)
    assert (await lending.state(office.core, lending_id, actor=actor)).state == "shown"
    office.clock.advance(rules.LENDING_SECONDS)
    await lending.forget_over(office.core)
    assert not await office.core.db.read(lambda read: store.has_over(read, "9999"))


# ---- what a borrowed device may do, at both edges


async def borrowed(server: Server) -> Client:
    """A client on a borrowed device of the leader's."""
    leader, *_ = await people(server)
    own = await enter(server, leader)
    _, made = await own.request("POST", "/accounts/me/lendings", {})
    code = {"code": made["url"].partition("#lent=")[2]}
    _, _, cookies = await ask(server, "/accounts/sign-in/lent/take", code, Origin=server.url)
    browser = cookies[0].partition(";")[0]
    await own.request("POST", f"/accounts/me/lendings/{made['id']}/confirm")
    status, _, cookies = await ask(server, "/accounts/sign-in/lent", {}, Origin=server.url, Cookie=browser)
    assert status == 200
    return Client(server, leader, cookies[0].partition("=")[2].partition(";")[0])


async def test_a_borrowed_device_reads_and_does_nothing(server: Server) -> None:
    client = await borrowed(server)
    status, me = await client.request("GET", "/accounts/me")
    assert (status, me["read_only"]) == (200, True)
    for method, path, body in (
        ("POST", "/accounts/me/lendings", {}),
        ("POST", "/accounts/me/device-key", {}),  # so nothing is kept on it
        ("PUT", "/accounts/me/language", {"lang": "en"}),
        ("POST", "/accounts/me/passkeys/begin", {"password": PASSWORD}),
        ("POST", f"/signing/{new_id()}/sign", {"sha256": "0" * 64, "password": PASSWORD}),
    ):
        status, refusal = await client.request(method, path, body)
        assert (status, refusal["error"]["code"]) == (403, "read_only"), path
    async with connected(client):
        await client.join(f"u:{client.person}")
        answer = await client.say("annotations.push", stream="p:x:y", ops=[])
        assert answer["error"]["code"] == "read_only"
        assert "error" not in await client.say("live.visible", visible=True)
    assert (await client.request("POST", "/accounts/sign-out"))[0] == 200


async def test_few_acts_belong_to_reading(server: Server) -> None:
    routes = server.app[HOUSE].routes
    assert {each.operation_id for each in routes if each.reads and each.method not in {"GET", "HEAD", "OPTIONS"}} == {
        "accounts.sign_out", "documents.received", "documents.opened", "invitations.opened",
    }  # fmt: skip
    assert {each.name for each in server.app[HOUSE].commands if each.reads} == {"live.follow", "live.visible"}
    assert PROTOCOL > 0
