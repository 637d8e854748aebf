"""Messages of the sitting: presence, current item, presenter and following.

Volatile events (``live.scrolled``, ``live.pointed``, ``live.drawn``, ``live.presence``, ``live.followers``) are not
operations of a stream; they go to the room of the stream that is named and may be lost.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from server.annotations.wire import Shape, Text
from server.core.wire import Command, Entity, Event, View
from server.meetings.wire import Person

Page = Annotated[int, Meta(ge=1, le=100_000)]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
# A place on a page, in points of PDF user space; pages are at most 14,400 points wide (ISO 32000-2 annex C).
Length = Annotated[float, Meta(ge=-20_000, le=20_000)]

# What a tablet looks at when it tests itself before a meeting.
Checked = Literal["papers", "space", "lasting", "version", "clock", "sign_in", "lease", "lock", "pen"]


class Presenting(Entity, tag="presenting", frozen=True, kw_only=True):
    """What the presenter shows in an item: a version and a page, with the place on it (0–1); ``id`` is the item's.

    In a closed item, whose presenter stream ``m:`` does not name, it begins with an empty ``version_id`` and page 0:
    somebody presents and shows nothing yet.
    """

    person: Person
    version_id: str
    page: int
    fraction: float


class Presented(Event, tag="live.presented", frozen=True, kw_only=True):
    """The presenter turned to another page or paper (stream ``i:``)."""

    put: tuple[Presenting, ...] = ()


class CurrentItem(Command, frozen=True, kw_only=True):
    """Move the sitting to an item."""

    item_id: str


class PresenterChange(Command, frozen=True, kw_only=True):
    """Give the presenter role to a participant, or take it from whoever has it (None)."""

    person_id: str | None


class Present(Command, frozen=True, kw_only=True):
    """``live.present``: the presenter's durable page."""

    item_id: str
    version_id: str
    page: int
    fraction: float = 0.0


class Scroll(Command, frozen=True, kw_only=True):
    """``live.scroll``: the presenter's place on the way, volatile."""

    item_id: str
    version_id: str
    page: int
    fraction: float


class Scrolled(Struct, frozen=True, kw_only=True):
    """Volatile event ``live.scrolled`` in the room of ``i:<item>``."""

    item_id: str
    version_id: str
    page: int
    fraction: float
    n: int


class Point(Command, frozen=True, kw_only=True):
    """``live.point``: where the presenter's laser points, volatile; ``on`` is false once it is lifted."""

    item_id: str
    version_id: str
    page: Page
    x: Length
    y: Length
    on: bool = True


class Pointed(Struct, frozen=True, kw_only=True):
    """Volatile event ``live.pointed`` in the room of ``i:<item>``: the newest place of the laser; ``n`` rises."""

    item_id: str
    version_id: str
    page: int
    x: float
    y: float
    on: bool
    n: int


class Draw(Command, frozen=True, kw_only=True):
    """``live.draw``: what a shared stroke under way has gained, or a figure or words as they stand now, volatile.

    ``pts`` as in ``Ink``: the first triple absolute, the rest differences, so that each frame stands alone; ``after``
    counts the points that came in earlier frames. ``stroke`` names the stroke while it grows; the last frame tells
    under which ``ann_id`` it is stored (empty: it is dropped). A ``figure`` is the whole of it in each frame, without
    points.
    """

    item_id: str
    version_id: str
    page: Page
    stroke: Name
    color: Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$")]
    w: Annotated[float, Meta(gt=0, le=60)]
    marker: bool = False
    pts: Annotated[tuple[int, ...], Meta(max_length=1200)] = ()
    after: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    ann_id: Annotated[str, Meta(max_length=64)] | None = None
    figure: Shape | Text | None = None


class Drawn(Struct, frozen=True, kw_only=True):
    """Volatile event ``live.drawn`` in the room of ``i:<item>``: what of ``Draw`` gathered in a tick."""

    item_id: str
    version_id: str
    page: int
    stroke: str
    color: str
    w: float
    marker: bool
    pts: tuple[int, ...]
    after: int
    ann_id: str | None
    figure: Shape | Text | None
    n: int


class Follow(Command, frozen=True, kw_only=True):
    """``live.follow``: whether this tablet follows the presenter of an item now."""

    item_id: str
    following: bool


class Followers(Struct, frozen=True, kw_only=True):
    """Volatile event ``live.followers`` in the room of ``i:<item>``: how many follow, of how many present who could.

    Who presents is not counted, nor the desks.
    """

    item_id: str
    following: int
    present: int


class Visible(Command, frozen=True, kw_only=True):
    """``live.visible``: whether the app is on the tablet's screen; sent on change."""

    visible: bool


class Presence(Struct, frozen=True, kw_only=True):
    """Volatile event ``live.presence`` in the room of ``d:<meeting>``: who has a tablet connected, who looks at it."""

    meeting_id: str
    online: tuple[str, ...]
    visible: tuple[str, ...]


class PresenceView(View, frozen=True, kw_only=True):
    """Who is connected now."""

    online: tuple[str, ...]
    visible: tuple[str, ...]


class ReadyCheck(Struct, frozen=True, kw_only=True):
    """One thing that a tablet looked at: whether it is well, and what it has of what it needs.

    ``have`` and ``need``: papers (number), space (bytes), clock (ms by which the tablet's is ahead, and how many may
    be), sign_in and lease (minutes until it ends, and until the meeting does); else 0.
    """

    what: Checked
    ok: bool
    have: Annotated[int, Meta(ge=-(2**53), le=2**53)] = 0
    need: Annotated[int, Meta(ge=0, le=2**53)] = 0


Checks = Annotated[tuple[ReadyCheck, ...], Meta(max_length=16)]


class ReadyReport(Command, frozen=True, kw_only=True):
    """What this tablet found when it tested itself for a meeting."""

    checks: Checks


class Ready(Entity, tag="ready", frozen=True, kw_only=True):
    """What a device found when it tested itself for the meeting; ``id`` is the device's (stream ``d:``)."""

    person_id: str
    device: str
    at: str
    ready: bool
    checks: tuple[ReadyCheck, ...]


class ReadyChanged(Event, tag="live.ready_changed", frozen=True, kw_only=True):
    """A device tested itself for the meeting, or is signed out (stream ``d:``)."""

    put: tuple[Ready, ...] = ()


class MissedWanted(Command, frozen=True, kw_only=True):
    """From where a stream is to be told: after the operation ``last_seq``, or of a snapshot after an entity (both)."""

    last_seq: Annotated[int, Meta(ge=0)] = 0
    after_kind: str = ""
    after_id: str = ""

    @property
    def after(self) -> tuple[str, str] | None:
        """The key of the last entity that is known."""
        return (self.after_kind, self.after_id) if self.after_kind else None


class MissedEnded(View, frozen=True, kw_only=True):
    """The line in which such an answer ends before its last page: what the reader was told so far stays true."""

    code: str
