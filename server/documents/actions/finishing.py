"""The end of a resumable upload: its bytes are together, and become what they are to be, exactly once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from server.core import failpoints
from server.core.errors import DomainError
from server.core.journal import OpKey
from server.documents import receiving
from server.documents.actions import duplicates, incoming, publishing, resumable
from server.documents.store import uploads
from server.documents.wire import Arrived, Paper

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read
    from server.documents.store.uploads import Part, Stored
    from server.documents.wire import UploadFinish

# All bytes are here and are those that were said; what they became is there, and the upload does not know it.
JOINED, ARRIVED = "uploads.joined", "uploads.arrived"


class Outcome(Struct, frozen=True, kw_only=True):
    """What an upload became, or the code and arguments of why it was refused for good."""

    arrived: Arrived | None = None
    code: str = ""
    args: dict[str, Any] = {}


async def finish(core: Core, upload_id: str, command: UploadFinish, *, actor: Actor) -> Arrived:
    """Make of an upload that is here whole what it is to be; asked again, the answer is the same.

    Raises ``uploads.unfinished``, ``uploads.damaged`` (the bytes are not those of the hash that was said),
    ``documents.duplicate_elsewhere`` (ask with ``again``), and whatever the gate refuses. Where it refuses for good
    the bytes are let go.
    """
    found = await resumable.own(core, upload_id, actor=actor)
    if found.answer is not None:
        return _told(msgspec.json.decode(found.answer, type=Outcome))
    if not found.whole:
        raise DomainError("uploads.unfinished", received=found.received, size=found.size)
    try:
        arrived = await _arrive(core, found, command, actor)
    except DomainError as error:
        if receiving.is_final(error.code):
            await _remember(core, upload_id, Outcome(code=error.code, args=error.args_by_name))
        raise
    failpoints.hit(ARRIVED)
    await _remember(core, upload_id, Outcome(arrived=arrived))
    return arrived


async def _arrive(core: Core, found: Stored, command: UploadFinish, actor: Actor) -> Arrived:
    parts = await core.db.read(lambda read: uploads.parts(read, found.id))
    sha256 = await _digest(core, parts)
    if found.query.sha256 not in {"", sha256}:
        raise DomainError("uploads.damaged")
    failpoints.hit(JOINED)
    again = command.again or found.query.again
    # The upload itself is the command: however often it is finished, it becomes one paper.
    once = msgspec.structs.replace(actor, op=OpKey(found.id, b"finish"))

    def require_new(read: Read) -> None:
        # A server that was killed right after has made the paper, and nobody told: what is there is its own.
        if not publishing.is_answered(read, once):
            duplicates.require_new(read, found.item_id, sha256, actor, again=again)

    await core.db.read(require_new)
    arrival = incoming.Arrival(query=found.query, item_id=found.item_id, paper_id=found.paper_id)
    made = await incoming.arrive(core, arrival, _bytes(core, parts), actor=once)
    return Arrived(paper=made, incoming=None) if isinstance(made, Paper) else Arrived(paper=None, incoming=made)


async def _digest(core: Core, parts: Sequence[Part]) -> str:
    digest = hashlib.sha256()
    async for piece in _bytes(core, parts):
        await asyncio.to_thread(digest.update, piece)
    return digest.hexdigest()


async def _bytes(core: Core, parts: Sequence[Part]) -> AsyncIterator[bytes]:
    for part in parts:
        async for piece in core.blobs.iterate(part.sha256):
            yield piece


async def _remember(core: Core, upload_id: str, outcome: Outcome) -> None:
    answer = msgspec.json.encode(outcome)
    await core.db.write(lambda tx: uploads.answer_txn(tx, upload_id, answer))


def _told(outcome: Outcome) -> Arrived:
    if outcome.arrived is None:
        raise DomainError(outcome.code, **outcome.args)
    return outcome.arrived
