"""Signing several papers with one unlocking: each by itself, so that one refusal does not stop the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from server.core import access
from server.core.errors import DomainError, text
from server.core.journal import OpKey
from server.signatures.actions import keys, signing
from server.signatures.wire import BatchResult, SignedBatch, SigningRequest

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.signatures.models import Key
    from server.signatures.wire import BatchItem, SignBatch
    from signing.signers import Signer

# So many papers are signed within the time that a proxy waits.
MOST = 50


async def sign_batch(core: Core, command: SignBatch, *, actor: Actor) -> SignedBatch:
    """Sign each of the papers that were seen; the key is opened once, for all.

    What one paper is refused for stands in its result. Sent again, the answer is the first one; a paper that was
    signed before a crash is not signed again. Raises ``signatures.batch_size``, ``.no_key``, ``.wrong_password``.
    """
    await core.db.read(
        lambda read: access.require("signatures.batch", access.relations(read, actor, "person", actor.person_id))
    )
    ids = [each.id for each in command.requests]
    if not 0 < len(ids) <= MOST or len(set(ids)) != len(ids):
        raise DomainError("signatures.batch_size", limit=MOST)
    asked = [part for each in command.requests for part in (each.id, each.sha256)]
    actor = signing.without_password(actor, "batch", *asked)
    answered = await core.answered(actor, SignedBatch)
    if answered is not None:
        return answered
    key, signer = await keys.signer_for(core, keys.person(actor.person_id), actor=actor, secret=command.password)
    results = tuple([await _signed(core, each, key, signer, actor) for each in command.requests])
    answer = SignedBatch(results=results)

    def txn(_tx: Tx) -> SignedBatch:
        return answer

    return await core.perform(txn, actor=actor, returns=SignedBatch)


async def _signed(core: Core, item: BatchItem, key: Key, signer: Signer, actor: Actor) -> BatchResult:
    own = _own(actor, item)

    def read(read: Read) -> SigningRequest:
        return signing.signable(core, read, own, item.id, item.sha256)

    try:
        done = await core.answered(own, SigningRequest)
        if done is None:
            done = await signing.sign_with(core, await core.db.read(read), key, signer, actor=own)
    except DomainError as refusal:
        return BatchResult(id=item.id, code=refusal.code, text=text(refusal, actor.lang))
    return BatchResult(id=item.id, request=done)


def _own(actor: Actor, item: BatchItem) -> Actor:
    """The command's identity for one paper of it."""
    if actor.op is None:
        return actor
    one = msgspec.structs.replace(actor, op=OpKey(f"{actor.op.op_id}:{item.id}", actor.op.body_hash))
    return signing.without_password(one, "sign", item.id, item.sha256)
