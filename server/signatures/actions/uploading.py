"""Papers signed elsewhere, by a desktop plug-in say: taken where they are ours, byte for byte, and the signer's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.core.errors import DomainError
from server.documents import actions as documents
from server.signatures import rules
from server.signatures.actions import asking, making, signing, trust
from server.signatures.child.accepting import Accepted, accept_file
from server.signatures.models import Made
from server.signatures.wire import SigningRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx


async def to_sign(core: Core, request_id: str, *, actor: Actor) -> SigningRequest:
    """The request whose file is fetched to be signed elsewhere: its ``sha256`` names the bytes, all of them.

    Who is asked to sign a paper may take this file, also where others only read it. Raises what ``upload`` raises
    before it looks into the file.
    """
    return await core.db.read(lambda read: _waiting(read, actor, request_id))


async def upload(core: Core, request_id: str, chunks: AsyncIterator[bytes], *, actor: Actor) -> SigningRequest:
    """Take the file that was signed elsewhere as the request's act.

    It begins with the version that waits, has exactly one signature more, is valid as a whole, and the certificate
    bears the name of who was asked. Raises ``signing.upload_not_ours``, ``.upload_unsigned``, ``.upload_invalid``,
    ``signatures.upload_other_signer``, ``too_large``, and what recording the act raises.
    """
    answered = await core.answered(actor, SigningRequest)
    if answered is not None:
        return answered
    request = await core.db.read(lambda read: _waiting(read, actor, request_id))
    async with making.folder(core) as folder:
        path = f"{folder}/given.pdf"
        await making.take(chunks, path, core.config.limits.file_bytes)
        authorities = await trust.authorities(core)
        async with core.blobs.as_file(request.sha256) as base:
            found: Accepted = await core.workers.run(
                accept_file, str(base), path, authorities, timeout=making.SECONDS, memory_mib=making.MEMORY_MIB
            )
        if not rules.same_name(found.signer, request.official_name):
            raise DomainError("signatures.upload_other_signer", signer=found.signer, name=request.official_name)
        rendition = await making.admit(core, path)
    made = Made(rendition=rendition, base_sha256=request.sha256, fields=found.fields)

    def txn(tx: Tx) -> SigningRequest:
        return signing.publish_txn(core, tx, actor, request_id, made)

    return await core.perform(txn, actor=actor, returns=SigningRequest)


def _waiting(read: Read, actor: Actor, request_id: str) -> SigningRequest:
    request = asking.find(read, actor, "signatures.sign", request_id).request
    rules.require_waiting(request)
    if request.act not in {"initial", "sign"}:
        raise DomainError("signatures.act_without_key")
    documents.check(read, actor, request.version_id)
    return request
