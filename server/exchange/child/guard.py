"""The first look at a package: plain UTF-8 XML within bounds, no DTD, before anything builds a tree of it."""

from __future__ import annotations

from typing import IO
from xml.parsers import expat

from server.core.errors import DomainError
from server.exchange import rules

_PIECE = 256 * 1024
_BIG_TEXT = "ContentTransferEncoded"


def require_harmless(file: IO[bytes], size: int) -> None:
    """Refuse what could hurt the parser behind, reading the file once from its beginning.

    Raises DomainError ``documents.empty``, ``documents.too_large``, ``documents.bomb`` (too many elements, too
    deep, too long a text), ``exchange.dtd``, ``exchange.not_edxml`` (not well-formed, or not UTF-8).
    """
    if not size:
        raise DomainError("documents.empty")
    if size > rules.MAX_PACKAGE_BYTES:
        raise DomainError("documents.too_large", limit_mib=rules.MAX_PACKAGE_BYTES // 1024 // 1024)
    _Look().over(file)


class _Look:
    """Counts while the parser goes through; what it raises leaves the parser as it is."""

    def __init__(self) -> None:
        # Told the encoding, the parser takes no other, whatever the file declares.
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartDoctypeDeclHandler = _refuse_dtd
        self._parser.EntityDeclHandler = _refuse_dtd
        self._parser.ProcessingInstructionHandler = self._instruction
        self._parser.XmlDeclHandler = _declared
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._open: list[str] = []
        self._elements = self._length = 0

    def over(self, file: IO[bytes]) -> None:
        try:
            while piece := file.read(_PIECE):
                self._parser.Parse(piece, False)  # noqa: FBT003 - the parser's signature
            self._parser.Parse(b"", True)  # noqa: FBT003 - the same
        except expat.ExpatError as why:
            raise DomainError("exchange.not_edxml") from why

    def _begin(self, name: str, given: dict[str, str]) -> None:
        self._elements, self._length = self._elements + 1, 0
        self._open.append(name.rpartition(":")[2])
        if self._elements > rules.MAX_ELEMENTS or len(self._open) > rules.MAX_DEPTH:
            raise DomainError("documents.bomb")
        if sum(map(len, given.values())) > rules.MAX_TEXT:
            raise DomainError("documents.bomb")

    def _end(self, _name: str) -> None:
        self._open.pop()
        self._length = 0

    def _instruction(self, _target: str, _data: str) -> None:
        # In the middle of a text it would cut it in two for whoever reads the first part.
        if self._open:
            raise DomainError("exchange.not_edxml")

    def _text(self, text: str) -> None:
        self._length += len(text)
        if self._length > rules.MAX_TEXT and self._open[-1] != _BIG_TEXT:
            raise DomainError("documents.bomb")


def _refuse_dtd(*_: object) -> None:
    raise DomainError("exchange.dtd")


def _declared(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding and encoding.lower() not in {"utf-8", "utf8", "us-ascii"}:
        raise DomainError("exchange.not_edxml")
