"""Enrolling a key in a file, of a person or as a body's seal; in the demo and in trials only.

A key in a file is as safe as the file; whoever copies it and guesses the password signs in that name. Keys that cannot
be copied (token, HSM, remote signing) are what real signing needs; they are named in the configuration.
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

from cryptography import x509

from server.core import access, journal
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import Event, stamp
from server.signatures import store
from server.signatures.actions.keys import files, holders, opening, stores
from server.signatures.child import check_image
from server.signatures.child.pictures import clean
from server.signatures.models import Key
from server.signatures.rules import keys as key_rules
from server.signatures.rules import same_name
from server.signatures.wire import KeyEnrolled, SigningKey

if TYPE_CHECKING:
    from server.config import Config
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.signatures.child.pictures import Picture
    from server.signatures.models import KeyKind

AUDIT_STREAM = "x:signatures"
PICTURE_SECONDS, PICTURE_MEMORY_MIB = 20.0, 512


async def enrol_pkcs12(
    core: Core, person_id: str, p12: bytes, password: str, image: bytes | None, *, actor: Actor
) -> SigningKey:
    """Enrol a key for a person; the one before ends. ``image``: PNG of the handwritten signature, transparent.

    Raises ``signatures.file_keys_refused``, ``signatures.other_name``, ``signing.…``.
    """
    return await _enrol(core, holders.person(person_id), p12, password, image, None, actor)


async def enrol_seal(
    core: Core, body_id: str, p12: bytes, password: str, image: bytes | None, *, width_mm: float, actor: Actor
) -> SigningKey:
    """Enrol a key as a body's seal; the one before ends. ``image``: PNG of the seal, drawn ``width_mm`` wide.

    Raises ``signatures.seal_size`` and what ``enrol_pkcs12`` raises.
    """
    key_rules.require_seal_width(width_mm)
    return await _enrol(core, holders.body(body_id), p12, password, image, width_mm, actor)


async def enrol_stored(
    core: Core,
    holder: str,
    place: str,
    name: str,
    pin: str,
    image: bytes | None,
    *,
    width_mm: float | None = None,
    actor: Actor,
) -> SigningKey:
    """Enrol a key that lies in a token or service of the configuration; a PIN only tries it, and is not kept.

    Without one, and where the configuration names none, a token is asked for the certificate alone: no browser sends
    a PIN for this, and whether the key opens is known when it signs.

    Args:
        core: the house.
        holder: "person:<id>" or "body:<id>".
        place: the name of token or service in the configuration.
        name: of the key there.
        pin: what opens it; empty where the configuration names one, or it is not to be tried.
        image: PNG of the handwritten signature or of the seal.
        width_mm: of the seal's picture.
        actor: an administrator.

    Raises:
        DomainError: ``signatures.store_gone``, ``.other_name``, ``.seal_size``, ``signing.…``.
    """
    if width_mm is not None:
        key_rules.require_seal_width(width_mm)
    full_name = await core.db.read(lambda read: _name_of(read, actor, holder))
    kind, reference = kind_of(core.config, place), f"{place}/{name}"
    if kind == "pkcs11" and not (pin or core.config.signing.tokens[place].pin):
        certificate, chain = await stores.looked_up(core, place, name)
    else:
        signer = await opening.tried(core, holder, kind, reference, pin)
        certificate, chain = signer.certificate, signer.chain
    require_name(certificate, full_name)
    kept = await keep_image(core, (await taken(core, image)).png if image else None)
    key = Key(
        id=new_id(), holder=holder, kind=kind, certificate=certificate, chain=chain, reference=reference,
        image_sha256=kept, image_width_mm=width_mm, enrolled_at=stamp(core.clock.now()), enrolled_by=actor.person_id,
    )  # fmt: skip
    await core.db.write(lambda tx: enrol_txn(tx, key, actor))
    return holders.view(key)


def kind_of(config: Config, place: str) -> KeyKind:
    """Whether a name of the configuration is a token or a service. Raises ``signatures.store_gone``."""
    if place in config.signing.tokens:
        return "pkcs11"
    if place in config.signing.services:
        return "csc"
    raise DomainError("signatures.store_gone", name=place)


async def _enrol(
    core: Core, holder: str, p12: bytes, password: str, image: bytes | None, width_mm: float | None, actor: Actor
) -> SigningKey:
    files.require_file_keys(core.config)
    name = await core.db.read(lambda read: _name_of(read, actor, holder))
    signer = await files.load(p12, password)
    require_name(signer.certificate, name)
    key_id = new_id()
    key = Key(
        id=key_id, holder=holder, certificate=signer.certificate, chain=signer.chain, reference=f"{key_id}.p12",
        image_sha256=await keep_image(core, image), image_width_mm=width_mm,
        enrolled_at=stamp(core.clock.now()), enrolled_by=actor.person_id,
    )  # fmt: skip
    path = files.folder(core.config) / key.reference
    await asyncio.to_thread(files.write, path, p12)
    try:
        ended = await core.db.write(lambda tx: enrol_txn(tx, key, actor))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if ended is not None and ended.kind == "pkcs12":
        (files.folder(core.config) / ended.reference).unlink(missing_ok=True)
    return holders.view(key)


def require_name(certificate: bytes, name: str) -> None:
    """Raise ``signatures.other_name`` unless a certificate (DER) is made out to ``name``."""
    holder = holders.common_name(x509.load_der_x509_certificate(certificate).subject)
    if not same_name(holder, name):
        raise DomainError("signatures.other_name", holder=holder, name=name)


async def taken(core: Core, image: bytes) -> Picture:
    """A picture of a seal or signature through the gate, fit to be kept. Raises ``signatures.picture_…``."""
    return await core.gate.run(clean, image, timeout=PICTURE_SECONDS, memory_mib=PICTURE_MEMORY_MIB)


async def keep_image(core: Core, image: bytes | None) -> str | None:
    """The picture's SHA-256, after it was looked at and kept. Raises ``signing.image_…``."""
    if image is None:
        return None
    await core.workers.run(check_image, image)
    return (await core.blobs.put(image)).sha256


def _name_of(read: Read, actor: Actor, holder: str) -> str:
    _require(read, actor, holder)
    return holders.name_of(read, holder)


def _require(read: Read, actor: Actor, holder: str) -> None:
    kind, _, owner = holder.partition(":")
    access.require("signatures.enrol", access.relations(read, actor, "person" if kind == "person" else "body", owner))


def enrol_txn(tx: Tx, key: Key, actor: Actor) -> Key | None:
    """Store a key; the one that it replaces.

    Without a receipt, which would keep a fast hash of the password; to enrol again is only to replace.
    """
    _require(tx, actor, key.holder)
    before = store.key_of(tx, key.holder)
    store.replace_key_txn(tx, key)
    record_txn(tx, enrolled(key), actor)
    return before


def enrolled(key: Key) -> KeyEnrolled:
    """What the audit keeps of an enrolled key."""
    fingerprint = hashlib.sha256(key.certificate).hexdigest()
    return KeyEnrolled(person_id=key.owner_id, fingerprint=fingerprint, image=key.image_sha256 or "")


def record_txn(tx: Tx, event: Event, actor: Actor) -> None:
    """Keep an act on keys for the audit; nobody follows that stream."""
    journal.open_stream(tx, AUDIT_STREAM, audience=AUDIT_STREAM)
    journal.append(tx, AUDIT_STREAM, event, actor=actor.person_id)
