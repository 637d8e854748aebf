"""Messages of reading: words, changes, who has received and opened what, which device holds it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from server.core.wire import Command, Entity, Event, View

# What one device may hold; a tablet of 64 GB is full before.
HeldVersions = Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=2_000)]


class Opened(Entity, tag="opened", frozen=True, kw_only=True):
    """That one has opened a version; ``id`` is the version's (stream ``u:``)."""

    at: str


class Reading(Entity, tag="reading", frozen=True, kw_only=True):
    """How many of the audience have a version on a device and have opened it; ``id`` is the version's (``d:``)."""

    paper_id: str
    received: int
    opened: int


class Recall(Entity, tag="recall", frozen=True, kw_only=True):
    """How far a recalled paper is gone from the devices that held it; ``id`` is the paper's (stream ``d:``).

    ``purged`` of ``devices`` have confirmed; ``unreadable`` are signed out, so that what they hold opens no more.
    """

    devices: int
    purged: int
    unreadable: int


class ReadingChanged(Event, tag="documents.reading_changed", frozen=True, kw_only=True):
    """Somebody received or opened a version (stream ``d:``)."""

    put: tuple[Reading, ...] = ()


class RecallChanged(Event, tag="documents.recall_changed", frozen=True, kw_only=True):
    """A device has purged a recalled paper, or is signed out (stream ``d:``)."""

    put: tuple[Recall, ...] = ()


class DeviceHoldingChanged(Event, tag="documents.device_changed", frozen=True, kw_only=True):
    """One of one's devices keeps other versions than before (stream ``u:``); nothing is put."""

    device_id: str
    kept: tuple[str, ...]
    purged: tuple[str, ...]


class OpenedChanged(Event, tag="documents.opened", frozen=True, kw_only=True):
    """One received (nothing is put) or opened a version on one of one's devices (stream ``u:``)."""

    put: tuple[Opened, ...] = ()


class DeviceHolds(Command, frozen=True, kw_only=True):
    """All that this device holds now: versions ``whole`` or in ``part``. What is in neither it has no more.

    ``number`` rises with every report of the device, so that one that comes late changes nothing.
    """

    number: Annotated[int, Meta(ge=0, le=2**53)]
    whole: HeldVersions = ()
    part: HeldVersions = ()


class DeviceHolding(View, frozen=True, kw_only=True):
    """What of it must leave the device: recalled, or its holder may no longer read it."""

    purge: tuple[str, ...]


class PaperDevice(Struct, frozen=True, kw_only=True):
    """A device that has had a paper. ``since``: when it came to be as it is; ``seen_at``: when it was last heard."""

    device_id: str
    device: str
    person_id: str
    person: str
    state: Literal["holding", "purged", "unreadable"]
    since: str
    seen_at: str | None


class PaperDevices(View, frozen=True, kw_only=True):
    """The devices of a paper, those that still hold it first; of a recalled one, those that held it then."""

    devices: tuple[PaperDevice, ...]


class Marked(View, frozen=True, kw_only=True):
    """Since when one has a version on a device, and since when one has opened it."""

    version_id: str
    received_at: str | None
    opened_at: str | None


class TextQuery(Command, frozen=True, kw_only=True):
    """Which pages: those after this one."""

    after: int = 0


class PageTexts(View, frozen=True, kw_only=True):
    """The words of the pages after ``after``, in order; empty for a page that has none (a scan).

    ``next``: ask again with this as ``after``; None when these are the last. ``machine``: numbers of those pages whose
    words were recognised by machine, and may be wrong.
    """

    version_id: str
    after: int
    pages: tuple[str, ...]
    next: int | None
    machine: tuple[int, ...] = ()


class RecognisedPage(Struct, frozen=True, kw_only=True):
    """The words that a machine read on a page (from 1), line by line: each with left, bottom, right, top of its box.

    Boxes are in points of user space. ``turn``: where a line runs there, degrees from the x axis against the clock.
    """

    page: int
    turn: int
    lines: tuple[tuple[tuple[str, float, float, float, float], ...], ...]


class PageWords(View, frozen=True, kw_only=True):
    """The recognised words of the pages after ``after``; pages with words of their own are left out.

    ``next``: ask again with this as ``after``; None when these are the last.
    """

    version_id: str
    after: int
    pages: tuple[RecognisedPage, ...]
    next: int | None


class ChangesQuery(Command, frozen=True, kw_only=True):
    """Since which version of the same paper."""

    since: str


class PageOrigin(Struct, frozen=True, kw_only=True):
    """Where a page comes from: ``old`` is its number in the version before (None: it is new there).

    ``same``: it looks and reads as it did; else it was changed.
    """

    old: int | None
    same: bool


class Changes(View, frozen=True, kw_only=True):
    """What became of the pages of version ``old`` in version ``new`` of a paper.

    ``pages``: for each page of the new version, in order. ``removed``: pages of the old one that are in it no more.
    """

    old: str
    new: str
    pages: tuple[PageOrigin, ...]
    removed: tuple[int, ...]


class Reader(Struct, frozen=True, kw_only=True):
    """Who has received and opened a version, and when."""

    person_id: str
    name: str
    received_at: str | None
    opened_at: str | None


class Readers(View, frozen=True, kw_only=True):
    """The audience of a version with its reading states; for the secretariat and the chair."""

    readers: tuple[Reader, ...]
