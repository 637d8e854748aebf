"""The rules of annotations, and that tablets converge under them whatever the network does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.annotations import rules
from server.annotations.models import Standing, parse_stream
from server.annotations.wire import Body, Delete, Highlight, Ink, Note, Put, Shape, Text
from server.core.errors import DomainError
from tests.annotations.model import VERBS, Faults, World

if TYPE_CHECKING:
    from tests.annotations.model import Server, Tablet

steps = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 2), st.integers(0, 11)), max_size=60)


def check(server: Server, tablets: list[Tablet]) -> None:
    """What must hold once everything was delivered."""
    for tablet in tablets:
        assert tablet.entities == server.state, "every tablet shows what the server holds"
        assert tablet.seq == len(server.log)
        assert tablet.outbox == []
    assert [operation["seq"] for operation in server.log] == list(range(1, len(server.log) + 1))
    keys = [(operation["actor"], operation["op_id"]) for operation in server.log if operation["op_id"]]
    assert len(keys) == len(set(keys)), "an operation is in the log once"
    _words_are_kept(server, tablets)


def _words_are_kept(server: Server, tablets: list[Tablet]) -> None:
    """Each text typed is in the log: as the state shows it, or changed or deleted by its author later."""
    logged = {
        shown["body"]["text"]
        for operation in server.log
        for shown in operation["event"]["put"]
        if "text" in shown["body"]
    }
    for tablet in tablets:
        assert tablet.words <= logged, "no words are lost"


@given(steps)
@settings(max_examples=400, deadline=None)
def test_tablets_converge_and_lose_nothing(script: list[tuple[str, int, int]]) -> None:
    check(*World().run(script))


@pytest.mark.parametrize("fault", ["no_dedupe", "no_gap_buffer", "resume_off_by_one", "fork_dropped"])
def test_each_mistake_is_found(fault: str) -> None:
    """The test of the test: with one mistake switched on, some script must fail."""
    import random

    chance = random.Random(1)
    for _ in range(400):
        faults = Faults()
        setattr(faults, fault, True)
        script = [(chance.choice(VERBS), chance.randrange(3), chance.randrange(12)) for _ in range(60)]
        try:
            check(*World(faults).run(script))
        except (AssertionError, KeyError):
            return
    pytest.fail(f"{fault} was never noticed")


INK = Ink(color="#000000", w=1.0, pts=(0, 0, 0))
NOTE = Note(x=0, y=0, text="")
TEXT = Text(x=0, y=0, width=100, size=12, color="#000000", text="đã rõ")
SHAPE = Shape(shape="arrow", color="#000000", w=2, x1=0, y1=0, x2=10, y2=10)
HIGHLIGHT = Highlight(color="#ffe38a", quads=((0, 9, 9, 9, 0, 0, 9, 0),))


def standing(**changes: object) -> Standing:
    fields = {"owner_id": "an", "type": "note", "page": 1, "rev": 3, "deleted": False, **changes}
    return Standing(**fields)  # type: ignore[arg-type]


def put(base_rev: int, body: Body = NOTE, page: int = 1) -> Put:
    return Put(op_id="o", ann_id="a", base_rev=base_rev, page=page, body=body)


DELETE = Delete(op_id="o", ann_id="a")


@pytest.mark.parametrize(
    ("op", "stored", "actor", "moderator", "expected"),
    [
        (put(0), None, "an", False, "applied"),
        (put(2), None, "an", False, "gone"),
        (put(3), standing(), "an", False, "applied"),
        (put(2), standing(), "an", False, "conflict"),
        (put(0), standing(), "an", False, "conflict"),
        (put(3), standing(), "binh", False, "denied"),
        (put(3), standing(), "binh", True, "denied"),
        (put(3), standing(deleted=True), "an", False, "gone"),
        (put(3), standing(deleted=True), "binh", False, "denied"),
        (put(3, INK), standing(), "an", False, "denied"),
        (put(3), standing(type="ink"), "an", False, "denied"),
        (put(3, page=2), standing(), "an", False, "denied"),
        (put(3, TEXT), standing(type="text"), "an", False, "applied"),
        (put(2, TEXT), standing(type="text"), "an", False, "conflict"),
        (put(3, TEXT), standing(type="text"), "binh", True, "denied"),
        (put(3, TEXT), standing(), "an", False, "denied"),
        (put(3, NOTE), standing(type="text"), "an", False, "denied"),
        (put(3, SHAPE), standing(type="shape"), "an", False, "denied"),
        (put(3, HIGHLIGHT), standing(type="highlight"), "an", False, "denied"),
        (DELETE, standing(), "an", False, "applied"),
        (DELETE, standing(), "binh", False, "denied"),
        (DELETE, standing(), "binh", True, "applied"),
        (DELETE, standing(deleted=True), "an", False, "gone"),
        (DELETE, None, "an", False, "gone"),
    ],
)
def test_the_decision_table(
    op: Put | Delete, stored: Standing | None, actor: str, moderator: bool, expected: str
) -> None:
    assert rules.decide(op, stored, actor=actor, moderator=moderator) == expected


@pytest.mark.parametrize("name", ["", "s:", "s:v:x", "p:v", "p::x", "p:v:", "m:1", "s", "x:v:p", "g:v", "g::x", "g:v:"])
def test_what_is_no_stream_of_annotations(name: str) -> None:
    assert parse_stream(name) is None


def test_the_traces_for_the_tablets_reducer_are_fresh() -> None:
    from tests.annotations import traces

    for path, what in ((traces.PATH, traces.make()), (traces.DECISIONS, traces.decisions())):
        assert path.read_text(encoding="utf-8") == traces.text(what), "run: python -m tests.annotations.traces"


people = st.lists(st.sampled_from("abcdef"), max_size=8)


@given(people, people)
def test_a_layer_is_read_by_members_who_may_read_the_paper_and_by_nobody_else(
    members: list[str], readers: list[str]
) -> None:
    found = rules.layer_readers(members, readers)
    assert all((each in found) == (each in members and each in readers) for each in "abcdef")


@given(st.sampled_from("abcdef"), people)
def test_a_new_group_has_its_maker_first_and_each_person_once(maker: str, others: list[str]) -> None:
    if set(others) <= {maker}:
        with pytest.raises(DomainError):
            rules.named(maker, others)
        return
    members = rules.named(maker, others)
    assert members[0] == rules.keeper(members) == maker
    assert sorted(members) == sorted({maker, *others})


@given(st.permutations("abcd"), st.sampled_from("abcdef"), st.sampled_from("abcdef"))
def test_one_leaves_oneself_and_the_keeper_takes_out_and_nobody_else(members: list[str], who: str, whom: str) -> None:
    if who in members and whom in members and who in {whom, members[0]}:
        rules.check_removal(who, whom, members)
        return
    with pytest.raises(DomainError) as refusal:
        rules.check_removal(who, whom, members)
    assert refusal.value.code == ("denied" if who in members and whom in members else "not_found")
