"""Decisions of the sitting: how the agenda moves on, and who may present. No I/O and no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import structs

from server.core.access import Relation
from server.core.errors import DomainError, ErrorSpec, register
from server.live.wire import Checked, ReadyCheck
from server.meetings.wire import ItemState, Meeting

register(
    ErrorSpec("live.not_discussed", 409, "Chưa chuyển: mục này chỉ chứa giấy mời và chương trình, không thảo luận."),
    ErrorSpec("live.not_presenter", 409, "Chưa trình chiếu: vai trò trình bày đang ở người khác."),
    ErrorSpec("live.not_current", 409, "Chưa trình chiếu: phiên đang ở nội dung khác."),
    ErrorSpec("live.not_participant", 409, "Chưa giao: người này không trong thành phần dự họp."),
    ErrorSpec("live.not_coming", 409, "Chưa gửi kết quả: cuộc họp này không còn sắp diễn ra."),
    ErrorSpec("live.not_in_item", 409, "Chưa trình chiếu: tài liệu không thuộc nội dung này."),
)

_DESK_AND_CHAIR = frozenset({Relation.SECRETARIAT, Relation.CHAIR})
_PRESENT = _DESK_AND_CHAIR | {Relation.PARTICIPANT}
PERMISSIONS: Mapping[str, frozenset[Relation]] = {
    "live.start": _DESK_AND_CHAIR,
    "live.end": _DESK_AND_CHAIR,
    "live.item": _DESK_AND_CHAIR,
    "live.presence": _DESK_AND_CHAIR,
    "live.presenter": _PRESENT,
    "live.present": frozenset({Relation.PRESENTER}),
    "live.follow": _PRESENT,
    "live.ready": _PRESENT,
    "live.visible": frozenset({Relation.PERSON}),
}


def started(meeting: Meeting, at: str) -> Meeting:
    """The meeting once it has begun; the desk moves it to its first item."""
    return structs.replace(meeting, state="live", started_at=at)


def ended(meeting: Meeting, at: str) -> Meeting:
    """The meeting once it has ended: nothing is under discussion and nobody presents."""
    return structs.replace(meeting, state="ended", ended_at=at, current_item=None, item_since=None, presenter=None)


def moved(meeting: Meeting, item_id: str, at: str) -> Meeting:
    """The meeting at an item. Who presented the last one does not present this one."""
    return structs.replace(meeting, current_item=item_id, item_since=at, presenter=None)


def item_states(states: Mapping[str, ItemState], current: str | None) -> dict[str, ItemState]:
    """The items whose state changes when ``current`` (None: no item) is under discussion: what was, is done."""
    changed: dict[str, ItemState] = {
        item: "done" for item, state in states.items() if state == "current" and item != current
    }
    if current is not None and states[current] != "current":
        changed[current] = "current"
    return changed


def check_presenter_change(
    actor_id: str, relations: Iterable[Relation], wanted: str | None, *, has_role: str | None, named: str | None
) -> None:
    """Raise ``denied`` unless the actor may make ``wanted`` the presenter (None: nobody).

    Chair and secretariat give and take. Others give back what they have (``has_role``), and take the role themselves
    while the item under discussion names them (``named``) as its presenter.
    """
    if not _DESK_AND_CHAIR.isdisjoint(relations):
        return
    gives_back = wanted is None and has_role == actor_id
    takes_own = wanted == actor_id and named == actor_id
    if not (gives_back or takes_own):
        raise DomainError("denied")


# Without these a tablet fails its holder in the meeting. What is left out was not looked at, and so is not well.
# Not among them: whether the browser keeps storage for good, which often is not the holder's to decide, and the pen.
NEEDED: frozenset[Checked] = frozenset({"papers", "space", "version", "clock", "sign_in", "lease", "lock"})


def is_ready(checks: Iterable[ReadyCheck]) -> bool:
    """Whether a tablet with these findings is ready; of two that differ on one thing the bad one counts."""
    well: dict[Checked, bool] = {}
    for check in checks:
        well[check.what] = check.ok and well.get(check.what, True)
    return all(well.get(what, False) for what in NEEDED)


def require_coming(meeting: Meeting) -> None:
    """Raise unless tablets may still get ready for the meeting, or are in it."""
    if meeting.state not in {"convened", "live", "postponed"}:
        raise DomainError("live.not_coming")


def place(page: int, fraction: float) -> tuple[int, float]:
    """A place in a paper as it is kept: pages count from 1, the fraction of a page lies in 0–1."""
    if page < 1:
        raise DomainError("invalid_input", detail="page")
    return page, min(1.0, max(0.0, fraction))


def joined(first: Sequence[int], then: Sequence[int]) -> tuple[int, ...]:
    """Two parts of a stroke as one: triples of which the first is absolute and the rest are differences."""
    if not first or not then:
        return (*first, *then)
    bridge = (then[axis] - sum(first[axis::3]) for axis in range(3))
    return (*first, *bridge, *then[3:])


def whole_points(pts: Sequence[int]) -> tuple[int, ...]:
    """The triples of a stroke without an incomplete last one."""
    return tuple(pts[: len(pts) - len(pts) % 3])
