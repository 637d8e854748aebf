"""The letters of the seen mark in a PDF: a font in which a letter's number is its Unicode number.

So a line can be written without knowing the font (ISO 32000-2 §9.7: Identity-H with a map from number to glyph).
"""

from __future__ import annotations

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Stream

from server.core.printing import cutting
from server.documents.watermark.line import LETTERS

_THOUSAND = 1000
_NAME = Name("/PHIENM+Phien-Mark")
_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Phien-Mark-UCS def /CMapType 2 def
1 begincodespacerange <0000> <ffff> endcodespacerange
%s
endcmap CMapName currentdict /CMap defineresource pop end end
"""
# A table of the format lists at most so many ranges at a time, and none crosses the high byte.
_RANGES = 100


def embed(pdf: pikepdf.Pdf, path: str) -> Dictionary:
    """Add the font file at ``path``, cut to the letters of marks; returns the object to name in resources."""
    cut, data = cutting.cut(TTFont(path, recalcTimestamp=False), LETTERS)
    glyphs = {code: cut.getGlyphID(name) for code, name in cut.getBestCmap().items()}
    unit = _THOUSAND / cut["head"].unitsPerEm
    inner = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=_NAME,
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(_descriptor(pdf, cut, data)),
        CIDToGIDMap=pdf.make_indirect(Stream(pdf, _map(glyphs))), DW=_THOUSAND // 2, W=_widths(cut, glyphs, unit),
    )  # fmt: skip
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=_NAME, Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(inner)]), ToUnicode=pdf.make_indirect(Stream(pdf, _to_unicode())),
    )  # fmt: skip


def _descriptor(pdf: pikepdf.Pdf, cut: TTFont, data: bytes) -> Dictionary:
    scale, head = _THOUSAND / cut["head"].unitsPerEm, cut["head"]
    file = Stream(pdf, data)
    file.Length1 = len(data)
    return Dictionary(
        Type=Name.FontDescriptor, FontName=_NAME, Flags=4, ItalicAngle=0, StemV=80, CapHeight=round(0.66 * _THOUSAND),
        FontBBox=Array([round(each * scale) for each in (head.xMin, head.yMin, head.xMax, head.yMax)]),
        Ascent=round(cut["hhea"].ascent * scale), Descent=round(cut["hhea"].descent * scale),
        FontFile2=pdf.make_indirect(file),
    )  # fmt: skip


def _map(glyphs: dict[int, int]) -> bytes:
    table = bytearray(2 * (max(glyphs) + 1))
    for code, glyph in glyphs.items():
        table[2 * code : 2 * code + 2] = glyph.to_bytes(2, "big")
    return bytes(table)


def _widths(cut: TTFont, glyphs: dict[int, int], unit: float) -> Array:
    advances, order = cut["hmtx"].metrics, cut.getGlyphOrder()
    each = [(code, Array([round(advances[order[glyph]][0] * unit)])) for code, glyph in sorted(glyphs.items())]
    return Array([part for pair in each for part in pair])


def _to_unicode() -> bytes:
    highs = sorted({ord(sign) >> 8 for sign in LETTERS})
    lines = [f"<{high:02x}00> <{high:02x}ff> <{high:02x}00>" for high in highs][:_RANGES]
    return _TO_UNICODE % "\n".join([f"{len(lines)} beginbfrange", *lines, "endbfrange"]).encode()
