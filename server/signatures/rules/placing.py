"""Fields that are placed by hand: which names there are, what each locks, and how large a box may be. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from server.core.errors import DomainError, ErrorSpec, register
from server.signatures.rules.format import SIGNATURE_FIELD
from server.signatures.rules.numbering import DATE_FIELD, NUMBER_FIELD, SEAL_FIELD
from signing.field import Align, Field

if TYPE_CHECKING:
    from server.signatures.wire import Dossier, FieldPlace

MOST: Final = 30
# Smaller than this nothing in it can be read: 3 mm.
LEAST_POINTS: Final = 8.0
_INITIAL = re.compile(r"KyNhay[1-9][0-9]?")
_TEXTS: Final = frozenset({NUMBER_FIELD, DATE_FIELD})
# What the official's signature leaves open: the registry numbers, dates and seals what was signed.
_LEFT_OPEN: Final = (NUMBER_FIELD, DATE_FIELD, SEAL_FIELD)

register(
    ErrorSpec("signatures.fields_many", 400, "Chưa đặt ô: cần từ 1 đến {limit} ô."),
    ErrorSpec("signatures.fields_name", 400, "Chưa đặt ô: “{name}” không phải ô của văn bản, hoặc đặt hai lần."),
    ErrorSpec("signatures.fields_small", 400, "Chưa đặt ô: ô “{name}” quá nhỏ."),
)


def fields_of(places: Sequence[FieldPlace], dossier: Dossier) -> tuple[Field, ...]:
    """The fields with their locks, as on a paper that is printed from a template.

    Where several sign, no signature of theirs locks the others out. Raises ``signatures.fields_…``.
    """
    if not 0 < len(places) <= MOST:
        raise DomainError("signatures.fields_many", limit=MOST)
    seen: set[str] = set()
    for place in places:
        if place.name in seen or not _known(place.name):
            raise DomainError("signatures.fields_name", name=place.name[:40])
        seen.add(place.name)
        _require_box(place)
    several = sum(step.act == "sign" for step in dossier.steps) > 1
    return tuple(_field(place, several=several) for place in places)


def _known(name: str) -> bool:
    return name in {SIGNATURE_FIELD, *_LEFT_OPEN} or _INITIAL.fullmatch(name) is not None


def _require_box(place: FieldPlace) -> None:
    x1, y1, x2, y2 = place.box
    if place.page < 0 or not all(math.isfinite(n) for n in place.box) or min(x2 - x1, y2 - y1) < LEAST_POINTS:
        raise DomainError("signatures.fields_small", name=place.name)


def _field(place: FieldPlace, *, several: bool) -> Field:
    if place.name in _TEXTS:
        align: Align = "right" if place.name == NUMBER_FIELD else "left"
        return Field(name=place.name, page=place.page, box=place.box, kind="text", align=align)
    if place.name == SEAL_FIELD:
        return Field(name=place.name, page=place.page, box=place.box, leaves=(), closes=True)
    leaves = _LEFT_OPEN if place.name == SIGNATURE_FIELD and not several else None
    return Field(name=place.name, page=place.page, box=place.box, leaves=leaves)
