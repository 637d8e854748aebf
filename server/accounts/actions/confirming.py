"""Confirming by a passkey that it is a device's own person who acts: what the passkey signs names the act."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, NoReturn

from msgspec import Struct

from server.accounts.actions import passkeys, webauthn
from server.accounts.actions.sessions import of
from server.accounts.models import Passkey
from server.accounts.store import passkeys as store
from server.core.errors import DomainError
from server.core.wire import stamp

if TYPE_CHECKING:
    from server.accounts.models import Site
    from server.accounts.wire import PasskeyUsed
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx


class Proven(Struct, frozen=True, kw_only=True):
    """A passkey that has just signed, and its counter."""

    passkey: Passkey
    count: int


def passkeys_at(read: Read, person_id: str, site: Site | None) -> tuple[bytes, ...]:
    """The ids of a person's passkeys that can be used at a site."""
    if site is None:
        return ()
    return tuple(one.credential_id for one in store.of_person(read, person_id) if one.rp_id == site.rp_id)


async def confirm_by_passkey(
    core: Core, used: PasskeyUsed, challenge: bytes, *, actor: Actor, site: Site | None
) -> Proven:
    """That one of the actor's own passkeys signed this challenge, which the caller takes once and keeps.

    Failures count for the passkey. Raises ``accounts.passkey_refused``, ``.no_passkeys_here``, ``rate``.
    """
    here, backoff = passkeys.require_site(site), of(core).backoff
    counted = f"passkey/{used.credential_id.hex()[:200]}"
    await backoff.check(core, counted, "")
    try:
        found = await core.db.read(lambda read: _own(read, used, actor, here))
        if not hmac.compare_digest(webauthn.challenge_of(used.client_data), challenge):
            _refuse()
        return Proven(passkey=found, count=await webauthn.check_used(here, found, used))
    except DomainError:
        await backoff.failed(core, counted, "")
        raise


def _own(read: Read, used: PasskeyUsed, actor: Actor, site: Site) -> Passkey:
    found = store.of_credential(read, used.credential_id)
    if found is None or (found.person_id, found.rp_id) != (actor.person_id, site.rp_id):
        _refuse()
    return found


def _refuse() -> NoReturn:
    raise DomainError("accounts.passkey_refused")


def confirmed_txn(core: Core, tx: Tx, proven: Proven) -> None:
    """Note the use with the act that it confirms. Raises ``accounts.passkey_refused``, ``.passkey_copied``."""
    passkeys.mark_used_txn(tx, proven.passkey, proven.count, stamp(core.clock.now()))
