"""Keys of persons and bodies behind one door: files, tokens, services; the level of what is signed with them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from server.config_signing import Service as ServicePlace
from server.config_signing import Signing, Token
from server.core.access import SYSTEM, Role
from server.core.errors import DomainError
from server.directory import actions as directory
from server.signatures import actions
from server.signatures.actions import keys
from server.signatures.actions.keys import listing
from server.signatures.wire import Sign, SigningAsk
from signing.demo_ink import draw_signature
from signing.signers import Signer
from tests.signatures.conftest import ADMINISTRATOR, PASSWORD, Stage, name_of
from tests.signing.authority import authority as services
from tests.signing.test_keys import Service, served
from tests.support import softhsm
from tests.support.house import actor

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core


def refused(code: str) -> Any:
    return pytest.raises(DomainError, match=code)


def configured(core: Core, **signing: Any) -> Core:
    """The same house with another configuration of signing."""
    return dataclasses.replace(core, config=msgspec.structs.replace(core.config, signing=Signing(**signing)))


async def body_name(core: Core, stage: Stage) -> str:
    return (await core.db.read(lambda read: directory.body_names(read, [stage.people.body])))[stage.people.body]


def clerk_of(stage: Stage) -> Actor:
    return actor(stage.stranger.person_id, Role.CLERK, body=stage.people.body)


# ---- seals


async def test_the_seal_of_a_body_opens_for_its_clerk_alone(core: Core, stage: Stage) -> None:
    name, body = await body_name(core, stage), stage.people.body
    p12, picture = stage.pki.person(name, rsa_bits=2048).pkcs12(PASSWORD), draw_signature("Dấu")
    with refused("signatures.seal_size"):
        await keys.enrol_seal(core, body, p12, PASSWORD, picture, width_mm=360, actor=ADMINISTRATOR)
    with refused("signatures.other_name"):
        other = stage.pki.person("Cơ quan khác").pkcs12(PASSWORD)
        await keys.enrol_seal(core, body, other, PASSWORD, picture, width_mm=36, actor=ADMINISTRATOR)
    for who in (clerk_of(stage), stage.secretary, stage.chair):
        with refused("denied|not_found"):
            await keys.enrol_seal(core, body, p12, PASSWORD, picture, width_mm=36, actor=who)
    given = await keys.enrol_seal(core, body, p12, PASSWORD, picture, width_mm=36, actor=ADMINISTRATOR)
    assert (given.holder, given.image) == (name, True)
    key, signer = await keys.signer_for(core, keys.body(body), actor=clerk_of(stage), secret=PASSWORD)
    assert (key.image_width_mm, signer.certificate) == (36, key.certificate)
    assert await core.blobs.exists(key.image_sha256 or "")
    elsewhere = actor(stage.stranger.person_id, Role.CLERK, body="another")
    for who in (stage.secretary, stage.chair, ADMINISTRATOR, elsewhere):
        with refused("denied"):
            await keys.signer_for(core, keys.body(body), actor=who, secret=PASSWORD)


async def test_a_body_sees_what_it_signs_with_and_whether_it_is_there(core: Core, stage: Stage) -> None:
    name, body = await body_name(core, stage), stage.people.body
    identity = stage.pki.person(name)
    p12 = identity.pkcs12(PASSWORD)
    await keys.enrol_seal(core, body, p12, PASSWORD, draw_signature("Dấu"), width_mm=36, actor=ADMINISTRATOR)
    told = (await listing.of_body(core, body, actor=clerk_of(stage))).seal
    assert told is not None
    assert (told.holder, told.kept, told.reachable, told.why, told.width_mm) == (name, "file", True, "", 36)
    for who in (stage.secretary, stage.chair):
        with refused("denied|not_found"):
            await listing.of_body(core, body, actor=who)
    module, label = softhsm.token({"con-dau": identity}, {f"above-{n}": der for n, der in enumerate(identity.chain)})
    there = configured(core, tokens={"van-phong": Token(module=module, token=label)})
    await keys.enrol_stored(
        there, keys.body(body), "van-phong", "con-dau", softhsm.PIN, None, width_mm=36, actor=ADMINISTRATOR
    )
    told = (await listing.of_body(there, body, actor=ADMINISTRATOR)).seal
    assert told is not None
    assert (told.kept, told.place, told.name, told.reachable) == ("token", "van-phong", "con-dau", True)
    gone = configured(core, tokens={"van-phong": Token(module=module, token="khong-co")})
    for house in (gone, core):
        told = (await listing.of_body(house, body, actor=ADMINISTRATOR)).seal
        assert told is not None
        assert (told.reachable, bool(told.why)) == (False, True)


async def test_nobody_opens_the_key_of_somebody_else(core: Core, stage: Stage) -> None:
    holder = keys.person(stage.chair.person_id)
    for who in (stage.official, stage.secretary, ADMINISTRATOR, actor(SYSTEM)):
        with refused("denied"):
            await keys.signer_for(core, holder, actor=who, secret=PASSWORD)
    assert await keys.signer_for(core, holder, actor=stage.chair, secret=PASSWORD)


# ---- tokens


async def test_a_key_on_a_token_signs_and_its_pin_is_never_kept(core: Core, stage: Stage) -> None:
    name = await name_of(core, stage.chair.person_id)
    held = {"chu-tich": stage.pki.person(name), "khac": stage.pki.person("Ai Khác")}
    chain = {f"above-{n}": der for n, der in enumerate({der for one in held.values() for der in one.chain})}
    module, label = softhsm.token(held, chain)
    core = configured(core, tokens={"van-phong": Token(module=module, token=label)})
    (core.config.data_dir / ".phien-demo").unlink()  # what is on a token needs no demo
    holder = keys.person(stage.chair.person_id)

    async def give(place: str, label: str, pin: str = softhsm.PIN) -> Any:
        return await keys.enrol_stored(core, holder, place, label, pin, None, actor=ADMINISTRATOR)

    with refused("signatures.store_gone"):
        await give("khong-co", "chu-tich")
    with refused("signing.pin_wrong"):
        await give("van-phong", "chu-tich", "0000")
    with refused("signing.key_missing"):
        await give("van-phong", "khong-co")
    with refused("signatures.other_name"):
        await give("van-phong", "khac")
    assert (await give("van-phong", "chu-tich")).holder == name
    asked = await actions.ask(
        core, stage.paper.id, SigningAsk(official_id=stage.chair.person_id), actor=stage.secretary
    )
    with refused("signing.pin_wrong"):
        await actions.sign(core, asked.id, Sign(sha256=asked.sha256, password="1111"), actor=stage.chair)
    done = await actions.sign(
        core, asked.id, Sign(sha256=asked.sha256, password=softhsm.PIN), actor=stage.chair
    )  # fmt: skip
    report = (await actions.check_version(core, done.signed_version_id or "", actor=stage.chair)).report
    assert (report.verdict, report.signatures[0].signer) == ("valid", name)
    for _ in range(4):
        with refused("signing.pin_wrong|rate"):
            await keys.signer_for(core, holder, actor=stage.chair, secret="1111")
    with refused("rate"):
        await keys.signer_for(core, holder, actor=stage.chair, secret=softhsm.PIN)


# ---- remote services


async def test_a_key_at_a_service_signs(core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    name = await name_of(core, stage.official.person_id)
    service = Service(stage.pki.person(name))
    monkeypatch.setenv("KY_XA", "the")
    with served(service) as address:
        base = address.removeprefix("csc:").partition("?")[0]
        core = configured(core, services={"ky-xa": ServicePlace(address=base, bearer="env:KY_XA")})
        holder = keys.person(stage.official.person_id)
        await keys.enrol_stored(core, holder, "ky-xa", "con-dau", softhsm.PIN, None, actor=ADMINISTRATOR)
        _, signer = await keys.signer_for(core, holder, actor=stage.official, secret=softhsm.PIN)
        assert await _signs(signer)
        _, wrong = await keys.signer_for(core, holder, actor=stage.official, secret="0")
        with refused("signing.service_refused"):
            await _signs(wrong)
    with refused("signing.key_unreachable"):
        await keys.signer_for(core, holder, actor=stage.official, secret=softhsm.PIN)


async def _signs(signer: Signer) -> bytes:
    return await signer.sign_raw(b"1 paper")


# ---- levels


async def test_the_configured_level_is_made_and_fails_closed(core: Core, stage: Stage) -> None:
    with services() as made:
        name = await name_of(core, stage.chair.person_id)
        p12 = made.person(name).pkcs12(PASSWORD)
        await actions.enrol_pkcs12(core, stage.chair.person_id, p12, PASSWORD, None, actor=ADMINISTRATOR)
        await actions.add_root(core, "real", made.root)
        host = made.address.removeprefix("http://")
        core = configured(core, level="B-LT", tsa=f"{made.address}/tsa", hosts=(host,))
        asked = await actions.ask(
            core, stage.paper.id, SigningAsk(official_id=stage.chair.person_id), actor=stage.secretary
        )
        command = Sign(sha256=asked.sha256, password=PASSWORD)
        made.down.add("/tsa")
        with refused("signing.tsa_unreachable"):
            await actions.sign(core, asked.id, command, actor=stage.chair)
        made.down = {"/ocsp", "/issuing.crl", "/root.crl"}
        with refused("signing.revocation_unknown"):
            await actions.sign(core, asked.id, command, actor=stage.chair)
        assert (await actions.view(core, asked.id, actor=stage.chair)).state == "waiting"
        made.down.clear()
        done = await actions.sign(core, asked.id, command, actor=stage.chair)
        report = (await actions.check_version(core, done.signed_version_id or "", actor=stage.chair)).report
        assert (report.verdict, report.signatures[0].level) == ("valid", "B-LT")
