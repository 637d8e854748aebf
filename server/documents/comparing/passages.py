"""Finding a passage again in another version: by its words, and by the words around it where it stands twice."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from msgspec import Struct

from server.documents.comparing.faces import folded

# A shorter passage stands in every paper by chance.
SHORTEST = 3


class Passage(Struct, frozen=True, kw_only=True):
    """Words of a page with those around them; ``page``: where they are likely now (None: anywhere)."""

    quote: str
    prefix: str = ""
    suffix: str = ""
    page: int | None = None


class Spot(Struct, frozen=True):
    """The ``nth`` place (from 0) of ``folded`` words on a page (from 1)."""

    page: int
    folded: str
    nth: int


def locate(pages: Sequence[str], passage: Passage) -> Spot | None:
    """Where a passage stands in folded ``pages``: on its likely page if it is unique there, else anywhere if unique.

    Where it stands more than once, the words before and after it decide; None where they do not.
    """
    quote = folded(passage.quote)
    if len(quote) < SHORTEST:
        return None
    likely = passage.page
    if likely is not None and 1 <= likely <= len(pages):
        here = _hits(pages[likely - 1], quote, likely)
        if here:
            return _only(pages, here, passage)
    return _only(pages, [hit for at, text in enumerate(pages, 1) for hit in _hits(text, quote, at)], passage)


def places(text: str, quote: str) -> Iterator[int]:
    """Where ``quote`` begins in ``text``, overlapping places too."""
    at = text.find(quote)
    while at >= 0:
        yield at
        at = text.find(quote, at + 1)


def mapped(characters: Sequence[str]) -> tuple[str, list[int]]:
    """A page's characters folded, and for each folded one the index of the character that it comes from."""
    text: list[str] = []
    origin: list[int] = []
    at = 0
    while at < len(characters):
        end = at + 1
        while end < len(characters) and unicodedata.combining(characters[end]):
            end += 1  # a letter and its marks are decomposed together, or their order would differ
        shown = "".join(sign for sign in characters[at:end] if sign.isprintable() or sign.isspace())
        kept = folded(shown)
        text.append(kept)
        origin += [at] * len(kept)
        at = end
    return "".join(text), origin


def _hits(text: str, quote: str, page: int) -> list[tuple[Spot, int]]:
    return [(Spot(page, quote, nth), at) for nth, at in enumerate(places(text, quote))]


def _only(pages: Sequence[str], hits: list[tuple[Spot, int]], passage: Passage) -> Spot | None:
    """The one hit there is, or the one whose surroundings fit."""
    if len(hits) == 1:
        return hits[0][0]
    prefix, suffix = folded(passage.prefix), folded(passage.suffix)
    after = [hit for hit in hits if suffix and pages[hit[0].page - 1].startswith(suffix, hit[1] + len(hit[0].folded))]
    before = [hit for hit in hits if prefix and pages[hit[0].page - 1].endswith(prefix, 0, hit[1])]
    both = [hit for hit in before if hit in after]
    fitting = next((some for some in (both, before, after) if some), [])
    return fitting[0][0] if len(fitting) == 1 else None
