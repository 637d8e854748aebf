"""Papers go from body to body: sealed once, queued for each, told back; what is forged or harmful is shown as such."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from server.core.access import Role
from server.core.clock import FakeClock
from server.core.errors import DomainError
from server.documents import actions as documents
from server.exchange import actions, jobs, store
from server.exchange.actions import receiving
from server.exchange.child import packages
from server.exchange.models import Organ
from server.exchange.rules import packing
from server.exchange.wire import Exchange, ExchangeSend, OrganSet, Received, ReceivedAnswer
from server.signatures import store as signature_store
from server.signatures.actions import sealing
from server.signatures.wire import AnnexSeal
from tests.exchange.conftest import ADMINISTRATOR, PASSWORD, new_body
from tests.exchange.support import CITY, WARD
from tests.signing import papers
from tests.support.house import actor, resending

if TYPE_CHECKING:
    from server.core.access import Actor
    from tests.exchange.conftest import Offices


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def send(offices: Offices, who: Actor | None = None, *bodies: str) -> Exchange:
    command = ExchangeSend(bodies=bodies or (offices.other.id,), password=PASSWORD)
    return await actions.send(offices.core, offices.dossier.id, command, actor=who or offices.clerk)


async def arrived(offices: Offices) -> list[Received]:
    return list((await actions.arrivals(offices.core, actor=offices.theirs)).incoming)


async def settle(offices: Offices, times: int = 2) -> None:
    for _ in range(times):
        await jobs.settle(offices.core, offices.axis)


async def test_a_paper_goes_out_arrives_and_is_received(offices: Offices) -> None:
    (queued,) = (await send(offices)).outgoing
    assert (queued.state, queued.organ_id, queued.document_id) == ("queued", WARD, f"{CITY},2026/11/22,15/QĐ-UBND")
    await actions.deliver_some(offices.core, offices.axis)
    assert await offices.outgoing() == ["sent"]
    await settle(offices)
    assert await offices.outgoing() == ["arrived"]  # their house said so by itself

    (came,) = await arrived(offices)
    assert (came.verdict, came.reasons, came.answer) == ("valid", (), "")
    assert (came.organ_id, came.document_id) == (CITY, queued.document_id)
    assert came.subject == "Quyết định về chủ trương đầu tư"
    assert [(one.name, one.verdict, one.sha256) for one in came.files] == [
        ("15-QĐ-UBND.pdf", "valid", offices.dossier.sha256)
    ]
    once = resending(offices.theirs)
    answer = await actions.answer(offices.core, came.id, ReceivedAnswer(accept=True), actor=once)
    assert answer.answer == "received"
    assert await actions.answer(offices.core, came.id, ReceivedAnswer(accept=True), actor=once) == answer
    await settle(offices)
    assert await offices.outgoing() == ["received"]
    with pytest.raises(DomainError, match=r"exchange\.answered"):
        await actions.answer(offices.core, came.id, ReceivedAnswer(accept=True), actor=offices.theirs)


async def annex(offices: Offices, title: str, pages: int) -> str:
    """A paper of the same item, sealed as an annex of the one that was issued."""
    pdf = papers.plain(pages=pages)
    paper = await documents.publish_bytes(
        offices.core, offices.dossier.item_id, pdf, title, "paper", offices.secretary, never_rewrite=True
    )  # fmt: skip
    assert paper.version is not None
    command = AnnexSeal(sha256=paper.version.sha256, password=PASSWORD)
    await sealing.seal_annex(offices.core, offices.dossier.id, paper.id, command, actor=offices.clerk)
    return paper.id


async def test_annexes_go_with_their_paper_and_come_out_as_they_went_in(offices: Offices) -> None:
    core = offices.core
    first, second = await annex(offices, "Danh mục dự án", 2), await annex(offices, "Biểu phân bổ vốn", 3)
    plain = await documents.publish_bytes(
        core, offices.dossier.item_id, papers.plain(pages=4), "Tờ trình", "paper", offices.secretary
    )
    unsealed = ExchangeSend(bodies=(offices.other.id,), password=PASSWORD, annexes=(first, plain.id))
    with pytest.raises(DomainError, match=r"exchange\.no_annex"):
        await actions.send(core, offices.dossier.id, unsealed, actor=offices.clerk)
    await send(offices)
    await settle(offices)
    (came,) = await arrived(offices)
    assert (came.verdict, came.reasons) == ("valid", ())
    assert [(one.name, one.description, one.verdict) for one in came.files] == [
        ("15-QĐ-UBND.pdf", "Quyết định về chủ trương đầu tư", "valid"),
        ("15-QĐ-UBND-PL1.pdf", "Danh mục dự án", "valid"),
        ("15-QĐ-UBND-PL2.pdf", "Biểu phân bổ vốn", "valid"),
    ]  # fmt: skip
    sealed = {one.paper_id: one.sha256 for one in (
        await sealing.annexes(core, offices.dossier.id, actor=offices.clerk)
    ).annexes if one.sealed}  # fmt: skip
    assert [one.sha256 for one in came.files] == [offices.dossier.sha256, sealed[first], sealed[second]]
    for one in came.files:
        sha256, _name = await actions.attachment(core, came.id, one.sha256, actor=offices.theirs)
        assert hashlib.sha256(await core.blobs.read(sha256)).hexdigest() == one.sha256
    path, _name = await actions.content(core, came.id, actor=offices.theirs)
    assert "Appendix>Biểu phân bổ vốn</" in (await core.blobs.read(path)).decode()


async def test_a_clerk_chooses_which_annexes_go(offices: Offices) -> None:
    await annex(offices, "Danh mục dự án", 2)
    second = await annex(offices, "Biểu phân bổ vốn", 3)
    some = ExchangeSend(bodies=(offices.other.id,), password=PASSWORD, annexes=(second,))
    await actions.send(offices.core, offices.dossier.id, some, actor=offices.clerk)
    await settle(offices)
    (came,) = await arrived(offices)
    assert [one.description for one in came.files[1:]] == ["Biểu phân bổ vốn"]


async def test_a_paper_sent_back_is_told_with_its_reason(offices: Offices) -> None:
    await send(offices)
    await settle(offices)
    (came,) = await arrived(offices)
    with pytest.raises(DomainError, match=r"exchange\.no_remarks"):
        await actions.answer(offices.core, came.id, ReceivedAnswer(accept=False, remarks=" "), actor=offices.theirs)
    refusal = ReceivedAnswer(accept=False, remarks="Gửi nhầm nơi nhận")
    await actions.answer(offices.core, came.id, refusal, actor=offices.theirs)
    await settle(offices)
    (one,) = (await actions.sent(offices.core, offices.dossier.id, actor=offices.clerk)).outgoing
    assert (one.state, one.remarks) == ("refused", "Gửi nhầm nơi nhận")


async def test_the_same_command_is_sent_once(offices: Offices) -> None:
    who = resending(offices.clerk)
    first = await send(offices, who)
    command = ExchangeSend(bodies=(offices.other.id,), password="không đúng")
    again = await actions.send(offices.core, offices.dossier.id, command, actor=who)
    assert again == first  # answered without opening the key
    assert await offices.outgoing() == ["queued"]


async def test_what_is_not_issued_or_has_no_code_does_not_go_out(offices: Offices) -> None:
    core = offices.core
    without = await new_body(core, "UBND phường Chợ Mới")
    with pytest.raises(DomainError, match=r"exchange\.no_organ.*Chợ Mới"):
        await send(offices, None, offices.other.id, without.id)
    with pytest.raises(DomainError, match=r"exchange\.no_recipients"):
        await send(offices, None, offices.body)
    with pytest.raises(DomainError, match="wrong_password"):
        await actions.send(core, offices.dossier.id, ExchangeSend(bodies=(offices.other.id,)), actor=offices.clerk)
    sealed = replace(offices.dossier, state="sealed")
    await core.db.write(lambda tx: signature_store.dossiers.save_txn(tx, sealed))
    with pytest.raises(DomainError, match=r"exchange\.not_issued"):
        await send(offices)
    assert await offices.outgoing() == []


async def test_who_is_no_clerk_of_the_body_neither_sends_nor_sees(offices: Offices) -> None:
    for who in (offices.member, offices.theirs, actor("nobody")):
        with pytest.raises(DomainError, match="not_found"):
            await send(offices, who)
        with pytest.raises(DomainError, match="not_found"):
            await actions.sent(offices.core, offices.dossier.id, actor=who)
    with pytest.raises(DomainError, match="denied"):
        await send(offices, offices.secretary)
    await send(offices)
    await settle(offices)
    (came,) = await arrived(offices)
    assert not (await actions.arrivals(offices.core, actor=offices.clerk)).incoming
    for who in (offices.clerk, offices.member):
        with pytest.raises(DomainError, match="not_found"):
            await actions.answer(offices.core, came.id, ReceivedAnswer(accept=True), actor=who)
        with pytest.raises(DomainError, match="not_found"):
            await actions.content(offices.core, came.id, actor=who)


class Down(actions.FolderAxis):
    """An axis that cannot be reached."""

    async def send(self, message: Path, sender: str, recipient: str) -> str:
        raise ConnectionRefusedError("trục không trả lời")


async def test_an_axis_that_does_not_answer_delays_and_loses_nothing(offices: Offices, tmp_path: Path) -> None:
    core, clock = offices.core, FakeClock(offices.core.clock.now())
    object.__setattr__(core, "clock", clock)
    await send(offices)
    down = Down(tmp_path / "axis")
    assert await actions.deliver_some(core, down) == 1
    assert await actions.deliver_some(core, down) == 0  # not at once again
    (one,) = (await actions.sent(core, offices.dossier.id, actor=offices.clerk)).outgoing
    assert (one.state, one.remarks) == ("queued", "trục không trả lời")
    clock.advance(timedelta(seconds=31).total_seconds())
    assert await actions.deliver_some(core, offices.axis) == 1
    assert await offices.outgoing() == ["sent"]


async def test_a_taker_that_died_is_followed_by_another(offices: Offices) -> None:
    core, clock = offices.core, FakeClock(offices.core.clock.now())
    object.__setattr__(core, "clock", clock)
    await send(offices)
    now = clock.now()
    soon = (now + timedelta(seconds=180)).isoformat().replace("+00:00", "Z")
    taken = await core.db.write(lambda tx: store.take_txn(tx, now.isoformat().replace("+00:00", "Z"), soon, 10))
    assert len(taken) == 1
    assert await actions.deliver_some(core, offices.axis) == 0
    clock.advance(181)
    assert await actions.deliver_some(core, offices.axis) == 1


async def test_a_message_given_twice_arrives_once(offices: Offices) -> None:
    class Deaf(actions.FolderAxis):
        async def confirm(self, recipient: str, message_id: str) -> None:
            pass

    await send(offices)
    await actions.deliver_some(offices.core, offices.axis)
    deaf = Deaf(offices.axis._root)
    assert await actions.receive_some(offices.core, deaf) == 1
    assert await actions.receive_some(offices.core, deaf) == 0
    assert len(await arrived(offices)) == 1


def waiting(offices: Offices, organ_id: str = WARD) -> Path:
    (path,) = (offices.axis._root / organ_id).glob("*.edxml")
    return path


async def test_a_package_changed_on_its_way_is_not_received(offices: Offices) -> None:
    await send(offices)
    await actions.deliver_some(offices.core, offices.axis)
    path = waiting(offices)
    path.write_text(path.read_text().replace("chủ trương", "chủ chương"))
    await settle(offices)
    (came,) = await arrived(offices)
    assert came.verdict == "invalid"
    assert came.reasons == ("Nội dung gói tin đã thay đổi sau khi ký",)
    with pytest.raises(DomainError, match=r"exchange\.invalid"):
        await actions.answer(offices.core, came.id, ReceivedAnswer(accept=True), actor=offices.theirs)
    sha256, name = await actions.content(offices.core, came.id, actor=offices.theirs)
    assert (came.sha256, name) == (sha256, f"{CITY}_15-QĐ-UBND.edxml")


async def test_a_harmful_file_arrives_as_what_it_is_and_blocks_nothing(offices: Offices) -> None:
    await send(offices)
    await actions.deliver_some(offices.core, offices.axis)
    waiting(offices).with_name("0.edxml").write_text("<!DOCTYPE a [<!ENTITY b 'c'>]><edXML>&b;</edXML>")
    await settle(offices)
    harmful, good = sorted(await arrived(offices), key=lambda one: one.document_id)
    assert (harmful.verdict, harmful.document_id, good.verdict) == ("invalid", "", "valid")
    assert harmful.reasons == ("Chưa nhận: gói tin khai báo DTD hoặc thực thể, gói tin edXML không được có.",)
    assert not list((offices.axis._root / WARD).glob("*.edxml"))


async def test_what_we_cannot_judge_waits_and_is_not_called_forged(
    offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_args: object, **_more: object) -> None:
        raise DomainError("worker_busy")

    await send(offices)
    await actions.deliver_some(offices.core, offices.axis)
    with monkeypatch.context() as patched:
        patched.setattr(receiving, "looked", busy)
        assert await actions.receive_some(offices.core, offices.axis) == 0
    assert await arrived(offices) == []
    assert await actions.receive_some(offices.core, offices.axis) == 1
    assert [one.verdict for one in await arrived(offices)] == ["valid"]


async def test_a_status_of_somebody_else_changes_nothing(offices: Offices) -> None:
    await send(offices)
    await settle(offices)
    (came,) = await arrived(offices)
    held = await offices.core.db.read(lambda read: store.arrival(read, came.id))
    assert held is not None
    assert held.found.package is not None
    status = packing.status_of(
        "06", held.found.package.message, Organ(organ_id="000.99.99.H56"), words="Xong", now=datetime.now(UTC)
    )
    folder = offices.axis._root / CITY
    folder.mkdir(exist_ok=True)
    packages.status_tree(status).getroottree().write(folder / "1.edxml", encoding="UTF-8")
    await settle(offices)
    assert await offices.outgoing() == ["arrived"]


async def test_codes_are_given_once_and_by_administrators(offices: Offices) -> None:
    core = offices.core
    with pytest.raises(DomainError, match=r"exchange\.organ_taken"):
        await actions.set_organ(core, offices.other.id, OrganSet(organ_id=CITY), actor=ADMINISTRATOR)
    with pytest.raises(DomainError, match=r"exchange\.bad_organ"):
        await actions.set_organ(core, offices.other.id, OrganSet(organ_id="../../x"), actor=ADMINISTRATOR)
    with pytest.raises(DomainError, match="denied"):
        await actions.set_organ(core, offices.other.id, OrganSet(organ_id="1"), actor=actor("x", Role.CLERK))
    assert {one.organ_id for one in (await actions.organs(core, actor=offices.member)).organs} == {CITY, WARD}
    await actions.set_organ(core, offices.other.id, OrganSet(organ_id=""), actor=ADMINISTRATOR)
    assert [one.organ_id for one in (await actions.organs(core, actor=offices.member)).organs] == [CITY]


async def test_the_desk_sees_what_went_out_of_its_bodies(offices: Offices) -> None:
    await send(offices)
    page = await actions.outgoing(offices.core, actor=offices.clerk)
    assert page.axis is False, "the configuration of this house names none"
    one = page.outgoing[0]
    assert (one.symbol, one.title, one.organ_id) == ("15/QĐ-UBND", "Quyết định về chủ trương đầu tư", WARD)
    assert (one.state, one.attempts, one.again) == ("queued", 0, False)
    await settle(offices)
    assert (await actions.outgoing(offices.core, actor=offices.clerk)).outgoing[0].state == "arrived"
    for other in (offices.theirs, offices.member):
        assert (await actions.outgoing(offices.core, actor=other)).outgoing == ()


async def test_what_did_not_get_to_the_axis_is_handed_over_anew(offices: Offices) -> None:
    core = offices.core
    sent = (await send(offices)).outgoing[-1]
    with pytest.raises(DomainError, match=r"exchange\.not_stuck"):
        await actions.send_again(core, sent.id, actor=offices.clerk)
    await core.db.write(lambda tx: store.change_txn(tx, sent.id, state="failed", attempts=48))
    for other in (offices.theirs, offices.member):
        with pytest.raises(DomainError, match="not_found"):
            await actions.send_again(core, sent.id, actor=other)
    once = resending(offices.clerk)
    page = await actions.send_again(core, sent.id, actor=once)
    found = next(one for one in page.outgoing if one.id == sent.id)
    assert (found.state, found.attempts, found.again) == ("queued", 0, False)
    assert await actions.send_again(core, sent.id, actor=once) == page
    await settle(offices)
    assert (await offices.outgoing())[-1] == "arrived"


async def test_a_file_of_a_package_is_saved_as_it_came(offices: Offices) -> None:
    await send(offices)
    await settle(offices)
    came = (await arrived(offices))[0]
    sha256, name = await actions.attachment(offices.core, came.id, came.files[0].sha256, actor=offices.theirs)
    assert (sha256, name) == (offices.dossier.sha256, "15-QĐ-UBND.pdf")
    assert (await offices.core.blobs.read(sha256))[:5] == b"%PDF-"
    with pytest.raises(DomainError, match="not_found"):
        await actions.attachment(offices.core, came.id, "0" * 64, actor=offices.theirs)
    with pytest.raises(DomainError, match="not_found"):
        await actions.attachment(offices.core, came.id, came.files[0].sha256, actor=offices.clerk)
