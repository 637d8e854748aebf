"""Back-off of failed sign-ins: per account, per address, for as long as it says, and not to be outrun."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING

import limits.storage.memory
import limits.strategies
import pytest

from server.accounts import actions
from server.accounts.actions import Visitor, backoff
from server.accounts.actions.backoff import Backoff
from server.accounts.wire import PasswordChange, SignIn, SignInByCode
from server.core.errors import DomainError
from tests.accounts.conftest import HERE, PASSWORD, refused

if TYPE_CHECKING:
    from tests.accounts.conftest import Office


class Wall:
    """The wall clock that the limits read."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    clock = Wall()
    for module in (limits.storage.memory, limits.strategies, backoff):
        monkeypatch.setattr(module, "time", SimpleNamespace(time=clock.time))
    return clock


def is_free(held: Backoff, account: str, address: str) -> bool:
    try:
        held.check(account, address)
    except DomainError as error:
        if error.code != "rate":
            raise
        return False
    return True


def test_five_failures_a_minute_hold_an_account_back_wherever_they_come_from(wall: Wall) -> None:
    held = Backoff()
    for number in range(5):
        assert is_free(held, "an", "")
        held.failed("an", f"192.0.2.{number}")
    with refused("rate") as refusal:
        held.check("an", "198.51.100.1")
    assert refusal.value.args_by_name["seconds"] == 60
    assert is_free(held, "binh", "192.0.2.1")
    wall.now += 59
    assert not is_free(held, "an", "")
    wall.now += 2
    assert is_free(held, "an", "")


def test_thirty_failures_an_hour_hold_an_account_back_for_longer(wall: Wall) -> None:
    held = Backoff()
    for _ in range(30):
        held.failed("an", "")
        wall.now += 13
    wall.now += 60
    with refused("rate") as refusal:
        held.check("an", "")
    assert 60 < refusal.value.args_by_name["seconds"] <= 3600
    wall.now += 3600
    assert is_free(held, "an", "")


def test_an_address_is_held_back_whatever_names_it_tries(wall: Wall) -> None:
    held = Backoff()
    for number in range(30):
        assert is_free(held, f"user{number}", "192.0.2.1")
        held.failed(f"user{number}", "192.0.2.1")
    assert not is_free(held, "another", "192.0.2.1")
    assert not is_free(held, "", "192.0.2.1")
    assert is_free(held, "another", "192.0.2.2")
    wall.now += 61
    assert is_free(held, "another", "192.0.2.1")


def test_looking_is_not_failing(wall: Wall) -> None:
    held = Backoff()
    assert all(is_free(held, "an", "192.0.2.1") for _ in range(1000))


async def test_the_right_password_waits_too_once_an_account_is_held_back(office: Office, wall: Wall) -> None:
    actions.of(office.core).backoff = Backoff("2/minute", "100/minute")
    await office.enter()  # entering is no failure
    for _ in range(2):
        with refused("accounts.refused"):
            await office.enter("Leader ", "sai mật khẩu rồi")
    with refused("rate"):
        await office.enter()
    assert (await office.enter("head")).me.person_id == office.head
    wall.now += 61
    assert (await office.enter()).me.person_id == office.leader


async def test_an_unknown_name_is_held_back_as_a_known_one(office: Office) -> None:
    actions.of(office.core).backoff = Backoff("1/minute", "100/minute")
    with refused("accounts.refused"):
        await office.enter("nobody")
    with refused("rate"):
        await office.enter("nobody")


async def test_guesses_at_a_code_are_counted_by_address(office: Office) -> None:
    actions.of(office.core).backoff = Backoff("1/minute", "2/minute")
    for guess in ("a", "b"):
        with refused("accounts.code_refused"):
            await office.enter_by_code(guess)
    with refused("rate"):
        await office.enter_by_code("c")
    with refused("rate"):
        await office.enter()  # the same address
    elsewhere = Visitor("198.51.100.9")
    with refused("accounts.code_refused"):
        await actions.sign_in_by_code(office.core, SignInByCode(code="d"), visitor=elsewhere)


async def test_guesses_sent_all_at_once_do_not_outrun_it(office: Office) -> None:
    actions.of(office.core).backoff = Backoff("3/minute", "100/minute")
    guess = SignIn(user="leader", password="sai mật khẩu rồi")
    tries = [actions.sign_in(office.core, guess, visitor=HERE) for _ in range(15)]
    answers = [
        each.code for each in await asyncio.gather(*tries, return_exceptions=True) if isinstance(each, DomainError)
    ]
    assert len(answers) == 15
    assert 3 <= answers.count("accounts.refused") <= 4  # one more may be under way on the other lane
    assert set(answers) == {"accounts.refused", "rate"}


async def test_guesses_at_the_old_password_are_counted(office: Office) -> None:
    actions.of(office.core).backoff = Backoff("2/minute", "100/minute")
    who = await office.acting(await office.enter())
    wrong = PasswordChange(old="sai mật khẩu rồi", new="một mật khẩu khác 9")
    for _ in range(2):
        with refused("accounts.wrong_password"):
            await actions.change_password(office.core, wrong, actor=who)
    right = PasswordChange(old=PASSWORD, new="một mật khẩu khác 9")
    with refused("rate"):
        await actions.change_password(office.core, right, actor=who)
