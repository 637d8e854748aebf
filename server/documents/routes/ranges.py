"""The Range header: which bytes of a paper are asked for (RFC 9110 §14)."""

from __future__ import annotations

import re

from msgspec import Struct

_ONE = re.compile(r"bytes=\s*(\d*)-(\d*)\s*", re.IGNORECASE)


class Span(Struct, frozen=True):
    """Bytes from ``begin`` to before ``end``."""

    begin: int
    end: int


class Unsatisfiable(Exception):  # noqa: N818 - an answer of the protocol
    """The range lies behind the end: status 416."""


def span_of(header: str | None, size: int) -> Span | None:
    """The one range asked for, cut at the end of the file; None where the whole file is the answer.

    Several ranges at once, other units and what cannot be read are answered by the whole file, as the standard
    allows. Raises :class:`Unsatisfiable`.
    """
    found = _ONE.fullmatch(header.strip()) if header else None
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = int(found[2])
        if length == 0 or size == 0:
            raise Unsatisfiable
        return Span(max(0, size - length), size)
    begin, last = int(found[1]), int(found[2]) if found[2] else size - 1
    if found[2] and last < begin:
        return None
    if begin >= size:
        raise Unsatisfiable
    return Span(begin, min(last + 1, size))


def holds(if_range: str | None, etag: str) -> bool:
    """Whether a range may be answered: there is no ``If-Range``, or it names these very bytes (a date never does)."""
    return if_range is None or if_range.strip() == etag


def known(if_none_match: str | None, etag: str) -> bool:
    """Whether the asker has these bytes already."""
    if if_none_match is None:
        return False
    named = [part.strip().removeprefix("W/") for part in if_none_match.split(",")]
    return etag in named or "*" in named
