"""Signing in by a passkey: no name is typed, the passkey says whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.accounts import rules, store
from server.accounts.actions import acts, entering, passkeys
from server.accounts.actions.passwords import digest, new_token
from server.accounts.actions.sessions import of
from server.accounts.models import Challenge
from server.accounts.wire import PasskeyAsk
from server.core.errors import DomainError
from server.core.wire import stamp

if TYPE_CHECKING:
    from server.accounts.actions.entering import Entered, Visitor
    from server.accounts.models import Passkey, Site
    from server.accounts.wire import SignInByPasskey
    from server.core.context import Core
    from server.core.db import Tx


async def ask_passkey(core: Core, *, visitor: Visitor, site: Site | None) -> tuple[PasskeyAsk, str, int]:
    """What a passkey is to sign, the secret that the browser keeps for it (a cookie), and for how many seconds.

    Raises ``accounts.no_passkeys_here``, ``rate``.
    """
    here = passkeys.require_site(site)
    await of(core).backoff.check(core, "", visitor.address)
    browser = new_token()
    challenge = await passkeys.ask(core, _wanted(browser))
    return PasskeyAsk(challenge=challenge, rp_id=here.rp_id), browser, rules.PASSKEY_SECONDS


async def sign_in_by_passkey(
    core: Core, command: SignInByPasskey, *, browser: str, site: Site | None, visitor: Visitor
) -> Entered:
    """Sign in by a passkey that has signed what this browser asked for.

    Failures count for the address and for the passkey, not for the name: whoever mistypes another's password keeps
    nobody from their passkey. Raises ``accounts.passkey_late``, ``.passkey_refused``, ``.passkey_copied``,
    ``.no_passkeys_here``, ``rate``.
    """
    here, backoff = passkeys.require_site(site), of(core).backoff
    counted = f"passkey/{command.used.credential_id.hex()[:200]}"
    await backoff.check(core, counted, visitor.address)
    try:
        passkey, count = await passkeys.prove(core, command.used, _wanted(browser), here)
        return await core.db.write(lambda tx: _enter_txn(core, tx, command, visitor, passkey, count))
    except DomainError as refusal:
        await backoff.failed(core, counted, visitor.address)
        if refusal.code == "accounts.passkey_copied":
            await core.db.write(lambda tx: _copied_txn(tx, passkey))
        raise


def _enter_txn(
    core: Core, tx: Tx, command: SignInByPasskey, visitor: Visitor, passkey: Passkey, count: int
) -> Entered:  # fmt: skip
    account = store.account_of(tx, passkey.person_id)
    if account is None or not account.active:
        raise DomainError("accounts.passkey_refused")
    passkeys.mark_used_txn(tx, passkey, count, stamp(core.clock.now()))
    return entering.enter_txn(core, tx, account, command.device_name, visitor, by="passkey")


def _copied_txn(tx: Tx, passkey: Passkey) -> None:
    acts.record_access_txn(tx, "passkey_copied", passkey.person_id, actor=passkey.person_id)


def _wanted(browser: str) -> Challenge:
    return Challenge(purpose="enter", bound=digest(f"browser:{browser}"))
