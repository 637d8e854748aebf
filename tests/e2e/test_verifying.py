"""Any PDF, from any system, dropped on the screen that checks: what it is worth, what was changed, what was signed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from signing import Stamp
from signing.demo_ink import draw_signature
from tests.e2e.browser import RESULTS, TABLET, axe, new_context, sign_in, sticking_out
from tests.signing import attacks, papers

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

    from tests.support.demo import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

NAME = "Nguyễn Thị Ánh Tuyết"  # of a body that is not ours, by a root that nobody here trusts


async def drop(page: Page, path: Path, verdict: str) -> None:
    await page.locator("main input[type=file]").set_input_files(path)
    await expect(page.get_by_text(path.name).first).to_be_visible()
    await expect(page.get_by_role("heading", name=verdict, exact=True)).to_be_visible()
    assert await sticking_out(page) == []
    assert await axe(page) == []


async def test_a_file_from_elsewhere_is_judged_and_shown_as_it_was_signed(
    browser: Browser, demo_server: Demo, tmp_path: Path
) -> None:
    good, changed, bare = (tmp_path / f"{name}.pdf" for name in ("nguyen-ven", "bi-sua", "chua-ky"))
    signed = papers.signed(papers.form(), papers.signer(NAME), stamp=Stamp(box=papers.BOX, image=draw_signature(NAME)))
    for path, pdf in ((good, signed), (changed, attacks.page_content(signed)), (bare, papers.plain())):
        path.write_bytes(pdf)
    context = await new_context(browser, TABLET)
    page = await context.new_page()
    account = demo_server.account("secretary")
    await sign_in(page, demo_server.url, account.user, account.password)
    await page.goto(f"{demo_server.url}/desk/verify")
    await drop(page, bare, "Không có chữ ký số")
    await drop(page, good, "CHƯA XÁC ĐỊNH")
    await expect(page.get_by_text(NAME).first).to_be_visible()
    await drop(page, changed, "KHÔNG HỢP LỆ")
    await page.screenshot(path=RESULTS / "desk-verify.png")
    await page.get_by_role("button", name=re.compile("^Xem trang")).first.click()
    pages = page.get_by_role("dialog").get_by_role("img")
    await expect(pages).to_have_count(2)
    await page.screenshot(path=RESULTS / "desk-verify-pages.png")
    await page.get_by_role("button", name="Đóng so sánh").click()
    await page.get_by_role("button", name=re.compile("^Mở bản")).first.click()
    await expect(page.get_by_role("dialog").locator(".page .whole, canvas").first).to_be_visible()
    await context.close()
