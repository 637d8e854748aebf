"""The words of all pages of a PDF, read in a child that may be killed."""

from __future__ import annotations

import unicodedata

import msgspec
import pypdfium2

from server.documents.intake.opening import opened

# Far above what a page of print holds (about 4,000): a page that claims more is no page to read.
PAGE_CHARACTERS = 100_000
FILE_CHARACTERS = 16_000_000
# PDFium's sign for a hyphen that only ends a line.
_LINE_HYPHEN = "\ufffe"
# Spaces in heights of letters: from here on one parts cells; and what tells a row from a justified line, one such space
# or two such.
_CELL_GAP = 0.45
_ROW_GAP = 1.2
_CELLS_GAP = 0.8


def read_words(path: str) -> bytes:
    """The text of each page as a JSON list of strings: NFC, lines ended by one sign, no control characters."""
    document = opened(path)
    try:
        pages: list[str] = []
        left = FILE_CHARACTERS
        for number in range(len(document)):
            page = document[number]
            pages.append(page_text(page, min(left, PAGE_CHARACTERS)))
            page.close()
            left -= len(pages[-1])
        return msgspec.json.encode(pages)
    finally:
        document.close()


def page_text(page: pypdfium2.PdfPage, most: int) -> str:
    """The text of a page as it is kept, at most so many characters of it; cells of a table's row parted by tabs."""
    held = page.get_textpage()
    try:
        count = min(held.count_chars(), most)
        raw = _celled(held, held.get_text_range(0, count)) if count > 0 else ""
    finally:
        held.close()
    joined = raw.replace("\r\n", "\n").replace("\r", "\n").replace(f"{_LINE_HYPHEN}\n", "").replace(_LINE_HYPHEN, "")
    kept = "".join(sign for sign in joined if sign.isprintable() or sign.isspace())
    return unicodedata.normalize("NFC", kept)[:most]


def _celled(held: pypdfium2.PdfTextPage, raw: str) -> str:
    """The same with a tab for each space that is wide, in lines that no justifying makes so wide."""
    if len(raw) != held.count_chars():  # signs of two units, or a page cut short: places would be others'
        return raw
    signs = list(raw)
    start = 0
    for end in [*(at for at, sign in enumerate(raw) if sign == "\n"), len(raw)]:
        wide = {at: gap for at in range(start + 1, end - 1) if raw[at] == " " and (gap := _gap(held, at)) > _CELL_GAP}
        if max(wide.values(), default=0.0) >= _ROW_GAP or sum(gap >= _CELLS_GAP for gap in wide.values()) > 1:
            for at in wide:
                signs[at] = "\t"
        start = end + 1
    return "".join(signs)


def _gap(held: pypdfium2.PdfTextPage, at: int) -> float:
    """How wide the space at ``at`` is, in heights of its letters; 0 where what it parts is not on one line."""
    left, right = held.get_charbox(at - 1, loose=True), held.get_charbox(at + 1, loose=True)
    height: float = left[3] - left[1]
    if height <= 0 or abs(left[1] - right[1]) > height:
        return 0.0
    return float(right[0] - left[2]) / height
