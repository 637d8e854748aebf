"""Fields and locks before the first signature, texts between two: seen, read, and only where they may be."""

from __future__ import annotations

from typing import Any

import pytest

from signing import Field, SigningError, Stamp, add_fields, verify
from signing.demo_ink import draw_signature
from signing.fields import fill_fields
from tests.signing import foreign, papers

ROOTS = [papers.pki().root_pem]
VALUES = {"SoVanBan": "09/QĐ-UBND", "NgayBanHanh": "ngày 05 tháng 02 năm 2026"}
FIELDS = (
    Field(name="SoVanBan", kind="text", page=0, box=(72, 760, 200, 780)),
    Field(name="NgayBanHanh", kind="text", page=0, box=(320, 760, 540, 780)),
    Field(name="NguoiKy", box=(300, 120, 500, 220), leaves=("SoVanBan", "NgayBanHanh", "ConDau")),
    Field(name="ConDau", box=(250, 110, 380, 230), leaves=(), closes=True),
)


def draft() -> bytes:
    return add_fields(papers.plain(2), FIELDS)


def numbered(pdf: bytes) -> bytes:
    return fill_fields(pdf, VALUES, font=papers.serif_font())


def test_the_way_of_a_paper_signed_numbered_sealed(tmp_path: Any) -> None:
    stamp = Stamp(box=(0, 0, 1, 1), image=draw_signature("Đỗ Thị Ẩn"))
    official = papers.signed(draft(), field="NguoiKy", stamp=stamp)
    paper = papers.signed(numbered(official), papers.signer("Con dấu UBND"), field="ConDau", stamp=stamp)
    report = verify(paper, trust_roots=ROOTS, expected_fields=["NguoiKy", "ConDau"], fillable=VALUES, values=VALUES)
    assert (report.verdict, report.reasons) == ("valid", ())
    assert [one.integrity for one in report.signatures] == ["intact", "intact"]
    assert foreign.pdfsig_accepts(paper, tmp_path, papers.pki(), 2)
    assert foreign.qpdf_accepts(paper, tmp_path)


def test_the_number_is_seen_with_all_its_letters() -> None:
    before, after = papers.rendered(draft()), papers.rendered(numbered(draft()))
    assert before.crop((144, 124, 400, 164)).tobytes() != after.crop((144, 124, 400, 164)).tobytes()
    assert verify(papers.signed(numbered(draft()), field="NguoiKy"), trust_roots=ROOTS, values=VALUES).reasons == ()


def test_number_is_filled_once_and_never_after_the_seal() -> None:
    paper = numbered(papers.signed(draft(), field="NguoiKy"))
    with pytest.raises(SigningError, match="field_taken"):
        numbered(paper)
    closed = papers.signed(papers.signed(draft(), field="NguoiKy"), field="ConDau")
    with pytest.raises(SigningError, match="pdf_locked"):
        numbered(closed)
    with pytest.raises(SigningError, match="pdf_locked"):
        papers.signed(closed)


def test_the_official_leaves_open_only_what_the_field_says() -> None:
    paper = papers.signed(draft(), field="NguoiKy")
    with pytest.raises(SigningError, match="pdf_locked"):
        papers.signed(paper, field="KyThem")


@pytest.mark.parametrize(
    ("paper", "field", "code"),
    [
        (papers.form, Field(name="SoVanBan", kind="text", box=(1, 1, 9, 9)), "field_exists"),
        (papers.plain, Field(name="A", kind="text"), "field_without_box"),
        (papers.plain, Field(name="A", box=(1, 1, 9, 9), page=3), "page_missing"),
        (papers.plain, Field(name="A", box=(1, 1, 9999, 9)), "box_outside_page"),
        (lambda: papers.signed(papers.plain()), Field(name="A"), "pdf_foreign_signature"),
    ],
)
def test_refused(paper: Any, field: Field, code: str) -> None:
    with pytest.raises(SigningError) as refused:
        add_fields(paper(), [field])
    assert refused.value.code == code


def test_a_field_that_is_not_there_or_no_text() -> None:
    for name in ("Khac", "NguoiKy"):
        with pytest.raises(SigningError, match="field_missing"):
            fill_fields(draft(), {name: "1"}, font=papers.serif_font())
