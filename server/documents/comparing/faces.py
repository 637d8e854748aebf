"""What a page looks like and says, and when two pages are the same to a reader.

Bytes say nothing of that: every program that saves a PDF orders and names its parts anew. So a page is known by its
words without their spaces, and by the grey of small squares of it as drawn. Equal words and squares that differ by no
more than rounding make the same page: a changed digit of text changes the words, a changed digit of a picture or a
second scan of the same sheet moves some square by far more.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from operator import sub

from msgspec import Struct

# Of 255: what drawing the same page twice by two programs' numbers may differ by; a stroke of a digit is above 10.
NOISE = 3
# Points; programs round a page's size.
_SIZE = 1.5
_PIECE = 256
# Pages without words are told apart by place alone.
WORDLESS = 0.35
# Spaces and the hyphens at line ends come out differently of different programs.
_DROPPED = re.compile(r"[\s\u00ad\u200b\u2010\u2011\ufffe-]+")


class Face(Struct, frozen=True):
    """One page: its words as they were read, its size in points as displayed, its squares' grey (b"" if unknown)."""

    text: str
    width: float
    height: float
    cells: bytes


def folded(text: str) -> str:
    """Text as it is compared: decomposed (NFD), without spaces and hyphens."""
    return _DROPPED.sub("", unicodedata.normalize("NFD", text))


def alike(one: Face, other: Face) -> bool:
    """Whether a reader would take the two for the same page; the words are known to be equal."""
    if abs(one.width - other.width) > _SIZE or abs(one.height - other.height) > _SIZE:
        return False
    a, b = one.cells, other.cells
    if len(a) != len(b):
        return False
    if not a:  # nobody could draw it: only words can tell
        return bool(one.text.strip())
    for start in range(0, len(a), _PIECE):
        here, there = a[start : start + _PIECE], b[start : start + _PIECE]
        if here != there and max(map(abs, map(sub, here, there))) > NOISE:
            return False
    return True


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of two pages' words is the same, 0 to 1; ``WORDLESS`` where one has none."""
    if not one or not other:
        return WORDLESS
    return 2 * len(one & other) / (len(one) + len(other))


def words_of(face: Face) -> frozenset[str]:
    """The pairs of words that follow each other, and the words themselves."""
    words = face.text.casefold().split()
    return frozenset(words) | frozenset(f"{first} {second}" for first, second in pairwise(words))
