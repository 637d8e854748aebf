"""Every dialog, sheet and menu, opened once: it fits, nothing complains, axe finds nothing, Escape closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.browser import DESK, Complaints, axe, new_context, sign_in, sticking_out
from tests.e2e.openings import ELSEWHERE, OPENED, PLACES, Opening, Place, openers
from tests.e2e.screens import FILLED, address, places, routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

    from tests.support.demo import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

ROUTES = {(route.app, route.name): route.path for app in ("tablet", "desk") for route in routes(app)}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ids(demo_server: Demo) -> dict[str, str]:
    return await places(demo_server)


def test_everything_that_opens_has_its_place() -> None:
    named = {(place.app, opening.source) for place in PLACES for opening in place.openings} | ELSEWHERE
    assert named == {(app, source) for app in ("tablet", "desk") for source in openers(app)}


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
async def test_opened(place: Place, browser: Browser, demo_server: Demo, ids: dict[str, str]) -> None:
    context = await new_context(browser, DESK if place.app == "desk" else place.size, reduced_motion="reduce")
    page = await context.new_page()
    account = demo_server.account(place.role)
    await sign_in(page, demo_server.url, account.user, account.password)
    complaints = Complaints(page)
    where = ids | {"meeting": ids[place.meeting]}
    wrong = []
    await page.goto(demo_server.url + address(place.app, ROUTES[place.app, place.route], where))
    for opening in place.openings:
        wrong += [f"{opening.source}: {line}" async for line in _looked_over(page, place, opening)]
    assert not complaints.lines
    assert not wrong, "\n".join(wrong)
    await context.close()


async def _looked_over(page: Page, place: Place, opening: Opening) -> AsyncIterator[str]:
    width, height = opening.size or (DESK if place.app == "desk" else place.size)
    await page.set_viewport_size({"width": width, "height": height})
    await page.wait_for_selector(place.filled or FILLED[place.app, place.route].filled)
    for step in opening.steps:
        await step(page)
    await page.wait_for_selector(opening.shows)
    for line in [*await sticking_out(page), *await axe(page)]:
        yield line
    # By night only the colours are others.
    await page.emulate_media(color_scheme="dark")
    for line in await axe(page, OPENED, ["color-contrast"]):
        yield f"by night: {line}"
    await page.emulate_media(color_scheme="light")
    await page.keyboard.press("Escape")
    if opening.behind:
        await page.wait_for_selector(opening.behind)
        await page.keyboard.press("Escape")
    await expect(page.locator(OPENED)).to_have_count(0)
