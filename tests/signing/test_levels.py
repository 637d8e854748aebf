"""B-T, B-LT, B-LTA: what lasts and why; a service that fails stops the signing and never makes a file valid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing import SigningError, sign, verify
from signing.engine import complete
from signing.levels import extend
from signing.report import Level
from signing.signers import Signer
from tests.signing import attacks, papers
from tests.signing.authority import Authority, authority
from tests.signing.foreign import openssl_accepts, pdfsig_accepts, qpdf_accepts

LATER = timedelta(days=800)  # signers' certificates have expired, the authorities' have not


@pytest.fixture(scope="module")
def started() -> Iterator[Authority]:
    with authority() as one:
        yield one


@pytest.fixture
def house(started: Authority) -> Authority:
    return started.well()


@lru_cache
def _signed(house: Authority, level: Level, rsa_bits: int = 0) -> bytes:
    signer = house.signer(house.person(rsa_bits=rsa_bits))
    return complete(sign(papers.form(), signer, level=level, services=house.services()))


def at_level(house: Authority, level: Level, rsa_bits: int = 0) -> bytes:
    paper = _signed(house, level, rsa_bits)
    house.asked.clear()
    return paper


def refusal(house: Authority, level: Level = "B-LT", signer: Signer | None = None, **services: Any) -> str:
    with pytest.raises(SigningError) as refused:
        complete(sign(papers.plain(), signer or house.signer(), level=level, services=house.services(**services)))
    return refused.value.code


# ------------------------------------------------------------------ what each level holds


@pytest.mark.parametrize(("level", "offline"), [
    ("B-B", "indeterminate"), ("B-T", "indeterminate"), ("B-LT", "valid"), ("B-LTA", "valid"),
])  # fmt: skip
def test_from_lt_on_the_file_proves_itself_without_any_network(house: Authority, level: Level, offline: str) -> None:
    paper = at_level(house, level)
    report = verify(paper, trust_roots=[house.root])
    assert (report.verdict, report.integrity, report.signatures[0].level) == (offline, "intact", level)
    assert house.asked == []
    assert verify(paper, services=house.services()).verdict == "valid"


@pytest.mark.parametrize(("level", "later"), [
    ("B-B", "indeterminate"), ("B-T", "valid"), ("B-LT", "valid"), ("B-LTA", "valid"),
])  # fmt: skip
def test_a_time_stamp_outlives_the_signers_certificate(house: Authority, level: Level, later: str) -> None:
    report = verify(at_level(house, level), trust_roots=[house.pki.root_pem], at=datetime.now(UTC) + LATER)
    assert report.verdict == later
    assert ("certificate_expired" in report.signatures[0].reasons) is (level == "B-B")
    assert (report.signatures[0].stamped_time is not None) is (level != "B-B")


def test_the_report_says_how_revocation_is_known_and_of_when(house: Authority) -> None:
    (one, stamp) = verify(at_level(house, "B-LTA"), trust_roots=[house.root]).signatures
    assert (one.revocation, one.revocation_source, one.stamped_by) == ("good", "ocsp", "Dấu thời gian")
    assert one.revocation_at is not None
    assert abs(one.revocation_at - datetime.now(UTC)) < timedelta(minutes=10)
    assert (stamp.kind, stamp.trusted, stamp.covers_whole_file) == ("timestamp", True, True)


@pytest.mark.parametrize("rsa_bits", [0, 2048])
def test_others_accept_what_we_made(house: Authority, tmp_path: Path, rsa_bits: int) -> None:
    paper = at_level(house, "B-LTA", rsa_bits)
    assert pdfsig_accepts(paper, tmp_path, house.pki, trusted=False)
    assert openssl_accepts(paper, tmp_path, house.pki)
    assert qpdf_accepts(paper, tmp_path)


def test_an_old_file_is_extended_and_its_bytes_stay(house: Authority) -> None:
    young = at_level(house, "B-B")
    old = extend(young, house.services(), "B-LTA")
    assert old.startswith(young)
    renewed = extend(old, house.services(), "B-LTA")
    assert renewed.startswith(old)
    report = verify(renewed, trust_roots=[house.root])
    assert (report.verdict, [one.kind for one in report.signatures]) == ("valid", ["signature", *["timestamp"] * 2])
    assert report.signatures[0].level == "B-LTA"


def test_a_later_signature_stays_valid_after_lasting_ones(house: Authority) -> None:
    paper = complete(
        sign(at_level(house, "B-LTA"), house.signer(house.person("Người sau")), level="B-LT", services=house.services())
    )
    report = verify(paper, trust_roots=[house.root])
    assert report.verdict == "valid"
    assert [one.kind for one in report.signatures] == ["signature", "timestamp", "signature"]


# ------------------------------------------------------------------ withdrawn certificates


def test_a_withdrawn_certificate_does_not_sign(house: Authority) -> None:
    one = house.person()
    house.revoke(one)
    levels: tuple[Level, ...] = ("B-B", "B-LTA")
    for level in levels:
        assert refusal(house, level, house.signer(one)) == "certificate_revoked"
    assert "/tsa" not in house.asked


def test_withdrawn_later_makes_an_unstamped_signature_worthless(house: Authority) -> None:
    one = house.person()
    paper = complete(sign(papers.plain(), house.signer(one), services=house.services()))
    house.revoke(one)
    report = verify(paper, services=house.services())
    assert (report.verdict, report.signatures[0].revocation) == ("invalid", "revoked")


def test_withdrawn_after_the_time_stamp_does_no_harm_and_before_it_does(house: Authority) -> None:
    one = house.person()
    paper = complete(sign(papers.plain(), house.signer(one), level="B-LT", services=house.services()))
    later = datetime.now(UTC) + timedelta(days=2)
    house.down = {"/ocsp"}
    house.revoke(one, later - timedelta(days=1))
    assert verify(paper, services=house.services(), at=later).verdict == "valid"
    house.revoke(one, later - timedelta(days=9))
    # The file itself holds an older answer that says "good": it must not hide the newer one.
    report = verify(paper, services=house.services(), at=later)
    assert (report.verdict, report.signatures[0].revocation) == ("invalid", "revoked")


def test_the_issuer_withdrawn(house: Authority) -> None:
    issuing = x509.load_der_x509_certificate(house.pki.issuing.certificate)
    house.revoked[issuing.serial_number] = datetime.now(UTC) - timedelta(days=1)
    assert refusal(house) == "certificate_revoked"


# ------------------------------------------------------------------ services that fail


@pytest.mark.parametrize("ways", [("ocsp",), ("crl",), ("ocsp", "crl")])
def test_nobody_answers_about_withdrawal(house: Authority, ways: tuple[str, ...]) -> None:
    signer = house.signer(house.person(ways=ways))
    paper = papers.signed(papers.plain(), signer)
    assert verify(paper, services=house.services()).verdict == "valid"
    house.down = {"/ocsp", "/issuing.crl", "/root.crl"}
    assert refusal(house, "B-B", signer) == "revocation_unknown"
    report = verify(paper, services=house.services())
    assert (report.verdict, report.signatures[0].revocation) == ("indeterminate", "unknown")
    assert "revocation_unknown" in report.signatures[0].reasons


def test_lists_step_in_for_the_responder(house: Authority) -> None:
    house.down = {"/ocsp"}
    report = verify(papers.signed(papers.plain(), house.signer()), services=house.services())
    assert (report.verdict, report.signatures[0].revocation_source) == ("valid", "crl")


def test_a_certificate_that_says_nothing_is_not_proven(house: Authority) -> None:
    paper = papers.signed(papers.plain(), house.signer(house.person(ways=())))
    assert verify(paper, services=house.services()).verdict == "indeterminate"
    assert verify(paper, trust_roots=[house.pki.root_pem]).verdict == "valid"


@pytest.mark.parametrize("fault", ["nonce", "imprint", "rubbish", "refused"])
@pytest.mark.parametrize("level", ["B-T", "B-LTA"])
def test_a_time_stamp_that_is_wrong_is_not_taken(house: Authority, fault: str, level: Level) -> None:
    house.fault = fault
    assert refusal(house, level) == ("tsa_refused" if fault == "refused" else "tsa_mismatch")


def test_no_time_stamp_no_file(house: Authority) -> None:
    house.down = {"/tsa"}
    assert refusal(house, "B-T") == "tsa_unreachable"
    assert refusal(house, "B-T", tsa="") == "tsa_missing"
    assert refusal(house, "B-T", tsa="http://127.0.0.1:9/tsa") == "tsa_unreachable"


def test_clocks_that_differ(house: Authority) -> None:
    house.ahead = timedelta(hours=1)
    assert refusal(house, "B-T") == "clock_skew"


def test_a_time_stamp_of_a_stranger(house: Authority) -> None:
    with authority() as other:
        assert refusal(house, "B-T", tsa=f"{other.address}/tsa") == "tsa_untrusted"


def test_the_signers_root_is_unknown(house: Authority) -> None:
    assert refusal(house, "B-B", papers.stranger()) == "issuer_untrusted"


# ------------------------------------------------------------------ nothing is asked because a file says so


def test_only_hosts_of_the_list_are_asked(house: Authority) -> None:
    assert refusal(house, "B-B", hosts=("ocsp.example.vn",)) == "revocation_unknown"
    report = verify(papers.signed(papers.plain(), house.signer()), services=house.services(hosts=("127.0.0.1",)))
    assert report.verdict == "indeterminate"
    assert house.asked == []


def test_a_strangers_file_makes_nobody_ask_even_an_allowed_host(house: Authority) -> None:
    with authority() as other:
        stranger = other.signer()
        named = house.services(hosts=(*house.services().hosts, *other.services().hosts))
        report = verify(papers.signed(papers.plain(), stranger), services=named)
        assert (report.verdict, other.asked, house.asked) == ("indeterminate", [], [])
    assert "issuer_untrusted" in report.signatures[0].reasons


def test_without_services_nothing_is_asked(house: Authority) -> None:
    verify(papers.signed(papers.plain(), house.signer()), trust_roots=[house.root])
    assert house.asked == []


# ------------------------------------------------------------------ certificates that must not have signed


@pytest.mark.parametrize(("more", "reason"), [
    ({"start": datetime.now(UTC) - timedelta(days=30), "days": 10}, "certificate_expired"),
    ({"start": datetime.now(UTC) + timedelta(days=5)}, "certificate_not_yet_valid"),
    ({"extensions": [x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])]}, "certificate_wrong_purpose"),
    ({"rsa_bits": 1024}, "weak_algorithm"),
])  # fmt: skip
def test_signed_all_the_same_by_another_program(house: Authority, more: dict[str, Any], reason: str) -> None:
    paper = attacks.sign_blindly(papers.plain(), house.person("Không được ký", **more))
    report = verify(paper, services=house.services())
    assert (report.verdict, report.integrity) == ("indeterminate", "intact")
    assert reason in report.signatures[0].reasons


def test_a_machines_certificate_does_not_sign(house: Authority) -> None:
    assert refusal(house, "B-B", house.signer(house.clock)) == "certificate_wrong_purpose"


def test_who_claims_a_time_to_come_is_not_believed(house: Authority) -> None:
    paper = complete(sign(papers.plain(), house.signer(), at=datetime.now(UTC) + timedelta(days=2)))
    report = verify(paper, services=house.services())
    assert report.verdict == "indeterminate"
    assert "time_contradicts" in report.signatures[0].reasons


# ------------------------------------------------------------------ forged time stamps


def _with_attributes(pdf: bytes, change: Any) -> bytes:
    start, end = attacks.hole_of(pdf)
    content = cms.ContentInfo.load(bytes.fromhex(pdf[start + 1 : end - 1].decode()))
    change(content["content"]["signer_infos"][0])
    made: bytes = content.dump(force=True)
    filling = made.hex().encode().ljust(end - start - 2, b"0")
    return pdf[: start + 1] + filling + pdf[end - 1 :]


def test_a_time_stamp_copied_from_another_file_breaks_the_signature(house: Authority) -> None:
    start, end = attacks.hole_of(at_level(house, "B-T", 2048))
    other = cms.ContentInfo.load(bytes.fromhex(at_level(house, "B-T", 2048)[start + 1 : end - 1].decode()))

    def copy(signer: cms.SignerInfo) -> None:
        signer["unsigned_attrs"] = other["content"]["signer_infos"][0]["unsigned_attrs"]

    report = verify(_with_attributes(at_level(house, "B-T"), copy), services=house.services())
    assert (report.verdict, report.integrity) == ("invalid", "broken")
    assert "timestamp_invalid" in report.signatures[0].reasons


def test_a_time_stamp_taken_away_leaves_an_ordinary_signature(house: Authority) -> None:
    def drop(signer: cms.SignerInfo) -> None:
        del signer["unsigned_attrs"]

    (one,) = verify(_with_attributes(at_level(house, "B-T"), drop), services=house.services()).signatures
    assert (one.level, one.stamped_time, one.integrity) == ("B-B", None, "intact")


def test_lasting_data_on_a_locked_seal_is_no_change_and_no_excuse(house: Authority) -> None:
    """Sealed with everything locked, then proofs and a time stamp: fine. The number changed behind them: not."""
    from tests.signing.sealed import sealed

    lasting = extend(sealed(house.signer(), house.signer(house.person("Con dấu"))), house.services(), "B-LTA")
    report = verify(lasting, trust_roots=[house.root])
    assert (report.verdict, report.reasons) == ("valid", ())
    forged = verify(attacks.fill(lasting, "99/QD-UBND"), trust_roots=[house.root])
    assert (forged.verdict, forged.integrity) == ("invalid", "modified")
