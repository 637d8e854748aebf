"""Preparing a paper for marks, in a child: each page draws one shared form, whose bytes stay open to be patched.

The pages' own drawing is kept as it is. What differs between recipients is a line of text and a mask of one bit a
cell, each a stream in hexadecimal digits, which no writer of PDFs packs again and every reader understands.
"""

from __future__ import annotations

import math
import re
import secrets
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from server.core.printing.fonts import times_font
from server.documents.intake import pages as page_table
from server.documents.models import Box, Places
from server.documents.watermark import face
from server.documents.watermark.pattern import SIDE
from server.documents.watermark.splice import LINE_BYTES, MASK_BYTES

CELL_POINTS = 4.0
TILE_POINTS = SIDE * CELL_POINTS
# Light enough to read a paper through, in print and by night; found again in JPEG (tests/documents/test_watermark.py).
# The line is a grey that shows on white and on dark; a cell darkens white paper by 4 of 255 and ink not at all.
SEEN, SEEN_GREY, UNSEEN_GREY = 0.2, 0.42, 0.986
# Not a part of the paper's text: readers that search, select or read aloud leave it out (ISO 32000-2 §14.8.2.2).
_ARTIFACT = "/Artifact << /Type /Pagination /Subtype /Watermark >>"
# The angle is nobody else's: by it the apps know the line, and leave it out where text is selected or searched.
_SIZE, _ANGLE = 13.0, math.radians(31.7)
_ACROSS, _UP = 330.0, 150.0
# The page whose marks are this large; on other pages they grow and shrink with the shorter side.
_SHORT_SIDE = 595.0
_OPENS = re.compile(rb"(?<![^\s\[\]<>(){}/%])q(?![^\s\[\]<>(){}/%])")
_CLOSES = re.compile(rb"(?<![^\s\[\]<>(){}/%])Q(?![^\s\[\]<>(){}/%])")


def prepare(source: str, target: str) -> Places | None:
    """Write the prepared copy of ``source``, which is not signed, to ``target``; None where that cannot be done."""
    try:
        return _prepare(source, target)
    except (pikepdf.PikepdfError, RuntimeError, ValueError, TypeError, LookupError, AttributeError):
        return None


def _prepare(source: str, target: str) -> Places | None:
    with pikepdf.open(source, suppress_warnings=True) as pdf:
        sheets = _Sheets(pdf)
        _sizes, boxes = page_table.table(pdf, math.inf)
        for page, box in zip(pdf.pages, boxes, strict=True):
            sheets.draw(page, box)
        # A filter with parameters that it does not have is one that the writer leaves alone, and readers heed as it
        # is: so the marks keep their open digits while all else is packed.
        pdf.save(
            target, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True,
            stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=True,
        )  # fmt: skip
    data = Path(target).read_bytes()
    if data.count(sheets.line) != 1 or data.count(sheets.mask) != 1:
        return None
    return Places(data.index(sheets.line), data.index(sheets.mask))


class _Sheets:
    """The forms of one file: one for each size of page, all drawing the same line and the same mask."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self.line = secrets.token_hex(LINE_BYTES // 4).encode().hex().encode()
        self.mask = secrets.token_hex(MASK_BYTES // 2).encode()
        self._resources = pdf.make_indirect(self._drawn_with())
        self._forms: dict[tuple[float, float], tuple[Name, Any]] = {}
        self._before = pdf.make_indirect(Stream(pdf, b"q\n"))
        self._after: dict[tuple[Name, str], Any] = {}

    def draw(self, page: pikepdf.Page, box: Box) -> None:
        """Draw the marks of a page over what it shows."""
        x0, y0, x1, y1, rotate = box
        width, height = (y1 - y0, x1 - x0) if rotate % 180 else (x1 - x0, y1 - y0)
        name, form = self._form(width, height)
        contents = page.obj.get("/Contents")
        parts = [] if contents is None else list(contents) if isinstance(contents, Array) else [contents]
        resources = _own_resources(page.obj)
        if not _balanced(parts):
            resources, parts = self._enclosed(parts, resources, Array([x0, y0, x1, y1]))
        resources.XObject[name] = form
        page.obj.Resources = resources
        page.obj.Contents = Array([self._before, *parts, self._shown(name, _placed(x0, y0, x1, y1, rotate))])

    def _enclosed(self, parts: list[Any], resources: Dictionary, box: Array) -> tuple[Dictionary, list[Any]]:
        """What leaves its state open is drawn as a form, so that it cannot turn or hide what follows."""
        form = Stream(self._pdf, b"\n".join(part.read_bytes() for part in parts))
        form.Type, form.Subtype, form.BBox, form.Resources = Name.XObject, Name.Form, box, resources
        drawn = self._pdf.make_indirect(Stream(self._pdf, b"/PhPage Do\n"))
        return Dictionary(XObject=Dictionary(PhPage=self._pdf.make_indirect(form))), [drawn]

    def _shown(self, name: Name, matrix: str) -> Any:  # noqa: ANN401 - an object of the file
        if (name, matrix) not in self._after:
            data = f"\nQ q {matrix} cm {_ARTIFACT} BDC {name} Do EMC Q\n".encode()
            self._after[name, matrix] = self._pdf.make_indirect(Stream(self._pdf, data))
        return self._after[name, matrix]

    def _form(self, width: float, height: float) -> tuple[Name, Any]:
        key = (round(width, 1), round(height, 1))
        if key not in self._forms:
            form = Stream(self._pdf, _drawing(*key))
            form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, *key])
            form.Resources = self._resources
            self._forms[key] = (Name(f"/PhMark{len(self._forms)}"), self._pdf.make_indirect(form))
        return self._forms[key]

    def _drawn_with(self) -> Dictionary:
        pdf = self._pdf
        line = Stream(pdf, b"")
        line.write(self._line_stream() + b">", filter=Name.ASCIIHexDecode, decode_parms=Dictionary())
        line.Type, line.Subtype = Name.XObject, Name.Form
        line.BBox = Array([0, -_SIZE, 64 * _SIZE, 2 * _SIZE])
        font = pdf.make_indirect(face.embed(pdf, str(times_font().regular)))
        line.Resources = Dictionary(Font=Dictionary(PhF=font))
        mask = Stream(pdf, b"")
        mask.write(self.mask + b">", filter=Name.ASCIIHexDecode, decode_parms=Dictionary())
        mask.Type, mask.Subtype, mask.ImageMask, mask.BitsPerComponent = Name.XObject, Name.Image, True, 1
        mask.Width, mask.Height = SIDE, SIDE
        return Dictionary(
            XObject=Dictionary(PhLine=pdf.make_indirect(line), PhMask=pdf.make_indirect(mask)),
            ExtGState=Dictionary(PhSeen=_blended(SEEN, Name.Normal), PhUnseen=_blended(1, Name.Multiply)),
        )

    def _line_stream(self) -> bytes:
        head, tail = f"BT /PhF {_SIZE} Tf <".encode(), b"> Tj ET"
        return head.hex().encode() + self.line + tail.hex().encode()


def _drawing(width: float, height: float) -> bytes:
    """The content of a form: the line in slanting rows, and the square over all of the page."""
    scale = min(width, height) / _SHORT_SIDE
    cos, sin = math.cos(_ANGLE) * scale, math.sin(_ANGLE) * scale
    lines = [
        f"q {cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {x:.1f} {y:.1f} cm /PhLine Do Q"
        for row in range(math.ceil(height / (_UP * scale)) + 1)
        for x, y in _starts(row, width, scale)
    ]
    tiles = [
        f"q {TILE_POINTS:g} 0 0 {TILE_POINTS:g} {column * TILE_POINTS:g} {row * TILE_POINTS:g} cm /PhMask Do Q"
        for row in range(math.ceil(height / TILE_POINTS))
        for column in range(math.ceil(width / TILE_POINTS))
    ]
    return "\n".join([f"/PhSeen gs {SEEN_GREY} g", *lines, f"/PhUnseen gs {UNSEEN_GREY} g", *tiles]).encode()


def _starts(row: int, width: float, scale: float) -> list[tuple[float, float]]:
    """Where the lines of a row begin: every other row half a step to the side."""
    step = _ACROSS * scale
    first = step * (0.08 if row % 2 else -0.42)
    return [(first + step * at, _UP * scale * (row - 0.6)) for at in range(math.ceil(width / step) + 1)]


def _placed(x0: float, y0: float, x1: float, y1: float, rotate: int) -> str:
    """The matrix from a page as it is shown, its lower left corner at 0 0, to user space."""
    return {
        0: f"1 0 0 1 {x0:g} {y0:g}",
        90: f"0 1 -1 0 {x1:g} {y0:g}",
        180: f"-1 0 0 -1 {x1:g} {y1:g}",
        270: f"0 -1 1 0 {x0:g} {y1:g}",
    }[rotate]


def _own_resources(page: Any) -> Dictionary:  # noqa: ANN401 - a dictionary of the file
    """What a page draws with, as a dictionary that no other page shares, down to its forms."""
    held = page.get("/Resources")
    node = page
    while held is None and (node := node.get("/Parent")) is not None:
        held = node.get("/Resources")
    own = Dictionary(dict(held.items()) if isinstance(held, Dictionary) else {})
    forms = own.get("/XObject")
    own.XObject = Dictionary(dict(forms.items()) if isinstance(forms, Dictionary) else {})
    return own


def _balanced(parts: list[Any]) -> bool:
    """Whether a page's drawing closes what it opens; in doubt it does not, and is enclosed."""
    opened = closed = 0
    for part in parts:
        data = part.read_bytes()
        opened += len(_OPENS.findall(data))
        closed += len(_CLOSES.findall(data))
    return opened == closed


def _blended(alpha: float, mode: Name) -> Dictionary:
    return Dictionary(Type=Name.ExtGState, ca=alpha, CA=alpha, BM=mode, SMask=Name("/None"))
