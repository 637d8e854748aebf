"""What comes in: a PDF is published at once; anything else waits to become one, is looked at, and then published.

Of a closed item, which not all of the desk may see, only the one who brought a file hears of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, structs

from server.core import access, failpoints, wire
from server.core.db import Published
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import Ref
from server.documents import receiving, rules
from server.documents.actions import publishing, secrecy
from server.documents.actions.telling import append, desk_stream, item_stream, person_stream
from server.documents.conversion.kinds import require_able
from server.documents.intake import take_source
from server.documents.models import Rendition
from server.documents.store import incoming as store
from server.documents.store import papers, versions
from server.documents.wire import ArrivalQuery, Incoming, IncomingChanged, IncomingDropped, IncomingLook, Paper
from server.meetings import actions as meetings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.documents.models import Findings, IncomingAct, Source
    from server.documents.store.incoming import Stored
    from server.documents.wire import IncomingPublish

# A file of a row, and a paper in its place: written, and not committed.
LISTED, PUBLISHED = "incoming.listed", "incoming.published"


class Arrival(Struct, frozen=True, kw_only=True):
    """A file to be brought to an item, or (``paper_id``) as the next version of a paper."""

    query: ArrivalQuery
    item_id: str = ""
    paper_id: str | None = None


class Queued(Published, frozen=True):
    """Something waits to be converted."""


async def arrive(core: Core, arrival: Arrival, chunks: AsyncIterator[bytes], *, actor: Actor) -> Paper | Incoming:
    """Take a file in: a PDF is a paper at once, what can become one is stored and queued; durable on return.

    Raises the gate's ``documents.…``, ``documents.no_converter``, ``documents.batch_…``, ``documents.too_many``.
    """
    wanted = await core.db.read(lambda read: _wanted(read, arrival, actor))
    receiving.require_unclassified(arrival.query.classification)

    async def is_wanted(sha256: str, found: Findings) -> None:
        if found.kind != "pdf" or arrival.query.parts > 1:
            # What is installed is found out by trying it, once.
            await asyncio.to_thread(require_able, found.kind or "", parts=arrival.query.parts)
        await core.db.read(lambda read: _require_wanted(read, arrival.query, wanted, sha256, found, actor))

    source = await take_source(core, chunks, filename=arrival.query.filename, wanted=is_wanted)
    if source.rendition is not None and _is_published_at_once(arrival.query, source.findings):
        return await publishing.publish_rendition(core, wanted, source.rendition, actor)

    def txn(tx: Tx) -> Incoming:
        access.require("documents.upload", access.relations(tx, actor, "item", wanted.item_id))
        return _arrive_txn(core, tx, arrival.query, wanted, source, actor)

    return await core.perform(txn, actor=publishing.bound_to(actor, source.sha256), returns=Incoming)


async def look(core: Core, incoming_id: str, *, actor: Actor) -> IncomingLook:
    """What came in, with the page table of its PDF once there is one."""

    def read(read: Read) -> IncomingLook:
        row = _seen(read, actor, incoming_id)
        names = tuple(file.filename for file in row.given)
        return IncomingLook(incoming=row.entity, boxes=row.found.boxes, filenames=names)

    return await core.db.read(read)


async def reach(core: Core, incoming_id: str, *, actor: Actor) -> versions.Held:
    """The PDF to be looked at. Raises ``documents.not_ready``."""

    def read(read: Read) -> versions.Held:
        row = _seen(read, actor, incoming_id)
        if row.sha256 is None:
            raise DomainError("documents.not_ready")
        return versions.Held(
            id=row.id, paper_id=row.paper_id or "", meeting_id=row.meeting_id, item_id=row.item_id, title=row.title,
            state="published", downloadable=True, sha256=row.sha256, size=row.size, pages=row.found.pages,
        )  # fmt: skip

    return await core.db.read(read)


async def publish(core: Core, incoming_id: str, command: IncomingPublish, *, actor: Actor) -> Paper:
    """What was looked at becomes a paper, or the next version of one; all of it or nothing."""

    def txn(tx: Tx) -> Paper:
        row = _held_txn(tx, actor, incoming_id)
        if row.stage != "ready" or row.sha256 is None or row.source_sha256 is None:
            raise DomainError("documents.not_ready")
        wanted = publishing.Wanted(
            item_id=row.item_id, paper_id=row.paper_id, purpose=row.purpose,
            title=rules.title(command.title, "") if command.title.strip() else row.title,
            symbol=rules.symbol(command.symbol) or row.symbol,
        )  # fmt: skip
        publishing.require_new(tx, row.item_id, row.source_sha256, actor)
        rendition = Rendition(
            sha256=row.sha256, size=row.size, source_sha256=row.source_sha256, source_kind=row.source_kind,
            findings=row.found,
        )  # fmt: skip
        secrecy.require_override_txn(tx, row.meeting_id, row.mark, command.override, actor)
        paper = publishing.publish_txn(core, tx, wanted, rendition, actor)
        secrecy.override_txn(core, tx, paper, row.mark, command.override, actor)
        _drop_txn(tx, row, "published", actor)
        failpoints.hit(PUBLISHED)
        return paper

    return await core.perform(txn, actor=actor, returns=Paper)


async def retry(core: Core, incoming_id: str, *, actor: Actor) -> Incoming:
    """Convert once more what could not be converted."""

    def txn(tx: Tx) -> Incoming:
        row = _held_txn(tx, actor, incoming_id)
        if row.stage != "failed":
            return row.entity
        tx.publish(Queued())
        return change_txn(tx, row, {"stage": "waiting", "done": 0, "tries": 0, "reason": None}, "retried", actor)

    return await core.perform(txn, actor=actor, returns=Incoming)


async def drop(core: Core, incoming_id: str, *, actor: Actor) -> IncomingDropped:
    """Throw away what came in and was not published."""

    def txn(tx: Tx) -> IncomingDropped:
        _drop_txn(tx, _held_txn(tx, actor, incoming_id), "dropped", actor)
        return IncomingDropped(id=incoming_id)

    return await core.perform(txn, actor=actor, returns=IncomingDropped)


def watch_queue(core: Core) -> asyncio.Event:
    """What is set whenever something is queued by this process."""
    queued = asyncio.Event()

    def heed(published: list[Published]) -> None:
        if any(isinstance(each, Queued) for each in published):
            queued.set()

    core.db.subscribe(heed)
    return queued


def change_txn(tx: Tx, row: Stored, values: dict[str, object], what: IncomingAct, actor: Actor | None) -> Incoming:
    """Change a row that the transaction holds, and tell the desk."""
    store.change_txn(tx, row.id, values)
    changed = structs.replace(row, **values).entity
    append(tx, _stream(tx, row), IncomingChanged(put=(changed,), what=what), actor)
    return changed


def to_incoming(read: Read, actor: Actor, incoming_id: str) -> set[access.Relation]:
    """Relations to what came in: those to its item."""
    row = store.load(read, incoming_id)
    return set() if row is None else set(access.relations(read, actor, "item", row.item_id))


def _is_published_at_once(query: ArrivalQuery, found: Findings) -> bool:
    """A PDF with a stamp of secrecy is looked at first, by the secretary."""
    return found.kind == "pdf" and query.parts == 1 and found.secret_mark == ""


def _require_wanted(
    read: Read, query: ArrivalQuery, wanted: publishing.Wanted, sha256: str, found: Findings, actor: Actor
) -> None:
    """Raise, before a file is stored, what its transaction would raise after."""
    if publishing.is_answered(read, actor):
        return
    if _is_published_at_once(query, found):
        publishing.require_new(read, wanted.item_id, sha256, actor)
    elif not query.batch or store.of_batch(read, actor.person_id, query.batch) is None:
        _require_place(read, meetings.item(read, wanted.item_id).meeting_id, query, wanted.item_id, sha256, actor)


def _require_place(read: Read, meeting_id: str, query: ArrivalQuery, item_id: str, sha256: str, actor: Actor) -> None:
    """Raise unless a new row has its place. Raises ``documents.too_many``, ``documents.duplicate``."""
    rules.require_room(store.count(read, meeting_id))
    if query.parts == 1:
        publishing.require_new(read, item_id, sha256, actor)


def _arrive_txn(
    core: Core, tx: Tx, query: ArrivalQuery, wanted: publishing.Wanted, source: Source, actor: Actor
) -> Incoming:
    meeting, item = meetings.hold_item_txn(tx, wanted.item_id)
    rules.require_open(meeting.state)
    begun = store.of_batch(tx, actor.person_id, query.batch) if query.batch else None
    row = None if begun is None else store.lock_txn(tx, begun)
    if row is None:
        _require_place(tx, meeting.id, query, item.id, source.sha256, actor)
        row = _row(core, meeting.id, query, wanted, actor)
        store.insert_txn(tx, row)
    rules.require_part((row.item_id, row.files), (item.id, query.parts), query.part, {each.no for each in row.given})
    file = store.File(
        no=query.part, filename=rules.file_name(query.filename), kind=source.kind, sha256=source.sha256,
        size=source.size,
    )  # fmt: skip
    store.add_file_txn(tx, row.id, file)
    failpoints.hit(LISTED)
    row = structs.replace(row, given=tuple(sorted((*row.given, file), key=lambda each: each.no)))
    if source.findings.secret_mark and not row.secret_mark:
        store.change_txn(tx, row.id, {"secret_mark": source.findings.secret_mark})
        row = structs.replace(row, secret_mark=source.findings.secret_mark)
    if source.rendition is not None:
        return change_txn(tx, row, _ready(source.rendition), "ready", actor)
    arrived = len(row.given)
    if arrived == row.files:
        tx.publish(Queued())
        return change_txn(tx, row, {"stage": "waiting", "done": 0}, "arrived", actor)
    return change_txn(tx, row, {"done": arrived}, "arrived", actor)


def _ready(rendition: Rendition) -> dict[str, object]:
    """A PDF that waits to be looked at: nothing is to be converted."""
    return {
        "stage": "ready", "done": 1, "sha256": rendition.sha256, "size": rendition.size,
        "findings": msgspec.json.encode(rendition.findings), "source_sha256": rendition.source_sha256,
        "source_kind": rendition.source_kind,
    }  # fmt: skip


def _row(core: Core, meeting_id: str, query: ArrivalQuery, wanted: publishing.Wanted, actor: Actor) -> Stored:
    row_id = new_id()
    return store.Stored(
        id=row_id, meeting_id=meeting_id, item_id=wanted.item_id, paper_id=wanted.paper_id, title=wanted.title,
        symbol=wanted.symbol, purpose=wanted.purpose, batch=query.batch or row_id, files=query.parts,
        stage="arriving", done=0, tries=0, leased_until=None, reason=None, sha256=None, size=0, findings=None,
        source_sha256=None, source_kind="", created_at=wire.stamp(core.clock.now()), created_by=actor.person_id,
    )  # fmt: skip


def _wanted(read: Read, arrival: Arrival, actor: Actor) -> publishing.Wanted:
    query, paper_id = arrival.query, arrival.paper_id
    if paper_id is None:
        access.require("documents.upload", access.relations(read, actor, "item", arrival.item_id))
        item_id = arrival.item_id
    else:
        access.require("documents.upload", access.relations(read, actor, "paper", paper_id))
        item_id = publishing.published(papers.load(read, paper_id)).item_id
    named = paper_id is None or query.title.strip()
    return publishing.Wanted(
        item_id=item_id, paper_id=paper_id, purpose=query.purpose, filename=query.filename,
        title=rules.title(query.title, query.filename if paper_id is None else "") if named else "",
        symbol=rules.symbol(query.symbol),
    )  # fmt: skip


def _seen(read: Read, actor: Actor, incoming_id: str) -> Stored:
    access.require("documents.upload", access.relations(read, actor, "incoming", incoming_id))
    row = store.load(read, incoming_id)
    if row is None:
        raise DomainError("not_found")
    return row


def _held_txn(tx: Tx, actor: Actor, incoming_id: str) -> Stored:
    row = _seen(tx, actor, incoming_id)
    meetings.hold_item_txn(tx, row.item_id)
    held = store.lock_txn(tx, incoming_id)
    if held is None:
        raise DomainError("not_found")
    return held


def _drop_txn(tx: Tx, row: Stored, what: IncomingAct, actor: Actor | None) -> None:
    append(tx, _stream(tx, row), IncomingChanged(gone=(Ref("incoming", row.id),), what=what), actor)
    store.drop_txn(tx, row.id)


def _stream(tx: Tx, row: Stored) -> str:
    closed = meetings.item(tx, row.item_id).restricted
    return person_stream(row.created_by) if closed else desk_stream(row.meeting_id)


# ---- what follows from acts on the agenda (hooks of meetings), and snapshots


def item_audience_changed(tx: Tx, item_id: str, audience: str) -> None:
    """What came in for an item that is closed or opened moves to where it is told now."""
    closed = audience == item_stream(item_id)
    for row in store.of_item(tx, item_id):
        desk, own = desk_stream(row.meeting_id), person_stream(row.created_by)
        before, after = (desk, own) if closed else (own, desk)
        append(tx, before, IncomingChanged(gone=(Ref("incoming", row.id),), what="moved"), None)
        append(tx, after, IncomingChanged(put=(row.entity,), what="moved"), None)


def item_removed(tx: Tx, item_id: str) -> None:
    """An item is not removed from under what came in for it."""
    count = len(store.of_item(tx, item_id))
    if count:
        raise DomainError("documents.has_incoming", count=count)


def desk_entities(read: Read, stream: str, _after: tuple[str, str] | None) -> Iterable[Incoming]:
    """What came in, as stream ``d:`` has it: nothing of a closed item."""
    rows = store.of_meeting(read, stream.partition(":")[2])
    return [row.entity for row in rows if not meetings.item(read, row.item_id).restricted]


def person_entities(read: Read, stream: str, after: tuple[str, str] | None) -> Iterable[Incoming]:
    """What came in, as stream ``u:`` has it: what one brought to closed items."""
    rows = store.of_person(read, stream.partition(":")[2])
    return [
        row.entity
        for row in rows
        if (after is None or ("incoming", row.id) > after) and meetings.item(read, row.item_id).restricted
    ]


def contents(read: Read) -> Iterable[str]:
    """Bytes that are not to be collected."""
    return store.contents(read)
