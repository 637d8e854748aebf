"""The cast of the scenario, each in a browser profile of their own: one desk, and three tablets held in three ways."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.e2e.browser import DESK, TABLET, TABLET_UPRIGHT, Complaints, new_context
from tests.e2e.desk import Desk
from tests.e2e.network import Line, line
from tests.e2e.tablet import Hand, Tablet

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser

# What Chromium itself reports where nobody is signed in yet, and while a network is cut.
_EXPECTED = (
    "/api/v1/accounts/me",
    "ERR_INTERNET_DISCONNECTED",
    "ERR_PROXY",
    "ERR_TUNNEL",
    "ERR_CONNECTION",
    "ERR_EMPTY",
)


@dataclass(frozen=True)
class Scene:
    """Who plays. The member's tablet hangs on a line of its own, which can be cut."""

    desk: Desk
    chair: Tablet
    official: Tablet
    member: Tablet
    complaints: dict[str, Complaints]

    @property
    def tablets(self) -> tuple[Tablet, Tablet, Tablet]:
        """All three."""
        return self.chair, self.official, self.member


@asynccontextmanager
async def scene(browser: Browser, url: str) -> AsyncIterator[Scene]:
    """Open them all on the server at ``url``."""
    async with AsyncExitStack() as stack:
        complaints: dict[str, Complaints] = {}

        async def tablet(name: str, size: tuple[int, int], hand: Hand, on: Line | None = None) -> Tablet:
            more = {} if on is None else {"proxy": on.settings}
            context = await new_context(browser, size, has_touch=True, **more)
            stack.push_async_callback(context.close)
            page = await context.new_page()
            complaints[name] = Complaints(page, *_EXPECTED)
            return Tablet(context, page, url, hand, on)

        cuttable = await stack.enter_async_context(line(url))
        context = await new_context(browser, DESK)
        stack.push_async_callback(context.close)
        page = await context.new_page()
        complaints["desk"] = Complaints(page, *_EXPECTED)
        play = Scene(
            desk=Desk(page, url),
            chair=await tablet("chair", TABLET, "mouse"),
            official=await tablet("official", TABLET_UPRIGHT, "finger"),
            member=await tablet("member", TABLET, "pen", cuttable),
            complaints=complaints,
        )
        try:
            yield play
        except BaseException:
            for name in ("desk", "chair", "official", "member"):
                await getattr(play, name).shoot(f"failed-{name}")
            raise
