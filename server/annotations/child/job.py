"""What a child is told about a copy to write: plain values, since they travel to another process."""

from __future__ import annotations

from msgspec import Struct

from server.annotations.wire import Annotation


class Mark(Struct, frozen=True):
    """An annotation on its way onto paper; ``private`` tells whose colour its pin has."""

    annotation: Annotation
    private: bool

    @property
    def waiting(self) -> bool:
        """Whether it was carried over from an older version and waits for its owner to find it a place."""
        return self.annotation.carried is not None and self.annotation.carried.waiting


class Sheet(Struct, frozen=True, kw_only=True):
    """What a copy says of itself: whose paper it is of, who took it, when (as printed)."""

    title: str
    symbol: str
    meeting: str
    taker: str
    at: str
    signed: bool
    layers: tuple[str, ...] = ()


class CopyJob(Struct, frozen=True, kw_only=True):
    """One paper with marks. ``pages`` (from 1, ascending) are those that were chosen; empty for all."""

    sheet: Sheet
    marks: tuple[Mark, ...] = ()
    pages: tuple[int, ...] = ()


class Noted(Struct, frozen=True, kw_only=True):
    """A note as it is listed: the number on its pin, the page it is on (from 1), who wrote it, its words.

    ``waiting``: it was carried over from an older version and has no place in this one yet, so it has no pin.
    """

    number: int
    page: int
    author: str
    private: bool
    text: str
    waiting: bool = False


class PackPaper(Struct, frozen=True, kw_only=True):
    """A paper of a pack: the file with its marks, and what it is called."""

    path: str
    title: str
    notes: tuple[Noted, ...]


class PackItem(Struct, frozen=True, kw_only=True):
    """An agenda item of a pack. ``papers`` are there; ``left_out`` names those that may not be taken."""

    label: str
    title: str
    minutes: int
    presenter: str
    closed: bool
    papers: tuple[PackPaper, ...] = ()
    left_out: tuple[str, ...] = ()


class PackJob(Struct, frozen=True, kw_only=True):
    """A meeting as one file. ``starts_at`` and ``at`` as printed."""

    meeting: str
    body: str
    starts_at: str
    place: str
    chair: str
    taker: str
    at: str
    layers: tuple[str, ...]
    items: tuple[PackItem, ...]


class Packed(Struct, frozen=True, kw_only=True):
    """How large a pack became: numbered pages, and sheets of notes behind them."""

    pages: int
    note_sheets: int
