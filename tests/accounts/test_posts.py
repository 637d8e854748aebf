"""What is granted in a body ends with the last post there, and with it what one hears: at once, or on the day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from server.accounts import actions as accounts
from server.accounts.wire import AccountGive
from server.core import journal
from server.core.access import Grant, Role
from server.directory import actions as directory
from server.directory.wire import PersonCreate, PostingCreate, PostingEnd
from tests.support.house import actor
from tests.support.sitting import draft, enter_people

if TYPE_CHECKING:
    from server.core.context import Core
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
    people = await enter_people(core, 4)
    person, meeting = await secretary_of(core, people)
    await directory.end_posting(core, person.postings[0].id, PostingEnd(valid_to=YESTERDAY), actor=ADMIN)
    assert await granted(core, person.id) == ()
    assert person.id not in await hear(core, meeting)


async def test_while_another_post_is_held_there_nothing_ends(core: Core) -> None:
    people = await enter_people(core, 4)
    person, meeting = await secretary_of(core, people)
    more = PostingCreate(body_id=people.body, title="Chuyên viên", valid_from="2025-07-01")
    await directory.add_posting(core, person.id, more, actor=ADMIN)
    await directory.end_posting(core, person.postings[0].id, PostingEnd(valid_to=YESTERDAY), actor=ADMIN)
    assert await granted(core, person.id) == (Grant(Role.SECRETARY, people.body),)
    assert person.id in await hear(core, meeting)


async def test_what_ends_on_a_day_to_come_holds_until_then(core: Core) -> None:
    people = await enter_people(core, 4)
    person, meeting = await secretary_of(core, people)
    await directory.end_posting(core, person.postings[0].id, PostingEnd(valid_to=IN_A_MONTH), actor=ADMIN)
    assert await granted(core, person.id) == (Grant(Role.SECRETARY, people.body),)
    assert person.id in await hear(core, meeting)
