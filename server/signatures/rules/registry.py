"""Who does what at a registry, what the book of issued papers shows of a number, and what is found in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from server.core.access import Relation

if TYPE_CHECKING:
    from server.signatures.wire import BookEntry

_CLERK = frozenset({Relation.CLERK})
_DESK = _CLERK | {Relation.SECRETARIAT}

PERMISSIONS: Mapping[str, frozenset[Relation]] = {
    "signatures.number": _CLERK,
    "signatures.seal": _CLERK,
    "signatures.issue": _CLERK,
    "signatures.copy": _CLERK,
    "signatures.copies": _DESK,
    "signatures.book": _DESK,
    "signatures.enter": _CLERK,
}

# What the dossier's own state says of a number that is on its paper.
_STATES = frozenset({"numbered", "sealed", "issued", "delivered", "recalled"})
STRUCK = frozenset({"struck", "recalled"})


def shown_state(entry_state: str, source: str, dossier_state: str) -> str:
    """What the book says of a number; one whose paper ended before it was issued is struck."""
    if source != "dossier":
        return source
    if entry_state != "used":
        return entry_state
    return dossier_state if dossier_state in _STATES else "struck"


def matching(entries: Iterable[BookEntry], words: str) -> tuple[BookEntry, ...]:
    """The lines that have all these words, but for case and marks, in symbol, title, signer or recipients."""
    wanted = _folded(words).split()
    return tuple(
        each
        for each in entries
        if all(word in _folded(f"{each.symbol} {each.title} {each.signer} {each.recipients}") for word in wanted)
    )


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
