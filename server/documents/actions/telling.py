"""Streams that papers live on, and how their events get there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from server.core import journal
from server.documents.wire import Paper, PapersChanged

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.db import Tx
    from server.core.wire import Event
    from server.documents.models import Act

# No operation may be above 64 KiB; a page of a page table takes about 50 bytes, the rest of a paper 2 KiB at most.
_PAGES_A_PART = 800
_PAPERS_A_PART = 12

T = TypeVar("T")


def item_stream(item_id: str) -> str:
    """The stream that carries the papers of an item."""
    return f"i:{item_id}"


def notes_stream(version_id: str) -> str:
    """The stream of shared notes on a version."""
    return f"s:{version_id}"


def desk_stream(meeting_id: str) -> str:
    """The stream of secretariat and chair."""
    return f"d:{meeting_id}"


def person_stream(person_id: str) -> str:
    """One person's stream."""
    return f"u:{person_id}"


def append(tx: Tx, stream: str, event: Event, actor: Actor | None) -> None:
    """Append in the name of ``actor``; None where it follows from somebody else's act."""
    if actor is None:
        journal.append(tx, stream, event, actor=None)
    else:
        journal.append(tx, stream, event, actor=actor.person_id, op_id=actor.op.op_id if actor.op else None)


def tell_papers(tx: Tx, item_id: str, changed: Sequence[Paper], what: Act, actor: Actor | None) -> None:
    """Tell who may read the item of changed papers, in as many operations as it takes."""
    part: list[Paper] = []
    pages = 0
    for paper in changed:
        more = len(paper.version.sizes) if paper.version else 0
        if part and (pages + more > _PAGES_A_PART or len(part) == _PAPERS_A_PART):
            append(tx, item_stream(item_id), PapersChanged(put=tuple(part), what=what), actor)
            part, pages = [], 0
        part.append(paper)
        pages += more
    if part:
        append(tx, item_stream(item_id), PapersChanged(put=tuple(part), what=what), actor)


def parts(values: Sequence[T], size: int) -> Iterator[tuple[T, ...]]:
    """``values`` in tuples of at most ``size``."""
    return (tuple(values[start : start + size]) for start in range(0, len(values), size))
