"""Accounts over HTTP and sockets of a real server: the cookie, whence a request may come, devices that end at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
import pytest
from yarl import URL

from server.accounts import actions
from server.accounts.actions import COOKIE
from server.accounts.actions.backoff import Backoff
from server.accounts.wire import AccountGive, PasskeyAsk, PasskeyOffer
from server.config import DEMO_MARKER
from server.core.access import Grant, Role
from tests.accounts.conftest import ADMINISTRATOR, PASSWORD, events
from tests.support.authenticator import Authenticator
from tests.support.house import Server, config_for, start
from tests.support.sitting import enter_people
from tests.support.sitting_clients import Client, connected

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

RIGHT = {"user": "leader", "password": PASSWORD, "device_name": "iPad"}
WRONG = {"user": "leader", "password": "sai mật khẩu rồi"}


@pytest.fixture
async def server(database_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    """A real server on either engine."""
    running = await start(config_for(tmp_path / "data", database_url))
    yield running
    await running.http.close()


async def people(server: Server) -> tuple[str, ...]:
    """A leader, an administrator, and one without access."""
    entered = await enter_people(server.core, 3)
    for person, user, grants in (
        (entered.all[0], "leader", ()),
        (entered.all[1], "head", (Grant(Role.ADMINISTRATOR),)),
    ):
        given = AccountGive(user=user, grants=grants)
        await actions.give_with_password(server.core, person, given, PASSWORD, actor=ADMINISTRATOR)
    return entered.all


async def ask(server: Server, path: str, body: Any, **headers: str) -> tuple[int, Any, list[str]]:
    """POST as given: status, answer, the cookies set as they are on the wire."""
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), headers=headers) as session,
        session.post(URL(f"{server.url}/api/v1{path}"), json=body) as answer,
    ):
        is_json = answer.content_type == "application/json"
        return answer.status, await answer.json() if is_json else None, answer.headers.getall("Set-Cookie", [])


async def enter(server: Server, person: str, user: str = "leader") -> Client:
    command = {"user": user, "password": PASSWORD}
    status, _, cookies = await ask(server, "/accounts/sign-in", command, Origin=server.url)
    assert status == 200
    return Client(server, person, cookies[0].partition("=")[2].partition(";")[0])


async def test_at_its_public_address_a_browser_holds_the_cookie_for_this_host_and_tls_alone(
    database_url: str, tmp_path: Path
) -> None:
    public = "https://phien.tangiang.example"
    server = await start(config_for(tmp_path / "data", database_url, public_url=public))
    await people(server)
    _, _, cookies = await ask(server, "/accounts/sign-in", RIGHT, Origin=public)
    value, *flags = [each.strip() for each in cookies[0].split(";")]
    name, _, token = value.partition("=")
    assert name == COOKIE == "__Host-phien"
    assert {each.lower() for each in flags} == {"secure", "httponly", "samesite=strict", "path=/", "max-age=2592000"}
    # The name without the prefix may be set by anybody beside this host.
    for cookie, status in ((f"phien={token}", 401), (f"phien={token}; {COOKIE}=x", 401), (value, 200)):
        headers = {"Origin": public, "Cookie": cookie}
        assert (await ask(server, "/accounts/sign-out", {}, **headers))[0] == status
    await server.http.close()


async def test_the_cookie_and_the_way_out_on_this_machine(server: Server) -> None:
    leader, *_ = await people(server)
    status, me, cookies = await ask(server, "/accounts/sign-in", RIGHT, Origin=server.url)
    assert (status, me["person_id"], len(cookies)) == (200, leader, 1)
    value, *flags = [each.strip() for each in cookies[0].split(";")]
    assert value.startswith("phien=")
    assert {each.lower() for each in flags} == {"httponly", "samesite=strict", "path=/", "max-age=2592000"}
    token = value.partition("=")[2]
    assert token not in str(me)

    client = Client(server, leader, token)
    assert (await client.request("GET", "/accounts/me"))[1]["device_id"] == me["device_id"]
    again = await ask(server, "/accounts/sign-in", RIGHT, Origin=server.url, Cookie=value)
    assert again[1]["device_id"] != me["device_id"]
    assert (await client.request("GET", "/accounts/me"))[0] == 401  # a new sign-in is a new session

    cookie = again[2][0].partition(";")[0]
    status, _, gone = await ask(server, "/accounts/sign-out", {}, Origin=server.url, Cookie=cookie)
    assert status == 200
    assert gone[0].startswith('phien="";')
    assert "Max-Age=0" in gone[0]
    assert (await Client(server, leader, cookie.partition("=")[2]).request("GET", "/accounts/me"))[0] == 401


async def test_wrong_and_unknown_are_one_answer(server: Server) -> None:
    await people(server)
    wrong = await ask(server, "/accounts/sign-in", WRONG, Origin=server.url)
    unknown = await ask(server, "/accounts/sign-in", {**WRONG, "user": "nobody"}, Origin=server.url)
    assert wrong == unknown
    assert (wrong[0], wrong[1]["error"]["code"], wrong[2]) == (401, "accounts.refused", [])


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", "http://localhost:1"])
async def test_only_our_own_pages_may_act(server: Server, origin: str | None) -> None:
    await people(server)
    headers = {} if origin is None else {"Origin": origin}
    for path, body in (("/accounts/sign-in", RIGHT), ("/accounts/sign-in/code", {"code": "x"})):
        status, answer, cookies = await ask(server, path, body, **headers)
        assert (status, answer["error"]["code"], cookies) == (403, "origin", [])
    assert not [each for each in await recorded(server) if each == "accounts.signed_in"]


async def recorded(server: Server) -> list[str]:
    return [each["name"] for each in await events(server.core, "x:accounts")]


async def test_nobody_gets_in_without_a_session(server: Server) -> None:
    leader, *_ = await people(server)
    nobody = Client(server, leader, "x")
    for method, path in (
        ("GET", "/accounts/me"), ("GET", "/accounts/me/devices"), ("GET", "/accounts"), ("POST", "/accounts/sign-out"),
        ("POST", f"/accounts/{leader}/reset"), ("POST", f"/accounts/{leader}/revoke"),
    ):  # fmt: skip
        assert (await nobody.request(method, path))[0] == 401
    assert (await nobody.request("GET", "/accounts/sign-in")) == (200, {"demo": [], "passkeys": True})


async def test_the_administrators_way_over_http(server: Server) -> None:
    leader, head, newcomer = await people(server)
    desk, tablet = await enter(server, head, "head"), await enter(server, leader)
    for method, path, body in (
        ("GET", "/accounts", None),
        ("POST", f"/accounts/{newcomer}", {"user": "moi"}),
        ("PUT", f"/accounts/{newcomer}/grants", {"grants": [{"role": "administrator", "body_id": None}]}),
        ("POST", f"/accounts/{head}/reset", None),
        ("POST", f"/accounts/{head}/revoke", None),
    ):
        assert (await tablet.request(method, path, body))[0] == 404
    status, given = await desk.request("POST", f"/accounts/{newcomer}", {"user": "moi"})
    assert (status, given["url"]) == (201, f"{server.url}/tablet/sign-in#code={given['code']}")
    code = {"code": given["code"]}
    status, me, cookies = await ask(server, "/accounts/sign-in/code", code, Origin=server.url)
    assert (status, me["person_id"], len(cookies)) == (200, newcomer, 1)
    assert (await ask(server, "/accounts/sign-in/code", code, Origin=server.url))[0] == 401
    assert [each["user"] for each in (await desk.request("GET", "/accounts"))[1]["accounts"]] == [
        "head",
        "leader",
        "moi",
    ]
    status, refusal = await desk.request("PUT", f"/accounts/{head}/grants", {"grants": []})
    assert (status, refusal["error"]["code"]) == (409, "accounts.last_administrator")
    assert (await tablet.request("PUT", "/accounts/me/language", {"lang": "en"}))[1]["lang"] == "en"


async def test_one_tap_roles_have_no_route_elsewhere(server: Server, postgres_url: str, tmp_path: Path) -> None:
    status, *_ = await ask(server, "/accounts/sign-in/demo", {"role": "chair"}, Origin=server.url)
    assert status in {404, 405}
    assert not [each for each in server.app.router.routes() if "sign-in/demo" in str(each.resource)]
    config = config_for(tmp_path / "demo", postgres_url)
    (config.data_dir / DEMO_MARKER).touch()
    demo = await start(config)
    try:
        leader, *_ = await people(demo)
        await actions.offer_demo_roles(demo.core, [("chair", leader)])
        status, me, _ = await ask(demo, "/accounts/sign-in/demo", {"role": "chair"}, Origin=demo.url)
        assert (status, me["person_id"]) == (200, leader)
    finally:
        await demo.http.close()


async def test_the_address_behind_a_proxy_is_what_the_proxy_saw(database_url: str, tmp_path: Path) -> None:
    running = await start(config_for(tmp_path / "data", database_url, behind_proxy=True))
    try:
        actions.of(running.core).backoff = Backoff("100/minute", "1/minute")
        for claimed, expected in (("192.0.2.1", 401), ("192.0.2.2", 429)):
            async with (
                aiohttp.ClientSession() as session,
                session.post(
                    f"{running.url}/api/v1/accounts/sign-in/code",
                    json={"code": "x"},
                    headers=[("Origin", running.url), ("X-Forwarded-For", claimed), ("X-Forwarded-For", "203.0.113.5")],
                ) as answer,
            ):
                assert answer.status == expected
    finally:
        await running.http.close()


async def ended(client: Client, *, within: float) -> None:
    """Wait until the server has closed the socket."""
    async with asyncio.timeout(within):
        while client.io.connected:
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("by", ["device", "sign_out", "administrator"])
async def test_a_device_signed_out_is_told_and_ended_within_a_second(server: Server, by: str) -> None:
    leader, head, _ = await people(server)
    lost, here = await enter(server, leader), await enter(server, leader)
    device = (await lost.request("GET", "/accounts/me"))[1]["device_id"]
    async with connected(lost, here):
        for each in (lost, here):
            await each.join(f"u:{leader}")
        if by == "device":
            asked = here.request("DELETE", f"/accounts/me/devices/{device}")
        elif by == "sign_out":
            asked = lost.request("POST", "/accounts/sign-out")
        else:
            desk = await enter(server, head, "head")
            asked = desk.request("POST", f"/accounts/{leader}/revoke")
        assert (await asked)[0] == 200
        await ended(lost, within=1)
        told = [operation["event"] for frame in lost.heard["stream.ops"] for operation in frame["ops"]]
        assert device in {event["device_id"] for event in told}
        assert lost.heard["fanout.kicked"] == [{"code": "signed_out"}]
        if by == "administrator":
            await ended(here, within=1)
        else:
            assert here.io.connected
            assert (await here.request("GET", "/accounts/me"))[0] == 200
        assert (await lost.request("GET", "/accounts/me"))[0] == 401


async def test_a_passkey_over_http_where_browsers_take_them(server: Server) -> None:
    leader, *_ = await people(server)
    numbers = server.url.replace("localhost", "127.0.0.1")  # no name for a passkey to be bound to
    assert (await Client(server, leader, "x").request("GET", "/accounts/sign-in"))[1]["passkeys"] is True
    host = {"Host": URL(numbers).authority, "Origin": numbers}
    status, refusal, _ = await ask(server, "/accounts/sign-in/passkey/ask", {}, **host)
    assert (status, refusal["error"]["code"]) == (409, "accounts.no_passkeys_here")
    host = {"Origin": server.url}
    cookie = (await ask(server, "/accounts/sign-in", RIGHT, Origin=server.url))[2][0].partition(";")[0]
    signed_in = {**host, "Cookie": cookie}
    _, offer, _ = await ask(server, "/accounts/me/passkeys/begin", {"password": PASSWORD}, **signed_in)
    key = Authenticator(server.url)
    made = msgspec.to_builtins(key.make(msgspec.convert(offer, PasskeyOffer)))
    assert (await ask(server, "/accounts/me/passkeys", made, **signed_in))[0] == 200
    _, asked, cookies = await ask(server, "/accounts/sign-in/passkey/ask", {}, **host)
    browser, *flags = [each.strip() for each in cookies[0].split(";")]
    assert {each.lower() for each in flags} == {"httponly", "samesite=strict", "path=/", "max-age=300"}
    used = {"used": msgspec.to_builtins(key.use(msgspec.convert(asked, PasskeyAsk)))}
    status, me, cookies = await ask(server, "/accounts/sign-in/passkey", used, **host, Cookie=browser)
    assert (status, me["person_id"], cookies[0].partition("=")[0]) == (200, leader, "phien")
