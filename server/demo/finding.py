"""Finding words on the demo's papers. Runs in a child, so that it loads nothing of the server."""

from __future__ import annotations

import pypdfium2


def find_words(pdf: bytes, places: list[tuple[int, str]]) -> list[tuple[float, float, float, float]]:
    """Where words stand on pages, as left, bottom, right, top of their first line.

    Raises LookupError for words that are not on their page.
    """
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for number, words in places:
        text = document[number - 1].get_textpage()
        match = text.search(words).get_next()
        if match is None:
            raise LookupError(words)
        text.count_rects(*match)
        found.append(tuple(text.get_rect(0)))
    return found
