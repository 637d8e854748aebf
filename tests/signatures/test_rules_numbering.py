"""How numbers, symbols and dates are written, which series a paper is of, what the book shows of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.errors import DomainError
from server.signatures.rules import issuing, numbering, registry, sealing
from server.signatures.wire import BookEntry

if TYPE_CHECKING:
    from server.signatures.wire import PaperKind


def test_a_day_begins_at_midnight_in_hanoi() -> None:
    assert numbering.day_of(datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)) == date(2026, 12, 31)
    assert numbering.day_of(datetime(2026, 12, 31, 17, 0, 0, tzinfo=UTC)) == date(2027, 1, 1)


def test_a_number_is_never_dated_before_the_one_ahead() -> None:
    today = date(2026, 11, 20)
    assert numbering.dated(today, None) == today
    assert numbering.dated(today, "2026-11-19") == today
    assert numbering.dated(today, "2026-11-22") == date(2026, 11, 22)


@pytest.mark.parametrize(("number", "as_printed"), [(1, "01"), (9, "09"), (10, "10"), (134, "134")])
def test_a_number_below_ten_has_a_leading_zero(number: int, as_printed: str) -> None:
    assert numbering.written(number) == as_printed


@pytest.mark.parametrize(
    ("printed", "kind", "letters", "symbol"),
    [
        ("GM-UBND", "invitation", "UBND", "05/GM-UBND"),
        ("/GM-UBND", "invitation", "UBND", "05/GM-UBND"),
        ("12/GM-UBND", "invitation", "UBND", "05/GM-UBND"),
        ("", "notice", "UBND", "05/TB-UBND"),
        ("", "decision", "UBND", "05/QĐ-UBND"),
        ("", "letter", "UBND", "05/UBND"),
        ("UBND-VP", "letter", "UBND", "05/UBND-VP"),
        ("", "other", "", "05"),
    ],
)
def test_the_symbol_is_what_the_paper_says_else_the_letters_of_kind_and_body(
    printed: str, kind: PaperKind, letters: str, symbol: str
) -> None:
    assert numbering.symbol(5, numbering.notation(printed, kind, letters)) == symbol


@pytest.mark.parametrize(
    ("notation", "code"),
    [
        ("QĐ-UBND", ""),
        ("QĐ-HĐTĐKT", "HĐTĐKT"),
        ("TB-BCĐ-PCTT", "BCĐ-PCTT"),
        ("HĐTĐKT", "HĐTĐKT"),
        ("QĐ-XHĐTĐKT", ""),
        ("", ""),
    ],
)
def test_letters_that_have_a_series_of_their_own_are_found_as_a_whole(notation: str, code: str) -> None:
    assert numbering.code_of(notation, ["HĐTĐKT", "BCĐ-PCTT", "PCTT"]) == code


@pytest.mark.parametrize("given_code", ["", "  ", "a/b", "-UB", "UB-", "A B", "Đ" * 41])
def test_letters_are_letters(given_code: str) -> None:
    with pytest.raises(DomainError, match="code_invalid"):
        numbering.code(given_code)


def test_letters_are_kept_in_capitals_with_their_marks() -> None:
    assert numbering.code(" hđtđkt ") == "HĐTĐKT"


@given(
    st.sets(st.sampled_from(["So", "NgayThang", "ConDau", "ChuKy", "KyNhay1"])),
    st.sampled_from(["minutes", "decision"]),
    st.booleans(),
)
def test_no_number_is_taken_for_a_file_that_could_not_bear_it(found: set[str], kind: PaperKind, seal: bool) -> None:
    needed = {"So"} | (set() if kind == "minutes" else {"NgayThang"}) | ({"ConDau"} if seal else set())
    if needed <= found:
        numbering.require_fields(found, kind, seal=seal)
    else:
        with pytest.raises(DomainError, match=r"number_no_fields|seal_no_field"):
            numbering.require_fields(found, kind, seal=seal)


@pytest.mark.parametrize(
    ("entry", "source", "dossier", "shown"),
    [
        ("reserved", "dossier", "signed", "reserved"),
        ("used", "dossier", "numbered", "numbered"),
        ("used", "dossier", "issued", "issued"),
        ("used", "dossier", "recalled", "recalled"),
        ("used", "dossier", "replaced", "struck"),
        ("struck", "dossier", "rejected", "struck"),
        ("used", "paper", "", "paper"),
        ("used", "opening", "", "opening"),
    ],
)
def test_the_book_says_what_became_of_a_number(entry: str, source: str, dossier: str, shown: str) -> None:
    assert registry.shown_state(entry, source, dossier) == shown


def _line(symbol: str, title: str) -> BookEntry:
    return BookEntry(
        id=symbol, number=1, symbol=symbol, dated="2026-11-22", paper_kind="decision", code="", title=title,
        signer="Nguyễn Văn Đức", recipients="", state="issued", reason="", dossier_id=None, version_id=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "found"), [("", 2), ("dau tu", 1), ("ĐẦU TƯ đức", 1), ("02/QĐ", 1), ("duc", 2), ("khong co", 0)]
)
def test_a_line_is_found_by_its_words_without_marks(words: str, found: int) -> None:
    lines = [_line("01/QĐ-UBND", "Chủ trương đầu tư bến đá"), _line("02/QĐ-UBND", "Bổ nhiệm cán bộ")]
    assert len(registry.matching(lines, words)) == found


@pytest.mark.parametrize(
    ("expected", "received", "had_it", "arrived"),
    [
        ({"a", "b"}, {"a", "b"}, set(), True),
        ({"a", "b"}, {"a"}, set(), False),
        ({"a", "b"}, {"a"}, {"b"}, True),
        (set(), set(), set(), False),
    ],
)
def test_a_paper_has_arrived_when_all_have_it(
    expected: set[str], received: set[str], had_it: set[str], arrived: bool
) -> None:  # fmt: skip
    assert issuing.has_arrived(expected, received, had_it) is arrived


def test_an_extract_names_its_pages_and_a_copy_none() -> None:
    assert sealing.copied_pages("SAO Y", (), 3) == ()
    assert sealing.copied_pages("TRÍCH SAO", (3, 1, 3), 3) == (1, 3)
    for kind, pages in (("SAO Y", (1,)), ("TRÍCH SAO", ()), ("TRÍCH SAO", (4,)), ("TRÍCH SAO", (0,))):
        with pytest.raises(DomainError, match="copy_pages"):
            sealing.copied_pages(kind, pages, 3)  # type: ignore[arg-type]


def test_the_seal_covers_the_officials_signature() -> None:
    assert sealing.official_field(("KyNhay1", "ChuKy")) == "ChuKy"
    assert sealing.official_field(("ChuKy1", "ChuKy2")) == "ChuKy2"
