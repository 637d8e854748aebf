"""Every screen, filled with data, by day and night, in every size: it fits, nothing complains, axe finds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.e2e.browser import (
    DESK,
    PHONE,
    TABLET,
    TABLET_UPRIGHT,
    Complaints,
    axe,
    new_context,
    sign_in,
    sticking_out,
)
from tests.e2e.screens import BESIDE, FILLED, Screen, address, places, routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, BrowserContext, Page

    from tests.support.demo import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

TABLE = {(route.app, route.name): route.path for app in ("tablet", "desk") for route in routes(app)}
SIZES = {"tablet": (TABLET, TABLET_UPRIGHT, PHONE), "desk": (DESK,)}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def ids(demo_server: Demo) -> dict[str, str]:
    return await places(demo_server)


@pytest_asyncio.fixture(loop_scope="session")
async def profile(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await new_context(browser, TABLET)
    yield context
    await context.close()


def test_every_route_has_its_data_and_every_entry_its_route() -> None:
    assert set(FILLED) == set(TABLE)


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(("app", "name"), [*TABLE, *BESIDE], ids=lambda part: str(part).replace(" ", "-"))
async def test_screen(app: str, name: str, profile: BrowserContext, demo_server: Demo, ids: dict[str, str]) -> None:
    screen = FILLED.get((app, name)) or BESIDE[app, name]
    page = await profile.new_page()
    # Whether somebody is signed in is asked of the server, and Chromium reports the answer 401 as an error.
    complaints = Complaints(page, *([] if screen.role else ["/api/v1/accounts/me"]))
    if screen.role:
        account = demo_server.account(screen.role)
        await sign_in(page, demo_server.url, account.user, account.password)
        complaints.lines.clear()
    await page.goto(demo_server.url + address(app, TABLE.get((app, name), screen.path), ids))
    wrong = [line async for line in _looked_over(page, app, screen)]
    assert not complaints.lines
    assert not wrong, "\n".join(wrong)


async def _looked_over(page: Page, app: str, screen: Screen) -> AsyncIterator[str]:
    """What is wrong with a screen in each size and light, one line each."""
    for width, height in SIZES[app]:
        await page.set_viewport_size({"width": width, "height": height})
        for light in ("light", "dark"):
            await page.emulate_media(color_scheme="dark" if light == "dark" else "light")
            await page.wait_for_selector(screen.filled)
            await page.evaluate("() => document.fonts.ready")
            only = None if light == "light" else ["color-contrast"]  # by night nothing else is other
            for line in [*await sticking_out(page), *await axe(page, only=only)]:
                yield f"{width}×{height} {light}: {line}"
