"""Access control: which relation to an object permits which verb. One table, deny by default.

A feature declares its verbs in ``rules.py`` and finds an actor's relations to an object in its store; nothing else
decides. Who has no relation at all to an object is told ``not_found``, so that refusals do not show what exists.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from server.core.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from server.core.db import Read
    from server.core.journal import OpKey


class Relation(StrEnum):
    """How an actor stands to an object."""

    PERSON = "person"  # anybody signed in
    SELF = "self"  # the person that the object is about
    ADMINISTRATOR = "administrator"
    SECRETARIAT = "secretariat"  # a secretary or clerk of the body that holds the meeting
    CHAIR = "chair"
    PRESENTER = "presenter"  # of the item in question, or of the sitting now
    PARTICIPANT = "participant"
    INVITEE = "invitee"  # of the item in question
    OFFICIAL = "official"  # asked to sign the paper in question
    CLERK = "clerk"  # a registry clerk (văn thư) of the body in question
    SCREEN = "screen"


class Role(StrEnum):
    """What a grant gives a person, in one body or everywhere."""

    ADMINISTRATOR = "administrator"
    SECRETARY = "secretary"
    CLERK = "clerk"
    OFFICIAL = "official"


class Grant(Struct, frozen=True):
    """A role, in a body or (None) in all; dated grants that are not in force are never loaded."""

    role: Role
    body_id: str | None = None


class Actor(Struct, frozen=True, kw_only=True):
    """Who asks: a person on a device, what is granted to them now, and the command's identity where it has one."""

    person_id: str
    device_id: str
    name: str = ""
    lang: str = "vi"
    grants: tuple[Grant, ...] = ()
    op: OpKey | None = None
    screen_of: str | None = None  # a display in the hall of this meeting, and nobody
    read_only: bool = False  # signed in on a borrowed device: sees what the person sees, and does nothing

    def has(self, role: Role, body_id: str | None = None) -> bool:
        """Whether ``role`` is granted everywhere, or in ``body_id``."""
        return any(g.role == role and (g.body_id is None or g.body_id == body_id) for g in self.grants)


SYSTEM = "system"

Finder: TypeAlias = "Callable[[Read, Actor, str], set[Relation]]"

_finders: dict[str, list[Finder]] = {}
_permitted: dict[str, frozenset[Relation]] = {}


def declare(permissions: Mapping[str, Iterable[Relation]]) -> None:
    """Declare verbs (``feature.verb``) with the relations that permit them; called by each feature's rules."""
    for verb, relations in permissions.items():
        _permitted[verb] = frozenset(relations)


def relate(kind: str, finder: Finder) -> None:
    """Declare ``finder(read, actor, object_id) -> relations`` for objects of ``kind``; features add to each other's."""
    if finder not in _finders.setdefault(kind, []):
        _finders[kind].append(finder)


def relations(read: Read, actor: Actor, kind: str, object_id: str) -> frozenset[Relation]:
    """All relations of an actor to an object, PERSON included; only PERSON where there is no such object.

    A screen is no person: it has the one relation to its meeting, and none to anything else.
    """
    found = {Relation.PERSON}
    for finder in _finders.get(kind, []):
        found |= finder(read, actor, object_id)
    if actor.screen_of is not None:
        return frozenset(found & {Relation.SCREEN})
    if actor.has(Role.ADMINISTRATOR):
        found.add(Relation.ADMINISTRATOR)
    return frozenset(found)


def permissions() -> Mapping[str, frozenset[Relation]]:
    """The whole table, for tests that walk every verb."""
    return dict(_permitted)


def allowed(verb: str, relations: Iterable[Relation]) -> bool:
    """Whether one of ``relations`` permits ``verb``; an undeclared verb is permitted to nobody."""
    return not _permitted.get(verb, frozenset()).isdisjoint(relations)


def require_doer(actor: Actor, *, reads: bool) -> None:
    """Raise ``read_only`` where who only reads on a borrowed device would do something; for both edges.

    ``reads``: the operation changes nothing that others see as done, but that something was read.
    """
    if actor.read_only and not reads:
        raise DomainError("read_only")


def require(verb: str, relations: Iterable[Relation]) -> None:
    """Raise ``denied``, or ``not_found`` for who has no relation to the object itself, unless permitted."""
    held = frozenset(relations)
    if allowed(verb, held):
        return
    raise DomainError("denied" if held - {Relation.PERSON, Relation.ADMINISTRATOR} else "not_found")
