"""The words of an office paper's XML, paragraph by paragraph, read without ever following anything outside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, NoReturn
from xml.parsers import expat

from server.documents.intake.refusal import Refused

# About three full pages; no part is read further than its bytes.
PARAGRAPHS = 600
PART_BYTES = 32 * 1024 * 1024
_PIECE = 256 * 1024
_PARAGRAPHS = {"p", "h", "si", "is"}
_EDGES = {f"{which}{place}" for which in ("odd", "even", "first") for place in ("Header", "Footer")}
_BREAKS = {"br", "cr", "tab", "line-break"}
# Codes in the header of a sheet: "&C" centre, "&14" size, '&"Times,Bold"' font.
_CODES = re.compile(r'&(?:"[^"]*"|\d+|[A-Za-z&])')


class _BegunError(Exception):
    """The first element stands."""


def has_begun(head: bytes) -> bool:
    """Whether ``head`` holds what is before the first element, whole. Raises Refused ``dtd``, or ExpatError."""
    parser = _parser()
    parser.StartElementHandler = _begin
    try:
        parser.Parse(head, False)  # noqa: FBT003 - expat takes no names
    except _BegunError:
        return True
    return False


def paragraphs(file: IO[bytes]) -> Iterator[str]:
    """The first paragraphs, cells and page edges of a part. Raises Refused ``corrupt`` or ``dtd``."""
    reader = _Reader()
    left = PART_BYTES
    while left > 0 and reader.count < PARAGRAPHS and (piece := file.read(min(left, _PIECE))):
        left -= len(piece)
        reader.feed(piece)
        yield from reader.taken()


class _Reader:
    """Collects what stands in paragraphs; one may lie in another (a text box in a line)."""

    def __init__(self) -> None:
        self.count = 0
        self._open: list[list[str]] = []
        self._done: list[str] = []
        self._parser = _parser()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._words

    def feed(self, piece: bytes) -> None:
        try:
            self._parser.Parse(piece, False)  # noqa: FBT003 - expat takes no names
        except expat.ExpatError as error:
            raise Refused("corrupt") from error

    def taken(self) -> list[str]:
        done, self._done = self._done, []
        self.count += len(done)
        return done

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        kind = name.rpartition(" ")[2]
        if kind in _PARAGRAPHS or kind in _EDGES:
            self._open.append([])
        elif kind in _BREAKS and self._open:
            self._open[-1].append("\n")

    def _end(self, name: str) -> None:
        kind = name.rpartition(" ")[2]
        if self._open and (kind in _PARAGRAPHS or kind in _EDGES):
            text = "".join(self._open.pop())
            if text.strip():
                self._done.append(_CODES.sub("\n", text) if kind in _EDGES else text)

    def _words(self, text: str) -> None:
        if self._open:
            self._open[-1].append(text)


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def _refuse(*_declaration: object) -> NoReturn:
    raise Refused("dtd")


def _begin(*_element: object) -> NoReturn:
    raise _BegunError
