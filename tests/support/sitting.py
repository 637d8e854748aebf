"""People of a body and meetings of theirs, and the check that snapshot + events is the fresh snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from server.core import journal
from server.core.access import Role
from server.core.ids import new_id
from server.core.journal.tables import stream as stream_table
from server.directory import actions as directory
from server.directory import store as directory_store
from server.directory.wire import BodyCreate
from server.meetings import actions, jobs
from server.meetings.wire import (
    ItemCreate,
    ItemDetail,
    Meeting,
    MeetingCreate,
    ParticipantInput,
    ParticipantsSet,
)
from tests.support.house import actor
from tests.support.streams import apply_log

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.core.wire import Entity

STARTS_AT = "2026-11-27T08:00:00+07:00"
_ADMINISTRATOR = actor("administrator", Role.ADMINISTRATOR)


@dataclass(frozen=True)
class People:
    """A body and its people, by id; the first is the secretary, the second the chair."""

    body: str
    all: tuple[str, ...]

    @property
    def secretary(self) -> str:
        return self.all[0]

    @property
    def chair(self) -> str:
        return self.all[1]

    @property
    def members(self) -> tuple[str, ...]:
        return self.all[2:]


async def enter_people(core: Core, count: int) -> People:
    """Enter a body and ``count`` people with a post and an address each."""
    body = await directory.create_body(
        core,
        BodyCreate(code="UB", name="Ủy ban nhân dân thành phố Tân Giang", tier="commune", valid_from="2025-07-01"),
        actor=_ADMINISTRATOR,
    )
    ids = [new_id() for _ in range(count)]

    def txn(tx: Tx) -> None:
        directory_store.insert_people_txn(tx, [_person(number, each) for number, each in enumerate(ids)])
        directory_store.insert_postings_txn(
            tx,
            [
                {
                    "id": new_id(),
                    "person_id": each,
                    "body_id": body.id,
                    "rank": 0,
                    "title": f"Ủy viên {number}",
                    "valid_from": "2025-07-01",
                    "valid_to": None,
                }
                for number, each in enumerate(ids)
            ],
        )
        journal.open_own(tx, [(f"u:{each}", each) for each in ids])

    await core.db.write(txn)
    return People(body.id, tuple(ids))


def _person(number: int, person_id: str) -> dict[str, Any]:
    name = f"Người {number}"
    return {
        "id": person_id,
        "code": f"N{number}",
        "full_name": name,
        "folded": name.lower(),
        "sort_key": name.lower(),
        "email": f"n{number}@tangiang.example",
        "phone": None,
    }


async def draft(core: Core, people: People, secretary: Actor, **given: Any) -> Meeting:
    """A draft with its chair and secretary."""
    command = MeetingCreate(
        title="Phiên họp tháng 11",
        body_id=people.body,
        starts_at=STARTS_AT,
        place="Phòng họp số 1",
        chair_id=people.chair,
        secretary_id=people.secretary,
        **given,
    )
    return await actions.create(core, command, actor=secretary)


async def invite(core: Core, meeting: Meeting, persons: tuple[str, ...], *, secretary: Actor) -> Meeting:
    """Put persons on the list of participants."""
    wanted = tuple(ParticipantInput(person_id=each) for each in persons)
    return await actions.set_participants(core, meeting.id, ParticipantsSet(participants=wanted), actor=secretary)


async def add_item(core: Core, meeting: Meeting, title: str, *, secretary: Actor, **given: Any) -> ItemDetail:
    """Add an agenda item."""
    return await actions.create_item(core, meeting.id, ItemCreate(title=title, **given), actor=secretary)


@dataclass
class Watch:
    """Holds what clients of every stream would hold, and compares it with the fresh snapshot after each act."""

    core: Core
    states: dict[str, dict[tuple[str, str], Entity]] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)

    async def check(self) -> set[str]:
        """Apply all new operations to what is held and compare; returns the streams in which something was new."""
        await jobs.settle(self.core)
        heads, fresh = await self.core.db.read(self._read)
        moved = {name for name, head in heads.items() if head != self.heads.get(name, 0)}
        for name in moved:
            held = await apply_log(self.core, name, self.states.get(name, {}), since=self.heads.get(name, 0))
            assert held == fresh[name], name
        for name in set(heads) - moved:
            assert fresh[name] == self.states.get(name, {}), f"{name} changed without an event"
        self.heads, self.states = heads, fresh
        return moved

    @staticmethod
    def _read(read: Read) -> tuple[dict[str, int], dict[str, dict[tuple[str, str], Entity]]]:
        rows = read.rows(select(stream_table.c.id, stream_table.c.head).where(stream_table.c.id.like("_:%")))
        heads = {row.id: row.head for row in rows if row.id[0] in "midu"}
        return heads, {name: journal.snapshot_state(read, name) for name in heads}
