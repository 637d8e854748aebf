"""From the official's signature to the paper in everybody's hands: number, seal, annexes, issue, delivery, copies."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import msgspec
import pikepdf
import pypdfium2
import pytest
import pytest_asyncio
from PIL import ImageChops

from server.core.access import Role
from server.core.context import Core
from server.core.errors import DomainError
from server.core.printing.fonts import times_font
from server.documents import actions as documents
from server.invitations import actions as invitations
from server.invitations.actions.printing import paper_bytes
from server.invitations.wire import InvitationSend
from server.meetings import actions as meetings
from server.signatures import actions
from server.signatures.actions import copies, issuing, keys, number_book, numbering, opening, sealing
from server.signatures.store import dossiers as store
from server.signatures.wire import (
    Act,
    AnnexSeal,
    BookQuery,
    CopyMake,
    DossierIssue,
    DossierOpen,
    DossierRemarks,
    Sign,
    StepAsk,
)
from signing import SigningError, verify
from signing.demo_seal import draw_seal
from signing.fields import fill_fields
from tests.signatures.conftest import ADMINISTRATOR, PASSWORD, Stage, set_stage
from tests.signatures.registry import opened, sqlite_of
from tests.support.house import actor, resending
from tests.support.sitting import Watch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from server.core.access import Actor
    from server.signatures.wire import ActKind, CopyKind, Dossier
    from signing.demo_pki import DemoPki

BODY = "Ủy ban nhân dân thành phố Tân Giang"
STEPS: tuple[tuple[ActKind, int], ...] = (("number", 2), ("seal", 3), ("issue", 4))
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, pki: DemoPki
) -> AsyncIterator[tuple[Core, Stage]]:
    folder = tmp_path_factory.mktemp("sealing")
    async with opened(folder, sqlite_of(migrated_sqlite, folder)) as core:
        stage = await set_stage(core, pki)
        p12 = pki.person(BODY, organisation=BODY).pkcs12(PASSWORD)
        image = draw_seal(BODY, font=str(times_font().bold))
        await keys.enrol_seal(core, stage.people.body, p12, PASSWORD, image, width_mm=36, actor=ADMINISTRATOR)
        yield core, stage


@pytest.fixture
def core(house: tuple[Core, Stage]) -> Core:
    return house[0]


@pytest.fixture
def stage(house: tuple[Core, Stage]) -> Stage:
    return house[1]


@pytest.fixture
def clerk(stage: Stage) -> Actor:
    return clerk_of(stage)


def clerk_of(stage: Stage) -> Actor:
    return actor(stage.people.all[5], Role.CLERK, body=stage.people.body, name="Văn thư")


async def signed(core: Core, stage: Stage, paper_id: str = "") -> Dossier:
    """A paper like the giấy mời, signed by the chair; the rest waits for the clerk."""
    return await sign(core, stage, await sent_out(core, stage, paper_id or await copied(core, stage)))


async def copied(core: Core, stage: Stage) -> str:
    """The giấy mời once more, as a paper of the item."""
    assert stage.paper.version is not None
    pdf = await core.blobs.read(stage.paper.version.sha256)
    paper = await documents.publish_bytes(
        core, stage.item.id, pdf, "Giấy mời họp", "paper", stage.secretary, symbol="GM-UBND", never_rewrite=True
    )
    return paper.id


async def sent_out(core: Core, stage: Stage, paper_id: str) -> Dossier:
    """Its dossier, which waits for the chair."""
    first = StepAsk(act="sign", rank=1, person_id=stage.chair.person_id)
    rest = tuple(StepAsk(act=act, rank=rank) for act, rank in STEPS)
    command = DossierOpen(paper_kind="invitation", steps=(first, *rest))
    dossier = await opening.open_dossier(core, paper_id, command, actor=stage.secretary)
    dossier = await opening.submit(core, dossier.id, actor=stage.secretary)
    assert dossier.findings == ()
    return dossier


async def sign(core: Core, stage: Stage, dossier: Dossier) -> Dossier:
    """The chair signs."""
    inbox = await actions.inbox(core, actor=stage.chair)
    request = next(each for each in inbox.requests if each.dossier_id == dossier.id)
    await actions.sign(core, request.id, Sign(sha256=request.sha256, password=PASSWORD), actor=stage.chair)
    return await now(core, dossier)


async def now(core: Core, dossier: Dossier) -> Dossier:
    found = await core.db.read(lambda read: store.load(read, dossier.id))
    assert found is not None
    return found


async def sealed(core: Core, stage: Stage, clerk: Actor) -> Dossier:
    dossier = await signed(core, stage)
    dossier = await numbering.number(core, dossier.id, Act(sha256=dossier.sha256), actor=clerk)
    return await sealing.seal(core, dossier.id, Act(sha256=dossier.sha256, password=PASSWORD), actor=clerk)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def closed(house: tuple[Core, Stage]) -> Dossier:
    """A sealed paper, for tests that leave it as it is."""
    return await sealed(*house, clerk_of(house[1]))


async def issued(core: Core, stage: Stage, clerk: Actor) -> Dossier:
    dossier = await sealed(core, stage, clerk)
    command = DossierIssue(sha256=dossier.sha256, recipients="Như trên; Lưu: VT")
    return await issuing.issue(core, dossier.id, command, actor=clerk)


def seen(pdf: bytes) -> pypdfium2.PdfDocument:
    """What everybody sees, fields and signatures drawn into the pages."""
    flat = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        file.flatten_annotations("all")
        file.save(flat)
    return pypdfium2.PdfDocument(flat.getvalue())


def words_of(pdf: bytes) -> str:
    with seen(pdf) as document:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


def red(pdf: bytes) -> tuple[int, int, int, int] | None:
    """Where there is red ink on the first page, in points from the top left."""
    with seen(pdf) as document:
        channel, green, _ = document[0].render(scale=1).to_pil().convert("RGB").split()
    return ImageChops.subtract(channel, green).point(lambda value: 255 * (value > 60)).getbbox()


async def test_the_whole_way_of_a_paper_is_valid_to_everybody(core: Core, stage: Stage, clerk: Actor) -> None:
    before = await signed(core, stage)
    numbered = await numbering.number(core, before.id, Act(sha256=before.sha256), actor=clerk)
    assert (numbered.state, numbered.symbol.partition("/")[2]) == ("numbered", "GM-UBND")
    done = await sealing.seal(core, before.id, Act(sha256=numbered.sha256, password=PASSWORD), actor=clerk)
    assert done.state == "sealed"
    pdf = await core.blobs.read(done.sha256)
    assert pdf.startswith(await core.blobs.read(before.sha256))
    report = verify(pdf, trust_roots=(stage.pki.root_pem,), expected_fields=("ChuKy", "ConDau"))
    assert (report.verdict, report.integrity) == ("valid", "intact"), report.reasons
    assert [one.field for one in report.signatures] == ["ChuKy", "ConDau"]
    version = (await actions.check_version(core, done.version_id, actor=stage.secretary)).report
    assert version.verdict == "valid", version.reasons
    box = red(pdf)
    assert box is not None
    assert box[2] - box[0] == pytest.approx(36 * 72 / 25.4, abs=2)  # millimetres of the seal as it is


async def test_desk_and_clerk_see_each_act_as_it_is_done(core: Core, stage: Stage, clerk: Actor) -> None:
    dossier, watch = await signed(core, stage), Watch(core)
    await watch.check()
    desk = f"d:{stage.meeting.id}"
    dossier = await numbering.number(core, dossier.id, Act(sha256=dossier.sha256), actor=clerk)
    assert desk in await watch.check()
    dossier = await sealing.seal(core, dossier.id, Act(sha256=dossier.sha256, password=PASSWORD), actor=clerk)
    assert desk in await watch.check()
    await issuing.issue(core, dossier.id, DossierIssue(sha256=dossier.sha256), actor=clerk)
    assert desk in await watch.check()
    shown = watch.states[desk][("dossier", dossier.id)]
    assert shown == await now(core, dossier)


async def test_what_is_sealed_is_closed(core: Core, stage: Stage, clerk: Actor, closed: Dossier) -> None:
    dossier = closed
    pdf = await core.blobs.read(dossier.sha256)
    for field in ("So", "NgayThang"):
        with pytest.raises(SigningError, match="pdf_locked"):
            fill_fields(pdf, {field: "99"}, font=str(times_font().regular))
    again = await numbering.number(core, dossier.id, Act(sha256=dossier.sha256), actor=clerk)
    assert again == dossier
    with pytest.raises(DomainError, match="not_your_turn"):
        await sealing.seal(core, dossier.id, Act(sha256=dossier.sha256, password=PASSWORD), actor=clerk)


async def test_a_seal_comes_after_the_number_and_by_the_clerk_alone(core: Core, stage: Stage, clerk: Actor) -> None:
    dossier = await signed(core, stage)
    with pytest.raises(DomainError, match="seal_before_number"):
        await sealing.seal(core, dossier.id, Act(sha256=dossier.sha256, password=PASSWORD), actor=clerk)
    dossier = await numbering.number(core, dossier.id, Act(sha256=dossier.sha256), actor=clerk)
    command = Act(sha256=dossier.sha256, password=PASSWORD)
    for who in (stage.secretary, stage.chair):
        with pytest.raises(DomainError, match="denied"):
            await sealing.seal(core, dossier.id, command, actor=who)
    with pytest.raises(DomainError, match="not_found"):
        await sealing.seal(core, dossier.id, command, actor=stage.member)
    with pytest.raises(DomainError, match="wrong_password"):
        await sealing.seal(core, dossier.id, Act(sha256=dossier.sha256, password="sai"), actor=clerk)
    with pytest.raises(DomainError, match="other_bytes"):
        await sealing.seal(core, dossier.id, Act(sha256="0" * 64, password=PASSWORD), actor=clerk)
    first = await sealing.seal(core, dossier.id, command, actor=resending(clerk, "seal"))
    assert await sealing.seal(core, dossier.id, command, actor=resending(clerk, "seal")) == first


async def test_a_file_that_does_not_say_what_the_book_says_is_not_sealed(
    core: Core, stage: Stage, clerk: Actor
) -> None:  # fmt: skip
    dossier = await signed(core, stage)
    dossier = await numbering.number(core, dossier.id, Act(sha256=dossier.sha256), actor=clerk)
    forged = msgspec.structs.replace(dossier, number=77)
    await core.db.write(lambda tx: store.save_txn(tx, forged))
    with pytest.raises(DomainError, match="seal_unsound"):
        await sealing.seal(core, dossier.id, Act(sha256=dossier.sha256, password=PASSWORD), actor=clerk)
    await core.db.write(lambda tx: store.save_txn(tx, dossier))


async def test_an_issued_paper_is_delivered_when_all_have_it(core: Core, stage: Stage, clerk: Actor) -> None:
    numbered = await signed(core, stage)
    with pytest.raises(DomainError, match="issue_before_seal"):
        await issuing.issue(core, numbered.id, DossierIssue(sha256=numbered.sha256), actor=clerk)
    dossier = await issued(core, stage, clerk)
    assert dossier.state == "issued"
    paper = await core.db.read(lambda read: documents.load(read, dossier.paper_id))
    assert paper is not None
    assert paper.version is not None
    assert (paper.version.sha256, paper.symbol) == (dossier.sha256, dossier.symbol)
    sitting = await core.db.read(lambda read: meetings.participants.listed(read, stage.meeting.id))
    waited_for = [each.person.id for each in sitting if each.role in {"member", "invitee"}]
    for person in waited_for[:-1]:
        await documents.mark(core, dossier.version_id, "received", actor=actor(person))
    assert (await now(core, dossier)).state == "issued"
    assert await issuing.settle_deliveries(core) == 0
    await documents.mark(core, dossier.version_id, "received", actor=actor(waited_for[-1]))
    assert (await now(core, dossier)).state == "delivered"


async def test_an_invitation_is_sent_as_what_was_issued(core: Core, stage: Stage, clerk: Actor) -> None:
    dossier = await sent_out(core, stage, stage.paper.id)
    again = InvitationSend(mail=True, again=True)
    with pytest.raises(DomainError, match="not_issued"):
        await invitations.send(core, stage.meeting.id, again, actor=stage.secretary)
    dossier = await sign(core, stage, dossier)
    dossier = await numbering.number(core, dossier.id, Act(sha256=dossier.sha256), actor=clerk)
    dossier = await sealing.seal(core, dossier.id, Act(sha256=dossier.sha256, password=PASSWORD), actor=clerk)
    dossier = await issuing.issue(core, dossier.id, DossierIssue(sha256=dossier.sha256), actor=clerk)
    await invitations.send(core, stage.meeting.id, again, actor=stage.secretary)
    assert await paper_bytes(core, stage.meeting.id, reader=stage.secretary) == await core.blobs.read(dossier.sha256)


async def test_a_recalled_paper_keeps_its_number_struck_in_the_book(core: Core, stage: Stage, clerk: Actor) -> None:
    dossier = await issued(core, stage, clerk)
    await actions.recall(core, dossier.id, DossierRemarks(remarks="Sai thời gian họp"), actor=stage.secretary)
    after = await sealed(core, stage, clerk)
    book = await number_book.number_book(core, stage.people.body, BookQuery(), actor=stage.secretary)
    states = {line.symbol: line.state for line in book.entries}
    assert (states[dossier.symbol], states[after.symbol]) == ("recalled", "sealed")
    assert [line.number for line in book.entries] == list(range(1, len(book.entries) + 1))
    assert next(line for line in book.entries if line.symbol == dossier.symbol).recipients == "Như trên; Lưu: VT"


KINDS: tuple[tuple[CopyKind, tuple[int, ...]], ...] = (("SAO Y", ()), ("SAO LỤC", ()), ("TRÍCH SAO", (1,)))


async def test_a_copy_looks_like_the_paper_and_bears_the_agency_alone(
    core: Core, stage: Stage, clerk: Actor
) -> None:  # fmt: skip
    dossier = await issued(core, stage, clerk)
    for kind, pages in KINDS:
        command = CopyMake(copy_kind=kind, pages=pages, password=PASSWORD)
        made = await copies.make_copy(core, dossier.id, command, actor=clerk)
        shown, pdf = await copies.copy_bytes(core, made.id, actor=stage.secretary)
        assert (shown, made.copy_kind, made.pages) == (made, kind, pages)
        report = verify(pdf, trust_roots=(stage.pki.root_pem,))
        assert (report.verdict, [one.field for one in report.signatures]) == ("valid", ["SaoY"])
        said = words_of(pdf)
        for words in (kind, BODY, "+07:00", dossier.symbol.partition("/")[0]):
            assert words in said
        assert red(pdf) is not None  # the seal of the paper, as a picture
        with pikepdf.open(io.BytesIO(pdf)) as file:
            assert len(file.pages) == (len(pages) or dossier.pages)
    listed = await copies.copies(core, dossier.id, actor=stage.secretary)
    assert [each.copy_kind for each in listed.copies] == [kind for kind, _ in reversed(KINDS)]


async def test_only_what_is_issued_is_copied_and_by_the_clerk(
    core: Core, stage: Stage, clerk: Actor, closed: Dossier
) -> None:
    dossier = closed
    command = CopyMake(copy_kind="SAO Y", password=PASSWORD)
    with pytest.raises(DomainError, match="not_issued"):
        await copies.make_copy(core, dossier.id, command, actor=clerk)
    with pytest.raises(DomainError, match="denied"):
        await copies.make_copy(core, dossier.id, command, actor=stage.secretary)
    with pytest.raises(DomainError, match="not_found"):
        await copies.copies(core, dossier.id, actor=stage.member)


async def test_an_annex_bears_number_symbol_and_time_on_its_first_page(
    core: Core, stage: Stage, clerk: Actor, closed: Dossier
) -> None:  # fmt: skip
    dossier = closed
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page(page_size=(595, 842))
    made.save(out)
    annex = await documents.publish_bytes(
        core, stage.item.id, out.getvalue(), "Phụ lục", "paper", stage.secretary, never_rewrite=True
    )
    assert annex.version is not None
    offered = (await sealing.annexes(core, dossier.id, actor=clerk)).annexes
    assert [(one.paper_id, one.sealed) for one in offered if one.paper_id in {annex.id, dossier.paper_id}] == [
        (annex.id, False)
    ]
    assert (await documents.version(core, annex.version.id, actor=clerk)).sha256 == annex.version.sha256
    with pytest.raises(DomainError, match="denied"):
        await sealing.annexes(core, dossier.id, actor=stage.secretary)
    command = AnnexSeal(sha256=annex.version.sha256, password=PASSWORD)
    own = AnnexSeal(sha256=dossier.sha256, password=PASSWORD)
    with pytest.raises(DomainError, match="not_an_annex"):
        await sealing.seal_annex(core, dossier.id, dossier.paper_id, own, actor=clerk)
    paper = await sealing.seal_annex(core, dossier.id, annex.id, command, actor=clerk)
    assert paper.version is not None
    pdf = await core.blobs.read(paper.version.sha256)
    said = words_of(pdf)
    assert dossier.symbol in said
    assert "+07:00" in said
    assert red(pdf) is None
    report = (await actions.check_version(core, paper.version.id, actor=stage.secretary)).report
    assert (report.verdict, [one.field for one in report.signatures]) == ("valid", ["DauPhuLuc"])
    offered = (await sealing.annexes(core, dossier.id, actor=clerk)).annexes
    assert [one.sealed for one in offered if one.paper_id == annex.id] == [True]
    again = AnnexSeal(sha256=paper.version.sha256, password=PASSWORD)
    with pytest.raises(DomainError, match="not_an_annex"):
        await sealing.seal_annex(core, dossier.id, annex.id, again, actor=clerk)
