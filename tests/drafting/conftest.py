"""A body with its people and its secretary, a meeting with an agenda, and printing without a child of its own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from server.core.access import Role
from server.core.context import Core
from server.drafting.actions import filing
from server.signatures.child.official import Printed, print_paper
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


@pytest.fixture
def printed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing in this process: a child of its own takes seconds to load, and how it prints is tested elsewhere."""

    async def print_here(_core: Core, template: str, values: dict[str, Any], *, body_id: str = "") -> Printed:
        del body_id
        return await asyncio.to_thread(print_paper, template, values, 36.0)

    monkeypatch.setattr(filing, "print_official", print_here)
