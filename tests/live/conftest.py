"""A body with its people, a secretary of it, and a recorder that checks every act against the streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server.core.access import Role
from server.core.context import Core
from tests.support.house import actor
from tests.support.sitting import People, Watch, enter_people

if TYPE_CHECKING:
    from server.core.access import Actor


@pytest.fixture
async def people(core: Core) -> People:
    return await enter_people(core, 8)


@pytest.fixture
def secretary(people: People) -> Actor:
    return actor(people.secretary, Role.SECRETARY, body=people.body)


@pytest.fixture
def watch(core: Core) -> Watch:
    return Watch(core)
