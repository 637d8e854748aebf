"""The administrator's directory in Chromium: a body changed, posts added and ended, what is refused at its field."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.e2e.browser import DESK, new_context, sign_in

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page

    from tests.support.demo import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

BODY, RENAMED, PERSON = "Ban Chỉ đạo thử nghiệm", "Ban Chỉ đạo chuyển đổi số", "Trần Văn Hẹn"
SOON = datetime.now(UTC).date() + timedelta(days=30)
SHOWN = f"{SOON:%d/%m/%Y}"


async def test_bodies_and_posts_are_kept_by_hand(browser: Browser, demo_server: Demo) -> None:
    context = await new_context(browser, DESK)
    page = await context.new_page()
    account = demo_server.account("administrator")
    await sign_in(page, demo_server.url, account.user, account.password)
    await page.goto(f"{demo_server.url}/desk/directory")
    await _a_body_is_entered_and_renamed(page)
    await _a_person_comes_in_a_month(page)
    await _the_post_ends_before_it_begins_and_then_later(page)
    await _one_more_post_and_not_twice(page)
    await _the_body_cannot_end_before_its_posts(page)
    await context.close()


async def _a_body_is_entered_and_renamed(page: Page) -> None:
    await page.get_by_role("button", name="Thêm đơn vị").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Tên đơn vị").fill(BODY)
    await form.get_by_label("Mã đơn vị").fill("BCD-01")
    await form.get_by_label("Cấp", exact=True).select_option(index=1)
    await form.get_by_label("Hoạt động từ ngày").fill("2025-07-01")
    await form.get_by_role("button", name="Thêm đơn vị").click()
    await _tree(page).get_by_role("button", name=BODY).click()
    await page.get_by_role("button", name="Sửa đơn vị").click()
    await form.get_by_label("Tên đơn vị").fill(RENAMED)
    await form.get_by_role("button", name="Lưu đơn vị").click()
    await expect(page.get_by_role("heading", name=RENAMED)).to_be_visible()
    await expect(_tree(page).get_by_role("button", name=BODY)).to_have_count(0)


async def _a_person_comes_in_a_month(page: Page) -> None:
    await page.get_by_role("button", name="Thêm người").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Họ tên").fill(PERSON)
    await form.get_by_label("Mã cán bộ").fill("CB-HEN")
    await form.get_by_label("Đơn vị").select_option(label=RENAMED)
    await form.get_by_label("Chức vụ", exact=True).fill("Trưởng ban")
    await form.get_by_label("Giữ chức vụ từ ngày").fill(SOON.isoformat())
    await form.get_by_role("button", name="Thêm vào danh bạ").click()
    await expect(page.locator("tbody tr")).to_have_count(1)
    await expect(page.locator("tbody tr")).to_contain_text(f"Trưởng ban · {RENAMED}, từ {SHOWN}")


async def _the_post_ends_before_it_begins_and_then_later(page: Page) -> None:
    await page.get_by_role("button", name=PERSON).click()
    form = page.get_by_role("dialog")
    await form.get_by_role("button", name="Kết thúc chức vụ").click()
    asked = page.get_by_role("alertdialog")
    last = asked.get_by_label("Ngày cuối")
    await last.fill("2025-12-31")
    await asked.get_by_role("button", name="Kết thúc chức vụ").click()
    await expect(asked).to_contain_text(f"ngày kết thúc trước ngày bắt đầu {SHOWN}")
    await expect(last).to_have_attribute("aria-invalid", "true")
    await last.fill("2099-12-31")
    await asked.get_by_role("button", name="Kết thúc chức vụ").click()
    await expect(form).to_contain_text(f"từ {SHOWN} đến 31/12/2099")


async def _one_more_post_and_not_twice(page: Page) -> None:
    form = page.get_by_role("dialog")
    for _ in range(2):
        await form.get_by_role("button", name="Thêm chức vụ").click()
        await form.get_by_label("Đơn vị").select_option(label=RENAMED)
        await form.get_by_label("Chức vụ", exact=True).fill("Ủy viên thường trực")
        await form.get_by_label("Giữ chức vụ từ ngày").fill("2025-07-01")
        await form.get_by_role("button", name="Thêm chức vụ").click()
        await expect(form).to_contain_text("Ủy viên thường trực")
    await expect(form).to_contain_text("Chưa ghi: người này đang giữ chức vụ “Ủy viên thường trực” ở đơn vị này.")
    await form.get_by_role("button", name="Quay lại").click()
    await expect(form.locator("li")).to_have_count(2)
    await form.get_by_role("button", name="Quay lại").click()
    await expect(page.locator("tbody tr")).to_contain_text("Ủy viên thường trực")


async def _the_body_cannot_end_before_its_posts(page: Page) -> None:
    await page.get_by_role("button", name="Sửa đơn vị").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Ngày cuối hoạt động").fill("2026-01-31")
    await form.get_by_role("button", name="Lưu đơn vị").click()
    await expect(form).to_contain_text("sau ngày 31/01/2026 còn 0 đơn vị trực thuộc và 2 chức vụ chưa kết thúc")


def _tree(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Đơn vị")
