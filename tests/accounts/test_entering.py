"""Signing in and out: what opens, what does not, how long it lasts, and that failures tell nothing."""

from __future__ import annotations

import dataclasses
import unicodedata
from typing import TYPE_CHECKING

import msgspec
import pytest

from server.accounts import actions
from server.accounts.actions import Visitor, passwords
from server.accounts.actions.cookies import COOKIE, value_of
from server.accounts.wire import AccountGive, DemoSignIn, GrantsChange, SignIn
from server.config import DEMO_MARKER, Sessions
from server.core.access import Grant, Role
from tests.accounts.conftest import ADMINISTRATOR, HERE, ORIGIN, PASSWORD, refused

if TYPE_CHECKING:
    from tests.accounts.conftest import Office

HOUR, DAY = 3600, 24 * 3600


@pytest.mark.parametrize(
    ("cookies", "token"),
    [
        ("", None),
        (f"{COOKIE}=abc", "abc"),
        (f'other=1; {COOKIE}="abc"; last=2', "abc"),
        (f"x{COOKIE}=abc", None),
        (f"other={COOKIE}=abc", None),
        (COOKIE, ""),
    ],
)
def test_the_token_is_found_among_cookies(cookies: str, token: str | None) -> None:
    assert value_of(cookies, COOKIE) == token


async def test_the_password_opens_and_is_recorded(office: Office) -> None:
    entered = await office.enter(user="  LEADER ", device="iPad phòng họp")
    assert (entered.me.person_id, entered.me.home, entered.me.must_change_password) == (office.leader, "tablet", False)
    found = await office.acting(entered)
    assert (found.person_id, found.device_id, found.name) == (office.leader, entered.me.device_id, "Người 1")
    assert found.grants == entered.me.grants == (Grant(Role.OFFICIAL, office.body),)
    last = (await office.events())[-1]
    assert (last["name"], last["actor"]) == ("accounts.signed_in", office.leader)
    assert (last["device_id"], last["by"]) == (entered.me.device_id, "password")


async def test_every_failure_is_one_answer_that_costs_one_hash(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    given = AccountGive(user="newcomer")
    await actions.give(office.core, office.newcomer, given, actor=ADMINISTRATOR, origin=ORIGIN)
    passwords._nobodys()  # made once for a process
    verified: list[str] = []
    verify = passwords._verify

    def counted(password: str, stored: str) -> bool:
        verified.append(stored)
        return verify(password, stored)

    monkeypatch.setattr(passwords, "_verify", counted)
    answers = []
    for user, password in (
        ("leader", "sông Hồng mùa nước 8"),
        ("nobody", PASSWORD),
        ("newcomer", PASSWORD),  # has no password yet
        ("leader", PASSWORD * 100),
        ("", ""),
    ):
        with refused("accounts.refused") as failure:
            await office.enter(user, password)
        answers.append(failure.value.args_by_name)
    assert answers == [{}] * 5
    assert len(verified) == 5
    assert all(stored.startswith("$argon2id$") for stored in verified)
    assert not [each for each in await office.events() if each["name"] == "accounts.signed_in"]


async def test_a_password_is_the_same_however_a_keyboard_composes_it(office: Office) -> None:
    decomposed = unicodedata.normalize("NFD", PASSWORD)
    assert decomposed != PASSWORD
    assert (await office.enter(password=decomposed)).me.person_id == office.leader


async def test_each_sign_in_is_a_session_of_its_own(office: Office) -> None:
    first, second = await office.enter(), await office.enter()
    assert first.token != second.token
    assert first.me.device_id != second.me.device_id
    assert await office.who(first) is not None  # another device stays signed in
    again = await actions.sign_in(
        office.core, SignIn(user="leader", password=PASSWORD), visitor=Visitor("", await office.acting(first))
    )
    assert await office.who(first) is None  # the same browser does not keep its old session
    assert await office.who(second) is not None
    assert await office.who(again) is not None


async def test_signing_out_ends_the_session(office: Office) -> None:
    here, there = await office.enter(), await office.enter()
    await actions.sign_out(office.core, actor=await office.acting(here))
    assert await office.who(here) is None
    assert await office.who(there) is not None
    told = await office.events(f"u:{office.leader}")
    assert [(each["name"], each["device_id"]) for each in told] == [("accounts.signed_out", here.me.device_id)]
    assert (await office.events())[-1]["name"] == "accounts.signed_out"


async def test_who_knows_no_token_is_nobody(office: Office) -> None:
    entered = await office.enter()
    for token in ("", "x", entered.token[:-1], entered.token + "A", entered.token.swapcase()):
        assert await office.who(token) is None


async def test_a_leader_stays_for_thirty_days_if_the_device_is_used(office: Office) -> None:
    entered = await office.enter()
    assert entered.seconds == 30 * DAY
    for _ in range(3):
        office.clock.advance(9 * DAY)
        assert await office.who(entered) is not None
    office.clock.advance(3 * DAY - 1)
    assert await office.who(entered) is not None
    office.clock.advance(1)
    assert await office.who(entered) is None


async def test_an_administrator_stays_for_twelve_hours_if_the_device_is_used(office: Office) -> None:
    entered = await office.enter("head")
    assert (entered.seconds, entered.me.home) == (12 * HOUR, "desk")
    for _ in range(7):
        office.clock.advance(HOUR + HOUR // 2)
        assert await office.who(entered) is not None
    office.clock.advance(HOUR + HOUR // 2)
    assert await office.who(entered) is None


@pytest.mark.parametrize(("user", "idle"), [("leader", 14 * DAY), ("head", 2 * HOUR)])
async def test_a_session_left_unused_ends(office: Office, user: str, idle: int) -> None:
    entered = await office.enter(user)
    office.clock.advance(idle - 1)
    assert await office.who(entered) is not None
    office.clock.advance(idle)
    assert await office.who(entered) is None


async def test_the_configuration_says_how_long(office: Office) -> None:
    sessions = Sessions(leader_seconds=HOUR, administrator_seconds=600)
    core = dataclasses.replace(office.core, config=msgspec.structs.replace(office.core.config, sessions=sessions))
    changed = dataclasses.replace(office, core=core)
    leader, head = await changed.enter(), await changed.enter("head")
    assert (leader.seconds, head.seconds) == (HOUR, 600)
    office.clock.advance(600)
    assert await changed.who(head) is None
    assert await changed.who(leader) is not None


async def test_who_becomes_administrator_does_not_keep_a_leaders_session(office: Office) -> None:
    entered = await office.enter()
    wanted = GrantsChange(grants=(Grant(Role.ADMINISTRATOR),))
    await actions.change_grants(office.core, office.leader, wanted, actor=ADMINISTRATOR)
    assert await office.who(entered) is None
    assert (await office.enter()).seconds == 12 * HOUR


async def test_one_tap_roles_exist_on_demo_data_only(office: Office) -> None:
    core, offered = office.core, [("chair", office.leader), ("desk", office.head)]
    with refused("not_found"):
        await actions.offer_demo_roles(core, offered)
    (core.config.data_dir / DEMO_MARKER).touch()
    await actions.offer_demo_roles(core, offered)
    shown = (await actions.options(core, site=None)).demo
    assert [(each.role, each.name) for each in shown] == [("chair", "Người 1"), ("desk", "Người 0")]
    entered = await actions.sign_in_as_role(core, DemoSignIn(role="chair"), visitor=HERE)
    assert (entered.me.person_id, entered.me.demo) == (office.leader, True)
    with refused("not_found"):
        await actions.sign_in_as_role(core, DemoSignIn(role="stranger"), visitor=HERE)
    (core.config.data_dir / DEMO_MARKER).unlink()
    assert (await actions.options(core, site=None)).demo == ()
    with refused("not_found"):
        await actions.sign_in_as_role(core, DemoSignIn(role="chair"), visitor=HERE)
