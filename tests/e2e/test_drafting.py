"""What comes out of a meeting, in real browsers: written, seen, filed by the secretary; signed with one unlocking."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.e2e.browser import DESK, RESULTS, axe, new_context
from tests.e2e.desk import Desk
from tests.e2e.house import MEMBER, OFFICIAL, PASSWORD, SECRETARY, House, house
from tests.e2e.tablet import SCROLL_THROUGH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

MEETING, ITEM = "Phiên họp tháng 11", "Kế hoạch đầu tư công năm 2027"
MINUTES, NOTICE = f"Biên bản {MEETING}", "Thông báo Kết luận về đầu tư công"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as running:
        yield running


async def test_minutes_and_notice_are_written_filed_and_signed_together(browser: Browser, served: House) -> None:
    contexts = [await new_context(browser, DESK) for _ in range(2)]
    page, other = [await context.new_page() for context in contexts]
    desk = Desk(page, served.url)
    await desk.enter(SECRETARY.user, PASSWORD)
    await desk.create_meeting(MEETING, "2031-11-27T08:00", "Phòng họp số 1", OFFICIAL.name)
    await desk.seat([MEMBER.name])
    await desk.add_item(ITEM, MEMBER.name)

    await begin(page, "biên bản")
    await page.get_by_label("Kết thúc lúc").fill("2031-11-27T11:20")
    await page.get_by_label("Nội dung").first.fill(
        "Giám đốc Sở Tài chính trình bày kế hoạch.\nCác thành viên thống nhất."
    )
    await page.get_by_role("button", name="Ghi tất cả có mặt").click()
    await expect(page.locator(".kept")).to_contain_text("Đã lưu")
    await expect(page.locator(".page .whole").first).to_be_visible()
    assert await axe(page) == []
    await file(page)

    await page.get_by_role("link", name="Về danh sách đang soạn").click()
    await begin(page, "thông báo kết luận")
    await page.get_by_label("Trích yếu").fill("Kết luận về đầu tư công")
    await page.get_by_label("Nội dung").last.fill("Giao Sở Tài chính hoàn thiện kế hoạch.")
    await file(page)

    await sign_all(other, served.url)
    await page.get_by_role("link", name="Về danh sách đang soạn").click()
    await page.get_by_role("link", name=NOTICE).click()
    await expect(page.get_by_text("Đã ký, không lập bản mới")).to_be_visible()
    for context in contexts:
        await context.close()


async def begin(page: Page, kind: str) -> None:
    """From the meeting or the list of drafts into a new one."""
    link = page.get_by_role("link", name="Soạn văn bản")
    if await link.count() > 0:
        await link.click()
    await page.get_by_role("button", name=f"Soạn {kind}").click()
    await expect(page.get_by_role("heading", level=1, name=f"Soạn {kind}")).to_be_visible()


async def file(page: Page) -> None:
    """Print it among the papers and ask for the signature of the official, and no more."""
    await page.get_by_role("button", name="Lập văn bản").click()
    await expect(page.get_by_text("Đã lập văn bản", exact=True).first).to_be_visible(timeout=30_000)  # it is printed
    await page.get_by_role("button", name="Trình ký").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Loại văn bản").select_option(label="Văn bản khác")
    secretary = form.get_by_role("button", name=f"Bỏ bước của {SECRETARY.name}")
    if await secretary.count() > 0:
        await secretary.click()
    await form.get_by_role("button", name="Trình ký", exact=True).click()
    await expect(form).to_be_hidden()


async def sign_all(page: Page, url: str) -> None:
    """As the official, at the desk: look at both one after another, unlock once."""
    await page.goto(f"{url}/desk/")
    await page.get_by_label("Tên đăng nhập").fill(OFFICIAL.user)
    await page.get_by_label("Mật khẩu").fill(PASSWORD)
    await page.get_by_role("button", name="Vào bằng mật khẩu").click()
    await page.wait_for_url("**/tablet/**")
    await page.goto(f"{url}/desk/signatures")
    await page.get_by_role("button", name="Chọn cả 2 văn bản").click()
    await page.screenshot(path=RESULTS / "desk-batch.png")
    await page.get_by_role("button", name="Xem lần lượt 2 văn bản").click()
    form = page.get_by_role("dialog")
    for number, onward in ((1, "Văn bản tiếp theo"), (2, "Ký 2 văn bản")):
        await expect(form.get_by_text(f"Văn bản {number}/2 của lượt ký")).to_be_visible()
        await expect(form.get_by_role("button", name="Chưa xem đến trang cuối")).to_be_disabled()
        await form.locator(".page .whole").first.wait_for()
        await form.locator(".view").evaluate(SCROLL_THROUGH)
        await form.get_by_role("button", name=onward).click()
    await form.get_by_label("Mật khẩu khóa ký").fill(PASSWORD)
    assert await axe(page, "[role=dialog]") == []
    await form.get_by_role("button", name="Ký 2 văn bản").click()
    await expect(page.get_by_role("dialog", name="2 đã ký")).to_be_visible()
    await page.get_by_role("button", name="Về danh sách chờ").click()
    await expect(page.locator("main .one").filter(has_text=re.compile("Đã ký"))).to_have_count(2)
