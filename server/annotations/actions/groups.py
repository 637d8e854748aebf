"""Groups that share a layer of notes, e.g. a leader and an aide: made by naming people, left, and ended by nobody else.

Only who is in a group knows of it: each member's own stream ``u:`` carries it. Every change is on those streams, and
so in their audit chains.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from server.annotations import rules, store
from server.annotations.actions import layers
from server.annotations.wire import (
    LayerReaders,
    NoteGroup,
    NoteGroupAdd,
    NoteGrouped,
    NoteGroupMake,
    NoteReaders,
    NoteReadersQuery,
)
from server.core import journal
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import Ref, stamp
from server.directory import actions as directory
from server.directory.rules import clean, fold, sort_key
from server.documents import actions as documents
from server.meetings.wire import Person

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.meetings.wire import Meeting, Participant

_SHOWN = 100


async def make_group(core: Core, version_id: str, command: NoteGroupMake, *, actor: Actor) -> NoteGroup:
    """Share a layer with people who may read the version, on all papers of its meeting.

    Raises ``not_found`` for who may not read it, ``annotations.not_reader``, ``annotations.group_size``,
    ``annotations.too_many_groups``.
    """
    at, name = stamp(core.clock.now()), clean(command.name)
    if not name:
        raise DomainError("invalid_input", detail="name")

    def txn(tx: Tx) -> NoteGroup:
        meeting_id = _meeting_of(tx, version_id, actor)
        members = _readers(tx, version_id, rules.named(actor.person_id, command.person_ids))
        if store.made_by(tx, meeting_id, actor.person_id) >= rules.GROUPS_OF_ONE:
            raise DomainError("annotations.too_many_groups", limit=rules.GROUPS_OF_ONE)
        made = store.Group(id=new_id(), meeting_id=meeting_id, name=name, made_by=actor.person_id, made_at=at)
        store.insert_group_txn(tx, made)
        store.enter_group_txn(tx, made.id, members, at)
        return _tell(tx, made, (), actor)

    return await core.perform(txn, actor=actor, returns=NoteGroup)


async def add_members(core: Core, group_id: str, command: NoteGroupAdd, *, actor: Actor) -> NoteGroup:
    """Let more people in, who may read the version; they see what is already there. By the group's keeper.

    Raises ``not_found``, ``denied``, ``annotations.not_reader``, ``annotations.group_size``.
    """
    at = stamp(core.clock.now())

    def txn(tx: Tx) -> NoteGroup:
        group, before = _held(tx, group_id, actor)
        if rules.keeper(before) != actor.person_id:
            raise DomainError("denied")
        if _meeting_of(tx, command.version_id, actor) != group.meeting_id:
            raise DomainError("not_found")
        added = _readers(tx, command.version_id, rules.joined(before, command.person_ids))
        if added:
            store.enter_group_txn(tx, group_id, added, at)
        return _changed(tx, group, before, actor)

    return await core.perform(txn, actor=actor, returns=NoteGroup)


async def remove_member(core: Core, group_id: str, person_id: str, *, actor: Actor) -> NoteGroup:
    """Leave a group, or as its keeper take somebody out. What they wrote stays with those who are in it.

    Raises ``not_found``, ``denied``.
    """
    at = stamp(core.clock.now())

    def txn(tx: Tx) -> NoteGroup:
        group, before = _held(tx, group_id, actor)
        rules.check_removal(actor.person_id, person_id, before)
        store.leave_group_txn(tx, group_id, person_id, at)
        return _changed(tx, group, before, actor)

    return await core.perform(txn, actor=actor, returns=NoteGroup)


async def note_readers(core: Core, version_id: str, query: NoteReadersQuery, *, actor: Actor) -> NoteReaders:
    """Who reads what is shared on a version, and how many read each layer of the actor's groups; ``not_found``."""

    def read(read: Read) -> NoteReaders:
        meeting_id = _meeting_of(read, version_id, actor)
        everybody = journal.members(read, journal.audience_of(read, f"s:{version_id}"))
        found = [each for each in _people(read, everybody) if fold(query.q) in fold(each.name)]
        groups = [store.group(read, group_id) for group_id in store.groups_of(read, actor.person_id)]
        return NoteReaders(
            count=len(everybody),
            people=tuple(sorted(found, key=lambda each: (sort_key(each.name), each.id))[:_SHOWN]),
            groups=tuple(
                LayerReaders(group_id=group.id, count=len(layers.readers(read, version_id, group.id)))
                for group in groups
                if group is not None and group.meeting_id == meeting_id
            ),
        )

    return await core.db.read(read)


# ---- for the set-up


def snapshot(read: Read, stream: str, after: tuple[str, str] | None) -> Iterator[NoteGroup]:
    """The groups that somebody is in: this feature's part of the state of stream ``u:``, in key order."""
    del after  # few, and catch-up leaves out what it has
    for group_id in store.groups_of(read, stream.partition(":")[2]):
        group = store.group(read, group_id)
        if group is not None:
            yield _shown(read, group)


def on_left(tx: Tx, actor: Actor, meeting: Meeting, left: Sequence[Participant]) -> None:
    """Who no longer takes part is in no group of the meeting."""
    at = stamp(datetime.now(UTC))
    for person_id in sorted({each.person.id for each in left}):
        for group_id in store.groups_of(tx, person_id):
            group = store.group(tx, group_id, lock=True)
            if group is not None and group.meeting_id == meeting.id:
                before = _ids(store.group_members(tx, group_id))
                store.leave_group_txn(tx, group_id, person_id, at)
                _changed(tx, group, before, actor)


# ---- inside


def _meeting_of(read: Read, version_id: str, actor: Actor) -> str:
    """The meeting of a version that the actor may read. Raises ``not_found``."""
    if not journal.may_read(read, f"s:{version_id}", actor.person_id):
        raise DomainError("not_found")
    held = documents.held(read, version_id)
    if held is None:
        raise DomainError("not_found")
    return held.meeting_id


def _held(tx: Tx, group_id: str, actor: Actor) -> tuple[store.Group, tuple[str, ...]]:
    """A group that the actor is in, locked, and its members. Raises ``not_found``."""
    group = store.group(tx, group_id, lock=True)
    members = _ids(store.group_members(tx, group_id))
    if group is None or actor.person_id not in members:
        raise DomainError("not_found")
    return group, members


def _readers(read: Read, version_id: str, wanted: Sequence[str]) -> tuple[Person, ...]:
    """These people, all of whom may read the version, in the same order. Raises ``annotations.not_reader``."""
    if journal.who_may_read(read, f"s:{version_id}", sorted(wanted)) != frozenset(wanted):
        raise DomainError("annotations.not_reader")
    known = {person.id: person for person in _people(read, wanted)}
    if known.keys() != set(wanted):
        raise DomainError("annotations.not_reader")
    return tuple(known[person_id] for person_id in wanted)


def _people(read: Read, ids: Sequence[str] | frozenset[str]) -> list[Person]:
    views = directory.people(read, ids).values() if ids else ()
    return [
        Person(id=view.id, name=view.full_name, title=view.postings[0].title if view.postings else "") for view in views
    ]


def _changed(tx: Tx, group: store.Group, before: tuple[str, ...], actor: Actor) -> NoteGroup:
    layers.follow_group_txn(tx, group.id)
    return _tell(tx, group, before, actor)


def _tell(tx: Tx, group: store.Group, before: tuple[str, ...], actor: Actor) -> NoteGroup:
    """Tell everybody who is in the group now, and who was and is not any more."""
    shown = _shown(tx, group)
    present = _ids(shown.members)
    for person_id in sorted({*before, *present}):
        event = NoteGrouped(put=(shown,)) if person_id in present else NoteGrouped(gone=(Ref("note_group", group.id),))
        journal.append(tx, f"u:{person_id}", event, actor=actor.person_id, op_id=actor.op.op_id if actor.op else None)
    return shown


def _shown(read: Read, group: store.Group) -> NoteGroup:
    members = store.group_members(read, group.id)
    return NoteGroup(
        id=group.id, meeting_id=group.meeting_id, name=group.name, keeper=rules.keeper(_ids(members)), members=members
    )


def _ids(people: Sequence[Person]) -> tuple[str, ...]:
    return tuple(person.id for person in people)
