"""Keys of tablets: asked for, approved, revoked; minutes that several sign with them; papers signed elsewhere."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from server.accounts import actions as accounts
from server.accounts.wire import AccountGive
from server.config import DEMO_MARKER
from server.core.access import Role
from server.core.errors import DomainError
from server.documents import actions as documents
from server.signatures import actions, store
from server.signatures.actions import opening, trust, uploading
from server.signatures.actions.keys import authorities, halves, tablets
from server.signatures.rules import keys as rules
from server.signatures.wire import (
    DossierOpen,
    SigningRequest,
    StepAsk,
    TabletFinish,
    TabletKey,
    TabletKeyAsk,
    TabletKeyRefuse,
    TabletPrepare,
)
from signing import sign as sign_elsewhere
from signing.demo_pki import Identity, make_demo_pki
from signing.signers import KeySigner
from tests.signatures.conftest import ADMINISTRATOR, PASSWORD, Stage, name_of
from tests.signing import papers
from tests.support.house import actor, resending
from tests.support.sitting import Watch

if TYPE_CHECKING:
    from pathlib import Path

    from server.config_signing import StepUp
    from server.core.access import Actor
    from server.core.context import Core


@pytest.fixture
def core(core: Core) -> Core:
    """Nobody is asked for a password, but where that is what is tested."""
    return _asking(core, "off")


def _asking(core: Core, step_up: StepUp) -> Core:
    signing = msgspec.structs.replace(core.config.signing, step_up=step_up)
    return dataclasses.replace(core, config=msgspec.structs.replace(core.config, signing=signing))


def refused(code: str) -> Any:
    return pytest.raises(DomainError, match=code)


@dataclass
class Tablet:
    """What a browser does: a key that nobody else has."""

    who: Actor
    key: ec.EllipticCurvePrivateKey
    key_id: str = ""

    def request(self, name: str = "Ai cũng được") -> bytes:
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def sign(self, data: bytes) -> bytes:
        r, s = decode_dss_signature(self.key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def tablet_of(who: Actor) -> Tablet:
    return Tablet(who, ec.generate_private_key(ec.SECP256R1()))


def blank() -> bytes:
    """Two pages A4 with nothing on them: what a paper is made of is looked at elsewhere."""
    with pikepdf.new() as pdf:
        for _ in range(2):
            pdf.add_blank_page(page_size=papers.A4)
        return papers.saved(pdf)


def clerk_of(stage: Stage) -> Actor:
    return actor(stage.stranger.person_id, Role.CLERK, body=stage.people.body)


async def authority(core: Core, stage: Stage) -> None:
    made = make_demo_pki("UBND thành phố")
    p12 = made.issuing.pkcs12(PASSWORD)
    await authorities.name_file(core, stage.people.body, p12, PASSWORD, actor=ADMINISTRATOR)
    await actions.add_root(core, "tablets", made.root_pem.split(b"-----BEGIN X509 CRL-----")[0] + _root_list(made.root))


def _root_list(root: Identity) -> bytes:
    from signing.demo_pki import withdrawn

    return withdrawn(root)


async def ask(core: Core, stage: Stage, tablet: Tablet) -> TabletKey:
    command = TabletKeyAsk(body_id=stage.people.body, request=tablet.request())
    asked = await tablets.ask(core, command, actor=tablet.who)
    tablet.key_id = asked.id
    return asked


async def enrolled(core: Core, stage: Stage, who: Actor) -> Tablet:
    tablet = tablet_of(who)
    await ask(core, stage, tablet)
    await tablets.approve(core, tablet.key_id, actor=clerk_of(stage))
    return tablet


async def minutes(core: Core, stage: Stage, *people: Actor, kind: Any = "minutes") -> list[SigningRequest]:
    """A paper that these sign in any order, put before them."""
    paper = await documents.publish_bytes(
        core, stage.item.id, blank(), "Biên bản họp", "paper", stage.secretary, never_rewrite=True
    )
    steps = tuple(StepAsk(act="sign", rank=1, person_id=one.person_id) for one in people)
    opened = await opening.open_dossier(
        core, paper.id, DossierOpen(paper_kind=kind, steps=steps), actor=stage.secretary
    )  # fmt: skip
    sent = await opening.submit(core, opened.id, actor=stage.secretary)
    assert sent.state == "signing", sent.findings
    return [await request_of(core, one) for one in people]


async def request_of(core: Core, who: Actor) -> SigningRequest:
    return next(one for one in (await actions.inbox(core, actor=who)).requests if one.state == "waiting")


async def prepare(core: Core, tablet: Tablet, request: SigningRequest, **given: Any) -> Any:
    command = TabletPrepare(**{"sha256": request.sha256, "key_id": tablet.key_id, **given})
    return await halves.prepare(core, request.id, command, actor=tablet.who)


async def finish(core: Core, tablet: Tablet, request: SigningRequest, half: Any) -> SigningRequest:
    command = TabletFinish(token=half.token, signature=tablet.sign(half.to_sign))
    return await halves.finish(core, request.id, command, actor=tablet.who)


async def sign(core: Core, tablet: Tablet) -> SigningRequest:
    request = await request_of(core, tablet.who)
    return await finish(core, tablet, request, await prepare(core, tablet, request))


# ---- enrolling


async def test_a_clerk_approves_and_the_owner_revokes(core: Core, stage: Stage, watch: Watch) -> None:
    with refused("signatures.no_authority"):
        await ask(core, stage, tablet_of(stage.member))
    await authority(core, stage)
    tablet, clerk = tablet_of(stage.member), clerk_of(stage)
    asked = await ask(core, stage, tablet)
    assert (asked.state, asked.person_name) == ("waiting", await name_of(core, stage.member.person_id))
    assert f"u:{stage.member.person_id}" in await watch.check()
    with refused("signatures.key_taken"):
        await ask(core, stage, tablet)
    assert [one.id for one in (await tablets.listed(core, actor=clerk)).keys] == [asked.id]
    for other in (stage.member, stage.secretary, stage.chair, actor("x", Role.CLERK, body="another")):
        with refused("denied|not_found"):
            await tablets.approve(core, asked.id, actor=other)
        with refused("denied|not_found"):
            await tablets.refuse(core, asked.id, TabletKeyRefuse(), actor=other)
    valid = await tablets.approve(core, asked.id, actor=clerk)
    assert (valid.state, valid.valid_until is not None) == ("valid", True)
    await watch.check()
    with refused("signatures.key_decided"):
        await tablets.approve(core, asked.id, actor=clerk)
    for other in (stage.secretary, stage.chair):
        with refused("denied|not_found"):
            await tablets.revoke(core, asked.id, actor=other)
    assert (await tablets.revoke(core, asked.id, actor=stage.member)).state == "revoked"
    await watch.check()
    listed = x509.load_der_x509_crl(await authorities.published(core, stage.people.body))
    serial = (await _certificate(core, asked.id)).serial_number
    assert listed.get_revoked_certificate_by_serial_number(serial) is not None


async def _certificate(core: Core, key_id: str) -> x509.Certificate:
    key = await core.db.read(lambda read: store.key(read, key_id))
    assert key is not None
    return x509.load_der_x509_certificate(key.certificate)


async def test_what_is_no_request_or_ones_own_is_refused(core: Core, stage: Stage) -> None:
    await authority(core, stage)
    tablet, clerk = tablet_of(stage.member), clerk_of(stage)
    broken = bytearray(tablet.request())
    broken[-3] ^= 1
    with refused("signing.request_invalid"):
        await tablets.ask(core, TabletKeyAsk(body_id=stage.people.body, request=bytes(broken)), actor=stage.member)
    own = tablet_of(clerk)
    await ask(core, stage, own)
    with refused("signatures.key_own"):
        await tablets.approve(core, own.key_id, actor=clerk)
    first = await ask(core, stage, tablet)
    second = await ask(core, stage, tablet_of(stage.member))
    states = {one.id: one.state for one in (await tablets.mine(core, actor=stage.member)).keys}
    assert states == {first.id: "replaced", second.id: "waiting"}
    assert (await tablets.refuse(core, second.id, TabletKeyRefuse(remarks="Máy lạ"), actor=clerk)).remarks == "Máy lạ"
    not_one = make_demo_pki().person("Không phải CA").pkcs12(PASSWORD)
    with refused("signing.certificate_wrong_purpose"):
        await authorities.name_file(core, stage.people.body, not_one, PASSWORD, actor=ADMINISTRATOR)
    with refused("denied|not_found"):
        await authorities.name_file(core, stage.people.body, not_one, PASSWORD, actor=clerk)


# ---- several sign one paper


async def test_three_sign_the_minutes_in_any_order(
    core: Core, stage: Stage, watch: Watch, tmp_path: Path
) -> None:  # fmt: skip
    (core.config.data_dir / DEMO_MARKER).unlink()  # minutes need no demo
    core = _trial(core)
    await authority(core, stage)
    signers = [await enrolled(core, stage, who) for who in (stage.chair, stage.member, _second(stage))]
    await minutes(core, stage, *(one.who for one in signers))
    for tablet in reversed(signers):
        await sign(core, tablet)
        await watch.check()
    done = (await actions.inbox(core, actor=stage.chair)).requests[0]
    report = (await actions.check_version(core, done.signed_version_id or "", actor=stage.secretary)).report
    assert (report.verdict, report.integrity, report.reasons) == ("valid", "intact", ())
    assert [one.field for one in report.signatures] == ["ChuKy3", "ChuKy2", "ChuKy1"]
    names = [await name_of(core, one.who.person_id) for one in reversed(signers)]
    assert [one.signer for one in report.signatures] == names
    if shutil.which("pdfsig") is not None:
        version = await core.db.read(lambda read: documents.check(read, stage.secretary, done.signed_version_id or ""))
        (tmp_path / "signed.pdf").write_bytes(await core.blobs.read(version.sha256))
        told = subprocess.run(
            ["pdfsig", "-nocert", str(tmp_path / "signed.pdf")], check=False, capture_output=True, text=True
        )
        assert told.stdout.count("Signature is Valid.") == 3


def _second(stage: Stage) -> Actor:
    return actor(stage.people.members[1])


def _trial(core: Core) -> Core:
    return dataclasses.replace(core, config=msgspec.structs.replace(core.config, allow_file_keys=True))


async def test_who_signs_meanwhile_makes_the_other_look_again(core: Core, stage: Stage) -> None:
    await authority(core, stage)
    one, other = [await enrolled(core, stage, who) for who in (stage.chair, stage.member)]
    asked, asked_other = await minutes(core, stage, one.who, other.who)
    half, half_other = await prepare(core, one, asked), await prepare(core, other, asked_other)
    await finish(core, one, asked, half)
    with refused("signatures.other_bytes|signatures.bytes_frozen"):
        await finish(core, other, asked_other, half_other)
    with refused("signatures.other_bytes"):
        await prepare(core, other, asked_other)
    assert (await sign(core, other)).state == "signed"


# ---- two halves


async def test_finishing_again_gives_the_first_answer(core: Core, stage: Stage) -> None:
    await authority(core, stage)
    tablet = await enrolled(core, stage, stage.chair)
    (asked,) = await minutes(core, stage, tablet.who)
    half = await prepare(core, tablet, asked)
    command = TabletFinish(token=half.token, signature=tablet.sign(half.to_sign))
    first = await halves.finish(core, asked.id, command, actor=resending(tablet.who))
    again = await halves.finish(core, asked.id, command, actor=resending(tablet.who))
    assert (first, first.state) == (again, "signed")
    with refused("signatures.session_other"):
        await finish(core, tablet, asked, half)  # ECDSA never makes the same signature twice
    assert await core.db.read(store.prepared) == set()


async def test_what_stops_the_second_half(core: Core, stage: Stage) -> None:
    await authority(core, stage)
    tablet, other = [await enrolled(core, stage, who) for who in (stage.chair, stage.member)]
    (asked,) = await minutes(core, stage, tablet.who)
    half = await prepare(core, tablet, asked)
    with refused("signing.signature_mismatch"):
        await halves.finish(
            core, asked.id, TabletFinish(token=half.token, signature=other.sign(half.to_sign)), actor=tablet.who
        )
    with refused("denied|not_found"):
        await halves.finish(
            core, asked.id, TabletFinish(token=half.token, signature=tablet.sign(half.to_sign)), actor=other.who
        )
    with refused("signatures.other_bytes"):
        await prepare(core, tablet, asked, sha256="0" * 64)
    with refused("signatures.key_not_valid"):
        await prepare(core, tablet, asked, key_id=other.key_id)
    with refused("signatures.session_gone"):  # preparing anew ends what was begun before
        fresh = await prepare(core, tablet, asked)
        await finish(core, tablet, asked, half)
    later = core.clock.now() + timedelta(seconds=rules.SESSION_SECONDS + 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(core.clock), "now", lambda _self: later)
        with refused("signatures.session_gone"):
            await finish(core, tablet, asked, fresh)
    half = await prepare(core, tablet, asked)
    await tablets.revoke(core, tablet.key_id, actor=clerk_of(stage))
    with refused("signatures.key_not_valid"):
        await finish(core, tablet, asked, half)
    assert (await actions.view(core, asked.id, actor=tablet.who)).state == "waiting"


async def test_who_holds_the_tablet_shows_that_it_is_they(core: Core, stage: Stage) -> None:
    await authority(core, stage)
    tablet = await enrolled(core, stage, stage.member)
    (asked,) = await minutes(core, stage, tablet.who)
    core = _asking(core, "password")
    assert (await tablets.mine(core, actor=tablet.who)).step_up == "password"
    with refused("not_found"):  # of no account there is a password
        await prepare(core, tablet, asked, password=PASSWORD)
    given = AccountGive(user="thanh.vien", grants=())
    await accounts.give_with_password(core, tablet.who.person_id, given, PASSWORD, actor=ADMINISTRATOR)
    with refused("signatures.step_up"):
        await prepare(core, tablet, asked)
    with refused("accounts.not_confirmed"):
        await prepare(core, tablet, asked, password=PASSWORD + "?")
    half = await prepare(core, tablet, asked, password=PASSWORD)
    assert (await finish(core, tablet, asked, half)).state == "signed"


async def test_wrong_passwords_of_a_tablet_are_counted(core: Core, stage: Stage) -> None:
    await authority(core, stage)
    tablet = await enrolled(core, stage, stage.member)
    (asked,) = await minutes(core, stage, tablet.who)
    core = _asking(core, "password")
    given = AccountGive(user="thanh.vien", grants=())
    await accounts.give_with_password(core, tablet.who.person_id, given, PASSWORD, actor=ADMINISTRATOR)
    for _ in range(5):
        with refused("accounts.not_confirmed"):
            await prepare(core, tablet, asked, password="sai")
    with refused("rate"):
        await prepare(core, tablet, asked, password=PASSWORD)


async def test_a_tablet_signs_no_decision_but_in_the_demo(core: Core, stage: Stage) -> None:
    await authority(core, stage)
    tablet = await enrolled(core, stage, stage.chair)
    (asked,) = await minutes(core, stage, tablet.who, kind="decision")
    (core.config.data_dir / DEMO_MARKER).unlink()
    with refused("signatures.tablet_key_refused"):
        await prepare(core, tablet, asked)
    (core.config.data_dir / DEMO_MARKER).touch()
    assert await prepare(core, tablet, asked)


def test_which_acts_a_tablet_may_do() -> None:
    rules.require_tablet_act("initial", "decision", demo=False)
    rules.require_tablet_act("sign", "minutes", demo=False)
    for kind in ("decision", "resolution", "letter", "invitation", "other"):
        with refused("signatures.tablet_key_refused"):
            rules.require_tablet_act("sign", kind, demo=False)
    for act in ("check", "approve", "number", "seal", "issue"):
        with refused("signatures.act_without_key"):
            rules.require_tablet_act(act, "minutes", demo=True)


async def test_a_signature_made_after_its_key_was_revoked_is_worth_nothing(core: Core, stage: Stage) -> None:
    await authority(core, stage)
    tablet = await enrolled(core, stage, stage.chair)
    await minutes(core, stage, tablet.who)
    done = await sign(core, tablet)
    check = await actions.check_version(core, done.signed_version_id or "", actor=stage.secretary)
    assert check.report.verdict == "valid"
    await tablets.revoke(core, tablet.key_id, actor=clerk_of(stage))
    check = await actions.check_version(core, done.signed_version_id or "", actor=stage.secretary)
    assert check.report.verdict == "invalid"  # without a time stamp nothing proves that it was made before
    assert "certificate_revoked" in check.report.signatures[0].reasons


async def test_the_list_is_made_anew_before_it_is_old(core: Core, stage: Stage) -> None:
    await authority(core, stage)
    first = await trust.authorities(core)
    later = core.clock.now() + authorities.FRESH + timedelta(minutes=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(core.clock), "now", lambda _self: later)
        second = await trust.authorities(core)
    assert first.roots[:-1] == second.roots[:-1]
    numbers = [_number(one.roots[-1]) for one in (first, second)]
    assert numbers[1] == numbers[0] + 1


def _number(pem: bytes) -> int:
    return x509.load_pem_x509_crl(pem).extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


# ---- signed elsewhere


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def test_a_paper_signed_elsewhere_is_taken_where_it_is_ours(core: Core, stage: Stage) -> None:
    (asked,) = await minutes(core, stage, stage.chair, kind="decision")
    base = await core.blobs.read(asked.sha256)
    own = stage.pki.person(await name_of(core, stage.chair.person_id))
    stranger = stage.pki.person("Ai Khác")
    signer, other = (KeySigner(one.private_key(), one.certificate, one.chain) for one in (own, stranger))

    async def bring(pdf: bytes, who: Actor = stage.chair) -> SigningRequest:
        return await uploading.upload(core, asked.id, _pieces(pdf), actor=who)

    with refused("signing.upload_not_ours"):
        await bring(await sign_elsewhere(papers.plain(3), signer))
    with refused("signing.upload_unsigned"):
        await bring(base)
    with refused("signing.upload_invalid"):
        await bring(await sign_elsewhere(base, papers.stranger()))
    with refused("signatures.upload_other_signer"):
        await bring(await sign_elsewhere(base, other))
    with refused("denied|not_found"):
        await bring(await sign_elsewhere(base, signer), stage.member)
    signed = await sign_elsewhere(base, signer)
    done = await bring(signed)
    version = await core.db.read(lambda read: documents.check(read, stage.chair, done.signed_version_id or ""))
    assert (done.state, version.sha256) == ("signed", hashlib.sha256(signed).hexdigest())
    with refused("signatures.signed"):
        await bring(signed)
