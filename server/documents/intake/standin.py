"""Families that a paper does not bring along: others of their measures are put into its rendition.

Word leaves out of the PDFs that it writes what it thinks everybody has: Times New Roman, Arial, Courier New, Calibri.
Each reader would then take what there is: a tablet without a Times has other widths, or none of the Vietnamese
letters. Put in, they are the same on every screen and in print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pikepdf
from msgspec import Struct
from pikepdf import Array, Dictionary, Name, Stream

from server.documents.intake import unicode_map
from server.documents.intake.walk import dictionaries, pattern

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

_NAMES = ("Times ?New ?Roman", "Arial", "Courier ?New", "Calibri")
_FAMILIES = tuple(
    re.compile(rf"/(?:[A-Z]{{6}}\+)?{name}(?:PS)?(?:MT)?[,-]?(?P<bold>Bold)?(?P<italic>Italic)?(?:MT)?", re.IGNORECASE)
    for name in _NAMES
)
_FACES_OF_ONE = 4
_KINDS = pattern({"/TrueType", "/Type0"})
_CODECS = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}
_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
# Flags of a font descriptor (ISO 32000-2, table 121).
_SYMBOLIC, _NONSYMBOLIC = 4, 32
_CODES = 256
_BLANKS = frozenset(" \xa0")
_THOUSAND = 1000


class _Lacking(Struct, frozen=True):
    """A font whose letters are to be put in.

    ``letters``: what each of its codes stands for. ``named``: those of them that the font itself names, without which
    it is not replaced; what its encoding has besides may be missing.
    """

    font: Any
    face: int
    letters: Mapping[int, str]
    named: frozenset[str]


def embed(pdf: pikepdf.Pdf, faces: Sequence[str]) -> None:
    """Put letters into each font of the families named above that has none in ``pdf``, in place.

    ``faces``: font files in the order of the families, regular, bold, italic and both of each; empty where there is
    none. A font with letters that these do not have, or whose codes mean nothing that can be known, stays as it is.
    """
    lacking = list(_lacking(pdf))
    for face, path in enumerate(faces):
        wanted = [each for each in lacking if each.face == face]
        if wanted and path:
            _put_in(pdf, wanted, path)


def _lacking(pdf: pikepdf.Pdf) -> Iterator[_Lacking]:
    for font in list(dictionaries(pdf, _KINDS)):
        face = _face(str(font.get("/BaseFont", "")))
        if face is None or not isinstance(font, Dictionary):
            continue
        kind = font.get("/Subtype")
        if kind == Name.TrueType and not _has_file(font):
            letters, named = _simple(font)
        elif kind == Name.Type0 and _is_open(font):
            letters = unicode_map.letters(font.get("/ToUnicode"))
            named = frozenset(letters.values()) - _BLANKS
        else:
            continue
        if letters:
            yield _Lacking(font, face, letters, named)


def _face(name: str) -> int | None:
    """Which of the faces a font of this name is."""
    for family, names in enumerate(_FAMILIES):
        if called := names.fullmatch(name):
            return _FACES_OF_ONE * family + bool(called["bold"]) + 2 * bool(called["italic"])
    return None


def _has_file(font: Any) -> bool:  # noqa: ANN401 - a dictionary of the file
    held = font.get("/FontDescriptor")
    return isinstance(held, Dictionary) and any(key in held for key in _FILES)


def _is_open(font: Any) -> bool:  # noqa: ANN401 - a dictionary of the file
    """Whether a font of many letters has no file, and codes that are the numbers of its letters."""
    inner = font.get("/DescendantFonts")
    return (
        font.get("/Encoding") == Name("/Identity-H")
        and isinstance(inner, Array)
        and len(inner) == 1
        and inner[0].get("/Subtype") == Name.CIDFontType2
        and not _has_file(inner[0])
    )


def _simple(font: Any) -> tuple[dict[int, str], frozenset[str]]:  # noqa: ANN401 - a dictionary of the file
    """What the codes of a font of one byte a letter stand for, and which letters it names one by one.

    Nothing where it has an order of its own.
    """
    said = font.get("/Encoding")
    if not isinstance(said, (Dictionary, Name)):
        return {}, frozenset()
    base = str(said.get("/BaseEncoding", "") if isinstance(said, Dictionary) else said)
    letters = {code: letter for code in range(_CODES) if (letter := _of_base(base, code))}
    code, named = 0, set[str]()
    for part in said.get("/Differences", ()) if isinstance(said, Dictionary) else ():
        if isinstance(part, Name):
            letters[code] = _of_name(str(part).removeprefix("/"))
            named.add(letters[code])
            code += 1
        else:
            code = int(part)
    return letters, frozenset(named)


def _of_base(base: str, code: int) -> str:
    codec = _CODECS.get(base)
    letter = bytes([code]).decode(codec, "ignore") if codec else _standard(code)
    return letter if letter.isprintable() else ""


def _standard(code: int) -> str:
    from fontTools.encodings.StandardEncoding import StandardEncoding  # noqa: PLC0415 - few papers need it, a start none

    return _of_name(StandardEncoding[code])


def _of_name(glyph: str) -> str:
    from fontTools import agl  # noqa: PLC0415 - as above

    letter: str = agl.toUnicode(glyph)
    return letter


def _put_in(pdf: pikepdf.Pdf, wanted: Sequence[_Lacking], path: str) -> None:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - as above

    from server.core.printing import cutting  # noqa: PLC0415 - as above

    with TTFont(path, recalcTimestamp=False) as whole:
        known = whole.getBestCmap()
        fitting = [each for each in wanted if all(len(one) == 1 and ord(one) in known for one in each.named)]
        if not fitting:
            return
        cut, data = cutting.cut(whole, "".join(letter for each in fitting for letter in each.letters.values()))
    file = pdf.make_indirect(Stream(pdf, data))
    file.Length1 = len(data)
    name = Name(f"/PHIENT+{cut['name'].getDebugName(6) or 'Times'}")
    for each in fitting:
        font = each.font
        if font.Subtype == Name.Type0:
            inner = font.DescendantFonts[0]
            inner.CIDToGIDMap = pdf.make_indirect(Stream(pdf, _glyphs(cut, each.letters)))
            _describe(pdf, inner, cut, file, name)
        else:
            _describe(pdf, font, cut, file, name)
        font.BaseFont = name


def _glyphs(cut: TTFont, letters: Mapping[int, str]) -> bytes:
    """The number of the glyph for each code, two bytes a code (ISO 32000-2 §9.7.4.3)."""
    known, table = cut.getBestCmap(), bytearray(2 * (max(letters) + 1))
    for code, letter in letters.items():
        if ord(letter) in known:
            table[2 * code : 2 * code + 2] = cut.getGlyphID(known[ord(letter)]).to_bytes(2, "big")
    return bytes(table)


def _describe(pdf: pikepdf.Pdf, font: Any, cut: TTFont, file: Any, name: Name) -> None:  # noqa: ANN401 - dictionaries
    """The font's own description, with the file; one is made where there is none."""
    held = font.get("/FontDescriptor")
    if not isinstance(held, Dictionary):
        scale, head = _THOUSAND / cut["head"].unitsPerEm, cut["head"]
        held = Dictionary(
            Type=Name.FontDescriptor, Flags=_NONSYMBOLIC, ItalicAngle=0, StemV=80, CapHeight=662,
            FontBBox=Array([round(each * scale) for each in (head.xMin, head.yMin, head.xMax, head.yMax)]),
            Ascent=round(cut["hhea"].ascent * scale), Descent=round(cut["hhea"].descent * scale),
        )  # fmt: skip
        font.FontDescriptor = pdf.make_indirect(held)
        held = font.FontDescriptor
    held.Flags = (int(held.get("/Flags", 0)) & ~_SYMBOLIC) | _NONSYMBOLIC
    held.FontName = font.BaseFont = name
    held.FontFile2 = file
