"""Signing: the PDF work first, outside any transaction; then paper and request change together, or not at all."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from server.core import journal
from server.core.errors import DomainError
from server.core.journal import OpKey
from server.core.wire import stamp
from server.documents import actions as documents
from server.signatures import rules, store
from server.signatures.actions import asking, keys, making, telling
from server.signatures.store import Signed
from server.signatures.wire import Sign, SigningRequest

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.documents.models import Rendition
    from server.signatures.models import Key
    from signing.signers import Signer


async def sign(core: Core, request_id: str, command: Sign, *, actor: Actor) -> SigningRequest:
    """Sign the version that waits: the signed file becomes the paper's next version, and the request is done.

    Raises ``signatures.other_bytes`` (what was seen is not what waits), ``.signed``, ``.returned``, ``.withdrawn``,
    ``.not_allowed_now``, ``.no_key``, ``.wrong_password``, ``rate``, ``signing.…``. Nothing is half done then.
    """
    actor = _without_password(actor, request_id, command.sha256)
    answered = await _answered(core, actor)
    if answered is not None:
        return answered
    request = await core.db.read(lambda read: _signable(read, actor, request_id))
    rules.require_seen(request, command.sha256)
    key, signer = await keys.signer_for(core, keys.person(actor.person_id), actor=actor, secret=command.password)
    rendition, fields = await _signed(core, request, key, signer)

    def txn(tx: Tx) -> SigningRequest:
        return _publish_txn(core, tx, actor, request_id, rendition, fields)

    return await core.perform(txn, actor=actor, returns=SigningRequest)


def _without_password(actor: Actor, request_id: str, sha256: str) -> Actor:
    """The command's identity without the password: a receipt would keep a fast hash of it, and be guessed from."""
    if actor.op is None:
        return actor
    asked = hashlib.sha256(f"sign {request_id} {sha256}".encode()).digest()
    return msgspec.structs.replace(actor, op=OpKey(actor.op.op_id, asked))


async def _answered(core: Core, actor: Actor) -> SigningRequest | None:
    """The first answer to this very command, where it is a resend: the key is not opened twice."""
    key = actor.op
    if key is None:
        return None
    stored = await core.db.write(lambda tx: journal.recall(tx, actor.person_id, key))
    return None if stored is None else msgspec.json.decode(stored, type=SigningRequest)


def _signable(read: Read, actor: Actor, request_id: str) -> SigningRequest:
    request = asking.find(read, actor, "signatures.sign", request_id).request
    rules.require_waiting(request)
    documents.check(read, actor, request.version_id)
    return request


async def _signed(core: Core, request: SigningRequest, key: Key, signer: Signer) -> tuple[Rendition, tuple[str, ...]]:
    """The signed file, through the gate and durable, and the names of its signed fields."""
    job = await making.job(core, request.official_name, key, algorithm=signer.algorithm)
    async with making.folder(core) as folder:
        half = await making.prepare(core, request.sha256, job, f"{folder}/prepared")
        signature = await signer.sign_raw(half.to_sign)
        return await making.finish(core, f"{folder}/prepared", f"{folder}/signed.pdf", signature)


def _publish_txn(
    core: Core, tx: Tx, actor: Actor, request_id: str, rendition: Rendition, fields: tuple[str, ...]
) -> SigningRequest:
    asked, meeting, item = asking.hold_txn(tx, actor, "signatures.sign", request_id)
    if not rules.may_sign_for(actor, meeting):
        raise DomainError("signatures.not_allowed_now")
    request = asked.request
    before = store.signed(tx, request.version_id) or Signed()
    # Closed before the paper changes: what still waits for the old version is withdrawn by that change.
    at = stamp(core.clock.now())
    store.decide_txn(tx, msgspec.structs.replace(request, state="signed"))
    wanted = documents.Wanted(item_id=item.id, paper_id=request.paper_id)
    paper = documents.publish_txn(core, tx, wanted, rendition, actor)
    if paper.version is None:
        raise DomainError("signatures.withdrawn")
    store.enter_txn(tx, paper.version.id, Signed((*before.signers, actor.person_id), fields))
    return telling.decide_txn(
        tx, actor, request, "signed", at=at, restricted=item.restricted, signed_version_id=paper.version.id
    )  # fmt: skip
