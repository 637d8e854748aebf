"""A tablet's own authenticator, as Chromium plays it: it checks who holds it, and finds its passkeys by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

DEVICE = "Máy ở phòng họp"
_AUTHENTICATOR = {
    "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


async def give_finger(page: Page) -> tuple[CDPSession, dict[str, str]]:
    """Let the page's device know fingers from now on; the session, and by which name it removes them."""
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    return devtools, await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})


async def add_passkey(page: Page, url: str, password: str) -> None:
    """Add one to the account of who is signed in."""
    await page.goto(f"{url}/tablet/account")
    await page.get_by_role("button", name="Thêm khóa truy cập").click()
    asked = page.get_by_role("dialog")
    await asked.get_by_label("Tên để nhận ra").fill(DEVICE)
    await asked.get_by_label("Mật khẩu tài khoản").fill(password)
    await asked.get_by_role("button", name="Thêm khóa").click()
    await expect(page.get_by_text(DEVICE)).to_be_visible()
