"""Copies with marks: annotations that every reader draws alike, Vietnamese whole, signed papers told apart."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from msgspec.structs import replace

from server.annotations.child import (
    CopyJob,
    PackItem,
    PackJob,
    PackPaper,
    write_copy,
    write_pack,
    write_part,
    write_xfdf,
)
from server.annotations.wire import Carried, Ink, Text
from tests.annotations import papers
from tests.annotations.papers import (
    BODIES,
    RENDERERS,
    SHOWN,
    SUBTYPES,
    by_pdfium,
    mark,
    paper,
    sheet,
    words,
)
from tests.support.parts import need

if TYPE_CHECKING:
    from PIL import Image


@pytest.fixture(autouse=True)
def poppler() -> None:
    need("pdftoppm")


ALL = tuple(mark(body, name=name) for name, body in BODIES.items())


def near(picture: Image.Image, at: tuple[int, int], colour: str, *, by: int = 2) -> bool:
    """Whether a colour is at a point or right beside it."""
    wanted = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
    around = [(at[0] + x, at[1] + y) for x in range(-by, by + 1) for y in range(-by, by + 1)]
    inside = [each for each in around if 0 <= each[0] < picture.width and 0 <= each[1] < picture.height]
    return any(
        max(abs(a - b) for a, b in zip(picture.getpixel(each), wanted, strict=True)) < 40  # type: ignore[arg-type]
        for each in inside
    )


def shown_at(at: tuple[float, float], rotate: int, box: tuple[float, float, float, float]) -> tuple[int, int]:
    """Where a point of the page's space is in a picture of two pixels a point."""
    x, y = at[0] - box[0], at[1] - box[1]
    width, height = box[2] - box[0], box[3] - box[1]
    turned = {0: (x, height - y), 90: (y, x), 180: (width - x, y), 270: (height - y, width - x)}[rotate]
    return round(turned[0] * 2), round(turned[1] * 2)


@pytest.mark.parametrize("draw", RENDERERS)
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_ink_and_colour_fall_where_they_were_drawn(tmp_path: Path, rotate: int, draw: object) -> None:
    target = str(tmp_path / "out.pdf")
    source = paper(tmp_path, rotate=rotate, crop=True)
    write_copy(source, target, CopyJob(sheet=sheet(), marks=ALL))
    picture, bare = draw(target), draw(source)  # type: ignore[operator]
    for name, (at, colour) in SHOWN.items():
        place = shown_at(at, rotate, (40, 60, 560, 800))
        # A pin does not turn with the page (ISO 32000-2 §12.5.6.4): who holds to that hangs it from its corner.
        by = 40 if name == "note" and rotate and draw is not by_pdfium else 2
        assert near(picture, place, colour, by=by), (name, place)
        assert not near(bare, place, colour), name
    # What is under the highlighter can be read: black stays black.
    words_at = [shown_at((x, y), rotate, (40, 60, 560, 800)) for x in range(72, 170) for y in range(696, 722)]
    letters = [place for place in words_at if near(bare, place, "#000000")]
    assert letters
    assert all(near(picture, place, "#000000") for place in letters[:20])


def test_the_renderers_agree(tmp_path: Path) -> None:
    target = str(tmp_path / "out.pdf")
    write_copy(paper(tmp_path), target, CopyJob(sheet=sheet(), marks=ALL))
    one, *others = (draw(target).convert("L").resize((60, 84)).tobytes() for draw in RENDERERS)
    for other in others:
        apart = [abs(a - b) for a, b in zip(one, other, strict=True)]
        assert max(apart) < 70
        assert sum(apart) / len(apart) < 2


def test_each_mark_is_an_annotation_of_its_own_type(tmp_path: Path) -> None:
    target = str(tmp_path / "out.pdf")
    write_copy(paper(tmp_path), target, CopyJob(sheet=sheet(), marks=ALL))
    with pikepdf.open(target) as pdf:
        found = {str(each.NM).partition("-")[0]: each for each in pdf.pages[0].Annots}
        assert {name: str(each.Subtype) for name, each in found.items()} == SUBTYPES
        for each in found.values():
            assert str(each["/T"]) == "Nguyễn Thị Ánh"
            assert each.F == 4
            assert str(each.M) == "D:20261121040506Z"
            assert len(each.C) == 3
            assert each.CA > 0
            assert each.AP.N.Subtype == "/Form"
        assert found["highlight"].AP.N.Resources.ExtGState.G.BM == "/Multiply"
        assert [float(v) for v in found["highlight"].QuadPoints] == [72, 722, 172, 722, 72, 696, 172, 696]
        assert [float(v) for v in found["ink"].InkList[0]] == [100, 100, 300, 100]
        assert str(found["note"].Contents) == papers.WORDS
        assert [str(v) for v in found["arrow"].LE] == ["/None", "/OpenArrow"]


def test_pressure_is_width(tmp_path: Path) -> None:
    pressed = Ink(color="#000000", w=10, pts=(10000, 30000, 0, 20000, 0, 100))
    target = str(tmp_path / "out.pdf")
    write_copy(paper(tmp_path), target, CopyJob(sheet=sheet(), marks=(mark(pressed),)))
    with pikepdf.open(target) as pdf:
        drawn = pdf.pages[0].Annots[0].AP.N.read_bytes()
    assert b" J" in drawn
    light = Ink(color="#000000", w=10, pts=(10000, 30000, 0, 20000, 0, 0))
    hard = Ink(color="#000000", w=10, pts=(10000, 30000, 100, 20000, 0, 0))
    heights = []
    for each in (light, hard):
        write_copy(paper(tmp_path), target, CopyJob(sheet=sheet(), marks=(mark(each),)))
        picture = by_pdfium(target)
        column = [picture.getpixel((400, y)) for y in range(picture.height)]
        heights.append(sum(pixel == (0, 0, 0) for pixel in column) / 2)
    assert heights == [pytest.approx(5, abs=1), pytest.approx(15, abs=1)]


@pytest.mark.parametrize("rotate", [0, 90])
def test_vietnamese_is_drawn_and_read_whole(tmp_path: Path, rotate: int) -> None:
    target = str(tmp_path / "out.pdf")
    letters = "Ễ ậ Ữ ỵ đ Đ ơ Ặ " + papers.WRITTEN
    marks = (mark(Text(x=300, y=400, width=220, size=12, color="#000000", text=letters)), mark(BODIES["note"]))
    write_copy(paper(tmp_path, rotate=rotate), target, CopyJob(sheet=sheet(), marks=marks))
    found = words(target)
    assert letters in found
    assert papers.WORDS in found  # on the sheet behind, since nobody opens a note on paper
    assert "Trang 1 · Nguyễn Thị Ánh · riêng" in found


def test_a_note_that_waits_for_its_place_is_told_and_not_drawn(tmp_path: Path) -> None:
    target = str(tmp_path / "out.pdf")
    carried = mark(BODIES["note"])
    waiting = replace(carried.annotation, carried=Carried(version_id="v0", page=3, waiting=True))
    write_copy(paper(tmp_path), target, CopyJob(sheet=sheet(), marks=(replace(carried, annotation=waiting),)))
    assert f"Ghi chú từ bản trước, chờ đặt lại · Nguyễn Thị Ánh · riêng {papers.WORDS}" in words(target)
    with pikepdf.open(target) as pdf:
        assert len(pdf.pages[0].obj.get("/Annots", [])) == 0


def test_a_word_wider_than_its_column_is_broken_and_nothing_is_lost(tmp_path: Path) -> None:
    target = str(tmp_path / "out.pdf")
    text = Text(x=300, y=400, width=40, size=12, color="#000000", text="Nghiêngnghiêngnghiêng 😀\n\nhết")
    write_copy(paper(tmp_path), target, CopyJob(sheet=sheet(), marks=(mark(text),)))
    assert "Nghiêngnghiêngnghiêng" in words(target).replace(" ", "")
    with pikepdf.open(target) as pdf:
        assert "😀" in str(pdf.pages[0].Annots[0].Contents)


def test_a_signed_paper_is_copied_under_a_cover_and_its_own_bytes_stay(tmp_path: Path) -> None:
    source, target = paper(tmp_path, pages=2, change=papers.linked), str(tmp_path / "out.pdf")
    before = hashlib.sha256(Path(source).read_bytes()).digest()
    assert write_copy(source, target, CopyJob(sheet=sheet(signed=True), marks=(ALL[0],))) == 3
    assert hashlib.sha256(Path(source).read_bytes()).digest() == before
    assert "Bản có ghi chú, không thay văn bản gốc" in words(target)
    assert b"/Sig" not in Path(target).read_bytes()
    with pikepdf.open(target) as pdf:
        assert "/AcroForm" not in pdf.Root
        kinds = [str(each.Subtype) for each in pdf.pages[1].Annots]
        assert kinds == ["/Link", "/Square", "/Ink"]  # the other's mark stays one, the signature is a picture
    assert near(by_pdfium(target, 1), (880, 2 * (842 - 110)), "#0000ff")


def test_chosen_pages_carry_nothing_of_the_others(tmp_path: Path) -> None:
    source, target = paper(tmp_path, pages=5, change=papers.linked), str(tmp_path / "out.pdf")
    marks = (mark(BODIES["note"], page=2), mark(BODIES["ink"], page=3), mark(BODIES["note"], page=4))
    write_copy(source, target, CopyJob(sheet=sheet(), marks=marks, pages=(2, 3, 5)))
    found = words(target)
    assert [n for n in range(1, 6) if f"Phien {n}" in found] == [2, 3, 5]
    with pikepdf.open(target) as pdf:
        assert len(pdf.pages) == 4  # and the sheet with the one note
        contents = [obj.read_bytes() for obj in pdf.objects if isinstance(obj, pikepdf.Stream)]
        assert not [data for data in contents if b"Phien 1" in data or b"Phien 4" in data]
        first, second = pdf.pages[0].Annots, pdf.pages[1].Annots
        assert first[0].Dest[0].objgen == pdf.pages[1].obj.objgen
        assert "/Dest" not in second[0]
        assert [str(each.Subtype) for each in second] == ["/Link", "/Ink"]


def test_xfdf_is_xml_of_all_types(tmp_path: Path) -> None:
    target = tmp_path / "out.xfdf"
    odd = Text(x=1, y=2, width=90, size=9, color="#000000", text="a < b & \u0000\u000b c")
    write_xfdf(str(target), (*ALL, mark(odd, page=3, name="odd")), ())
    root = ET.fromstring(target.read_bytes())  # noqa: S314 - our own
    space = "{http://ns.adobe.com/xfdf/}"
    assert root.tag == f"{space}xfdf"
    found = {each.get("name", "").partition("-")[0]: each for each in root[0]}
    assert {each.tag.removeprefix(space) for each in found.values()} == {
        "ink", "highlight", "underline", "strikeout", "text", "line", "square", "freetext",
    }  # fmt: skip
    assert found["note"].findtext(f"{space}contents") == papers.WORDS
    assert found["odd"].get("page") == "2"
    assert found["odd"].findtext(f"{space}contents") == "a < b &  c"
    assert found["ink"].findtext(f"{space}inklist/{space}gesture") == "100,100;300,100"
    assert all(len(each.get("rect", "").split(",")) == 4 for each in found.values())


def packed(tmp_path: Path) -> tuple[str, PackJob]:
    first, second = str(tmp_path / "one.pdf"), str(tmp_path / "two.pdf")
    job = CopyJob(sheet=sheet(signed=True), marks=(mark(BODIES["note"], page=2), mark(BODIES["ink"], page=1)))
    notes = write_part(paper(tmp_path, pages=3, rotate=90, change=papers.linked), first, job)
    write_part(paper(tmp_path, pages=2, change=papers.linked), second, CopyJob(sheet=sheet()))
    return str(tmp_path / "pack.pdf"), PackJob(
        meeting="Phiên họp tháng 11", body="Ủy ban nhân dân", starts_at="08:00, 27/11/2026", place="Phòng số 1",
        chair="Trần Văn Bình", taker="Nguyễn Thị Ánh", at="09:00, 22/11/2026", layers=("ghi chú riêng",),
        items=(
            PackItem(label="1.", title="Đầu tư công", minutes=20, presenter="Lê Văn Cường", closed=False,
                     papers=(PackPaper(path=first, title="Tờ trình", notes=notes),), left_out=("Phụ lục",)),
            PackItem(label="2.", title="Phần họp kín", minutes=10, presenter="", closed=True),
            PackItem(label="3.", title="Việc khác", minutes=5, presenter="", closed=False,
                     papers=(PackPaper(path=second, title="Báo cáo", notes=()),)),
        ),
    )  # fmt: skip


def test_a_pack_has_agenda_numbers_outline_and_notes_behind(tmp_path: Path) -> None:
    target, job = packed(tmp_path)
    became = write_pack(target, job)
    assert (became.pages, became.note_sheets) == (7, 1)  # agenda, cover and three pages, two pages; notes outside
    texts = [_page_words(target, number) for number in range(1, 9)]
    assert all(f"Trang {number}/7" in text for number, text in enumerate(texts[:7], start=1))
    assert "Trang 8" not in texts[7]
    assert "Phụ lục: thư ký không cho tải về" in texts[0]
    assert "không thay văn bản gốc" in texts[1]
    assert "Trang 4 · Nguyễn Thị Ánh" in texts[7]  # page 2 of the paper, behind agenda and cover
    with pikepdf.open(target) as pdf, pdf.open_outline() as outline:
        tree = [(each.title, [(c.title, _leads_to(pdf, c)) for c in each.children]) for each in outline.root]
        assert tree == [
            ("Chương trình họp", []),
            ("1. Đầu tư công", [("Tờ trình", 2)]),
            ("2. Phần họp kín", []),
            ("3. Việc khác", [("Báo cáo", 6)]),
            ("Ghi chú", []),
        ]
        assert pdf.pages[5].Annots[0].Dest[0].objgen == pdf.pages[6].obj.objgen


def test_hostile_titles_are_text_in_the_outline_and_the_agenda_of_a_pack(tmp_path: Path) -> None:
    target, job = packed(tmp_path)
    title = '<b>"\'&=HYPERLINK("http://x") 𠮷 (/JS)'
    first = replace(job.items[0], title=title, papers=(replace(job.items[0].papers[0], title=title),))
    write_pack(target, replace(job, items=(first, *job.items[1:]), meeting=title))
    with pikepdf.open(target) as pdf, pdf.open_outline() as outline:
        assert [outline.root[1].title, outline.root[1].children[0].title] == [f"1. {title}", title]
        assert str(pdf.docinfo["/Title"]) == title
    assert '<b>"\'&=HYPERLINK("http://x")' in _page_words(target, 1)


def test_numbers_of_a_pack_do_not_depend_on_whose_notes_go_along(tmp_path: Path) -> None:
    target, job = packed(tmp_path)
    with_notes = write_pack(target, job)
    bare = tuple(replace(each, papers=tuple(replace(p, notes=()) for p in each.papers)) for each in job.items)
    without = write_pack(target, replace(job, items=bare))
    assert with_notes.pages == without.pages
    assert without.note_sheets == 0


def _page_words(path: str, page: int) -> str:
    asked = ["pdftotext", "-f", str(page), "-l", str(page), path, "-"]
    return " ".join(subprocess.run(asked, capture_output=True, check=True).stdout.decode().split())


def _leads_to(pdf: pikepdf.Pdf, item: pikepdf.OutlineItem) -> int:
    to = item.destination
    assert isinstance(to, pikepdf.Array)
    return next(n for n, page in enumerate(pdf.pages, start=1) if page.obj.objgen == to[0].objgen)
