"""What is granted in a body ends with the last post there, and with it what one hears: at once, or on the day."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

from server.accounts import actions as accounts
from server.accounts import store
from server.accounts.actions.sessions import SessionsChanged
from server.accounts.wire import AccountGive
from server.core import journal
from server.core.access import Grant, Role
from server.core.clock import FakeClock
from server.core.ids import new_id
from server.core.wire import stamp
from server.directory import actions as directory
from server.directory.rules import midnight, next_day
from server.directory.wire import PersonCreate, PostingCreate, PostingEnd
from server.meetings.actions import people
from tests.support.house import actor
from tests.support.sitting import draft, enter_people

if TYPE_CHECKING:
    import pytest

    from server.core.context import Core
    from server.core.db import Tx
    from server.directory.wire import PersonView
    from tests.support.sitting import People

ADMIN = actor("administrator", Role.ADMINISTRATOR)
TODAY = datetime.now(UTC).date()
YESTERDAY, IN_A_MONTH = str(TODAY - timedelta(days=2)), str(TODAY + timedelta(days=30))


async def secretary_of(core: Core, people: People) -> tuple[PersonView, str]:
    """A secretary by grant, who hears the desk of a meeting that others made; and that meeting."""
    new = PersonCreate(
        code="TK9", full_name="Lê Thị Thư Ký", body_id=people.body, title="Thư ký", valid_from="2025-07-01"
    )
    person = await directory.create_person(core, new, actor=ADMIN)
    given = AccountGive(user="thuky9", grants=(Grant(Role.SECRETARY, people.body),))
    await accounts.give(core, person.id, given, actor=ADMIN, origin="https://phien.test")
    meeting = await draft(core, people, actor(people.secretary, Role.SECRETARY, body=people.body))
    assert person.id in await hear(core, meeting.id)
    return person, meeting.id


async def hear(core: Core, meeting: str) -> frozenset[str]:
    return await core.db.read(lambda read: journal.members(read, f"d:{meeting}"))


async def granted(core: Core, person: str) -> tuple[Grant, ...]:
    listed = (await accounts.accounts(core, actor=ADMIN)).accounts
    return next(each.grants for each in listed if each.person_id == person)


async def test_with_the_last_post_in_a_body_its_grants_and_audiences_end_at_once(core: Core) -> None:
    city = await enter_people(core, 4)
    person, meeting = await secretary_of(core, city)
    await directory.end_posting(core, person.postings[0].id, PostingEnd(valid_to=YESTERDAY), actor=ADMIN)
    assert await granted(core, person.id) == ()
    assert person.id not in await hear(core, meeting)


async def test_while_another_post_is_held_there_nothing_ends(core: Core) -> None:
    city = await enter_people(core, 4)
    person, meeting = await secretary_of(core, city)
    more = PostingCreate(body_id=city.body, title="Chuyên viên", valid_from="2025-07-01")
    await directory.add_posting(core, person.id, more, actor=ADMIN)
    await directory.end_posting(core, person.postings[0].id, PostingEnd(valid_to=YESTERDAY), actor=ADMIN)
    assert await granted(core, person.id) == (Grant(Role.SECRETARY, city.body),)
    assert person.id in await hear(core, meeting)


async def test_the_administrator_sees_the_post_to_come_of_who_holds_none(core: Core) -> None:
    city = await enter_people(core, 4)
    person, _ = await secretary_of(core, city)
    later = PostingCreate(body_id=city.body, title="Chánh Văn phòng", valid_from=IN_A_MONTH)
    await directory.add_posting(core, person.id, later, actor=ADMIN)
    assert await shown_post(core, person.id) == ("Thư ký", None)
    await directory.end_posting(core, person.postings[0].id, PostingEnd(valid_to=YESTERDAY), actor=ADMIN)
    assert await shown_post(core, person.id) == ("Chánh Văn phòng", IN_A_MONTH)


async def shown_post(core: Core, person: str) -> tuple[str, str | None]:
    listed = (await accounts.accounts(core, actor=ADMIN)).accounts
    return next((each.title, each.post_from) for each in listed if each.person_id == person)


async def test_what_ends_on_a_day_to_come_holds_until_then(core: Core) -> None:
    city = await enter_people(core, 4)
    person, meeting = await secretary_of(core, city)
    await directory.end_posting(core, person.postings[0].id, PostingEnd(valid_to=IN_A_MONTH), actor=ADMIN)
    assert await granted(core, person.id) == (Grant(Role.SECRETARY, city.body),)
    assert person.id in await hear(core, meeting)


async def at(core: Core, moment: datetime, monkeypatch: pytest.MonkeyPatch) -> Core:
    """The house at a moment to come, once its background work has looked."""
    clock = FakeClock(moment)
    monkeypatch.setattr(people, "datetime", SimpleNamespace(now=lambda _zone: clock.now()))
    later = dataclasses.replace(core, clock=clock)
    await accounts.follow_dates(later)
    return later


async def test_on_the_day_after_the_last_one_it_ends_by_itself(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    city = await enter_people(core, 4)
    person, meeting = await secretary_of(core, city)
    await directory.end_posting(core, person.postings[0].id, PostingEnd(valid_to=IN_A_MONTH), actor=ADMIN)
    over = midnight(next_day(IN_A_MONTH))
    await at(core, over - timedelta(seconds=1), monkeypatch)
    assert person.id in await hear(core, meeting)
    told: list[SessionsChanged] = []
    core.db.subscribe(lambda items: told.extend(each for each in items if isinstance(each, SessionsChanged)))
    later = await at(core, over, monkeypatch)
    assert person.id not in await hear(core, meeting)
    assert await granted(later, person.id) == ()
    assert told == [SessionsChanged(person.id, reconnect=True)]
    await at(core, over, monkeypatch)  # a second look, or another process's: it was done
    assert len(told) == 1


async def test_what_begins_by_its_date_is_heard_from_then_on(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    city = await enter_people(core, 4)
    meeting = await draft(core, city, actor(city.secretary, Role.SECRETARY, body=city.body))
    await accounts.give(core, city.all[3], AccountGive(user="thuky8"), actor=ADMIN, origin="https://phien.test")
    grant, begins = Grant(Role.CLERK, city.body), midnight(IN_A_MONTH)

    def txn(tx: Tx) -> None:
        store.insert_grants_txn(tx, city.all[3], [(new_id(), grant)], stamp(begins))
        store.put_due_txn(tx, city.all[3], [(new_id(), grant)], stamp(begins))

    await core.db.write(txn)
    await at(core, begins - timedelta(seconds=1), monkeypatch)
    assert city.all[3] not in await hear(core, meeting.id)
    await at(core, begins, monkeypatch)
    assert city.all[3] in await hear(core, meeting.id)
