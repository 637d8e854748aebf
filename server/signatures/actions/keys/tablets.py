"""Keys of tablets: a tablet asks, a registry clerk approves or refuses, clerk or owner revokes."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec.structs import replace

from server.accounts import actions as accounts
from server.core import access, journal
from server.core.access import Relation, Role
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp
from server.directory import actions as directory
from server.signatures import rules as common
from server.signatures import store
from server.signatures.actions.keys import authorities, confirming, enrolling, holders
from server.signatures.child import refused_as_domain_error
from server.signatures.models import Key
from server.signatures.rules import keys as rules
from server.signatures.wire import (
    KeyAuthority,
    KeyEnrolled,
    MyTabletKeys,
    TabletKey,
    TabletKeyAsk,
    TabletKeyChanged,
    TabletKeyRefuse,
    TabletKeys,
)
from signing import SigningError
from signing.enrolment import check_request

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from server.accounts.models import Site
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx


async def ask(core: Core, command: TabletKeyAsk, *, actor: Actor) -> TabletKey:
    """A tablet asks a body to certify its key; what it asked for before and still waits is replaced.

    Raises ``signatures.no_authority``, ``.key_taken``, ``signing.request_invalid``.
    """
    await core.db.read(lambda read: _require_ask(read, actor))
    fingerprint = await asyncio.to_thread(_fingerprint, command.request)

    def txn(tx: Tx) -> TabletKey:
        _require_ask(tx, actor)
        if store.key_of(tx, holders.authority(command.body_id)) is None:
            raise DomainError("signatures.no_authority")
        if store.has_fingerprint(tx, fingerprint):
            raise DomainError("signatures.key_taken")
        at = stamp(core.clock.now())
        key = _asked(tx, actor, command.body_id, fingerprint, at)
        before = _of_device(tx, key, "waiting")
        for one in before:
            store.update_tablet_txn(tx, one)
        store.insert_tablet_txn(tx, key, command.request)
        _tell_txn(tx, actor, *before, key)
        return key

    return await core.perform(txn, actor=actor, returns=TabletKey)


def _require_ask(read: Read, actor: Actor) -> None:
    access.require("signatures.ask_key", access.relations(read, actor, "person", actor.person_id))


def _fingerprint(request: bytes) -> str:
    try:
        key = check_request(request).public_key()
    except SigningError as why:
        raise refused_as_domain_error(why) from why
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _asked(read: Read, actor: Actor, body_id: str, fingerprint: str, at: str) -> TabletKey:
    device, _ = accounts.devices_named(read, [actor.device_id]).get(actor.device_id, ("", ""))
    return TabletKey(
        id=new_id(), person_id=actor.person_id, person_name=directory.person(read, actor.person_id).full_name,
        device_id=actor.device_id, device_name=device, body_id=body_id,
        body_name=holders.name_of(read, holders.body(body_id)), fingerprint=fingerprint, state="waiting", asked_at=at,
    )  # fmt: skip


def _of_device(read: Read, key: TabletKey, state: Literal["waiting", "valid"]) -> list[TabletKey]:
    """What the same person's same device had in this state before, as replaced."""
    mine = [one for one in store.tablets_of(read, key.person_id) if one.device_id == key.device_id]
    return [replace(one, state="replaced", decided_at=key.asked_at) for one in mine if one.state == state]


async def mine(core: Core, *, actor: Actor, site: Site | None = None) -> MyTabletKeys:
    """One's own tablets' keys, the newest first, who certifies tablets, and what is asked for before one signs."""

    def read(read: Read) -> MyTabletKeys:
        _require_ask(read, actor)
        ids = store.authorities(read)
        names = directory.body_names(read, ids)
        keys = sorted(store.tablets_of(read, actor.person_id), key=lambda one: one.id, reverse=True)
        known = tuple(KeyAuthority(body_id=one, body_name=names.get(one, "")) for one in ids)
        return MyTabletKeys(keys=tuple(keys), authorities=known, step_up=confirming.asked(core, read, actor, site))

    return await core.db.read(read)


async def listed(core: Core, *, actor: Actor) -> TabletKeys:
    """Tablets' keys of the bodies one is registry clerk of, or of all for an administrator. Else ``not_found``."""

    def read(read: Read) -> TabletKeys:
        bodies = [one for one in store.authorities(read) if access.allowed("signatures.certify", _to_body(actor, one))]
        if not bodies and not access.allowed("signatures.certify", _to_body(actor, None)):
            raise DomainError("not_found")
        return TabletKeys(keys=rules.keyring(store.tablets_of_bodies(read, bodies)))

    return await core.db.read(read)


async def approve(core: Core, key_id: str, *, actor: Actor) -> TabletKey:
    """A registry clerk approves: the key is certified by the body's authority, and may sign.

    Raises ``signatures.key_decided``, ``.key_own``, ``.no_authority``, ``signing.…``.
    """
    answered = await core.answered(actor, TabletKey)
    if answered is not None:
        return answered
    asked, request = await core.db.read(lambda read: (_find(read, actor, key_id), store.request_of(read, key_id)))
    rules.require_decidable(asked, actor.person_id)
    made, above = await authorities.certify(core, asked.body_id, asked.body_name, request, asked.person_name)
    certificate = x509.load_der_x509_certificate(made)

    def txn(tx: Tx) -> TabletKey:
        key = _hold_txn(tx, actor, key_id)
        at = stamp(core.clock.now())
        valid = replace(
            key, state="valid", decided_at=at, valid_from=stamp(certificate.not_valid_before_utc),
            valid_until=stamp(certificate.not_valid_after_utc),
        )  # fmt: skip
        before = _of_device(tx, replace(key, asked_at=at), "valid")
        for one in (*before, valid):
            store.update_tablet_txn(tx, one)
        store.replace_key_txn(tx, Key(
            id=key.id, holder=holders.person(key.person_id), kind="tablet", certificate=made,
            chain=(above.certificate, *above.chain), reference="", device_id=key.device_id, enrolled_at=at,
            enrolled_by=actor.person_id,
        ))  # fmt: skip
        fingerprint = hashlib.sha256(made).hexdigest()
        enrolling.record_txn(tx, KeyEnrolled(person_id=key.person_id, fingerprint=fingerprint), actor)
        _tell_txn(tx, actor, *before, valid)
        return valid

    return await core.perform(txn, actor=actor, returns=TabletKey)


async def refuse(core: Core, key_id: str, command: TabletKeyRefuse, *, actor: Actor) -> TabletKey:
    """A registry clerk refuses. Raises ``signatures.key_decided``."""

    def txn(tx: Tx) -> TabletKey:
        key = _hold_txn(tx, actor, key_id)
        remarks = command.remarks.strip()[: common.REMARKS_CHARACTERS]
        refused = replace(key, state="refused", decided_at=stamp(core.clock.now()), remarks=remarks)
        store.update_tablet_txn(tx, refused)
        _tell_txn(tx, actor, refused)
        return refused

    return await core.perform(txn, actor=actor, returns=TabletKey)


async def revoke(core: Core, key_id: str, *, actor: Actor) -> TabletKey:
    """Clerk or owner ends a key, or takes back what was asked; it is on the body's list of revoked ones at once.

    Raises ``signatures.key_decided``.
    """

    def txn(tx: Tx) -> TabletKey:
        access.require("signatures.revoke_key", access.relations(tx, actor, "tablet_key", key_id))
        key = store.lock_tablet_txn(tx, key_id)
        if key is None:
            raise DomainError("not_found")
        if key.state not in {"waiting", "valid"}:
            raise DomainError("signatures.key_decided")
        at = stamp(core.clock.now())
        revoked = replace(key, state="revoked", decided_at=at)
        store.update_tablet_txn(tx, revoked)
        store.revoke_key_txn(tx, key_id, at=at, by=actor.person_id)
        _tell_txn(tx, actor, revoked)
        return revoked

    revoked = await core.perform(txn, actor=actor, returns=TabletKey)
    await authorities.renew(core, revoked.body_id)
    return revoked


def _find(read: Read, actor: Actor, key_id: str) -> TabletKey:
    access.require("signatures.certify", access.relations(read, actor, "tablet_key", key_id))
    key = store.load_tablet(read, key_id)
    if key is None:
        raise DomainError("not_found")
    return key


def _hold_txn(tx: Tx, actor: Actor, key_id: str) -> TabletKey:
    _find(tx, actor, key_id)
    key = store.lock_tablet_txn(tx, key_id)
    assert key is not None  # found above, and never deleted
    rules.require_decidable(key, actor.person_id)
    return key


def _tell_txn(tx: Tx, actor: Actor, *keys: TabletKey) -> None:
    """Put keys into their person's stream."""
    own = f"u:{keys[0].person_id}"
    journal.open_stream(tx, own, audience=own)
    op_id = actor.op.op_id if actor.op else None
    journal.append(tx, own, TabletKeyChanged(put=keys), actor=actor.person_id, op_id=op_id)


# ---- relations and snapshots


def _to_body(actor: Actor, body_id: str | None) -> set[Relation]:
    found = {Relation.PERSON}
    if actor.has(Role.CLERK, body_id) or (body_id is None and any(one.role == Role.CLERK for one in actor.grants)):
        found.add(Relation.CLERK)
    if actor.has(Role.ADMINISTRATOR):
        found.add(Relation.ADMINISTRATOR)
    return found


def to_tablet_key(read: Read, actor: Actor, key_id: str) -> set[Relation]:
    """Relations to a tablet's key: its person's, and those of the registry clerks of the body that certifies it."""
    key = store.load_tablet(read, key_id)
    if key is None:
        return set()
    found = {Relation.SELF} if key.person_id == actor.person_id else set()
    return found | (_to_body(actor, key.body_id) & {Relation.CLERK})


def own_entities(read: Read, stream: str, after: tuple[str, str] | None) -> Iterable[TabletKey]:
    """What keys of tablets put into stream ``u:`` of their person."""
    keys = store.tablets_of(read, stream.partition(":")[2])
    return [one for one in keys if after is None or ("tablet_key", one.id) > after]
