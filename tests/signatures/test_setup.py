"""Setting up what is signed with: keys found where the configuration says, pictures fit to be printed, who may."""

from __future__ import annotations

import dataclasses
import io
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFile
from sqlalchemy import select

from server.config_signing import Service as ServicePlace
from server.config_signing import Signing, Token
from server.core.access import Role
from server.core.errors import DomainError
from server.core.journal.tables import operation
from server.directory import actions as directory
from server.signatures import actions
from server.signatures.actions import keys
from server.signatures.actions.keys import enrolling, listing, pictures, stores
from server.signatures.child.pictures import AREA_MM, DENSITY, STRIP_MM, clean, printed
from server.signatures.wire import PictureLook, SealPicture, Sign, SignaturePicture, SigningAsk
from tests.signatures.conftest import ADMINISTRATOR, PASSWORD, Stage, name_of
from tests.signing.test_keys import Service, served
from tests.support import softhsm
from tests.support.house import actor

if TYPE_CHECKING:
    from pathlib import Path

    from server.core.access import Actor
    from server.core.context import Core

RED = (200, 30, 40)


def refused(code: str) -> Any:
    return pytest.raises(DomainError, match=code)


def configured(core: Core, **signing: Any) -> Core:
    return dataclasses.replace(core, config=msgspec.structs.replace(core.config, signing=Signing(**signing)))


def clerk_of(stage: Stage) -> Actor:
    return actor(stage.stranger.person_id, Role.CLERK, body=stage.people.body)


def scan(size: int = 600, kind: str = "JPEG") -> bytes:
    """A red ring on paper, as a scanner gives it: with a margin, and with words of the program in the file."""
    sheet = Image.new("RGB", (size + 200, size + 100), (250, 249, 246))
    ImageDraw.Draw(sheet).ellipse((100, 50, 100 + size, 50 + size), outline=RED, width=max(1, size // 20))
    out = io.BytesIO()
    sheet.save(out, kind, **({"comment": b"ai quet", "quality": 95} if kind == "JPEG" else {}))
    return out.getvalue()


# ---- pictures


def test_a_scan_loses_its_paper_its_margin_and_its_words() -> None:
    made = clean(scan())
    image = Image.open(io.BytesIO(made.png))
    assert made.pixels == image.size
    assert abs(image.width - 600) < 12
    assert abs(image.height - 600) < 12
    clear = image.getchannel("A").tobytes()
    assert clear[image.height // 2 * image.width + image.width // 2] == 0
    assert clear[15 * image.width + image.width // 2] > 200
    assert b"ai quet" not in made.png
    assert clean(made.png).pixels == made.pixels  # taken again, the same


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7", "picture_unreadable"),
        (scan()[:3000], "picture_unreadable"),
        (scan(100), "picture_coarse"),
        (scan(3000, "PNG"), "picture_unreadable"),
    ],
)
def test_what_cannot_be_printed_is_refused(data: bytes, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    with refused(f"signatures.{code}"):
        clean(data)


def test_paper_alone_is_no_picture() -> None:
    out = io.BytesIO()
    Image.new("RGB", (400, 400), "white").save(out, "PNG")
    with refused("signatures.picture_empty"):
        clean(out.getvalue())


@pytest.mark.parametrize("width", [30.0, 36.0])
def test_a_seal_is_shown_at_its_size_over_a_third_of_the_signature(width: float) -> None:
    hand = Image.new("RGBA", (620, 280), (20, 40, 160, 255))
    out = io.BytesIO()
    hand.save(out, "PNG")
    strip = Image.open(io.BytesIO(printed(clean(scan()).png, "seal", width, out.getvalue(), ("TM. CƠ QUAN",), "Tên")))
    assert strip.width == STRIP_MM[0] * DENSITY
    red, green, _blue = strip.convert("RGB").split()
    ink = ImageChops.multiply(red.point(lambda v: 255 * (v > 150)), green.point(lambda v: 255 * (v < 110)))
    box = ink.getbbox()
    assert box is not None
    left, _top, right_px, _bottom = box
    assert abs((right_px - left) / DENSITY - width) < 1.0
    right = right_px / DENSITY
    left_of_hand = (STRIP_MM[0] - AREA_MM[0]) / 2
    assert abs(right - (left_of_hand + AREA_MM[0] / 3)) < 1.0


# ---- keys of the configuration


async def test_an_administrator_sees_the_keys_of_a_token_and_enrols_one_without_a_pin(core: Core, stage: Stage) -> None:
    name = await name_of(core, stage.official.person_id)
    held = {"pho-chu-tich": stage.pki.person(name), "ai-khac": stage.pki.person("Ai Khác")}
    chain = {f"above-{n}": der for n, der in enumerate({der for one in held.values() for der in one.chain})}
    module, label = softhsm.token(held, chain)
    core = configured(core, tokens={"van-phong": Token(module=module, token=label)})
    (store,) = (await stores.listed(core, actor=ADMINISTRATOR)).stores
    assert (store.name, store.kept, store.where, store.opens) == ("van-phong", "token", label, False)
    found = {one.name: one for one in (await stores.held(core, "van-phong", actor=ADMINISTRATOR)).keys}
    assert {"pho-chu-tich", "ai-khac", *chain} == set(found)
    assert (found["pho-chu-tich"].holder, found["pho-chu-tich"].usable) == (name, True)
    assert not found["above-0"].usable  # certifies others, signs nothing
    for who in (stage.secretary, clerk_of(stage), stage.official):
        with refused("denied|not_found"):
            await stores.listed(core, actor=who)
        with refused("denied|not_found"):
            await stores.held(core, "van-phong", actor=who)
    holder = keys.person(stage.official.person_id)
    with refused("signatures.other_name"):
        await keys.enrol_stored(core, holder, "van-phong", "ai-khac", "", None, actor=ADMINISTRATOR)
    with refused("signing.key_missing"):
        await keys.enrol_stored(core, holder, "van-phong", "khong-co", "", None, actor=ADMINISTRATOR)
    with refused("signatures.store_gone"):
        await stores.held(core, "khong-co", actor=ADMINISTRATOR)
    given = await keys.enrol_stored(core, holder, "van-phong", "pho-chu-tich", "", scan(), actor=ADMINISTRATOR)
    assert (given.holder, given.image) == (name, True)
    asked = await actions.ask(
        core, stage.paper.id, SigningAsk(official_id=stage.official.person_id), actor=stage.secretary
    )  # fmt: skip
    done = await actions.sign(
        core, asked.id, Sign(sha256=asked.sha256, password=softhsm.PIN), actor=stage.official
    )  # fmt: skip
    assert done.state == "signed"


async def test_the_keys_of_a_service_are_listed_by_their_certificates(core: Core, stage: Stage, tmp_path: Path) -> None:
    service = Service(stage.pki.person("Ủy ban nhân dân"))
    (tmp_path / "the").write_text("the\n")
    with served(service) as address:
        base = address.removeprefix("csc:").partition("?")[0]
        core = configured(core, services={"ky-xa": ServicePlace(address=base, bearer=f"file:{tmp_path / 'the'}")})
        (one,) = (await stores.held(core, "ky-xa", actor=ADMINISTRATOR)).keys
        assert (one.name, one.holder, one.usable) == ("con-dau", "Ủy ban nhân dân", True)
        service.fault = "disabled"
        assert (await stores.held(core, "ky-xa", actor=ADMINISTRATOR)).keys == ()
    with refused("signing.key_unreachable"):
        await stores.held(core, "ky-xa", actor=ADMINISTRATOR)


# ---- who changes what


async def test_the_clerk_changes_the_picture_of_the_seal_and_the_key_stays(core: Core, stage: Stage) -> None:
    body = stage.people.body
    name = (await core.db.read(lambda read: directory.body_names(read, [body])))[body]
    given = SealPicture(image=scan(), width_mm=34)
    with refused("signatures.no_key"):
        await pictures.change_seal(core, body, given, actor=clerk_of(stage))
    p12 = stage.pki.person(name).pkcs12(PASSWORD)
    await keys.enrol_seal(core, body, p12, PASSWORD, None, width_mm=36, actor=ADMINISTRATOR)
    before = (await listing.of_body(core, body, actor=clerk_of(stage))).seal
    assert before is not None
    assert before.width_mm is None
    for who in (stage.secretary, stage.chair, actor(stage.stranger.person_id, Role.CLERK, body="another")):
        with refused("denied|not_found"):
            await pictures.change_seal(core, body, given, actor=who)
        with refused("denied|not_found"):
            await pictures.look(core, body, PictureLook(picture="seal", image=scan()), actor=who)
    with refused("signatures.seal_size"):
        await pictures.change_seal(core, body, SealPicture(image=scan(), width_mm=340), actor=clerk_of(stage))
    await pictures.change_seal(core, body, given, actor=clerk_of(stage))
    after = (await listing.of_body(core, body, actor=clerk_of(stage))).seal
    assert after is not None
    assert (after.serial, after.width_mm) == (before.serial, 34)
    key, _ = await keys.signer_for(core, keys.body(body), actor=clerk_of(stage), secret=PASSWORD)
    assert await core.blobs.read(key.image_sha256 or "") == clean(scan()).png
    told = select(operation.c.body).where(operation.c.stream == enrolling.AUDIT_STREAM).order_by(operation.c.seq.desc())
    last = await core.db.read(lambda read: read.first(told))
    assert last is not None
    assert (key.image_sha256 or "").encode() in bytes(last.body)


async def test_a_picture_is_looked_at_before_it_is_kept(core: Core, stage: Stage) -> None:
    command = PictureLook(picture="seal", image=scan(), width_mm=36, person_id=stage.chair.person_id)
    looked = await pictures.look(core, stage.people.body, command, actor=clerk_of(stage))
    assert looked.image == clean(scan()).png
    assert Image.open(io.BytesIO(looked.printed)).width == looked.printed_mm[0] * DENSITY


async def test_administrators_see_who_has_a_key(core: Core, stage: Stage) -> None:
    found = (await listing.of_people(core, actor=ADMINISTRATOR)).keys
    assert {one.person_id for one in found} == {stage.chair.person_id, stage.official.person_id}
    assert all(one.kept == "file" and one.title and not one.image for one in found)
    for who in (stage.secretary, clerk_of(stage), stage.chair):
        with refused("denied|not_found"):
            await listing.of_people(core, actor=who)
        with refused("denied|not_found"):
            await pictures.change_signature(
                core, stage.chair.person_id, SignaturePicture(image=scan()), actor=who
            )  # fmt: skip
    await pictures.change_signature(core, stage.chair.person_id, SignaturePicture(image=scan()), actor=ADMINISTRATOR)
    found = (await listing.of_people(core, actor=ADMINISTRATOR)).keys
    assert [one.person_id for one in found if one.image] == [stage.chair.person_id]
