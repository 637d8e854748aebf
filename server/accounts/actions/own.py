"""What everybody does with the own account: see who one is, devices, password, language."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from server.accounts import rules, store
from server.accounts.actions import acts
from server.accounts.actions.sessions import SessionsChanged, of
from server.accounts.wire import Devices, DeviceView, LanguageChange, Me, PasswordChange
from server.core import access
from server.core.errors import DomainError
from server.core.wire import stamp

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx


async def me(core: Core, *, actor: Actor) -> Me:
    """Who is signed in on this device."""

    def read(read: Read) -> Me:
        access.require("accounts.self", access.relations(read, actor, "person", actor.person_id))
        now, demo = core.clock.now(), core.config.is_demo
        return acts.me(read, actor.person_id, actor.device_id, now=now, demo=demo, read_only=actor.read_only)

    return await core.db.read(read)


async def devices(core: Core, *, actor: Actor) -> Devices:
    """One's own devices that are signed in, the present one first, then the last seen."""
    now = core.clock.now()

    def read(read: Read) -> Devices:
        access.require("accounts.self", access.relations(read, actor, "person", actor.person_id))
        found = store.sessions(read, stamp(now), person_id=actor.person_id)
        views = [
            DeviceView(
                id=each.device_id,
                name=each.name,
                current=each.device_id == actor.device_id,
                created_at=each.created_at,
                seen_at=each.seen_at,
                expires_at=each.expires_at,
            )
            for each in found
        ]
        return Devices(devices=tuple(sorted(views, key=lambda view: not view.current)))

    return await core.db.read(read)


async def revoke_device(core: Core, device_id: str, *, actor: Actor) -> Devices:
    """Sign one of one's own devices out, wherever it is. Raises ``not_found`` for any other."""
    now = core.clock.now()

    def txn(tx: Tx) -> Me:
        access.require("accounts.self", access.relations(tx, actor, "person", actor.person_id))
        own = {each.device_id for each in store.sessions(tx, stamp(now), person_id=actor.person_id)}
        if device_id not in own:
            raise DomainError("not_found")
        acts.end_devices_txn(tx, actor.person_id, [device_id], now=now, actor=actor.person_id)
        return acts.me(tx, actor.person_id, actor.device_id, now=now, demo=core.config.is_demo)

    await core.perform(txn, actor=actor, returns=Me)
    return await devices(core, actor=actor)


async def change_password(core: Core, command: PasswordChange, *, actor: Actor) -> Me:
    """Change one's own password; all other devices are signed out and an open one-time code is taken back.

    Who entered by a one-time code and has no password yet sets one: ``old`` is not looked at.
    Raises ``accounts.wrong_password``, ``accounts.weak_password``, ``rate``.
    """
    sessions = of(core)
    account = await core.db.read(lambda read: store.account_of(read, actor.person_id))
    if account is None:
        raise DomainError("not_found")
    if account.password_hash is not None:
        admit = partial(sessions.backoff.check, core, account.user, "")
        failed = partial(sessions.backoff.failed, core, account.user, "")
        await admit()
        old = command.old[: rules.PASSWORD_MOST]
        if not await sessions.hashing.matches(old, account.password_hash, admit=admit, failed=failed):
            raise DomainError("accounts.wrong_password")
    rules.check_password(command.new, account.user)
    fresh, now = await sessions.hashing.make(command.new), core.clock.now()

    def txn(tx: Tx) -> Me:
        access.require("accounts.self", access.relations(tx, actor, "person", actor.person_id))
        present = store.account_of(tx, actor.person_id)
        if present is None or present.password_hash != account.password_hash:
            raise DomainError("conflict")  # changed or reset meanwhile
        store.update_account_txn(tx, actor.person_id, password_hash=fresh)
        store.drop_codes_txn(tx, actor.person_id)
        others = {each.device_id for each in store.sessions(tx, stamp(now), person_id=actor.person_id)}
        acts.end_devices_txn(tx, actor.person_id, others - {actor.device_id}, now=now, actor=actor.person_id)
        acts.record_access_txn(tx, "password_changed", actor.person_id, actor=actor.person_id)
        return acts.me(tx, actor.person_id, actor.device_id, now=now, demo=core.config.is_demo)

    # Without a receipt: it would keep a fast hash of both passwords.
    return await core.perform(txn, actor=msgspec.structs.replace(actor, op=None), returns=Me)


async def confirm(core: Core, password: str, *, actor: Actor) -> None:
    """Raise unless who acts on this device knows the password of its account: they, and not who picked it up.

    Raises ``accounts.not_confirmed``, ``accounts.no_password`` where there is none yet, ``rate`` after five wrong ones.
    """
    sessions = of(core)
    account = await core.db.read(lambda read: store.account_of(read, actor.person_id))
    if account is None or not account.active:
        raise DomainError("not_found")
    if account.password_hash is None:
        raise DomainError("accounts.no_password")
    admit = partial(sessions.backoff.check, core, account.user, "")
    failed = partial(sessions.backoff.failed, core, account.user, "")
    await admit()
    known = len(password) <= rules.PASSWORD_MOST
    if not (
        await sessions.hashing.matches(
            password[: rules.PASSWORD_MOST], account.password_hash, admit=admit, failed=failed
        )
        and known
    ):
        raise DomainError("accounts.not_confirmed")


async def change_language(core: Core, command: LanguageChange, *, actor: Actor) -> Me:
    """Choose the language of one's screens and mails. Raises ``accounts.bad_language``."""
    lang, now = rules.check_language(command.lang), core.clock.now()

    def txn(tx: Tx) -> Me:
        access.require("accounts.self", access.relations(tx, actor, "person", actor.person_id))
        store.update_account_txn(tx, actor.person_id, lang=lang)
        acts.record_access_txn(tx, "language_changed", actor.person_id, actor=actor.person_id)
        tx.publish(SessionsChanged(actor.person_id))
        return acts.me(tx, actor.person_id, actor.device_id, now=now, demo=core.config.is_demo)

    return await core.perform(txn, actor=actor, returns=Me)
