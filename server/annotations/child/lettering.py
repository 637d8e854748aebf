"""Letters in a PDF that this house writes into by itself: one embedded subset of the papers' own font.

A composite font with two-byte glyph numbers (ISO 32000-2 §9.7) and a table back to Unicode, so that every Vietnamese
word is drawn and can be copied whole.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Stream

from server.core.printing import cutting

_ALWAYS = "0123456789?. "
_UNKNOWN = "?"
_THOUSAND = 1000
# A table of the format lists at most so many pairs at a time.
_PAIRS = 100


class Face:
    """A font in one PDF that knows the letters of ``texts``; ``font`` is the object to name in resources."""

    def __init__(self, pdf: pikepdf.Pdf, path: str, texts: Iterable[str]) -> None:
        letters = "".join(plain(text) for text in (*texts, _ALWAYS))
        cut, data = cutting.cut(TTFont(path, recalcTimestamp=False), letters)
        self._unit = cut["head"].unitsPerEm
        order = {name: number for number, name in enumerate(cut.getGlyphOrder())}
        self._glyphs = {code: order[name] for code, name in cut.getBestCmap().items()}
        advances = cut["hmtx"].metrics
        self._widths = {number: advances[name][0] * _THOUSAND / self._unit for name, number in order.items()}
        self.ascent = cut["hhea"].ascent / self._unit
        self.font = pdf.make_indirect(self._composite(pdf, cut, data))

    def width(self, text: str, size: float) -> float:
        """How wide a line is, in points."""
        return float(sum(self._widths[glyph] for glyph in self._numbers(text)) * size / _THOUSAND)

    def show(self, text: str) -> str:
        """The operator that shows a line."""
        return "<" + "".join(f"{glyph:04x}" for glyph in self._numbers(text)) + "> Tj"

    def wrapped(self, text: str, size: float, width: float) -> list[str]:
        """The lines of a text in a column; a word that is wider than it is broken."""
        lines: list[str] = []
        for paragraph in plain(text).split("\n"):
            line = ""
            for word in paragraph.split(" "):
                longer = f"{line} {word}" if line else word
                if not line or self.width(longer, size) <= width:
                    line = longer
                else:
                    lines.append(line)
                    line = word
                while self.width(line, size) > width and len(line) > 1:
                    fits = self._fitting(line, size, width)
                    lines.append(line[:fits])
                    line = line[fits:]
            lines.append(line)
        return lines

    def _fitting(self, line: str, size: float, width: float) -> int:
        return max(1, next(n for n in range(len(line), 0, -1) if n == 1 or self.width(line[:n], size) <= width))

    def _numbers(self, text: str) -> list[int]:
        unknown = self._glyphs[ord(_UNKNOWN)]
        return [self._glyphs.get(ord(sign), unknown) for sign in plain(text) if sign != "\n"]

    def _composite(self, pdf: pikepdf.Pdf, cut: TTFont, data: bytes) -> Dictionary:
        head, name = cut["head"], Name(f"/{_tag(data)}+{cut['name'].getDebugName(6) or 'Times'}".replace(" ", ""))
        scale = _THOUSAND / self._unit
        file = Stream(pdf, data)
        file.Length1 = len(data)
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=4,  # symbolic: the glyphs are named by number
            FontBBox=Array([round(each * scale) for each in (head.xMin, head.yMin, head.xMax, head.yMax)]),
            ItalicAngle=0,
            Ascent=round(cut["hhea"].ascent * scale),
            Descent=round(cut["hhea"].descent * scale),
            CapHeight=round(0.66 * _THOUSAND),
            StemV=80,
            FontFile2=pdf.make_indirect(file),
        )
        inner = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            CIDToGIDMap=Name.Identity,
            W=Array([0, Array([round(self._widths[number]) for number in sorted(self._widths)])]),
        )
        return Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(inner)]),
            ToUnicode=pdf.make_indirect(Stream(pdf, self._to_unicode())),
        )

    def _to_unicode(self) -> bytes:
        pairs = sorted({glyph: code for code, glyph in sorted(self._glyphs.items(), reverse=True)}.items())
        parts = [pairs[start : start + _PAIRS] for start in range(0, len(pairs), _PAIRS)]
        tables = "".join(
            f"{len(part)} beginbfchar\n"
            + "".join(f"<{glyph:04x}> <{chr(code).encode('utf-16-be').hex()}>\n" for glyph, code in part)
            + "endbfchar\n"
            for part in parts
        )
        return (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
            f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{tables}"
            "endcmap CMapName currentdict /CMap defineresource pop end end\n"
        ).encode()


def plain(text: str) -> str:
    """Text as it is set: composed letters, line ends of one kind, no other control signs."""
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return "".join(sign for sign in composed if sign == "\n" or sign.isprintable() or sign == "\u00a0")


def _tag(data: bytes) -> str:
    """Six capitals that tell one subset from another in the same file (ISO 32000-2 §9.9.2)."""
    return "".join(chr(ord("A") + byte % 26) for byte in hashlib.sha256(data).digest()[:6])
