"""Verbs of the directory: enter bodies and people, change them, look people up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, structs

from server.core import access, journal
from server.core.errors import DomainError
from server.core.ids import new_id
from server.directory import rules, store
from server.directory.wire import (
    Bodies,
    BodyChange,
    BodyCreate,
    BodyView,
    DirectoryChanged,
    PeoplePage,
    PeopleQuery,
    PersonChange,
    PersonCreate,
    PersonView,
)

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx

AUDIT_STREAM = "x:directory"
PAGE_LIMIT = 200


async def create_body(core: Core, command: BodyCreate, *, actor: Actor) -> BodyView:
    """Enter a body. Raises ``directory.code_taken``, ``directory.no_body``, ``directory.no_tier`` and bad values."""

    def txn(tx: Tx) -> BodyView:
        access.require("directory.change", access.relations(tx, actor, "house", ""))
        return create_body_txn(tx, command, actor=actor)

    return await core.perform(txn, actor=actor, returns=BodyView)


def create_body_txn(tx: Tx, command: BodyCreate, *, actor: Actor) -> BodyView:
    """``create_body`` inside another's transaction; the caller has asked for permission."""
    code, day = rules.check_code(command.code), rules.check_day(command.valid_from)
    name = rules.check_name(command.name)
    if store.body_id_of_code(tx, code) is not None:
        raise DomainError("directory.code_taken", code=code)
    if command.parent_id is not None and store.body_by_id(tx, command.parent_id) is None:
        raise DomainError("directory.no_body")
    if not store.tier_in_force(tx, command.tier, day):
        raise DomainError("directory.no_tier", tier=command.tier[:40], day=day)
    view = BodyView(
        id=new_id(),
        code=code,
        name=name,
        short_name=rules.clean(command.short_name)[: rules.NAME_LENGTH] or name,
        tier=command.tier,
        parent_id=command.parent_id,
        valid_from=day,
        valid_to=None,
    )
    store.insert_bodies_txn(tx, [view])
    record_txn(tx, "body_created", (view.id,), actor=actor)
    return view


async def change_body(core: Core, body_id: str, command: BodyChange, *, actor: Actor) -> BodyView:
    """Change name, abbreviation, the body above or the last day; papers and meetings keep the name of their time.

    Raises ``not_found``, ``directory.no_body``, ``directory.body_above_itself``, ``directory.days_reversed``,
    ``directory.body_in_use`` while bodies below it or posts in it outlast the day, and bad values.
    """

    def txn(tx: Tx) -> BodyView:
        access.require("directory.change", access.relations(tx, actor, "house", ""))
        before = store.body_by_id(tx, body_id)
        if before is None:
            raise DomainError("not_found")
        values = _changed_body(tx, before, command)
        if values:
            store.update_body_txn(tx, body_id, values)
            record_txn(tx, "body_changed", (body_id,), actor=actor)
        return structs.replace(before, **values)

    return await core.perform(txn, actor=actor, returns=BodyView)


def _changed_body(read: Read, before: BodyView, command: BodyChange) -> dict[str, Any]:
    name = before.name if command.name is UNSET else rules.check_name(command.name)
    # An abbreviation that was only the name repeated follows the name.
    short_name = name if before.short_name == before.name else before.short_name
    if command.short_name is not UNSET:
        short_name = rules.clean(command.short_name)[: rules.NAME_LENGTH] or name
    parent_id = before.parent_id if command.parent_id is UNSET else command.parent_id
    last = command.valid_to
    valid_to = before.valid_to if last is UNSET else None if last is None else rules.check_day(last)
    wanted = {"name": name, "short_name": short_name, "parent_id": parent_id, "valid_to": valid_to}
    values = {key: value for key, value in wanted.items() if value != getattr(before, key)}
    if "parent_id" in values and parent_id is not None:
        if store.body_by_id(read, parent_id) is None:
            raise DomainError("directory.no_body")
        if store.is_below(read, parent_id, before.id):
            raise DomainError("directory.body_above_itself")
    if "valid_to" in values and valid_to is not None:
        rules.check_days(before.valid_from, valid_to)
        bodies, posts = store.outlasting(read, before.id, valid_to)
        if bodies or posts:
            raise DomainError("directory.body_in_use", day=rules.shown_day(valid_to), bodies=bodies, posts=posts)
    return values


async def create_person(core: Core, command: PersonCreate, *, actor: Actor) -> PersonView:
    """Enter a person with a first post; opens the stream ``u:<person>``. Raises as :func:`create_body`."""

    def txn(tx: Tx) -> PersonView:
        access.require("directory.change", access.relations(tx, actor, "house", ""))
        return create_person_txn(tx, command, actor=actor)

    return await core.perform(txn, actor=actor, returns=PersonView)


def create_person_txn(tx: Tx, command: PersonCreate, *, actor: Actor) -> PersonView:
    """``create_person`` inside another's transaction; the caller has asked for permission."""
    code, day = rules.check_code(command.code), rules.check_day(command.valid_from)
    if store.person_id_of_code(tx, code) is not None:
        raise DomainError("directory.code_taken", code=code)
    if store.body_by_id(tx, command.body_id) is None:
        raise DomainError("directory.no_body")
    person_id = new_id()
    store.insert_people_txn(tx, [{"id": person_id, "code": code, **_person_values(command)}])
    store.insert_postings_txn(
        tx,
        [
            {
                "id": new_id(), "person_id": person_id, "body_id": command.body_id, "rank": 0,
                "title": rules.check_name(command.title), "valid_from": day, "valid_to": None,
            }
        ],
    )  # fmt: skip
    _open_own_stream_txn(tx, person_id)
    record_txn(tx, "person_created", (person_id,), actor=actor)
    return store.people(tx, [person_id], max(day, _today()))[person_id]


def create_operator_txn(tx: Tx, code: str, name: str, *, actor: Actor) -> str:
    """Enter who runs the house, without a post: the first administrator comes before any body. Returns the id."""
    person_id = store.person_id_of_code(tx, code)
    if person_id is None:
        person_id, name = new_id(), rules.check_name(name)
        values = {"full_name": name, "folded": rules.fold(name), "sort_key": rules.sort_key(name)}
        store.insert_people_txn(tx, [{"id": person_id, "code": code, "email": None, "phone": None, **values}])
        _open_own_stream_txn(tx, person_id)
        record_txn(tx, "person_created", (person_id,), actor=actor)
    return person_id


def _open_own_stream_txn(tx: Tx, person_id: str) -> None:
    journal.open_stream(tx, f"u:{person_id}", audience=f"u:{person_id}")
    journal.set_members(tx, f"u:{person_id}", {person_id})


def _person_values(command: PersonCreate) -> dict[str, Any]:
    name = rules.check_name(command.full_name)
    return {
        "full_name": name,
        "folded": rules.fold(name),
        "sort_key": rules.sort_key(name),
        "email": rules.check_email(command.email),
        "phone": rules.check_phone(command.phone),
    }


async def change_person(core: Core, person_id: str, command: PersonChange, *, actor: Actor) -> PersonView:
    """Change name, address or number. Raises ``not_found`` and bad values."""

    def txn(tx: Tx) -> PersonView:
        access.require("directory.change", access.relations(tx, actor, "person", person_id))
        if not store.person_exists(tx, person_id):
            raise DomainError("not_found")
        values = _changed_values(command)
        if values:
            store.update_person_txn(tx, person_id, values)
            record_txn(tx, "person_changed", (person_id,), actor=actor)
        return person(tx, person_id)

    return await core.perform(txn, actor=actor, returns=PersonView)


def _changed_values(command: PersonChange) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if command.full_name is not UNSET:
        name = rules.check_name(command.full_name)
        values |= {"full_name": name, "folded": rules.fold(name), "sort_key": rules.sort_key(name)}
    if command.email is not UNSET:
        values["email"] = rules.check_email(command.email)
    if command.phone is not UNSET:
        values["phone"] = rules.check_phone(command.phone)
    return values


async def search(core: Core, query: PeopleQuery, *, actor: Actor) -> PeoplePage:
    """People by words of the name, with or without accents, and by body; by given name, at most 200 a page."""
    words = rules.fold(query.q).split()
    limit, offset = min(max(query.limit, 1), PAGE_LIMIT), max(query.offset, 0)
    day = rules.today(core.clock.now())

    def read(read: Read) -> PeoplePage:
        access.require("directory.read", access.relations(read, actor, "house", ""))
        total, ids = store.search(read, words, query.body, day, limit, offset, coming=query.coming)
        found = store.people(read, ids, day)
        return PeoplePage(total=total, people=tuple(found[each] for each in ids))

    return await core.db.read(read)


async def bodies(core: Core, *, actor: Actor) -> Bodies:
    """All bodies in force today, parents before children, and the tiers with their law."""
    day = rules.today(core.clock.now())

    def read(read: Read) -> Bodies:
        access.require("directory.read", access.relations(read, actor, "house", ""))
        return Bodies(bodies=rules.by_descent(store.bodies(read, day)), tiers=store.tiers(read))

    return await core.db.read(read)


# ---- for other features, inside their transactions


def people(read: Read, ids: Iterable[str], *, on: str | None = None) -> dict[str, PersonView]:
    """People by id with the posts held ``on`` a day (today); ids that are nobody are left out.

    Two statements for each 500 people. ``email`` and ``phone`` are in it: show them to those who may see them.
    """
    return store.people(read, ids, on or _today())


def person(read: Read, person_id: str, *, on: str | None = None) -> PersonView:
    """One person with the posts held ``on`` a day (today). Raises ``not_found``."""
    found = store.people(read, [person_id], on or _today()).get(person_id)
    if found is None:
        raise DomainError("not_found")
    return found


def body_names(read: Read, ids: Iterable[str]) -> dict[str, str]:
    """Names of bodies by id."""
    return store.body_names(read, ids)


def body_exists(read: Read, body_id: str) -> bool:
    """Whether there is, or was, such a body."""
    return store.body_by_id(read, body_id) is not None


def record_txn(tx: Tx, what: str, ids: tuple[str, ...], *, actor: Actor) -> None:
    """Append the audit record of an act on the directory."""
    journal.open_stream(tx, AUDIT_STREAM, audience=AUDIT_STREAM)
    journal.append(tx, AUDIT_STREAM, DirectoryChanged(what=what, ids=ids), actor=actor.person_id)


def _today() -> str:
    return rules.today(datetime.now(UTC))
