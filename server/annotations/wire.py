"""Messages of annotations: the model, the push and its answers (tablet.md §2.2–2.4).

Coordinates are PDF user space of the unrotated page, origin bottom-left, in points; ink is in 1/100 pt, integers.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from server.core.wire import Command, Entity, Event, View
from server.meetings.wire import Person

Colour = Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$")]
Page = Annotated[int, Meta(ge=1, le=100_000)]
# The largest page of a PDF is 14,400 units wide (ISO 32000-2 Annex C); a mark may hang over its edge.
Place = Annotated[float, Meta(ge=-20_000, le=20_000)]
LineWidth = Annotated[float, Meta(gt=0, le=60)]
Around = Annotated[str, Meta(max_length=64)]


class Ink(Struct, frozen=True, kw_only=True, tag_field="type", tag="ink", forbid_unknown_fields=True):
    """A stroke: [x, y, pressure] triples, the first absolute, the rest differences; pressure is in hundredths."""

    color: Colour
    w: LineWidth
    pts: Annotated[tuple[int, ...], Meta(min_length=3, max_length=12_000)]
    marker: bool = False


class Highlight(Struct, frozen=True, kw_only=True, tag_field="type", tag="highlight", forbid_unknown_fields=True):
    """Marked text: quads of 8 numbers (UL UR LL LR, ISO 32000-2 §12.5.6.10) and the words themselves.

    ``prefix`` and ``suffix`` are the words before and after, by which it is found again in a new version.
    """

    color: Colour
    quads: Annotated[tuple[tuple[float, float, float, float, float, float, float, float], ...], Meta(min_length=1)]
    quote: Annotated[str, Meta(max_length=4000)] = ""
    prefix: Around = ""
    suffix: Around = ""
    style: Literal["highlight", "underline", "strike"] = "highlight"


class Note(Struct, frozen=True, kw_only=True, tag_field="type", tag="note", forbid_unknown_fields=True):
    """Words at a place on the page. ``fork_of``: a parallel version kept when two devices changed one note."""

    x: float
    y: float
    text: Annotated[str, Meta(max_length=8000)]
    fork_of: str | None = None


class Shape(Struct, frozen=True, kw_only=True, tag_field="type", tag="shape", forbid_unknown_fields=True):
    """A drawn figure: an arrow from the first point to the second, a line, or a rectangle between two corners."""

    shape: Literal["arrow", "line", "rect"]
    color: Colour
    w: LineWidth
    x1: Place
    y1: Place
    x2: Place
    y2: Place


class Text(Struct, frozen=True, kw_only=True, tag_field="type", tag="text", forbid_unknown_fields=True):
    """Words written on the page itself: upper left corner, width of the lines and size of the letters, in points.

    Changed and forked like a note.
    """

    x: Place
    y: Place
    width: Annotated[float, Meta(ge=10, le=20_000)]
    size: Annotated[float, Meta(ge=4, le=144)]
    color: Colour
    text: Annotated[str, Meta(min_length=1, max_length=2000)]
    fork_of: str | None = None


Body = Ink | Highlight | Note | Shape | Text


class Carried(Struct, frozen=True, kw_only=True):
    """From which version, and which page of it, an annotation was carried over; it has the same id there.

    ``waiting``: that page was changed, so it is shown nowhere; the annotation's own ``page`` is where it may belong.
    Its owner puts it there or elsewhere (any page, any body of the same type), or deletes it, which leaves it in the
    old version alone.
    """

    version_id: str
    page: int
    waiting: bool = False


class Annotation(Entity, tag="annotation", frozen=True, kw_only=True):
    """An annotation of one document version; ``rev`` rises with each change."""

    version_id: str
    owner_id: str
    owner_name: str
    page: int
    body: Body
    rev: int
    created_at: str
    updated_at: str
    carried: Carried | None = None


class Put(Struct, frozen=True, kw_only=True, tag_field="kind", tag="put", forbid_unknown_fields=True):
    """Add an annotation (``base_rev`` 0) or change one's own note or text (``base_rev`` = the rev that was seen)."""

    op_id: str
    ann_id: str
    base_rev: int = 0
    page: Page
    body: Body


class Delete(Struct, frozen=True, kw_only=True, tag_field="kind", tag="del", forbid_unknown_fields=True):
    """Delete an annotation: one's own, or as secretary or chair a shared one."""

    op_id: str
    ann_id: str


class AnnotationsPush(Command, frozen=True, kw_only=True):
    """``annotations.push``: up to 50 operations on one stream, applied in order, acknowledged after commit."""

    stream: str
    ops: Annotated[tuple[Put | Delete, ...], Meta(min_length=1, max_length=50)]


class OpResult(Struct, frozen=True, kw_only=True):
    """What became of one operation. ``conflict``: the note had changed; the client keeps its words in a new note."""

    op_id: str
    st: Literal["applied", "dup", "conflict", "gone", "denied"]
    seq: int | None
    rev: int | None


class PushResult(View, frozen=True, kw_only=True):
    """The answers, in the order of the operations."""

    results: tuple[OpResult, ...]


class AnnotationsPushed(Event, tag="annotations.pushed", frozen=True, kw_only=True):
    """An annotation was added, changed or (``gone``) deleted (streams ``s:``, ``g:`` and ``p:``)."""

    put: tuple[Annotation, ...] = ()


class AnnotationsCarried(Event, tag="annotations.carried", frozen=True, kw_only=True):
    """Annotations of an older version of the paper are now in this one (streams ``s:``, ``g:`` and ``p:``)."""

    put: tuple[Annotation, ...] = ()


class CarriedOver(View, frozen=True, kw_only=True):
    """How many of one's private annotations were carried to a version just now, and how many of these wait."""

    carried: int
    waiting: int


class MarksOnPaper(View, frozen=True, kw_only=True):
    """What a replacement touches: how many shared marks the current version has, and whether private ones are many.

    ``private`` is true where five people or more have some; below that nothing is told of them.
    """

    shared: int
    private: bool


class Annotations(View, frozen=True, kw_only=True):
    """The annotations of a version that one may see: shared ones and one's own."""

    annotations: tuple[Annotation, ...]


GroupName = Annotated[str, Meta(min_length=1, max_length=60)]
People = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=64)], ...], Meta(min_length=1, max_length=100)]


class NoteGroup(Entity, tag="note_group", frozen=True, kw_only=True):
    """People who share a layer of notes on the papers of a meeting (stream ``u:`` of each of them).

    Their notes on a version are the stream ``g:<version>:<id>``; of them those read it who may read the version.
    ``members`` stand in the order in which they came; ``keeper`` names others and takes out.
    """

    meeting_id: str
    name: str
    keeper: str
    members: tuple[Person, ...]


class NoteGroupMake(Command, frozen=True, kw_only=True):
    """Share a layer with people who may read the version; it holds for all papers of the meeting."""

    name: GroupName
    person_ids: People


class NoteGroupAdd(Command, frozen=True, kw_only=True):
    """Let more people in, who may read ``version_id``; they see what is already there."""

    version_id: str
    person_ids: People


class NoteGrouped(Event, tag="annotations.grouped", frozen=True, kw_only=True):
    """A group was made, or who is in it changed; ``gone``: one is not in it any more (stream ``u:``)."""

    put: tuple[NoteGroup, ...] = ()


class NoteReadersQuery(Command, frozen=True, kw_only=True):
    """Words of a name, with or without accents."""

    q: str = ""


class LayerReaders(Struct, frozen=True, kw_only=True):
    """How many read a group's layer of a version now."""

    group_id: str
    count: int


class NoteReaders(View, frozen=True, kw_only=True):
    """Who reads what is shared on a version: ``count`` in all; ``people`` of those asked for, at most 100."""

    count: int
    people: tuple[Person, ...]
    groups: tuple[LayerReaders, ...]


class MarksWanted(Command, frozen=True, kw_only=True):
    """Which marks go along: one's own private ones, the shared ones that one may read."""

    own: bool = False
    shared: bool = False


class CopyWanted(MarksWanted, frozen=True, kw_only=True):
    """A paper to take away; ``pages`` like "3-5, 8", empty for all."""

    pages: str = ""
    inline: bool = False  # to be shown, and printed from there, instead of saved


class PackStep(View, tag="step", frozen=True, kw_only=True):
    """How far a meeting's pack is: ``done`` of ``total`` papers, and which one is next (empty: joining them)."""

    done: int
    total: int
    title: str


class PackReady(View, tag="ready", frozen=True, kw_only=True):
    """The pack is made; its ``size`` bytes follow this line.

    ``pages`` are numbered through; ``left_out`` names papers that may be read but not taken away.
    """

    size: int
    pages: int
    left_out: tuple[str, ...]


class PackFailed(View, tag="failed", frozen=True, kw_only=True):
    """The pack could not be made after its making had begun; nothing follows this line."""

    code: str
    text: str
