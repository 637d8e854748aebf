"""Back-off of failed sign-ins: per account, per address, for as long as it says, and not to be outrun."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sqlalchemy import select

from server.accounts import actions, store
from server.accounts.actions import Visitor
from server.accounts.actions.backoff import Backoff
from server.accounts.wire import PasswordChange, SignIn, SignInByCode
from server.core.errors import DomainError
from tests.accounts.conftest import HERE, PASSWORD, refused

if TYPE_CHECKING:
    from tests.accounts.conftest import Office


async def is_free(office: Office, held: Backoff, account: str, address: str) -> bool:
    try:
        await held.check(office.core, account, address)
    except DomainError as error:
        if error.code != "rate":
            raise
        return False
    return True


async def test_five_failures_a_minute_hold_an_account_back_wherever_they_come_from(office: Office) -> None:
    held = Backoff()
    for number in range(5):
        assert await is_free(office, held, "an", "")
        await held.failed(office.core, "an", f"192.0.2.{number}")
    with refused("rate") as refusal:
        await held.check(office.core, "an", "198.51.100.1")
    assert refusal.value.args_by_name["seconds"] == 60
    assert await is_free(office, held, "binh", "192.0.2.1")
    office.clock.advance(59)
    assert not await is_free(office, held, "an", "")
    office.clock.advance(2)
    assert await is_free(office, held, "an", "")


async def test_thirty_failures_an_hour_hold_an_account_back_for_longer(office: Office) -> None:
    held = Backoff()
    for _ in range(30):
        await held.failed(office.core, "an", "")
        office.clock.advance(13)
    office.clock.advance(60)
    with refused("rate") as refusal:
        await held.check(office.core, "an", "")
    assert 60 < refusal.value.args_by_name["seconds"] <= 3600
    office.clock.advance(3600)
    assert await is_free(office, held, "an", "")


async def test_an_address_is_held_back_whatever_names_it_tries(office: Office) -> None:
    held = Backoff()
    for number in range(30):
        assert await is_free(office, held, f"user{number}", "192.0.2.1")
        await held.failed(office.core, f"user{number}", "192.0.2.1")
    assert not await is_free(office, held, "another", "192.0.2.1")
    assert not await is_free(office, held, "", "192.0.2.1")
    assert await is_free(office, held, "another", "192.0.2.2")
    office.clock.advance(61)
    assert await is_free(office, held, "another", "192.0.2.1")


async def test_another_process_knows_of_the_failures_at_this_one(office: Office) -> None:
    here, there = Backoff("2/minute"), Backoff("2/minute")
    for _ in range(2):
        await here.failed(office.core, "an", "")
    assert not await is_free(office, there, "an", "")


async def test_what_counts_no_more_is_forgotten_and_no_name_is_kept(office: Office) -> None:
    held = Backoff()
    await held.failed(office.core, "mật khẩu gõ nhầm chỗ", "192.0.2.1")
    rows = await office.core.db.read(lambda read: read.rows(select(store.sign_in_failure)))
    assert len(rows) == 2
    assert not [row for row in rows if "nhầm".encode() in bytes(row.key_hash)]
    await held.forget(office.core)
    office.clock.advance(3601)
    assert len(await office.core.db.read(lambda read: read.rows(select(store.sign_in_failure)))) == 2
    await held.forget(office.core)
    assert await office.core.db.read(lambda read: read.rows(select(store.sign_in_failure))) == []


async def test_looking_is_not_failing(office: Office) -> None:
    held = Backoff()
    for _ in range(40):
        assert await is_free(office, held, "an", "192.0.2.1")


async def test_the_right_password_waits_too_once_an_account_is_held_back(office: Office) -> None:
    actions.of(office.core).backoff = Backoff("2/minute", "100/minute")
    await office.enter()  # entering is no failure
    for _ in range(2):
        with refused("accounts.refused"):
            await office.enter("Leader ", "sai mật khẩu rồi")
    with refused("rate"):
        await office.enter()
    assert (await office.enter("head")).me.person_id == office.head
    office.clock.advance(61)
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
