"""The reader in Chromium: sharp, within memory, the place is kept, ways through a paper, search, forms of reading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.browser import PHONE, RESULTS, TABLET, TABLET_UPRIGHT, axe, sticking_out
from tests.e2e.reading import PAGES, TITLE, Put, Reading, linking, locked, open_item, plan, put, reading, scan
from tests.support.demo import Seed, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from playwright.async_api import Browser, Page, Route

    from tests.support.demo import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

NEAR = 0.02
MIB = 1024 * 1024
# Safari before 27 (MDN compat data): what pdf.js needs to take text out of pages is not there.
_OLD_SAFARI = "delete ReadableStream.prototype[Symbol.asyncIterator];"
_IS_OURS = "!String(ReadableStream.prototype[Symbol.asyncIterator]).includes('[native code]')"
# All canvases that live, also those that are being drawn and stand nowhere yet: the most at any frame.
_COUNT_CANVASES = """(() => {
  const made = new Set();
  const create = Document.prototype.createElement;
  Document.prototype.createElement = function (...given) {
    const element = create.apply(this, given);
    if (element instanceof HTMLCanvasElement) made.add(new WeakRef(element));
    return element;
  };
  window.peak = 0; window.largest = 0;
  const look = () => {
    let sum = 0;
    for (const ref of made) {
      const canvas = ref.deref();
      if (!canvas) { made.delete(ref); continue; }
      sum += canvas.width * canvas.height;
      window.largest = Math.max(window.largest, canvas.width * canvas.height);
    }
    window.peak = Math.max(window.peak, sum);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();"""
_SHARPNESS = """() => {
  const canvas = document.querySelector("section.pages .detail");
  return canvas ? canvas.width / canvas.getBoundingClientRect().width : 0;
}"""


@pytest.fixture(scope="module")
def demo(demo_seed: Seed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own: papers are added to it."""
    with serving(demo_seed.copy(tmp_path_factory.mktemp("reader") / "data")) as served:
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def paper(demo: Demo) -> Put:
    return await put(demo, await open_item(demo), TITLE, plan())


@pytest_asyncio.fixture(loop_scope="session")
async def reader(browser: Browser, demo: Demo, paper: Put) -> AsyncIterator[Reading]:
    context, one = await reading(browser, demo, TABLET)
    await one.open(paper)
    yield one
    await context.close()


async def settled(page: Page) -> None:
    """Scrolling rests and what it asked for is drawn."""
    await page.wait_for_timeout(400)


async def stays(one: Reading, before: tuple[int, float]) -> None:
    await settled(one.page)
    page, fraction = await one.place()
    assert page == before[0]
    assert abs(fraction - before[1]) < NEAR, (before, fraction)


async def test_zoomed_in_it_is_sharp_and_within_the_memory_of_a_tablet(
    browser: Browser, demo: Demo, paper: Put
) -> None:
    context, one = await reading(browser, demo, TABLET, device_scale_factor=2)
    await one.page.add_init_script(_COUNT_CANVASES)
    await one.open(paper)
    for page in (4, 8, 12, 1):
        await one.turn_to(page)
    assert await one.page.locator("section.pages .page").count() <= 5
    await one.turn_to(6)
    await one.pinch(5)
    await expect(one.page.locator("section.pages .detail").first).to_be_visible()
    await settled(one.page)
    width = await one.page.locator('section.pages .page[data-page="6"]').evaluate("page => page.clientWidth")
    assert width > 4 * 595  # beyond 400 % of the sheet, at one CSS pixel a point
    assert float(await one.page.evaluate(_SHARPNESS)) > 1.95
    for _ in range(6):
        await one.page.locator("section.pages .view").evaluate("view => view.scrollBy(200, 700)")
        await settled(one.page)
    assert float(await one.page.evaluate(_SHARPNESS)) > 1.95
    peak, largest = int(await one.page.evaluate("peak")), int(await one.page.evaluate("largest"))
    print(f"canvases at most {peak * 4 / MIB:.1f} MiB, the largest {largest / 1e6:.1f} Mpx")  # noqa: T201 - a measure
    assert largest <= 16_777_216
    assert peak * 4 <= 110e6
    await context.close()


async def test_the_place_is_kept_over_turning_text_reload_and_a_new_version(reader: Reading, paper: Put) -> None:
    await reader.turn_to(6)
    await reader.page.locator("section.pages .view").evaluate("view => view.scrollBy(0, 333)")
    await settled(reader.page)
    before = await reader.place()
    for size in (TABLET_UPRIGHT, PHONE, TABLET):
        await reader.page.set_viewport_size({"width": size[0], "height": size[1]})
        await stays(reader, before)
    for way in ("Đọc dạng chữ", "Đọc trang in"):
        await reader.choose(way)
        await reader.at(before[0])
    await stays(reader, before)
    await reader.page.reload()
    await expect(reader.page.locator("section.pages .page .whole").first).to_be_visible()
    await stays(reader, before)
    await put(reader.demo, paper.item, TITLE, plan("Bản hai"), of=paper)
    newer = reader.page.get_by_role("button", name="Mở bản 2")
    await expect(newer).to_be_visible()
    await stays(reader, before)
    await newer.tap()
    await expect(reader.page.locator("section.pages .text").filter(has_text="Bản hai").first).to_be_attached()
    await stays(reader, before)


async def test_pinch_and_double_tap_keep_what_is_under_the_fingers(reader: Reading) -> None:
    await reader.turn_to(5)
    middle = """() => {
      const view = document.querySelector("section.pages .view").getBoundingClientRect();
      const box = document.querySelector('section.pages .page[data-page="5"]').getBoundingClientRect();
      const [x, y] = [view.left + view.width / 2, view.top + view.height / 2];
      return [(x - box.left) / box.width, (y - box.top) / box.height, box.width];
    }"""
    x, y, width = await reader.page.evaluate(middle)
    await reader.pinch(2.5)
    await settled(reader.page)
    nx, ny, wider = await reader.page.evaluate(middle)
    assert wider / width == pytest.approx(2.5, rel=0.02)
    assert (nx, ny) == (pytest.approx(x, abs=NEAR), pytest.approx(y, abs=NEAR))


async def test_references_and_the_way_back(reader: Reading) -> None:
    await reader.turn_to(1)
    before = await reader.place()
    await reader.page.get_by_role("button", name="Đến trang 9").first.tap()
    await reader.at(9)
    await reader.page.get_by_role("button", name="Quay lại trang 1", exact=True).tap()
    await reader.at(1)
    await stays(reader, before)
    await reader.page.keyboard.press("Alt+ArrowRight")
    await reader.at(9)


async def test_outline_and_page_number(reader: Reading) -> None:
    await reader.press("Mục lục")
    outline = reader.page.get_by_role("list", name="Mục lục")
    await expect(outline.get_by_role("button")).to_have_count(PAGES)
    await outline.get_by_role("button", name="Phần 7").tap()
    await reader.at(7)
    await expect(outline.locator("[aria-current]")).to_contain_text("Phần 7")
    number = reader.page.get_by_label("Đến trang")
    await number.fill("11")
    await number.press("Enter")
    await reader.at(11)
    await number.fill("99")
    await expect(reader.page.get_by_role("button", name="Mở trang")).to_be_disabled()
    assert await axe(reader.page) == []


@pytest.mark.parametrize("words", ["de nghi phe duyet", "đề nghị phê duyệt", "ĐỀ NGHỊ"])
async def test_words_are_found_with_accents_and_without_and_marked_on_the_page(reader: Reading, words: str) -> None:
    await reader.look_for(words)
    await expect(reader.hits()).to_have_count(2)
    await expect(reader.hits().first).to_contain_text("Trang 5")
    await expect(reader.hits().first.locator("mark")).to_have_text(re.compile("^đề nghị", re.IGNORECASE))
    await reader.page.keyboard.press("Enter")
    await reader.at(5)
    active = reader.page.locator("section.pages polygon.active")
    await expect(active.first).to_be_visible()
    await expect(active.first).to_be_in_viewport()
    await reader.page.get_by_role("button", name="Chỗ sau").tap()
    await reader.at(7)
    await expect(reader.page.get_by_role("toolbar", name="Kết quả tìm")).to_contain_text("2/2")
    assert await axe(reader.page) == []
    await reader.page.get_by_role("button", name="Thôi tìm").tap()
    await expect(reader.page.locator("polygon.find")).to_have_count(0)


async def test_other_accents_are_other_words(reader: Reading) -> None:
    await reader.look_for("dê nghi")
    await expect(reader.page.get_by_text("Không có chỗ nào")).to_be_visible()


async def test_all_papers_of_the_meeting_are_searched_and_scans_say_so(reader: Reading, paper: Put) -> None:
    await put(reader.demo, paper.item, "Công văn quét", scan())
    await reader.page.reload()
    await reader.look_for("nguon von du phong")
    await reader.page.get_by_role("button", name="Cả phiên họp").tap()
    group = reader.page.get_by_role("region", name=TITLE)
    await expect(group.locator(".hit")).to_have_count(2)
    await expect(reader.page.get_by_text("Công văn quét: bản quét, không có chữ để tìm.")).to_be_visible()
    assert await axe(reader.page) == []
    other = reader.page.get_by_label("Tìm trong mọi tài liệu của phiên họp")
    await other.fill("126 xa")
    link = reader.page.locator("a.hit").first
    page = re.sub(r"\D", "", await link.locator(".page").inner_text())
    await link.tap()
    await reader.at(int(page))
    await expect(reader.page.locator("polygon.active").first).to_be_in_viewport()


async def test_the_agenda_leads_to_the_words(reader: Reading) -> None:
    await reader.page.get_by_role("link", name="Về chương trình họp").tap()
    await reader.page.get_by_role("button", name="Tìm trong tài liệu").tap()
    await reader.page.get_by_label("Tìm trong mọi tài liệu của phiên họp").fill("nguon von du phong")
    assert await axe(reader.page) == []
    await reader.page.get_by_role("region", name=TITLE).locator(".hit").nth(1).tap()
    await reader.at(7)
    await expect(reader.page.locator("polygon.active").first).to_be_in_viewport()


async def test_text_can_be_read_in_any_size(reader: Reading) -> None:
    await reader.turn_to(5)
    await reader.choose("Đọc dạng chữ")
    words = reader.page.locator('.text section[data-page="5"] p').filter(has_text="đề nghị phê duyệt")
    await expect(words).to_be_attached()
    before = await words.evaluate("line => parseFloat(getComputedStyle(line).fontSize)")
    for _ in range(3):
        await reader.page.get_by_role("button", name="Chữ lớn hơn").tap()
    assert await words.evaluate("line => parseFloat(getComputedStyle(line).fontSize)") > before * 1.4
    await reader.at(5)
    assert await axe(reader.page) == []
    for size in (TABLET_UPRIGHT, PHONE):
        await reader.page.set_viewport_size({"width": size[0], "height": size[1]})
        assert await sticking_out(reader.page) == []
        await reader.at(5)


async def test_two_papers_lie_side_by_side(reader: Reading) -> None:
    await reader.turn_to(3)
    await reader.choose("Mở hai tài liệu cạnh nhau")
    await reader.page.get_by_role("dialog").get_by_role("button", name=re.compile("Báo cáo một năm")).tap()
    second = reader.page.get_by_role("region", name="Tài liệu thứ hai")
    await expect(second.locator(".page .whole").first).to_be_visible()
    await second.locator(".view").evaluate("view => view.scrollTo(0, 4000)")
    await expect(second.locator("header")).to_contain_text(re.compile(r"Trang [3-9]/60"))
    assert await second.locator(".page").count() <= 3
    assert await reader.page.locator("section.pages .page").count() <= 3
    await reader.at(3)
    assert await axe(reader.page) == []
    await reader.page.reload()
    await expect(second.locator("header")).to_contain_text(re.compile(r"Trang [3-9]/60"))
    await reader.page.get_by_role("button", name="Đóng tài liệu thứ hai").tap()
    await expect(second).to_have_count(0)


async def test_at_night_paper_is_dimmed_and_never_inverted(reader: Reading) -> None:
    await reader.choose("Đọc ban đêm")
    sheet = reader.page.locator("section.pages .page").first
    night = await sheet.evaluate("page => getComputedStyle(page).backgroundColor")
    assert night == "rgb(184, 176, 160)"
    await reader.page.reload()
    await expect(sheet).to_have_css("background-color", night)
    assert await axe(reader.page) == []
    await reader.choose("Đọc ban ngày")
    await expect(sheet).to_have_css("background-color", "rgb(255, 255, 255)")


@pytest.mark.parametrize(("what", "says"), [("password", "có mật khẩu"), ("broken", "bị hỏng")])
async def test_what_cannot_be_shown_is_said_kindly(
    browser: Browser, demo: Demo, paper: Put, what: str, says: str
) -> None:
    context, one = await reading(browser, demo, TABLET)
    held = await put(demo, paper.item, f"Tệp {what}", plan(what))
    bytes_ = locked(held.size) if what == "password" else b"%PDF-1.7\n".ljust(held.size, b"\x00")

    async def answer(route: Route) -> None:
        asked = re.search(r"bytes=(\d+)-(\d+)", route.request.headers.get("range", ""))
        begin, end = (int(asked[1]), int(asked[2])) if asked else (0, held.size - 1)
        await route.fulfill(status=206, body=bytes_[begin : end + 1], content_type="application/pdf")

    await one.page.route(f"**/versions/{held.version}/content*", answer)
    await one.page.goto(demo.url + held.path)
    alert = one.page.get_by_role("alert")
    await expect(alert).to_contain_text(says)
    await expect(alert.get_by_role("button")).to_have_count(0)
    await context.close()


async def test_text_is_read_where_the_browser_cannot_iterate_streams(browser: Browser, demo: Demo, paper: Put) -> None:
    """In the page and in the worker of pdf.js: without network all words come out of the file itself."""
    context, one = await reading(browser, demo, TABLET, service_workers="block")
    await one.page.add_init_script(_OLD_SAFARI)

    async def old(route: Route) -> None:
        original = await route.fetch()
        await route.fulfill(response=original, body=f"{_OLD_SAFARI}{await original.text()}")

    await one.page.route("**/pdf.worker-*.js", old)
    await one.page.route("**/versions/*/text*", lambda route: route.abort())
    await one.open(paper)
    assert await one.page.evaluate(_IS_OURS)
    workers = [each for each in one.page.workers if "pdf.worker" in each.url]
    assert len(workers) == 1
    assert await workers[0].evaluate(_IS_OURS)
    await one.look_for("de nghi phe duyet")
    await expect(one.hits()).to_have_count(2)
    await one.page.keyboard.press("Enter")
    await one.at(5)
    await expect(one.page.locator("section.pages polygon.active").first).to_be_in_viewport()
    await context.close()


async def test_a_link_out_of_a_paper_asks_first_and_one_to_a_paper_of_the_meeting_opens_it(
    reader: Reading, demo: Demo, paper: Put
) -> None:
    linked = await put(demo, paper.item, "Tài liệu có liên kết", linking(demo.url + paper.path))
    await reader.open(linked)
    links = reader.page.locator("section.pages button.out")
    await expect(links).to_have_count(2)  # the script was taken out at intake
    await links.first.tap()
    asked = reader.page.get_by_role("alertdialog", name="Mở trang ngoài: congbao.example")
    await expect(asked).to_contain_text("https://congbao.example/van-ban/12")
    assert await axe(reader.page) == []
    await reader.page.screenshot(path=RESULTS / "link-out.png")
    await reader.page.context.route("https://congbao.example/**", _holds_nothing)
    async with reader.page.context.expect_page() as opened:
        await asked.get_by_role("button", name="Mở trang ngoài").tap()
    outside = await opened.value
    assert outside.url == "https://congbao.example/van-ban/12"
    assert await outside.evaluate("[opener, document.referrer]") == [None, ""]
    await outside.close()
    await expect(asked).to_have_count(0)
    await links.last.tap()
    await expect(reader.page.locator("header.top")).to_contain_text(TITLE)


async def _holds_nothing(route: Route) -> None:
    await route.fulfill(body="<!doctype html><title>Công báo</title>", content_type="text/html; charset=utf-8")
