"""People with and without access, a clock that is set by hand, and what the tests look up behind the actions."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from sqlalchemy import select

from server.accounts import actions
from server.accounts.actions import Entered, Visitor
from server.accounts.wire import AccountGive, SignIn, SignInByCode
from server.core.access import Grant, Role
from server.core.clock import FakeClock
from server.core.errors import DomainError
from server.core.journal.tables import operation
from tests.support.house import actor
from tests.support.sitting import enter_people

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read

PASSWORD = "sông Hồng mùa nước 7"
ORIGIN = "https://phien.example"
ADMINISTRATOR = actor("administrator", Role.ADMINISTRATOR)
HERE = Visitor("192.0.2.1")


@dataclass(frozen=True)
class Office:
    """A body and its people: two have a password, the first of them administers the house; ``newcomer`` has nothing."""

    core: Core
    clock: FakeClock
    body: str
    head: str
    leader: str
    newcomer: str

    async def enter(self, user: str = "leader", password: str = PASSWORD, device: str = "") -> Entered:
        """Sign in by password."""
        command = SignIn(user=user, password=password, device_name=device)
        return await actions.sign_in(self.core, command, visitor=HERE)

    async def enter_by_code(self, code: str) -> Entered:
        """Sign in by a one-time code."""
        return await actions.sign_in_by_code(self.core, SignInByCode(code=code), visitor=HERE)

    async def who(self, entered: Entered | str) -> Actor | None:
        """Whom a token opens the house to now."""
        token = entered if isinstance(entered, str) else entered.token
        return await actions.of(self.core).actor_of(self.core, token)

    async def acting(self, entered: Entered) -> Actor:
        """Who is signed in, as the edge hands them to actions."""
        found = await self.who(entered)
        assert found is not None
        return found

    async def events(self, stream: str = "x:accounts") -> list[dict[str, Any]]:
        """Everything that a stream tells, with its name and actor."""
        return await events(self.core, stream)


async def events(core: Core, stream: str) -> list[dict[str, Any]]:
    """The operations of a stream, oldest first."""
    query = select(operation).where(operation.c.stream == stream).order_by(operation.c.seq)

    def read(read: Read) -> list[dict[str, Any]]:
        return [{**msgspec.json.decode(row.body), "name": row.name, "actor": row.actor} for row in read.rows(query)]

    return await core.db.read(read)


def refused(code: str) -> Any:
    """The block raises exactly this refusal."""
    return pytest.raises(DomainError, check=lambda error: error.code == code)


async def people_our_house(core: Core) -> Office:
    """A body with three people, two of whom have access."""
    people = await enter_people(core, 3)
    clock = core.clock
    assert isinstance(clock, FakeClock)
    for person, user, grants in (
        (people.all[0], "head", (Grant(Role.ADMINISTRATOR),)),
        (people.all[1], "leader", (Grant(Role.OFFICIAL, people.body),)),
    ):
        given = AccountGive(user=user, grants=grants)
        await actions.give_with_password(core, person, given, PASSWORD, actor=ADMINISTRATOR)
    head, leader, newcomer, *_ = people.all
    return Office(core, clock, people.body, head, leader, newcomer)


@pytest.fixture
async def office(core: Core) -> Office:
    return await people_our_house(dataclasses.replace(core, clock=FakeClock()))
