"""Decisions of meetings: who hears what, who may do what, which act follows which. No I/O and no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import structs

from server.core import texts
from server.core.access import Actor, Relation, Role
from server.core.errors import DomainError, ErrorSpec, register
from server.core.i18n import _
from server.core.wire import stamp
from server.meetings.models import Circle, Head, Seat, desk_stream, item_audience, meeting_stream, open_audience
from server.meetings.wire import ItemState, MeetingState, ParticipantInput

register(
    ErrorSpec("meetings.no_title", 400, "Chưa lưu: thiếu tên."),
    ErrorSpec("meetings.too_long", 400, "Chưa lưu: dài hơn {limit} ký tự."),
    ErrorSpec("meetings.bad_time", 400, "Chưa lưu: “{value}” không phải ngày giờ có múi giờ."),
    ErrorSpec("meetings.ends_before_start", 400, "Chưa lưu: giờ kết thúc không sau giờ bắt đầu."),
    ErrorSpec("meetings.bad_minutes", 400, "Chưa lưu: thời lượng từ 0 đến {limit} phút."),
    ErrorSpec("meetings.bad_hours", 400, "Chưa lưu: thời gian đọc khi mất mạng từ 0 đến {limit} giờ."),
    ErrorSpec("meetings.unknown_person", 400, "Chưa lưu: có người không còn trong danh bạ."),
    ErrorSpec("meetings.unknown_body", 400, "Chưa lưu: cơ quan không còn trong danh bạ."),
    ErrorSpec("meetings.unknown_site", 400, "Chưa lưu: điểm cầu không thuộc cuộc họp này."),
    ErrorSpec("meetings.site_in_use", 409, "Chưa lưu: điểm cầu “{name}” còn người dự."),
    ErrorSpec("meetings.person_twice", 400, "Chưa lưu: một người có hai lần trong danh sách."),
    ErrorSpec("meetings.role_twice", 400, "Chưa lưu: một cuộc họp có một chủ tọa và một thư ký."),
    ErrorSpec("meetings.order_mismatch", 409, "Chưa sắp xếp: danh sách nội dung đã khác trên máy chủ."),
    ErrorSpec("meetings.general_item", 409, "Chưa lưu: mục giấy mời và chương trình họp đi cùng cuộc họp, không đổi."),
    ErrorSpec("meetings.item_begun", 409, "Chưa xóa: nội dung này đã hoặc đang được thảo luận."),
    ErrorSpec("meetings.not_sent", 409, "Chưa làm: cuộc họp còn là bản thảo, giấy mời chưa gửi."),
    ErrorSpec("meetings.is_live", 409, "Chưa làm: phiên đang họp."),
    ErrorSpec("meetings.not_live", 409, "Chưa làm: phiên chưa bắt đầu hoặc đã kết thúc."),
    ErrorSpec("meetings.is_ended", 409, "Chưa làm: phiên đã kết thúc."),
    ErrorSpec("meetings.is_postponed", 409, "Chưa làm: cuộc họp đang hoãn, chưa có thời gian mới."),
    ErrorSpec("meetings.is_cancelled", 409, "Chưa làm: cuộc họp đã hủy."),
    ErrorSpec("meetings.no_chair", 409, "Chưa làm: cuộc họp chưa có chủ tọa."),
)

GENERAL_TITLE = "Giấy mời và chương trình họp"
CLOSED_TITLE = _("Phần họp kín")

TITLE_CHARACTERS = 500
TEXT_CHARACTERS = 4000
MAX_MINUTES = 24 * 60
MAX_OFFLINE_HOURS = 168
# The whole agenda goes out in one operation, which is bounded by 64 KiB.
MAX_ITEMS = 100
MAX_PARTICIPANTS = 20_000
SECRETARIAT_ROLES = (Role.SECRETARY, Role.CLERK)

_DESK = frozenset({Relation.SECRETARIAT})
_DESK_AND_CHAIR = _DESK | {Relation.CHAIR}
_READERS = _DESK_AND_CHAIR | {Relation.PARTICIPANT}

PERMISSIONS: Mapping[str, frozenset[Relation]] = {
    "meetings.list": frozenset({Relation.PERSON}),
    "meetings.read": _READERS | {Relation.SCREEN},
    "meetings.create": _DESK,
    "meetings.edit": _DESK,
    "meetings.copy": _DESK,
    "meetings.postpone": _DESK,
    "meetings.cancel": _DESK,
    "meetings.participants": _DESK,
    "meetings.screens": _DESK,
    "meetings.agenda": _DESK,
    "meetings.item": _DESK,
}

# Which states permit which act; the reverse says why not.
_OPEN: tuple[MeetingState, ...] = ("draft", "convened", "live", "postponed")
ALLOWED_IN: Mapping[str, tuple[MeetingState, ...]] = {
    "meetings.edit": _OPEN,
    "meetings.participants": _OPEN,
    "meetings.agenda": _OPEN,
    "meetings.item": _OPEN,
    "meetings.screens": ("convened", "live", "postponed", "ended", "cancelled"),
    "meetings.copy": (*_OPEN, "ended", "cancelled"),
    "meetings.postpone": ("convened", "postponed"),
    "meetings.cancel": ("draft", "convened", "postponed"),
    "invitations.send": ("draft", "convened", "live"),
    "invitations.print": ("draft", "convened", "postponed"),
    "invitations.answer": ("convened", "live"),
    "invitations.decide": ("convened", "live"),
    "drafting.write": (*_OPEN, "ended"),
    "live.start": ("convened",),
    "live.end": ("live",),
    "live.item": ("live",),
    "live.presenter": ("live",),
    "live.present": ("live",),
}
_WHY_NOT: Mapping[MeetingState, str] = {
    "draft": "meetings.not_sent",
    "convened": "meetings.not_live",
    "live": "meetings.is_live",
    "ended": "meetings.is_ended",
    "postponed": "meetings.is_postponed",
    "cancelled": "meetings.is_cancelled",
}


def require_state(verb: str, state: MeetingState) -> None:
    """Raise the sentence that says why ``verb`` cannot be done to a meeting in ``state``."""
    if state not in ALLOWED_IN[verb]:
        raise DomainError(_WHY_NOT[state])


# ---- who hears what


def audiences(
    meeting: Head,
    items: Iterable[Circle],
    seats: Iterable[Seat],
    secretariat: Iterable[str],
    screens: Iterable[str] = (),
) -> dict[str, frozenset[str]]:
    """Every audience of a meeting with its members (person ids).

    Before the invitation has gone out to them, participants hear nothing. Of a restricted item hear the chair, the
    meeting's own secretary, who made it (while of the secretariat), and those invited to it who take part. Screens of
    the hall hear the skeleton alone.
    """
    heads = frozenset(person for person in (meeting.chair_id, meeting.secretary_id) if person is not None)
    desk = frozenset(secretariat) | heads
    invited = frozenset(seat.person_id for seat in seats if seat.invited)
    everybody = desk | invited
    found = {
        meeting_stream(meeting.id): everybody | frozenset(screens),
        open_audience(meeting.id): everybody,
        desk_stream(meeting.id): desk,
    }
    for item in items:
        if item.restricted:
            inner = heads | ({item.made_by} & desk) | (item.invitees & invited)
            found[item_audience(meeting.id, item.id, restricted=True)] = inner
    return found


def preparers(meeting: Head, item: Circle, secretariat: frozenset[str]) -> frozenset[str]:
    """Who prepares a closed item: the meeting's own secretary, and who made it, while of the secretariat."""
    own = frozenset() if meeting.secretary_id is None else frozenset({meeting.secretary_id})
    return own | ({item.made_by} & secretariat)


# ---- how an actor stands to a body, a meeting, an item


def to_body(actor: Actor, body_id: str) -> frozenset[Relation]:
    """The relations of an actor to what a body holds."""
    secretariat = any(actor.has(role, body_id) for role in SECRETARIAT_ROLES)
    return _DESK if secretariat else frozenset()


def to_meeting(actor: Actor, meeting: Head, body_id: str, *, invited: bool) -> set[Relation]:
    """The relations of an actor to a meeting. ``invited``: takes part, and has been told so."""
    found = set(to_body(actor, body_id))
    if actor.person_id == meeting.secretary_id:
        found.add(Relation.SECRETARIAT)
    if actor.person_id == meeting.chair_id:
        found.add(Relation.CHAIR)
    if invited:
        found.add(Relation.PARTICIPANT)
    return found


def to_item(actor: Actor, meeting: Head, item: Circle, held: Iterable[Relation], *, presents: bool) -> set[Relation]:
    """The relations of an actor, who ``held`` some to the meeting, to one of its items; none to a closed one.

    ``presents``: is named as presenter of this item.
    """
    found = set(held)
    if not found:
        return found
    if item.restricted:
        own = actor.person_id == meeting.secretary_id
        made = actor.person_id == item.made_by and Relation.SECRETARIAT in found
        invited = actor.person_id in item.invitees and Relation.PARTICIPANT in found
        if not (own or made or invited or Relation.CHAIR in found):
            return set()
        if not (own or made):
            found.discard(Relation.SECRETARIAT)
    if Relation.PARTICIPANT in found:
        found.add(Relation.INVITEE)
    if presents:
        found.add(Relation.PRESENTER)
    return found


# ---- what is asked for


def title(text: str) -> str:
    """A title as it is kept: one line, 1 to 500 characters."""
    cleaned = texts.line(text)
    if not cleaned:
        raise DomainError("meetings.no_title")
    if len(cleaned) > TITLE_CHARACTERS:
        raise DomainError("meetings.too_long", limit=TITLE_CHARACTERS)
    return cleaned


def words(text: str) -> str:
    """Free text as it is kept: trimmed, at most 4,000 characters."""
    cleaned = texts.words(text)
    if len(cleaned) > TEXT_CHARACTERS:
        raise DomainError("meetings.too_long", limit=TEXT_CHARACTERS)
    return cleaned


def moment(text: str) -> str:
    """An ISO 8601 moment with an offset, as it is kept (UTC)."""
    try:
        parsed = datetime.fromisoformat(text)
        kept = stamp(parsed)
    except (ValueError, OverflowError) as error:
        raise DomainError("meetings.bad_time", value=text[:40]) from error
    if parsed.tzinfo is None:
        raise DomainError("meetings.bad_time", value=text[:40])
    return kept


def times(starts_at: str, ends_at: str | None) -> tuple[str, str | None]:
    """Begin and end as they are kept; the end, where given, is after the begin."""
    start, end = moment(starts_at), None if ends_at is None else moment(ends_at)
    if end is not None and end <= start:
        raise DomainError("meetings.ends_before_start")
    return start, end


def minutes(value: int) -> int:
    """The minutes of an item: 0 to 24 hours."""
    if not 0 <= value <= MAX_MINUTES:
        raise DomainError("meetings.bad_minutes", limit=MAX_MINUTES)
    return value


def offline_hours(value: int) -> int:
    """For how many hours without network papers open on a tablet: 0 (none is kept there) to a week."""
    if not 0 <= value <= MAX_OFFLINE_HOURS:
        raise DomainError("meetings.bad_hours", limit=MAX_OFFLINE_HOURS)
    return value


def check_participants(wanted: Sequence[ParticipantInput], sites: Iterable[str]) -> None:
    """Refuse a list in which somebody is twice, two chair it, or a site is not the meeting's."""
    people = [each.person_id for each in wanted]
    if len(set(people)) != len(people):
        raise DomainError("meetings.person_twice")
    if len(people) > MAX_PARTICIPANTS:
        raise DomainError("too_large", limit=MAX_PARTICIPANTS)
    roles = [each.role for each in wanted]
    if roles.count("chair") > 1 or roles.count("secretary") > 1:
        raise DomainError("meetings.role_twice")
    if not {each.site_id for each in wanted if each.site_id is not None} <= set(sites):
        raise DomainError("meetings.unknown_site")


def with_heads(
    wanted: Sequence[ParticipantInput], chair_id: str | None, secretary_id: str | None
) -> list[ParticipantInput]:
    """The list as it will be: chair and secretary always take part, first unless the list places them.

    A list that names another chair or secretary is followed; one that names none keeps who is.
    """
    people = {each.person_id: each for each in wanted}
    front: list[ParticipantInput] = []
    for role, person in (("chair", chair_id), ("secretary", secretary_id)):
        named = any(each.role == role for each in wanted)
        if named or person is None:
            continue
        if person in people and people[person].role in {"member", "invitee"}:
            people[person] = structs.replace(people[person], role=role)
        elif person not in people:
            front.append(ParticipantInput(person_id=person, role=role))  # type: ignore[arg-type]
    return [*front, *people.values()]


def reordered(present: Sequence[str], wanted: Sequence[str]) -> tuple[str, ...]:
    """The wanted order of items; refused unless it has exactly the items that are there."""
    if sorted(present) != sorted(wanted):
        raise DomainError("meetings.order_mismatch")
    return tuple(wanted)


def check_removable(*, general: bool, state: ItemState) -> None:
    """An item that was or is being discussed stays in the record; the general one goes with the meeting."""
    if general:
        raise DomainError("meetings.general_item")
    if state != "pending":
        raise DomainError("meetings.item_begun")


def may(relations: Iterable[Relation], state: MeetingState, permitted: Mapping[str, frozenset[Relation]]) -> list[str]:
    """The verbs on a meeting that an actor with ``relations`` may do now, in order."""
    held = frozenset(relations)
    mine = (verb for verb, who in permitted.items() if Relation.PERSON not in who and not who.isdisjoint(held))
    return sorted(verb for verb in mine if verb not in ALLOWED_IN or state in ALLOWED_IN[verb])
