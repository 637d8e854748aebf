"""Scans in Chromium: their words are recognised while the paper is open, then found, marked, selected, read as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.browser import DESK, RESULTS, TABLET, Complaints, axe, new_context, sign_in, sticking_out
from tests.e2e.reading import open_item, put, reading
from tests.support import scans
from tests.support.demo import Seed, serving
from tests.support.parts import need

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from playwright.async_api import Browser

    from tests.e2e.reading import Reading
    from tests.support.demo import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

# The demo's own scans may be before ours, and a page takes some seconds.
SOON = 120_000


@pytest.fixture(scope="module")
def demo(demo_seed: Seed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own: a paper is added to it."""
    need("tesseract")
    with serving(demo_seed.copy(tmp_path_factory.mktemp("ocr") / "data")) as served:
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def reader(browser: Browser, demo: Demo) -> AsyncIterator[Reading]:
    """A member with a scan on screen, shown upright by its own word, its second page upside down."""
    sheets = [scans.print_of().rotate(180), scans.print_of(["Trang này nằm ngược trên máy quét", *scans.LINES[1:]])]
    paper = await put(demo, await open_item(demo), "Công văn quét", scans.scan(sheets, rotate=180))
    context, one = await reading(browser, demo, TABLET)
    await one.open(paper)
    yield one
    await context.close()


async def test_words_come_while_the_paper_is_open_and_are_marked_where_they_stand(reader: Reading) -> None:
    await reader.look_for("nam nguoc tren may quet")
    await expect(reader.page.get_by_text("đang nhận dạng chữ")).to_be_visible(timeout=SOON)
    assert await axe(reader.page) == []
    await expect(reader.hits()).to_have_count(1, timeout=SOON)
    await reader.hits().first.tap()
    await reader.at(2)
    mark = reader.page.locator("polygon.active").first
    await expect(mark).to_be_in_viewport()
    sheet, box = (
        await reader.page.locator("section.pages .page[data-page='2']").bounding_box(),
        await mark.bounding_box(),
    )
    assert sheet is not None
    assert box is not None
    # The line stands upside down at the foot of its sheet, from the right: 120 of 1240, 150 of 1754 pixels.
    across = (box["x"] + box["width"] - sheet["x"]) / sheet["width"]
    down = (box["y"] + box["height"] - sheet["y"]) / sheet["height"]
    assert (across, down) == pytest.approx((1 - 230 / 1240, 1 - 150 / 1754), abs=0.12)


async def test_the_words_are_read_as_text_with_a_warning(reader: Reading) -> None:
    await reader.choose("Đọc dạng chữ")
    await expect(reader.page.get_by_text("Chữ do máy nhận dạng, có thể sai").first).to_be_visible()
    await expect(reader.page.get_by_text("Kế hoạch đầu tư công trung hạn").first).to_be_attached()
    assert await axe(reader.page) == []
    await reader.choose("Đọc trang in")


async def test_the_words_of_a_scan_can_be_selected(reader: Reading) -> None:
    await reader.turn_to(1)
    word = reader.page.locator("section.pages .page[data-page='1'] .text span", has_text="Căn").first
    await expect(word).to_be_attached()
    box, page = await word.bounding_box(), await reader.page.locator("[data-page='1'].page").bounding_box()
    assert box is not None
    assert page is not None
    at = ((box["x"] - page["x"]) / page["width"], (box["y"] - page["y"]) / page["height"])
    assert at == pytest.approx((120 / 1240, 214 / 1754), abs=0.012)


async def test_a_stamp_of_secrecy_on_a_scan_is_shown_to_the_desk_and_answered(browser: Browser, demo: Demo) -> None:
    title = "Phụ lục quét có dấu"
    item = await open_item(demo)
    view = await (await demo.enter("secretary")).get(f"/meetings/{demo.ready.meeting}")
    named = next(each["title"] for each in view["items"] if each["id"] == item)
    await put(demo, item, title, scans.scan([scans.print_of(["TỐI MẬT", *scans.LINES])]))
    context = await new_context(browser, DESK)
    page = await context.new_page()
    secretary = demo.account("secretary")
    await sign_in(page, demo.url, secretary.user, secretary.password)
    complaints = Complaints(page)
    await page.goto(f"{demo.url}/desk/meetings/{demo.ready.meeting}")
    told = page.get_by_role("alert").filter(has_text=f"Máy đọc thấy dấu “Tối mật” trên bản quét “{title}”")
    await expect(told).to_be_visible(timeout=SOON)
    await page.locator("button.t").filter(has_text=named).click()
    line = page.locator(".file").filter(has_text=title)
    await expect(line).to_contain_text("Máy đọc thấy dấu “Tối mật” trên bản quét")
    await page.screenshot(path=str(RESULTS / "stamp-line.png"))
    assert await axe(page) == []

    await told.get_by_role("button", name="Xem dấu, quyết định").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator(".page .whole").first).to_be_visible()
    await page.screenshot(path=str(RESULTS / "stamp-found.png"))
    assert await sticking_out(page) == []
    assert await axe(page) == []
    await dialog.get_by_role("button", name="Thu hồi tài liệu").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Giữ tài liệu").click()

    await line.get_by_role("button", name="Xem dấu, quyết định").click()
    await dialog.get_by_label("Vì sao tài liệu này không mật").fill("Trích quy định về dấu mật")
    await dialog.get_by_role("button", name="Không mật, giữ lại").click()
    await expect(line).not_to_contain_text("Máy đọc thấy dấu")
    await expect(told).to_have_count(0)
    await line.locator(".icon-btn").click()
    await page.get_by_role("menuitem", name=re.compile("^Xem các bản")).click()
    await expect(dialog).to_contain_text("xác nhận không phải tài liệu mật")
    await expect(dialog).to_contain_text("Trích quy định về dấu mật")
    assert complaints.lines == []
    await context.close()
