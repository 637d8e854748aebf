"""The whole way of a paper in real browsers: from the desk over the official's tablet to the registry clerk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.e2e.browser import DESK, TABLET, new_context
from tests.e2e.desk import Desk
from tests.e2e.house import CHAIR, CLERK, MEMBER, OFFICIAL, PASSWORD, SECRETARY, House, house
from tests.e2e.papers import write_paper
from tests.e2e.tablet import Tablet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.async_api import Browser

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

ITEM, PAPER = "Kế hoạch đầu tư công năm 2027", "Thong bao ket luan"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as running:
        yield running


async def test_a_paper_goes_from_the_desk_by_the_tablet_to_the_clerk(
    browser: Browser, served: House, tmp_path: Path
) -> None:
    contexts = [
        await new_context(browser, DESK),
        await new_context(browser, TABLET, has_touch=True),
        await new_context(browser, DESK),
    ]
    at_desk, tablet, of_clerk = [await context.new_page() for context in contexts]
    desk, clerk = Desk(at_desk, served.url), Desk(of_clerk, served.url)
    official = Tablet(contexts[1], tablet, served.url, "mouse", None)
    await desk.enter(SECRETARY.user, PASSWORD)
    await desk.create_meeting("Phiên họp tháng 11", "2031-11-27T08:00", "Phòng họp số 1", CHAIR.name)
    await desk.seat([OFFICIAL.name, MEMBER.name])
    await desk.add_item(ITEM, MEMBER.name)
    await desk.upload(ITEM, write_paper(tmp_path / f"{PAPER}.pdf", "Thông báo kết luận", pages=2))
    await desk.ask_for_notice(ITEM, PAPER, OFFICIAL.name)
    await desk.lay_fields()
    await expect(at_desk.get_by_text("Đang trình ký 1/6")).to_be_visible()
    await desk.print_invitation()
    await desk.ask_to_sign(OFFICIAL.name)
    await official.enter(OFFICIAL.user, PASSWORD)
    await official.approve(PAPER)
    invitation = "Giấy mời Phiên họp tháng 11"
    await official.sign_together([PAPER, invitation], PASSWORD)
    await clerk.enter(CLERK.user, PASSWORD)
    await clerk.do_registry(PAPER, PASSWORD)
    await expect(at_desk.get_by_text("01/TB-UBND · đã ban hành")).to_be_visible()
    for context in contexts:
        await context.close()
