"""What meetings keep that no client sees whole: an agenda item with its secrets, and who belongs to a sitting."""

from __future__ import annotations

from msgspec import Struct


class Named(Struct, frozen=True, kw_only=True):
    """A person as the directory knows them today; copied into a meeting, since a meeting is a record of its time."""

    id: str
    name: str
    title: str
    body_name: str
    email: str | None = None


class Seat(Struct, frozen=True):
    """A place at the sitting: whose it is, and whether the invitation has gone out to them."""

    person_id: str
    invited: bool


class Circle(Struct, frozen=True):
    """What decides who hears of an item: ``invitees`` (with its presenter) are read where ``restricted``."""

    id: str
    restricted: bool
    made_by: str
    invitees: frozenset[str] = frozenset()


class Head(Struct, frozen=True):
    """What decides who hears of a meeting."""

    id: str
    chair_id: str | None
    secretary_id: str | None


def meeting_stream(meeting_id: str) -> str:
    """The stream of the skeleton, which is also the name of its audience: everybody, with screens."""
    return f"m:{meeting_id}"


def desk_stream(meeting_id: str) -> str:
    """The stream of secretariat and chair, and its audience."""
    return f"d:{meeting_id}"


def item_stream(item_id: str) -> str:
    """The stream of an item; of a restricted one also its audience."""
    return f"i:{item_id}"


def person_stream(person_id: str) -> str:
    """One person's stream, and its audience."""
    return f"u:{person_id}"


def open_audience(meeting_id: str) -> str:
    """The audience of all unrestricted items of a meeting: everybody but screens."""
    return f"a:{meeting_id}"


def item_audience(meeting_id: str, item_id: str, *, restricted: bool) -> str:
    """The audience of an item's stream and of all that hangs on it."""
    return item_stream(item_id) if restricted else open_audience(meeting_id)
