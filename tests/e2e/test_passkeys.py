"""Ways in without typing, in Chromium: passkeys by its own authenticator, and a device let in from another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.e2e.browser import DESK, TABLET, TABLET_UPRIGHT, axe, new_context, sign_in
from tests.e2e.fingers import DEVICE, give_finger

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

    from tests.support.demo import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

# A pen that comes down on a page, as it takes up the tool on one's own tablet.
_PEN = """(page) => {
  Element.prototype.setPointerCapture = () => undefined;
  const { left, top } = page.getBoundingClientRect();
  const fire = (name, x, y) => document.elementFromPoint(x, y).dispatchEvent(new PointerEvent(name, {
    bubbles: true, cancelable: true, pointerId: 7, pointerType: "pen", isPrimary: true, buttons: 1, button: 0,
    clientX: x, clientY: y, pressure: 0.5,
  }));
  fire("pointerdown", left + 60, top + 60);
  fire("pointermove", left + 160, top + 60);
  fire("pointerup", left + 160, top + 60);
}"""
FINGER = "Vào bằng vân tay hoặc khuôn mặt"


async def test_a_finger_opens_the_door_of_both_apps_until_its_passkey_is_removed(
    browser: Browser, demo_server: Demo
) -> None:
    context = await new_context(browser, TABLET)
    page = await context.new_page()
    devtools, told = await give_finger(page)
    account = demo_server.account("secretary")
    await sign_in(page, demo_server.url, account.user, account.password)
    await _add(page, demo_server.url, account.password)
    await context.clear_cookies()
    await _enter_by_finger(page, f"{demo_server.url}/tablet/sign-in")  # a secretary begins at the desk
    await expect(page.get_by_role("heading", name="Cuộc họp", exact=True)).to_be_visible()
    await context.clear_cookies()
    await page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    await _enter_by_finger(page, f"{demo_server.url}/desk/")
    await expect(page.get_by_role("heading", name="Cuộc họp", exact=True)).to_be_visible()
    await _rename_and_remove(page, demo_server.url)
    await context.clear_cookies()
    await _enter_by_finger(page, f"{demo_server.url}/desk/")
    await expect(page.get_by_role("alert")).to_contain_text("máy chủ không nhận khóa truy cập này")
    await devtools.send("WebAuthn.removeVirtualAuthenticator", told)
    await context.close()


async def _add(page: Page, url: str, password: str) -> None:
    """In the account; a wrong password adds nothing."""
    await page.goto(f"{url}/tablet/account")
    await page.get_by_role("button", name="Thêm khóa truy cập").click()
    asked = page.get_by_role("dialog")
    await asked.get_by_label("Tên để nhận ra").fill(DEVICE)
    await asked.get_by_label("Mật khẩu tài khoản").fill("không phải mật khẩu")
    await asked.get_by_role("button", name="Thêm khóa").click()
    await expect(asked.get_by_role("alert")).to_contain_text("mật khẩu tài khoản không đúng")
    assert await axe(page, "[role=dialog]") == []
    await asked.get_by_label("Mật khẩu tài khoản").fill(password)
    await asked.get_by_role("button", name="Thêm khóa").click()
    await expect(page.get_by_text(DEVICE)).to_be_visible()
    await page.get_by_role("button", name="Thêm khóa truy cập").click()  # one is enough for a device
    await asked.get_by_label("Mật khẩu tài khoản").fill(password)
    await asked.get_by_role("button", name="Thêm khóa").click()
    await expect(asked.get_by_role("alert")).to_contain_text("Máy này đã có khóa truy cập")


async def _enter_by_finger(page: Page, door: str) -> None:
    await page.goto(door)
    await page.get_by_role("button", name=FINGER).click()


async def _rename_and_remove(page: Page, url: str) -> None:
    await page.goto(f"{url}/desk/account")
    await page.get_by_role("button", name="Thêm thao tác với Máy ở phòng họp").click()
    await page.get_by_role("menuitem", name="Đổi tên").click()
    await page.get_by_label("Tên để nhận ra").fill("iPad cũ")
    await page.get_by_role("dialog").get_by_role("button", name="Đổi tên").click()
    await page.get_by_role("button", name="Thêm thao tác với iPad cũ").click()
    await page.get_by_role("menuitem", name="Xóa khóa").click()
    asked = page.get_by_role("alertdialog")
    await expect(asked).to_contain_text("iPad cũ không còn vào được")
    assert await axe(page, "[role=alertdialog]") == []
    await asked.get_by_role("button", name="Xóa khóa").click()
    await expect(page.get_by_text("iPad cũ")).to_have_count(0)


async def test_another_device_is_let_in_to_read_by_the_number_on_both(browser: Browser, demo_server: Demo) -> None:
    own, other = await new_context(browser, TABLET), await new_context(browser, TABLET_UPRIGHT)
    here, there = await own.new_page(), await other.new_page()
    account = demo_server.account("member")
    await sign_in(here, demo_server.url, account.user, account.password)
    await here.goto(f"{demo_server.url}/tablet/account")
    await here.get_by_role("button", name="Đăng nhập trên thiết bị khác").click()
    dialog = here.get_by_role("dialog")
    async with here.expect_response("**/accounts/me/lendings") as answered:
        await dialog.get_by_role("button", name="Hiện mã QR").click()
    await expect(dialog.get_by_role("img", name="Mã QR để mở trên thiết bị kia")).to_be_visible()
    await there.goto((await (await answered.value).json())["url"])
    number = await there.locator(".number").inner_text()
    await expect(dialog.locator(".number")).to_have_text(number)
    assert await axe(here, "[role=dialog]") == []
    assert await axe(there) == []
    await dialog.get_by_role("button", name="Đúng số, cho vào").click()
    await expect(there.get_by_text("Máy mượn: chỉ để đọc.")).to_be_visible()
    await expect(here.get_by_text("Thiết bị kia đã vào")).to_be_visible()
    await _only_reads(there)
    await there.goto(f"{demo_server.url}/tablet/account")
    await expect(there.get_by_text("Máy đang đăng nhập").first).to_be_visible()
    await expect(there.get_by_role("button", name="Đăng nhập trên thiết bị khác")).to_have_count(0)
    for context in (own, other):
        await context.close()


async def _only_reads(page: Page) -> None:
    """Nothing is offered that would be refused, and it is said why."""
    invitation = page.get_by_role("region", name="Chờ trả lời")
    await expect(invitation.get_by_role("button")).to_have_count(1)
    await expect(invitation.get_by_role("button")).to_be_disabled()
    await page.get_by_role("link", name="Vào phiên họp").click()
    await page.locator(".papers a").first.click()
    await expect(page.locator(".page .whole").first).to_be_visible()
    await page.get_by_role("button", name="Lớp ghi chú").click()
    layers = page.get_by_role("dialog", name="Lớp ghi chú")
    await expect(layers.get_by_text("Máy mượn: chỉ để đọc.")).to_be_visible()
    await expect(layers.get_by_role("button", name="Ghi cho người khác…")).to_have_count(0)
    assert await axe(page, "[role=dialog]") == []
    await layers.get_by_role("button", name="Đóng").click()
    await expect(page.get_by_role("toolbar", name="Công cụ ghi")).to_have_count(0)
    marks = page.locator("path[data-mark]")
    before = await marks.count()
    await page.locator("section.pages .page").first.evaluate(_PEN)
    await page.wait_for_timeout(300)  # a stroke stands sooner
    assert await marks.count() == before
