"""Who holds the tablet shows that it is theirs before its key signs: by a passkey, by the password, as configured.

A passkey signs what the tablet is about to sign, so that its answer is good for these bytes alone; it is kept in the
audit with all that it takes to verify it again.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Literal

from server.accounts import actions as accounts
from server.accounts.wire import PasskeyAsk
from server.core.errors import DomainError
from server.signatures.actions.keys import enrolling
from server.signatures.rules import keys as rules
from server.signatures.wire import TabletConfirmed

if TYPE_CHECKING:
    from server.accounts.actions import Proven
    from server.accounts.models import Site
    from server.accounts.wire import PasskeyUsed
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.signatures.store import Session

_NONCE_BYTES = 32


def asked(core: Core, read: Read, actor: Actor, site: Site | None) -> Literal["passkey", "password", "off"]:
    """What this person shows before their tablet's key signs."""
    held = accounts.passkeys_at(read, actor.person_id, site)
    return rules.asked_of(core.config.signing.step_up, has_passkey=bool(held))


async def begin(core: Core, password: str, *, actor: Actor, site: Site | None) -> bytes | None:
    """Check the password where one is asked for; the nonce of a challenge where a passkey is, else None.

    A tablet that lies open on a table signs nothing: its person is asked who they are, for each signature.
    Raises ``signatures.step_up``, ``.no_passkey``, ``accounts.not_confirmed``, ``rate``.
    """
    wanted = await core.db.read(lambda read: asked(core, read, actor, site))
    if wanted == "passkey":
        if not await core.db.read(lambda read: accounts.passkeys_at(read, actor.person_id, site)):
            raise DomainError("signatures.no_passkey")
        return secrets.token_bytes(_NONCE_BYTES)
    if wanted == "password":
        if not password:
            raise DomainError("signatures.step_up")
        await accounts.confirm(core, password, actor=actor)
    return None


def ask(read: Read, session: Session, site: Site | None) -> PasskeyAsk | None:
    """What the passkey signs for a signature that has begun; None where none is asked for."""
    if session.nonce is None or site is None:
        return None
    allow = accounts.passkeys_at(read, session.person_id, site)
    return PasskeyAsk(challenge=_challenge(session, session.nonce), rp_id=site.rp_id, allow=allow)


async def prove(
    core: Core, session: Session, used: PasskeyUsed | None, *, actor: Actor, site: Site | None
) -> Proven | None:  # fmt: skip
    """That a passkey of the person signed for this very signature; None where none was asked for.

    Raises ``signatures.step_up_passkey`` where none was brought, ``accounts.passkey_refused``, ``rate``.
    """
    if session.nonce is None:
        return None
    if used is None:
        raise DomainError("signatures.step_up_passkey")
    return await accounts.confirm_by_passkey(core, used, _challenge(session, session.nonce), actor=actor, site=site)


def record_txn(
    core: Core, tx: Tx, actor: Actor, session: Session, proven: Proven | None, used: PasskeyUsed | None
) -> None:
    """Note the use, and keep the evidence beside the signature that it confirms."""
    if proven is None or used is None or session.nonce is None:
        return
    accounts.confirmed_txn(core, tx, proven)
    kept = TabletConfirmed(
        request_id=session.request_id, person_id=actor.person_id, sha256=session.sha256, to_sign=session.to_sign,
        nonce=session.nonce, rp_id=proven.passkey.rp_id, credential=proven.passkey.credential,
        authenticator_data=used.authenticator_data, client_data=used.client_data, signature=used.signature,
    )  # fmt: skip
    enrolling.record_txn(tx, kept, actor)


def _challenge(session: Session, nonce: bytes) -> bytes:
    return rules.confirmation(nonce, session.sha256, session.to_sign)
