"""The register beside a file, decided without either: which version must hold what, and where they differ."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec.structs import replace

from server.signatures.rules.comparing import Expected, compared, expected
from server.signatures.store import Signed
from server.signatures.wire import Dossier, Step
from signing import Report
from signing.report import Change, Filled, SignatureReport


def step(act: Any, rank: int, version: str, name: str = "") -> Step:
    return Step(
        id=f"s{rank}", act=act, rank=rank, person_id="p", person_name=name, post="", state="done", version_id=version
    )


DOSSIER = Dossier(
    id="d", meeting_id="m", meeting_title="", item_id="i", paper_id="p", paper_title="", version_id="sealed",
    sha256="", pages=1, body_id="b", body_name="", paper_kind="invitation", state="sealed", number=5,
    symbol="05/GM-UBND", dated="2026-11-22", opened_by="x", opened_at="",
    steps=(
        step("initial", 1, "initialled", "Lê Văn Nháy"), step("sign", 2, "signed", "Đỗ Khắc Tuyên"),
        step("number", 3, "numbered"), step("seal", 4, "sealed"),
    ),
)  # fmt: skip
KNOWN = Signed(signers=("1",), fields=("ChuKy",))


def day(value: date) -> str:
    return f"ngày {value.day}"


def test_a_version_must_hold_what_was_done_up_to_it() -> None:
    signed = expected(KNOWN, ["Đỗ Khắc Tuyên"], [DOSSIER], "signed", day)
    assert (signed.values, signed.sealed, signed.symbol) == ({}, False, "")
    assert signed.signers == ("Đỗ Khắc Tuyên",)  # initials may be an entry in the register, and no signature
    numbered = expected(KNOWN, [], [DOSSIER], "numbered", day)
    assert numbered.values == {"So": "05", "NgayThang": "ngày 22"}
    assert (numbered.sealed, numbered.symbol) == (False, "05/GM-UBND")
    assert expected(KNOWN, [], [DOSSIER], "sealed", day).sealed


def test_what_the_register_does_not_know_is_not_compared() -> None:
    other = expected(None, [], [DOSSIER], "khác", day)
    assert not other.known
    assert compared(other, "ab", Report(verdict="valid", integrity="intact")) == ()


def signature(field: str, signer: str, *changes: Change) -> SignatureReport:
    return SignatureReport(field=field, signer=signer, integrity="intact", changes=changes)


def test_each_line_says_what_both_say() -> None:
    numbers = Change(3, "fields_filled", ("NgayThang", "So"), (Filled("So", "", "05"), Filled("NgayThang", "", "x")))
    report = Report(
        verdict="valid", integrity="intact", sha256="ab",
        signatures=(signature("ChuKy", "ĐỖ KHẮC  TUYÊN", numbers), signature("ConDau", "UBND thành phố")),
    )  # fmt: skip
    known = Expected(
        fields=("ChuKy", "ConDau"), values={"So": "05", "NgayThang": "ngày 22"}, signers=("Đỗ Khắc Tuyên", "Lê Văn"),
        sealed=True,
    )  # fmt: skip
    told = {(line.what, line.expected): (line.found, line.agrees) for line in compared(known, "ab", report)}
    assert told == {
        ("file", "ab"): ("ab", True),
        ("signer", "Đỗ Khắc Tuyên"): ("ĐỖ KHẮC  TUYÊN", True),
        ("signer", "Lê Văn"): ("", False),
        ("fields", "ChuKy, ConDau"): ("ChuKy, ConDau", True),
        ("seal", "ConDau"): ("UBND thành phố", True),
        ("number", "05"): ("05", True),
        ("date", "ngày 22"): ("x", False),
    }


def test_a_seal_or_a_field_that_is_missing_is_told() -> None:
    report = Report(verdict="invalid", integrity="modified", sha256="ab", signatures=(signature("ChuKy", "A"),))
    known = Expected(fields=("ChuKy", "ConDau"), sealed=True, values={"So": "05"})
    lines = {line.what: line.agrees for line in compared(known, "ab", replace(report, reasons=("value_differs",)))}
    assert lines == {"file": True, "fields": False, "seal": False, "number": False}
