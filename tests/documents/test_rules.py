"""Decisions of documents: titles, order, refusals, ranges, and how many pages go out with a paper."""

from __future__ import annotations

import pytest

from server.core import errors, i18n
from server.core.access import Relation
from server.core.errors import DomainError
from server.core.wire import OPERATION_BYTES, encode
from server.documents import rules
from server.documents.actions.telling import parts
from server.documents.models import Findings
from server.documents.routes import ranges
from server.documents.routes.ranges import Span
from server.documents.wire import Paper, PapersChanged, Version


def code_of(act: object) -> str:
    assert callable(act)
    with pytest.raises(DomainError) as caught:
        act()
    return caught.value.code


def test_a_title_is_what_was_given_or_what_the_file_was_called() -> None:
    assert rules.title("  Tờ   trình\nsố 1 ", "x.pdf") == "Tờ trình số 1"
    assert rules.title("", "C:\\Hồ sơ\\Báo_cáo quý IV.pdf") == "Báo cáo quý IV"
    assert rules.title("", "../../etc/passwd") == "passwd"
    assert rules.title("Tờ trình", "") == "Tờ trình"  # composed
    assert rules.title("a\x00b\u202e", "") == "ab"
    assert code_of(lambda: rules.title(" ", ".pdf " * 0)) == "documents.no_title"
    assert code_of(lambda: rules.title("x" * 501, "")) == "documents.too_long"


@pytest.mark.parametrize(("position", "order"), [(1, "cab"), (2, "acb"), (3, "abc"), (99, "abc"), (-5, "cab")])
def test_a_paper_moves_as_near_as_there_is_room(position: int, order: str) -> None:
    assert "".join(rules.moved(["a", "b", "c"], "c", position)) == order


def test_a_meeting_takes_papers_until_its_end_and_signed_ones_after() -> None:
    for state in ("draft", "convened", "live", "postponed"):
        rules.require_open(state)
    assert code_of(lambda: rules.require_open("ended")) == "documents.meeting_ended"
    rules.require_open("ended", signed=True)
    assert code_of(lambda: rules.require_open("cancelled", signed=True)) == "documents.meeting_cancelled"


def test_every_reason_of_the_gate_has_a_sentence_without_open_places() -> None:
    for reason in rules.REASONS:
        with pytest.raises(DomainError) as caught:
            rules.refuse(Findings(reason=reason, pages=9), limit_pages=3, limit_bytes=5 * 1024 * 1024)
        for lang in i18n.LANGUAGES:
            text = errors.text(caught.value, lang)
            assert "{" not in text
            assert len(text) > 20
        assert 400 <= errors.status(caught.value.code) < 500
    rules.refuse(Findings(), limit_pages=3, limit_bytes=1)


def test_the_desk_is_no_reader_unless_it_takes_part() -> None:
    assert not rules.is_counted({Relation.SECRETARIAT, Relation.PERSON})
    assert rules.is_counted({Relation.SECRETARIAT, Relation.PARTICIPANT})
    assert rules.is_counted({Relation.CHAIR})


def test_the_longest_paper_that_carries_its_table_fits_an_operation() -> None:
    sizes = ((11000.123, 14399.999),) * rules.INLINE_PAGES
    boxes = ((-1000.123, -1000.123, 14399.999, 14399.999, 270),) * rules.INLINE_PAGES
    version = Version(
        id="v" * 36, no=99, sha256="0" * 64, size=10**9, pages=rules.INLINE_PAGES, sizes=sizes, boxes=boxes,
        issued_at="2026-11-27T01:00:00.000000Z", has_text=True, signed=False,
    )  # fmt: skip
    paper = Paper(
        id="p" * 36, meeting_id="m" * 36, item_id="i" * 36, position=1, title="ữ" * rules.TITLE_CHARACTERS,
        symbol="ữ" * rules.SYMBOL_CHARACTERS, purpose="paper", state="published", version=version, versions=99,
        downloadable=True,
    )  # fmt: skip
    assert len(encode(PapersChanged(put=(paper,), what="published"))) <= OPERATION_BYTES


def test_parts_leave_nothing_out() -> None:
    assert list(parts([1, 2, 3], 2)) == [(1, 2), (3,)]


# ---- ranges


@pytest.mark.parametrize(
    ("header", "span"),
    [
        (None, None),
        ("bytes=0-0", Span(0, 1)),
        ("bytes=10-19", Span(10, 20)),
        ("bytes=90-", Span(90, 100)),
        ("bytes=90-500", Span(90, 100)),
        ("bytes=-10", Span(90, 100)),
        ("bytes=-500", Span(0, 100)),
        ("Bytes= 5-6 ", Span(5, 7)),
        ("bytes=0-1,5-6", None),
        ("bytes=5-3", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("pages=1-2", None),
        ("", None),
    ],
)
def test_one_range_is_answered_and_what_cannot_be_read_by_the_whole(header: str | None, span: Span | None) -> None:
    assert ranges.span_of(header, 100) == span


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_behind_the_end_cannot_be_answered(header: str) -> None:
    with pytest.raises(ranges.Unsatisfiable):
        ranges.span_of(header, 100)


def test_conditions_name_the_bytes_exactly() -> None:
    assert ranges.holds(None, '"a"')
    assert ranges.holds('"a"', '"a"')
    assert not ranges.holds('W/"a"', '"a"')
    assert not ranges.holds("Fri, 27 Nov 2026 01:00:00 GMT", '"a"')
    assert ranges.known('"b", W/"a"', '"a"')
    assert not ranges.known('"b"', '"a"')
    assert not ranges.known(None, '"a"')
