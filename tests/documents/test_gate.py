"""The gate: what comes in, what is refused and why, and what is left of a file that came in."""

from __future__ import annotations

import io
import json
import os
import random
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from server.core.workers import Workers
from server.documents.intake import draw
from server.documents.intake.check import check_files
from server.documents.intake.draw import draw_pages
from server.documents.intake.entry import examined
from server.documents.intake.examine import examine
from server.documents.models import Bounds, Findings
from server.documents.rules import REASONS
from tests.support import pdfs


def put(folder: Path, data: bytes, name: str = "a.pdf") -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


def judge(folder: Path, data: bytes, *, name: str = "a.pdf", rewrite: bool = True, **bounds: Any) -> Findings:
    target = str(folder / "rendition.pdf") if rewrite else None
    return examine(put(folder, data, "source"), name, target, Bounds(**bounds))


def opened_up(path: Path) -> bytes:
    """The file with every stream unpacked and no object hidden in another."""
    out = io.BytesIO()
    with pikepdf.open(path) as pdf:
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, qdf=True)
    return out.getvalue()


# ---- made here


def test_a_plain_paper_comes_in_rewritten_for_short_reads(tmp_path: Path) -> None:
    found = judge(tmp_path, pdfs.pdf(pages=3))
    assert (found.reason, found.kind, found.pages, found.rewritten, found.signed) == (None, "pdf", 3, True, False)
    assert found.has_text
    data = (tmp_path / "rendition.pdf").read_bytes()
    assert b"/ObjStm" in data
    assert b"/Linearized" not in data


def test_the_same_file_makes_the_same_rendition(tmp_path: Path) -> None:
    made = []
    for _ in range(2):
        judge(tmp_path, pdfs.pdf())
        made.append((tmp_path / "rendition.pdf").read_bytes())
    assert made[0] == made[1]


def test_pages_are_measured_as_they_are_shown(tmp_path: Path) -> None:
    def change(made: pikepdf.Pdf) -> None:
        made.pages[0].obj["/Rotate"] = -90
        made.pages[1].obj["/CropBox"] = pikepdf.Array([700, 100, 100, 900])  # corners swapped, above the page's edge
        made.pages[2].obj["/UserUnit"] = 2
        made.pages[3].obj["/MediaBox"] = pikepdf.Array([0, 0, 0, 842])
        made.pages[4].obj["/Rotate"] = 45

    found = judge(tmp_path, pdfs.pdf(pages=5, change=change))
    assert list(found.sizes) == [(842, 595), (495, 742), (1190, 1684), (612, 792), (595, 842)]
    boxes = [found.boxes[number] for number in (0, 1, 4)]
    assert boxes == [(0, 0, 595, 842, 270), (100, 100, 595, 842, 0), (0, 0, 595, 842, 0)]


def test_boxes_and_turns_come_down_the_page_tree(tmp_path: Path) -> None:
    def change(made: pikepdf.Pdf) -> None:
        made.Root.Pages["/Rotate"] = 90
        made.Root.Pages["/MediaBox"] = pikepdf.Array([0, 0, 300, 400])
        del made.pages[0].obj["/MediaBox"]

    found = judge(tmp_path, pdfs.pdf(change=change))
    assert (found.sizes, found.boxes) == (((400, 300),), ((0, 0, 300, 400, 90),))


def test_all_that_acts_is_taken_out_and_named(tmp_path: Path) -> None:
    found = judge(tmp_path, pdfs.pdf(change=pdfs.add_everything_active))
    assert found.reason is None
    assert found.active == ("action", "embedded-file", "external", "javascript", "launch", "media")
    left = opened_up(tmp_path / "rendition.pdf")
    for word in (
        b"/JavaScript",
        b"/JS",
        b"/Launch",
        b"/EmbeddedFile",
        b"/RichMedia",
        b"/GoToR",
        b"/XFA",
        b"/AA",
        b"/EF",
    ):
        assert word not in left
    for word in (b"app.alert", b"cmd.exe", b"javascript:", b"secret"):
        assert word not in left


def test_what_only_looks_active_stays(tmp_path: Path) -> None:
    found = judge(tmp_path, pdfs.pdf(change=pdfs.add_innocent))
    assert (found.reason, found.active) == (None, ())
    left = opened_up(tmp_path / "rendition.pdf")
    for word in (b"https://example.vn/", b"/GoTo", b"/OpenAction", b"/AA"):
        assert word in left


def test_a_signed_file_is_served_as_it_came_or_refused(tmp_path: Path) -> None:
    found = judge(tmp_path, pdfs.pdf(change=pdfs.sign_badly))
    assert (found.reason, found.signed, found.rewritten) == (None, True, False)
    assert not (tmp_path / "rendition.pdf").exists()

    def both(made: pikepdf.Pdf) -> None:
        pdfs.add_everything_active(made)
        pdfs.sign_badly(made)

    found = judge(tmp_path, pdfs.pdf(change=both))
    assert found.reason == "active"
    assert "javascript" in found.active


def test_a_file_that_must_not_be_rewritten_is_judged_like_a_signed_one(tmp_path: Path) -> None:
    assert judge(tmp_path, pdfs.pdf(), rewrite=False).rewritten is False
    assert judge(tmp_path, pdfs.pdf(change=pdfs.add_everything_active), rewrite=False).reason == "active"


def _wide(made: pikepdf.Pdf) -> None:
    made.pages[0].obj["/MediaBox"] = pikepdf.Array([0, 0, 15_000, 100])


def _magnified(made: pikepdf.Pdf) -> None:
    made.pages[0].obj["/UserUnit"] = 100


def _bare(made: pikepdf.Pdf) -> None:
    del made.pages[0]


_HEAVY = {
    "a bomb": (pdfs.add_bomb, "bomb"),
    "a large image": (pdfs.add_image(9000, 9000, 8), "pixels"),
    "a scan in black and white": (pdfs.add_image(9000, 9000, 1), None),
    "an endless scan": (pdfs.add_image(30_000, 30_000, 1), "pixels"),
    "a wide page": (_wide, "page-size"),
    "a magnified page": (_magnified, "page-size"),
    "no page": (_bare, "no-pages"),
}


@pytest.mark.parametrize("what", _HEAVY)
def test_what_a_tablet_could_not_bear_is_refused(what: str, tmp_path: Path) -> None:
    change, reason = _HEAVY[what]
    assert judge(tmp_path, pdfs.pdf(change=change)).reason == reason


def test_too_many_pages_are_refused_with_their_number(tmp_path: Path) -> None:
    found = judge(tmp_path, pdfs.pdf(pages=4), pages=3)
    assert (found.reason, found.pages) == ("too-many-pages", 4)


_FOREIGN = {
    "nothing": ("a.pdf", b"", "empty"),
    "a page of the web": ("a.pdf", b"<html><script>1</script> %PDF-1.7", "type"),
    "two things at once": ("a.pdf", b"PK\x03\x04 %PDF-1.7", "type"),
    "words": ("a.pdf", b"words", "type"),
    "another ending": ("a.docx", b"%PDF-1.7\n", "mismatch"),
    "no ending": ("../../pdf", b"%PDF-1.7\n", "mismatch"),
    "a header alone": ("a.pdf", b"%PDF-1.7\nnothing more", "corrupt"),
}


@pytest.mark.parametrize("what", _FOREIGN)
def test_type_is_read_from_the_content_and_must_agree_with_the_name(what: str, tmp_path: Path) -> None:
    name, data, reason = _FOREIGN[what]
    assert judge(tmp_path, data, name=name).reason == reason


def test_junk_before_the_header_is_borne(tmp_path: Path) -> None:
    assert judge(tmp_path, b"\r\nFrom a mail gateway\r\n" + pdfs.pdf(), name="A.PDF").reason is None


@pytest.mark.parametrize(("user", "reason"), [("secret", "password"), ("", "encrypted")])
def test_locked_files_are_refused(user: str, reason: str, tmp_path: Path) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdfs.pdf())) as made:
        made.save(out, encryption=pikepdf.Encryption(owner="owner", user=user))
    assert judge(tmp_path, out.getvalue()).reason == reason


def test_mutations_are_judged_and_never_escape(tmp_path: Path) -> None:
    chance = random.Random(20261127)
    sound = pdfs.pdf(pages=2, change=pdfs.add_everything_active)
    for _ in range(60):
        spoiled = bytearray(sound)
        for _ in range(chance.randint(1, 40)):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        if chance.random() < 0.3:
            del spoiled[chance.randrange(len(spoiled)) :]
        found = judge(tmp_path, bytes(spoiled))
        assert found.reason is None or found.reason in REASONS
        if found.rewritten and found.reason is None:
            left = opened_up(tmp_path / "rendition.pdf")
            assert b"/Launch" not in left


# ---- in a child


async def test_a_child_that_overruns_is_a_finding(tmp_path: Path) -> None:
    workers = Workers(size=1)
    try:
        path, target = put(tmp_path, pdfs.pdf()), str(tmp_path / "x.pdf")
        assert (await examined(workers, path, "a.pdf", target, Bounds())).reason is None
        assert (await examined(workers, path, "a.pdf", target, Bounds(wall_seconds=0.001))).reason == "bomb"
        assert (await examined(workers, path, "a.pdf", target, Bounds())).pages == 1
    finally:
        await workers.close()


def test_check_says_one_line_a_file_and_dies_on_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = put(tmp_path, pdfs.pdf(pages=2), "tốt.pdf"), put(tmp_path, b"", "rỗng.pdf")
    large = put(tmp_path, pdfs.pdf(pages=60), "lớn.pdf")
    strange = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.pdf")
    Path(strange).write_bytes(pdfs.pdf())
    files = [good, bad, str(tmp_path / "missing.pdf"), str(tmp_path), "\0.pdf", large, strange]
    assert check_files(files, Bounds(file_bytes=4000)) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["file"] for line in lines] == [*files[:-1], f"{tmp_path}/\\udcff.pdf"]
    said = [None, "empty", "unreadable", "unreadable", "unreadable", "too-large", None]
    assert [line["reason"] for line in lines] == said
    assert set(lines[0]) == {"file", "verdict", "reason", "kind", "pages", "signed", "seconds", "peak_mib"}
    assert (lines[0]["verdict"], lines[0]["pages"], lines[0]["kind"], lines[0]["signed"]) == ("accept", 2, "pdf", False)
    assert 10 < lines[0]["peak_mib"] < 768
    assert check_files([good]) == 0


def test_pages_that_take_long_are_left_for_another_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, pdfs.pdf(pages=4))
    assert len(draw_pages(path, 2, 4)) == 3
    monkeypatch.setattr(draw, "_ENOUGH_SECONDS", 0.0)
    assert draw_pages(path, 2, 4) == draw_pages(path, 2, 2)


def test_a_picture_of_a_page_is_small(tmp_path: Path) -> None:
    (picture,) = draw_pages(put(tmp_path, pdfs.pdf(pages=2)), 2, 2)
    assert picture[:3] == b"\xff\xd8\xff"
    assert len(picture) < 20_000
