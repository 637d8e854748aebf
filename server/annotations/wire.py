"""Messages of annotations: the model, the push and its answers (tablet.md §2.2–2.4).

Coordinates are PDF user space of the unrotated page, origin bottom-left, in points; ink is in 1/100 pt, integers.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from server.core.wire import Command, Entity, Event, View

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
    """An annotation was added, changed or (``gone``) deleted (streams ``s:`` and ``p:``)."""

    put: tuple[Annotation, ...] = ()


class Annotations(View, frozen=True, kw_only=True):
    """The annotations of a version that one may see: shared ones and one's own."""

    annotations: tuple[Annotation, ...]
