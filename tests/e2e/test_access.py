"""Access and directory in Chromium: one-time codes, devices signed out, a list taken over, an app that is too old."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.e2e.browser import DESK, PHONE, TABLET, new_context, sign_in

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Route

    from tests.support.demo import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

GUEST, USER, SECRET = "Cù Minh Đạt", "dat.cm", "con-meo-trong-vuon-9"
HEAD = "Mã đơn vị,Tên đơn vị,Cấp,Mã cán bộ,Họ và tên,Chức vụ,Email,Từ ngày"
GOOD = "DV-NGV,Sở Ngoại vụ,Cấp tỉnh,CB-NGV,Trần Thị Thu Hà,Giám đốc,ha.ttt@tangiang.example,01/07/2025"
BAD = "DV-NGV,Sở Ngoại vụ,Cấp tỉnh,CB-NGV,Trần Thị Thu Hà,Giám đốc,ha.ttt@tangiang.example,31/02/2026"


async def test_a_code_opens_once_and_devices_are_signed_out(browser: Browser, demo_server: Demo) -> None:
    url = demo_server.url
    desk, tablet, phone = [await new_context(browser, size) for size in (DESK, TABLET, PHONE)]
    office, guest, other = [await context.new_page() for context in (desk, tablet, phone)]
    code = await _new_code(office, demo_server)
    await guest.goto(f"{url}/tablet/sign-in#code={code}")
    await guest.get_by_label("Mật khẩu mới").fill("ngan")
    await guest.get_by_role("button", name="Đặt mật khẩu").click()
    await expect(guest.get_by_role("alert")).to_contain_text("cần từ 10 đến 256 ký tự")
    await guest.get_by_label("Mật khẩu mới").fill(SECRET)
    await guest.get_by_role("button", name="Đặt mật khẩu").click()
    await expect(guest.locator(".hello")).to_contain_text(GUEST)
    await other.goto(f"{url}/tablet/sign-in?code={code}")
    await expect(other.get_by_role("alert")).to_contain_text("mã đã dùng")
    await sign_in(other, url, USER, SECRET)
    await other.goto(f"{url}/tablet/")
    await expect(other.locator(".hello")).to_contain_text(GUEST)
    await guest.goto(f"{url}/tablet/account")
    await guest.get_by_role("button", name="Đăng xuất máy").click()
    await guest.get_by_role("alertdialog").get_by_role("button", name="Đăng xuất máy").click()
    await expect(other.get_by_label("Tên đăng nhập")).to_be_visible()
    await _revoke(office)
    await expect(guest.get_by_label("Tên đăng nhập")).to_be_visible()
    for context in (desk, tablet, phone):
        await context.close()


async def _new_code(office: Page, demo: Demo) -> str:
    account = demo.account("administrator")
    await sign_in(office, demo.url, account.user, account.password)
    await office.goto(f"{demo.url}/desk/accounts")
    await office.get_by_role("button", name=f"Thêm thao tác với {GUEST}").click()
    await office.get_by_role("menuitem", name="Cấp lại mã vào").click()
    await office.get_by_role("alertdialog").get_by_role("button", name="Cấp lại mã vào").click()
    card = office.get_by_role("dialog")
    await expect(card.get_by_role("img", name="Mã QR để vào lần đầu")).to_be_visible()
    code = await card.locator(".code").inner_text()
    await card.get_by_role("button", name="Đã giao mã, đóng lại").click()
    return code


async def _revoke(office: Page) -> None:
    await office.get_by_role("button", name=f"Thêm thao tác với {GUEST}").click()
    await office.get_by_role("menuitem", name="Thu quyền truy cập").click()
    await office.get_by_role("alertdialog").get_by_role("button", name="Thu quyền truy cập").click()
    await expect(office.locator("tbody tr").filter(has_text=GUEST)).to_have_count(0)


async def test_a_list_is_tried_then_taken_over_whole(browser: Browser, demo_server: Demo) -> None:
    context = await new_context(browser, DESK)
    page = await context.new_page()
    account = demo_server.account("administrator")
    await sign_in(page, demo_server.url, account.user, account.password)
    await page.goto(f"{demo_server.url}/desk/directory/import")
    await _drop(page, "loi.csv", BAD)
    await expect(page.locator("tbody")).to_contain_text("Trần Thị Thu Hà, Giám đốc, Sở Ngoại vụ, từ ngày 31/02/2026")
    await expect(page.locator("tbody")).to_contain_text("ngày “31/02/2026” không đúng")
    await expect(page.get_by_role("button", name="Còn 1 dòng có lỗi")).to_be_disabled()
    await _drop(page, "tot.csv", GOOD)
    await page.get_by_role("button", name=re.compile("^Nhập 1 thay đổi")).click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Nhập danh bạ").click()
    await expect(page.get_by_text("Đã nhập tot.csv.")).to_be_visible()
    await page.goto(f"{demo_server.url}/desk/directory")
    await expect(page.locator("tbody tr").filter(has_text="Trần Thị Thu Hà")).to_contain_text("Giám đốc")
    await context.close()


async def _drop(page: Page, name: str, row: str) -> None:
    async with page.expect_file_chooser() as asked:
        await page.locator("main .drop").click()
    content = f"{HEAD}\n{row}\n".encode("utf-8-sig")
    await (await asked.value).set_files({"name": name, "mimeType": "text/csv", "buffer": content})


async def test_an_app_that_is_too_old_says_so_and_updates(browser: Browser, demo_server: Demo) -> None:
    """The build speaks an older protocol until its one button is pressed."""
    context = await new_context(browser, TABLET, service_workers="block")
    page = await context.new_page()
    account = demo_server.account("invitee")
    await sign_in(page, demo_server.url, account.user, account.password)
    aged, updated = 0, False

    async def age(route: Route) -> None:
        nonlocal aged
        if updated:
            await route.continue_()
            return
        answer = await route.fetch()
        text, times = re.subn(r"\bproto:\d+", "proto:0", await answer.text())
        aged += times
        await route.fulfill(response=answer, body=text, headers=answer.headers | {"cache-control": "no-store"})

    scripts = re.compile(r"/tablet/assets/.*\.js$")
    await page.route(scripts, age)
    await page.goto(f"{demo_server.url}/tablet/")
    await expect(page.get_by_text("Ứng dụng trên máy này đã cũ")).to_be_visible()
    assert aged == 1, "the protocol number is sent from one place"
    updated = True  # the route itself stays: taken away while a script is on its way, it would be answered twice
    await page.get_by_role("button", name="Cập nhật ứng dụng").click()
    await expect(page.locator(".hello")).to_be_visible()
    await page.unroute_all(behavior="wait")
    await context.close()
