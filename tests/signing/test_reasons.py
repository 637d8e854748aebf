"""Refusals and reasons that no other test names: each is met once by the file, key or clock that it is about."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from msgspec.structs import replace

from signing import SigningError, finish, prepare, sign, verify
from signing import bounded as bounds
from signing import verifying as judging
from signing.bounded import verify_files
from signing.engine import complete
from signing.signers import KeySigner, load_pkcs12
from tests.signing import attacks, papers
from tests.signing.authority import authority

ROOTS = (papers.pki().root_pem,)


def refusal(pdf: bytes, certificate: bytes = b"") -> str:
    key = papers.signer()
    with pytest.raises(SigningError) as refused:
        prepare(pdf, certificate=certificate or key.certificate, chain=key.chain)
    return refused.value.code


def hybrid(mention: bytes = b"") -> bytes:
    """A page whose cross-references are a table and, for readers that know them, a stream: ISO 32000-2, 7.5.8.4."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + mention + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        b"<</Type/XRef/Size 6/W[1 2 1]/Index[5 1]/Length 4>>\nstream\n\0\0\0\xff\nendstream",
    ]
    pdf, places = b"%PDF-1.5\n", [b"0000000000 65535 f \n"]
    for number, body in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(pdf)
    stream = int(places[-1].split()[0])
    pdf += b"xref\n0 5\n" + b"".join(places)
    return pdf + b"trailer\n<</Size 6/Root 1 0 R/XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n" % (stream, table)


# ------------------------------------------------------------------ refusals to sign


def test_a_file_of_two_minds_is_not_signed() -> None:
    assert refusal(hybrid()) == "pdf_hybrid"


def test_what_is_no_certificate_signs_nothing() -> None:
    assert refusal(papers.plain(), b"no certificate") == "certificate_unreadable"


def test_a_key_without_its_certificate_is_told() -> None:
    one = papers.person()
    certificate = x509.load_der_x509_certificate(one.certificate)
    for key, own in ((one.private_key(), None), (None, certificate)):
        held = pkcs12.serialize_key_and_certificates(b"x", key, own, None, NoEncryption())
        with pytest.raises(SigningError, match="p12_incomplete"):
            load_pkcs12(held, "")


def test_what_does_not_fit_into_its_hole_is_not_cut_off() -> None:
    key = papers.signer()
    half = prepare(papers.plain(), certificate=key.certificate, chain=key.chain)
    raw = complete(key.sign_raw(half.to_sign))
    with pytest.raises(SigningError, match="signature_too_large"):
        finish(replace(half, chain=(*half.chain, bytes(20_000))), raw)


# ------------------------------------------------------------------ reasons of a file


def test_a_signed_file_of_two_minds_is_never_valid() -> None:
    report = verify(hybrid(b"/Old<</ByteRange[0 1 2 3]>>"), trust_roots=ROOTS)
    assert (report.verdict, report.integrity) == ("invalid", "broken")
    assert report.reasons == ("hybrid_xref",)


def test_more_signatures_than_anybody_needs_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = papers.signed(papers.signed(papers.plain()))
    assert verify(twice, trust_roots=ROOTS).verdict == "valid"
    monkeypatch.setattr(judging, "MAX_SIGNATURES", 1)
    report = verify(twice, trust_roots=ROOTS)
    assert (report.verdict, report.reasons) == ("invalid", ("too_many_signatures",))


def test_a_signature_that_nobody_expects_is_named() -> None:
    report = verify(papers.signed(papers.plain()), trust_roots=ROOTS, expected_fields=[])
    assert report.reasons == ("unexpected_field",)


def test_what_a_bounded_child_says_of_a_file_beyond_its_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    path = tmp_path / "paper.pdf"
    path.write_bytes(papers.plain())

    def too_much(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(bounds, "verify", too_much)
    assert bounds._look(path, (), None).reasons == ("out_of_memory",)
    monkeypatch.setattr(bounds, "MAX_BYTES", 10)
    assert bounds._look(path, (), None).reasons == ("too_large",)


def test_a_child_that_dies_is_told_and_followed_by_another(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(papers.signed(papers.plain()))
    files = verify_files([str(path)] * 3)
    assert next(files)[1].verdict == "indeterminate"
    (child,) = multiprocessing.active_children()
    child.kill()
    assert next(files)[1].reasons == ("crashed",)
    assert next(files)[1].verdict == "indeterminate"


# ------------------------------------------------------------------ reasons of a signature


@pytest.mark.parametrize(
    ("name", "reason"),
    [("range short", "not_covered"), ("range overlapping", "byte_range_odd"), ("rewritten", "byte_range_odd")],
)
def test_what_is_wrong_about_the_range_is_told(name: str, reason: str) -> None:
    report = verify(attacks.ATTACKS[name][0](papers.signed(papers.form())), trust_roots=ROOTS)
    assert reason in report.signatures[0].reasons


def test_a_file_that_its_readers_cannot_read_is_told_so() -> None:
    assert "unreadable" in verify(attacks.truncated(papers.signed(papers.form())), trust_roots=ROOTS).reasons


def test_a_time_stamp_of_nobody_who_is_trusted_counts_as_absent() -> None:
    with authority() as house:
        paper = complete(sign(papers.plain(), house.signer(), level="B-T", services=house.services()))
    (one,) = verify(paper, trust_roots=ROOTS).signatures
    assert {"timestamp_untrusted", "issuer_untrusted"} <= set(one.reasons)
    assert (one.stamped_time, one.trusted) == (None, False)


def test_what_the_author_forbade_and_somebody_did_is_told() -> None:
    report = verify(attacks.fill(papers.certified(papers.form()), "1"), trust_roots=ROOTS, fillable=["SoVanBan"])
    assert report.verdict == "invalid"
    assert "lock_broken" in report.signatures[0].reasons


def test_a_certificate_with_demands_that_its_way_does_not_meet_is_not_trusted() -> None:
    one = papers.pki().person("Nguyễn Văn Lạ", extensions=[x509.PolicyConstraints(0, None)])
    paper = papers.signed(papers.plain(), KeySigner(one.private_key(), one.certificate, one.chain))
    report = verify(paper, trust_roots=ROOTS)
    assert (report.verdict, report.signatures[0].reasons) == ("indeterminate", ("trust_unclear",))
