"""A body's authority for tablets: naming its key, certifying, keeping the list of revoked certificates fresh."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from server.core import access
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp
from server.signatures import store
from server.signatures.actions.keys import enrolling, files, holders, opening
from server.signatures.child import refused_as_domain_error
from server.signatures.models import Key
from server.signatures.rules import keys as rules
from signing import SigningError
from signing.authority import certify as sign_certificate
from signing.authority import check_authority, revocation_list

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read
    from server.signatures.models import KeyKind
    from server.signatures.wire import SigningKey
    from signing.signers import Signer

# A list holds for thirty days and is made anew after seven: the authority's key may be out of reach for a while.
FRESH = timedelta(days=7)
_log = structlog.get_logger(__name__)


async def name_file(core: Core, body_id: str, p12: bytes, password: str, *, actor: Actor) -> SigningKey:
    """Name the key (PKCS#12) with which a body certifies tablets; in the demo and in trials only.

    The house signs with it by itself, so the password is kept beside it. Raises ``signatures.file_keys_refused``,
    ``signing.certificate_wrong_purpose`` and the like.
    """
    files.require_file_keys(core.config)
    await core.db.read(lambda read: _require(read, actor, body_id))
    signer = await files.load(p12, password)
    key = _key(core, body_id, "pkcs12", f"{new_id()}.p12", signer, actor)
    path = files.folder(core.config) / key.reference
    await asyncio.to_thread(files.write, path, p12)
    await asyncio.to_thread(files.write, path.with_suffix(".secret"), password.encode())
    return await _name(core, key, actor)


async def name_stored(core: Core, body_id: str, place: str, name: str, *, actor: Actor) -> SigningKey:
    """Name a key in a token or service of the configuration; it is opened by the PIN that is named there."""
    await core.db.read(lambda read: _require(read, actor, body_id))
    kind = enrolling.kind_of(core.config, place)
    signer = await opening.tried(core, holders.authority(body_id), kind, f"{place}/{name}", "")
    return await _name(core, _key(core, body_id, kind, f"{place}/{name}", signer, actor), actor)


def _require(read: Read, actor: Actor, body_id: str) -> None:
    access.require("signatures.enrol", access.relations(read, actor, "body", body_id))
    holders.name_of(read, holders.body(body_id))


def _key(core: Core, body_id: str, kind: KeyKind, reference: str, signer: Signer, actor: Actor) -> Key:
    try:
        check_authority(signer.certificate)
    except SigningError as why:
        raise refused_as_domain_error(why) from why
    return Key(
        id=new_id(), holder=holders.authority(body_id), kind=kind, certificate=signer.certificate, chain=signer.chain,
        reference=reference, enrolled_at=stamp(core.clock.now()), enrolled_by=actor.person_id,
    )  # fmt: skip


async def _name(core: Core, key: Key, actor: Actor) -> SigningKey:
    await core.db.write(lambda tx: enrolling.enrol_txn(tx, key, actor))
    await renew(core, key.owner_id)
    return holders.view(key)


async def certify(core: Core, body_id: str, body_name: str, request: bytes, name: str) -> tuple[bytes, Key]:
    """A certificate (DER) for a tablet's key, and the authority's own key. Raises ``signatures.no_authority``."""
    key, signer = await _opened(core, body_id)
    base = core.config.public_url.rstrip("/")
    try:
        made = await sign_certificate(
            signer, request, name, organisation=body_name, at=core.clock.now(), days=rules.CERTIFICATE_DAYS,
            crl=f"{base}/api/v1/bodies/{body_id}/revocations" if base else "",
        )  # fmt: skip
    except SigningError as why:
        raise refused_as_domain_error(why) from why
    return made, key


async def lists(core: Core) -> tuple[bytes, ...]:
    """The lists of revoked certificates of all bodies, PEM; one that is old, or behind, is made anew first."""
    bodies, known, last = await core.db.read(_lists)
    now = core.clock.now()
    for body_id in bodies:
        made = known.get(body_id)
        if made is None or made.made_at < max(stamp(now - FRESH), last.get(body_id, "")):
            await renew(core, body_id)
    return tuple(one.pem for one in await core.db.read(store.revocation_lists))


async def published(core: Core, body_id: str) -> bytes:
    """A body's list, DER, as anybody may fetch it. Raises ``not_found``."""
    await lists(core)
    known = await core.db.read(store.revocation_lists)
    found = next((one.pem for one in known if one.body_id == body_id), None)
    if found is None:
        raise DomainError("not_found")
    return x509.load_pem_x509_crl(found).public_bytes(Encoding.DER)


async def renew(core: Core, body_id: str) -> None:
    """Make a body's list anew. Where its key is out of reach the old one stays, until it is too old to be believed."""
    number = 1 + await core.db.read(lambda read: _number(read, body_id))
    at = core.clock.now()
    try:
        key, signer = await _opened(core, body_id)
        revoked = await core.db.read(lambda read: _revoked(read, body_id, key))
        pem = await revocation_list(signer, revoked, number=number, at=at)
    except (DomainError, SigningError) as why:
        _log.warning("signatures.list_not_made", body=body_id, why=str(why))
        return
    made = store.RevocationList(body_id=body_id, number=number, pem=pem, made_at=stamp(at))
    await core.db.write(lambda tx: store.put_list_txn(tx, made))


async def _opened(core: Core, body_id: str) -> tuple[Key, Signer]:
    key = await core.db.read(lambda read: store.key_of(read, holders.authority(body_id)))
    if key is None:
        raise DomainError("signatures.no_authority")
    secret = ""
    if key.kind == "pkcs12":
        secret = (await files.read(core.config, key.reference.replace(".p12", ".secret"))).decode()
    return key, await opening.opened(core, key, secret)


def _lists(read: Read) -> tuple[list[str], dict[str, store.RevocationList], dict[str, str]]:
    """Bodies with an authority, their lists, and when a key of theirs was last revoked."""
    last: dict[str, str] = {}
    for key, body_id in store.revoked_of_bodies(read):
        last[body_id] = max(last.get(body_id, ""), key.revoked_at or "")
    return store.authorities(read), {one.body_id: one for one in store.revocation_lists(read)}, last


def _number(read: Read, body_id: str) -> int:
    return next((one.number for one in store.revocation_lists(read) if one.body_id == body_id), 0)


def _revoked(read: Read, body_id: str, authority: Key) -> dict[int, datetime]:
    """Serial numbers that this key certified and that were revoked, and when."""
    issuer = x509.load_der_x509_certificate(authority.certificate).subject
    found: dict[int, datetime] = {}
    for key, of in store.revoked_of_bodies(read):
        certificate = x509.load_der_x509_certificate(key.certificate)
        if of == body_id and certificate.issuer == issuer and key.revoked_at is not None:
            found[certificate.serial_number] = datetime.fromisoformat(key.revoked_at)
    return found
