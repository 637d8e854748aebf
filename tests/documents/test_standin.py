"""A Times New Roman that a paper does not bring along: its letters are put in, and drawn as they should be."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from pikepdf import Dictionary, Name

from server.core.printing.fonts import stand_ins
from server.core.printing.standing_in import stand_in_files
from server.core.workers import Workers
from server.documents.intake import unicode_map
from server.documents.intake.entry import examined
from server.documents.intake.judge import judge
from server.documents.models import Bounds
from tests.support import pdfs
from tests.support.lacking import LINES, SCALE, expected, face, paper, unlike
from tests.support.parts import missing

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

ALL = [str(face(which)) for which in ("regular", "bold", "italic", "bold_italic")]


def drawn(path: Path) -> Image.Image:
    document = pypdfium2.PdfDocument(path)
    picture: Image.Image = document[0].render(scale=SCALE).to_pil().convert("L")
    document.close()
    return picture


async def test_letters_are_put_in_behind_the_wall_and_stand_where_they_should(tmp_path: Path) -> None:
    source, rendition = tmp_path / "source.pdf", tmp_path / "rendition.pdf"
    source.write_bytes(paper())
    pool = Workers(size=1, walled=True)
    try:
        found = await examined(pool, str(source), "a.pdf", str(rendition), Bounds(), faces=stand_in_files())
    finally:
        await pool.close()
    assert found.reason is None
    assert unlike(drawn(source), expected()) > 0.5  # as it came, letters are missing or others
    assert unlike(drawn(rendition), expected()) < 0.15
    document = pypdfium2.PdfDocument(rendition)
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert text.split("\r\n") == [line for *_where, line in LINES]
    with pikepdf.open(rendition) as pdf:
        sizes = [
            len(each.read_bytes()) for each in pdf.objects if isinstance(each, pikepdf.Stream) and "/Length1" in each
        ]
    assert len(sizes) == 3
    assert max(sizes) < 40_000  # the letters that are needed, not the whole family


def left(tmp_path: Path, data: bytes, *faces: str) -> bool:
    """Whether the first font came out as it went in."""
    source, rendition = tmp_path / "source.pdf", tmp_path / "rendition.pdf"
    source.write_bytes(data)
    assert judge(str(source), "a.pdf", str(rendition), Bounds(), *faces).reason is None
    with pikepdf.open(rendition) as pdf:
        return not str(next(iter(dict(pdf.pages[0].Resources.Font).values())).BaseFont).startswith("/PHIENT")


def spoiled(**given: object) -> bytes:
    """A page in one Times New Roman that is as it should be but for what is ``given``."""
    held: dict[str, Any] = {
        "/Subtype": Name.TrueType, "/Encoding": Name.WinAnsiEncoding, "/BaseFont": Name.TimesNewRoman,
        **{f"/{key}": value for key, value in given.items()},
    }  # fmt: skip

    def change(made: pikepdf.Pdf) -> None:
        font = Dictionary({"/Type": Name.Font, **{key: value for key, value in held.items() if value is not None}})
        made.pages[0].obj.Resources = Dictionary(Font=Dictionary(F1=font))

    return pdfs.pdf(change=change)


def differing(*names: str) -> Dictionary:
    return Dictionary(BaseEncoding=Name.WinAnsiEncoding, Differences=[128, *(Name(f"/{name}") for name in names)])


def test_a_font_without_a_description_gets_one(tmp_path: Path) -> None:
    assert not left(tmp_path, spoiled(), *ALL)
    with pikepdf.open(tmp_path / "rendition.pdf") as pdf:
        font = pdf.pages[0].Resources.Font.F1
        assert font.FontDescriptor.FontName == font.BaseFont
        assert "/FontFile2" in font.FontDescriptor
    assert not left(tmp_path, spoiled(Encoding=differing("uni1EA1", "ohorn")), *ALL)
    assert not left(tmp_path, spoiled(Encoding=Dictionary(Differences=[65, Name.A])), *ALL)


# How far A and W move on in each family, in thousandths of its size: what lines of a paper were broken by.
OTHERS = {
    "ArialMT": ("Liberation Sans", 667, 944), "Arial,BoldItalic": ("Liberation Sans", 722, 944),
    "CourierNewPS-BoldMT": ("Liberation Mono", 600, 600), "ABCDEF+Calibri": ("Carlito", 579, 890),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_other_families_that_word_leaves_out_are_put_in_with_their_measures(name: str, tmp_path: Path) -> None:
    family, *widths = OTHERS[name]
    here = [each.name for each in stand_ins() if each is not None]
    if family not in here:
        missing(family)
    assert not left(
        tmp_path, spoiled(BaseFont=Name(f"/{name}"), Encoding=differing("uni1EA1", "uhorn")), *stand_in_files()
    )
    with pikepdf.open(tmp_path / "rendition.pdf") as pdf:
        held = pdf.pages[0].Resources.Font.F1
        assert str(held.BaseFont).removeprefix("/PHIENT+").startswith(family.replace(" ", ""))
        file = held.FontDescriptor.FontFile2.read_bytes()
    with TTFont(io.BytesIO(file)) as font:
        known, unit = font.getBestCmap(), font["head"].unitsPerEm
        assert {*map(ord, "ạưAW")} <= known.keys()
        assert [round(font["hmtx"][known[ord(letter)]][0] * 1000 / unit) for letter in "AW"] == widths


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("another family", {"BaseFont": Name.Cambria}),
        ("one of another measure", {"BaseFont": Name("/ArialNarrow-Bold")}),
        ("a family that is not here", {"BaseFont": Name.Arial}),
        ("letters of one's own", {"Encoding": differing("g17")}),
        ("letters that the family lacks", {"Encoding": differing("uni4E00")}),
        ("no encoding", {"Encoding": None}),
        ("many letters, and nothing that says which", {"Subtype": Name.Type0}),
        ("an encoding that is none", {"Encoding": Dictionary(Differences=[Dictionary()])}),
    ],
)
def test_what_cannot_be_known_stays_as_it_is(tmp_path: Path, what: str, given: dict[str, object]) -> None:
    assert left(tmp_path, spoiled(**given), *ALL), what


def test_without_a_family_nothing_is_put_in(tmp_path: Path) -> None:
    assert left(tmp_path, paper())


def test_a_table_of_letters_is_read_in_all_its_forms() -> None:
    made = pikepdf.new()

    def letters(table: str) -> dict[int, str]:
        return unicode_map.letters(made.make_stream(table.encode()))

    assert letters("2 beginbfchar <0001> <0041> < 00 02 > <1EA1> endbfchar") == {1: "A", 2: "ạ"}
    assert letters("1 beginbfrange <0003> <0005> <0061> endbfrange") == {3: "a", 4: "b", 5: "c"}
    assert letters("1 beginbfrange <0003> <0004> [<0061> <01B0>] endbfrange") == {3: "a", 4: "ư"}
    assert letters("1 beginbfchar <0001> <00610323> endbfchar") == {1: "ạ"}
    for unclear in ("1 beginbfchar <0001> <00660069> endbfchar", "1 beginbfchar <0001> <> endbfchar", ""):
        assert letters(unclear) == {}
    assert unicode_map.letters(None) == {}
