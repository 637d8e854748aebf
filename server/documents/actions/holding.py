"""Devices: what each holds of papers, what must leave it, and how far a recall has come.

A device tells all that it holds, again and again; nothing else is asked of it. So a report that is sent twice, late,
or after the device was switched off in the middle of a purge leaves the truth here and on the device.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from server.accounts import actions as accounts
from server.core import access, journal, wire
from server.core.wire import Ref
from server.directory import actions as directory
from server.documents import rules
from server.documents.actions import reading
from server.documents.actions.telling import append, desk_stream, parts, person_stream
from server.documents.store import devices as store
from server.documents.store import readings, versions
from server.documents.store.devices import Kept, Standing
from server.documents.store.readings import Mark
from server.documents.wire import (
    DeviceHolding,
    DeviceHoldingChanged,
    DeviceHolds,
    PaperDevice,
    PaperDevices,
    Recall,
    RecallChanged,
)
from server.meetings import actions as meetings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx

# A first receipt is two operations; so many stay far below what one transaction may take.
_RECEIPTS_A_PART = 20
_RECALLS_A_PART = 200


async def hold(core: Core, command: DeviceHolds, *, actor: Actor) -> DeviceHolding:
    """A device tells all that it holds; answers what must leave it. What is not named is gone from it.

    A version that came as a whole is received by its holder, as ``reading.mark`` has it.
    """
    held = (*command.whole, *command.part)
    known = await core.db.read(lambda read: _known(read, actor, held))

    def txn(tx: Tx) -> DeviceHolding:
        standings = store.standings(tx, held)
        if store.renumber_txn(tx, actor.device_id, command.number):
            _hold_txn(tx, [each for each in held if each in known], wire.stamp(core.clock.now()), actor)
        stays = {each for each in known if each in standings and standings[each].state == "published"}
        return DeviceHolding(purge=tuple(each for each in held if each not in stays))

    answer = await core.db.write(txn)
    stays = [each for each in command.whole if each not in set(answer.purge)]
    unheard = await core.db.read(lambda read: _unheard(read, actor, stays))
    for part in parts(unheard, _RECEIPTS_A_PART):
        await core.db.write(lambda tx, part=part: _receive_txn(core, tx, part, actor))  # type: ignore[misc]
    return answer


async def devices(core: Core, paper_id: str, *, actor: Actor) -> PaperDevices:
    """The devices that hold a paper, and of a recalled one those that held it then; who is not reached first."""

    def read(read: Read) -> PaperDevices:
        access.require("documents.readers", access.relations(read, actor, "paper", paper_id))
        return PaperDevices(devices=tuple(_listed(read, store.of_paper(read, paper_id))))

    return await core.db.read(read)


def _known(read: Read, actor: Actor, held: Collection[str]) -> frozenset[str]:
    """Those of the versions that a device names of which its holder may know, recalled ones too."""
    access.require("documents.hold", access.relations(read, actor, "person", actor.person_id))
    standings = store.standings(read, held)
    items = {each.item_id for each in standings.values()}
    opens = {each for each in items if access.allowed("documents.read", access.relations(read, actor, "item", each))}
    known = {version for version, each in standings.items() if each.item_id in opens}
    # Who is asked to sign a paper may read it without being of its item.
    rest = [each for each in standings if each not in known]
    signs = {each for each in rest if access.allowed("documents.read", access.relations(read, actor, "version", each))}
    return frozenset(known | signs)


def _hold_txn(tx: Tx, held: Sequence[str], now: str, actor: Actor) -> None:
    before = {each.version_id: each for each in store.of_devices(tx, [actor.device_id])}
    kept, purged = rules.moved_on_device({version: each.holds for version, each in before.items()}, held)
    # What is signed out and unreadable has left this device too, if the device says so.
    purged = [each for each in purged if before[each].purged_at is None]
    if not kept and not purged:
        return
    rows = [Kept(version_id=each, device_id=actor.device_id, person_id=actor.person_id, kept_at=now) for each in kept]
    store.put_txn(tx, rows)
    store.purge_txn(tx, actor.device_id, purged, now)
    stream = person_stream(actor.person_id)
    journal.open_stream(tx, stream, audience=stream)
    for some in _some_of(kept, purged):
        append(tx, stream, DeviceHoldingChanged(device_id=actor.device_id, kept=some[0], purged=some[1]), actor)
    tell_recalls_txn(tx, store.standings(tx, [*kept, *purged]).values(), actor)


def _some_of(kept: Sequence[str], purged: Sequence[str]) -> Iterable[tuple[tuple[str, ...], tuple[str, ...]]]:
    yield from ((part, ()) for part in parts(kept, 500))
    yield from (((), part) for part in parts(purged, 500))


def tell_recalls_txn(tx: Tx, touched: Iterable[Standing], actor: Actor | None) -> None:
    """Tell the desks how far the recalled papers among these are gone; nothing of a closed item."""
    recalled = {each.paper_id: each for each in touched if each.state == "recalled"}
    for recall in store.recalls(tx, recalled):
        of = recalled[recall.id]
        if not meetings.item(tx, of.item_id).restricted:
            append(tx, desk_stream(of.meeting_id), RecallChanged(put=(recall,)), actor)


def ended_txn(tx: Tx, device_ids: Sequence[str], at: str) -> None:
    """Devices are signed out: what they hold opens no more (hook of accounts)."""
    held = [each for each in store.of_devices(tx, device_ids) if each.holds]
    for device_id in {each.device_id for each in held}:
        store.unreadable_txn(tx, device_id, [each.version_id for each in held if each.device_id == device_id], at)
    tell_recalls_txn(tx, store.standings(tx, {each.version_id for each in held}).values(), None)


def item_closed_txn(tx: Tx, meeting_id: str, item_id: str, *, closed: bool) -> None:
    """The desk hears no more, or again, of recalls in an item."""
    found = [recall for item, recall in store.recalls_of_meeting(tx, meeting_id) if item == item_id]
    for part in parts(found, _RECALLS_A_PART):
        refs = tuple(Ref("recall", each.id) for each in part)
        append(tx, desk_stream(meeting_id), RecallChanged(gone=refs) if closed else RecallChanged(put=part), None)


def desk_entities(read: Read, stream: str, _after: tuple[str, str] | None) -> list[Recall]:
    """What devices put into stream ``d:``: nothing of a closed item."""
    meeting_id = stream.partition(":")[2]
    closed = {item.id for item in meetings.items(read, meeting_id) if item.restricted}
    return [recall for item_id, recall in store.recalls_of_meeting(read, meeting_id) if item_id not in closed]


def _unheard(read: Read, actor: Actor, whole: Sequence[str]) -> list[str]:
    """Which of these nobody has said yet that their holder received."""
    marks = {each: readings.mark_of(read, each, actor.person_id) or Mark() for each in whole}
    return [version for version, mark in marks.items() if mark.received_at is None]


def _receive_txn(core: Core, tx: Tx, received: Sequence[str], actor: Actor) -> None:
    for version in received:
        held = versions.held(tx, version)
        before = readings.mark_of(tx, version, actor.person_id) or Mark()
        if held is not None and held.state == "published" and before.received_at is None:
            now = wire.stamp(core.clock.now())
            reading.mark_txn(tx, held, structs.replace(before, received_at=now), actor)


def _listed(read: Read, kept: Sequence[Kept]) -> list[PaperDevice]:
    by_device: dict[str, list[Kept]] = {}
    for each in kept:
        by_device.setdefault(each.device_id, []).append(each)
    named = accounts.devices_named(read, by_device)
    people = directory.people(read, {each.person_id for each in kept})
    found = []
    for device_id, rows in by_device.items():
        state, since = rules.on_device([(each.kept_at, each.purged_at, each.unreadable_at) for each in rows])
        person = people.get(rows[0].person_id)
        name, seen = named.get(device_id, ("", None))
        found.append(
            PaperDevice(
                device_id=device_id, device=name, person_id=rows[0].person_id,
                person=person.full_name if person else "", state=state, since=since, seen_at=seen,
            )
        )  # fmt: skip
    return sorted(found, key=lambda each: (each.state != "holding", each.state, each.person, each.device_id))
