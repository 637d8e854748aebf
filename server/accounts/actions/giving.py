"""What an administrator does: give, reset and revoke access, change grants; and how the first administrator begins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import segno
from msgspec import Struct

from server.accounts import rules, store
from server.accounts.actions import acts, passkeys
from server.accounts.actions.passwords import digest, new_code
from server.accounts.actions.sessions import SessionsChanged, of
from server.accounts.models import Account
from server.accounts.store.passkeys import counts as passkey_counts
from server.accounts.wire import AccessGiven, AccountGive, Accounts, AccountView, GrantsChange
from server.core import access
from server.core.access import SYSTEM, Actor, Grant, Role
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp
from server.directory import actions as directory

if TYPE_CHECKING:
    from server.core.context import Core
    from server.core.db import Read, Tx

# The app opens its sign-in page; what stands behind `#` never reaches a server or its log.
SIGN_IN_PAGE = "/tablet/sign-in#code="
_HOUSE_CODE = "he-thong"


class _Given(Struct, frozen=True):
    """What is kept of a giving of access; the code is made after it, anew for each answer, and kept nowhere."""

    person_id: str
    user: str


async def accounts(core: Core, *, actor: Actor) -> Accounts:
    """All accounts, revoked ones too, by user name."""
    now = core.clock.now()

    def read(read: Read) -> Accounts:
        access.require("accounts.manage", access.relations(read, actor, "house", ""))
        found = store.accounts(read)
        people = directory.people(read, [each.person_id for each in found])
        grants, used = store.grants_of(read, stamp(now)), _used(read, now)
        return Accounts(
            accounts=tuple(
                _view(each, people[each.person_id], rules.in_force(grants.get(each.person_id, ()), now), used)
                for each in found
            )
        )

    return await core.db.read(read)


class _Used(Struct, frozen=True):
    """By person: devices in use with when one was last seen, and passkeys."""

    devices: dict[str, tuple[int, str]]
    passkeys: dict[str, int]


def _used(read: Read, now: datetime) -> _Used:
    return _Used(store.devices_in_use(read, stamp(now)), passkey_counts(read))


def _view(account: Account, person: directory.PersonView, grants: tuple[Grant, ...], used: _Used) -> AccountView:
    devices, seen_at = used.devices.get(account.person_id, (0, None))
    post = next(iter((*person.postings, *person.coming)), None)
    return AccountView(
        person_id=account.person_id,
        name=person.full_name,
        title=post.title if post else "",
        body_name=post.body_name if post else "",
        post_from=post.valid_from if post and not person.postings else None,
        user=account.user,
        active=account.active,
        grants=grants,
        devices=devices,
        passkeys=used.passkeys.get(account.person_id, 0),
        last_seen_at=seen_at,
    )


async def give(core: Core, person_id: str, command: AccountGive, *, actor: Actor, origin: str) -> AccessGiven:
    """Give a person access; answers a one-time code. ``origin`` is the address that the QR picture leads to.

    Raises ``not_found`` for nobody, ``accounts.has_access``, ``accounts.user_taken``, ``accounts.bad_user`` and what
    is wrong with the grants.
    """

    def txn(tx: Tx) -> _Given:
        access.require("accounts.manage", access.relations(tx, actor, "person", person_id))
        give_txn(tx, person_id, command, password_hash=None, now=core.clock.now(), actor=actor.person_id)
        return _Given(person_id, rules.user_key(command.user))

    return await _with_code(core, await core.perform(txn, actor=actor, returns=_Given), origin, actor=actor)


async def give_with_password(core: Core, person_id: str, command: AccountGive, password: str, *, actor: Actor) -> None:
    """Give access with a password at once: for made-up people of a demo or a bench, never over the network."""
    rules.check_password(password, rules.user_key(command.user))
    hashed = await of(core).hashing.make(password)

    def txn(tx: Tx) -> None:
        access.require("accounts.manage", access.relations(tx, actor, "person", person_id))
        give_txn(tx, person_id, command, password_hash=hashed, now=core.clock.now(), actor=actor.person_id)

    await core.db.write(txn)


def give_txn(
    tx: Tx, person_id: str, command: AccountGive, *, password_hash: str | None, now: datetime, actor: str
) -> None:
    """``give`` inside another's transaction; the caller has asked for permission."""
    user, grants = rules.check_user(command.user), rules.check_grants(command.grants)
    directory.person(tx, person_id)
    present, other = store.account_of(tx, person_id), store.account_of_user(tx, user)
    if present is not None and present.active:
        raise DomainError("accounts.has_access")
    if other is not None and other.person_id != person_id:
        raise DomainError("accounts.user_taken", user=user)
    if present is None:
        new = Account(person_id=person_id, user=user, password_hash=password_hash, active=True, lang="vi")
        store.insert_account_txn(tx, new, stamp(now))
    else:
        store.update_account_txn(tx, person_id, user_name=user, password_hash=password_hash, active=True)
    _set_grants_txn(tx, person_id, grants, now)
    acts.record_access_txn(tx, "given", person_id, actor=actor)


async def change_grants(core: Core, person_id: str, command: GrantsChange, *, actor: Actor) -> AccountView:
    """Replace a person's grants; their sockets come back with the new ones. Who becomes administrator signs in anew.

    Raises ``not_found``, ``accounts.last_administrator`` and what is wrong with the grants.
    """

    def txn(tx: Tx) -> AccountView:
        access.require("accounts.manage", access.relations(tx, actor, "person", person_id))
        account, now = _active_txn(tx, person_id), core.clock.now()
        before = store.grants_of(tx, stamp(now), person_id).get(person_id, ())
        wanted = rules.check_grants(command.grants)
        _set_grants_txn(tx, person_id, wanted, now)
        _require_administrator_txn(tx, now)
        if rules.is_administrator(wanted) and not rules.is_administrator(rules.in_force(before, now)):
            _end_all_txn(tx, person_id, now, actor)
        tx.publish(SessionsChanged(person_id, reconnect=True))
        acts.record_access_txn(tx, "grants_changed", person_id, actor=actor.person_id)
        return _view(account, directory.person(tx, person_id), wanted, _used(tx, now))

    return await core.perform(txn, actor=actor, returns=AccountView)


async def reset(core: Core, person_id: str, *, actor: Actor, origin: str) -> AccessGiven:
    """Forget a person's password and passkeys, sign all devices out, answer a one-time code. Raises ``not_found``."""

    def txn(tx: Tx) -> _Given:
        access.require("accounts.manage", access.relations(tx, actor, "person", person_id))
        account = _active_txn(tx, person_id)
        store.update_account_txn(tx, person_id, password_hash=None)
        _end_all_txn(tx, person_id, core.clock.now(), actor)
        passkeys.drop_all_txn(tx, person_id, actor=actor.person_id)
        acts.record_access_txn(tx, "reset", person_id, actor=actor.person_id)
        return _Given(person_id, account.user)

    return await _with_code(core, await core.perform(txn, actor=actor, returns=_Given), origin, actor=actor)


async def revoke(core: Core, person_id: str, *, actor: Actor) -> AccountView:
    """Take a person's access: devices, codes, passkeys and grants end. Raises ``accounts.last_administrator``."""

    def txn(tx: Tx) -> AccountView:
        access.require("accounts.manage", access.relations(tx, actor, "person", person_id))
        _active_txn(tx, person_id)
        now = core.clock.now()
        _set_grants_txn(tx, person_id, (), now)
        _require_administrator_txn(tx, now)
        _end_all_txn(tx, person_id, now, actor)  # while the account still counts: later it has no sessions to end
        store.update_account_txn(tx, person_id, active=False, password_hash=None)
        store.drop_codes_txn(tx, person_id)
        passkeys.drop_all_txn(tx, person_id, actor=actor.person_id)
        acts.record_access_txn(tx, "revoked", person_id, actor=actor.person_id)
        account = store.account_of(tx, person_id)
        assert account is not None
        return _view(account, directory.person(tx, person_id), (), _used(tx, now))

    return await core.perform(txn, actor=actor, returns=AccountView)


async def revoke_passkeys(core: Core, person_id: str, *, actor: Actor) -> AccountView:
    """Forget all passkeys of a person, and nothing else: one was lost with its telephone. Raises ``not_found``."""

    def txn(tx: Tx) -> AccountView:
        access.require("accounts.manage", access.relations(tx, actor, "person", person_id))
        account, now = _active_txn(tx, person_id), core.clock.now()
        passkeys.drop_all_txn(tx, person_id, actor=actor.person_id)
        grants = rules.in_force(store.grants_of(tx, stamp(now), person_id).get(person_id, ()), now)
        return _view(account, directory.person(tx, person_id), grants, _used(tx, now))

    return await core.perform(txn, actor=actor, returns=AccountView)


async def init_administrator(core: Core, *, user: str, password: str, name: str) -> None:
    """Make the first administrator. Raises ``accounts.administrator_exists`` when there is one."""
    rules.check_password(password, rules.check_user(user))
    hashed, now = await of(core).hashing.make(password), core.clock.now()
    system = Actor(person_id=SYSTEM, device_id=SYSTEM, name=SYSTEM)

    def txn(tx: Tx) -> None:
        if acts.holders(tx, [Role.ADMINISTRATOR], None, now=now):
            raise DomainError("accounts.administrator_exists")
        person_id = directory.create_operator_txn(tx, _HOUSE_CODE, name, actor=system)
        command = AccountGive(user=user, grants=(Grant(Role.ADMINISTRATOR),))
        give_txn(tx, person_id, command, password_hash=hashed, now=now, actor=SYSTEM)

    await core.db.write(txn)


async def offer_demo_roles(core: Core, roles: Iterable[tuple[str, str]]) -> None:
    """Offer one-tap roles, pairs (role, person), on the sign-in page of the demo. Raises ``not_found`` elsewhere."""
    if not core.config.is_demo:
        raise DomainError("not_found")
    ranked = list(enumerate(roles))

    def txn(tx: Tx) -> None:
        for rank, (role, person_id) in ranked:
            store.put_demo_role_txn(tx, role, person_id, rank)
            acts.record_access_txn(tx, "demo_role", person_id, actor=SYSTEM)

    await core.db.write(txn)


# ---- small parts


async def _with_code(core: Core, given: _Given, origin: str, *, actor: Actor) -> AccessGiven:
    """A code of its own for every answer: the newest is the one that opens."""
    code = new_code()
    expires_at = stamp(core.clock.now() + timedelta(seconds=core.config.sessions.code_seconds))

    def txn(tx: Tx) -> None:  # asks again: a resent command comes here by its receipt alone
        access.require("accounts.manage", access.relations(tx, actor, "person", given.person_id))
        _active_txn(tx, given.person_id)
        store.put_code_txn(tx, given.person_id, digest(code), expires_at)
        acts.record_access_txn(tx, "code_made", given.person_id, actor=actor.person_id)

    await core.db.write(txn)
    url = f"{origin}{SIGN_IN_PAGE}{code}"
    picture = segno.make(url, error="m", micro=False).svg_inline(scale=4, border=4, light="#fff")
    return AccessGiven(
        person_id=given.person_id, user=given.user, code=code, url=url, qr_svg=picture, expires_at=expires_at
    )


def _active_txn(tx: Tx, person_id: str) -> Account:
    account = store.account_of(tx, person_id)
    if account is None or not account.active:
        raise DomainError("not_found")
    return account


def _end_all_txn(tx: Tx, person_id: str, now: datetime, actor: Actor) -> None:
    devices = [each.device_id for each in store.sessions(tx, stamp(now), person_id=person_id)]
    acts.end_devices_txn(tx, person_id, devices, now=now, actor=actor.person_id)


def _require_administrator_txn(tx: Tx, now: datetime) -> None:
    if not acts.holders(tx, [Role.ADMINISTRATOR], None, now=now):
        raise DomainError("accounts.last_administrator")


def _set_grants_txn(tx: Tx, person_id: str, wanted: tuple[Grant, ...], now: datetime) -> None:
    """End what is not wanted, begin what is new, keep the rest with its date; tell who follows grants."""
    at = stamp(now)
    present = store.grants_of(tx, at, person_id).get(person_id, ())
    ended = [each for each in present if each.grant not in wanted]
    held = {each.grant for each in present}
    begun = [grant for grant in wanted if grant not in held]
    bodies = {grant.body_id for grant in begun if grant.body_id is not None}
    if bodies - set(directory.body_names(tx, bodies)):
        raise DomainError("accounts.no_body")
    store.end_grants_txn(tx, [each.id for each in ended], at)
    store.insert_grants_txn(tx, person_id, [(new_id(), grant) for grant in begun], at)
    acts.grants_changed_txn(tx, person_id, [*begun, *(each.grant for each in ended)])
