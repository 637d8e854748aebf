"""A paper's way by its dossier: initialled, approved, signed by who may, given back, told to whom it concerns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import msgspec
import pikepdf
import pytest
import pytest_asyncio

from server.accounts import actions as accounts
from server.accounts.wire import AccountGive, GrantsChange
from server.core.access import Grant, Role
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp
from server.documents import actions as documents
from server.meetings import actions as meetings
from server.meetings.wire import ItemEdit, MeetingEdit
from server.signatures import actions, store
from server.signatures.actions import delegating, dossiers, opening, signing
from server.signatures.wire import (
    Act,
    BatchItem,
    DelegationGive,
    Dossier,
    DossierOpen,
    DossierRemarks,
    Sign,
    SignBatch,
    SigningRequest,
    SigningReturn,
    StepAsk,
)
from tests.signatures.conftest import ADMINISTRATOR, PASSWORD, Stage, enrol, set_stage
from tests.signatures.registry import FIELDS, blank, opened, sqlite_of
from tests.support.house import actor, resending, states
from tests.support.pdfs import pdf
from tests.support.sitting import Watch, add_item

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from server.core.access import Actor
    from server.core.context import Core
    from server.documents.wire import Paper
    from server.signatures.wire import ActKind
    from signing.demo_pki import DemoPki

pytestmark = pytest.mark.asyncio(loop_scope="module")
_titles = count(1)


class House(msgspec.Struct):
    """One house for all tests of an engine: each brings its own paper."""

    core: Any
    stage: Stage
    clerk: Any


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=["sqlite", "postgres"])
async def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, pki: DemoPki
) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("dossiers")
    if request.param == "sqlite":
        url = sqlite_of(request.getfixturevalue("migrated_sqlite"), folder)
    else:
        postgres = request.getfixturevalue("postgres")
        url = postgres.url(postgres.lend())
    async with opened(folder, url) as core:
        stage = await set_stage(core, pki)
        person = stage.stranger.person_id
        given = AccountGive(user="van.thu", grants=(Grant(Role.CLERK, stage.people.body),))
        await accounts.give(core, person, given, actor=ADMINISTRATOR, origin="https://phien.example")
        yield House(core, stage, actor(person, Role.CLERK, body=stage.people.body, name="Văn thư"))


@pytest.fixture
def core(house: House) -> Core:
    found: Core = house.core
    return found


@pytest.fixture
def stage(house: House) -> Stage:
    return house.stage


@pytest_asyncio.fixture(loop_scope="module")
async def watch(core: Core) -> Watch:
    watching = Watch(core)
    await watching.check()
    return watching


def refused(code: str) -> Any:
    return pytest.raises(DomainError, match=code)


def step(act: ActKind, rank: int, who: Actor | None = None, **more: Any) -> StepAsk:
    return StepAsk(act=act, rank=rank, person_id=who.person_id if who else "", **more)


async def publish(core: Core, stage: Stage, data: bytes | None = None, item: str = "") -> Paper:
    return await documents.publish_bytes(
        core, item or stage.item.id, data or blank(), f"Thông báo {next(_titles)}", "paper", stage.secretary,
        never_rewrite=True,
    )  # fmt: skip


async def start(core: Core, stage: Stage, *steps: StepAsk, paper: Paper | None = None) -> Dossier:
    paper = paper or await publish(core, stage)
    command = DossierOpen(paper_kind="notice", steps=steps)
    return await opening.open_dossier(core, paper.id, command, actor=stage.secretary)


async def send(core: Core, stage: Stage, *steps: StepAsk, paper: Paper | None = None) -> Dossier:
    draft = await start(core, stage, *steps, paper=paper)
    sent = await opening.submit(core, draft.id, actor=stage.secretary)
    assert sent.findings == ()
    return sent


async def asked(core: Core, dossier: Dossier, who: Actor) -> SigningRequest:
    inbox = await actions.inbox(core, actor=who)
    return next(each for each in inbox.requests if (each.dossier_id, each.state) == (dossier.id, "waiting"))


async def act(core: Core, dossier: Dossier, who: Actor, password: str = "") -> SigningRequest:
    request = await asked(core, dossier, who)
    if request.act == "sign":
        command = Sign(sha256=request.sha256, password=PASSWORD)
        return await actions.sign(core, request.id, command, actor=who)
    done = {"check": actions.look_over, "initial": actions.initial, "approve": actions.approve}[request.act]
    return await done(core, request.id, Act(sha256=request.sha256, password=password), actor=who)


async def now(core: Core, dossier: Dossier) -> Dossier:
    found = await core.db.read(lambda read: dossiers.load(read, dossier.id))
    assert found is not None
    return found


def of_person(who: Actor) -> str:
    return f"u:{who.person_id}"


async def test_initialled_by_two_approved_signed_and_then_the_registry_sees_it(
    core: Core, stage: Stage, house: House, watch: Watch
) -> None:
    dossier = await send(
        core, stage, step("initial", 1, stage.member), step("initial", 1, stage.official),
        step("approve", 2, stage.official), step("sign", 3, stage.chair), step("number", 4), step("issue", 5),
    )  # fmt: skip
    assert dossier.state == "initialling"
    moved = await watch.check()
    assert {of_person(stage.member), of_person(stage.official), f"d:{stage.meeting.id}"} <= moved
    assert of_person(house.clerk) not in moved

    first = await act(core, dossier, stage.member)
    assert (first.state, first.act, first.signed_version_id) == ("signed", "initial", None)
    await act(core, dossier, stage.official)
    assert (await now(core, dossier)).state == "approving"
    await act(core, dossier, stage.official)
    approved = await now(core, dossier)
    assert (approved.state, approved.approved_sha256) == ("signing", dossier.sha256)
    assert of_person(house.clerk) not in await watch.check()

    done = await act(core, dossier, stage.chair)
    signed = await now(core, dossier)
    assert (signed.state, signed.version_id, signed.closed_at) == ("signed", done.signed_version_id, None)
    assert (signed.approved_sha256, signed.sha256 != dossier.sha256) == (dossier.sha256, True)
    initials = [(each.person_name != "", each.sha256, each.done_at is not None) for each in signed.steps[:2]]
    assert initials == [(True, dossier.sha256, True)] * 2
    assert of_person(house.clerk) in await watch.check()
    theirs = (await states(core, of_person(house.clerk)))[of_person(house.clerk)]
    assert theirs["dossier", dossier.id] == signed
    report = (await actions.check_version(core, signed.version_id, actor=stage.secretary)).report
    assert (report.integrity, [each.field for each in report.signatures]) == ("intact", ["ChuKy"])


async def test_initials_may_be_signatures_where_the_page_has_room_for_them(core: Core, stage: Stage) -> None:
    room = msgspec.structs.replace(FIELDS[0], name="KyNhay1", box=(60, 60, 102, 78), leaves=None)
    paper = await publish(core, stage, blank((room, *FIELDS)))
    dossier = await send(core, stage, step("initial", 1, stage.official), step("sign", 2, stage.chair), paper=paper)
    done = await act(core, dossier, stage.official, PASSWORD)
    after = await now(core, dossier)
    assert (after.version_id, after.steps[0].sha256) == (done.signed_version_id, after.sha256)
    known = await core.db.read(lambda read: store.signed(read, after.version_id))
    assert known == store.Signed((), ("KyNhay1",))
    await act(core, dossier, stage.chair)
    report = (await actions.check_version(core, (await now(core, dossier)).version_id, actor=stage.chair)).report
    assert (report.integrity, len(report.signatures)) == ("intact", 2)
    without = await send(core, stage, step("initial", 1, stage.official), step("sign", 2, stage.chair))
    with refused("no_initial_field"):
        await act(core, without, stage.official, PASSWORD)


async def test_returned_it_goes_round_again_with_its_new_version(core: Core, stage: Stage, watch: Watch) -> None:
    dossier = await send(core, stage, step("initial", 1, stage.official), step("sign", 2, stage.chair))
    await act(core, dossier, stage.official)
    request = await asked(core, dossier, stage.chair)
    back = await actions.give_back(core, request.id, SigningReturn(remarks="Sai ngày"), actor=stage.chair)
    assert (back.state, back.remarks) == ("returned", "Sai ngày")
    returned = await now(core, dossier)
    assert (returned.state, returned.remarks, returned.steps[1].state) == ("returned", "Sai ngày", "returned")
    with refused("not_in_state"):
        await opening.submit(core, dossier.id, actor=stage.secretary)
    await watch.check()
    again = await documents.publish_bytes(
        core, stage.item.id, pdf("Bản sửa"), "", "paper", stage.secretary, paper_id=dossier.paper_id
    )
    draft = await now(core, dossier)
    assert again.version is not None
    assert (draft.state, draft.version_id, {each.state for each in draft.steps}) == (
        "draft", again.version.id, {"pending"},
    )  # fmt: skip
    await watch.check()


async def test_rejected_withdrawn_and_replaced(core: Core, stage: Stage, watch: Watch) -> None:
    dossier = await send(core, stage, step("sign", 1, stage.chair))
    request = await asked(core, dossier, stage.chair)
    await actions.reject(core, request.id, SigningReturn(remarks="Sai thẩm quyền"), actor=stage.chair)
    assert (await now(core, dossier)).state == "rejected"

    dossier = await send(core, stage, step("initial", 1, stage.official), step("sign", 2, stage.chair))
    request = await asked(core, dossier, stage.official)
    with refused("no_way_back"):
        await actions.reject(core, request.id, SigningReturn(remarks="không"), actor=stage.official)
    assert (await opening.withdraw(core, dossier.id, actor=stage.secretary)).state == "draft"
    assert (await actions.view(core, request.id, actor=stage.official)).state == "withdrawn"
    await opening.submit(core, dossier.id, actor=stage.secretary)
    await documents.publish_bytes(
        core, stage.item.id, pdf("Bản khác"), "", "paper", stage.secretary, paper_id=dossier.paper_id
    )
    assert (await now(core, dossier)).state == "replaced"
    with refused("not_in_state"):
        await opening.replace(core, dossier.id, actor=stage.secretary)
    await watch.check()


async def test_the_format_is_checked_before_anybody_is_asked(core: Core, stage: Stage) -> None:
    def widen(made: pikepdf.Pdf) -> None:
        made.pages[0].MediaBox = [0, 0, 300, 300]

    paper = await publish(core, stage, pdf("Khổ lạ", change=widen))
    dossier = await start(core, stage, step("sign", 1, stage.chair), paper=paper)
    found = await opening.submit(core, dossier.id, actor=stage.secretary)
    assert found.state == "draft"
    assert "signing.page_not_a4" in {each.code for each in found.findings}
    assert all(each.text.startswith("Chưa") for each in found.findings)

    unnumbered = await publish(core, stage, blank((FIELDS[0], FIELDS[3])))
    dossier = await start(core, stage, step("sign", 1, stage.chair), step("number", 2), paper=unnumbered)
    found = await opening.submit(core, dossier.id, actor=stage.secretary)
    assert [each.args["field"] for each in found.findings] == ["So", "NgayThang"]


async def entrust(core: Core, stage: Stage, start_days: int, end_days: int, **more: Any) -> str:
    today = datetime.now(UTC)
    command = DelegationGive(
        from_id=stage.chair.person_id, to_id=stage.member.person_id, capacity="KT.", acting_for="Chủ tịch",
        valid_from=stamp(today + timedelta(days=start_days)), valid_until=stamp(today + timedelta(days=end_days)),
        **more,
    )  # fmt: skip
    return (await actions.delegate(core, stage.people.body, command, actor=stage.secretary)).id


async def test_who_signs_for_another_does_so_within_the_dates_of_it(core: Core, stage: Stage, watch: Watch) -> None:
    await enrol(core, stage.pki, stage.member.person_id)
    kt = step("sign", 1, stage.member, capacity="KT.", acting_for="CHỦ TỊCH", post="PHÓ CHỦ TỊCH")
    with refused("delegation_none"):
        await start(core, stage, kt)
    with refused("not_official"):
        await start(core, stage, step("sign", 1, stage.member))
    await entrust(core, stage, -9, -1)
    dossier = await send(core, stage, kt)
    with refused("delegation_expired"):
        await act(core, dossier, stage.member)
    coming = await entrust(core, stage, 1, 9)
    with refused("delegation_not_yet"):
        await act(core, dossier, stage.member)
    await entrust(core, stage, -1, 9, kinds=("decision",))
    with refused("delegation_other_kind"):
        await act(core, dossier, stage.member)
    ended = await entrust(core, stage, -1, 9)
    assert (await actions.end_delegation(core, ended, actor=ADMINISTRATOR)).ended_at is not None
    with refused("delegation_ended"):
        await actions.end_delegation(core, ended, actor=ADMINISTRATOR)
    with refused("delegation_other_kind"):
        await act(core, dossier, stage.member)
    await entrust(core, stage, -1, 9, kinds=("notice",))
    done = await act(core, dossier, stage.member)
    assert (done.state, done.capacity, done.acting_for) == ("signed", "KT.", "CHỦ TỊCH")
    listed = await delegating.delegations(core, stage.people.body, actor=stage.secretary)
    assert {coming, ended} <= {each.id for each in listed.delegations}
    for other in (stage.member, actor("other", Role.SECRETARY, body="elsewhere")):
        with refused("not_found"):
            await delegating.delegations(core, stage.people.body, actor=other)
        with refused("not_found"):
            await actions.end_delegation(core, coming, actor=other)
    await watch.check()


async def test_several_papers_with_one_unlocking(core: Core, stage: Stage) -> None:
    sent = [await send(core, stage, step("sign", 1, stage.chair)) for _ in range(3)]
    papers = [await asked(core, each, stage.chair) for each in sent]
    await opening.withdraw(core, sent[2].id, actor=stage.secretary)
    command = SignBatch(
        requests=(
            BatchItem(id=papers[0].id, sha256=papers[0].sha256), BatchItem(id=papers[2].id, sha256=papers[2].sha256),
            BatchItem(id=papers[1].id, sha256="0" * 64), BatchItem(id="none", sha256="0" * 64),
        ),
        password=PASSWORD,
    )  # fmt: skip
    again = resending(stage.chair, new_id())
    answer = await actions.sign_batch(core, command, actor=again)
    assert [(each.id, each.code) for each in answer.results] == [
        (papers[0].id, ""), (papers[2].id, "signatures.withdrawn"), (papers[1].id, "signatures.other_bytes"),
        ("none", "not_found"),
    ]  # fmt: skip
    assert answer.results[0].request is not None
    assert answer.results[0].request.state == "signed"
    assert answer.results[1].text.startswith("Chưa ghi")
    assert await actions.sign_batch(core, command, actor=again) == answer
    with refused("wrong_password"):
        await actions.sign_batch(core, msgspec.structs.replace(command, password="sai"), actor=stage.chair)
    for many in ((), tuple(BatchItem(id=str(n), sha256="") for n in range(51))):
        with refused("batch_size"):
            await actions.sign_batch(core, SignBatch(requests=many, password=""), actor=stage.chair)


async def test_who_has_no_part_sees_nothing_and_does_nothing(core: Core, stage: Stage, house: House) -> None:
    dossier = await send(core, stage, step("initial", 1, stage.official), step("sign", 2, stage.chair))
    request = await asked(core, dossier, stage.official)
    elsewhere = actor(new_id(), Role.OFFICIAL, Role.CLERK, Role.SECRETARY, body="elsewhere")
    seen = Act(sha256=request.sha256)
    for other in (stage.member, elsewhere, ADMINISTRATOR):
        for verb in (
            dossiers.view(core, dossier.id, actor=other), opening.submit(core, dossier.id, actor=other),
            opening.withdraw(core, dossier.id, actor=other), opening.replace(core, dossier.id, actor=other),
            actions.recall(core, dossier.id, DossierRemarks(remarks="x"), actor=other),
            actions.initial(core, request.id, seen, actor=other), actions.approve(core, request.id, seen, actor=other),
            actions.reject(core, request.id, SigningReturn(remarks="x"), actor=other),
        ):  # fmt: skip
            with refused("not_found"):
                await verb
    with refused("denied"):
        await dossiers.of_paper(core, dossier.paper_id, actor=stage.member)
    for other in (stage.secretary, house.clerk, stage.chair):
        with refused("denied"):
            await actions.initial(core, request.id, seen, actor=other)
    with refused("denied"):
        await opening.withdraw(core, dossier.id, actor=stage.official)
    with refused("other_act"):
        await actions.sign(core, request.id, Sign(sha256=request.sha256, password=PASSWORD), actor=stage.official)
    with refused("not_your_step"):
        await core.db.write(lambda tx: _force(core, tx, stage.official, dossier, dossier.steps[1].id))


def _force(core: Core, tx: Any, who: Actor, dossier: Dossier, step_id: str) -> Dossier:
    held, *_ = dossiers.hold_txn(tx, who, "signatures.dossier", dossier.id)
    return dossiers.advance_txn(core, tx, who, held, step_id)


async def test_of_a_closed_item_only_who_has_a_step_is_told(
    core: Core, stage: Stage, house: House, watch: Watch
) -> None:  # fmt: skip
    closed = await add_item(
        core, stage.meeting, "Nhân sự", secretary=stage.secretary, restricted=True, invitees=(stage.member.person_id,)
    )
    paper = await publish(core, stage, item=closed.id)
    with refused("clerk_by_name"):
        await start(core, stage, step("sign", 1, stage.chair), step("number", 2), paper=paper)
    dossier = await send(
        core, stage, step("sign", 1, stage.chair), step("number", 2, stage.official), paper=paper
    )  # fmt: skip
    await act(core, dossier, stage.chair)
    moved = await watch.check()
    assert of_person(house.clerk) not in moved
    desk = f"d:{stage.meeting.id}"
    assert ("dossier", dossier.id) not in (await states(core, desk))[desk]
    with refused("not_found"):
        await dossiers.view(core, dossier.id, actor=house.clerk)
    assert (await dossiers.view(core, dossier.id, actor=stage.official)).state == "signed"
    await meetings.edit_item(core, closed.id, ItemEdit(restricted=False), actor=stage.secretary)
    assert {of_person(house.clerk), desk} <= await watch.check()
    await meetings.edit_item(core, closed.id, ItemEdit(restricted=True), actor=stage.secretary)
    await watch.check()
    own = of_person(house.clerk)
    assert ("dossier", dossier.id) not in (await states(core, own))[own]


async def test_who_prepares_a_closed_item_sees_where_its_dossier_is(
    core: Core, stage: Stage, house: House, watch: Watch
) -> None:  # fmt: skip
    """The desk's stream holds nothing of it; the meeting's secretary, and who comes after them, are told themselves."""
    closed = await add_item(core, stage.meeting, "Nhân sự", secretary=stage.secretary, restricted=True)
    dossier = await send(core, stage, step("sign", 1, stage.chair), paper=await publish(core, stage, item=closed.id))
    before, after = of_person(stage.secretary), of_person(stage.member)
    await watch.check()
    assert watch.states[before]["dossier", dossier.id] == dossier
    await act(core, dossier, stage.chair)
    assert before in await watch.check()
    signed = watch.states[before]["dossier", dossier.id]
    assert isinstance(signed, Dossier)
    assert signed.state == "signed"
    change = MeetingEdit(secretary_id=stage.member.person_id)
    await meetings.edit(core, stage.meeting.id, change, actor=stage.secretary)
    await watch.check()
    assert watch.states[after]["dossier", dossier.id] == signed
    assert ("dossier", dossier.id) not in watch.states[before]
    await meetings.edit_item(core, closed.id, ItemEdit(restricted=False), actor=stage.member)
    await watch.check()
    assert ("dossier", dossier.id) not in watch.states[after]
    assert watch.states[f"d:{stage.meeting.id}"]["dossier", dossier.id] == signed


async def test_who_is_a_clerk_no_more_has_it_no_more(
    core: Core, stage: Stage, house: House, watch: Watch
) -> None:  # fmt: skip
    dossier = await send(core, stage, step("sign", 1, stage.chair), step("number", 2))
    await act(core, dossier, stage.chair)
    own, person = of_person(house.clerk), house.clerk.person_id
    await watch.check()
    keep = (Grant(Role.ADMINISTRATOR),)
    await accounts.change_grants(core, person, GrantsChange(grants=keep), actor=ADMINISTRATOR)
    await watch.check()
    assert ("dossier", dossier.id) not in (await states(core, own))[own]
    back = (*keep, Grant(Role.CLERK, stage.people.body))
    await accounts.change_grants(core, person, GrantsChange(grants=back), actor=ADMINISTRATOR)
    await watch.check()
    assert ("dossier", dossier.id) in (await states(core, own))[own]


async def test_what_was_issued_is_recalled_with_its_reason(core: Core, stage: Stage, watch: Watch) -> None:
    dossier = await send(core, stage, step("sign", 1, stage.chair))
    with refused("not_in_state"):
        await actions.recall(core, dossier.id, DossierRemarks(remarks="sớm"), actor=stage.secretary)
    issued = msgspec.structs.replace(
        dossier, state="issued", number=7, symbol="07/TB-UBND", closed_at=dossier.opened_at
    )
    done = tuple(msgspec.structs.replace(each, state="done", done_at=dossier.opened_at) for each in issued.steps)
    issued = msgspec.structs.replace(issued, steps=done)
    await core.db.write(lambda tx: dossiers.settle_txn(tx, stage.secretary, issued, restricted=False))
    again = resending(stage.secretary, new_id())
    back = await actions.recall(core, dossier.id, DossierRemarks(remarks="Sai số"), actor=again)
    assert (back.state, back.remarks, back.number) == ("recalled", "Sai số", 7)
    assert await actions.recall(core, dossier.id, DossierRemarks(remarks="Sai số"), actor=again) == back
    paper = await core.db.read(lambda read: documents.load(read, dossier.paper_id))
    assert paper is not None
    assert paper.state == "recalled"
    await watch.check()


async def test_a_resend_of_an_act_gets_the_first_answer(core: Core, stage: Stage) -> None:
    dossier = await send(core, stage, step("initial", 1, stage.official), step("sign", 2, stage.chair))
    request = await asked(core, dossier, stage.official)
    again = resending(stage.official, new_id())
    first = await actions.initial(core, request.id, Act(sha256=request.sha256), actor=again)
    assert await actions.initial(core, request.id, Act(sha256=request.sha256), actor=again) == first
    with refused("signatures.signed"):
        await actions.initial(core, request.id, Act(sha256=request.sha256), actor=stage.official)


async def test_what_was_signed_upon_other_bytes_becomes_no_version(
    core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await send(core, stage, step("sign", 1, stage.chair), step("sign", 1, stage.official))
    mine, theirs = await asked(core, dossier, stage.chair), await asked(core, dossier, stage.official)
    made: list[Any] = []
    keep = signing.publish_txn

    def late(core: Core, tx: Any, who: Actor, request_id: str, what: Any) -> SigningRequest:
        made.append(what)
        return keep(core, tx, who, request_id, what)

    monkeypatch.setattr(signing, "publish_txn", late)
    await actions.sign(core, mine.id, Sign(sha256=mine.sha256, password=PASSWORD), actor=stage.chair)
    with refused("other_bytes"):
        await core.db.write(lambda tx: keep(core, tx, stage.official, theirs.id, made[0]))
    pointed = await asked(core, dossier, stage.official)
    assert (pointed.id, pointed.sha256) == (theirs.id, (await now(core, dossier)).sha256)
