"""Messages of papers and their immutable versions: published, changed, restored, taken back."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from server.core.wire import Command, Entity, Event, View


class Scan(Struct, frozen=True, kw_only=True):
    """Pages of a version that have no words of their own, and of how many the words have been recognised so far.

    ``off``: this server has nothing to recognise words with.
    """

    pages: int
    done: int
    state: Literal["running", "done", "off"]


class Version(Struct, frozen=True, kw_only=True):
    """One immutable version of a paper.

    ``sizes``: for each page [width, height] in points as displayed (after /Rotate). ``boxes``: for each page
    [x0, y0, x1, y1, rotate]: the crop box in unrotated user space and /Rotate, which places annotations. Above 800
    pages both are empty in streams and lists, and ``GET /versions/{version}`` has them.

    ``mark``: whether what one reads carries one's name: ``file``, in its bytes, which are then ``size`` many and no
    longer those of ``sha256``; ``screen``, to be drawn over what is shown, since the bytes may not be changed;
    ``waiting``, the copies are being made. ``edition`` changes when the bytes do: those kept under another are old.
    ``secret_mark``: a stamp of state secrecy that was read by machine on a scan (``Mật`` …), until the secretary says
    that it is none.
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
    secret_mark: str = ""


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


class PapersChanged(Event, tag="documents.papers_changed", frozen=True, kw_only=True):
    """Papers were published, replaced, renamed, moved or recalled (stream ``i:``); ``what`` names the act."""

    put: tuple[Paper, ...] = ()
    what: str


class PaperRecalled(Event, tag="documents.recalled", frozen=True, kw_only=True):
    """Purge these versions from the device: bytes, text, thumbnails, shared notes (stream ``i:``)."""

    put: tuple[Paper, ...] = ()
    versions: tuple[str, ...]


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


class StampAnswer(Command, frozen=True, kw_only=True):
    """Why a paper is no state secret though a stamp was read on its scan."""

    reason: str


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


class Versions(View, frozen=True, kw_only=True):
    """All versions of a paper, newest first. ``overrides``: for the secretariat alone."""

    paper: Paper
    versions: tuple[Version, ...]
    overrides: tuple[Override, ...] = ()


class ContentQuery(Command, frozen=True, kw_only=True):
    """Which edition of a version is read on: where its bytes are others by now, none are given."""

    edition: str | None = None


class Papers(View, frozen=True, kw_only=True):
    """The papers of an item."""

    papers: tuple[Paper, ...]
