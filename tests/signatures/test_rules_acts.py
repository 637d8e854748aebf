"""The order of acts: every way ends, nothing is done out of turn, by another, twice, or on other bytes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.errors import DomainError
from server.signatures.rules import acts
from server.signatures.wire import Dossier, Finding, Step

if TYPE_CHECKING:
    from server.signatures.wire import ActKind

AT = "2026-11-22T08:00:00.000000Z"
FIRST = acts.Content(version_id="v0", sha256="0" * 64, pages=2)


def step(act: ActKind, rank: int, person: str = "", number: int = 0) -> Step:
    name = f"{act}-{rank}-{person}-{number}"
    return Step(id=name, act=act, rank=rank, person_id=person, person_name=person.upper(), post="")


def dossier(*steps: Step) -> Dossier:
    acts.require_steps(steps)
    return Dossier(
        id="d", meeting_id="m", meeting_title="", item_id="i", paper_id="p", paper_title="", version_id="v0",
        sha256=FIRST.sha256, pages=2, body_id="b", body_name="", paper_kind="notice", state="draft", steps=steps,
        opened_by="desk", opened_at=AT,
    )  # fmt: skip


def hand(person: str, *, clerk: bool = False) -> acts.Hand:
    return acts.Hand(person_id=person, name=person.upper(), at=AT, clerk=clerk)


def own_hand(of: Step) -> acts.Hand:
    return hand(of.person_id) if of.person_id else hand("văn thư", clerk=True)


WHOLE = (
    step("check", 1), step("initial", 2, "an"), step("initial", 2, "bình"), step("initial", 3, "chi"),
    step("approve", 4, "dũng"), step("sign", 5, "em"), step("number", 6), step("seal", 7), step("issue", 8),
)  # fmt: skip


@st.composite
def ways(draw: st.DrawFn) -> Dossier:
    """A dossier with any steps that may be: acts in order, each with one or several ranks of one or several people."""
    steps: list[Step] = []
    rank = 0
    for act in acts.ORDER:
        if act in acts.CLERKS:
            if draw(st.booleans()):
                rank += 1
                steps.append(step(act, rank, draw(st.sampled_from(["", "lan"]))))
            continue
        people = draw(st.lists(st.sampled_from("abcd"), unique=True, min_size=act == "sign", max_size=3))
        for person in people:
            rank += draw(st.integers(0, 2)) if steps and steps[-1].act == act else 1
            steps.append(step(act, rank, person))
    return dossier(*draw(st.permutations(steps)))


def sent(one: Dossier) -> Dossier:
    return acts.submitted(one, AT)


def appended(base: str, by: str) -> acts.Content:
    sha256 = hashlib.sha256(f"{base} {by}".encode()).hexdigest()
    return acts.Content(version_id=sha256[:8], sha256=sha256, pages=2)


def act_on(one: Dossier, which: Step) -> Dossier:
    """What whose turn it is does; signing and all after it append to the file."""
    content = None if which.act in {"check", "approve"} else appended(one.sha256, which.id)
    number = acts.Number(number=15, symbol="15/TB-UBND", dated="2026-11-22") if which.act == "number" else None
    return acts.done(one, which.id, own_hand(which), content=content, base_sha256=one.sha256, number=number)


@given(ways(), st.data())
def test_every_way_ends_with_each_step_done_once_in_the_order_of_ranks(one: Dossier, data: st.DataObject) -> None:
    one, order = sent(one), []
    while acts.is_open(one):
        which = data.draw(st.sampled_from(acts.waiting(one)))
        order.append(which)
        one = act_on(one, which)
        assert len(order) <= len(one.steps)
    assert sorted(each.rank for each in order) == [each.rank for each in order]
    assert {each.state for each in one.steps} == {"done"}
    assert one.closed_at == AT
    last = max((each.act for each in one.steps), key=acts.ORDER.index)
    assert one.state == {"sign": "signed", "number": "numbered", "seal": "sealed", "issue": "issued"}[last]


@given(ways(), st.data())
def test_only_whose_turn_it_is_acts(one: Dossier, data: st.DataObject) -> None:
    one = sent(one)
    for _ in range(data.draw(st.integers(0, len(one.steps)))):
        if acts.is_open(one):
            one = act_on(one, acts.waiting(one)[0])
    for each in one.steps:
        for whose in [hand(person) for person in "abcdz"] + [hand("lan"), hand("z", clerk=True), own_hand(each)]:
            theirs = whose.clerk if not each.person_id else whose.person_id == each.person_id
            if theirs and each.state == "waiting":
                assert acts.step_of(acts.done(one, each.id, whose), each.id).state == "done"
                continue
            with pytest.raises(DomainError, match=r"not_your_turn" if theirs else r"not_your_step"):
                acts.done(one, each.id, whose)


@given(ways(), st.data())
def test_what_was_approved_stays_and_only_appending_to_it_goes_on(one: Dossier, data: st.DataObject) -> None:
    one = sent(one)
    frozen = ""
    while acts.is_open(one):
        which = data.draw(st.sampled_from(acts.waiting(one)))
        other = acts.Content(version_id="x", sha256="f" * 64, pages=2)
        with pytest.raises(DomainError, match=r"bytes_frozen"):
            acts.done(one, which.id, own_hand(which), content=other, base_sha256="e" * 64)
        before, one = one, act_on(one, which)
        if which.act in {"approve", "sign"} and not frozen:
            frozen = before.sha256
        assert one.approved_sha256 == frozen


@given(ways(), st.data())
def test_returned_or_withdrawn_it_starts_over_and_still_ends(one: Dossier, data: st.DataObject) -> None:
    one = sent(one)
    for _ in range(data.draw(st.integers(0, len(one.steps) - 1))):
        one = act_on(one, acts.waiting(one)[0]) if acts.is_open(one) else one
    which = next((each for each in acts.waiting(one) if each.act not in {"seal", "issue"}), None)
    if which is None:
        return
    back = acts.returned(one, which.id, own_hand(which), "Sai ngày")
    assert (back.state, back.remarks, acts.waiting(back)) == ("returned", "Sai ngày", ())
    with pytest.raises(DomainError, match="not_in_state"):
        acts.submitted(back, AT)
    content = acts.Content(version_id="v9", sha256="9" * 64, pages=3)
    again = acts.version_came(back, content, AT)
    assert (again.state, again.sha256, again.pages, again.approved_sha256) == ("draft", content.sha256, 3, "")
    assert {each.state for each in again.steps} == {"pending"}
    again = sent(again)
    while acts.is_open(again):
        again = act_on(again, acts.waiting(again)[0])


def test_parallel_initials_wait_together_and_the_next_waits_for_both() -> None:
    one = sent(dossier(*WHOLE))
    assert (one.state, one.steps[0].state) == ("initialling", "done")  # the machine's check is nobody's turn
    assert {each.person_id for each in acts.waiting(one)} == {"an", "bình"}
    one = acts.done(one, WHOLE[2].id, hand("bình"))
    assert [each.person_id for each in acts.waiting(one)] == ["an"]
    one = acts.done(one, WHOLE[1].id, hand("an"))
    assert [each.person_id for each in acts.waiting(one)] == ["chi"]


def test_the_whole_way_tells_its_states() -> None:
    one, told = sent(dossier(*WHOLE)), []
    while acts.is_open(one):
        one = act_on(one, acts.waiting(one)[0])
        told.append(one.state)
    assert told == [
        "initialling", "initialling", "approving", "signing", "signed", "numbered", "sealed", "issued",
    ]  # fmt: skip
    assert (one.number, one.symbol, one.dated) == (15, "15/TB-UBND", "2026-11-22")
    assert acts.delivered(one).state == "delivered"
    back = acts.recalled(acts.delivered(one), AT, "Sai thể thức")
    assert (back.state, back.number, back.remarks) == ("recalled", 15, "Sai thể thức")


def test_findings_keep_a_draft() -> None:
    one = acts.submitted(dossier(*WHOLE), AT, (Finding(code="signing.page_not_a4", text="Không phải A4"),))
    assert (one.state, len(one.findings), acts.waiting(one)) == ("draft", 1, ())
    assert acts.submitted(one, AT).findings == ()


def test_who_approves_or_signs_may_reject_and_others_may_not() -> None:
    one = sent(dossier(*WHOLE))
    with pytest.raises(DomainError, match="no_way_back"):
        acts.rejected(one, WHOLE[1].id, hand("an"), "không")
    for which in WHOLE[1:4]:
        one = act_on(one, which)
    ended = acts.rejected(one, WHOLE[4].id, hand("dũng"), "Không đúng thẩm quyền")
    assert (ended.state, ended.closed_at) == ("rejected", AT)
    with pytest.raises(DomainError, match="not_in_state"):
        acts.replaced(ended, AT)


def test_a_number_that_is_used_is_not_given_back() -> None:
    one = sent(dossier(*WHOLE))
    while one.state != "numbered":
        one = act_on(one, acts.waiting(one)[0])
    with pytest.raises(DomainError, match="no_way_back"):
        acts.returned(one, WHOLE[7].id, hand("văn thư", clerk=True), "muộn")
    assert acts.replaced(one, AT).number == 15


def test_the_desk_takes_back_what_nobody_has_signed() -> None:
    one = sent(dossier(*WHOLE))
    assert acts.withdrawn(act_on(one, WHOLE[1])).state == "draft"
    while one.state != "signed":
        one = act_on(one, acts.waiting(one)[0])
    with pytest.raises(DomainError, match="no_way_back"):
        acts.withdrawn(one)
    two = act_on(sent(dossier(step("sign", 1, "an"), step("sign", 2, "bình"))), step("sign", 1, "an"))
    with pytest.raises(DomainError, match="no_way_back"):
        acts.withdrawn(two)


def test_another_version_replaces_what_is_under_way_and_a_draft_follows_it() -> None:
    content = acts.Content(version_id="v9", sha256="9" * 64, pages=3)
    draft = dossier(*WHOLE)
    assert acts.version_came(draft, content, AT).version_id == "v9"
    gone = acts.version_came(sent(draft), content, AT)
    assert (gone.state, gone.sha256, acts.waiting(gone)) == ("replaced", draft.sha256, ())
    assert acts.version_came(draft, None, AT).state == "replaced"


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ((step("initial", 1, "an"),), "steps_no_signer"),
        ((step("sign", 1, "an"), step("initial", 2, "bình")), "steps_order"),
        ((step("initial", 1, "an"), step("sign", 1, "bình")), "steps_order"),
        ((step("initial", 1), step("sign", 2, "an")), "steps_person"),
        ((step("sign", 1, "an"), step("sign", 2, "an")), "steps_twice"),
        ((step("sign", 1, "an"), step("seal", 2), step("seal", 3, "lan")), "steps_single"),
        (tuple(step("sign", n, str(n)) for n in range(acts.STEPS + 1)), "steps_many"),
    ],
)
def test_steps_that_are_no_way(steps: tuple[Step, ...], code: str) -> None:
    with pytest.raises(DomainError, match=f"signatures.{code}"):
        acts.require_steps(steps)


def test_nothing_of_another_dossier() -> None:
    with pytest.raises(DomainError, match="not_found"):
        acts.done(sent(dossier(*WHOLE)), "none", hand("an"))
    with pytest.raises(DomainError, match="not_in_state"):
        acts.delivered(msgspec.structs.replace(dossier(*WHOLE), state="sealed"))
