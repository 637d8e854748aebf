"""Passkeys: added by who knows the password, opening without a name, once, here, and to their own person alone."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from sqlalchemy import select

from server.accounts import actions, rules
from server.accounts.actions import Visitor, passkeys
from server.accounts.actions.addresses import site_at
from server.accounts.actions.backoff import Backoff
from server.accounts.store.passkeys import passkey_challenge
from server.accounts.wire import PasskeyBegin, PasskeyRename, SignInByPasskey
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.journal import OpKey
from tests.accounts.conftest import ADMINISTRATOR, HERE, ORIGIN, PASSWORD, refused
from tests.support.authenticator import PRESENT, Authenticator

if TYPE_CHECKING:
    from server.accounts.actions import Entered
    from server.accounts.wire import PasskeyAsk, Passkeys
    from server.core.access import Actor
    from tests.accounts.conftest import Office

SITE = site_at(ORIGIN)
ELSEWHERE = site_at("https://other.example")


async def own(office: Office, entered: Entered) -> Passkeys:
    return await passkeys.passkeys(office.core, actor=await office.acting(entered), site=SITE)


async def add(office: Office, actor: Actor, *, name: str = "iPad", **traits: Any) -> Authenticator:
    """A passkey of somebody who is signed in."""
    offer = await passkeys.begin(office.core, PasskeyBegin(password=PASSWORD), actor=actor, site=SITE)
    made = Authenticator(**{"origin": ORIGIN, **traits})
    await passkeys.add(office.core, made.make(offer, name), actor=actor, site=SITE)
    return made


async def asked(office: Office) -> tuple[PasskeyAsk, str]:
    ask, browser, _seconds = await actions.ask_passkey(office.core, visitor=HERE, site=SITE)
    return ask, browser


async def enter(office: Office, authenticator: Authenticator, **changed: object) -> Entered:
    """Ask, use, sign in."""
    ask, browser = await asked(office)
    command = SignInByPasskey(used=authenticator.use(ask, **changed), device_name="iPad · Safari")
    return await actions.sign_in_by_passkey(office.core, command, browser=browser, site=SITE, visitor=HERE)


async def acts(office: Office) -> list[str]:
    return [each["what"] for each in await office.events() if each["name"] == "accounts.access_changed"]


# ---- adding, naming, removing


async def test_a_passkey_opens_a_device_session_like_any_other(office: Office) -> None:
    first = await office.enter()
    authenticator = await add(office, await office.acting(first), name="  iPad  phòng họp ")
    entered = await enter(office, authenticator)
    assert (entered.me.person_id, entered.seconds) == (office.leader, first.seconds)
    found = await office.acting(entered)
    assert found.grants == first.me.grants
    assert [each["by"] for each in await office.events() if each["name"] == "accounts.signed_in"][-1] == "passkey"
    shown = (await own(office, entered)).passkeys
    assert [(each.name, each.used_at is not None) for each in shown] == [("iPad phòng họp", True)]
    assert {each.name for each in (await actions.devices(office.core, actor=found)).devices} == {"", "iPad · Safari"}


async def test_who_finds_a_tablet_unlocked_adds_no_finger_of_their_own(office: Office) -> None:
    actor = await office.acting(await office.enter())
    for _ in range(5):
        with refused("accounts.not_confirmed"):
            await passkeys.begin(office.core, PasskeyBegin(password="không phải"), actor=actor, site=SITE)
    with refused("rate"):
        await passkeys.begin(office.core, PasskeyBegin(password=PASSWORD), actor=actor, site=SITE)


async def test_an_offer_is_good_once_for_five_minutes_on_the_device_that_asked(office: Office) -> None:
    core, begin = office.core, PasskeyBegin(password=PASSWORD)
    here, there = await office.acting(await office.enter()), await office.acting(await office.enter())
    offer = await passkeys.begin(core, begin, actor=here, site=SITE)
    with refused("accounts.passkey_late"):
        await passkeys.add(core, Authenticator(ORIGIN).make(offer), actor=there, site=SITE)
    offer = await passkeys.begin(core, begin, actor=here, site=SITE)
    office.clock.advance(rules.PASSKEY_SECONDS)
    with refused("accounts.passkey_late"):
        await passkeys.add(core, Authenticator(ORIGIN).make(offer), actor=here, site=SITE)
    offer = await passkeys.begin(core, begin, actor=here, site=SITE)
    await passkeys.add(core, Authenticator(ORIGIN).make(offer), actor=here, site=SITE)
    with refused("accounts.passkey_late"):
        await passkeys.add(core, Authenticator(ORIGIN).make(offer), actor=here, site=SITE)


async def test_a_challenge_to_sign_in_adds_nothing(office: Office) -> None:
    actor = await office.acting(await office.enter())
    offer = await passkeys.begin(office.core, PasskeyBegin(password=PASSWORD), actor=actor, site=SITE)
    ask, _browser = await asked(office)
    made = Authenticator(ORIGIN).make(offer, challenge=ask.challenge)
    with refused("accounts.passkey_late"):
        await passkeys.add(office.core, made, actor=actor, site=SITE)


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "https://evil.example"}, {"flags": PRESENT}, {"cross_origin": True}, {"credential_id": b"x" * 1024}],
    ids=["origin", "not verified", "in a frame", "long id"],
)
async def test_what_was_not_made_here_by_somebody_verified_is_not_added(office: Office, wrong: dict[str, Any]) -> None:
    actor = await office.acting(await office.enter())
    with refused("accounts.passkey_refused"):
        await add(office, actor, **wrong)
    assert (await passkeys.passkeys(office.core, actor=actor, site=SITE)).passkeys == ()


async def test_a_resend_gets_the_first_answer(office: Office) -> None:
    actor = await office.acting(await office.enter())
    offer = await passkeys.begin(office.core, PasskeyBegin(password=PASSWORD), actor=actor, site=SITE)
    command = Authenticator(ORIGIN).make(offer)
    sent = msgspec.structs.replace(actor, op=OpKey(new_id(), b"h" * 32))
    first = await passkeys.add(office.core, command, actor=sent, site=SITE)
    assert await passkeys.add(office.core, command, actor=sent, site=SITE) == first


async def test_one_authenticator_belongs_to_one_account(office: Office) -> None:
    leader, head = await office.acting(await office.enter()), await office.acting(await office.enter("head"))
    held = await add(office, leader)
    with refused("accounts.passkey_known"):
        await add(office, head, credential_id=held.credential_id)


async def test_names_and_removal_are_for_ones_own(office: Office) -> None:
    leader, head = await office.acting(await office.enter()), await office.acting(await office.enter("head"))
    authenticator = await add(office, leader)
    only = (await passkeys.passkeys(office.core, actor=leader, site=SITE)).passkeys[0]
    for ask in (
        passkeys.rename(office.core, only.id, PasskeyRename(name="x"), actor=head, site=SITE),
        passkeys.remove(office.core, only.id, actor=head, site=SITE),
    ):
        with refused("not_found"):
            await ask
    named = await passkeys.rename(office.core, only.id, PasskeyRename(name="Máy ở nhà"), actor=leader, site=SITE)
    assert [each.name for each in named.passkeys] == ["Máy ở nhà"]
    assert (await passkeys.remove(office.core, only.id, actor=leader, site=SITE)).passkeys == ()
    with refused("accounts.passkey_refused"):
        await enter(office, authenticator)
    assert (await acts(office))[-3:] == ["passkey_added", "passkey_renamed", "passkey_removed"]


# ---- signing in


async def test_what_was_asked_opens_once_in_time_in_the_browser_that_asked(office: Office) -> None:
    authenticator = await add(office, await office.acting(await office.enter()))

    async def answer(ask: PasskeyAsk, browser: str) -> Entered:
        command = SignInByPasskey(used=authenticator.use(ask))
        return await actions.sign_in_by_passkey(office.core, command, browser=browser, site=SITE, visitor=HERE)

    ask, _browser = await asked(office)
    with refused("accounts.passkey_late"):
        await answer(ask, "another")
    ask, browser = await asked(office)
    office.clock.advance(rules.PASSKEY_SECONDS)
    with refused("accounts.passkey_late"):
        await answer(ask, browser)
    ask, browser = await asked(office)
    await answer(ask, browser)
    with refused("accounts.passkey_late"):
        await answer(ask, browser)


async def test_what_is_not_signed_here_by_that_passkey_opens_nothing(office: Office) -> None:
    authenticator = await add(office, await office.acting(await office.enter()))
    actions.of(office.core).backoff = Backoff("100/minute", "100/minute")
    stranger = Authenticator(ORIGIN)
    forged = dataclasses.replace(stranger, credential_id=authenticator.credential_id)
    for bad in (
        stranger,
        forged,
        dataclasses.replace(authenticator, origin="https://phien.example.evil"),
        dataclasses.replace(authenticator, flags=PRESENT),
        dataclasses.replace(authenticator, cross_origin=True),
        dataclasses.replace(authenticator, user_id=office.head.encode()),
    ):
        with refused("accounts.passkey_refused"):
            await enter(office, bad)
    for changed in ({"rp_id": "evil.example"}, {"kind": "webauthn.create"}):
        with refused("accounts.passkey_refused"):
            await enter(office, authenticator, **changed)
    assert (await enter(office, authenticator)).me.person_id == office.leader


async def test_garbage_is_refused_and_not_a_fault(office: Office) -> None:
    authenticator = await add(office, await office.acting(await office.enter()))
    actions.of(office.core).backoff = Backoff("100/minute", "100/minute")
    for part in ("client_data", "authenticator_data", "signature"):
        for bad in (b"", b"\xff" * 40, b"{}", b'{"challenge":"!"}', b"0" * 100_000):
            ask, browser = await asked(office)
            used = authenticator.use(ask)
            command = SignInByPasskey(used=msgspec.structs.replace(used, **{part: bad}))
            with pytest.raises(DomainError) as failure:
                await actions.sign_in_by_passkey(office.core, command, browser=browser, site=SITE, visitor=HERE)
            assert failure.value.code in {"accounts.passkey_refused", "accounts.passkey_late"}


async def test_a_passkey_of_another_address_of_ours_is_not_taken(office: Office) -> None:
    authenticator = await add(office, await office.acting(await office.enter()))
    ask, browser, _ = await actions.ask_passkey(office.core, visitor=HERE, site=ELSEWHERE)
    authenticator.origin = "https://other.example"
    command = SignInByPasskey(used=authenticator.use(ask))
    with refused("accounts.passkey_refused"):
        await actions.sign_in_by_passkey(office.core, command, browser=browser, site=ELSEWHERE, visitor=HERE)


async def test_a_counter_that_stands_still_tells_of_a_copy(office: Office) -> None:
    authenticator = await add(office, await office.acting(await office.enter()), count=7)
    authenticator.count = 8
    await enter(office, authenticator)
    with refused("accounts.passkey_copied"):
        await enter(office, authenticator)
    authenticator.count = 0
    with refused("accounts.passkey_copied"):
        await enter(office, authenticator)
    assert (await acts(office)).count("passkey_copied") == 2
    authenticator.count = 9
    await enter(office, authenticator)


async def test_a_passkey_that_does_not_count_opens_ever_again(office: Office) -> None:
    authenticator = await add(office, await office.acting(await office.enter()))
    for _ in range(3):
        await enter(office, authenticator)


async def test_failures_slow_the_passkey_and_the_address_and_not_the_name(office: Office) -> None:
    authenticator = await add(office, await office.acting(await office.enter()))
    for _ in range(5):
        with refused("accounts.refused"):
            await office.enter(password="mistyped by somebody")
    with refused("rate"):
        await office.enter()
    await enter(office, authenticator)  # nobody is kept out by what others type
    bad = dataclasses.replace(authenticator, flags=PRESENT)
    for _ in range(5):
        with refused("accounts.passkey_refused"):
            await enter(office, bad)
    with refused("rate"):
        await enter(office, authenticator)
    actions.of(office.core).backoff = Backoff("100/minute", "1/minute")
    with refused("rate"):
        await actions.ask_passkey(office.core, visitor=Visitor(HERE.address), site=SITE)


async def test_nobody_without_access_gets_in_and_what_was_lost_is_taken_by_the_administrator(office: Office) -> None:
    core, leader = office.core, await office.acting(await office.enter())
    authenticator = await add(office, leader)
    listed = {each.person_id: each.passkeys for each in (await actions.accounts(core, actor=ADMINISTRATOR)).accounts}
    assert listed == {office.leader: 1, office.head: 0}
    assert (await actions.revoke_passkeys(core, office.leader, actor=ADMINISTRATOR)).passkeys == 0
    with refused("accounts.passkey_refused"):
        await enter(office, authenticator)
    assert await office.who(await office.enter()) is not None  # a lost telephone takes nothing else
    authenticator = await add(office, leader)
    await actions.reset(core, office.leader, actor=ADMINISTRATOR, origin=ORIGIN)
    with refused("accounts.passkey_refused"):
        await enter(office, authenticator)
    assert (await acts(office)).count("passkeys_revoked") == 2


async def test_who_was_revoked_stays_out_however_quick_the_finger(office: Office) -> None:
    authenticator = await add(office, await office.acting(await office.enter()))
    ask, browser = await asked(office)
    await actions.revoke(office.core, office.leader, actor=ADMINISTRATOR)
    with refused("accounts.passkey_refused"):
        command = SignInByPasskey(used=authenticator.use(ask))
        await actions.sign_in_by_passkey(office.core, command, browser=browser, site=SITE, visitor=HERE)


# ---- where they exist


async def test_an_address_without_https_says_so(office: Office) -> None:
    actor = await office.acting(await office.enter())
    assert not (await passkeys.passkeys(office.core, actor=actor, site=None)).offered
    assert not (await actions.options(office.core, site=None)).passkeys
    for ask in (
        passkeys.begin(office.core, PasskeyBegin(password=PASSWORD), actor=actor, site=None),
        actions.ask_passkey(office.core, visitor=HERE, site=None),
    ):
        with refused("accounts.no_passkeys_here"):
            await ask


async def test_what_nobody_answered_is_forgotten(office: Office) -> None:
    await asked(office)
    office.clock.advance(rules.PASSKEY_SECONDS)
    await asked(office)
    await passkeys.forget_over(office.core)
    assert len(await office.core.db.read(lambda read: read.rows(select(passkey_challenge)))) == 1


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://phien.example.vn", "phien.example.vn"),
        ("https://phien.example.vn:8443", "phien.example.vn"),
        ("http://localhost:8000", "localhost"),
        ("http://phien.localhost", "phien.localhost"),
        ("http://phien.example.vn", None),
        ("http://127.0.0.1:8000", None),
        ("https://192.0.2.7", None),
        ("https://[::1]:8000", None),
        ("", None),
    ],
)
def test_browsers_take_passkeys_at_a_name_behind_https_or_on_this_machine(address: str, name: str | None) -> None:
    found = site_at(address)
    assert (found.rp_id if found else None) == name
