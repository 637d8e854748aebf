"""Messages of documents: papers, their immutable versions, reading states."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from server.core.wire import Command, Entity, Event, View


class Scan(Struct, frozen=True, kw_only=True):
    """Pages of a version that have no words of their own, and of how many the words have been recognised so far.

    ``off``: this server has nothing to recognise words with.
    """

    pages: int
    done: int
    state: Literal["running", "done", "off"]


# What one device may hold; a tablet of 64 GB is full before.
HeldVersions = Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=2_000)]


class Version(Struct, frozen=True, kw_only=True):
    """One immutable version of a paper.

    ``sizes``: for each page [width, height] in points as displayed (after /Rotate). ``boxes``: for each page
    [x0, y0, x1, y1, rotate]: the crop box in unrotated user space and /Rotate, which places annotations. Above 800
    pages both are empty in streams and lists, and ``GET /versions/{version}`` has them.

    ``mark``: whether what one reads carries one's name: ``file``, in its bytes, which are then ``size`` many and no
    longer those of ``sha256``; ``screen``, to be drawn over what is shown, since the bytes may not be changed;
    ``waiting``, the copies are being made. ``edition`` changes when the bytes do: those kept under another are old.
    """

    id: str
    no: int
    sha256: str
    size: int
    pages: int
    sizes: tuple[tuple[float, float], ...]
    boxes: tuple[tuple[float, float, float, float, int], ...]
    issued_at: str
    has_text: bool
    signed: bool
    scan: Scan | None = None
    mark: Literal["none", "file", "screen", "waiting"] = "none"
    edition: str = ""


class Paper(Entity, tag="paper", frozen=True, kw_only=True):
    """A paper of an agenda item with its current version (stream ``i:``). A recalled one has none.

    A ``printed`` one never has: it is handed out on paper and taken back, since it may not be on this system.
    """

    meeting_id: str
    item_id: str
    position: int
    title: str
    symbol: str  # số, ký hiệu
    purpose: Literal["paper", "invitation", "agenda"]
    state: Literal["published", "recalled", "printed"]
    version: Version | None
    versions: int
    downloadable: bool


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


class Incoming(Entity, tag="incoming", frozen=True, kw_only=True):
    """What came in and is no paper yet (stream ``d:``; of a closed item ``u:`` of who brought it).

    ``paper_id``: the paper whose next version it is to be. ``done`` of ``files`` have arrived, or are converted.
    ``pages`` and ``size`` (bytes) are of the PDF, once there is one. ``reason``: the code of why it failed.
    ``secret_mark``: a stamp of state secrecy found in its text (``Mật`` …): only the secretary publishes it, by name.
    """

    meeting_id: str
    item_id: str
    paper_id: str | None
    title: str
    symbol: str
    purpose: Literal["paper", "invitation", "agenda"]
    filename: str
    format: str
    files: int
    stage: Literal["arriving", "waiting", "converting", "ready", "failed"]
    done: int
    pages: int
    size: int
    reason: str | None
    at: str
    by: str
    secret_mark: str = ""


class IncomingChanged(Event, tag="documents.incoming_changed", frozen=True, kw_only=True):
    """A file came in, is being converted, can be looked at, failed, or is gone; ``what`` names the act."""

    put: tuple[Incoming, ...] = ()
    what: Literal["arrived", "converting", "ready", "failed", "retried", "published", "dropped", "moved"]


class PapersChanged(Event, tag="documents.papers_changed", frozen=True, kw_only=True):
    """Papers were published, replaced, renamed, moved or recalled (stream ``i:``); ``what`` names the act."""

    put: tuple[Paper, ...] = ()
    what: str


class PaperRecalled(Event, tag="documents.recalled", frozen=True, kw_only=True):
    """Purge these versions from the device: bytes, text, thumbnails, shared notes (stream ``i:``)."""

    put: tuple[Paper, ...] = ()
    versions: tuple[str, ...]


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


class Override(Struct, frozen=True, kw_only=True):
    """Who let a version through though its text carries a stamp of secrecy, when and why."""

    version_id: str
    secret_mark: str
    person: str
    reason: str
    at: str


class OriginalTaken(Event, tag="documents.original_taken", frozen=True, kw_only=True):
    """Audit: the file was taken out as it was uploaded, before cleaning (stream ``x:documents``)."""

    version_id: str


class CopyIssued(Event, tag="documents.copy_issued", frozen=True, kw_only=True):
    """Audit: one's copy of a version has been marked, with this number (stream ``x:documents``)."""

    version_id: str
    number: str


class MarkOverridden(Event, tag="documents.mark_overridden", frozen=True, kw_only=True):
    """Audit: a paper was published though a stamp of secrecy was found in its text (stream ``x:documents``)."""

    paper_id: str
    override: Override


class UploadQuery(Command, frozen=True, kw_only=True):
    """What an upload is: the file's own name, and a title (else made from the name).

    ``classification``: độ mật. Whatever is not ``normal`` is refused; it may not be on this system at all.
    """

    filename: str
    title: str = ""
    symbol: str = ""
    purpose: Literal["paper", "invitation", "agenda"] = "paper"
    classification: Literal["normal", "confidential", "secret", "top-secret"] = "normal"


class ArrivalQuery(UploadQuery, frozen=True, kw_only=True):
    """The same of a file that may have to be converted first.

    Several images become one paper when they share a ``batch`` (made by who sends them) as ``part`` 1 … ``parts``.
    """

    batch: Annotated[str, Meta(max_length=64)] = ""
    part: Annotated[int, Meta(ge=1, le=200)] = 1
    parts: Annotated[int, Meta(ge=1, le=200)] = 1


class UploadMeta(ArrivalQuery, frozen=True, kw_only=True):
    """What a resumable upload says of its file in ``Upload-Metadata``; ``sha256`` of the whole, if it is known.

    ``again``: though the same file is in another item already.
    """

    sha256: str = ""
    again: bool = False


class Upload(View, frozen=True, kw_only=True):
    """A file on its way in: ``received`` of ``size`` bytes are durable. It goes at ``expires_at`` if nothing comes."""

    id: str
    item_id: str
    paper_id: str | None
    filename: str
    sha256: str
    size: int
    received: int
    expires_at: str


class Uploads(View, frozen=True, kw_only=True):
    """What one has begun to send to an item and what became nothing yet, oldest first."""

    uploads: tuple[Upload, ...]


class UploadFinish(Command, frozen=True, kw_only=True):
    """All bytes are there: make of them what they are to be. ``again``: though the same file is elsewhere already."""

    again: bool = False


class Arrived(View, frozen=True, kw_only=True):
    """What became of a file: a PDF is published at once, anything else waits to be converted and looked at."""

    paper: Paper | None
    incoming: Incoming | None


class IncomingLook(View, frozen=True, kw_only=True):
    """What is looked at before it is published; ``boxes`` as in a version. ``filenames``: what it was made of."""

    incoming: Incoming
    boxes: tuple[tuple[float, float, float, float, int], ...]
    filenames: tuple[str, ...]


class IncomingPublish(Command, frozen=True, kw_only=True):
    """Publish what was looked at; a title or symbol that is given replaces the one it came with.

    ``override``: why it is no state secret though a stamp of secrecy was found in it; the secretary says so by name.
    """

    title: str = ""
    symbol: str = ""
    override: str = ""


class IncomingDropped(View, frozen=True, kw_only=True):
    """It is gone."""

    id: str


class PlaceholderCreate(Command, frozen=True, kw_only=True):
    """A line on the agenda for a paper that is handed out printed; the title says nothing that is secret."""

    title: str


class PaperEdit(Command, frozen=True, kw_only=True):
    """Change what is given, leave the rest."""

    title: str | UnsetType = UNSET
    symbol: str | UnsetType = UNSET
    position: int | UnsetType = UNSET
    downloadable: bool | UnsetType = UNSET


class PaperRestore(Command, frozen=True, kw_only=True):
    """Make an older version of a paper the next one."""

    version_id: str


class PaperRecall(Command, frozen=True, kw_only=True):
    """Take a paper back from every tablet."""

    reason: str = ""


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


class Versions(View, frozen=True, kw_only=True):
    """All versions of a paper, newest first. ``overrides``: for the secretariat alone."""

    paper: Paper
    versions: tuple[Version, ...]
    overrides: tuple[Override, ...] = ()


class ContentQuery(Command, frozen=True, kw_only=True):
    """Which edition of a version is read on: where its bytes are others by now, none are given."""

    edition: str | None = None


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


class Papers(View, frozen=True, kw_only=True):
    """The papers of an item."""

    papers: tuple[Paper, ...]
