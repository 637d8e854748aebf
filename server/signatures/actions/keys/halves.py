"""Signing with a tablet's key: the paper is prepared here, the tablet signs, and only what verifies is taken.

What lies between the halves is a row and a blob, so that it survives the server; it is good for ten minutes, for one
person and for exactly the bytes that were seen. Finishing again gives the first answer. Who begins shows that it is
they who hold the tablet: what follows is bound to that moment by the row.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from server.core import failpoints
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp
from server.documents import actions as documents
from server.signatures import rules as common
from server.signatures import store
from server.signatures.actions import asking, dossiers, making, signing
from server.signatures.actions.keys import confirming, holders
from server.signatures.models import Made
from server.signatures.rules import keys as rules
from server.signatures.wire import SigningRequest, TabletFinish, TabletPrepare, TabletPrepared

if TYPE_CHECKING:
    from server.accounts.actions import Proven
    from server.accounts.models import Site
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.signatures.models import Key
    from server.signatures.wire import Dossier

# What was finished is answered for so long after it expired.
REMEMBERED = timedelta(days=1)

# Where a test may end the process: the signed file is stored but no version; all is done and nobody was answered.
MADE = "halves.made"
FINISHED = "halves.finished"


async def prepare(
    core: Core, request_id: str, command: TabletPrepare, *, actor: Actor, site: Site | None = None
) -> TabletPrepared:  # fmt: skip
    """First half: what the tablet has to sign for a paper that waits for its person.

    Raises ``signatures.other_bytes``, ``.signed``, ``.returned``, ``.withdrawn``, ``.key_not_valid``,
    ``.tablet_key_refused``, ``.act_without_key``, ``.step_up``, ``.no_passkey``, ``accounts.not_confirmed``, ``rate``,
    ``signing.…``.
    """
    request, dossier, key = await core.db.read(lambda read: _preparable(core, read, actor, request_id, command.key_id))
    common.require_seen(request, command.sha256)
    nonce = await confirming.begin(core, command.password, actor=actor, site=site)
    image = await core.db.read(lambda read: _image(read, key))
    drawn = msgspec.structs.replace(key, image_sha256=image)
    job = await making.job(core, request, dossier, drawn)
    async with making.folder(core) as folder:
        half = await making.prepare(core, request.sha256, job, f"{folder}/prepared")
        blob = await core.blobs.put_stream(making.pieces(f"{folder}/prepared"), max_bytes=making.LARGEST_BYTES)
    now = core.clock.now()
    session = store.Session(
        id=new_id(), request_id=request_id, person_id=actor.person_id, key_id=key.id, sha256=request.sha256,
        prepared_sha256=blob.sha256, to_sign=half.to_sign,
        expires_at=stamp(now + timedelta(seconds=rules.SESSION_SECONDS)), nonce=nonce,
    )  # fmt: skip
    await core.db.write(lambda tx: store.replace_session_txn(tx, session, forget_before=stamp(now - REMEMBERED)))
    ask = await core.db.read(lambda read: confirming.ask(read, session, site))
    return TabletPrepared(token=session.id, to_sign=session.to_sign, expires_at=session.expires_at, ask=ask)


def _preparable(
    core: Core, read: Read, actor: Actor, request_id: str, key_id: str
) -> tuple[SigningRequest, Dossier, Key]:  # fmt: skip
    asked = asking.find(read, actor, "signatures.sign", request_id)
    request = asked.request
    common.require_waiting(request)
    documents.check(read, actor, request.version_id)
    dossier = asking.of_request(read, asked)
    rules.require_tablet_act(request.act, dossier.paper_kind, demo=core.config.is_demo)
    if request.act == "sign":
        dossiers.require_signable(read, actor, dossier, asked.step_id, core.clock.now())
    return request, dossier, _usable(read, actor, key_id)


def _usable(read: Read, actor: Actor, key_id: str) -> Key:
    key, tablet = store.key(read, key_id), store.load_tablet(read, key_id)
    if key is None or tablet is None or tablet.person_id != actor.person_id:
        raise DomainError("signatures.key_not_valid")
    if tablet.state != "valid" or key.ended_at is not None:
        raise DomainError("signatures.key_not_valid")
    return key


def _image(read: Read, key: Key) -> str | None:
    """The picture of the handwritten signature, where the person has one with another key."""
    other = store.key_of(read, holders.person(key.owner_id))
    return other.image_sha256 if other else None


async def finish(
    core: Core, request_id: str, command: TabletFinish, *, actor: Actor, site: Site | None = None
) -> SigningRequest:  # fmt: skip
    """Second half: the passkey and the signature are verified, this is put into the file, and the act recorded.

    Raises ``signatures.session_gone``, ``.session_other``, ``.key_not_valid``, ``.bytes_frozen``,
    ``.step_up_passkey``, ``accounts.passkey_refused``, ``.passkey_copied``, ``signing.signature_mismatch``,
    ``signing.prepared_changed`` and others. Nothing is half done then.
    """
    session = await core.db.read(lambda read: _session(core, read, actor, request_id, command))
    if session.answer is not None:
        return msgspec.json.decode(session.answer, type=SigningRequest)
    proven = await confirming.prove(core, session, command.used, actor=actor, site=site)
    async with making.folder(core) as folder, core.blobs.as_file(session.prepared_sha256) as prepared:
        rendition, fields = await making.finish(core, str(prepared), f"{folder}/signed.pdf", command.signature)
    made = Made(rendition=rendition, base_sha256=session.sha256, fields=fields)
    failpoints.hit(MADE)

    def txn(tx: Tx) -> SigningRequest:
        return _record_txn(core, tx, actor, session, command, made, proven)

    done = await core.perform(txn, actor=actor, returns=SigningRequest)
    failpoints.hit(FINISHED)
    return done


def _session(core: Core, read: Read, actor: Actor, request_id: str, command: TabletFinish) -> store.Session:
    """The session, if it can be finished, or was by this very signature."""
    asking.find(read, actor, "signatures.sign", request_id)
    session = store.load_session(read, command.token)
    return _checked(core, read, actor, session, request_id, command)


def _checked(
    core: Core, read: Read, actor: Actor, session: store.Session | None, request_id: str, command: TabletFinish
) -> store.Session:
    if session is None or (session.request_id, session.person_id) != (request_id, actor.person_id):
        raise DomainError("signatures.session_gone")
    if session.answer is not None:
        if session.signature_sha256 != _digest(command.signature):
            raise DomainError("signatures.session_other")
        return session
    if session.expires_at < stamp(core.clock.now()):
        raise DomainError("signatures.session_gone")
    _usable(read, actor, session.key_id)
    return session


def _record_txn(
    core: Core, tx: Tx, actor: Actor, session: store.Session, command: TabletFinish, made: Made, proven: Proven | None
) -> SigningRequest:
    held = _checked(core, tx, actor, store.lock_session_txn(tx, session.id), session.request_id, command)
    if held.answer is not None:
        return msgspec.json.decode(held.answer, type=SigningRequest)
    confirming.record_txn(core, tx, actor, held, proven, command.used)
    done = signing.publish_txn(core, tx, actor, session.request_id, made)
    answer = msgspec.json.encode(done)
    store.finish_session_txn(tx, session.id, signature_sha256=_digest(command.signature), answer=answer)
    return done


def _digest(signature: bytes) -> str:
    return hashlib.sha256(signature).hexdigest()
