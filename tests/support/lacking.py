"""PDFs whose Times New Roman is not in them, as Word writes them, with Vietnamese said in both ways that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat

from server.core.printing.fonts import times_font
from tests.support import pdfs

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 44
LEFT = 40
SCALE = 2
PIXELS = (595 * SCALE, 842 * SCALE)
# Each line: where its baseline is, in which way it is written, in which face, and what it says.
LINES = (
    (740, "Simple", "regular", "Nguyễn Đặng Quỳnh Hươ"),
    (640, "Wide", "regular", "thường trực Ủy ban số"),
    (540, "Latin", "bold", "Hamburgefonstiv 2027"),
    (440, "Slant", "italic", "Phiên họp thứ mười"),
)
_NAMES = {
    "Simple": "TimesNewRomanPSMT", "Wide": "Times New Roman", "Latin": "TimesNewRoman,Bold",
    "Slant": "TimesNewRomanPS-ItalicMT",
}  # fmt: skip


def face(which: str) -> Path:
    """The file of a face of the family that has the measures of Times New Roman."""
    found: Path = getattr(times_font(), which)
    return found


def advances(which: str, text: str) -> list[float]:
    """How far each letter moves on, in thousandths of its size."""
    with TTFont(face(which)) as font:
        known, unit = font.getBestCmap(), font["head"].unitsPerEm
        return [round(font["hmtx"][known[ord(letter)]][0] * 1000 / unit) for letter in text]


def paper() -> bytes:
    """One page with ``LINES``."""

    def change(made: pikepdf.Pdf) -> None:
        fonts, drawn = Dictionary(), []
        for at, way, which, text in LINES:
            letters = sorted(set(text))
            if way in {"Wide", "Slant"}:
                fonts[f"/{way}"] = _wide(made, _NAMES[way], which, letters)
                codes = "".join(f"{700 + letters.index(letter):04x}" for letter in text)
            else:
                fonts[f"/{way}"] = _simple(made, _NAMES[way], which, letters)
                codes = "".join(f"{_code(letters, letter):02x}" for letter in text)
            drawn.append(f"BT /{way} {SIZE} Tf {LEFT} {at} Td <{codes}> Tj ET")
        made.pages[0].obj.Resources = Dictionary(Font=fonts)
        made.pages[0].Contents = made.make_stream("\n".join(drawn).encode())

    return pdfs.pdf(change=change)


def _code(letters: list[str], letter: str) -> int:
    return ord(letter) if letter.isascii() else 128 + letters.index(letter)


def _simple(made: pikepdf.Pdf, name: str, which: str, letters: list[str]) -> Dictionary:
    """A font of one byte a letter; what its encoding lacks is named letter by letter."""
    widths = [0] * 256
    for letter, width in zip(letters, advances(which, "".join(letters)), strict=True):
        widths[_code(letters, letter)] = int(width)
    others = [letter for letter in letters if not letter.isascii()]
    named = [part for letter in others for part in (_code(letters, letter), Name(f"/uni{ord(letter):04X}"))]
    encoding = Dictionary(BaseEncoding=Name.WinAnsiEncoding, Differences=Array(named))
    return Dictionary(
        Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name(f"/{name}"), FirstChar=0, LastChar=255,
        Widths=Array(widths), Encoding=encoding if others else Name.WinAnsiEncoding,
        FontDescriptor=made.make_indirect(_descriptor(name, 34)),
    )  # fmt: skip


def _wide(made: pikepdf.Pdf, name: str, which: str, letters: list[str]) -> Dictionary:
    """A font of two bytes a letter, each the number that the letter has in a file that is not here."""
    table = "".join(f"<{700 + at:04x}> <{ord(letter):04x}>\n" for at, letter in enumerate(letters))
    cmap = (
        f"begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange {len(letters)} beginbfchar\n{table}endbfchar"
    )
    inner = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name(f"/{name}"),
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0), DW=1000,
        W=Array([700, Array([int(each) for each in advances(which, "".join(letters))])]),
        FontDescriptor=made.make_indirect(_descriptor(name, 4)),
    )  # fmt: skip
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name(f"/{name}"), Encoding=Name("/Identity-H"),
        DescendantFonts=Array([made.make_indirect(inner)]), ToUnicode=made.make_stream(cmap.encode()),
    )  # fmt: skip


def _descriptor(name: str, flags: int) -> Dictionary:
    return Dictionary(
        Type=Name.FontDescriptor, FontName=Name(f"/{name}"), Flags=flags, ItalicAngle=0, Ascent=891, Descent=-216,
        CapHeight=662, StemV=80, FontBBox=Array([-568, -307, 2046, 1040]),
    )  # fmt: skip


def expected() -> Image.Image:
    """The page as it should be, set letter by letter."""
    sheet = Image.new("L", PIXELS, 255)
    pen = ImageDraw.Draw(sheet)
    for at, _way, which, text in LINES:
        font, x = ImageFont.truetype(str(face(which)), SIZE * SCALE), float(LEFT)
        for letter, width in zip(text, advances(which, text), strict=True):
            pen.text((x * SCALE, (842 - at) * SCALE), letter, fill=0, font=font, anchor="ls")
            x += width * SIZE / 1000
    return sheet


def unlike(one: Image.Image, other: Image.Image) -> float:
    """How much of the ink of two pages is not in the same place: 0 where all is, 1 and more where none is."""
    ink = sum(255 - ImageStat.Stat(each).mean[0] for each in (one, other)) / 2
    return float(ImageStat.Stat(ImageChops.difference(one, other)).mean[0] / ink)
