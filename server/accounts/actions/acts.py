"""What the acts of accounts have in common: the audit record, ending devices, who is to hear of changed grants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from server.accounts import rules, store
from server.accounts.actions.sessions import SessionsChanged
from server.accounts.store import halves
from server.accounts.wire import AccessChanged, Me, SignedOut
from server.core import journal
from server.core.access import SYSTEM, Role
from server.core.ids import new_id
from server.core.wire import Event, stamp
from server.directory import actions as directory
from server.directory.rules import midnight, next_day

if TYPE_CHECKING:
    from server.core.access import Actor, Grant
    from server.core.context import Core
    from server.core.db import Read, Tx

AUDIT_STREAM = "x:accounts"

# (tx, person_id, bodies): grants of the person began or ended in these bodies; None among them means in all.
GrantsHook: TypeAlias = Callable[["Tx", str, frozenset[str | None]], None]
_grants_hooks: list[GrantsHook] = []


def on_grants_changed(hook: GrantsHook) -> None:
    """Run ``hook`` inside every transaction that changes somebody's grants; adding it twice is adding it once."""
    if hook not in _grants_hooks:
        _grants_hooks.append(hook)


# (tx, devices, at): these are signed out for good; what they hold can be opened by nobody any more.
DevicesHook: TypeAlias = Callable[["Tx", Sequence[str], str], None]
_devices_hooks: list[DevicesHook] = []


def on_devices_ended(hook: DevicesHook) -> None:
    """Run ``hook`` inside every transaction that ends devices; adding it twice is adding it once."""
    if hook not in _devices_hooks:
        _devices_hooks.append(hook)


def devices_ended_txn(tx: Tx, device_ids: Sequence[str], at: str) -> None:
    """Tell the hooks which devices have ended."""
    if device_ids:
        for hook in _devices_hooks:
            hook(tx, device_ids, at)


def devices_named(read: Read, device_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """What devices call themselves and when each was last seen, signed in or not."""
    return store.devices_named(read, device_ids)


def grants_changed_txn(tx: Tx, person_id: str, changed: Iterable[Grant]) -> None:
    """Tell the hooks in which bodies a person's grants are now different."""
    bodies = frozenset(grant.body_id for grant in changed)
    if bodies:
        for hook in _grants_hooks:
            hook(tx, person_id, bodies)


def posts_ended_txn(tx: Tx, actor: Actor, ended: Sequence[directory.PostEnded]) -> None:
    """Who holds no post in a body any more has nothing granted there: from the day after the last one on.

    Where that day has come, audiences and open sockets follow at once; else ``jobs`` does when it comes.
    """
    now = datetime.now(UTC)
    granted = store.granted_in_bodies(tx, stamp(now), [each.person_id for each in ended])
    for each in ended:
        held = [grant for grant in granted.get(each.person_id, ()) if grant.grant.body_id == each.body_id]
        if not held or directory.has_post_after(tx, each.person_id, each.body_id, each.day):
            continue
        until = max(now, midnight(next_day(each.day)))
        over = [grant for grant in held if grant.valid_to is None or grant.valid_to > stamp(until)]
        if not over:
            continue
        store.end_grants_txn(tx, [grant.id for grant in over], stamp(until))
        if until == now:
            grants_changed_txn(tx, each.person_id, [grant.grant for grant in over])
        else:
            store.put_due_txn(tx, each.person_id, [(new_id(), grant.grant) for grant in over], stamp(until))
        tx.publish(SessionsChanged(each.person_id, reconnect=until == now))
        record_access_txn(tx, "grants_ended", each.person_id, actor=actor.person_id)


async def follow_dates(core: Core) -> None:
    """Let audiences and sockets follow what has begun or ended by its date: one change a transaction.

    A change is a row that is taken: of several processes one does it, and what an end interrupts is there again.
    """

    def txn(tx: Tx) -> bool:
        taken = store.take_due_txn(tx, stamp(core.clock.now()))
        if taken is None:
            return False
        person_id, grant = taken
        grants_changed_txn(tx, person_id, [grant])
        tx.publish(SessionsChanged(person_id, reconnect=True))
        record_access_txn(tx, "grants_due", person_id, actor=SYSTEM)
        return True

    while await core.db.write(txn):
        pass


def holders(read: Read, roles: Iterable[Role], body_id: str | None, *, now: datetime) -> frozenset[str]:
    """Who holds one of the roles now in the body or everywhere; for audiences that follow grants."""
    return store.holders(read, roles, body_id, stamp(now))


def record_txn(tx: Tx, event: Event, *, actor: str | None) -> None:
    """Append an audit record."""
    journal.open_stream(tx, AUDIT_STREAM, audience=AUDIT_STREAM)
    journal.append(tx, AUDIT_STREAM, event, actor=actor)


def record_access_txn(tx: Tx, what: str, person_id: str, *, actor: str) -> None:
    """Append the audit record of a change of somebody's access."""
    record_txn(tx, AccessChanged(person_id=person_id, what=what), actor=actor)


def end_devices_txn(tx: Tx, person_id: str, device_ids: Iterable[str], *, now: datetime, actor: str | None) -> None:
    """End devices of a person: the tokens at once, the sockets after the commit, each told on the person's stream."""
    ended = tuple(sorted(set(device_ids)))
    store.end_sessions_txn(tx, ended, stamp(now))
    halves.drop_txn(tx, ended)
    devices_ended_txn(tx, ended, stamp(now))
    for device_id in ended:
        event = SignedOut(device_id=device_id)
        journal.append(tx, f"u:{person_id}", event, actor=actor)
        record_txn(tx, event, actor=actor)
    tx.publish(SessionsChanged(person_id, ended))


def me(read: Read, person_id: str, device_id: str, *, now: datetime, demo: bool, read_only: bool = False) -> Me:
    """Who is signed in on a device. Raises ``not_found`` for nobody."""
    account = store.account_of(read, person_id)
    person = directory.person(read, person_id, on=None)
    grants = rules.in_force(store.grants_of(read, stamp(now), person_id).get(person_id, ()), now)
    post = person.postings[0] if person.postings else None
    return Me(
        person_id=person_id,
        name=person.full_name,
        title=post.title if post else "",
        body_name=post.body_name if post else "",
        lang=account.lang if account else "vi",
        home=rules.home(grants),
        grants=grants,
        device_id=device_id,
        demo=demo,
        must_change_password=account is None or account.password_hash is None,
        read_only=read_only,
    )
