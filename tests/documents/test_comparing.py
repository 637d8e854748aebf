"""Which page became which: properties over made-up papers, and what programs and scanners do to real pages."""

from __future__ import annotations

import io
import random
import zlib
from collections import Counter
from typing import TYPE_CHECKING

import msgspec
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw

from server.documents.comparing import Face, align, folded, removed
from server.documents.comparing.passages import Passage, Spot, locate, mapped
from server.documents.intake.looks import Look, read_looks
from server.documents.intake.quads import read_quads
from server.documents.intake.words import read_words
from tests.support import pdfs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from server.documents.models import Quad

# A page is known by its letter; blank pages come often.
LETTERS = st.lists(st.sampled_from("abcdefgh__"), max_size=14)


def face(letter: str) -> Face:
    words = "" if letter == "_" else " ".join(f"{letter}{number}" for number in range(30))
    return Face(words, 595.0, 842.0, bytes([255] * 20))


def faces(letters: list[str]) -> list[Face]:
    return [face(letter) for letter in letters]


@given(LETTERS)
def test_a_paper_is_itself(letters: list[str]) -> None:
    found = align(faces(letters), faces(letters))
    assert [(each.old, each.same) for each in found] == [(at, True) for at in range(1, len(letters) + 1)]


@given(LETTERS, LETTERS)
def test_what_is_on_both_sides_is_found_wherever_it_is_and_used_once(old: list[str], new: list[str]) -> None:
    found = align(faces(old), faces(new))
    assert len(found) == len(new)
    same = [(each.old, at) for at, each in enumerate(found) if each.same and each.old]
    assert all(old[here - 1] == new[there] for here, there in same)
    assert len(same) == (Counter(old) & Counter(new)).total()
    used = [each.old for each in found if each.old is not None]
    assert len(used) == len(set(used))
    assert sorted([*used, *removed(found, len(old))]) == list(range(1, len(old) + 1))


@given(LETTERS, st.data())
def test_a_page_put_in_moves_the_others_and_changes_none(letters: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(letters)))
    found = align(faces(letters), faces([*letters[:at], "z", *letters[at:]]))
    assert [(each.old, each.same) for each in found if each.same] == [(n, True) for n in range(1, len(letters) + 1)]
    assert sum(each.old is None for each in found) == 1


def test_a_page_with_other_words_is_the_page_in_its_place() -> None:
    old = faces(["a", "b", "c", "d"])
    changed = Face(old[1].text.replace("b7", "không"), 595.0, 842.0, old[1].cells)
    new = [old[0], face("x"), changed, old[3], old[2]]
    found = [(each.old, each.same) for each in align(old, new)]
    assert found == [(1, True), (None, False), (2, False), (4, True), (3, True)]


def test_a_page_that_was_changed_and_moved_is_known_by_its_words() -> None:
    old = faces(["a", "b", "c"])
    changed = Face(old[2].text.replace("c3", "không"), 595.0, 842.0, old[2].cells)
    assert next((each.old, each.same) for each in align(old, [changed, old[0], old[1]])) == (3, False)


def test_pages_that_share_what_every_page_says_are_not_one_page() -> None:
    def page(letter: str) -> Face:
        same = " ".join(f"chung{number}" for number in range(50))
        return Face(f"{same} {face(letter).text[:40]}", 595.0, 842.0, bytes([255] * 20))

    old = [page(letter) for letter in "abcd"]
    found = align(old, [page(letter) for letter in "xabd"])
    assert [(each.old, each.same) for each in found] == [(None, False), (1, True), (2, True), (4, True)]


def test_thousands_of_blank_pages_are_aligned_at_once() -> None:
    blank = [face("_")] * 4000
    found = align([*blank, face("a")], [face("a"), *blank])
    assert all(each.same for each in found)


# ---- real pages


def looked(folder: Path, data: bytes) -> list[Face]:
    file = folder / "x.pdf"
    file.write_bytes(data)
    texts = msgspec.json.decode(read_words(str(file)), type=list[str])
    looks = msgspec.json.decode(read_looks(str(file), 0, 100), type=list[Look])
    return [
        Face(text, look.width, look.height, zlib.decompress(look.cells))
        for text, look in zip(texts, looks, strict=True)
    ]


def same(folder: Path, one: bytes, other: bytes) -> list[bool]:
    return [each.same for each in align(looked(folder, one), looked(folder, other))]


def saved_anew(data: bytes) -> bytes:
    """As another program saves it: other objects, other order, other metadata."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        with pdf.open_metadata() as meta:
            meta["dc:title"] = "Khác"
        pdf.docinfo["/Producer"] = "Khác"
        for page in pdf.pages:
            page.contents_coalesce()
            stream = page.Contents.read_bytes().replace(b"72 700 Td", b"72.03 700.03 Td")
            page.Contents = pdf.make_stream(b"q\n" + stream + b"\nQ")
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, recompress_flate=True)
        return out.getvalue()


def scan(change: Callable[[Image.Image], Image.Image] = lambda image: image, quality: int = 80) -> bytes:
    """A sheet with typed lines, as a scanner gives it: a picture without words."""
    sheet = Image.new("L", (1240, 1754), 250)
    pen = ImageDraw.Draw(sheet)
    for line in range(20):
        pen.text((150, 150 + 60 * line), f"Dong {line}: tong so 1.234.567 dong", fill=20, font_size=32)
    sheet = change(sheet)
    body = io.BytesIO()
    sheet.save(body, "JPEG", quality=quality)
    made = pikepdf.new()
    page = made.add_blank_page(page_size=pdfs.A4)
    picture = made.make_stream(
        body.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=1240, Height=1754, BitsPerComponent=8,
        ColorSpace=Name.DeviceGray, Filter=Name.DCTDecode,
    )  # fmt: skip
    page.Resources = Dictionary(XObject=Dictionary(I=picture))
    page.Contents = made.make_stream(b"595 0 0 842 0 0 cm /I Do")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def noisy(image: Image.Image) -> Image.Image:
    grain = random.Random(7)
    spoiled = image.rotate(0.15, fillcolor=250)
    for _ in range(4000):
        spoiled.putpixel((grain.randrange(1240), grain.randrange(1754)), grain.randrange(256))
    return spoiled


def one_digit(image: Image.Image) -> Image.Image:
    ImageDraw.Draw(image).rectangle((150 + 16 * 17, 330, 150 + 16 * 18, 362), fill=250)
    return image


def test_saving_a_paper_anew_changes_no_page(tmp_path: Path) -> None:
    paper = pdfs.pdf("Phien", pages=3)
    assert same(tmp_path, paper, saved_anew(paper)) == [True] * 3


def test_rounding_is_no_change_and_a_stroke_is_one() -> None:
    page = Face("", 595.0, 842.0, bytes([250] * 20))
    rounded = Face("", 595.2, 841.9, bytes([250] * 19 + [247]))
    stroke = Face("", 595.0, 842.0, bytes([250] * 19 + [246]))
    assert [each.same for each in align([page], [rounded])] == [True]
    assert [each.same for each in align([page], [stroke])] == [False]


def test_a_changed_word_and_a_moved_line_are_changes(tmp_path: Path) -> None:
    def moved(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[1]
        page.Contents = pdf.make_stream(page.Contents.read_bytes().replace(b"72 700", b"72 690"))

    assert same(tmp_path, pdfs.pdf("Phien"), pdfs.pdf("Phien ba")) == [False]
    assert same(tmp_path, pdfs.pdf("Phien", pages=2), pdfs.pdf("Phien", pages=2, change=moved)) == [True, False]


@pytest.mark.parametrize("spoil", [noisy, one_digit])
def test_two_scans_differ_and_one_scan_is_itself(tmp_path: Path, spoil: Callable[[Image.Image], Image.Image]) -> None:
    assert same(tmp_path, scan(), scan()) == [True]
    assert same(tmp_path, scan(), saved_anew(scan())) == [True]
    assert same(tmp_path, scan(), scan(spoil)) == [False]


# ---- passages


def test_a_passage_is_found_where_it_is_likely_else_where_it_is_unique() -> None:
    pages = [folded(text) for text in ("Tổng vốn đầu tư công", "Chi thường xuyên", "Tổng vốn đầu tư công năm 2026")]
    assert locate(pages, Passage(quote="vốn  đầu\ntư công", page=3)) == Spot(3, folded("vốn đầu tư công"), 0)
    assert locate(pages, Passage(quote="vốn đầu tư công")) is None
    assert locate(pages, Passage(quote="vốn đầu tư công", suffix=" năm")) == Spot(3, folded("vốn đầu tư công"), 0)
    assert locate(pages, Passage(quote="thường", page=1)) == Spot(2, folded("thường"), 0)
    assert locate(pages, Passage(quote="không có")) is None
    assert locate(pages, Passage(quote="i")) is None


def test_words_around_decide_between_two_places_on_a_page() -> None:
    pages = [folded("Quý I: 42 tỷ đồng. Quý II: 42 tỷ đồng.")]
    quote = "42 tỷ đồng"
    assert locate(pages, Passage(quote=quote, page=1)) is None
    assert locate(pages, Passage(quote=quote, prefix="Quý II: ", page=1)) == Spot(1, folded(quote), 1)
    assert locate(pages, Passage(quote=quote, suffix=". Quý II", page=1)) == Spot(1, folded(quote), 0)


@given(st.text(alphabet="aeêệốđ \n-Ế\u0323\u0302x", max_size=30))
def test_every_folded_sign_knows_where_it_comes_from(text: str) -> None:
    found, origin = mapped(list(text))
    assert found == folded(text)
    assert len(origin) == len(found)
    assert origin == sorted(origin)


def test_the_quads_of_a_passage_lie_on_its_words(tmp_path: Path) -> None:
    file = tmp_path / "x.pdf"
    file.write_bytes(pdfs.pdf("Phien hop", pages=2))
    found = msgspec.json.decode(
        read_quads(str(file), (Spot(2, "hop2", 0), Spot(2, "khong", 0), Spot(9, "hop", 0))),
        type=list[list[list[float]]],
    )
    assert found[1:] == [[], []]
    ((left, top, right, _, _, bottom, _, _),) = found[0]
    assert 72 < left < right < 200
    assert 690 < bottom < 700 < top < 725
    turned = _turned_quad(tmp_path)
    assert turned[0] == turned[2]
    assert turned[1] < turned[3]  # on the sheet as it lies one reads upwards


def _turned_quad(folder: Path) -> Quad:
    def turn(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Rotate = 90

    file = folder / "turned.pdf"
    file.write_bytes(pdfs.pdf("Phien hop", change=turn))
    ((quad,),) = msgspec.json.decode(read_quads(str(file), (Spot(1, "hop1", 0),)), type=list[list[tuple[float, ...]]])
    return quad  # type: ignore[return-value]
