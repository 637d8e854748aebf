"""Letting another device in from one's own: a picture, opened once, and a number that both devices show.

Whoever gets the picture forwarded may open it, but then the person sees no such number on the device in their hands.
A borrowed device only reads, for hours; one that is to act like any other costs the password.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

import segno

from server.accounts import rules
from server.accounts import store as accounts_store
from server.accounts.actions import acts, entering
from server.accounts.actions.own import confirm as confirm_password
from server.accounts.actions.passwords import digest, new_code, new_token
from server.accounts.actions.sessions import of
from server.accounts.models import Lending
from server.accounts.store import lending as store
from server.accounts.wire import LendingShown, LendingState, LendingTaken
from server.core import access
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp

if TYPE_CHECKING:
    from server.accounts.actions.entering import Entered, Visitor
    from server.accounts.wire import LendingAsk, LendingTake
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx

# What stands behind `#` never reaches a server or its log.
PAGE = "/tablet/sign-in#lent="
_NUMBERS = 900
_LEAST = 100


async def lend(core: Core, command: LendingAsk, *, actor: Actor, origin: str) -> LendingShown:
    """Begin: what the other device opens, within two minutes. No receipt keeps the code.

    Raises ``accounts.not_confirmed``, ``.no_password``, ``rate`` for a device that is not only to read, ``denied`` for
    a display.
    """
    await core.db.read(lambda read: _require(read, actor))
    if not command.read_only:
        await confirm_password(core, command.password, actor=actor)
    code = new_code()
    new = Lending(
        id=new_id(), person_id=actor.person_id, device_id=actor.device_id, read_only=command.read_only,
        expires_at=_soon(core), code=digest(code),
    )  # fmt: skip

    def txn(tx: Tx) -> None:
        store.put_txn(tx, new)
        acts.record_access_txn(tx, "device_offered", actor.person_id, actor=actor.person_id)

    await core.db.write(txn)
    url = f"{origin}{PAGE}{code}"
    picture = segno.make(url, error="m", micro=False).svg_inline(scale=4, border=4, light="#fff")
    return LendingShown(id=new.id, url=url, qr_svg=picture, expires_at=new.expires_at)


async def state(core: Core, lending_id: str, *, actor: Actor) -> LendingState:
    """How far it is; ``over`` for whatever this device does not give."""

    def read(read: Read) -> LendingState:
        _require(read, actor)
        found = store.load(read, actor.device_id, lending_id, stamp(core.clock.now()))
        if found is None:
            return LendingState(state="over")
        if found.browser is None:
            return LendingState(state="shown")
        named = {"number": found.number, "device_name": found.device_name}
        return LendingState(state="confirmed" if found.confirmed else "taken", **named)

    return await core.db.read(read)


async def confirm(core: Core, lending_id: str, *, actor: Actor) -> LendingState:
    """The number on the other device is this one: let it in. Raises ``not_found`` where none has taken it."""

    def txn(tx: Tx) -> LendingState:
        _require(tx, actor)
        if not store.confirm_txn(tx, actor.device_id, lending_id, stamp(core.clock.now())):
            raise DomainError("not_found")
        acts.record_access_txn(tx, "device_confirmed", actor.person_id, actor=actor.person_id)
        return LendingState(state="confirmed")

    return await core.perform(txn, actor=actor, returns=LendingState)


async def cancel(core: Core, lending_id: str, *, actor: Actor) -> LendingState:
    """Another number, or a change of mind: nobody is let in."""

    def txn(tx: Tx) -> LendingState:
        _require(tx, actor)
        if store.load(tx, actor.device_id, lending_id, stamp(core.clock.now())) is not None:
            store.drop_txn(tx, lending_id)
            acts.record_access_txn(tx, "device_declined", actor.person_id, actor=actor.person_id)
        return LendingState(state="over")

    return await core.perform(txn, actor=actor, returns=LendingState)


async def take(core: Core, command: LendingTake, *, visitor: Visitor) -> tuple[LendingTaken, str]:
    """The other device opened the address: the number that it shows, and the secret that its browser keeps (a cookie).

    Raises ``accounts.lending_over`` for whoever comes second, ``rate``.
    """
    backoff = of(core).backoff
    await backoff.check(core, "", visitor.address)
    browser, number, until = new_token(), str(_LEAST + secrets.randbelow(_NUMBERS)), _soon(core)
    name, at = rules.device_name(command.device_name), stamp(core.clock.now())
    taken = await core.db.write(
        lambda tx: store.take_txn(
            tx, digest(command.code), browser=digest(browser), number=number, device_name=name, at=at, until=until
        )
    )
    if taken is None:
        await backoff.failed(core, "", visitor.address)
        raise DomainError("accounts.lending_over")
    return LendingTaken(number=number, read_only=taken.read_only, expires_at=until), browser


async def enter(core: Core, *, browser: str, visitor: Visitor) -> Entered:
    """Sign the other device in, once it was confirmed and while the first is signed in.

    Raises ``accounts.lending_waits`` before, ``accounts.lending_over`` after.
    """

    def txn(tx: Tx) -> Entered:
        at = stamp(core.clock.now())
        found = store.of_browser(tx, digest(browser), at)
        account = accounts_store.account_of(tx, found.person_id) if found else None
        if found is None or account is None or not account.active:
            raise DomainError("accounts.lending_over")
        if not found.confirmed:
            raise DomainError("accounts.lending_waits")
        lenders = {each.device_id for each in accounts_store.sessions(tx, at, person_id=found.person_id)}
        if found.device_id not in lenders or not store.drop_txn(tx, found.id):
            raise DomainError("accounts.lending_over")
        return entering.enter_txn(
            core, tx, account, found.device_name, visitor, by="device", read_only=found.read_only
        )  # fmt: skip

    return await core.db.write(txn)


async def forget_over(core: Core) -> None:
    """Drop what nobody used in time."""
    at = stamp(core.clock.now())
    if await core.db.read(lambda read: store.has_over(read, at)):
        await core.db.write(lambda tx: store.drop_over_txn(tx, at))


def _require(read: Read, actor: Actor) -> None:
    access.require("accounts.self", access.relations(read, actor, "person", actor.person_id))


def _soon(core: Core) -> str:
    return stamp(core.clock.now() + timedelta(seconds=rules.LENDING_SECONDS))
