"""What the codes of a font stand for, as its table to Unicode says (ISO 32000-2 §9.10.3)."""

from __future__ import annotations

import re
import unicodedata

from pikepdf import Stream

_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_PAIR = re.compile(rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]+)>\s*(?:<([0-9A-Fa-f\s]*)>|\[([^\]]*)\])")
_ONE = re.compile(rb"<([0-9A-Fa-f\s]*)>")
# Codes of two bytes.
_CODES = 65_536


def letters(table: object) -> dict[int, str]:
    """Code to letter, for every code that stands for exactly one; nothing where one does not, or there is no table."""
    if not isinstance(table, Stream):
        return {}
    found: dict[int, str] = {}
    for kind, body in _SECTION.findall(table.read_bytes()):
        if kind == b"bfchar":
            found.update((_number(code), _text(said)) for code, said in _PAIR.findall(body))
        else:
            for first, last, said, each in _RANGE.findall(body):
                found.update(_ranged(_number(first), min(_number(last), _CODES - 1), said, each))
    if any(len(letter) != 1 or code >= _CODES for code, letter in found.items()):
        return {}
    return found


def _ranged(first: int, last: int, said: bytes, each: bytes) -> list[tuple[int, str]]:
    if each:
        return [(first + at, _text(one)) for at, one in enumerate(_ONE.findall(each)[: last - first + 1])]
    begin = _text(said)
    if len(begin) != 1:
        return [(first, begin)]
    return [(code, chr(min(ord(begin) + code - first, 0xFFFF))) for code in range(first, last + 1)]


def _number(digits: bytes) -> int:
    return int(b"".join(digits.split()), 16)


def _text(digits: bytes) -> str:
    packed = b"".join(digits.split())
    text = bytes.fromhex(packed.decode() + "0" * (len(packed) % 2)).decode("utf-16-be", "replace")
    return unicodedata.normalize("NFC", text)
