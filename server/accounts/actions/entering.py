"""Signing in and out: by password, by one-time code, by a role of the demo. Each makes a device with a new token.

By passkey: ``entering_by_passkey``.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from server.accounts import rules, store
from server.accounts.actions import acts, screens
from server.accounts.actions.passwords import digest, new_token
from server.accounts.actions.sessions import SessionsChanged, of
from server.accounts.models import Account, Session, Site
from server.accounts.wire import DemoRole, DemoSignIn, Me, SignedIn, SignIn, SignInByCode, SignInOptions
from server.core import access
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp
from server.directory import actions as directory

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx


class Entered(Struct, frozen=True):
    """Somebody has signed in: who, the token for the cookie, and for how many seconds."""

    me: Me
    token: str
    seconds: int


class Visitor(Struct, frozen=True):
    """Where a sign-in comes from: an address for back-off, and the actor whose cookie came along, if any."""

    address: str
    before: Actor | None = None


async def sign_in(core: Core, command: SignIn, *, visitor: Visitor) -> Entered:
    """Sign in by password. Raises ``accounts.refused``, the same and as slowly for an unknown name, or ``rate``."""
    user, sessions = rules.user_key(command.user)[:200], of(core)
    admit = partial(sessions.backoff.check, core, user, visitor.address)
    failed = partial(sessions.backoff.failed, core, user, visitor.address)
    await admit()
    account = await core.db.read(lambda read: store.account_of_user(read, user))
    usable = account is not None and account.active and len(command.password) <= rules.PASSWORD_MOST
    stored = account.password_hash if account is not None and usable else None
    password = command.password[: rules.PASSWORD_MOST]
    held = await sessions.hashing.matches(password, stored, admit=admit, failed=failed)
    if account is None or not held:
        raise DomainError("accounts.refused")

    def txn(tx: Tx) -> Entered:
        present = store.account_of(tx, account.person_id)
        if present is None or not present.active or present.password_hash != stored:
            raise DomainError("accounts.refused")  # reset or revoked while the password was being checked
        return enter_txn(core, tx, present, command.device_name, visitor, by="password")

    return await core.db.write(txn)


async def sign_in_by_code(core: Core, command: SignInByCode, *, visitor: Visitor) -> Entered:
    """Sign in by a one-time code, which is used up. Raises ``accounts.code_refused`` or ``rate``."""
    sessions = of(core)
    await sessions.backoff.check(core, "", visitor.address)

    def txn(tx: Tx) -> Entered:
        person_id = store.take_code_txn(tx, digest(command.code), stamp(core.clock.now()))
        if person_id is None and (entered := _enter_screen_txn(core, tx, command)) is not None:
            return entered
        account = store.account_of(tx, person_id) if person_id is not None else None
        if account is None or not account.active:
            raise DomainError("accounts.code_refused")
        return enter_txn(core, tx, account, command.device_name, visitor, by="code")

    try:
        return await core.db.write(txn)
    except DomainError:
        await sessions.backoff.failed(core, "", visitor.address)
        raise


async def sign_in_as_role(core: Core, command: DemoSignIn, *, visitor: Visitor) -> Entered:
    """Sign in as a role of the demo. Raises ``not_found`` on any other data, and for an unknown role."""
    if not core.config.is_demo:
        raise DomainError("not_found")

    def txn(tx: Tx) -> Entered:
        person_id = dict(store.demo_roles(tx)).get(command.role)
        account = store.account_of(tx, person_id) if person_id is not None else None
        if account is None or not account.active:
            raise DomainError("not_found")
        return enter_txn(core, tx, account, command.role, visitor, by="demo")

    return await core.db.write(txn)


async def options(core: Core, *, site: Site | None) -> SignInOptions:
    """What the sign-in page offers: passkeys where browsers take them, the roles of the demo on demo data only."""
    passkeys = site is not None
    if not core.config.is_demo:
        return SignInOptions(demo=(), passkeys=passkeys)

    def read(read: Read) -> SignInOptions:
        roles = store.demo_roles(read)
        people = directory.people(read, [person_id for _role, person_id in roles])
        shown = tuple(_demo_role(role, people[person_id]) for role, person_id in roles)
        return SignInOptions(demo=shown, passkeys=passkeys)

    return await core.db.read(read)


def _demo_role(role: str, person: directory.PersonView) -> DemoRole:
    return DemoRole(role=role, name=person.full_name, title=person.postings[0].title if person.postings else "")


async def sign_out(core: Core, *, actor: Actor) -> None:
    """End the session of this device; its other sockets end too."""

    def txn(tx: Tx) -> None:
        access.require("accounts.self", access.relations(tx, actor, "person", actor.person_id))
        acts.end_devices_txn(tx, actor.person_id, [actor.device_id], now=core.clock.now(), actor=actor.person_id)

    await core.db.write(txn)


def _enter_screen_txn(core: Core, tx: Tx, command: SignInByCode) -> Entered | None:
    token = new_token()
    screen = screens.enter_screen_txn(tx, command.code, token, core.clock.now())
    if screen is None:
        return None
    who = Me(
        person_id=screen.id, name=screen.name, title="", body_name="", lang="vi", home="screen", grants=(),
        device_id=screen.id, demo=core.config.is_demo, must_change_password=False,
    )  # fmt: skip
    return Entered(who, token, int(screens.SIGNED_IN.total_seconds()))


def enter_txn(
    core: Core, tx: Tx, account: Account, device_name: str, visitor: Visitor, *, by: str, read_only: bool = False
) -> Entered:
    """Make a device; what the same browser was signed in as before ends (a new sign-in is a new session)."""
    now, token = core.clock.now(), new_token()
    if visitor.before is not None and visitor.before.screen_of is None:
        before = visitor.before
        acts.end_devices_txn(tx, before.person_id, [before.device_id], now=now, actor=before.person_id)
    session = _session(core, tx, account, device_name, token, now, read_only=read_only)
    store.insert_session_txn(tx, session)
    acts.record_txn(
        tx, SignedIn(person_id=account.person_id, device_id=session.device_id, by=by), actor=account.person_id
    )
    tx.publish(SessionsChanged(account.person_id))
    who = acts.me(tx, account.person_id, session.device_id, now=now, demo=core.config.is_demo, read_only=read_only)
    lasts = datetime.fromisoformat(session.expires_at) - now
    return Entered(who, token, int(lasts.total_seconds()))


def _session(
    core: Core, read: Read, account: Account, device_name: str, token: str, now: datetime, *, read_only: bool
) -> Session:
    grants = store.grants_of(read, stamp(now), account.person_id).get(account.person_id, ())
    sessions = core.config.sessions
    usual = rules.lifetime(rules.in_force(grants, now), sessions)
    length, idle_seconds = min(usual, rules.BORROWED) if read_only else usual
    return Session(
        device_id=new_id(),
        person_id=account.person_id,
        name=rules.device_name(device_name),
        token_hash=digest(token),
        lang=account.lang,
        created_at=stamp(now),
        seen_at=stamp(now),
        expires_at=stamp(now + length),
        idle_seconds=idle_seconds,
        grants=grants,
        read_only=read_only,
    )
