"""Before a meeting in Chromium: recalls count by device, tablets test themselves, a new build waits for its moment."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.e2e.browser import DESK, RESULTS, TABLET, axe, new_context, sign_in
from tests.e2e.reading import Put, open_item, plan, put
from tests.support.demo import serving

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from tests.support.demo import Demo, Seed

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

TITLE = "Phụ lục sẽ thu hồi"
CODE = "482913"
# Another address of the same worker is a new build to the browser: it is installed, and waits.
_NEW_BUILD = """async () => {
  await navigator.serviceWorker.register("/tablet/sw.js?next", {scope: "/tablet/"});
  window.sameStart = true;
}"""
_WAITS = "navigator.serviceWorker.getRegistration('/tablet/').then((each) => !!each.waiting)"


async def tablet(browser: Browser, demo: Demo, role: str) -> Page:
    """Somebody's tablet with the app on the first screen, which would start without a server too."""
    page = await (await new_context(browser, TABLET, has_touch=True)).new_page()
    account = demo.account(role)
    await sign_in(page, demo.url, account.user, account.password)
    await page.goto(f"{demo.url}/tablet/")
    await expect(page.locator(".hello")).to_be_visible()
    return page


async def desk(browser: Browser, demo: Demo, path: str) -> Page:
    """The secretary at a screen of the desk."""
    page = await (await new_context(browser, DESK)).new_page()
    account = demo.account("secretary")
    await sign_in(page, demo.url, account.user, account.password)
    await page.goto(f"{demo.url}/desk{path}")
    return page


async def holding(demo: Demo, paper: Put, count: int) -> None:
    """Wait until so many devices have told that they hold a paper."""
    secretary, devices = await demo.enter("secretary"), []
    for _ in range(200):
        devices = (await secretary.get(f"/papers/{paper.id}/devices"))["devices"]
        if [each["state"] for each in devices].count("holding") == count:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(devices)


async def test_a_recall_is_counted_by_device_and_reaches_the_one_that_was_away(
    browser: Browser, demo_seed: Seed, tmp_path: Path
) -> None:
    with serving(demo_seed.copy(tmp_path / "data")) as demo:
        paper = await put(demo, await open_item(demo), TITLE, plan())
        here, away = await tablet(browser, demo, "member"), await tablet(browser, demo, "chair")
        await holding(demo, paper, 2)
        await away.context.set_offline(offline=True)
        await away.close()  # switched off
        secretary = await demo.enter("secretary")
        status, _ = await secretary.request("POST", f"/papers/{paper.id}/recall", {"reason": "Sai số liệu"})
        assert status == 200
        screen = await desk(browser, demo, f"/meetings/{demo.ready.meeting}")
        await holding(demo, paper, 1)
        await screen.get_by_role("button", name=re.compile(r"\d+ tài liệu")).first.wait_for()
        await open_items(screen, TITLE)
        line = screen.locator(".file").filter(has_text=TITLE)
        await expect(line).to_contain_text("1/2")
        await line.get_by_role("button", name=re.compile("Đã thu hồi")).click()
        listed = screen.get_by_role("dialog")
        await expect(listed).to_contain_text("Chưa nối mạng từ lúc thu hồi")
        assert await axe(screen) == []
        # It comes back: nobody touches it.
        context = away.context
        await context.set_offline(offline=False)
        again = await context.new_page()
        await again.goto(f"{demo.url}/tablet/")
        await expect(listed).to_contain_text("Đã thu hồi 2/2 máy.")
        await expect(line).to_contain_text("2/2")
        for page in (here, again, screen):
            await page.context.close()


async def open_items(screen: Page, title: str) -> None:
    """Unfold the agenda until the paper shows."""
    buttons = screen.locator("button.papers")
    for index in range(await buttons.count()):
        if await screen.locator(".file").filter(has_text=title).count():
            return
        await buttons.nth(index).click()
    await expect(screen.locator(".file").filter(has_text=title)).to_be_visible()


async def test_a_tablet_tests_itself_and_the_desk_sees_what_it_lacks(
    browser: Browser, demo_seed: Seed, tmp_path: Path
) -> None:
    with serving(demo_seed.copy(tmp_path / "data")) as demo:
        page = await tablet(browser, demo, "member")
        screen = await desk(browser, demo, f"/meetings/{demo.ready.meeting}")
        await page.goto(f"{demo.url}/tablet/meetings/{demo.ready.meeting}")
        await page.get_by_role("button", name="Kiểm tra máy").tap()
        found = page.get_by_role("dialog")
        await expect(found).to_contain_text("việc cần làm trên máy này.")
        await expect(found.locator("li.bad").filter(has_text="Mã mở khi mất mạng")).to_contain_text(
            "Đặt mã trong Tài khoản"
        )
        await page.screenshot(path=RESULTS / "ready-check.png")
        assert await axe(page) == []
        await screen.get_by_role("button", name=re.compile("^Máy sẵn sàng 0")).click()
        row = screen.get_by_role("dialog").get_by_role("row").filter(has_text="chưa đặt mã mở khi mất mạng")
        await expect(row).to_have_count(1)
        assert await axe(screen) == []
        await screen.screenshot(path=RESULTS / "ready-desk.png")
        await page.goto(f"{demo.url}/tablet/account")
        await page.get_by_role("button", name="Đặt mã").tap()
        form = page.get_by_role("dialog")
        await form.get_by_label("Mã 6 số").fill(CODE)
        await form.get_by_label("Nhập lại").fill(CODE)
        await form.get_by_role("button", name="Đặt mã").tap()
        await expect(row).to_have_count(0)  # it has told so by itself
        for each in (page, screen):
            await each.context.close()


async def test_a_new_build_waits_for_the_end_of_the_meeting_and_for_a_tap(
    browser: Browser, demo_seed: Seed, tmp_path: Path
) -> None:
    with serving(demo_seed.copy(tmp_path / "data")) as demo:
        page = await tablet(browser, demo, "member")
        await page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        await page.reload()
        await expect(page.locator(".hello")).to_be_visible()
        await page.evaluate(_NEW_BUILD)
        await page.wait_for_function(
            "navigator.serviceWorker.getRegistration('/tablet/').then((each) => !!each.waiting)"
        )
        await expect(page.locator(".next")).to_contain_text("Đang họp")
        await expect(page.get_by_text("Ứng dụng có bản mới.")).to_have_count(0)
        secretary = await demo.enter("secretary")
        assert (await secretary.request("POST", f"/meetings/{demo.ready.meeting}/end", {}))[0] == 200
        await expect(page.get_by_text("Ứng dụng có bản mới.")).to_be_visible()
        assert await page.evaluate("window.sameStart") is True
        assert await axe(page) == []
        async with page.expect_navigation():
            await page.get_by_role("button", name="Cập nhật").tap()
        await expect(page.locator(".hello")).to_be_visible()
        assert await page.evaluate("window.sameStart") is None
        await expect(page.get_by_text("Ứng dụng có bản mới.")).to_have_count(0)
        await page.context.close()
