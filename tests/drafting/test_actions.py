"""Drafts from the meeting to the signed paper: kept, taken up again, filed, filed anew, refused once signed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs
from pypdf import PdfReader

from server.core.errors import DomainError
from server.documents import actions as documents
from server.drafting import actions
from server.drafting.wire import (
    Draft,
    DraftBegin,
    DraftFiled,
    DraftKind,
    DraftMark,
    DraftRevision,
    DraftSave,
    DraftText,
    Signatory,
)
from server.invitations import actions as invitations
from server.invitations import jobs
from server.invitations.wire import InvitationAnswer, InvitationSend
from server.live import actions as live
from server.meetings import actions as meetings
from server.meetings.wire import ItemEdit, MeetingCancel, MeetingEdit
from server.signatures.actions import opening
from server.signatures.wire import DossierOpen, StepAsk
from tests.signing import papers
from tests.support.house import actor, resending
from tests.support.sitting import People, Watch, add_item

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.meetings.wire import Meeting


def refused(code: str) -> Any:
    return pytest.raises(DomainError, match=code)


async def begin(core: Core, meeting: Meeting, secretary: Actor, kind: DraftKind = "notice", **given: Any) -> Draft:
    return await actions.begin(core, meeting.id, DraftBegin(draft_kind=kind, **given), actor=secretary)


async def save(core: Core, draft: Draft, by: Actor, **changed: Any) -> Draft:
    return await keep(core, draft, structs.replace(draft.text, **changed), by)


async def keep(core: Core, draft: Draft, text: DraftText, secretary: Actor) -> Draft:
    await actions.save(core, draft.id, DraftSave(revision=draft.revision, text=text), actor=secretary)
    return await actions.view(core, draft.id, actor=secretary)


async def file(core: Core, draft: Draft, secretary: Actor) -> DraftFiled:
    return await actions.file(core, draft.id, DraftRevision(revision=draft.revision), actor=secretary)


def settled(text: DraftText) -> DraftText:
    rows = tuple(structs.replace(each, state="present") for each in text.sitting.attendance)
    return structs.replace(text, sitting=structs.replace(text.sitting, attendance=rows))


async def pdf_of(core: Core, filed: DraftFiled) -> bytes:
    assert filed.paper.version is not None
    return await core.blobs.read(filed.paper.version.sha256)


async def test_a_draft_survives_and_is_taken_up_again(core: Core, meeting: Meeting, secretary: Actor) -> None:
    draft = await begin(core, meeting, secretary)
    kept = await save(core, draft, secretary, subject="Kết luận phiên họp")
    assert (kept.revision, kept.text.subject, kept.filed, kept.stale) == (2, "Kết luận phiên họp", False, False)
    again = await save(core, kept, secretary)
    assert again.revision == 2  # the same text is the same revision
    (head,) = (await actions.list_drafts(core, meeting.id, actor=secretary)).drafts
    assert (head.id, head.title) == (draft.id, "Thông báo Kết luận phiên họp")


async def test_of_two_who_write_the_second_is_told(core: Core, meeting: Meeting, secretary: Actor) -> None:
    draft = await begin(core, meeting, secretary)
    await save(core, draft, secretary, subject="Một")
    with refused("drafting.changed"):
        await save(core, draft, secretary, subject="Hai")
    with refused("drafting.changed"):
        await file(core, draft, secretary)
    assert (await actions.view(core, draft.id, actor=secretary)).text.subject == "Một"


@pytest.mark.usefixtures("printed_here")
async def test_what_is_sent_again_is_done_once(core: Core, meeting: Meeting, secretary: Actor) -> None:
    again = resending(secretary)
    first = await actions.begin(core, meeting.id, DraftBegin(draft_kind="notice"), actor=again)
    assert await actions.begin(core, meeting.id, DraftBegin(draft_kind="notice"), actor=again) == first
    again = resending(secretary)
    filed = await file(core, first, again)
    await save(core, first, secretary, subject="Đổi sau khi lập")
    assert await file(core, first, again) == filed
    assert filed.paper.versions == 1


async def test_the_filed_paper_has_its_fields_and_the_next_text_is_its_next_version(
    core: Core, meeting: Meeting, secretary: Actor
) -> None:
    watch = Watch(core)
    draft = await begin(core, meeting, secretary, "minutes")
    with refused("drafting.attendance"):
        await file(core, draft, secretary)
    others = (Signatory(name="Người 2", lines=("THÀNH VIÊN",)),)
    draft = await keep(core, draft, structs.replace(settled(draft.text), others=others), secretary)
    filed = await file(core, draft, secretary)
    await watch.check()
    pdf = await pdf_of(core, filed)
    fields = PdfReader(io.BytesIO(pdf)).get_fields() or {}
    assert set(fields) == {"KyNhay1", "KyNhay2", "ChuKy", "ChuKyThuKy", "ChuKyThanhVien1", "So", "ConDau"}
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
    for part in ("BIÊN BẢN", "BB-UBND", "Người 4, Ủy viên 4", "Báo cáo quý IV", "Phần họp kín", "11 giờ 20"):
        assert part in words, part
    assert "Kỷ luật" not in words
    assert (filed.paper.title, filed.paper.symbol) == ("Biên bản Phiên họp tháng 11", "BB-UBND")
    draft = await save(core, draft, secretary, subject="Phiên họp thường kỳ")
    assert (draft.filed, draft.paper_id) == (False, filed.paper.id)
    second = await file(core, draft, secretary)
    await watch.check()
    assert (second.paper.id, second.paper.versions) == (filed.paper.id, 2)
    assert (await actions.view(core, draft.id, actor=secretary)).filed


@pytest.mark.usefixtures("printed_here")
async def test_what_is_before_its_signers_or_signed_does_not_change(
    core: Core, people: People, meeting: Meeting, secretary: Actor
) -> None:
    draft = await begin(core, meeting, secretary)
    filed = await file(core, draft, secretary)
    steps = (StepAsk(act="sign", rank=1, person_id=people.chair),)
    dossier = await opening.open_dossier(
        core, filed.paper.id, DossierOpen(paper_kind="notice", steps=steps), actor=secretary
    )  # fmt: skip
    await file(core, await save(core, draft, secretary, subject="Khi hồ sơ chưa gửi"), secretary)
    dossier = await opening.submit(core, dossier.id, actor=secretary)
    assert dossier.state == "signing"
    draft = await actions.view(core, draft.id, actor=secretary)
    with refused("drafting.on_its_way"):
        await file(core, draft, secretary)
    await opening.replace(core, dossier.id, actor=secretary)
    pdf = papers.signed(await pdf_of(core, filed), field="ChuKy")
    general = filed.paper.item_id
    await documents.publish_bytes(
        core, general, pdf, "", "paper", secretary, paper_id=filed.paper.id, never_rewrite=True
    )  # fmt: skip
    assert (await actions.view(core, draft.id, actor=secretary)).signed
    with refused("drafting.signed"):
        await file(core, draft, secretary)


@pytest.mark.usefixtures("printed_here")
async def test_after_the_sitting_the_times_are_those_that_were(
    core: Core, people: People, meeting: Meeting, secretary: Actor
) -> None:
    draft = await begin(core, meeting, secretary, "minutes")
    await invitations.send(core, meeting.id, InvitationSend(mail=False), actor=secretary)
    await jobs.settle(core)
    await invitations.answer(
        core, meeting.id, InvitationAnswer(answer="accepted"), actor=actor(people.members[0])
    )  # fmt: skip
    await live.start(core, meeting.id, actor=secretary)
    ended = await live.end(core, meeting.id, actor=secretary)
    draft = await actions.view(core, draft.id, actor=secretary)
    assert draft.stale
    draft = await actions.refill(core, draft.id, DraftRevision(revision=draft.revision), actor=secretary)
    assert (draft.text.sitting.starts_at, draft.text.sitting.ends_at) == (ended.started_at, ended.ended_at)
    states = {each.person_id: each.state for each in draft.text.sitting.attendance}
    assert (states[people.members[0]], states[people.members[1]]) == ("present", "unknown")
    assert not draft.stale
    draft = await keep(core, draft, settled(draft.text), secretary)
    assert (await file(core, draft, secretary)).paper.versions == 1


async def test_drafts_of_a_closed_item_are_for_those_inside(
    core: Core, people: People, meeting: Meeting, secretary: Actor
) -> None:
    from server.core.access import Role

    view = await meetings.view(core, meeting.id, actor=secretary)
    closed = next(item.id for item in view.items if item.restricted)
    draft = await begin(core, meeting, secretary, "decision", item_id=closed)
    colleague = actor("colleague", Role.SECRETARY, body=people.body)
    assert (await actions.list_drafts(core, meeting.id, actor=colleague)).drafts == ()
    for act in (actions.view, actions.preview, actions.discard):
        with refused("not_found"):
            await act(core, draft.id, actor=colleague)
    with refused("denied"):
        await actions.view(core, draft.id, actor=actor(people.chair))
    assert len((await actions.list_drafts(core, meeting.id, actor=secretary)).drafts) == 1


async def test_a_preview_shows_what_there_is(core: Core, meeting: Meeting, secretary: Actor) -> None:
    draft = await begin(core, meeting, secretary, "resolution")
    page = PdfReader(io.BytesIO(await actions.preview(core, draft.id, actor=secretary))).pages[0].extract_text()
    assert "QUYẾT NGHỊ:" in page
    assert "NQ-UBND" in page


async def test_a_draft_is_discarded_and_goes_with_its_item(core: Core, meeting: Meeting, secretary: Actor) -> None:
    draft = await begin(core, meeting, secretary)
    await actions.discard(core, draft.id, actor=secretary)
    with refused("not_found"):
        await actions.view(core, draft.id, actor=secretary)
    item = await add_item(core, meeting, "Thêm một việc", secretary=secretary)
    await begin(core, meeting, secretary, item_id=item.id)
    await meetings.remove_item(core, item.id, actor=secretary)
    assert (await actions.list_drafts(core, meeting.id, actor=secretary)).drafts == ()


def telling(watch: Watch, draft: Draft) -> dict[str, int]:
    """The streams that tell of a draft, and of which revision."""
    found = {name: state.get(("draft_mark", draft.mark)) for name, state in watch.states.items()}
    return {name: mark.revision for name, mark in found.items() if isinstance(mark, DraftMark)}


async def test_who_kept_a_draft_is_told_to_the_desk(core: Core, meeting: Meeting, secretary: Actor) -> None:
    watch = Watch(core)
    draft = await begin(core, meeting, secretary)
    await watch.check()
    kept = await save(core, draft, secretary, subject="Một")
    assert f"d:{meeting.id}" in await watch.check()
    assert telling(watch, draft) == {f"d:{meeting.id}": kept.revision}
    mark = watch.states[f"d:{meeting.id}"]["draft_mark", draft.mark]
    assert isinstance(mark, DraftMark)
    assert mark.changed_by
    await actions.discard(core, draft.id, actor=secretary)
    await watch.check()
    assert telling(watch, draft) == {}


async def test_of_a_closed_item_only_those_are_told_who_prepare_it(
    core: Core, people: People, meeting: Meeting, secretary: Actor
) -> None:
    """The desk's stream is heard by all of the secretariat and the chair, who may not know of its drafts."""
    desk, own, watch = f"d:{meeting.id}", f"u:{people.secretary}", Watch(core)
    closed = next(each for each in await core.db.read(lambda read: meetings.items(read, meeting.id)) if each.restricted)
    begun = await begin(core, meeting, secretary, item_id=closed.id)
    await watch.check()
    assert telling(watch, begun) == {own: 1}
    kept = await save(core, begun, secretary, subject="Một")
    assert desk not in await watch.check()
    assert telling(watch, begun) == {own: kept.revision}
    await meetings.edit_item(core, closed.id, ItemEdit(restricted=False), actor=secretary)
    await watch.check()
    assert telling(watch, begun) == {desk: kept.revision}
    await meetings.edit_item(core, closed.id, ItemEdit(restricted=True, invitees=()), actor=secretary)
    await watch.check()
    assert telling(watch, begun) == {own: kept.revision}
    await actions.discard(core, begun.id, actor=secretary)
    await watch.check()
    assert telling(watch, begun) == {}
    again = await begin(core, meeting, secretary, item_id=closed.id)
    await meetings.remove_item(core, closed.id, actor=secretary)
    await watch.check()
    assert telling(watch, again) == {}


async def test_another_secretary_of_the_meeting_is_told_of_what_is_closed(
    core: Core, people: People, meeting: Meeting, secretary: Actor
) -> None:
    """Who made the item goes on being told only while of the body's secretariat; here nobody has that role."""
    after, watch = people.members[0], Watch(core)
    closed = next(each for each in await core.db.read(lambda read: meetings.items(read, meeting.id)) if each.restricted)
    begun = await begin(core, meeting, secretary, item_id=closed.id)
    await watch.check()
    assert telling(watch, begun) == {f"u:{people.secretary}": 1}
    await meetings.edit(core, meeting.id, MeetingEdit(secretary_id=after), actor=secretary)
    await watch.check()
    assert telling(watch, begun) == {f"u:{after}": 1}
    kept = await save(core, begun, actor(after), subject="Hai")
    await watch.check()
    assert telling(watch, begun) == {f"u:{after}": kept.revision}


async def test_nothing_is_written_of_a_meeting_that_was_called_off(
    core: Core, meeting: Meeting, secretary: Actor
) -> None:
    draft = await begin(core, meeting, secretary)
    await meetings.edit(core, meeting.id, MeetingEdit(title="Phiên họp khác"), actor=secretary)
    await meetings.cancel(core, meeting.id, MeetingCancel(), actor=secretary)
    with refused("meetings.is_cancelled"):
        await file(core, draft, secretary)
    with refused("meetings.is_cancelled"):
        await begin(core, meeting, secretary)
