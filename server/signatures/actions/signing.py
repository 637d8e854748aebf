"""Signing and initialling: the PDF work first, outside any transaction; then paper and dossier change together."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

import msgspec

from server.core import failpoints
from server.core.errors import DomainError
from server.core.journal import OpKey
from server.documents import actions as documents
from server.signatures import rules, store
from server.signatures.actions import asking, dossiers, keys, making
from server.signatures.child.checking import empty_fields
from server.signatures.models import Made
from server.signatures.rules.format import INITIAL_FIELD
from server.signatures.wire import Act, Sign, SigningRequest

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.signatures.models import Key
    from server.signatures.wire import ActKind
    from signing.signers import Signer

T = TypeVar("T")

# Where a test may end the process: the signed file is stored but no version.
MADE = "signing.made"


async def sign(core: Core, request_id: str, command: Sign, *, actor: Actor) -> SigningRequest:
    """Sign the version that waits: the signed file becomes the paper's next version, and the request is done.

    Raises ``signatures.other_bytes`` (what was seen is not what waits), ``.signed``, ``.returned``, ``.withdrawn``,
    ``.not_allowed_now``, ``.delegation_…``, ``.no_key``, ``.wrong_password``, ``rate``, ``signing.…``. Nothing is
    half done then.
    """
    actor = without_password(actor, "sign", request_id, command.sha256)
    answered = await core.answered(actor, SigningRequest)
    if answered is not None:
        return answered
    request = await core.db.read(lambda read: signable(core, read, actor, request_id, command.sha256))
    key, signer = await keys.signer_for(core, keys.person(actor.person_id), actor=actor, secret=command.password)
    return await sign_with(core, request, key, signer, actor=actor)


async def initial(core: Core, request_id: str, command: Act, *, actor: Actor) -> SigningRequest:
    """Initial the version that waits (ký nháy): an entry of person, time and SHA-256 in the register of the dossier.

    With a password the person's key signs too, in a field for initials that the paper was printed with. Raises as
    ``sign``, and ``signatures.no_initial_field``.
    """
    if not command.password:
        return await look_over(core, request_id, command, actor=actor)
    actor = without_password(actor, "initial", request_id, command.sha256)
    answered = await core.answered(actor, SigningRequest)
    if answered is not None:
        return answered
    request = await core.db.read(lambda read: _waiting(read, actor, request_id, command.sha256, "initial"))
    async with core.blobs.as_file(request.sha256) as source:
        there = await core.workers.run(empty_fields, str(source))
    if not any(name.startswith(INITIAL_FIELD) for name in there):
        raise DomainError("signatures.no_initial_field")
    key, signer = await keys.signer_for(core, keys.person(actor.person_id), actor=actor, secret=command.password)
    return await sign_with(core, request, key, signer, actor=actor)


async def look_over(core: Core, request_id: str, command: Act, *, actor: Actor) -> SigningRequest:
    """Pass a check of the format, initial or approve, without touching the file; approval freezes its bytes."""

    def txn(tx: Tx) -> SigningRequest:
        asked, _meeting, _item = asking.hold_txn(tx, actor, "signatures.act", request_id)
        rules.require_act(asked.request, "check", "initial", "approve")
        rules.require_seen(asked.request, command.sha256)
        dossiers.advance_txn(core, tx, actor, asking.of_request(tx, asked), asked.step_id)
        return asking.found(tx, request_id)

    return await core.perform(txn, actor=actor, returns=SigningRequest)


async def approve(core: Core, request_id: str, command: Act, *, actor: Actor) -> SigningRequest:
    """Approve the version that waits: from now on nothing but our own signatures is added to these bytes."""
    return await look_over(core, request_id, command, actor=actor)


# ---- with an open key


def signable(core: Core, read: Read, actor: Actor, request_id: str, sha256: str) -> SigningRequest:
    """A request that this person may sign at this moment, having seen these bytes."""
    request = _waiting(read, actor, request_id, sha256, "sign")
    asked = asking.find(read, actor, "signatures.sign", request_id)
    dossiers.require_signable(read, actor, asking.of_request(read, asked), asked.step_id, core.clock.now())
    return request


def _waiting(read: Read, actor: Actor, request_id: str, sha256: str, act: ActKind) -> SigningRequest:
    request = asking.find(read, actor, "signatures.sign", request_id).request
    rules.require_waiting(request)
    rules.require_act(request, act)
    rules.require_seen(request, sha256)
    documents.check(read, actor, request.version_id)
    return request


async def sign_with(
    core: Core, request: SigningRequest, key: Key, signer: Signer, *, actor: Actor
) -> SigningRequest:  # fmt: skip
    """Sign for a request with a key that is open; ``actor`` carries the command's identity without the password."""
    made = await _signed(core, request, key, signer)
    failpoints.hit(MADE)

    def txn(tx: Tx) -> SigningRequest:
        return publish_txn(core, tx, actor, request.id, made)

    return await core.perform(txn, actor=actor, returns=SigningRequest)


async def _signed(core: Core, request: SigningRequest, key: Key, signer: Signer) -> Made:
    """The signed file, through the gate and durable, and the names of its signed fields."""
    dossier = await core.db.read(lambda read: store.dossiers.load(read, request.dossier_id))
    job = await making.job(core, request, dossier, key, algorithm=signer.algorithm)
    async with making.folder(core) as folder:
        half = await making.prepare(core, request.sha256, job, f"{folder}/prepared")
        signature = await signer.sign_raw(half.to_sign)
        rendition, fields = await making.finish(core, f"{folder}/prepared", f"{folder}/signed.pdf", signature)
    return Made(rendition=rendition, base_sha256=request.sha256, fields=fields)


def publish_txn(core: Core, tx: Tx, actor: Actor, request_id: str, made: Made) -> SigningRequest:
    """A file that was signed for a request becomes the paper's next version, and the request is done.

    Raises ``signatures.other_bytes`` where somebody has appended to the file in the meantime, and as
    ``dossiers.advance_txn``.
    """
    asked, _meeting, _item = asking.hold_txn(tx, actor, "signatures.sign", request_id)
    rules.require_seen(asked.request, made.base_sha256)
    dossiers.advance_txn(core, tx, actor, asking.of_request(tx, asked), asked.step_id, made=made)
    return asking.found(tx, request_id)


# ---- commands that carry a password


def without_password(actor: Actor, *asked: str) -> Actor:
    """The command's identity without the password: a receipt would keep a fast hash of it, and be guessed from."""
    if actor.op is None:
        return actor
    body = hashlib.sha256(" ".join(asked).encode()).digest()
    return msgspec.structs.replace(actor, op=OpKey(actor.op.op_id, body))
