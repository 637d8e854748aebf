"""The words of all pages of a PDF, read in a child that may be killed."""

from __future__ import annotations

import unicodedata

import msgspec
import pypdfium2

# Far above what a page of print holds (about 4,000): a page that claims more is no page to read.
PAGE_CHARACTERS = 100_000
FILE_CHARACTERS = 16_000_000
# PDFium's sign for a hyphen that only ends a line.
_LINE_HYPHEN = "\ufffe"


def read_words(path: str) -> bytes:
    """The text of each page as a JSON list of strings: NFC, lines ended by one sign, no control characters."""
    document = pypdfium2.PdfDocument(path)
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
    """The text of a page as it is kept, at most so many characters of it."""
    held = page.get_textpage()
    try:
        count = min(held.count_chars(), most)
        raw = held.get_text_range(0, count) if count > 0 else ""
    finally:
        held.close()
    joined = raw.replace("\r\n", "\n").replace("\r", "\n").replace(f"{_LINE_HYPHEN}\n", "").replace(_LINE_HYPHEN, "")
    kept = "".join(sign for sign in joined if sign.isprintable() or sign.isspace())
    return unicodedata.normalize("NFC", kept)[:most]
