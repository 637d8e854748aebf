"""Stamps of state secrecy in the text of a paper: "Mật", "Tối mật", "Tuyệt mật" as marks, not as words of a sentence.

A stamp stands by itself: alone on its line or in its cell, framed or spaced out, after "Độ mật:", or at the edge of the
heading that Decree 30/2020 puts beside it. "Bảo mật", "bí mật nhà nước" and a line that wraps before "mật" are prose.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# A stamp stands on the first pages; further in it is a mention.
PAGES = 3
_WORDS = {"mật": "Mật", "tối mật": "Tối mật", "tuyệt mật": "Tuyệt mật"}
_RANK = ("Tuyệt mật", "Tối mật", "Mật")
_MARK = "(?:tuyệt mật|tối mật|mật)"
_FRAME = r"[\s\W_]*"
_LINES = re.compile(r"[\n\r\v\f\x07]+")
_PARTS = re.compile(r"[\t|]+|\s{3,}")
_ALONE = re.compile(f"{_FRAME}({_MARK}){_FRAME}", re.IGNORECASE)
_NAMED = re.compile(
    rf"{_FRAME}(?:độ|mức(?: độ)?|dấu(?: chỉ)?(?: độ)?) mật\s*[:\-–]\s*[\"“(\[]?({_MARK})\b", re.IGNORECASE
)
# What stands beside the stamp on the first lines, where the text of two columns runs together.
_BESIDE = "CỘNG HÒA|CỘNG HOÀ|ĐẢNG CỘNG SẢN|ỦY BAN|UỶ BAN|HỘI ĐỒNG|Độc lập|Số:|Số "
_LEADING = re.compile(rf"\s*(TUYỆT MẬT|TỐI MẬT|MẬT)\s+(?:{_BESIDE})")
_TRAILING = re.compile(r".*(?:Hạnh phúc|VIỆT NAM)\s+(TUYỆT MẬT|TỐI MẬT|MẬT)\s*")
_SPACED = re.compile(r"(?:\b\w ){2,}\w\b")
# Nothing longer is one of the shapes above.
_LONGEST = 200


def mark_in(texts: Iterable[str]) -> str:
    """The highest secrecy that a stamp in ``texts`` names: ``Mật``, ``Tối mật``, ``Tuyệt mật``; empty where none."""
    return highest(_mark(part) for text in texts for part in _parts(text))


def highest(marks: Iterable[str]) -> str:
    """The highest of ``marks``, of which some may be empty; empty where all are."""
    found = set(marks)
    return next((mark for mark in _RANK if mark in found), "")


def _parts(text: str) -> Iterable[str]:
    """Lines, and the cells of each."""
    for line in _LINES.split(unicodedata.normalize("NFC", text)):
        yield from (part for part in {line, *_PARTS.split(line)} if len(part) <= _LONGEST)


def _mark(part: str) -> str:
    line = " ".join(part.split())
    if alone := _ALONE.fullmatch(line):
        # In small letters throughout it is the end of a sentence that wrapped.
        return "" if alone[1].islower() else _WORDS[alone[1].lower()]
    if found := _NAMED.match(line) or _LEADING.match(line) or _TRAILING.fullmatch(line):
        return _WORDS[found[1].lower()]
    spaced = "".join(line.split()) if _SPACED.search(line) else ""
    return {"MẬT": "Mật", "TỐIMẬT": "Tối mật", "TUYỆTMẬT": "Tuyệt mật"}.get(spaced, "")
