"""The seen mark: name and time in a fixed count of letters, so that every recipient's line has the same length."""

from __future__ import annotations

import unicodedata

# Two bytes a letter, each a Unicode number of the basic plane; the font of the mark knows these and no others.
LETTERS_A_LINE = 64
_VIETNAMESE = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
LETTERS = "".join(map(chr, range(0x20, 0x7F))) + _VIETNAMESE + _VIETNAMESE.upper() + "·–…’"
_KNOWN = frozenset(LETTERS)
_UNKNOWN = "?"
BYTES = LETTERS_A_LINE * 4
"""How long a line is in a file: four hexadecimal digits a letter."""


def line(name: str, at: str) -> bytes:
    """The line of a recipient: a long name is cut, the time (``at``, as it is shown) stays whole."""
    room = LETTERS_A_LINE - len(at) - 3
    shown = unicodedata.normalize("NFC", name).strip()
    shown = shown if len(shown) <= room else f"{shown[: room - 1]}…"
    text = "".join(sign if sign in _KNOWN else _UNKNOWN for sign in f"{shown} · {at}")
    return text.ljust(LETTERS_A_LINE).encode("utf-16-be").hex().encode()
