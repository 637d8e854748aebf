"""At the desk: two versions page by page, an older one used again, and whose name is on what one looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pikepdf
import pytest
from playwright.async_api import expect
from weasyprint import HTML

from tests.e2e.browser import DESK, RESULTS, axe, new_context, sign_in, sticking_out
from tests.e2e.reading import put
from tests.support import pdfs
from tests.support.demo import Seed, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from playwright.async_api import Browser, Page

    from tests.support.demo import Demo

import pytest_asyncio

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def demo(demo_seed: Seed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own: papers are added to it, and its meeting is switched."""
    with serving(demo_seed.copy(tmp_path_factory.mktemp("versions") / "data")) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser, demo: Demo) -> AsyncIterator[Page]:
    """The secretary before the live meeting."""
    context = await new_context(browser, DESK, reduced_motion="reduce")
    page = await context.new_page()
    account = demo.account("secretary")
    await sign_in(page, demo.url, account.user, account.password)
    yield page
    await context.close()


async def item_of(demo: Demo) -> str:
    """An item of the agenda that everybody may read."""
    view = await (await demo.enter("secretary")).get(f"/meetings/{demo.ready.meeting}")
    return str([each["id"] for each in view["items"] if not each["restricted"] and not each["general"]][-1])


async def opens(page: Page, demo: Demo, paper: str, act: str) -> None:
    """An entry of the menu of a paper, whose item is unfolded first."""
    visit = await demo.enter("secretary")
    view = await visit.get(f"/meetings/{demo.ready.meeting}")
    item = await item_of(demo)
    title = next(each["title"] for each in view["items"] if each["id"] == item)
    await page.goto(f"{demo.url}/desk/meetings/{demo.ready.meeting}")
    row = page.get_by_role("region", name="Chương trình họp").locator("li").filter(has_text=title)
    await row.first.wait_for()
    if await row.locator(".files").count() == 0:
        await row.locator("button.t").click()
    await page.get_by_role("button", name=f"Thêm thao tác với {paper}").click()
    await page.get_by_role("menuitem", name=act).click()


def book(*parts: str) -> bytes:
    pages = "".join(f'<section style="break-after: page"><h1>{part}</h1><p>{part * 9}</p></section>' for part in parts)
    written: bytes = HTML(string=f"<html lang='vi'><body>{pages}</body></html>").write_pdf()
    return written


async def test_versions_are_compared_and_an_older_one_is_used_again(desk: Page, demo: Demo) -> None:
    paper = await put(demo, await item_of(demo), "Tờ trình hai bản", book("Phần A", "Phần B", "Phần C"))
    await put(demo, paper.item, "", book("Phần A", "Phần B đã sửa", "Phần C", "Phần D"), of=paper)
    await opens(desk, demo, "Tờ trình hai bản", "Xem các bản")
    await desk.get_by_role("button", name="So với bản đang dùng").click()
    dialog = desk.get_by_role("dialog")
    await expect(dialog).to_contain_text("1 trang đổi, 1 trang thêm")
    await expect(dialog).to_contain_text("Chỗ đổi 1/2")
    await expect(dialog.get_by_text("Bản 1, trang 2")).to_be_visible()
    await expect(dialog.locator("canvas")).to_have_count(2)
    await desk.wait_for_timeout(300)
    await desk.screenshot(path=RESULTS / "versions-compared.png")
    assert await axe(desk) == []
    assert await sticking_out(desk) == []
    await desk.keyboard.press("ArrowRight")
    await expect(dialog).to_contain_text("Trang này không có trong bản cũ.")
    await dialog.get_by_role("button", name="Đóng so sánh").click()
    await desk.get_by_role("button", name="Dùng lại bản này").click()
    await desk.get_by_role("alertdialog").get_by_role("button", name="Dùng lại bản này").click()
    await expect(desk.get_by_text("Đã dùng lại bản 1, nay là bản 3")).to_be_visible()
    visit = await demo.enter("member")
    versions = (await visit.get(f"/papers/{paper.id}/versions"))["versions"]
    assert [each["no"] for each in versions] == [3, 2, 1]
    assert versions[0]["sha256"] == versions[2]["sha256"]


def signed() -> bytes:
    """A paper with a range of signed bytes, which nobody may change."""

    def change(made: pikepdf.Pdf) -> None:
        pdfs.sign_badly(made)
        made.pages[0].obj.MediaBox = pikepdf.Array([0, 0, 595, 842])

    return pdfs.pdf("Da ky", change=change)


async def test_the_desk_sees_whose_name_a_paper_carries_and_where(desk: Page, demo: Demo) -> None:
    visit = await demo.enter("secretary")
    status, _ = await visit.request("PATCH", f"/meetings/{demo.ready.meeting}", {"watermark": True})
    assert status == 200
    item = await item_of(demo)
    await put(demo, item, "Đã ký, giữ nguyên", signed())
    await put(demo, item, "Mang tên người đọc", book("Chưa ký"))
    name = str((await visit.get("/accounts/me"))["name"])
    await opens(desk, demo, "Đã ký, giữ nguyên", "Mở xem tài liệu")
    dialog = desk.get_by_role("dialog")
    await expect(dialog).to_contain_text("tên người nhận chỉ hiện trên màn hình, tệp giữ nguyên")
    await expect(dialog.locator("svg text").first).to_contain_text(name)
    await desk.screenshot(path=RESULTS / "names-desk-screen.png")
    assert await axe(desk) == []
    # One that is still being made ready says so, and opens by itself.
    await opens(desk, demo, "Mang tên người đọc", "Mở xem tài liệu")
    await expect(dialog).to_contain_text("bản mang tên người nhận")
    await expect(dialog.locator(".page .whole").first).to_be_visible()
    await expect(dialog.locator("svg text")).to_have_count(0)
    await desk.screenshot(path=RESULTS / "names-desk-file.png")
