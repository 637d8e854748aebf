"""Messages of drafting: the text of a paper in plain fields, its drafts, and what becomes of them."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from server.core.wire import Command, Entity, Event, View
from server.documents.wire import Paper

# Thông báo kết luận, biên bản, quyết định, nghị quyết, công văn.
DraftKind: TypeAlias = Literal["notice", "minutes", "decision", "resolution", "letter"]
Attendance: TypeAlias = Literal["present", "absent", "unknown"]

Line: TypeAlias = Annotated[str, Meta(max_length=500)]
Lines: TypeAlias = Annotated[tuple[Line, ...], Meta(max_length=60)]
# Of chair and secretary apart; a dossier has at most twenty steps.
MOST_SIGNERS = 14


class Signatory(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who signs: lines of authority and post above the signature, the full name below it, the person where known."""

    name: Line = ""
    lines: Annotated[tuple[Line, ...], Meta(max_length=4)] = ()
    person_id: Annotated[str, Meta(max_length=64)] = ""


class Attendee(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who should be there, as printed ("Trần Văn Lâm, Giám đốc Sở Y tế"), and whether they were.

    ``note`` stands behind the name in brackets: whom they stand in for, why they are absent.
    """

    person_id: Annotated[str, Meta(max_length=64)] = ""
    name: Line
    state: Attendance = "unknown"
    note: Line = ""


class DraftPart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the text: a heading, and paragraphs, one a line.

    ``numbered``: 1, 2, 3 before it, or Điều 1, Điều 2 in decisions and resolutions. ``item_id``: the agenda item that
    it was made for; a part that somebody added has a made-up ``id`` alone.
    """

    id: Annotated[str, Meta(min_length=1, max_length=64)]
    item_id: Annotated[str, Meta(max_length=64)] = ""
    heading: Line = ""
    text: Annotated[str, Meta(max_length=40_000)] = ""
    numbered: bool = True


class HeldSitting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What minutes tell of the sitting (form 1.9); moments are ISO 8601 with an offset, None where not known yet."""

    starts_at: Annotated[str, Meta(max_length=40)] | None = None
    ends_at: Annotated[str, Meta(max_length=40)] | None = None
    place: Line = ""
    chair: Line = ""
    secretary: Line = ""
    attendance: Annotated[tuple[Attendee, ...], Meta(max_length=400)] = ()


class DraftText(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that is printed on a paper; what a kind does not have stays empty.

    ``sitting``, ``secretary`` and ``others`` are of minutes, ``power`` and ``basis`` of decisions and resolutions,
    ``to`` of a công văn.
    """

    subject: Line = ""
    symbol: Annotated[str, Meta(max_length=60)] = ""
    place: Annotated[str, Meta(max_length=100)] = ""
    parent: Line = ""
    issuer: Line = ""
    recipients: Lines = ()
    signer: Signatory = Signatory()
    secretary: Signatory = Signatory()
    others: Annotated[tuple[Signatory, ...], Meta(max_length=MOST_SIGNERS)] = ()
    to: Lines = ()
    power: Line = ""
    basis: Lines = ()
    parts: Annotated[tuple[DraftPart, ...], Meta(max_length=120)] = ()
    sitting: HeldSitting = HeldSitting()


class DraftMark(Entity, tag="draft_mark", frozen=True, kw_only=True):
    """That a draft was kept, and by whom (stream ``d:``; of closed items ``u:``). What it says is asked for."""

    revision: int
    changed_by: str
    changed_at: str


class DraftsMarked(Event, tag="drafting.marked", frozen=True, kw_only=True):
    """A draft was begun or kept, or is gone."""

    put: tuple[DraftMark, ...] = ()


class DraftBegin(Command, frozen=True, kw_only=True):
    """Begin a paper, filled from what the meeting knows. ``item_id``: of one agenda item, else of the whole sitting."""

    draft_kind: DraftKind
    item_id: str | None = None


class DraftSave(Command, frozen=True, kw_only=True):
    """Keep the text. ``revision``: the one that was changed; another since is ``drafting.changed``."""

    revision: int
    text: DraftText


class DraftRevision(Command, frozen=True, kw_only=True):
    """An act on exactly this revision of a draft."""

    revision: int


class DraftHead(Struct, frozen=True, kw_only=True):
    """A draft in a list. ``filed``: it is among the papers, and nothing was changed since."""

    id: str
    item_id: str
    draft_kind: DraftKind
    title: str
    changed_at: str
    changed_by: str
    paper_id: str | None
    filed: bool


class Drafts(View, frozen=True, kw_only=True):
    """The drafts of a meeting that one may see, the newest first."""

    drafts: tuple[DraftHead, ...]


class Draft(View, frozen=True, kw_only=True):
    """A draft with its text. ``mark``: the id of its ``DraftMark``.

    ``stale``: the meeting knows other than when the draft was filled from it.

    ``paper_id``: the paper that it became; ``signed``: that was signed, so this draft cannot become its next version.
    """

    id: str
    meeting_id: str
    item_id: str
    draft_kind: DraftKind
    title: str
    revision: int
    text: DraftText
    changed_at: str
    changed_by: str
    paper_id: str | None
    filed: bool
    stale: bool
    signed: bool
    mark: str


class DraftSaved(View, frozen=True, kw_only=True):
    """The revision that the text was kept as, and when; small, since it is kept for resends."""

    id: str
    revision: int
    changed_at: str


class DraftGone(View, frozen=True, kw_only=True):
    """The draft is discarded."""

    id: str


class DraftFiled(View, frozen=True, kw_only=True):
    """The paper that a draft has become, or its next version."""

    draft_id: str
    revision: int
    paper: Paper
