"""Passkeys of one's own: added, named, removed; and the proof that somebody has just used one.

A challenge is a row that is taken once, so that it holds whichever process is asked. It is bound to the device that is
signed in, or to the browser that wants to be.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from server.accounts import rules
from server.accounts import store as accounts_store
from server.accounts.actions import acts, webauthn
from server.accounts.actions.own import confirm
from server.accounts.actions.passwords import digest
from server.accounts.models import Challenge, Passkey
from server.accounts.store import passkeys as store
from server.accounts.wire import (
    PasskeyAdd,
    PasskeyBegin,
    PasskeyOffer,
    PasskeyRename,
    Passkeys,
    PasskeyUsed,
    PasskeyView,
)
from server.core import access
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp

if TYPE_CHECKING:
    from server.accounts.models import Site
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx

_CHALLENGE_BYTES = 32


def require_site(site: Site | None) -> Site:
    """The site. Raises ``accounts.no_passkeys_here`` where there is none."""
    if site is None:
        raise DomainError("accounts.no_passkeys_here")
    return site


# ---- challenges and proof


async def ask(core: Core, wanted: Challenge, challenge: bytes | None = None) -> bytes:
    """A challenge to be signed once within five minutes: random, unless the caller has made one that is as good."""
    made = challenge or secrets.token_bytes(_CHALLENGE_BYTES)
    until = stamp(core.clock.now() + timedelta(seconds=rules.PASSKEY_SECONDS))
    await core.db.write(lambda tx: store.put_challenge_txn(tx, _hash(made), wanted, until))
    return made


async def prove(core: Core, used: PasskeyUsed, wanted: Challenge, site: Site) -> tuple[Passkey, int]:
    """That a passkey of ours has just signed a challenge made for this; answers it and its counter.

    The challenge is gone, whatever comes of it. The caller notes the use (``mark_used_txn``) with what it does then.
    Raises ``accounts.passkey_late``, ``accounts.passkey_refused``.
    """
    await take(core, used.client_data, wanted)
    passkey = await core.db.read(lambda read: store.of_credential(read, used.credential_id))
    if passkey is None or passkey.rp_id != site.rp_id:
        raise DomainError("accounts.passkey_refused")
    if used.user_handle and used.user_handle != passkey.person_id.encode():
        raise DomainError("accounts.passkey_refused")
    return passkey, await webauthn.check_used(site, passkey, used)


async def take(core: Core, client_data: bytes, wanted: Challenge) -> None:
    """Use up the challenge that client data speak of. Raises ``accounts.passkey_late``, ``.passkey_refused``."""
    hashed, at = _hash(webauthn.challenge_of(client_data)), stamp(core.clock.now())
    if not await core.db.write(lambda tx: store.take_challenge_txn(tx, hashed, wanted, at)):
        raise DomainError("accounts.passkey_late")


def mark_used_txn(tx: Tx, passkey: Passkey, count: int, at: str) -> None:
    """Note that a proven passkey was used.

    Raises ``accounts.passkey_refused`` for one that was removed meanwhile, ``.passkey_copied`` where its counter
    tells of a copy.
    """
    if not store.mark_used_txn(tx, passkey.id, count, at):
        held = store.of_credential(tx, passkey.credential_id)
        raise DomainError("accounts.passkey_refused" if held is None else "accounts.passkey_copied")


async def forget_over(core: Core) -> None:
    """Drop challenges that nobody answered in time."""
    at = stamp(core.clock.now())
    if await core.db.read(lambda read: store.has_challenges_over(read, at)):
        await core.db.write(lambda tx: store.drop_challenges_txn(tx, at))


def at_device(device_id: str) -> bytes:
    """To what a challenge for who is signed in is bound."""
    return digest(f"device:{device_id}")


def _hash(challenge: bytes) -> bytes:
    return digest(challenge.hex())


# ---- one's own


async def passkeys(core: Core, *, actor: Actor, site: Site | None) -> Passkeys:
    """One's own passkeys, the oldest first."""
    found = await core.db.read(lambda read: _own(read, actor))
    views = (PasskeyView(id=one.id, name=one.name, created_at=one.created_at, used_at=one.used_at) for one in found)
    return Passkeys(passkeys=tuple(views), offered=site is not None)


async def begin(core: Core, command: PasskeyBegin, *, actor: Actor, site: Site | None) -> PasskeyOffer:
    """Begin to add a passkey. The password is asked for: who finds a tablet unlocked must not add their own finger.

    Raises ``accounts.not_confirmed``, ``.no_password``, ``.no_passkeys_here``, ``rate``, ``too_large`` above twenty.
    """
    here = require_site(site)
    found = await core.db.read(lambda read: _own(read, actor))
    if len(found) >= rules.PASSKEYS_MOST:
        raise DomainError("too_large", limit=rules.PASSKEYS_MOST)
    await confirm(core, command.password, actor=actor)
    account = await core.db.read(lambda read: accounts_store.account_of(read, actor.person_id))
    challenge = await ask(core, Challenge(purpose="add", bound=at_device(actor.device_id)))
    return PasskeyOffer(
        challenge=challenge, rp_id=here.rp_id, rp_name=webauthn.NAME, user_id=actor.person_id.encode(),
        user=account.user if account else "", name=actor.name, algorithms=webauthn.ALGORITHMS,
        exclude=tuple(one.credential_id for one in found if one.rp_id == here.rp_id),
    )  # fmt: skip


async def add(core: Core, command: PasskeyAdd, *, actor: Actor, site: Site | None) -> Passkeys:
    """Add the passkey that a browser made of an offer.

    Raises ``accounts.passkey_late``, ``.passkey_refused``, ``.passkey_known``, ``.no_passkeys_here``.
    """
    here = require_site(site)
    if await core.answered(actor, str) is None:  # of a resend the challenge is used up
        await core.db.read(lambda read: _own(read, actor))
        await take(core, command.client_data, Challenge(purpose="add", bound=at_device(actor.device_id)))
        made = await webauthn.check_made(here, command.client_data, command.attestation)
        new = Passkey(
            id=new_id(), person_id=actor.person_id, name=rules.device_name(command.name), rp_id=here.rp_id,
            credential_id=made.credential_id, credential=made.credential, count=made.count,
            created_at=stamp(core.clock.now()), used_at=None,
        )  # fmt: skip
        await core.perform(lambda tx: _add_txn(tx, actor, new), actor=actor, returns=str)
    return await passkeys(core, actor=actor, site=site)


def _add_txn(tx: Tx, actor: Actor, new: Passkey) -> str:
    if len(_own(tx, actor)) >= rules.PASSKEYS_MOST:
        raise DomainError("too_large", limit=rules.PASSKEYS_MOST)
    if store.of_credential(tx, new.credential_id) is not None:
        raise DomainError("accounts.passkey_known")
    store.insert_txn(tx, new)
    acts.record_access_txn(tx, "passkey_added", actor.person_id, actor=actor.person_id)
    return new.id


async def rename(
    core: Core, passkey_id: str, command: PasskeyRename, *, actor: Actor, site: Site | None
) -> Passkeys:  # fmt: skip
    """Call one's own passkey otherwise. Raises ``not_found`` for any other."""

    def txn(tx: Tx) -> str:
        _own(tx, actor)
        if not store.rename_txn(tx, actor.person_id, passkey_id, rules.device_name(command.name)):
            raise DomainError("not_found")
        acts.record_access_txn(tx, "passkey_renamed", actor.person_id, actor=actor.person_id)
        return passkey_id

    await core.perform(txn, actor=actor, returns=str)
    return await passkeys(core, actor=actor, site=site)


async def remove(core: Core, passkey_id: str, *, actor: Actor, site: Site | None) -> Passkeys:
    """Forget one's own passkey: it opens nothing any more. Raises ``not_found`` for any other."""

    def txn(tx: Tx) -> str:
        _own(tx, actor)
        if not store.drop_txn(tx, actor.person_id, passkey_id):
            raise DomainError("not_found")
        acts.record_access_txn(tx, "passkey_removed", actor.person_id, actor=actor.person_id)
        return passkey_id

    await core.perform(txn, actor=actor, returns=str)
    return await passkeys(core, actor=actor, site=site)


def drop_all_txn(tx: Tx, person_id: str, *, actor: str) -> None:
    """Forget all passkeys of a person; for who may take their access."""
    if store.drop_all_txn(tx, person_id):
        acts.record_access_txn(tx, "passkeys_revoked", person_id, actor=actor)


def _own(read: Read, actor: Actor) -> list[Passkey]:
    access.require("accounts.self", access.relations(read, actor, "person", actor.person_id))
    return store.of_person(read, actor.person_id)
