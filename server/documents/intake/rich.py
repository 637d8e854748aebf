"""Rich text (.rtf): only looked through for stamps; what it draws is decided where it is converted."""

from __future__ import annotations

import re
from pathlib import Path

from server.documents.intake.stamps import mark_in
from server.documents.models import Findings

_TEXT_BYTES = 512 * 1024
_SIGN = re.compile(r"\\u(-?\d{1,6}) ?(?:\\'[0-9a-fA-F]{2}|[^\\{}])?")
_BREAK = re.compile(r"\\(?:pard?|line|cell|row|tab|sect|page)\b ?")
_CONTROL = re.compile(r"\\(?:[a-zA-Z]+-?\d* ?|[^a-zA-Z])|[{}]")


def judge_rich(path: str) -> Findings:
    """Judge an RTF file by its first half mebibyte of text."""
    with Path(path).open("rb") as file:
        raw = file.read(_TEXT_BYTES).decode("latin-1").replace("\r", "").replace("\n", "")
    text = _SIGN.sub(lambda found: chr(int(found[1]) % 0x10000), raw)
    return Findings(kind="rtf", secret_mark=mark_in([_CONTROL.sub("", _BREAK.sub("\n", text))]))
