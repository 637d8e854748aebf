"""A body with its people, its secretary, a mail sink, and a core that mails there."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from server.config import Mail
from server.core.access import Role
from server.core.clock import FakeClock
from server.core.context import Core
from server.core.mail import Mailer
from tests.support.house import actor
from tests.support.sitting import People, Watch, enter_people
from tests.support.sitting_mail import Sink, mail_sink

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from server.core.access import Actor


@pytest.fixture
async def people(core: Core) -> People:
    return await enter_people(core, 8)


@pytest.fixture
def secretary(people: People) -> Actor:
    return actor(people.secretary, Role.SECRETARY, body=people.body)


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with mail_sink() as running:
        yield running


@pytest.fixture
def house(core: Core, sink: Sink) -> Core:
    """The core with a mail server, and a clock that stands still."""
    clock = FakeClock()
    settings = Mail(host="127.0.0.1", port=sink.port, sender="phien@tangiang.example")
    return dataclasses.replace(core, mailer=Mailer(settings, clock=clock), clock=clock)


@pytest.fixture
def watch(house: Core) -> Watch:
    return Watch(house)
