"""A body with its people and its secretary, and a meeting with an agenda and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server.core.access import Role
from server.core.context import Core
from tests.support.house import actor
from tests.support.sitting import People, add_item, draft, enter_people, invite

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.meetings.wire import Meeting


@pytest.fixture
async def people(core: Core) -> People:
    return await enter_people(core, 6)


@pytest.fixture
def secretary(people: People) -> Actor:
    return actor(people.secretary, Role.SECRETARY, body=people.body)


@pytest.fixture
async def meeting(core: Core, people: People, secretary: Actor) -> Meeting:
    """Four members, two items, the second closed."""
    made = await draft(core, people, secretary, ends_at="2026-11-27T11:20:00+07:00")
    await add_item(core, made, "Báo cáo quý IV", secretary=secretary, presenter_id=people.members[0])
    await add_item(core, made, "Kỷ luật cán bộ", secretary=secretary, restricted=True)
    return await invite(core, made, people.members, secretary=secretary)
