"""Properties of the rules of the sitting: item states, who may give and take the presenter's role."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.access import Relation
from server.core.errors import DomainError
from server.live import rules

ITEMS = ["a", "b", "c", "d"]
states = st.fixed_dictionaries({item: st.sampled_from(["pending", "current", "done"]) for item in ITEMS})


@given(st.lists(st.sampled_from([*ITEMS, None]), max_size=12))
def test_at_most_one_item_is_current_and_what_was_is_done(course: list[str | None]) -> None:
    now = dict.fromkeys(ITEMS, "pending")
    visited: set[str] = set()
    for current in course:
        now |= rules.item_states(now, current)  # type: ignore[arg-type]
        if current is not None:
            visited.add(current)
        assert {item for item in ITEMS if now[item] == "current"} == ({current} if current else set())
        assert {item for item in ITEMS if now[item] != "pending"} == visited


@given(states, st.none() | st.sampled_from(ITEMS))
def test_only_what_changes_is_told(before: dict[str, str], current: str | None) -> None:
    changed = rules.item_states(before, current)  # type: ignore[arg-type]
    assert all(before[item] != state for item, state in changed.items())


@given(
    st.frozensets(st.sampled_from(list(Relation))),
    st.sampled_from([None, "me", "other"]),
    st.sampled_from([None, "me", "other"]),
    st.sampled_from([None, "me", "other"]),
)
def test_others_than_chair_and_desk_take_only_their_own_item_and_give_back_only_their_own_role(
    held: frozenset[Relation], wanted: str | None, has_role: str | None, named: str | None
) -> None:
    leads = bool(held & {Relation.SECRETARIAT, Relation.CHAIR})
    own = (wanted is None and has_role == "me") or (wanted == "me" and named == "me")
    if leads or own:
        rules.check_presenter_change("me", held, wanted, has_role=has_role, named=named)
    else:
        with pytest.raises(DomainError, match="denied"):
            rules.check_presenter_change("me", held, wanted, has_role=has_role, named=named)


@given(st.integers(), st.floats())
def test_a_place_lies_on_a_page(page: int, fraction: float) -> None:
    if page < 1:
        with pytest.raises(DomainError, match="invalid_input"):
            rules.place(page, fraction)
    else:
        assert 0 <= rules.place(page, fraction)[1] <= 1


triples = st.lists(st.tuples(*[st.integers(-2_000_000, 2_000_000)] * 3), max_size=12)


def coded(points: list[tuple[int, int, int]]) -> tuple[int, ...]:
    """Points as a stroke has them: the first absolute, the rest as differences."""
    before = [(0, 0, 0), *points]
    return tuple(at - last for old, new in zip(before, points, strict=False) for last, at in zip(old, new, strict=True))


@given(triples, triples)
def test_parts_of_a_stroke_that_are_joined_are_the_stroke_of_all_their_points(
    first: list[tuple[int, int, int]], then: list[tuple[int, int, int]]
) -> None:
    assert rules.joined(coded(first), coded(then)) == coded([*first, *then])


@given(st.lists(st.integers(), max_size=20))
def test_an_incomplete_point_is_left_out(pts: list[int]) -> None:
    whole = rules.whole_points(pts)
    assert len(whole) % 3 == 0
    assert len(pts) - len(whole) < 3
    assert list(whole) == pts[: len(whole)]
