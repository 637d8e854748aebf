"""Displays in halls: made for one meeting with a one-time code, signed in by it, ended by whoever made them.

The functions are for the feature that owns the meeting, which has asked for permission.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from server.accounts.actions import acts
from server.accounts.actions.passwords import digest
from server.accounts.actions.sessions import SessionsChanged
from server.accounts.models import Screen
from server.accounts.store import screens as store
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.db import Read, Tx

# A sitting of several days needs no second code.
SIGNED_IN = timedelta(days=7)


def give_screen_txn(tx: Tx, meeting_id: str, name: str, *, now: datetime, until: datetime, actor: Actor) -> Screen:
    """Make a screen that has up to ``until`` to sign in, by a code that ``code_screen_txn`` gives."""
    new = Screen(id=new_id(), meeting_id=meeting_id, name=name, signed_in=False)
    store.insert_txn(tx, new, stamp(now), stamp(until))
    acts.record_access_txn(tx, "screen_given", new.id, actor=actor.person_id)
    return new


def code_screen_txn(tx: Tx, meeting_id: str, screen_id: str, code: str, *, until: datetime, actor: Actor) -> None:
    """Let a screen sign in by ``code``, which is kept nowhere. Raises ``not_found`` for one that is in or has ended."""
    if not store.set_code_txn(tx, meeting_id, screen_id, digest(code), stamp(until)):
        raise DomainError("not_found")
    acts.record_access_txn(tx, "code_made", screen_id, actor=actor.person_id)


def end_screen_txn(tx: Tx, meeting_id: str, screen_id: str, *, now: datetime, actor: Actor) -> bool:
    """End a screen of a meeting, its socket after the commit; whether there was one."""
    if not store.end_txn(tx, meeting_id, screen_id, stamp(now)):
        return False
    acts.record_access_txn(tx, "screen_ended", screen_id, actor=actor.person_id)
    tx.publish(SessionsChanged(screen_id, (screen_id,)))
    return True


def screens_of(read: Read, meeting_id: str) -> list[Screen]:
    """The screens of a meeting that have signed in or still may."""
    return store.of_meeting(read, meeting_id, stamp(datetime.now(UTC)))


def enter_screen_txn(tx: Tx, code: str, token: str, now: datetime) -> Screen | None:
    """Sign a screen in: its code is used up; None where the code is no screen's."""
    screen = store.enter_txn(tx, digest(code), digest(token), stamp(now), stamp(now + SIGNED_IN))
    if screen is not None:
        tx.publish(SessionsChanged(screen.id))
        acts.record_access_txn(tx, "screen_entered", screen.id, actor=screen.id)
    return screen
