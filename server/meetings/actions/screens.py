"""Displays in the hall: the secretariat makes and ends them; they see what is fit for the hall, and nothing else."""

from __future__ import annotations

from datetime import timedelta

from server.accounts import actions as accounts
from server.core.access import Actor
from server.core.context import Core
from server.core.db import Read, Tx
from server.core.wire import stamp
from server.meetings import rules
from server.meetings.actions import shared
from server.meetings.wire import ScreenAdd, ScreenGiven, Screens, ScreenView


async def add_screen(core: Core, meeting_id: str, command: ScreenAdd, *, actor: Actor) -> ScreenGiven:
    """Make a display of a meeting that has been sent; answers the code by which it signs in, once.

    The code is made for each answer anew and is in no receipt: of a command said twice the last answer's opens.
    Raises ``meetings.no_title``, ``meetings.not_sent``.
    """
    now, code = core.clock.now(), accounts.new_code()
    until = now + timedelta(seconds=core.config.sessions.code_seconds)

    def make(tx: Tx) -> ScreenView:
        shared.lock_txn(tx, actor, "meetings.screens", meeting_id)
        name = rules.title(command.name)
        made = accounts.give_screen_txn(tx, meeting_id, name, now=now, until=until, actor=actor)
        shared.audiences_txn(tx, meeting_id)
        return ScreenView(id=made.id, name=name, signed_in=False)

    made = await core.perform(make, actor=actor, returns=ScreenView)

    def txn(tx: Tx) -> None:  # asks again: a resent command comes here by its receipt alone
        shared.lock_txn(tx, actor, "meetings.screens", meeting_id)
        accounts.code_screen_txn(tx, meeting_id, made.id, code, until=until, actor=actor)

    await core.db.write(txn)
    return ScreenGiven(id=made.id, name=made.name, code=code, expires_at=stamp(until))


async def screens(core: Core, meeting_id: str, *, actor: Actor) -> Screens:
    """The displays of a meeting."""

    def read(read: Read) -> Screens:
        shared.find(read, actor, "meetings.screens", meeting_id)
        return _shown(read, meeting_id)

    return await core.db.read(read)


async def end_screen(core: Core, meeting_id: str, screen_id: str, *, actor: Actor) -> Screens:
    """End a display at once; one that is not there is ended already."""

    def txn(tx: Tx) -> Screens:
        shared.lock_txn(tx, actor, "meetings.screens", meeting_id)
        if accounts.end_screen_txn(tx, meeting_id, screen_id, now=core.clock.now(), actor=actor):
            shared.audiences_txn(tx, meeting_id)
        return _shown(tx, meeting_id)

    return await core.perform(txn, actor=actor, returns=Screens)


def _shown(read: Read, meeting_id: str) -> Screens:
    found = accounts.screens_of(read, meeting_id)
    return Screens(
        screens=tuple(ScreenView(id=screen.id, name=screen.name, signed_in=screen.signed_in) for screen in found)
    )
