"""Who may sign for whom: dates to the moment, kinds of paper, and how it reads above the signature."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.errors import DomainError
from server.core.wire import stamp
from server.signatures.rules import delegating
from server.signatures.wire import Delegation, DelegationGive, Step

if TYPE_CHECKING:
    from server.signatures.wire import Capacity

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def step(capacity: Capacity = "KT.", post: str = "CHỦ TỊCH") -> Step:
    return Step(
        id="s", act="sign", rank=1, person_id="to", person_name="Trần Thị Bình", post="PHÓ CHỦ TỊCH",
        capacity=capacity, acting_for=post,
    )  # fmt: skip


def given_to(start: timedelta, end: timedelta, **more: Any) -> Delegation:
    one = Delegation(
        id="d", body_id="b", from_id="from", from_name="", to_id="to", to_name="", capacity="KT.",
        acting_for="Chủ  tịch", valid_from=stamp(NOW + start), valid_until=stamp(NOW + end), kinds=(),
    )  # fmt: skip
    return msgspec.structs.replace(one, **more)


def code(one: Step, *rows: Delegation, official: bool = False) -> str:
    try:
        delegating.require_standing(one, "notice", rows, NOW, official=official)
    except DomainError as refusal:
        return refusal.code.removeprefix("signatures.")
    return ""


@given(st.integers(-5, 5), st.integers(1, 5))
def test_it_holds_from_its_first_moment_until_its_last(start: int, length: int) -> None:
    found = code(step(), given_to(start * DAY, (start + length) * DAY))
    if start > 0:
        assert found == "delegation_not_yet"
    else:
        assert found == ("" if start + length > 0 else "delegation_expired")


def test_what_is_not_entrusted_is_not_signed() -> None:
    held = given_to(-DAY, DAY)
    assert code(step()) == "delegation_none"
    assert code(step(post="GIÁM ĐỐC"), held) == "delegation_none"
    assert code(step("TL."), held) == "delegation_none"
    assert code(step(), msgspec.structs.replace(held, kinds=("decision",))) == "delegation_other_kind"
    assert code(step(), msgspec.structs.replace(held, ended_at=stamp(NOW))) == "delegation_expired"
    assert code(step(), msgspec.structs.replace(given_to(DAY, 2 * DAY), ended_at=stamp(NOW))) == "delegation_expired"
    assert code(step(), msgspec.structs.replace(held, kinds=("notice", "decision"))) == ""


def test_by_office_in_ones_own_name_and_for_the_collective_alone() -> None:
    assert [code(step(capacity), official=True) for capacity in ("", "TM.", "KT.", "Q.")] == [
        "", "", "delegation_none", "delegation_none",
    ]  # fmt: skip
    assert code(step("")) == "not_allowed_now"
    assert code(step("TM.")) == "delegation_none"


def entry(**more: Any) -> DelegationGive:
    one = DelegationGive(
        from_id="from", to_id="to", capacity="KT.", acting_for=" Chủ   tịch ", valid_from=stamp(NOW),
        valid_until=stamp(NOW + DAY),
    )  # fmt: skip
    return msgspec.structs.replace(one, **more)


def test_an_entry_is_kept_as_it_is_printed() -> None:
    assert delegating.require_entry(entry()) == (NOW, NOW + DAY, "Chủ tịch")
    assert delegating.require_entry(entry(capacity="TM.", from_id=""))[2] == "Chủ tịch"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"capacity": ""}, "capacity"),
        ({"from_id": ""}, "from"),
        ({"from_id": "to"}, "self"),
        ({"acting_for": " "}, "post"),
        ({"acting_for": "x" * 201}, "post"),
        ({"valid_until": stamp(NOW)}, "dates"),
        ({"valid_until": stamp(NOW + 4000 * DAY)}, "dates"),
        ({"valid_from": "hôm nay"}, "dates"),
        ({"valid_from": "2026-11-22T08:00:00"}, "dates"),
    ],
)
def test_an_entry_that_says_nothing_is_refused(more: dict[str, Any], why: str) -> None:
    with pytest.raises(DomainError, match=f"signatures.delegation_{why}"):
        delegating.require_entry(entry(**more))


@pytest.mark.parametrize(
    ("capacity", "acting_for", "post", "collective", "lines"),
    [
        ("", "", "Chủ tịch", "", ("CHỦ TỊCH",)),
        ("TM.", "Ủy ban nhân dân", "Chủ tịch", "", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        ("KT.", "Chủ tịch", "Phó Chủ tịch", "", ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        (
            "KT.", "Chủ tịch", "Phó Chủ tịch", "Ủy ban nhân dân",
            ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        ),
        ("TL.", "Chủ tịch", "Chánh Văn phòng", "", ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
        ("TUQ.", "Giám đốc", "Trưởng phòng", "", ("TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG")),
        ("Q.", "Giám đốc", "Phó Giám đốc", "", ("Q. GIÁM ĐỐC",)),
    ],
)  # fmt: skip
def test_the_lines_above_a_signature(
    capacity: Capacity, acting_for: str, post: str, collective: str, lines: tuple[str, ...]
) -> None:
    assert delegating.signature_block(capacity, acting_for, post, collective=collective) == lines
