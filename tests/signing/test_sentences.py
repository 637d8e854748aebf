"""What people read of a report: who signed as what, what came after in words, why, and what to do about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from signing import Field, Report, add_fields, verify
from signing import sentences as say
from signing.fields import fill_fields
from signing.report import Change, Filled, SignatureReport
from signing.words import as_text
from tests.signing import attacks, papers

FIELDS = (
    Field(name="KyNhay1"),
    Field(name="ChuKy", leaves=("So", "NgayThang", "ConDau")),
    Field(name="ConDau", closes=True),
    Field(name="So", kind="text", box=(60, 700, 120, 720)),
    Field(name="NgayThang", kind="text", box=(300, 700, 420, 720)),
)


@pytest.fixture(scope="module")
def issued() -> bytes:
    """Initialled, signed, numbered, sealed."""
    paper = papers.signed(add_fields(papers.plain(2), FIELDS), field="KyNhay1")
    paper = papers.signed(paper, field="ChuKy")
    paper = fill_fields(paper, {"So": "15", "NgayThang": "22 tháng 11"}, font=papers.serif_font())
    return papers.signed(paper, field="ConDau")


def test_what_came_after_each_signature_is_told_in_words(issued: bytes) -> None:
    report = verify(issued, trust_roots=(papers.pki().root_pem,))
    initials, official, seal = report.signatures
    assert [say.role(one) for one in report.signatures] == ["Ký nháy", "Người ký", "Con dấu"]
    assert list(say.changes(official, report)) == [
        "bản 5: điền ngày, tháng “22 tháng 11”, điền số “15”", "bản 6: đóng dấu",
    ]  # fmt: skip
    assert next(say.changes(initials, report)) == f"bản 4: {official.signer} ký"
    assert list(say.changes(seal, report)) == []
    assert Filled("So", "", "15") in official.changes[0].filled
    text = as_text(report, "giay-moi.pdf")
    assert "HỢP LỆ" in text
    assert text.count("đóng dấu") == 2


def test_a_page_that_was_changed_is_named(issued: bytes) -> None:
    forged = attacks.page_content(issued)
    report = verify(forged, trust_roots=(papers.pki().root_pem,))
    seal = report.signatures[-1]
    assert say.why(report) == f"Trang 1 hiện khác với lúc {report.signatures[0].signer} ký."
    assert list(say.changes(seal, report)) == [f"bản 7: SỬA NỘI DUNG trang {seal.changed_pages[0]} (không được phép)"]


def test_a_text_that_was_replaced_is_told_with_both() -> None:
    change = Change(4, "fields_filled", ("So",), (Filled("So", "15", "16"),))
    assert say.change_words(change) == "điền số: “15” thành “16”"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ecdsa-secp256r1-sha256", "ECDSA P-256, SHA-256"), ("rsa-pss-2048-sha512", "RSA-PSS 2048 bit, SHA-512"),
        ("rsa-pkcs1-2048-sha256", "RSA PKCS#1 v1.5 2048 bit, SHA-256"), ("ed25519-sha512", "ed25519-sha512"),
    ],
)  # fmt: skip
def test_an_algorithm_is_named_as_the_circular_names_it(code: str, words: str) -> None:
    assert say.algorithm(code) == words


def test_the_age_of_the_answer_about_a_certificate() -> None:
    at = datetime(2026, 11, 22, 10, tzinfo=UTC)
    for age, words in ((timedelta(minutes=5), "dưới 1 giờ"), (timedelta(hours=5), "5 giờ"), (timedelta(3), "3 ngày")):
        one = SignatureReport(field="ChuKy", revocation="good", revocation_source="ocsp", revocation_at=at - age)
        assert f"({words} trước khi kiểm tra)" in say.revocation(one, at)
    assert say.revocation(SignatureReport(field="ChuKy"), at) == "chưa hỏi được"


def test_why_and_what_to_do() -> None:
    one = SignatureReport(
        field="ChuKy", signer="Đỗ Khắc Tuyên", integrity="intact", reasons=("issuer_untrusted", "revocation_unknown")
    )
    unclear = Report(verdict="indeterminate", integrity="intact", signatures=(one,))
    assert say.why(unclear) == "Người ký Đỗ Khắc Tuyên: nơi cấp chứng thư không có trong danh sách tin cậy."
    assert "thêm chứng thư gốc" in say.advice(unclear)
    assert say.advice(replace(unclear, verdict="valid")) == ""
    forged = replace(unclear, verdict="invalid", reasons=("value_differs",))
    assert say.why(forged) == say.REASONS["value_differs"]
    assert "xin lại bản đã phát hành" in say.advice(forged)


def test_advice_is_for_reasons_that_there_are() -> None:
    assert {code for code, _ in say._ADVICE} <= set(say.REASONS)
