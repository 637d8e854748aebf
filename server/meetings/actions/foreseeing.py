"""Working out a long act on a meeting before its transaction, so that the writer is held only while it is written.

With five thousand participants reading, comparing and encoding take most of a second, and so does handing over their
rows. So an act is worked out in a snapshot beside the writer; many new rows are laid in a staging table, some hundreds
a transaction; then one short transaction makes all of it true. That stays all or nothing: whatever ends the process
leaves staged rows behind, which nobody reads and the next start drops. What the act was worked out from is compared
under the meeting's lock; where another act came between, it is worked out again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from server.core import journal
from server.core.access import Actor
from server.core.context import Core
from server.core.db import Read, Tx
from server.core.errors import DomainError
from server.core.ids import id_at
from server.meetings.actions.plans import ListPlan
from server.meetings.models import desk_stream, meeting_stream
from server.meetings.store import participants as store
from server.meetings.store import sittings

if TYPE_CHECKING:
    from server.meetings.wire import Meeting

# After so many others came between, the act is worked out inside its transaction, which holds them all up once.
ATTEMPTS = 3
# New rows handed over in one transaction.
STAGED_AT_ONCE = 400
# No act takes so long: what is older was left by a process that ended.
_ABANDONED = timedelta(hours=1)

P = TypeVar("P")
T = TypeVar("T")


class Act(Generic[P, T]):
    """A long act: ``plan(read)`` asks for permission, raises what is wrong and works out what to write.

    ``write(tx, plan)`` asks again under the lock and writes; ``listed`` finds the list of participants in the plan.
    """

    def __init__(
        self, plan: Callable[[Read], P], write: Callable[[Tx, P], T], *, listed: Callable[[P], ListPlan | None]
    ) -> None:
        self.plan = plan
        self.write = write
        self.listed = listed


class _Overtaken(Exception):  # noqa: N818 - not an error: the act begins again
    """Another act on the meeting came between working out and writing."""


async def perform(core: Core, meeting_id: str, act: Act[P, T], *, actor: Actor, returns: type[T]) -> T:
    """Like ``core.perform``, with the work before the transaction."""

    def foreseen(read: Read) -> tuple[_Seen, P]:
        return _seen(read, meeting_id), act.plan(read)

    for _ in range(ATTEMPTS):
        try:
            seen, plan = await core.db.read_aside(foreseen)
        except DomainError:
            break  # the transaction says the same, unless the command is a resend that was answered before

        def txn(tx: Tx, seen: _Seen = seen, plan: P = plan) -> T:
            sittings.lock_txn(tx, meeting_id)
            if _seen(tx, meeting_id) != seen:
                raise _Overtaken
            return act.write(tx, plan)

        batch = await _stage(core, act.listed(plan))
        try:
            return await core.perform(txn, actor=actor, returns=returns)
        except _Overtaken:
            continue
        finally:
            if batch:
                await core.db.write(lambda tx, batch=batch: store.drop_staged_txn(tx, batch))  # type: ignore[misc]
    return await core.perform(lambda tx: act.write(tx, act.plan(tx)), actor=actor, returns=returns)


async def drop_abandoned(core: Core) -> None:
    """Drop what ended processes left in the staging table."""
    before = id_at(core.clock.now() - _ABANDONED)
    while (batch := await core.db.read(lambda read: store.staged_before(read, before))) is not None:
        await core.db.write(lambda tx, batch=batch: store.drop_staged_txn(tx, batch))  # type: ignore[misc]


async def _stage(core: Core, listed: ListPlan | None) -> str:
    """Hand over the new rows of a long list; returns the batch, empty where there is none."""
    if listed is None or not listed.batch:
        return ""
    for start in range(0, len(listed.added), STAGED_AT_ONCE):
        part = listed.added[start : start + STAGED_AT_ONCE]
        await core.db.write(lambda tx, part=part: store.stage_txn(tx, listed.batch, part))  # type: ignore[misc]
    return listed.batch


_Seen = tuple["Meeting | None", int, int]


def _seen(read: Read, meeting_id: str) -> _Seen:
    """The meeting and how far its streams are: every act on it, its agenda or its participants moves one of these."""
    skeleton, desk = meeting_stream(meeting_id), desk_stream(meeting_id)
    return sittings.load(read, meeting_id), journal.head(read, skeleton), journal.head(read, desk)
