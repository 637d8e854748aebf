"""At the desk: two versions page by page, an older one used again, whose name is on what one looks at; and a Times
that a paper does not bring along, as a tablet draws it."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import pikepdf
import pytest
from PIL import Image
from playwright.async_api import expect
from weasyprint import HTML

from tests.e2e.browser import DESK, RESULTS, TABLET, axe, new_context, sign_in, sticking_out
from tests.e2e.reading import Put, open_item, put, reading
from tests.support import lacking, pdfs
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


async def opens(page: Page, demo: Demo, paper: str, act: str) -> None:
    """An entry of the menu of a paper."""
    await page.goto(f"{demo.url}/desk/meetings/{demo.ready.meeting}/live")
    await page.get_by_role("button", name=f"Thêm thao tác với {paper}").click()
    await page.get_by_role("menuitem", name=act).click()


def book(*parts: str) -> bytes:
    pages = "".join(f'<section style="break-after: page"><h1>{part}</h1><p>{part * 9}</p></section>' for part in parts)
    written: bytes = HTML(string=f"<html lang='vi'><body>{pages}</body></html>").write_pdf()
    return written


async def test_versions_are_compared_and_an_older_one_is_used_again(desk: Page, demo: Demo) -> None:
    paper = await put(demo, await open_item(demo), "Tờ trình hai bản", book("Phần A", "Phần B", "Phần C"))
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
    item = await open_item(demo)
    await put(demo, item, "Đã ký, giữ nguyên", signed())
    await put(demo, item, "Mang tên người đọc", book("Chưa ký"))
    name = str((await visit.get("/accounts/me"))["name"])
    await opens(desk, demo, "Đã ký, giữ nguyên", "Mở xem tài liệu")
    dialog = desk.get_by_role("dialog")
    await expect(dialog).to_contain_text("tên bạn chỉ hiện trên màn hình, tệp giữ nguyên")
    await expect(dialog.locator("svg text").first).to_contain_text(name)
    await desk.screenshot(path=RESULTS / "names-desk-screen.png")
    assert await axe(desk) == []
    # One that is still being made ready says so, and opens by itself.
    await opens(desk, demo, "Mang tên người đọc", "Mở xem tài liệu")
    await expect(dialog).to_contain_text("bản mang tên bạn")
    await expect(dialog.locator(".page .whole").first).to_be_visible()
    await expect(dialog.locator("svg text")).to_have_count(0)
    await desk.screenshot(path=RESULTS / "names-desk-file.png")


async def test_a_tablet_draws_the_letters_of_a_times_that_was_not_embedded(browser: Browser, demo: Demo) -> None:
    visit = await demo.enter("secretary")
    await visit.request("PATCH", f"/meetings/{demo.ready.meeting}", {"watermark": False})
    paper: Put = await put(demo, await open_item(demo), "Không nhúng phông", lacking.paper())
    context, one = await reading(browser, demo, TABLET)
    try:
        await one.open(paper)
        data = await one.page.locator("section.pages .page canvas.whole").first.evaluate("node => node.toDataURL()")
        picture = Image.open(io.BytesIO(base64.b64decode(data.partition(",")[2]))).convert("L")
        await one.page.screenshot(path=RESULTS / "times-tablet.png")
    finally:
        await context.close()
    assert lacking.unlike(picture.resize(lacking.PIXELS), lacking.expected()) < 0.25
