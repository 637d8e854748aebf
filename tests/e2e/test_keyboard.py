"""The desk without a mouse: sign in, create a meeting, fill its agenda and put it in another order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.e2e.browser import DESK, new_context

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page

    from tests.support.demo import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

_FURTHEST = 60


async def test_a_meeting_is_prepared_by_keyboard_alone(browser: Browser, demo_server: Demo) -> None:
    context = await new_context(browser, DESK)
    page = await context.new_page()
    account = demo_server.account("secretary")
    await page.goto(f"{demo_server.url}/desk/")
    await write(page, page.get_by_label("Tên đăng nhập"), account.user)
    await write(page, page.get_by_label("Mật khẩu"), account.password)
    await page.keyboard.press("Enter")
    await press(page, page.get_by_role("button", name="Tạo cuộc họp"))
    await fill_the_form(page)
    for title in ("Nội dung thứ nhất", "Nội dung thứ hai"):
        await press(page, page.get_by_role("button", name="Thêm nội dung"))
        await write(page, page.get_by_role("dialog").get_by_label("Tên nội dung"), title)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog")).to_be_hidden()
    await reorder(page)
    await context.close()


async def fill_the_form(page: Page) -> None:
    form = page.get_by_role("dialog")
    await write(page, form.get_by_label("Tên cuộc họp"), "Họp bằng bàn phím")
    await reach(page, form.get_by_label("Bắt đầu"))
    # The same in every language of the system: day and month alike, and "A" is ignored where the day has 24 hours.
    await page.keyboard.type("11112031")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.type("0800A")
    await expect(form.get_by_label("Bắt đầu")).to_have_value("2031-11-11T08:00")
    await write(page, form.get_by_label("Chủ tọa"), "Nguyễn Đăng Thụy")
    await expect(page.get_by_role("option").filter(has_text="Nguyễn Đăng Thụy")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(form.get_by_text("Nguyễn Đăng Thụy")).to_be_visible()
    await press(page, form.get_by_role("button", name="Tạo cuộc họp"))
    await expect(page.get_by_role("heading", level=1, name="Họp bằng bàn phím")).to_be_visible()


async def reorder(page: Page) -> None:
    """By the arrow keys on the grip, and back by the button."""
    titles = page.get_by_role("list", name="Chương trình họp").locator("button.t")
    await expect(titles).to_have_text(["Nội dung thứ nhất", "Nội dung thứ hai"])
    await reach(page, page.get_by_role("button", name="Chuyển Nội dung thứ hai: mũi tên lên, xuống"))
    await page.keyboard.press("ArrowUp")
    await expect(titles).to_have_text(["Nội dung thứ hai", "Nội dung thứ nhất"])
    await page.reload()
    await expect(titles).to_have_text(["Nội dung thứ hai", "Nội dung thứ nhất"])
    await press(page, page.get_by_role("button", name="Đưa Nội dung thứ hai xuống"))
    await expect(titles).to_have_text(["Nội dung thứ nhất", "Nội dung thứ hai"])


async def reach(page: Page, target: Locator) -> None:
    """Tab until ``target`` has the focus."""
    await expect(target).to_be_visible()
    for _ in range(_FURTHEST):
        if await target.evaluate("(element) => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {target}")


async def write(page: Page, field: Locator, words: str) -> None:
    """Type into a field that Tab reaches."""
    await reach(page, field)
    await page.keyboard.insert_text(words)


async def press(page: Page, button: Locator) -> None:
    """Press a button that Tab reaches."""
    await reach(page, button)
    await page.keyboard.press("Enter")
