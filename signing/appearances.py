"""Where Decree 30/2020, Annex I wants what is seen of a signature: the seal over the official's, annexes, copies."""

from datetime import datetime, timedelta, timezone
from functools import lru_cache
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Literal
from unicodedata import normalize

import pypdfium2 as pdfium
from fontTools.ttLib import TTFont
from PIL import ImageChops

from signing.errors import SigningError
from signing.field import Box
from signing.files import Source
from signing.ink import read_image
from signing.places import field_place
from signing.stamp import LEADING, Stamp, font_for

MM = 72 / 25.4
"""Points of a millimetre."""
SEAL_MM = 36.0
"""Diameter of a round agency seal; the decree wants the real size, so a body with another seal says so."""
COVERED = 1 / 3
"""How much of the official's signature the seal covers, from its left (Annex I, Part I, II.8a)."""
TEXT_SIZE = 10.0
"""Points, of the words on annexes and copies (Annex I, Part I, II.8b and III.1d; Part II, I.3)."""

CopyKind = Literal["SAO Y", "SAO LỤC", "TRÍCH SAO"]
"""A whole paper, a copy of a copy, a part of a paper."""

_VIETNAM = timezone(timedelta(hours=7))
_EDGE = 6 * MM  # of the page, which printers leave white
_RIGHT = 18 * MM  # where the text of the page ends
_WIDEST = 88 * MM  # the page number in the middle of the upper margin stays free
_SCALE = 3.0  # pixels of a point when a signature is looked at
_SLACK = 1.5  # points by which a seal may be larger than its field
_FAINT = 24  # of 255: less difference than this is no ink


def signing_time(at: datetime) -> str:
    """The time of signing as annexes and copies show it: "15/11/2026 14:30:05 +07:00"."""
    return f"{at.astimezone(_VIETNAM):%d/%m/%Y %H:%M:%S} +07:00"


def seal_box(signature: Box, size_mm: float = SEAL_MM, *, ratio: float = 1.0) -> Box:
    """Where a seal lies that covers the left third of what is drawn in `signature`; points, the page's own.

    `size_mm` is the seal's width, `ratio` its height by its width. Seal and signature have one middle line.
    """
    width = size_mm * MM
    right = signature[0] + (signature[2] - signature[0]) * COVERED
    middle, half = (signature[1] + signature[3]) / 2, width * ratio / 2
    return right - width, middle - half, right, middle + half


def seal_room(signature: Box, size_mm: float = SEAL_MM) -> Box:
    """The field of the seal, made before anybody signs: room for it wherever in `signature` the ink will be."""
    left, low, _, high = seal_box(signature, size_mm)
    return left, low, signature[2], high


def ink_box(pdf: Source, field: str) -> tuple[int, Box]:
    """Page (index from 0) of a signed field, and the box of what is really drawn in it.

    Looked at, not computed: who signed with another program drew otherwise. A field in which nothing is seen gives
    its own box.

    Raises:
        SigningError: field_missing, field_without_box.
    """
    page, box = field_place(pdf, field)
    with pdfium.PdfDocument(pdf if isinstance(pdf, bytes) else Path(pdf)) as document:
        document.init_forms()
        sheet = document[page]
        left, low, right, high = sheet.get_cropbox()
        crop = (box[0] - left, box[1] - low, right - box[2], high - box[3])
        drawn, bare = (
            sheet.render(scale=_SCALE, crop=crop, may_draw_forms=forms).to_pil().convert("RGB")
            for forms in (True, False)
        )
    ink = ImageChops.difference(drawn, bare).convert("L").point(lambda grey: 255 * (grey >= _FAINT)).getbbox()
    if ink is None:
        return page, box
    across, up = (box[2] - box[0]) / drawn.width, (box[3] - box[1]) / drawn.height
    return page, (box[0] + ink[0] * across, box[3] - ink[3] * up, box[0] + ink[2] * across, box[3] - ink[1] * up)


def seal_stamp(
    pdf: Source, image: bytes, *, over: str = "ChuKy", field: str = "ConDau", size_mm: float = SEAL_MM
) -> Stamp:
    """The agency's seal at its real size, over a third of the official's signature as that is drawn in `pdf`.

    Args:
        pdf: the paper that the official has signed.
        image: PNG with a transparent background, cut at the edge of the seal.
        over: the official's signature field.
        field: the seal's; if it is there, the seal stays inside its box, else it is made around the seal.
        size_mm: width of the seal.

    Raises:
        SigningError: field_missing, field_without_box (of `over`), image_invalid, image_too_large, seal_too_large
            (the field was made for a smaller one).
    """
    picture = read_image(image)
    page, ink = ink_box(pdf, over)
    wanted = seal_box(ink, size_mm, ratio=picture.height / picture.width)
    try:
        own_page, room = field_place(pdf, field)
    except SigningError:
        return Stamp(box=wanted, page=page, image=image)
    if wanted[2] - wanted[0] > room[2] - room[0] + _SLACK or wanted[3] - wanted[1] > room[3] - room[1] + _SLACK:
        raise SigningError("seal_too_large", width=round(size_mm), room=round((room[3] - room[1]) / MM))
    return Stamp(box=room, page=own_page, image=image, image_at=_inside(wanted, room) if own_page == page else None)


def annex_stamp(page: Box, symbol: str, at: datetime, *, font: str) -> Stamp:
    """The words of the agency's signature on an annex that is a file of its own: top right of page 1, no image.

    Args:
        page: box of the first page, see `signing.places.page_box`.
        symbol: number and symbol of the paper it belongs to, "15/QĐ-UBND".
        at: time of signing, aware; give the same to `sign`.
        font: path to an upright Times-metric TrueType file.

    Raises:
        SigningError: font_missing, font_invalid, glyph_missing.
    """
    return _words(page, (symbol, signing_time(at)), font)


def copy_stamp(page: Box, kind: CopyKind, agency: str, at: datetime, *, font: str) -> Stamp:
    """The words of the agency's signature on an electronic copy, top right of page 1, no image.

    `agency` is the body that copies; its name wraps. The rest as in `annex_stamp`.
    """
    return _words(page, (kind, agency, signing_time(at)), font)


def _words(page: Box, paragraphs: tuple[str, ...], font: str) -> Stamp:
    """Lines at exactly `TEXT_SIZE`, set against the right edge of the text; the box is what they take."""
    lines = tuple(line for text in paragraphs for line in _wrapped(normalize("NFC", text), font))
    # Whole points, rounded up: a field is drawn in whole points, and what does not fit would be drawn smaller.
    width = ceil(max(_width(line, font) for line in lines) + 0.5)
    height = ceil(len(lines) * LEADING * TEXT_SIZE)
    right, top = page[2] - _RIGHT, page[3] - _EDGE
    return Stamp(
        box=(right - width, top - height, right, top), page=0, lines=lines, align="right", font=font,
        font_size=TEXT_SIZE,
    )  # fmt: skip


def _wrapped(text: str, font: str) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _width(longer, font) > _WIDEST:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _width(text: str, font: str) -> float:
    widths = _advances(font_for(font, text))
    return sum(widths[sign] for sign in text) * TEXT_SIZE / 1000


@lru_cache(maxsize=4)
def _advances(font: bytes) -> dict[str, int]:
    """Letter → width in thousandths of the size; `font_for` scales every font to that."""
    with TTFont(BytesIO(font)) as read:
        return {chr(code): read["hmtx"][glyph][0] for code, glyph in read.getBestCmap().items()}


def _inside(box: Box, room: Box) -> Box:
    """The box moved, not scaled, until it lies in `room` as far as it fits."""
    across = max(0.0, room[0] - box[0]) - max(0.0, box[2] - room[2])
    up = max(0.0, room[1] - box[1]) - max(0.0, box[3] - room[3])
    return box[0] + across, box[1] + up, box[2] + across, box[3] + up
