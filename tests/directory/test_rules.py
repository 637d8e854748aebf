"""Folding, order of names and bodies, and the plan of an import, as pure rules."""

from __future__ import annotations

import itertools
import string
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from server.core.errors import DomainError
from server.directory import rules
from server.directory.models import ImportLine, Known, KnownPosting, Plan
from server.directory.rules import columns
from server.directory.rules.planning import plan_import
from server.directory.wire import BodyView

if TYPE_CHECKING:
    from collections.abc import Sequence

TODAY = "2026-11-27"
VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ "
NOTHING = Known(mark=0, bodies=(), people=(), postings=(), tiers=frozenset({"city", "commune"}))

codes = st.sampled_from(["A", "B", "C"])
days = st.sampled_from(["", "2025-07-01", "2026-01-01"])
lines = st.lists(
    st.builds(
        ImportLine,
        row=st.just(0),
        body_code=codes,
        body_name=st.sampled_from(["", "Sở Tài chính", "Sở Nội vụ"]),
        parent_code=st.sampled_from(["", "A", "B"]),
        tier=st.sampled_from(["", "city", "commune"]),
        person_code=st.sampled_from(["", "P1", "P2"]),
        full_name=st.sampled_from(["", "Đỗ Khắc Tuyên", "Ngô Phương Dung"]),
        title=st.sampled_from(["", "Giám đốc", "Chuyên viên"]),
        valid_from=days,
        valid_to=st.sampled_from(["", "2027-01-01"]),
    ),
    min_size=1,
    max_size=6,
).map(lambda listed: [structs.replace(each, row=number) for number, each in enumerate(listed, start=2)])


@given(st.text(VIETNAMESE))
def test_a_name_is_found_by_its_bare_letters_however_it_was_composed(name: str) -> None:
    folded = rules.fold(name)
    assert set(folded) <= set(string.ascii_lowercase + " ")
    assert folded == rules.fold(unicodedata.normalize("NFD", name.upper())) == rules.fold(folded)


@pytest.mark.parametrize(
    ("name", "key"),
    [("Đỗ Khắc Tuyên", "tuyen do khac"), ("Y", "y "), ("Nguyễn Thị  Ánh", "anh nguyen thi")],
)
def test_a_list_of_names_goes_by_the_given_name(name: str, key: str) -> None:
    assert rules.sort_key(name) == key


@pytest.mark.parametrize(
    ("moment", "day"), [("2026-11-26T16:59:59+00:00", "2026-11-26"), ("2026-11-26T17:00:00+00:00", "2026-11-27")]
)
def test_a_day_begins_at_midnight_in_viet_nam(moment: str, day: str) -> None:
    from datetime import datetime

    assert rules.today(datetime.fromisoformat(moment)) == day


@given(st.lists(st.tuples(st.integers(0, 9), st.one_of(st.none(), st.integers(0, 12))), unique_by=lambda pair: pair[0]))
def test_parents_stand_before_children_and_nobody_is_lost(pairs: list[tuple[int, int | None]]) -> None:
    bodies = [_body(str(own), None if parent is None else str(parent)) for own, parent in pairs]
    ordered = rules.by_descent(bodies)
    assert sorted(each.id for each in ordered) == sorted(each.id for each in bodies)
    place = {each.id: number for number, each in enumerate(ordered)}
    parents = {each.id: each.parent_id for each in bodies}
    for each in ordered:
        if each.parent_id in place and not _in_circle(each.id, parents):
            assert place[each.parent_id] < place[each.id]


@given(lines)
def test_every_row_has_one_outcome_and_a_refused_one_says_why(listed: list[ImportLine]) -> None:
    plan = _plan(listed, NOTHING)
    assert [each.row for each in plan.rows] == [line.row for line in listed]
    assert all((each.code is not None) == (each.outcome == "error") for each in plan.rows)


@given(lines)
def test_a_good_plan_leaves_nothing_to_do_the_second_time(listed: list[ImportLine]) -> None:
    first = _plan(listed, NOTHING)
    if first.is_good:
        again = _plan(listed, _after(NOTHING, first))
        assert {each.outcome for each in again.rows} == {"same"}
        written = (again.new_people, again.new_postings, again.changed_postings, again.changed_bodies)
        assert written == ((), (), (), ())


@given(lines, lines)
def test_a_second_file_never_loses_or_doubles_anybody(one: list[ImportLine], two: list[ImportLine]) -> None:
    first = _plan(one, NOTHING)
    if not first.is_good:
        return
    known = _after(NOTHING, first)
    second = _plan(two, known)
    if second.is_good:
        after = _after(known, second)
        assert {each.id for each in known.people} <= {each.id for each in after.people}
        assert {each.id for each in known.postings} <= {each.id for each in after.postings}
        assert len({each.code for each in after.people}) == len(after.people)
        held = [(each.person_id, each.body_id, each.title) for each in after.postings if _is_open(each)]
        assert len(held) == len(set(held))
        assert all(each.valid_to is None or each.valid_from <= each.valid_to for each in after.postings)


@given(lines)
def test_new_bodies_stand_after_their_parents(listed: list[ImportLine]) -> None:
    plan = _plan(listed, NOTHING)
    if plan.is_good:
        there: set[str] = {""}
        for body in plan.new_bodies:
            assert body.parent_code in there
            there.add(body.code)


def test_the_same_name_in_the_same_post_under_two_codes_is_one_person() -> None:
    told = ImportLine(row=2, body_code="A", body_name="Sở Y tế", tier="city", person_code="P1", full_name="Lê Ân",
                      title="Giám đốc")  # fmt: skip
    other = structs.replace(told, row=3, person_code="P2", full_name="LÊ ÂN")
    plan = _plan([told, other], NOTHING)
    assert [(each.outcome, each.code) for each in plan.rows] == [
        ("added", None),
        ("error", "directory.row_same_person"),
    ]


def test_who_holds_one_post_and_has_one_row_has_moved() -> None:
    told = ImportLine(row=2, body_code="A", body_name="Sở Y tế", tier="city", person_code="P1", full_name="Lê Ân",
                      title="Giám đốc", valid_from="2026-01-01")  # fmt: skip
    known = _after(NOTHING, _plan([told], NOTHING))
    moved = structs.replace(told, body_code="B", body_name="Sở Nội vụ", valid_from="2026-05-01")
    plan = _plan([moved], known)
    assert [each.outcome for each in plan.rows] == ["changed"]
    assert [each.valid_to for each in plan.changed_postings] == ["2026-04-30"]
    assert [(each.rank, each.valid_from) for each in plan.new_postings] == [(0, "2026-05-01")]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("ma_don_vi", "body_code"),
        ("MÃ ĐƠN VỊ", "body_code"),
        ("Họ và tên", "full_name"),
        ("don_vi_cap_tren", "parent_code"),
        ("cap", "tier"),
        ("den_ngay", "valid_to"),
        ("Số điện thoại", "phone"),
    ],
)
def test_headers_are_known_by_their_letters(header: str, field: str) -> None:
    wanted = ["body_code", field] if field != "body_code" else ["body_code"]
    assert columns.fields_of(["Mã đơn vị", header] if field != "body_code" else [header]) == wanted


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (["Mã đơn vị", "Lương"], "directory.unknown_column"),
        (["Mã đơn vị", "ma_don_vi"], "directory.column_twice"),
        (["STT", "Họ tên"], "directory.no_header"),
    ],
)
def test_a_header_that_cannot_be_read_is_refused(header: list[str], code: str) -> None:
    with pytest.raises(DomainError) as refused:
        columns.fields_of(header)
    assert refused.value.code == code


def _body(body_id: str, parent_id: str | None) -> BodyView:
    return BodyView(id=body_id, code=body_id, name=body_id, short_name=body_id, tier="city", parent_id=parent_id,
                    valid_from=TODAY, valid_to=None)  # fmt: skip


def _in_circle(body_id: str, parents: dict[str, str | None]) -> bool:
    seen: set[str] = set()
    above: str | None = body_id
    while above is not None and above in parents:
        if above in seen:
            return True
        seen.add(above)
        above = parents[above]
    return False


def _plan(listed: Sequence[ImportLine], known: Known) -> Plan:
    numbers = itertools.count()
    return plan_import(listed, known, today=TODAY, new_id=lambda: f"{known.mark}-{next(numbers)}")


def _after(known: Known, plan: Plan) -> Known:
    """The directory after a plan, as the store would read it."""
    return Known(
        mark=known.mark + 1,
        bodies=_merged(known.bodies, plan.new_bodies, plan.changed_bodies),
        people=_merged(known.people, plan.new_people, plan.changed_people),
        postings=_merged(known.postings, plan.new_postings, plan.changed_postings),
        tiers=known.tiers,
    )


def _merged(before: tuple, new: tuple, changed: tuple) -> tuple:  # type: ignore[type-arg]
    return tuple({each.id: each for each in (*before, *new, *changed)}.values())


def _is_open(posting: KnownPosting) -> bool:
    return posting.valid_to is None or posting.valid_to >= TODAY
