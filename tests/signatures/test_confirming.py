"""Before a tablet signs: a passkey is asked for what is about to be signed, and its answer is kept as evidence."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from fido2.webauthn import AttestedCredentialData

from server.accounts import actions as accounts
from server.accounts.actions import passkeys
from server.accounts.actions.addresses import site_at
from server.accounts.wire import AccountGive, PasskeyBegin
from server.signatures.actions.keys import halves, tablets
from server.signatures.rules import keys as rules
from server.signatures.wire import TabletFinish, TabletPrepare
from tests.accounts.conftest import ADMINISTRATOR, events
from tests.signatures.conftest import PASSWORD
from tests.signatures.test_tablets import _asking, authority, enrolled, minutes, refused
from tests.support.authenticator import PRESENT, Authenticator

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.core.context import Core
    from server.signatures.wire import SigningRequest, TabletPrepared
    from tests.signatures.conftest import Stage
    from tests.signatures.test_tablets import Tablet

ORIGIN = "https://phien.example"
SITE = site_at(ORIGIN)


@dataclasses.dataclass
class Signing:
    """A tablet whose person has a passkey, and minutes that wait for both."""

    core: Core
    tablet: Tablet
    passkey: Authenticator
    asked: SigningRequest

    async def prepare(self, password: str = "") -> TabletPrepared:
        command = TabletPrepare(sha256=self.asked.sha256, key_id=self.tablet.key_id, password=password)
        return await halves.prepare(self.core, self.asked.id, command, actor=self.tablet.who, site=SITE)

    async def finish(self, half: TabletPrepared, by: Authenticator | None, **changed: Any) -> SigningRequest:
        used = by.use(half.ask, **changed) if by and half.ask else None
        command = TabletFinish(token=half.token, signature=self.tablet.sign(half.to_sign), used=used)
        return await halves.finish(self.core, self.asked.id, command, actor=self.tablet.who, site=SITE)


@pytest.fixture
async def signing(core: Core, stage: Stage) -> Signing:
    core = _asking(core, "either")
    await authority(core, stage)
    tablet = await enrolled(core, stage, stage.member)
    given = AccountGive(user="thanh.vien", grants=())
    await accounts.give_with_password(core, tablet.who.person_id, given, PASSWORD, actor=ADMINISTRATOR)
    offer = await passkeys.begin(core, PasskeyBegin(password=PASSWORD), actor=tablet.who, site=SITE)
    passkey = Authenticator(ORIGIN)
    await passkeys.add(core, passkey.make(offer), actor=tablet.who, site=SITE)
    (asked,) = await minutes(core, stage, tablet.who)
    return Signing(core, tablet, passkey, asked)


async def test_a_passkey_confirms_just_what_is_signed_and_is_kept_as_evidence(signing: Signing) -> None:
    assert (await tablets.mine(signing.core, actor=signing.tablet.who, site=SITE)).step_up == "passkey"
    half = await signing.prepare()
    assert (await signing.finish(half, signing.passkey)).state == "signed"
    (kept,) = [
        each for each in await events(signing.core, "x:signatures") if each["name"] == "signatures.tablet_confirmed"
    ]
    # By what is kept alone: the passkey's public key verifies, and the challenge names the paper and what was signed.
    had = {name: base64.b64decode(kept[name]) for name in ("to_sign", "nonce", "client_data", "authenticator_data")}
    challenge = rules.confirmation(had["nonce"], signing.asked.sha256, had["to_sign"])
    said = msgspec.json.decode(had["client_data"])["challenge"]
    assert base64.urlsafe_b64decode(said + "=") == challenge
    key = AttestedCredentialData(base64.b64decode(kept["credential"])).public_key
    signed = had["authenticator_data"] + hashlib.sha256(had["client_data"]).digest()
    key.verify(signed, base64.b64decode(kept["signature"]))
    assert (kept["person_id"], kept["sha256"], had["to_sign"]) == (
        signing.tablet.who.person_id, signing.asked.sha256, half.to_sign,
    )  # fmt: skip


async def test_nothing_is_signed_without_it(signing: Signing) -> None:
    half = await signing.prepare(password=PASSWORD)  # the password is no way round for who has a passkey
    with refused("signatures.step_up_passkey"):
        await signing.finish(half, None)
    wrong: list[Callable[[Authenticator], Authenticator]] = [
        lambda _: Authenticator(ORIGIN),
        lambda mine: dataclasses.replace(mine, origin="https://evil.example"),
        lambda mine: dataclasses.replace(mine, flags=PRESENT),
        lambda mine: dataclasses.replace(mine, key=Authenticator(ORIGIN).key),
    ]
    for spoil in wrong:
        with refused("accounts.passkey_refused"):
            await signing.finish(half, spoil(signing.passkey))
    assert (await signing.finish(half, signing.passkey)).state == "signed"


async def test_what_was_confirmed_for_one_signature_is_good_for_no_other(signing: Signing) -> None:
    first = await signing.prepare()
    second = await signing.prepare()
    assert first.ask is not None
    assert second.ask is not None
    assert first.ask.challenge != second.ask.challenge
    with refused("accounts.passkey_refused"):
        await signing.finish(second, signing.passkey, challenge=first.ask.challenge)
    ask, _browser, _ = await accounts.ask_passkey(signing.core, visitor=accounts.Visitor(""), site=SITE)
    with refused("accounts.passkey_refused"):
        await signing.finish(second, signing.passkey, challenge=ask.challenge)


async def test_finishing_again_asks_nobody_again(signing: Signing) -> None:
    half = await signing.prepare()
    assert half.ask is not None
    signature = signing.tablet.sign(half.to_sign)
    command = TabletFinish(token=half.token, signature=signature, used=signing.passkey.use(half.ask))
    for _ in range(2):
        done = await halves.finish(signing.core, signing.asked.id, command, actor=signing.tablet.who, site=SITE)
        assert done.state == "signed"


@pytest.mark.parametrize(
    ("step_up", "has", "asked"),
    [
        ("either", True, "passkey"), ("either", False, "password"), ("passkey", False, "passkey"),
        ("password", True, "password"), ("off", True, "off"),
    ],
)  # fmt: skip
def test_what_is_asked_follows_the_configuration(step_up: Any, *, has: bool, asked: str) -> None:
    assert rules.asked_of(step_up, has_passkey=has) == asked


async def test_where_only_passkeys_are_taken_who_has_none_is_told_to_add_one(signing: Signing) -> None:
    signing.core = _asking(signing.core, "passkey")
    held = await passkeys.passkeys(signing.core, actor=signing.tablet.who, site=SITE)
    await passkeys.remove(signing.core, held.passkeys[0].id, actor=signing.tablet.who, site=SITE)
    with refused("signatures.no_passkey"):
        await signing.prepare(password=PASSWORD)
