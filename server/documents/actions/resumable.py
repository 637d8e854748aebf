"""Uploads that go on where they broke off: begun, continued part by part, given up, or forgotten when nothing comes.

Each part is a blob of its own, durable before the offset that counts it: any process with the same database and blob
store goes on where another one stopped, and ``kill -9`` costs no byte that was told to be received.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from server.core import access, wire
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.journal import OpKey
from server.documents import receiving, rules
from server.documents.actions import duplicates
from server.documents.actions.parts import Taker
from server.documents.actions.publishing import published
from server.documents.store import papers, uploads
from server.documents.store.uploads import Stored
from server.documents.wire import Upload, UploadMeta, Uploads
from server.meetings import actions as meetings

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx

# Uploads that are forgotten in one transaction.
_EXPIRE_AT_ONCE = 50


class Place(Struct, frozen=True, kw_only=True):
    """Where a file is to go: a new paper of an item, or the next version of a paper."""

    item_id: str = ""
    paper_id: str | None = None


async def begin(core: Core, place: Place, meta: UploadMeta, size: int, *, actor: Actor) -> Upload:
    """Begin an upload of ``size`` bytes.

    What would be refused for certain is refused here, before any byte travels: ``documents.classified``,
    ``documents.too_large``, ``documents.empty``, a quota, and where the hash is known already ``documents.duplicate``
    and ``documents.duplicate_elsewhere``.
    """
    receiving.require_unclassified(meta.classification)
    receiving.require_size(size, core.config.limits.file_bytes)
    rules.title(meta.title, meta.filename)
    rules.symbol(meta.symbol)

    def txn(tx: Tx) -> Upload:
        where = _place(tx, place, actor)
        meeting, item = meetings.hold_item_txn(tx, where.item_id)
        rules.require_open(meeting.state, signed=True)  # whether it is signed is seen when it is here
        if meta.sha256:
            duplicates.require_new(tx, item.id, meta.sha256, actor, again=meta.again)
        _require_room(core, tx, meeting.id, size, actor)
        now = core.clock.now()
        new = Stored(
            id=new_id(), meeting_id=meeting.id, item_id=item.id, paper_id=where.paper_id, person_id=actor.person_id,
            query=meta, size=size, received=0, parts=0, answer=None, created_at=wire.stamp(now),
            expires_at=_expiry(core),
        )  # fmt: skip
        uploads.insert_txn(tx, new)
        return shown(new)

    return await core.perform(txn, actor=_bound_to(actor, meta, size), returns=Upload)


def _place(read: Read, place: Place, actor: Actor) -> Place:
    if place.paper_id is None:
        access.require("documents.upload", access.relations(read, actor, "item", place.item_id))
        return place
    access.require("documents.upload", access.relations(read, actor, "paper", place.paper_id))
    paper = published(papers.load(read, place.paper_id))
    return Place(item_id=paper.item_id, paper_id=paper.id)


def _require_room(core: Core, read: Read, meeting_id: str, size: int, actor: Actor) -> None:
    count = uploads.under_way(read, actor.person_id)
    if count >= receiving.UNDER_WAY_MOST:
        raise DomainError("uploads.too_many", count=count)
    limits = core.config.limits
    receiving.require_room(
        size,
        person=(uploads.taken(read, meeting_id, actor.person_id), limits.person_bytes),
        meeting=(uploads.taken(read, meeting_id), limits.meeting_bytes),
    )


async def state(core: Core, upload_id: str, *, actor: Actor) -> Upload:
    """How much of one's upload has come. Raises ``not_found``, ``uploads.expired``."""
    return shown(await own(core, upload_id, actor=actor))


async def own(core: Core, upload_id: str, *, actor: Actor) -> Stored:
    """One's own upload, while one may still upload there."""

    def read(read: Read) -> Stored:
        found = uploads.load(read, upload_id)
        if found is None or found.person_id != actor.person_id:
            raise DomainError("not_found")
        access.require("documents.upload", access.relations(read, actor, "item", found.item_id))
        if found.expires_at <= wire.stamp(core.clock.now()):
            raise DomainError("uploads.expired")
        return found

    return await core.db.read(read)


async def unfinished(core: Core, item_id: str, *, actor: Actor) -> Uploads:
    """What one has begun to send to an item and can go on with."""

    def read(read: Read) -> Uploads:
        access.require("documents.upload", access.relations(read, actor, "item", item_id))
        found = uploads.of_item(read, item_id, actor.person_id, wire.stamp(core.clock.now()))
        return Uploads(uploads=tuple(shown(each) for each in found))

    return await core.db.read(read)


async def give_up(core: Core, upload_id: str, *, actor: Actor) -> None:
    """Forget one's upload; its bytes go with the collector."""
    await own(core, upload_id, actor=actor)
    await core.db.write(lambda tx: uploads.remove_txn(tx, [upload_id]))


async def append(
    core: Core,
    upload_id: str,
    at: int,
    chunks: AsyncIterator[bytes],
    *,
    actor: Actor,
    length: int | None = None,
    checksum: tuple[str, bytes] | None = None,
) -> Upload:
    """Put what comes behind the first ``at`` bytes; on return it is durable.

    Where the line breaks (``documents.cut`` out of ``chunks``) what came out of it is kept, unless a ``checksum`` of
    the whole request could not be compared. Raises ``uploads.offset``, ``uploads.beyond``, ``uploads.checksum``,
    ``uploads.torn``, ``documents.no_space``.
    """
    found = await own(core, upload_id, actor=actor)
    if at != found.received or found.answer is not None:
        raise DomainError("uploads.offset", received=found.received)
    if length is not None and at + length > found.size:
        raise DomainError("uploads.beyond", size=found.size)
    taker = Taker(core, found, checksum, _expiry(core))
    try:
        async for chunk in chunks:
            await taker.take(chunk)
    except DomainError as error:
        if error.code == "documents.cut":
            await taker.cut()
        raise
    await taker.end()
    return await state(core, upload_id, actor=actor)


async def forget_expired(core: Core) -> int:
    """Forget uploads for which nothing came for so long; how many. The bytes go with the collector."""
    now = wire.stamp(core.clock.now())

    def txn(tx: Tx) -> int:
        found = uploads.expired(tx, now, _EXPIRE_AT_ONCE)
        uploads.remove_txn(tx, found)
        return len(found)

    count = 0
    while (gone := await core.db.write(txn)) > 0:
        count += gone
    return count


def shown(upload: Stored) -> Upload:
    """An upload as its sender sees it."""
    return Upload(
        id=upload.id, item_id=upload.item_id, paper_id=upload.paper_id, filename=upload.query.filename,
        sha256=upload.query.sha256, size=upload.size, received=upload.received, expires_at=upload.expires_at,
    )  # fmt: skip


def _expiry(core: Core) -> str:
    return wire.stamp(core.clock.now() + timedelta(seconds=receiving.EXPIRES_SECONDS))


def _bound_to(actor: Actor, meta: UploadMeta, size: int) -> Actor:
    """What is in the headers belongs to the command: the same key with another file is another command."""
    if actor.op is None:
        return actor
    asked = hashlib.sha256(actor.op.body_hash + wire.encode([meta, size])).digest()
    return msgspec.structs.replace(actor, op=OpKey(actor.op.op_id, asked))
