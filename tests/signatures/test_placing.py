"""Fields placed by hand: which there may be, what they lock, and that they stand on the paper that sets out."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import pikepdf
import pytest

from server.core.errors import DomainError
from server.documents import actions as documents
from server.meetings import actions as meetings
from server.signatures import actions
from server.signatures.actions import opening, placing
from server.signatures.rules.placing import fields_of
from server.signatures.wire import Dossier, DossierOpen, FieldPlace, FieldsPlace, Step, StepAsk
from tests.support.house import resending

if TYPE_CHECKING:
    from server.core.context import Core
    from tests.signatures.conftest import Stage
    from tests.support.sitting import Watch

SIGN, NUMBER, DATE, SEAL = (
    FieldPlace(name="ChuKy", page=0, box=(340, 150, 510, 212)),
    FieldPlace(name="So", page=0, box=(90, 740, 150, 760)),
    FieldPlace(name="NgayThang", page=0, box=(330, 740, 510, 760)),
    FieldPlace(name="ConDau", page=0, box=(290, 130, 392, 232)),
)
INITIAL = FieldPlace(name="KyNhay1", page=0, box=(60, 60, 110, 90))
ALL = (SIGN, NUMBER, DATE, SEAL)


def _dossier(signers: int) -> Dossier:
    steps = tuple(
        Step(id=f"s{rank}", act="sign", rank=rank, person_id=f"p{rank}", person_name="", post="")
        for rank in range(signers)
    )
    return Dossier(
        id="d", meeting_id="m", meeting_title="", item_id="i", paper_id="p", paper_title="", version_id="v", sha256="",
        pages=1, body_id="b", body_name="", paper_kind="notice", state="draft", steps=steps, opened_by="s",
        opened_at="",
    )  # fmt: skip


def blank() -> bytes:
    """A page without a form: letters would have to be embedded to pass the check of the format."""
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page(page_size=(595, 842))
    made.save(out, static_id=True)
    return out.getvalue()


async def draft(core: Core, stage: Stage, *acts: str) -> Dossier:
    """A dossier on a PDF that has no fields."""
    agenda = await core.db.read(lambda read: meetings.items(read, stage.meeting.id))
    general = next(item.id for item in agenda if item.general)
    paper = await documents.publish_bytes(core, general, blank(), "Thông báo", "paper", stage.secretary)
    steps = tuple(
        StepAsk(act=act, rank=rank, person_id=stage.official.person_id if act == "sign" else "")  # type: ignore[arg-type]
        for rank, act in enumerate(acts, start=1)
    )
    return await opening.open_dossier(
        core, paper.id, DossierOpen(paper_kind="notice", steps=steps), actor=stage.secretary
    )  # fmt: skip


async def test_what_is_placed_stands_on_the_paper_that_sets_out(core: Core, stage: Stage, watch: Watch) -> None:
    opened = await draft(core, stage, "check", "sign", "number", "seal", "issue")
    before = await placing.fields(core, opened.id, actor=stage.secretary)
    assert (before.fields, before.missing) == ((), ("ChuKy", "So", "NgayThang", "ConDau"))
    placed = await placing.place(core, opened.id, FieldsPlace(sha256=opened.sha256, fields=ALL), actor=stage.secretary)
    assert placed.state == "draft"
    assert placed.version_id != opened.version_id
    there = await placing.fields(core, opened.id, actor=stage.secretary)
    assert ({each.name: each.box for each in there.fields}, there.missing) == (
        {each.name: each.box for each in ALL},
        (),
    )
    out = await opening.submit(core, opened.id, actor=stage.secretary)
    assert (out.state, out.findings) == ("signing", ())
    assert out.sha256 == placed.sha256
    await watch.check()
    (request,) = (await actions.inbox(core, actor=stage.official)).requests
    assert request.sha256 == placed.sha256


async def test_no_field_is_placed_on_what_was_not_seen_or_has_set_out(core: Core, stage: Stage) -> None:
    opened = await draft(core, stage, "sign")
    with pytest.raises(DomainError) as refused:
        await placing.place(core, opened.id, FieldsPlace(sha256="0" * 64, fields=(SIGN,)), actor=stage.secretary)
    assert refused.value.code == "signatures.other_bytes"
    command = FieldsPlace(sha256=opened.sha256, fields=(SIGN,))
    with pytest.raises(DomainError) as refused:
        await placing.place(core, opened.id, command, actor=stage.member)
    assert refused.value.code in {"denied", "not_found"}
    await opening.submit(core, opened.id, actor=stage.secretary)
    with pytest.raises(DomainError) as refused:
        await placing.place(core, opened.id, command, actor=stage.secretary)
    assert refused.value.code == "signatures.not_in_state"


async def test_what_is_said_again_is_done_once(core: Core, stage: Stage) -> None:
    opened = await draft(core, stage, "sign")
    command = FieldsPlace(sha256=opened.sha256, fields=(SIGN,))
    placing_it, sending_it = (resending(stage.secretary) for _ in range(2))
    placed = await placing.place(core, opened.id, command, actor=placing_it)
    assert await placing.place(core, opened.id, command, actor=placing_it) == placed
    sent = await opening.submit(core, opened.id, actor=sending_it)
    assert sent.state == "signing"
    assert await opening.submit(core, opened.id, actor=sending_it) == sent
    assert await placing.place(core, opened.id, command, actor=placing_it) == placed


def test_locks_are_those_of_printed_papers() -> None:
    fields = {
        each.name: each
        for each in fields_of((*ALL, FieldPlace(name="KyNhay1", page=0, box=(60, 60, 110, 90))), _dossier(1))
    }
    assert fields["ChuKy"].leaves == ("So", "NgayThang", "ConDau")
    assert (fields["ConDau"].leaves, fields["ConDau"].closes) == ((), True)
    assert (fields["So"].kind, fields["So"].align, fields["NgayThang"].kind) == ("text", "right", "text")
    assert fields["KyNhay1"].leaves is None
    several = {each.name: each for each in fields_of(ALL, _dossier(2))}
    assert several["ChuKy"].leaves is None


@pytest.mark.parametrize(
    ("places", "code"),
    [
        ((), "signatures.fields_many"),
        ((SIGN, SIGN), "signatures.fields_name"),
        ((FieldPlace(name="Khac", page=0, box=(0, 0, 50, 50)),), "signatures.fields_name"),
        ((FieldPlace(name="KyNhay0", page=0, box=(0, 0, 50, 50)),), "signatures.fields_name"),
        ((FieldPlace(name="ChuKy", page=-1, box=(0, 0, 50, 50)),), "signatures.fields_small"),
        ((FieldPlace(name="ChuKy", page=0, box=(0, 0, 50, 4)),), "signatures.fields_small"),
        ((FieldPlace(name="ChuKy", page=0, box=(0, 0, math.nan, 50)),), "signatures.fields_small"),
    ],
)
def test_other_fields_are_refused(places: tuple[FieldPlace, ...], code: str) -> None:
    with pytest.raises(DomainError) as refused:
        fields_of(places, _dossier(1))
    assert refused.value.code == code
