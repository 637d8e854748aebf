"""Printed minutes: chair, secretary and members sign them in any order, also who had no room on the printed page."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from server.core.context import Core
from server.core.printing import Signer
from server.core.printing.fonts import times_font
from server.documents import actions as documents
from server.signatures import actions
from server.signatures.actions import opening
from server.signatures.child.fields import field_for
from server.signatures.child.official import Printed, print_paper
from server.signatures.models import Job
from server.signatures.wire import DossierOpen, Sign, StepAsk
from signing import Stamp, sign, verify
from signing.cli import main
from signing.demo_ink import draw_signature
from signing.engine import complete
from signing.fields import fill_fields
from tests.signatures.conftest import PASSWORD, Stage, enrol, name_of
from tests.signing import papers
from tests.support.official import FORMS, Sheet

# Field → whose it is, as the minutes are printed.
ROOM = {"ChuKy": "Nguyễn Đăng Thụy", "ChuKyThuKy": "Ngô Phương Dung", "ChuKyThanhVien1": "Trần Thị Thanh Hà"}
BESIDE = ("Trần Thị Thanh Hà", "Lê Văn Bình", "Phạm Minh Nguyệt")


def printed(*others: str) -> Printed:
    template, values = FORMS["minutes"]
    return print_paper(template, {**values, "others": tuple(Signer(("THÀNH VIÊN",), name) for name in others)}, 36.0)


@pytest.fixture(scope="module")
def minutes() -> Printed:
    return printed(BESIDE[0])


def signed(paper: Printed, order: tuple[str, ...]) -> bytes:
    pdf = paper.pdf
    for name in order:
        box = next(one.box for one in paper.fields if one.name == name)
        assert box is not None
        stamp = Stamp(box=box, image=draw_signature(ROOM[name]))
        pdf = papers.signed(pdf, papers.signer(ROOM[name]), field=name, stamp=stamp)
    return pdf


@pytest.mark.parametrize("order", [*permutations(ROOM)], ids="-".join)
def test_any_order_is_valid_then_numbered_and_sealed(minutes: Printed, order: tuple[str, ...]) -> None:
    pdf = signed(minutes, order)
    report = verify(pdf, trust_roots=[papers.pki().root_pem], expected_fields=list(ROOM))
    assert (report.verdict, report.integrity, report.reasons) == ("valid", "intact", ())
    assert [one.signer for one in report.signatures] == [ROOM[name] for name in order]
    pdf = fill_fields(pdf, {"So": "07"}, font=str(times_font().regular))
    sealed = papers.signed(pdf, papers.signer("Con dấu"), field="ConDau")
    report = verify(
        sealed, trust_roots=[papers.pki().root_pem], expected_fields=[*ROOM, "ConDau"], fillable=["So"],
        values={"So": "07"},
    )  # fmt: skip
    assert (report.verdict, report.reasons) == ("valid", ())


@pytest.mark.parametrize(
    "order", [("ChuKy", "ChuKyThanhVien1", "ChuKyThuKy"), ("ChuKyThuKy", "ChuKyThanhVien1", "ChuKy")]
)
def test_phien_verify_says_valid(
    minutes: Printed, order: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "minutes.pdf").write_bytes(signed(minutes, order))
    (tmp_path / "root.pem").write_bytes(papers.pki().root_pem)
    assert main(["verify", str(tmp_path / "minutes.pdf"), "--trust", str(tmp_path / "root.pem")]) == 0
    line = json.loads(capsys.readouterr().out)
    assert (line["verdict"], line["integrity"]) == ("valid", "intact")
    assert [one["field"] for one in line["signatures"]] == list(order)


def test_everybody_has_room_above_the_own_name() -> None:
    paper = printed(*BESIDE)
    for nth, name in enumerate(BESIDE, 1):
        one = next(field for field in paper.fields if field.name == f"ChuKyThanhVien{nth}")
        assert one.box is not None
        left, low, right, _ = one.box
        below = Sheet(paper.pdf, one.page).find(name, last=True)
        assert 0 < low - below.high < 10
        assert (below.left + below.right) / 2 == pytest.approx((left + right) / 2, abs=1)


NAMES = (*ROOM.values(), "Vũ Quốc Khánh")


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0)])
def test_who_had_no_room_on_the_page_signs_in_any_order_too(
    minutes: Printed, order: tuple[int, ...], tmp_path: Path
) -> None:
    """The fields that a dossier's signers lack are made before the first signature, and no lock shuts them out."""
    pdf, fields = minutes.pdf, []
    for name in (NAMES[nth] for nth in order):
        path = tmp_path / "minutes.pdf"
        path.write_bytes(pdf)
        turn = NAMES.index(name)
        job = Job(
            name=name, certificate=b"", chain=(), image=b"", at="2026-11-27T05:00:00+00:00", several=NAMES, turn=turn
        )
        path, field, place = field_for(path, tmp_path / "fields.pdf", job)
        stamp = Stamp(box=place.box, image=draw_signature(name))
        pdf = complete(sign(path.read_bytes(), papers.signer(name), field=field, stamp=stamp))
        fields.append(field)
    assert fields == [[*ROOM, "ChuKy4"][nth] for nth in order]
    report = verify(pdf, trust_roots=[papers.pki().root_pem], expected_fields=[*ROOM, "ChuKy4"])
    assert (report.verdict, report.integrity, report.reasons) == ("valid", "intact", ())


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
@pytest.mark.parametrize("printed_twice", [True, False])
def test_people_of_one_name_have_a_field_each(order: tuple[int, ...], printed_twice: bool, tmp_path: Path) -> None:
    names = (ROOM["ChuKy"], BESIDE[1], BESIDE[1])
    paper = printed(*names[1:]) if printed_twice else printed()
    pdf = paper.pdf
    fields: dict[int, str] = {}
    for nth in order:
        path = tmp_path / "minutes.pdf"
        path.write_bytes(pdf)
        job = Job(
            name=names[nth], certificate=b"", chain=(), image=b"", at="2026-11-27T05:00:00+00:00", several=names,
            turn=nth,
        )  # fmt: skip
        path, field, place = field_for(path, tmp_path / "fields.pdf", job)
        assert field is not None
        fields[nth] = field
        pdf = complete(
            sign(path.read_bytes(), papers.signer(names[nth]), field=fields[nth], stamp=Stamp(box=place.box))
        )
    beside = ("ChuKyThanhVien1", "ChuKyThanhVien2") if printed_twice else ("ChuKy2", "ChuKy3")
    assert fields == {0: "ChuKy", 1: beside[0], 2: beside[1]}
    report = verify(pdf, trust_roots=[papers.pki().root_pem], expected_fields=[*fields.values()])
    assert (report.verdict, report.reasons) == ("valid", ())


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)], ids=["secretary-chair-member", "member-secretary-chair"])
async def test_a_dossier_of_printed_minutes_is_signed_in_any_order(
    core: Core, stage: Stage, order: tuple[int, ...]
) -> None:
    """Each signs where the own name stands, and the register finds every one of them valid."""
    signers = (stage.secretary, stage.chair, stage.member)
    names = [await name_of(core, one.person_id) for one in signers]
    for one in (stage.secretary, stage.member):
        await enrol(core, stage.pki, one.person_id)
    template, values = FORMS["minutes"]
    page = {
        **values, "doc": replace(values["doc"], signer=Signer(("CHỦ TỌA",), names[1])),
        "secretary": Signer(("THƯ KÝ",), names[0]), "others": (Signer(("THÀNH VIÊN",), names[2]),),
    }  # fmt: skip
    paper = await documents.publish_bytes(
        core, stage.item.id, print_paper(template, page, 36.0).pdf, "Biên bản", "paper", stage.secretary,
        never_rewrite=True,
    )  # fmt: skip
    steps = tuple(StepAsk(act="sign", rank=1, person_id=one.person_id) for one in signers)
    asked = DossierOpen(paper_kind="minutes", steps=steps)
    dossier = await opening.open_dossier(core, paper.id, asked, actor=stage.secretary)
    await opening.submit(core, dossier.id, actor=stage.secretary)
    done = None
    for nth in order:
        (request,) = (
            each for each in (await actions.inbox(core, actor=signers[nth])).requests if each.dossier_id == dossier.id
        )
        done = await actions.sign(
            core, request.id, Sign(sha256=request.sha256, password=PASSWORD), actor=signers[nth]
        )  # fmt: skip
    assert done is not None
    report = (await actions.check_version(core, done.signed_version_id or "", actor=stage.secretary)).report
    assert (report.verdict, report.integrity, report.reasons) == ("valid", "intact", ())
    fields = ("ChuKyThuKy", "ChuKy", "ChuKyThanhVien1")
    assert [(one.field, one.signer) for one in report.signatures] == [(fields[nth], names[nth]) for nth in order]
