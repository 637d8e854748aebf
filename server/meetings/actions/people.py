"""People as meetings need them: names and posts from the directory, the secretariat from the grants."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from server.accounts import actions as accounts
from server.core.db import Read
from server.core.errors import DomainError
from server.directory import actions as directory
from server.meetings.models import Named
from server.meetings.rules import SECRETARIAT_ROLES
from server.meetings.wire import Person


def named(read: Read, ids: Iterable[str]) -> dict[str, Named]:
    """People by id, as the directory knows them today. Raises ``meetings.unknown_person`` if one is nobody."""
    wanted = set(ids)
    found = directory.people(read, wanted) if wanted else {}
    if wanted - set(found):
        raise DomainError("meetings.unknown_person")
    return {person_id: _named(view) for person_id, view in found.items()}


def shown(read: Read, person_id: str | None) -> Person | None:
    """One person as shown, or None for none. Raises ``meetings.unknown_person``."""
    if person_id is None:
        return None
    found = named(read, [person_id])[person_id]
    return Person(id=found.id, name=found.name, title=found.title)


def id_of(person: Person | None) -> str | None:
    """The id of a person who may be none."""
    return None if person is None else person.id


def body_name(read: Read, body_id: str) -> str:
    """The name of a body. Raises ``meetings.unknown_body``."""
    name = directory.body_names(read, [body_id]).get(body_id)
    if name is None:
        raise DomainError("meetings.unknown_body")
    return name


def secretariat(read: Read, body_id: str) -> frozenset[str]:
    """Who has a grant now as secretary or clerk of a body."""
    return accounts.holders(read, SECRETARIAT_ROLES, body_id, now=datetime.now(UTC))


def _named(view: directory.PersonView) -> Named:
    post = view.postings[0] if view.postings else None
    return Named(
        id=view.id,
        name=view.full_name,
        title=post.title if post else "",
        body_name=post.body_name if post else "",
        email=view.email,
    )
