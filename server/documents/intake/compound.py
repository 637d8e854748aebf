"""Compound files ([MS-CFB]: .doc, .xls, .ppt, and the envelope of locked newer ones), read no further than needed."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from server.documents.intake.refusal import Refused
from server.documents.intake.stamps import mark_in
from server.documents.models import Findings

_HEADER = struct.Struct("<8s16xHHHH12xII4xIIIII109I")
_BYTE_ORDER = 0xFFFE
_LAST = 0xFFFFFFFA  # from here on a number is a mark, not a sector
_ENTRY_BYTES = 128
_ENTRIES = 20_000
_STREAM, _STORAGE, _ROOT = 2, 1, 5
_TEXT_BYTES = 1024 * 1024
_MAIN = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt"}
_LOCKED = {"EncryptedPackage", "EncryptionInfo", "EncryptedSummary"}
_MACROS = {"_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA", "Macros"}
_WORD_ENCRYPTED = 0x0100  # FibBase, bits after nFib ([MS-DOC] 2.5.2)
_SHEET_FILEPASS = 0x002F
_SHEET_RECORDS = 64


def judge_compound(path: str) -> Findings:
    """Judge a compound file. Raises Refused with ``corrupt``, ``password``, ``macro`` or ``type``."""
    compound = _Compound(Path(path).read_bytes())
    names = {name for name, _start, _size in compound.entries}
    if names & _LOCKED:
        raise Refused("password")
    if names & _MACROS:
        raise Refused("macro")
    main = next((name for name in _MAIN if name in names), None)
    if main is None:
        raise Refused("type")
    text = compound.read(main, _TEXT_BYTES)
    if _is_locked(_MAIN[main], text):
        raise Refused("password")
    return Findings(kind=_MAIN[main], secret_mark=mark_in(_texts(text)))


class _Compound:
    """The directory of a compound file and its larger streams."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            fields = _HEADER.unpack_from(data)
        except struct.error as error:
            raise Refused("corrupt") from error
        _magic, _minor, _major, order, shift, _fats, directory, _cutoff, _mini, _minis, extra, _extras, *first = fields
        if order != _BYTE_ORDER or shift not in {9, 12}:
            raise Refused("corrupt")
        self._sector_bytes = 1 << shift
        self._fat = self._table([number for number in first if number < _LAST], extra)
        self.entries = list(self._directory(directory))

    def read(self, name: str, limit: int) -> bytes:
        """The first ``limit`` bytes of a stream; nothing of one that is so small that it lies among others."""
        for each, start, size in self.entries:
            if each == name:
                return self._chain(start, min(size, limit))[: min(size, limit)]
        return b""

    def _table(self, sectors: list[int], extra: int) -> list[int]:
        """The sector that follows each sector; more lists of its places are chained from ``extra`` on."""
        per = self._sector_bytes // 4
        seen: set[int] = set()
        while extra < _LAST:
            if extra in seen:
                raise Refused("corrupt")
            seen.add(extra)
            *more, extra = struct.unpack(f"<{per}I", self._sector(extra))
            sectors.extend(number for number in more if number < _LAST)
        if len(sectors) * self._sector_bytes > len(self._data):
            raise Refused("corrupt")
        return [number for sector in sectors for number in struct.unpack(f"<{per}I", self._sector(sector))]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._sector_bytes
        return self._data[start : start + self._sector_bytes].ljust(self._sector_bytes, b"\0")

    def _chain(self, start: int, limit: int) -> bytes:
        parts: list[bytes] = []
        while start < _LAST and len(parts) * self._sector_bytes < limit:
            if start >= len(self._fat):
                raise Refused("corrupt")
            parts.append(self._sector(start))
            start = self._fat[start]
        return b"".join(parts)

    def _directory(self, start: int) -> Iterator[tuple[str, int, int]]:
        listed = self._chain(start, _ENTRIES * _ENTRY_BYTES)
        for at in range(0, len(listed) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            entry = listed[at : at + _ENTRY_BYTES]
            length = int.from_bytes(entry[64:66], "little")
            if entry[66] in {_STREAM, _STORAGE, _ROOT} and 2 <= length <= 64:  # noqa: PLR2004 - a name of 31 letters
                first, size = struct.unpack_from("<II", entry, 116)
                yield entry[: length - 2].decode("utf-16-le", "replace"), first, size


def _is_locked(kind: str, text: bytes) -> bool:
    if kind == "doc":
        return bool(int.from_bytes(text[10:12], "little") & _WORD_ENCRYPTED)
    at = 0
    for _ in range(_SHEET_RECORDS if kind == "xls" else 0):
        if at + 4 > len(text):
            break
        record, length = struct.unpack_from("<HH", text, at)
        if record == _SHEET_FILEPASS:
            return True
        at += 4 + length
    return False


def _texts(data: bytes) -> Iterator[str]:
    """What the bytes may say: these formats keep words as pairs of bytes from even or odd places."""
    for start in (0, 1):
        whole = data[start : start + (len(data) - start) // 2 * 2].decode("utf-16-le", "replace")
        yield "".join(sign if sign.isprintable() else "\n" for sign in whole)
