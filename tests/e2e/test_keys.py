"""Keys of tablets in Chromium: asked for on two, approved at the desk; minutes signed by password and by finger."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.e2e.browser import DESK, TABLET, axe, new_context, sign_in
from tests.e2e.fingers import add_passkey, give_finger
from tests.e2e.papers import write_paper
from tests.e2e.tablet import Tablet

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from tests.support.demo import Demo, Visit

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

TITLE = "Biên bản có hai người ký"


async def test_two_tablets_sign_the_minutes(browser: Browser, demo_server: Demo, tmp_path: Path) -> None:
    demo = demo_server
    async with AsyncExitStack() as stack:

        async def page_of(role: str, size: tuple[int, int]) -> Page:
            context = await new_context(browser, size, has_touch=size != DESK)
            stack.push_async_callback(context.close)
            page = await context.new_page()
            account = demo.account(role)
            await sign_in(page, demo.url, account.user, account.password)
            return page

        pages = [await page_of(role, TABLET) for role in ("chair", "member")]
        tablets = [Tablet(page.context, page, demo.url, "mouse") for page in pages]
        codes = [await _ask(tablet) for tablet in tablets]
        desk = await page_of("clerk", DESK)
        await desk.goto(f"{demo.url}/desk/tablet-keys")
        for code in codes:
            await _approve(desk, code)
        secretary = await demo.enter("secretary")
        people = [(await (await demo.enter(role)).get("/accounts/me"))["person_id"] for role in ("chair", "member")]
        paper = await _put_before(secretary, demo, people, write_paper(tmp_path / "bien-ban.pdf", "Biên bản", pages=2))
        for tablet in tablets:
            await expect(tablet.page.get_by_text("Dùng được")).to_be_visible()  # told by its stream
        await _sign(tablets[0], demo.account("chair").password)
        await give_finger(pages[1])
        await add_passkey(pages[1], demo.url, demo.account("member").password)
        await _sign(tablets[1])
        papers = (await secretary.get(f"/items/{paper['item_id']}/papers"))["papers"]
        version = next(one["version"]["id"] for one in papers if one["id"] == paper["id"])
        report = (await secretary.get(f"/versions/{version}/verification"))["report"]
        assert (report["verdict"], len(report["signatures"])) == ("valid", 2)
        await _give_up(tablets[1])


async def _ask(tablet: Tablet) -> str:
    """Ask for a key in the account; the code that is shown."""
    page = tablet.page
    await page.goto(f"{tablet.url}/tablet/account")
    await tablet.tap(page.get_by_role("button", name="Xin khóa ký"))
    await tablet.tap(page.get_by_role("dialog").get_by_role("button", name="Tạo khóa và gửi yêu cầu"))
    shown = page.get_by_text(re.compile("^Mã đối chiếu"))
    await expect(shown).to_be_visible()
    return (await shown.inner_text()).removeprefix("Mã đối chiếu").strip()


async def _give_up(tablet: Tablet) -> None:
    page = tablet.page
    await page.goto(f"{tablet.url}/tablet/account")
    await tablet.tap(page.get_by_role("button", name="Thu hồi khóa"))
    await tablet.tap(page.get_by_role("alertdialog").get_by_role("button", name="Thu hồi khóa"))
    await expect(page.get_by_text("Đã thu hồi, không ký được nữa.")).to_be_visible()


async def _approve(desk: Page, code: str) -> None:
    row = desk.locator("tbody tr").filter(has_text=code)
    await row.get_by_role("button", name="Duyệt", exact=True).click()
    asked = desk.get_by_role("alertdialog")
    await expect(asked).to_contain_text(code)
    await asked.get_by_role("button", name="Duyệt khóa").click()
    await expect(row.get_by_text("Dùng được")).to_be_visible()


async def _put_before(secretary: Visit, demo: Demo, people: list[str], file: Path) -> Any:
    """Minutes of the live sitting, on their way to both at once; the paper."""
    item = (await secretary.get(f"/meetings/{demo.ready.meeting}"))["items"][0]["id"]
    paper = await _done(
        secretary, "POST", f"/items/{item}/papers?filename=bien-ban.pdf&title={TITLE}", pdf=file.read_bytes()
    )
    steps = [{"act": "sign", "rank": 1, "person_id": person} for person in people]
    body = {"paper_kind": "minutes", "steps": steps}
    dossier = await _done(secretary, "POST", f"/papers/{paper['id']}/dossiers", body)
    sent = await _done(secretary, "POST", f"/dossiers/{dossier['id']}/submit")
    assert sent["state"] == "signing", sent
    return paper


async def _done(visit: Visit, method: str, path: str, body: Any = None, *, pdf: bytes = b"") -> Any:
    status, answer = await visit.request(method, path, body, pdf=pdf)
    assert status in {200, 201}, answer
    return answer


async def _sign(tablet: Tablet, password: str = "") -> None:
    """From the home screen to the paper, to its end, and sign with the tablet's own key; by finger without password."""
    page = tablet.page
    await tablet.home()
    await tablet.tap(page.get_by_role("link", name=re.compile("^Ký")).first)
    await tablet.tap(page.locator('a[href*="/signing/"]').filter(has_text=TITLE))
    await expect(page.locator(".page .whole").first).to_be_visible()
    await tablet.read_to_end()
    await tablet.tap(page.get_by_role("button", name="Ký văn bản này"))
    asked = page.get_by_role("dialog").get_by_label("Mật khẩu tài khoản")
    if password:
        await asked.fill(password)
    else:
        await expect(page.get_by_role("dialog").get_by_role("button", name="Ký bằng khóa của máy")).to_be_visible()
        await expect(asked).to_have_count(0)
    assert await axe(page, "[role=dialog]") == []
    await tablet.tap(page.get_by_role("dialog").get_by_role("button", name="Ký bằng khóa của máy"))
    await expect(page.get_by_role("link", name="Tải văn bản đã ký")).to_be_visible()
