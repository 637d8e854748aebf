"""Readiness: what each tablet found when it tested itself for a meeting; told to secretariat and chair alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.accounts import actions as accounts
from server.core import journal
from server.core.wire import Ref, stamp
from server.live import rules, store
from server.live.wire import Ready, ReadyChanged, ReadyReport
from server.meetings import actions as meetings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.meetings.wire import Meeting, Participant


async def ready(core: Core, meeting_id: str, command: ReadyReport, *, actor: Actor) -> Ready:
    """Take what a tablet found; its last word counts. Raises ``live.not_coming``."""

    def txn(tx: Tx) -> Ready:
        rules.require_coming(meetings.find(tx, actor, "live.ready", meeting_id))
        name, _seen = accounts.devices_named(tx, [actor.device_id]).get(actor.device_id, ("", ""))
        found = Ready(
            id=actor.device_id, person_id=actor.person_id, device=name, at=stamp(core.clock.now()),
            ready=rules.is_ready(command.checks), checks=command.checks,
        )  # fmt: skip
        store.set_ready_txn(tx, meeting_id, found)
        op = actor.op.op_id if actor.op else None
        journal.append(tx, f"d:{meeting_id}", ReadyChanged(put=(found,)), actor=actor.person_id, op_id=op)
        return found

    return await core.perform(txn, actor=actor, returns=Ready)


def devices_ended(tx: Tx, device_ids: Sequence[str], _at: str) -> None:
    """A device that is signed out answers for nobody any more (hook of accounts)."""
    _tell_gone_txn(tx, store.forget_devices_txn(tx, device_ids), None)


def participants_left(tx: Tx, actor: Actor, meeting: Meeting, left: Sequence[Participant]) -> None:
    """Who takes part no longer is not waited for (hook of meetings)."""
    gone = store.forget_people_txn(tx, meeting.id, [each.person.id for each in left])
    _tell_gone_txn(tx, gone, actor.person_id)


def _tell_gone_txn(tx: Tx, gone: Sequence[tuple[str, str]], actor: str | None) -> None:
    by_meeting: dict[str, list[str]] = {}
    for meeting_id, device_id in gone:
        by_meeting.setdefault(meeting_id, []).append(device_id)
    for meeting_id, devices in by_meeting.items():
        event = ReadyChanged(gone=tuple(Ref("ready", each) for each in devices))
        journal.append(tx, f"d:{meeting_id}", event, actor=actor)


def ready_entities(read: Read, stream: str, _after: tuple[str, str] | None) -> Iterable[Ready]:
    """What readiness puts into stream ``d:``."""
    return store.ready_devices(read, stream.partition(":")[2])
