"""Reading: what papers there are, who has received and opened them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import structs

from server.core import access, journal, wire
from server.core.access import Relation
from server.core.errors import DomainError
from server.documents import rules
from server.documents.actions import guard, hooks, marking
from server.documents.actions.telling import append, desk_stream, item_stream, person_stream
from server.documents.store import overrides, papers, readings
from server.documents.store import versions as store
from server.documents.store.readings import Mark
from server.documents.wire import (
    Marked,
    Opened,
    OpenedChanged,
    OriginalTaken,
    Paper,
    Papers,
    Reader,
    Readers,
    ReadingChanged,
    Version,
    Versions,
)
from server.meetings import actions as meetings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.core.wire import Entity
    from server.documents.actions.marking import Served
    from server.documents.store.versions import Held


AUDIT_STREAM = "x:documents"


async def of_item(core: Core, item_id: str, *, actor: Actor) -> Papers:
    """The papers of an item in order, recalled ones without their bytes."""

    def read(read: Read) -> Papers:
        access.require("documents.read", access.relations(read, actor, "item", item_id))
        return Papers(papers=tuple(papers.of_item(read, item_id)))

    return await core.db.read(read)


async def original(core: Core, version_id: str, *, actor: Actor) -> Held:
    """The file as it was uploaded, before it was cleaned; for the secretariat, and each taking is recorded.

    Raises ``not_found``, also where an older build has not kept it.
    """

    def txn(tx: Tx) -> Held:
        found = guard.check(tx, actor, version_id, "documents.original")
        journal.open_stream(tx, AUDIT_STREAM, audience=AUDIT_STREAM)
        append(tx, AUDIT_STREAM, OriginalTaken(version_id=version_id), actor)
        source = store.source_of(tx, version_id)
        if source is None:
            return found
        return structs.replace(found, sha256=source, kind=store.source_kind_of(tx, version_id))

    found = await core.db.write(txn)
    return structs.replace(found, size=await core.blobs.size(found.sha256))


async def still(core: Core, version_id: str, taken: Held, *, actor: Actor) -> Served:
    """The very bytes that were ``taken``, while they may still be read. Raises ``not_found``."""
    await core.db.read(lambda read: guard.check(read, actor, version_id, "documents.original"))
    return marking.plain(taken)


async def versions(core: Core, paper_id: str, *, actor: Actor) -> Versions:
    """All versions of a paper, newest first. Of a recalled one only for the secretariat; others are told ``gone``."""

    def read(read: Read) -> Versions:
        held = access.relations(read, actor, "paper", paper_id)
        access.require("documents.read", held)
        paper = papers.load(read, paper_id)
        if paper is None:
            raise DomainError("not_found")
        if paper.state == "recalled" and Relation.SECRETARIAT not in held:
            raise DomainError("gone")
        told = overrides.of_paper(read, paper_id) if Relation.SECRETARIAT in held else ()
        return Versions(paper=paper, versions=tuple(store.of_paper(read, paper_id)), overrides=tuple(told))

    return await core.db.read(read)


async def version(core: Core, version_id: str, *, actor: Actor) -> Version:
    """One version with its whole page table."""

    def read(read: Read) -> Version:
        guard.check(read, actor, version_id)
        return _present(store.load(read, version_id))

    return await core.db.read(read)


async def readers(core: Core, version_id: str, *, actor: Actor) -> Readers:
    """Who of the meeting may read a version, in the order of its list, and who has received and opened it."""

    def read(read: Read) -> Readers:
        held = guard.check(read, actor, version_id, "documents.readers")
        audience = journal.members(read, journal.audience_of(read, item_stream(held.item_id)))
        marks = readings.marks(read, version_id)
        listed = [each.person for each in meetings.participants.listed(read, held.meeting_id)]
        return Readers(
            readers=tuple(
                Reader(
                    person_id=person.id, name=person.name, received_at=marks.get(person.id, Mark()).received_at,
                    opened_at=marks.get(person.id, Mark()).opened_at,
                )
                for person in listed
                if person.id in audience
            )
        )  # fmt: skip

    return await core.db.read(read)


async def mark(core: Core, version_id: str, what: Literal["received", "opened"], *, actor: Actor) -> Marked:
    """Somebody's device has a version, or somebody opened it; told once, later calls change nothing."""

    def txn(tx: Tx) -> Marked:
        held = guard.check(tx, actor, version_id)
        if held.state == "recalled":
            raise DomainError("gone")
        before = readings.mark_of(tx, version_id, actor.person_id) or Mark()
        now = wire.stamp(core.clock.now())
        after = Mark(before.received_at or now, before.opened_at or (now if what == "opened" else None))
        if after != before:
            mark_txn(tx, held, after, actor)
        return Marked(version_id=version_id, received_at=after.received_at, opened_at=after.opened_at)

    return await core.perform(txn, actor=actor, returns=Marked)


def mark_txn(tx: Tx, held: Held, now: Mark, actor: Actor) -> None:
    """Write what one has of a version, and tell one's devices and the desk."""
    counted = rules.is_counted(access.relations(tx, actor, "version", held.id))
    first = readings.mark_of(tx, held.id, actor.person_id) is None
    readings.set_mark_txn(tx, held.id, actor.person_id, now, counted=counted)
    stream = person_stream(actor.person_id)
    journal.open_stream(tx, stream, audience=stream)
    put = () if now.opened_at is None else (Opened(id=held.id, at=now.opened_at),)
    append(tx, stream, OpenedChanged(put=put), actor)
    count = readings.reading(tx, held.id)
    if counted and count is not None and not meetings.item(tx, held.item_id).restricted:
        append(tx, desk_stream(held.meeting_id), ReadingChanged(put=(count,)), actor)
    for hook in hooks.version_received if first else ():
        hook(tx, actor, held)


def receivers(read: Read, version_id: str) -> tuple[set[str], set[str]]:
    """Who is to receive a version, invited yet or not, and who has; the caller has asked for permission.

    Those who sit in the meeting, of a closed item those of them who may know of it. Its secretary hands the papers
    out and is not waited for.
    """
    held = store.held(read, version_id)
    if held is None or held.state == "recalled":
        return set(), set()
    listed = meetings.participants.listed(read, held.meeting_id)
    expected = {each.person.id for each in listed if each.role != "secretary"}
    if meetings.item(read, held.item_id).restricted:
        expected &= set(journal.members(read, journal.audience_of(read, item_stream(held.item_id))))
    marks = readings.marks(read, version_id)
    return expected, {person for person, mark in marks.items() if mark.received_at is not None}


def _present(found: Version | None) -> Version:
    if found is None:
        raise DomainError("not_found")
    return found


# ---- snapshots


def item_entities(read: Read, stream: str, _after: tuple[str, str] | None) -> Iterable[Paper]:
    """What papers put into stream ``i:``; a few dozen at most."""
    return papers.entities(read, stream.partition(":")[2])


def desk_entities(read: Read, stream: str, _after: tuple[str, str] | None) -> Iterable[Entity]:
    """What papers put into stream ``d:``: nothing of a closed item, which not all of the desk may see."""
    counts = readings.of_meeting(read, stream.partition(":")[2])
    closed = {item.id for item in meetings.items(read, stream.partition(":")[2]) if item.restricted}
    return [reading for item_id, reading in counts if item_id not in closed]


def person_entities(read: Read, stream: str, after: tuple[str, str] | None) -> Iterable[Entity]:
    """What papers put into stream ``u:``, from where a page of it left off."""
    opened = readings.opened_by(read, stream.partition(":")[2])
    return [each for each in opened if after is None or ("opened", each.id) > after]
