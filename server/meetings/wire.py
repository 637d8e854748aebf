"""Messages of meetings: the sitting's skeleton, agenda, participants and life cycle."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from server.core.wire import Command, Entity, Event, View

MeetingState = Literal["draft", "convened", "live", "ended", "postponed", "cancelled"]
ItemState = Literal["pending", "current", "done"]
ParticipantRole = Literal["chair", "secretary", "member", "invitee"]
Scope = Literal["attend", "speak", "vote"]
Answer = Literal["none", "accepted", "declined", "substitute"]


class Site(Struct, frozen=True, kw_only=True):
    """A place from which people take part (điểm cầu)."""

    id: str
    name: str


class Person(Struct, frozen=True, kw_only=True):
    """A person as shown: id, full name, post."""

    id: str
    name: str
    title: str


# ---- stream m: (all participants and screens; fit for the hall)


class Meeting(Entity, tag="meeting", frozen=True, kw_only=True):
    """The sitting. ``presenter`` presents now; ``current_item`` is under discussion. Moments are UTC, ISO 8601.

    ``offline_hours``: how long a tablet opens its papers after it was last connected; 0 keeps none of them there.
    ``watermark``: each recipient's copies of its papers carry their name.
    """

    title: str
    body_id: str
    body_name: str
    state: MeetingState
    starts_at: str
    ends_at: str | None
    place: str
    chair: Person | None
    secretary: Person | None
    sites: tuple[Site, ...]
    current_item: str | None
    item_since: str | None
    presenter: Person | None
    started_at: str | None
    ended_at: str | None
    note: str
    participants: int
    offline_hours: int = 24
    watermark: bool = False


class Item(Entity, tag="item", frozen=True, kw_only=True):
    """An agenda item as everybody may see it; of a restricted one only its place, minutes and "Phần họp kín".

    ``general`` marks the item 0 that holds the papers of the meeting itself (giấy mời, chương trình họp).
    """

    meeting_id: str
    position: int
    general: bool
    restricted: bool
    title: str
    minutes: int
    presenter_name: str
    state: ItemState


class ScreenAdd(Command, frozen=True, kw_only=True):
    """A display in the hall; ``name`` says where it stands."""

    name: str


class ScreenView(Struct, frozen=True, kw_only=True):
    """A display of a meeting, and whether it has signed in."""

    id: str
    name: str
    signed_in: bool


class Screens(View, frozen=True, kw_only=True):
    """The displays of a meeting."""

    screens: tuple[ScreenView, ...]


class ScreenGiven(View, frozen=True, kw_only=True):
    """Shown once: the one-time code by which the display signs in."""

    id: str
    name: str
    code: str
    expires_at: str


# ---- stream i: (those invited to the item)


class ItemDetail(Entity, tag="item_detail", frozen=True, kw_only=True):
    """An agenda item as those invited to it see it. ``questions``: what opinions are asked on."""

    meeting_id: str
    title: str
    questions: tuple[str, ...]
    presenter: Person | None
    invitees: tuple[str, ...]  # person ids where restricted, else empty: all participants


# ---- stream d: (secretariat and chair)


class Participant(Entity, tag="participant", frozen=True, kw_only=True):
    """A participant with the state of the invitation; moments are None until it happened."""

    person: Person
    body_name: str
    role: ParticipantRole
    scope: Scope
    voting_right: bool
    on_behalf_of: str | None
    substitute_for: str | None
    site_id: str | None
    position: int
    sent_at: str | None
    mail: Literal["none", "queued", "sent", "failed"]
    delivered_at: str | None
    opened_at: str | None
    answer: Answer
    answered_at: str | None
    reason: str
    substitute: Person | None


# ---- stream u: (one person)


class MyMeeting(Entity, tag="my_meeting", frozen=True, kw_only=True):
    """That a person takes part in a meeting, and how; ``id`` is the meeting's. The rest is in stream ``m:``."""

    participant_id: str
    role: ParticipantRole
    scope: Scope
    starts_at: str
    invited_at: str | None
    answer: Answer
    answered_at: str | None
    delivered_at: str | None
    opened_at: str | None


# ---- events


class MeetingChanged(Event, tag="meetings.changed", frozen=True, kw_only=True):
    """The skeleton changed; ``what`` names the act: created, edited, convened and so on."""

    put: tuple[Meeting | Item, ...] = ()
    what: str


class AgendaChanged(Event, tag="meetings.agenda_changed", frozen=True, kw_only=True):
    """Items were added, edited, moved or removed (stream ``m:``)."""

    put: tuple[Item | Meeting, ...] = ()


class ItemChanged(Event, tag="meetings.item_changed", frozen=True, kw_only=True):
    """What those invited to an item see of it changed (stream ``i:``)."""

    put: tuple[ItemDetail, ...] = ()


class ParticipantsChanged(Event, tag="meetings.participants_changed", frozen=True, kw_only=True):
    """The list of participants, or one's state, changed (stream ``d:``)."""

    put: tuple[Participant, ...] = ()


class MyMeetingsChanged(Event, tag="meetings.mine_changed", frozen=True, kw_only=True):
    """One's own part in a meeting changed (stream ``u:``)."""

    put: tuple[MyMeeting, ...] = ()


# ---- commands and views


class MeetingCreate(Command, frozen=True, kw_only=True):
    """A new meeting, as a draft. ``starts_at`` and ``ends_at`` are ISO 8601 with an offset."""

    title: str
    body_id: str
    starts_at: str
    ends_at: str | None = None
    place: str = ""
    note: str = ""
    chair_id: str | None = None
    secretary_id: str | None = None
    sites: tuple[str, ...] = ()
    offline_hours: int = 24
    watermark: bool = False


class MeetingEdit(Command, frozen=True, kw_only=True):
    """Change what is given, leave the rest."""

    title: str | UnsetType = UNSET
    starts_at: str | UnsetType = UNSET
    ends_at: str | UnsetType | None = UNSET
    place: str | UnsetType = UNSET
    note: str | UnsetType = UNSET
    chair_id: str | UnsetType | None = UNSET
    secretary_id: str | UnsetType | None = UNSET
    sites: tuple[str, ...] | UnsetType = UNSET
    offline_hours: int | UnsetType = UNSET
    watermark: bool | UnsetType = UNSET


class MeetingCopy(Command, frozen=True, kw_only=True):
    """A new draft with the same agenda and participants, without papers and answers."""

    title: str
    starts_at: str


class MeetingPostpone(Command, frozen=True, kw_only=True):
    """Put the meeting off, to a new time or until further notice (None)."""

    starts_at: str | None = None
    reason: str = ""


class MeetingCancel(Command, frozen=True, kw_only=True):
    """Call the meeting off."""

    reason: str = ""


class ItemCreate(Command, frozen=True, kw_only=True):
    """A new agenda item at the end. ``invitees`` (person ids) are read where ``restricted``."""

    title: str
    minutes: int = 15
    presenter_id: str | None = None
    questions: tuple[str, ...] = ()
    restricted: bool = False
    invitees: tuple[str, ...] = ()


class ItemEdit(Command, frozen=True, kw_only=True):
    """Change what is given, leave the rest."""

    title: str | UnsetType = UNSET
    minutes: int | UnsetType = UNSET
    presenter_id: str | UnsetType | None = UNSET
    questions: tuple[str, ...] | UnsetType = UNSET
    restricted: bool | UnsetType = UNSET
    invitees: tuple[str, ...] | UnsetType = UNSET


class AgendaOrder(Command, frozen=True, kw_only=True):
    """The wanted order: ids of all items but the general one."""

    items: tuple[str, ...]


class ParticipantInput(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A participant as wanted."""

    person_id: str
    role: ParticipantRole = "member"
    scope: Scope = "speak"
    voting_right: bool = False
    on_behalf_of: str | None = None
    site_id: str | None = None


class ParticipantsSet(Command, frozen=True, kw_only=True):
    """The wanted list of participants, in order; who stays keeps the state of the invitation."""

    participants: tuple[ParticipantInput, ...]


class MeetingsQuery(Command, frozen=True, kw_only=True):
    """Which meetings to list: ``upcoming`` (with live ones and drafts), ``past`` or ``all``."""

    when: Literal["upcoming", "past", "all"] = "upcoming"
    limit: int = 50
    offset: int = 0


class Meetings(View, frozen=True, kw_only=True):
    """Meetings that one may see."""

    total: int
    meetings: tuple[Meeting, ...]


class MeetingView(View, frozen=True, kw_only=True):
    """A meeting with the items that one may see, detailed where one is invited, and participants for the desk."""

    meeting: Meeting
    items: tuple[Item, ...]
    details: tuple[ItemDetail, ...]
    participants: tuple[Participant, ...]
    may: tuple[str, ...]  # verbs that are permitted to the reader
