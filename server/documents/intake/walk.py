"""Going through the dictionaries of a PDF, past the many objects that name nothing of what is looked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Stream


def pattern(names: Iterable[str]) -> re.Pattern[bytes]:
    """What finds any of these names in an object as it is written out, where every name has one spelling."""
    words = "|".join(re.escape(name.removeprefix("/")) for name in sorted(names))
    return re.compile(rb"/(?:" + words.encode() + rb")(?![^\s/<>\[\]()])")


def dictionaries(pdf: pikepdf.Pdf, wanted: re.Pattern[bytes]) -> Iterator[Any]:
    """Every dictionary of the trailer, the catalog and the objects that ``wanted`` is found in.

    Dictionaries of streams and those nested in others come too. Writing an object out is the library's own work and
    some ten times quicker than looking at each of its keys from here.
    """
    pending: list[Any] = [pdf.trailer, *(held for held in pdf.objects if wanted.search(_written(held)))]
    if not wanted.search(_written(pdf.Root)):
        pending.append(pdf.Root)
    while pending:
        held = pending.pop()
        if isinstance(held, Array):
            pending.extend(part for part in held if _is_nested(part))
        elif isinstance(held, (Dictionary, Stream)):
            pending.extend(part for _key, part in held.items() if _is_nested(part))
            yield held


def _written(held: Any) -> bytes:  # noqa: ANN401 - any object of the file
    if isinstance(held, Stream):
        held = held.stream_dict
    written: bytes = held.unparse(resolved=True) if isinstance(held, (Dictionary, Array)) else b""
    return written


def _is_nested(part: object) -> bool:
    return isinstance(part, (Dictionary, Array)) and not part.is_indirect
