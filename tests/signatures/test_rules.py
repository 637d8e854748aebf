"""Finding a name on a page, the order of the inbox, and a sentence for each refusal of the library."""

from __future__ import annotations

import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.errors import ERRORS
from server.signatures import rules
from server.signatures.wire import SigningRequest
from signing.errors import CODES

NAME = "Nguyễn Thị Ánh Đào"


def found(page: str, name: str = NAME) -> list[tuple[str, bool]]:
    return [(page[first : last + 1], alone) for first, last, alone in rules.find_name(page, name)]


def test_every_refusal_of_the_library_has_its_sentence() -> None:
    assert {f"signing.{code}" for code in CODES} == {code for code in ERRORS if code.startswith("signing.")}


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_is_found_however_its_marks_are_stored(form: str) -> None:
    page = unicodedata.normalize(form, f"CHỦ TỊCH\r\n\r\n{NAME}\r\n")  # type: ignore[arg-type]
    ((text, alone),) = found(page)
    assert (unicodedata.normalize("NFC", text), alone) == (NAME, True)


def test_a_name_in_capitals_with_odd_spaces_and_a_line_of_its_own() -> None:
    page = "Chủ trì: Nguyễn Thị Ánh Đào, Chủ tịch\nNGUYỄN\u00a0THỊ  ÁNH ĐÀO \nhết"
    assert [alone for _, alone in found(page)] == [False, True]


def test_no_name_is_found_where_there_is_none() -> None:
    assert found("Nguyễn Thị Ánh\nTrần Đào") == []
    assert found("bất kỳ", "") == []


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_name_is_always_found_between_other_words(before: str, after: str) -> None:
    page = f"{before}\n{NAME}\n{after}"
    assert any(alone for _, alone in found(page))


def test_a_holders_name_must_be_the_persons_with_its_marks() -> None:
    assert rules.same_name(unicodedata.normalize("NFD", "nguyễn  thị ánh đào"), NAME)
    assert not rules.same_name("Nguyen Thi Anh Dao", NAME)
    assert not rules.same_name("", NAME)


def test_waiting_ones_come_first_the_oldest_on_top() -> None:
    one = SigningRequest(
        id="1", meeting_id="m", meeting_title="", paper_id="p", paper_title="", version_id="v", sha256="0" * 64,
        pages=1, official_id="o", official_name="", requested_by="s", requested_at="", state="signed", remarks="",
        signed_version_id=None, decided_at=None,
    )  # fmt: skip
    states = {"1": "signed", "2": "waiting", "3": "returned", "4": "waiting"}
    requests = [msgspec.structs.replace(one, id=number, state=state) for number, state in states.items()]
    assert [each.id for each in rules.inbox_order(requests)] == ["2", "4", "3", "1"]
