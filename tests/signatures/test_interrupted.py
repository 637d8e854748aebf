"""``kill -9`` between the work on the file and its publication: no signature or one, and the resend makes it one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from server.core.access import Role
from server.core.ids import new_id
from server.core.printing.fonts import times_font
from server.documents import actions as documents
from server.signatures import actions
from server.signatures.actions import dossiers, keys, numbering, opening, sealing, signing
from server.signatures.wire import Act, DossierOpen, Sign, StepAsk
from signing.demo_seal import draw_seal
from tests.signatures.conftest import ADMINISTRATOR, PASSWORD, Stage, set_stage
from tests.signatures.registry import blank, opened, sqlite_of
from tests.support.house import actor, resending
from tests.support.interrupting import killed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from server.core.context import Core
    from server.signatures.wire import Dossier, SigningRequest
    from signing.demo_pki import DemoPki

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

House = tuple["Core", Stage]
BODY = "Ủy ban nhân dân thành phố Tân Giang"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, pki: DemoPki
) -> AsyncIterator[House]:  # fmt: skip
    folder = tmp_path_factory.mktemp("interrupted")
    async with opened(folder, sqlite_of(migrated_sqlite, folder)) as core:
        stage = await set_stage(core, pki)
        p12 = pki.person(BODY, organisation=BODY).pkcs12(PASSWORD)
        image = draw_seal(BODY, font=str(times_font().bold))
        await keys.enrol_seal(core, stage.people.body, p12, PASSWORD, image, width_mm=36, actor=ADMINISTRATOR)
        yield core, stage


async def sign(core: Core, person_id: str, op_id: str, request_id: str, sha256: str) -> SigningRequest:
    """The chair's one command, sent for the first time or again."""
    chair = resending(actor(person_id), op_id)
    return await actions.sign(core, request_id, Sign(sha256=sha256, password=PASSWORD), actor=chair)


@pytest.mark.parametrize(
    ("point", "signed"),
    [
        (f"{signing.MADE}:1", False),
        ("db.before_commit:2", False),
        ("db.after_commit:2", True),
    ],
)
async def test_there_is_no_signature_or_one(house: House, point: str, *, signed: bool) -> None:
    core, stage = house
    paper = await documents.publish_bytes(
        core, stage.item.id, blank(), f"Thông báo {point}", "paper", stage.secretary, never_rewrite=True
    )
    steps = (StepAsk(act="sign", rank=1, person_id=stage.chair.person_id), StepAsk(act="number", rank=2))
    draft = await opening.open_dossier(
        core, paper.id, DossierOpen(paper_kind="notice", steps=steps), actor=stage.secretary
    )  # fmt: skip
    await opening.submit(core, draft.id, actor=stage.secretary)
    inbox = await actions.inbox(core, actor=stage.chair)
    request = next(each for each in inbox.requests if each.dossier_id == draft.id)
    command = (stage.chair.person_id, new_id(), request.id, request.sha256)

    assert killed(core, "tests.signatures.test_interrupted:sign", *command, point=point)
    assert await _counted(core, draft.id) == (("signed", 2, 1) if signed else ("signing", 1, 0))
    assert (await sign(core, *command)).state == "signed"
    assert await _counted(core, draft.id) == ("signed", 2, 1)


async def number(core: Core, person_id: str, body_id: str, op_id: str, dossier_id: str) -> Dossier:
    """The clerk's command to number a paper as it is, sent for the first time or again."""
    clerk = resending(actor(person_id, Role.CLERK, body=body_id), op_id)
    dossier = await dossiers.view(core, dossier_id, actor=clerk)
    return await numbering.number(core, dossier_id, Act(sha256=dossier.sha256), actor=clerk)


async def seal(core: Core, person_id: str, body_id: str, op_id: str, dossier_id: str, sha256: str) -> Dossier:
    """The clerk's command to seal these bytes, sent for the first time or again."""
    clerk = resending(actor(person_id, Role.CLERK, body=body_id), op_id)
    return await sealing.seal(core, dossier_id, Act(sha256=sha256, password=PASSWORD), actor=clerk)


@pytest.mark.parametrize(
    ("point", "sealed"),
    [
        (f"{sealing.MADE}:1", False),
        ("db.before_commit:2", False),
        ("db.after_commit:2", True),
    ],
)
async def test_there_is_no_seal_or_one(house: House, point: str, *, sealed: bool) -> None:
    core, stage = house
    paper = await documents.publish_bytes(
        core, stage.item.id, blank(), f"Đóng dấu {point}", "paper", stage.secretary, never_rewrite=True
    )
    steps = (
        StepAsk(act="sign", rank=1, person_id=stage.chair.person_id),
        StepAsk(act="number", rank=2),
        StepAsk(act="seal", rank=3),
    )
    draft = await opening.open_dossier(
        core, paper.id, DossierOpen(paper_kind="notice", steps=steps), actor=stage.secretary
    )  # fmt: skip
    await opening.submit(core, draft.id, actor=stage.secretary)
    inbox = await actions.inbox(core, actor=stage.chair)
    request = next(each for each in inbox.requests if each.dossier_id == draft.id)
    await sign(core, stage.chair.person_id, new_id(), request.id, request.sha256)
    clerk = (stage.people.all[5], stage.people.body)
    numbered = await number(core, *clerk, new_id(), draft.id)
    command = (*clerk, new_id(), draft.id, numbered.sha256)

    assert killed(core, "tests.signatures.test_interrupted:seal", *command, point=point)
    assert await _counted(core, draft.id) == (("sealed", 4, 2) if sealed else ("numbered", 3, 1))
    done = await seal(core, *command)
    assert (done.state, done.number) == ("sealed", numbered.number)
    assert await _counted(core, draft.id) == ("sealed", 4, 2)


async def _counted(core: Core, dossier_id: str) -> tuple[str, int, int]:
    """The dossier's state, how many versions its paper has, and how many good signatures the last one."""
    dossier = await core.db.read(lambda read: dossiers.load(read, dossier_id))
    assert dossier is not None
    paper = await core.db.read(lambda read: documents.load(read, dossier.paper_id))
    assert paper is not None
    assert paper.version is not None
    assert paper.version.id == dossier.version_id
    report = (await actions.check_version(core, dossier.version_id, actor=actor(dossier.opened_by))).report
    assert all(each.integrity == "intact" for each in report.signatures)
    return dossier.state, paper.versions, len(report.signatures)
