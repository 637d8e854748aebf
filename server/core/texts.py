"""What a text may hold: one rule for every name, title, note and reason, whoever sends it and by whatever way.

Texts are NFC. They keep letters and signs of every script, also those of four bytes, tabs, and line ends of one kind.
What acts instead of being seen is left out: other controls, which databases, mail and logs refuse or are led astray by;
marks that turn the direction of writing, by which a name reads as another (Unicode TR 36 §2.10, "Trojan Source"); and
signs that nobody sees. Joiners stay: without them letters of some scripts, and signs of several, fall apart. Markup
and formulas are no business of this: a text stays what it is, and who shows it says so to what it writes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import msgspec

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
    "\u00ad\u180e\u200b\u2060-\u2064\ufeff"  # a hyphen that only may be, spaces without width
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # directions: marks, embeddings, overrides, isolates
    "\ufff9-\ufffb\U000e0000-\U000e007f"  # notes between lines, tags
    "\ud800-\udfff\ufdd0-\ufdef"  # halves of letters; what is no sign, here and at the end of each plane
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
    + "]"
)
# Where a text says what only its owner knows, each sign counts as it was typed.
_SECRETS = frozenset({"password", "old", "new", "pin", "token"})
# Escapes by which JSON may carry what is left out; a plain line end or quotation mark is none of them.
_ESCAPE = re.compile(r"\\[ubfr]")


def seen(text: str) -> str:
    """The text without what acts or is never seen, its line ends of one kind."""
    return unicodedata.normalize("NFC", _UNSEEN.sub("", _LINE_ENDS.sub("\n", text)))


def line(text: str) -> str:
    """The same on one line, each space single, none at the ends."""
    return " ".join(seen(text).split())


def words(text: str) -> str:
    """The same with its lines, trimmed."""
    return seen(text).strip()


def cleaned(raw: bytes) -> bytes:
    """A message in JSON, each of its texts as ``seen`` makes it; those under names of secrets stay.

    What can hold nothing else is given back as it is: a stroke of a pen costs nothing. Raises DecodeError and
    UnicodeDecodeError.
    """
    if raw.isascii() and b"\\" not in raw and b"\x7f" not in raw:
        return raw
    written = raw.decode()
    if _ESCAPE.search(written) is None and seen(written) == written:
        return raw
    try:
        return msgspec.json.encode(each(msgspec.json.decode(raw), seen))
    except RecursionError as error:
        raise msgspec.DecodeError("nested too deeply") from error


def each(value: Any, change: Callable[[str], str], name: str = "") -> Any:  # noqa: ANN401 - any JSON
    """The same value with every text changed, but for those under names of secrets."""
    if isinstance(value, str):
        return value if name in _SECRETS else change(value)
    if isinstance(value, dict):
        return {key: each(held, change, key) for key, held in value.items()}
    return [each(held, change, name) for held in value] if isinstance(value, list) else value
