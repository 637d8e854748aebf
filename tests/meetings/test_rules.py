"""Properties of the rules of meetings: who hears what, orders, lists, which act follows which."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from server.core.access import Actor, Grant, Relation, Role
from server.core.errors import ERRORS, DomainError
from server.meetings import rules
from server.meetings.models import Circle, Head, Seat
from server.meetings.wire import MeetingState, ParticipantInput

PEOPLE = [f"p{number}" for number in range(8)]
STATES = get_args(MeetingState)

persons = st.sampled_from(PEOPLE)
groups = st.frozensets(persons)
heads = st.builds(Head, st.just("m"), st.none() | persons, st.none() | persons)
seats = st.dictionaries(persons, st.booleans()).map(lambda held: [Seat(who, invited) for who, invited in held.items()])
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
circles = st.lists(
    st.builds(Circle, st.uuids().map(str), st.booleans(), persons, groups), max_size=4, unique_by=lambda each: each.id
)


def actor(person: str, *roles: Role, body: str = "b") -> Actor:
    return Actor(person_id=person, device_id="d", grants=tuple(Grant(role, body) for role in roles))


@given(heads, circles, seats, groups)
def test_audiences_nest_and_the_uninvited_are_in_none(
    meeting: Head, items: list[Circle], taken: list[Seat], secretariat: frozenset[str]
) -> None:
    found = rules.audiences(meeting, items, taken, secretariat)
    everybody, desk = found["m:m"], found["d:m"]
    assert found["a:m"] == everybody
    assert desk <= everybody
    chosen = {meeting.chair_id, meeting.secretary_id} - {None}
    assert desk == secretariat | chosen
    assert everybody - desk == {seat.person_id for seat in taken if seat.invited} - desk
    assert set(found) == {"m:m", "a:m", "d:m"} | {f"i:{item.id}" for item in items if item.restricted}


@given(heads, circles, seats, groups)
def test_a_closed_item_is_heard_by_the_heads_who_made_it_and_the_invited_to_it(
    meeting: Head, items: list[Circle], taken: list[Seat], secretariat: frozenset[str]
) -> None:
    found = rules.audiences(meeting, items, taken, secretariat)
    invited = {seat.person_id for seat in taken if seat.invited}
    chosen = {meeting.chair_id, meeting.secretary_id} - {None}
    for item in items:
        if item.restricted:
            inner = found[f"i:{item.id}"]
            assert inner <= found["m:m"]
            assert chosen <= inner
            for person in inner - chosen:
                made = person == item.made_by and person in secretariat
                assert made or (person in item.invitees and person in invited)
            assert item.invitees & invited <= inner


@given(heads, circles, seats, seats, groups)
def test_each_seat_has_its_audiences_apart_from_the_others(
    meeting: Head, items: list[Circle], some: list[Seat], others: list[Seat], secretariat: frozenset[str]
) -> None:
    """What letting people in by the hundred stands on."""
    whole = rules.audiences(meeting, items, [*some, *others], secretariat)
    first, second = (rules.audiences(meeting, items, part, secretariat) for part in (some, others))
    assert whole == {name: first[name] | second[name] for name in whole}


@given(heads, circles, seats, groups, persons)
def test_relations_and_audiences_agree(
    meeting: Head, items: list[Circle], taken: list[Seat], secretariat: frozenset[str], who: str
) -> None:
    """Who has a relation to an item by HTTP is exactly who hears its stream by the socket."""
    found = rules.audiences(meeting, items, taken, secretariat)
    asks = actor(who, *([Role.CLERK] if who in secretariat else []))
    invited = any(seat.person_id == who and seat.invited for seat in taken)
    held = rules.to_meeting(asks, meeting, "b", invited=invited)
    assert bool(held) == (who in found["m:m"])
    assert bool(held & {Relation.SECRETARIAT, Relation.CHAIR}) == (who in found["d:m"])
    for item in items:
        audience = found[f"i:{item.id}"] if item.restricted else found["a:m"]
        assert bool(rules.to_item(asks, meeting, item, held, presents=False)) == (who in audience)


def test_an_administrator_or_official_of_the_body_has_no_relation_to_a_meeting() -> None:
    for role in (Role.ADMINISTRATOR, Role.OFFICIAL):
        assert rules.to_meeting(actor("x", role), Head("m", "a", "b"), "b", invited=False) == set()
    assert rules.to_meeting(actor("x", Role.SECRETARY, body="c"), Head("m", "a", "b"), "b", invited=False) == set()


@given(st.permutations(PEOPLE))
def test_any_order_of_the_same_items_is_taken(wanted: list[str]) -> None:
    assert rules.reordered(PEOPLE, wanted) == tuple(wanted)


@given(st.lists(persons))
def test_an_order_of_other_items_is_refused(wanted: list[str]) -> None:
    if sorted(wanted) == sorted(PEOPLE):
        return
    with pytest.raises(DomainError, match="order_mismatch"):
        rules.reordered(PEOPLE, wanted)


@given(
    st.lists(
        st.builds(
            ParticipantInput, person_id=persons, role=st.sampled_from(["chair", "secretary", "member", "invitee"])
        ),
        unique_by=lambda each: each.person_id,
    ),
    st.none() | persons,
    st.none() | persons,
)
def test_a_list_with_its_heads_has_everybody_once_and_keeps_the_order(
    wanted: list[ParticipantInput], chair: str | None, secretary: str | None
) -> None:
    try:
        rules.check_participants(wanted, ())
    except DomainError:
        return
    if chair is not None and chair == secretary:
        return
    whole = rules.with_heads(wanted, chair, secretary)
    people = [each.person_id for each in whole]
    assert len(set(people)) == len(people)
    asked = [each.person_id for each in wanted]
    assert [each for each in people if each in asked] == asked
    roles = [each.role for each in whole]
    assert roles.count("chair") <= 1
    assert roles.count("secretary") <= 1
    if "chair" not in [each.role for each in wanted] and chair is not None:
        named = next((each.role for each in wanted if each.person_id == chair), "member")
        assert named == "secretary" or dict(zip(people, roles, strict=True))[chair] == "chair"


@pytest.mark.parametrize("verb", sorted(rules.ALLOWED_IN))
def test_every_act_out_of_order_has_a_registered_sentence(verb: str) -> None:
    for state in STATES:
        if state in rules.ALLOWED_IN[verb]:
            rules.require_state(verb, state)
            continue
        with pytest.raises(DomainError) as caught:
            rules.require_state(verb, state)
        assert ERRORS[caught.value.code].status == 409


@given(st.sampled_from(STATES), st.frozensets(st.sampled_from(list(Relation))))
def test_what_one_may_is_permitted_and_in_order(state: MeetingState, held: frozenset[Relation]) -> None:
    may = rules.may(held, state, rules.PERMISSIONS)
    assert "meetings.list" not in may
    for verb in may:
        assert rules.PERMISSIONS[verb] & held
        assert verb not in rules.ALLOWED_IN or state in rules.ALLOWED_IN[verb]


@given(st.text().filter(lambda text: "+" not in text and not text.upper().endswith("Z")))
def test_no_text_without_an_offset_is_a_moment(text: str) -> None:
    with pytest.raises(DomainError, match="bad_time"):
        rules.moment(text)


@given(st.datetimes(timezones=offsets))
def test_a_moment_is_kept_in_utc(moment: datetime) -> None:
    assume(datetime(2, 1, 1, tzinfo=UTC) < moment < datetime(9998, 1, 1, tzinfo=UTC))
    kept = rules.moment(moment.isoformat())
    assert kept.endswith("Z")
    assert datetime.fromisoformat(kept) == moment


def test_a_title_is_kept_in_nfc_on_one_line() -> None:
    assert rules.title("  Pho\u0302\u0301\n cu\u0309  ") == "Phố củ"


@pytest.mark.parametrize(("hours", "good"), [(0, True), (24, True), (168, True), (-1, False), (169, False)])
def test_papers_open_without_network_for_up_to_a_week(hours: int, good: bool) -> None:
    if good:
        assert rules.offline_hours(hours) == hours
    else:
        with pytest.raises(DomainError, match=r"meetings\.bad_hours"):
            rules.offline_hours(hours)
