"""Publishing: a file becomes a paper's first or next version, and everybody who may read it is told."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from server.core import access, failpoints, journal, wire
from server.core.errors import DomainError
from server.core.ids import new_id
from server.documents import receiving, rules
from server.documents.actions import hooks
from server.documents.actions.marking import MarksWanted
from server.documents.actions.telling import append, item_stream, notes_stream
from server.documents.intake import admit
from server.documents.models import Findings, Purpose, Rendition
from server.documents.store import papers, versions
from server.documents.wire import Paper, PapersChanged, UploadQuery
from server.meetings import actions as meetings

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.meetings.wire import Meeting


# Everything is written, and the transaction still open.
WRITTEN = "publishing.written"


class Wanted(Struct, frozen=True, kw_only=True):
    """What a publication is to be: a new paper of an item, or the next version of ``paper_id``.

    ``outcome``: it came out of the sitting, so its end does not shut it out.
    """

    item_id: str
    paper_id: str | None = None
    title: str = ""
    symbol: str = ""
    purpose: Purpose = "paper"
    filename: str = ""
    restores: bool = False
    outcome: bool = False


async def upload(core: Core, item_id: str, query: UploadQuery, chunks: AsyncIterator[bytes], *, actor: Actor) -> Paper:
    """A file becomes a new paper of an item. Raises the gate's ``documents.…``, ``documents.duplicate``."""
    await core.db.read(lambda read: access.require("documents.upload", access.relations(read, actor, "item", item_id)))
    receiving.require_unclassified(query.classification)
    wanted = Wanted(
        item_id=item_id, title=rules.title(query.title, query.filename), symbol=rules.symbol(query.symbol),
        purpose=query.purpose, filename=query.filename,
    )  # fmt: skip
    return await take(core, wanted, chunks, actor)


async def upload_version(
    core: Core, paper_id: str, query: UploadQuery, chunks: AsyncIterator[bytes], *, actor: Actor
) -> Paper:
    """A file becomes the next version of a paper; a title or symbol that is given replaces the old one."""

    def read(read: Read) -> str:
        access.require("documents.upload", access.relations(read, actor, "paper", paper_id))
        return published(papers.load(read, paper_id)).item_id

    item_id = await core.db.read(read)
    receiving.require_unclassified(query.classification)
    wanted = Wanted(
        item_id=item_id, paper_id=paper_id, symbol=rules.symbol(query.symbol),
        title=rules.title(query.title, "") if query.title.strip() else "", filename=query.filename,
    )  # fmt: skip
    return await take(core, wanted, chunks, actor)


async def publish_bytes(
    core: Core,
    item_id: str,
    pdf: bytes,
    title: str,
    purpose: Purpose,
    actor: Actor,
    *,
    paper_id: str | None = None,
    symbol: str = "",
    never_rewrite: bool = False,
) -> Paper:
    """A PDF that the system itself made becomes a paper or its next version; through the same gate.

    For other features and the demo: the caller has asked for permission, and ``actor`` is whose act it is.
    ``never_rewrite``: the very bytes are served, for what is or will be signed. Bytes that are the paper's current
    version already change nothing.
    """
    rendition = await admit(core, _once(pdf), filename="x.pdf", keep=never_rewrite)
    wanted = Wanted(
        item_id=item_id, paper_id=paper_id, title=rules.title(title, "") if title or paper_id is None else "",
        symbol=rules.symbol(symbol), purpose=purpose,
    )  # fmt: skip

    def txn(tx: Tx) -> Paper:
        meetings.hold_item_txn(tx, item_id)
        same = papers.same_source(tx, item_id, rendition.source_sha256)
        if same is not None and same.id == paper_id:
            return same
        return publish_txn(core, tx, wanted, rendition, actor)

    return await core.perform(txn, actor=bound_to(actor, rendition.source_sha256), returns=Paper)


async def take(core: Core, wanted: Wanted, chunks: AsyncIterator[bytes], actor: Actor) -> Paper:
    """Let a PDF in and publish it at once; the caller has asked for permission, and it is asked for again."""

    async def is_new(sha256: str, _found: Findings) -> None:
        await core.db.read(lambda read: require_new(read, wanted.item_id, sha256, actor))

    rendition = await admit(core, chunks, filename=wanted.filename, wanted=is_new)
    return await publish_rendition(core, wanted, rendition, actor)


def require_new(read: Read, item_id: str, source_sha256: str, actor: Actor) -> None:
    """Raise ``documents.duplicate`` where an item has a file already, but not to who asks again what was answered."""
    same = papers.same_source(read, item_id, source_sha256)
    if same is not None and not is_answered(read, actor):
        raise DomainError("documents.duplicate", title=same.title)


def is_answered(read: Read, actor: Actor) -> bool:
    """Whether this command was done before: who performs it gives the first answer then, or says what is wrong."""
    key = actor.op
    return key is not None and (actor.person_id, key.op_id) in journal.recall_many(read, [key.op_id])


async def publish_rendition(core: Core, wanted: Wanted, rendition: Rendition, actor: Actor) -> Paper:
    """Publish what has passed the gate, unless the item has it already. Raises ``documents.duplicate``.

    Raises ``documents.secret_mark`` where a stamp of secrecy was found in it: such a file comes in by ``arrive``.
    """
    if rendition.findings.secret_mark:
        raise DomainError("documents.secret_mark", mark=rendition.findings.secret_mark)

    def txn(tx: Tx) -> Paper:
        access.require("documents.upload", access.relations(tx, actor, "item", wanted.item_id))
        held = meetings.hold_item_txn(tx, wanted.item_id)  # the same file may be on its way twice
        require_new(tx, wanted.item_id, rendition.source_sha256, actor)
        return publish_txn(core, tx, wanted, rendition, actor, held=held)

    return await core.perform(txn, actor=bound_to(actor, rendition.source_sha256), returns=Paper)


def publish_txn(
    core: Core,
    tx: Tx,
    wanted: Wanted,
    rendition: Rendition,
    actor: Actor,
    *,
    held: tuple[Meeting, meetings.AgendaItem] | None = None,
) -> Paper:
    """Make the version of bytes that are stored already; the caller has asked for permission, and may hold the item."""
    meeting, item = held or meetings.hold_item_txn(tx, wanted.item_id)
    rules.require_open(meeting.state, signed=rendition.findings.signed or wanted.outcome)
    now = wire.stamp(core.clock.now())
    paper_id = wanted.paper_id
    if paper_id is None:
        paper_id = new_id()
        new = papers.NewPaper(
            id=paper_id, meeting_id=meeting.id, item_id=item.id, position=papers.next_position(tx, item.id),
            title=wanted.title, symbol=wanted.symbol, purpose=wanted.purpose, created_at=now,
            created_by=actor.person_id, marked=meeting.watermark,
        )  # fmt: skip
        papers.insert_paper_txn(tx, new)
    else:
        published(papers.lock_txn(tx, paper_id))
        given = {"title": wanted.title, "symbol": wanted.symbol}
        papers.change_txn(tx, paper_id, {key: text for key, text in given.items() if text})
    version_id = new_id()
    versions.insert_txn(tx, version_id, paper_id, rendition, (now, actor.person_id))
    audience = journal.audience_of(tx, item_stream(item.id))
    journal.open_stream(tx, notes_stream(version_id), audience=audience)
    if meeting.watermark:
        tx.publish(MarksWanted())
    paper = published(papers.load(tx, paper_id))
    act = "restored" if wanted.restores else rules.act_of(wanted.paper_id is None)
    append(tx, item_stream(item.id), PapersChanged(put=(paper,), what=act), actor)
    for hook in hooks.version_changed:
        hook(tx, actor, paper)
    failpoints.hit(WRITTEN)
    return paper


def published(paper: Paper | None) -> Paper:
    """The paper, if it can have a next version. Raises ``not_found``, ``documents.recalled``."""
    if paper is None:
        raise DomainError("not_found")
    if paper.state == "recalled":
        raise DomainError("documents.recalled")
    if paper.state == "printed":
        raise DomainError("documents.printed")
    return paper


def bound_to(actor: Actor, sha256: str) -> Actor:
    """The actor whose command is also about these bytes: the same key with another file is another command."""
    if actor.op is None:
        return actor
    asked = hashlib.sha256(actor.op.body_hash + sha256.encode()).digest()
    return msgspec.structs.replace(actor, op=journal.OpKey(actor.op.op_id, asked))


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
