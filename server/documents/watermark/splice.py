"""Putting a recipient's marks into the bytes of a prepared copy: two places of fixed length, nothing else changes."""

from __future__ import annotations

from msgspec import Struct

from server.documents.models import Places
from server.documents.watermark.line import BYTES, line
from server.documents.watermark.pattern import TILE_BYTES, tile

# The seen line is hexadecimal twice over: digits in a content stream that is itself written in digits.
LINE_BYTES = BYTES * 2
MASK_BYTES = TILE_BYTES * 2


class Patch(Struct, frozen=True):
    """Bytes that stand at ``begin`` in one recipient's copy."""

    begin: int
    data: bytes


def patches(places: Places, number: int, name: str, at: str) -> tuple[Patch, ...]:
    """What makes a prepared copy the copy of one recipient."""
    own = (Patch(places.line, line(name, at).hex().encode()), Patch(places.mask, tile(number).hex().encode()))
    return tuple(sorted(own, key=lambda each: each.begin))


def spliced(data: bytes, begin: int, marks: tuple[Patch, ...]) -> bytes:
    """``data``, which begins at byte ``begin`` of the prepared copy, as the recipient gets it; ``marks`` in order."""
    end = begin + len(data)
    touching = [each for each in marks if each.begin < end and begin < each.begin + len(each.data)]
    if not touching:
        return data
    whole, parts, done = memoryview(data), list[bytes | memoryview](), begin
    for each in touching:
        first, last = max(begin, each.begin), min(end, each.begin + len(each.data))
        parts += whole[done - begin : first - begin], each.data[first - each.begin : last - each.begin]
        done = last
    return b"".join([*parts, whole[done - begin :]])
