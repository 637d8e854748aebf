"""Judging files: good, bad, foreign and unsigned ones, and papers numbered and sealed after signing."""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, SigFieldSpec, append_signature_field
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing import SigningError, verify
from signing.demo_pki import make_demo_pki, withdrawn
from tests.signing import attacks, papers
from tests.signing.sealed import numbered, sealed

ROOTS = [papers.pki().root_pem]


def manifest() -> list[dict[str, str]]:
    file = papers.CORPUS / "MANIFEST.tsv"
    if not file.is_file():
        return []
    with file.open(encoding="utf-8") as rows:
        return [row for row in csv.DictReader(rows, delimiter="\t") if row["file"].endswith(".pdf")]


CORPUS = {row["file"]: row for row in manifest()}


# ------------------------------------------------------------------ trust


def test_without_roots_an_intact_file_is_indeterminate() -> None:
    report = verify(papers.signed(papers.plain()))
    assert (report.verdict, report.integrity) == ("indeterminate", "intact")
    assert "no_trust_roots" in report.signatures[0].reasons


def test_another_root_is_not_enough() -> None:
    report = verify(papers.signed(papers.plain()), trust_roots=[make_demo_pki().root_pem])
    assert (report.verdict, report.integrity) == ("indeterminate", "intact")
    assert "issuer_untrusted" in report.signatures[0].reasons


def test_roots_as_pem_der_or_several_in_a_file() -> None:
    signed = papers.signed(papers.plain())
    other = make_demo_pki()
    for roots in (
        [papers.pki().root.certificate, papers.pki().root_pem],
        [other.root_pem + papers.pki().root_pem],
        [other.root_pem, *ROOTS],
    ):
        assert verify(signed, trust_roots=roots).verdict == "valid"
    with pytest.raises(ValueError, match="no certificate"):
        verify(signed, trust_roots=[b"no certificate"])


def test_the_issuing_authority_may_be_the_root() -> None:
    (one,) = verify(papers.signed(papers.plain()), trust_roots=[papers.pki().issuing.certificate]).signatures
    assert one.trusted


def test_nobody_is_trusted_by_the_system_store(monkeypatch: pytest.MonkeyPatch) -> None:
    from pyhanko_certvalidator import registry

    def asked() -> Any:
        raise AssertionError("the system's roots were asked for")

    monkeypatch.setattr(registry, "_system_trust_roots", asked)
    assert verify(papers.signed(papers.plain())).verdict == "indeterminate"


@pytest.mark.parametrize(("later", "reason"), [(4000, "certificate_expired"), (-5, "certificate_not_yet_valid")])
def test_at_another_moment(later: int, reason: str) -> None:
    report = verify(papers.signed(papers.plain()), trust_roots=ROOTS, at=datetime.now(UTC) + timedelta(days=later))
    assert (report.verdict, report.integrity) == ("indeterminate", "intact")
    assert reason in report.signatures[0].reasons
    assert report.signatures[0].valid_when_claimed is True


def test_a_file_that_nobody_was_asked_about_is_not_valid() -> None:
    """The root alone, without its lists of withdrawn certificates."""
    report = verify(papers.signed(papers.plain()), trust_roots=[papers.pki().root.certificate])
    assert report.verdict == "indeterminate"
    assert (report.signatures[0].revocation, report.signatures[0].trusted) == ("unknown", True)
    assert "revocation_unknown" in report.signatures[0].reasons


def test_a_certificate_on_the_operators_list_is_withdrawn() -> None:
    one = papers.person("Bị thu hồi")
    serial = x509.load_der_x509_certificate(one.certificate).serial_number
    listed = withdrawn(papers.pki().issuing, {serial: datetime.now(UTC) - timedelta(hours=1)})
    roots = [papers.pki().root.certificate, withdrawn(papers.pki().root) + listed]
    report = verify(papers.signed(papers.plain(), papers.signer("Bị thu hồi")), trust_roots=roots)
    assert (report.verdict, report.signatures[0].revocation) == ("invalid", "revoked")
    assert report.signatures[0].reasons == ("certificate_revoked",)


def test_an_untrusted_first_and_a_trusted_second_is_no_forgery() -> None:
    paper = papers.signed(papers.signed(papers.plain(), papers.stranger()))
    assert verify(paper, trust_roots=ROOTS).verdict == "indeterminate"


# ------------------------------------------------------------------ expectations of the register


def test_unsigned() -> None:
    report = verify(papers.form(), trust_roots=ROOTS)
    assert (report.verdict, report.integrity, report.signatures) == ("unsigned", "none", ())


def test_a_file_that_should_be_signed_and_is_not_is_invalid() -> None:
    report = verify(papers.form(), expected_fields=["NguoiKy"])
    assert (report.verdict, report.reasons) == ("invalid", ("missing_field",))


@pytest.mark.parametrize(
    ("expected", "verdict"),
    [(["ChuKy1"], "valid"), (["ChuKy1", "ConDau"], "invalid"), ([], "invalid"), (None, "valid")],
)
def test_expected_fields(expected: list[str] | None, verdict: str) -> None:
    report = verify(papers.signed(papers.plain()), trust_roots=ROOTS, expected_fields=expected)
    assert report.verdict == verdict


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        ({"SoVanBan": "15/QD-UBND"}, ()),
        ({"SoVanBan": "16/QD-UBND"}, ("value_differs",)),
        ({"SoVanBan": "15/QD-UBND", "Khac": "1"}, ("value_differs",)),
    ],
)
def test_number_is_the_one_of_the_register(values: dict[str, str], reasons: tuple[str, ...]) -> None:
    paper = papers.signed(attacks.fill(papers.form(), "15/QD-UBND"))
    assert verify(paper, trust_roots=ROOTS, values=values).reasons == reasons


def test_a_paper_signed_elsewhere_begins_with_our_revision() -> None:
    base = papers.form()
    assert verify(papers.signed(base), trust_roots=ROOTS, base=base).verdict == "valid"
    other = papers.signed(papers.plain(), papers.signer())
    report = verify(other, trust_roots=ROOTS, base=base)
    assert (report.verdict, report.reasons) == ("invalid", ("not_our_revision",))


def test_free_entries_of_old_writers_are_read() -> None:
    """Generation 65536 in the table's first line: wrong by one, harmless, and found in real files."""
    old = papers.plain().replace(b"0000000000 65535 f", b"0000000000 65536 f", 1)
    assert b"65536 f" in old
    assert verify(papers.signed(old), trust_roots=ROOTS).verdict == "valid"
    worse = papers.plain().replace(b"0000000000 65535 f", b"0000000000 65537 f", 1)
    with pytest.raises(SigningError, match="pdf_unreadable"):
        papers.signed(worse)


# ------------------------------------------------------------------ numbering and sealing after the official signed


def test_between_number_and_seal_only_the_named_fields_may_be_filled() -> None:
    paper = numbered()
    allowed = verify(paper, trust_roots=ROOTS, fillable=["SoVanBan", "NgayBanHanh"])
    assert (allowed.verdict, allowed.reasons) == ("valid", ())
    assert [change.fields for change in allowed.signatures[0].changes] == [("SoVanBan",), ("NgayBanHanh",)]
    assert verify(paper, trust_roots=ROOTS, fillable=["SoVanBan"]).reasons == ("field_not_fillable",)
    assert verify(paper, trust_roots=ROOTS).reasons == ("filled_after_last_signature",)


def test_numbered_and_sealed_all_stay_valid() -> None:
    report = verify(sealed(), trust_roots=ROOTS, expected_fields=["NguoiKy", "ConDau"])
    assert (report.verdict, report.reasons) == ("valid", ())
    assert [one.integrity for one in report.signatures] == ["intact", "intact"]
    assert [change.kind for change in report.signatures[0].changes] == ["fields_filled", "fields_filled", "signature"]


def test_number_changed_after_the_seal() -> None:
    report = verify(attacks.fill(sealed(), "99/QD-UBND"), trust_roots=ROOTS)
    assert (report.verdict, report.integrity) == ("invalid", "modified")
    assert report.signatures[1].integrity == "modified"


def test_signed_once_more_after_the_seal() -> None:
    report = verify(attacks.sign_blindly(sealed(), papers.signer("Trần Văn Thêm")), trust_roots=ROOTS)
    assert (report.verdict, report.integrity) == ("invalid", "modified")


def test_official_may_not_be_followed_by_a_change_of_a_locked_field() -> None:
    paper = papers.form()
    writer = IncrementalPdfFileWriter(io.BytesIO(paper))
    append_signature_field(
        writer, SigFieldSpec("NguoiKy", field_mdp_spec=FieldMDPSpec(FieldMDPAction.INCLUDE, ["SoVanBan"]))
    )
    out = io.BytesIO()
    writer.write(out)
    locked = papers.signed(out.getvalue(), field="NguoiKy")
    report = verify(attacks.fill(locked, "1"), trust_roots=ROOTS, fillable=["SoVanBan"])
    assert (report.verdict, report.integrity) == ("invalid", "modified")


def stamping_authority() -> DummyTimeStamper:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Dấu thời gian thử")])
    now = datetime.now(UTC)
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(9))
    certificate = builder.add_extension(purpose, critical=True).sign(key, hashes.SHA256())
    secret = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(secret),
        SimpleCertificateStore(),
    )


async def test_validation_data_and_timestamp_after_the_seal_are_no_change() -> None:
    """The engine's own rules call this file changed: the seal locks fields, and then a timestamp follows."""
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed()))
    certificate = asn1_x509.Certificate.load(papers.pki().root.certificate)
    DocumentSecurityStore.supply_dss_in_writer(writer, sig_contents=None, certs=[certificate])
    out = io.BytesIO()
    writer.write(out)
    stamped = io.BytesIO()
    await PdfTimeStamper(stamping_authority()).async_timestamp_pdf(
        IncrementalPdfFileWriter(out), "sha256", None, output=stamped
    )
    report = verify(stamped.getvalue(), trust_roots=ROOTS)
    assert (report.verdict, report.integrity, report.reasons) == ("valid", "intact", ())
    assert [one.kind for one in report.signatures] == ["signature", "signature", "timestamp"]
    broken = verify(attacks.bit_in_content(stamped.getvalue()), trust_roots=ROOTS)
    assert [one.integrity for one in broken.signatures] == ["broken"] * 3


# ------------------------------------------------------------------ bad files


BAD = {
    "nothing": b"",
    "html": b"<html></html>",
    "zip": b"PK\x03\x04" + bytes(900),
    "header alone": b"%PDF-1.7\n",
    "header and rubbish": b"%PDF-1.7\n" + bytes(range(256)) * 20,
    "mentions a range": b"%PDF-1.7\n/ByteRange [0 1 2 3]\n%%EOF\n",
    "deep arrays": b"%PDF-1.7\n1 0 obj\n" + b"[" * 20_000 + b"\n%%EOF",
    "no pages": papers.plain().replace(b"/Pages", b"/Papes"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_invalid_and_never_an_error(what: str) -> None:
    report = verify(BAD[what], trust_roots=ROOTS)
    assert (report.verdict, report.integrity) == ("invalid", "broken")
    assert report.reasons


def test_random_damage_never_raises_and_never_validates() -> None:
    genuine = papers.signed(papers.form())
    chance = random.Random(20251122)  # repeatable
    for _ in range(60):
        damaged = bytearray(genuine)
        for _ in range(chance.randint(1, 30)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        report = verify(bytes(damaged), trust_roots=ROOTS)
        assert report.verdict != "valid" or _only_padding_changed(genuine, bytes(damaged))


def _only_padding_changed(genuine: bytes, damaged: bytes) -> bool:
    """Zeros behind the container may be written otherwise only where hexadecimal reads the same."""
    return bytes(damaged).lower() == genuine.lower()


# ------------------------------------------------------------------ real files of others


def test_corpus_is_there() -> None:
    if not CORPUS:
        pytest.skip("no corpus beside the checkout")  # files of others: not ours to publish, so not part of a clone
    assert sum(row["signature"] != "none" for row in CORPUS.values()) >= 10


@pytest.mark.parametrize("name", [name for name, row in CORPUS.items() if row["signature"] != "none"])
def test_signed_file_of_the_corpus(name: str) -> None:
    row = CORPUS[name]
    report = verify((papers.CORPUS / name).read_bytes())
    assert report.integrity == row["signature"]
    assert report.verdict == ("indeterminate" if row["signature"] == "intact" else "invalid")
    assert report.signatures


@pytest.mark.parametrize(
    "name", [n for n, row in CORPUS.items() if row["signature"] == "none" and "bomb" not in row["hazard"]]
)
def test_file_without_signature_of_the_corpus(name: str) -> None:
    report = verify((papers.CORPUS / name).read_bytes())
    assert report.verdict in {"unsigned", "invalid"}
    if CORPUS[name]["expected"] == "accept":
        assert (report.verdict, report.integrity) == ("unsigned", "none")
