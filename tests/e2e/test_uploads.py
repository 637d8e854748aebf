"""Files from the desk over a bad line: torn connections, a page loaded anew, what is there already, what is secret."""

from __future__ import annotations

import hashlib
import random
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.browser import DESK, RESULTS, TABLET, Complaints, axe, new_context, sign_in, sticking_out
from tests.e2e.network import Line, line
from tests.support import pdfs
from tests.support.demo import Seed, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    import pikepdf
    from playwright.async_api import Browser, Locator, Page

    from tests.support.demo import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

MIB = 1024**2
_NETWORK = ("ERR_PROXY", "ERR_TUNNEL", "ERR_CONNECTION", "ERR_EMPTY", "status of 409", "status of 422")


@pytest.fixture(scope="module")
def demo(demo_seed: Seed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own: papers are added to it."""
    with serving(demo_seed.copy(tmp_path_factory.mktemp("uploads") / "data")) as served:
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def items(demo: Demo) -> list[str]:
    """Titles of two items that everybody may read."""
    view = await (await demo.enter("secretary")).get(f"/meetings/{demo.ready.meeting}")
    return [each["title"] for each in view["items"] if not each["restricted"] and not each["general"]][-2:]


@dataclass
class Seat:
    """The secretary's page, and the line that it hangs on."""

    page: Page
    line: Line
    complaints: Complaints

    async def place(self, item: str) -> Locator:
        """The papers of an item, unfolded."""
        row = self.page.get_by_role("region", name="Chương trình họp").locator("li").filter(has_text=item)
        if await row.locator(".files").count() == 0:
            await row.locator("button.t").click()
        return row.locator(".files")

    async def choose(self, item: str, file: Path) -> Locator:
        """Choose a file for an item; the place where its line comes."""
        files = await self.place(item)
        async with self.page.expect_file_chooser() as asked:
            await files.locator("button.drop").click()
        await (await asked.value).set_files(str(file))
        return files


@asynccontextmanager
async def seated(browser: Browser, demo: Demo) -> AsyncIterator[Seat]:
    """The secretary, preparing the meeting over a line of their own."""
    async with line(demo.url) as wire:
        context = await new_context(browser, DESK, proxy=wire.settings)
        page = await context.new_page()
        seat = Seat(page, wire, Complaints(page, "/api/v1/accounts/me", *_NETWORK))
        account = demo.account("secretary")
        await sign_in(page, demo.url, account.user, account.password)
        await page.goto(f"{demo.url}/desk/meetings/{demo.ready.meeting}")
        try:
            yield seat
        finally:
            await context.close()


def large(path: Path, mib: int, seed: int) -> Path:
    """A PDF that cannot be packed."""

    def fill(made: pikepdf.Pdf) -> None:
        made.pages[0].obj["/PieceInfo"] = made.make_stream(random.Random(seed).randbytes(mib * MIB))

    path.write_bytes(pdfs.pdf(change=fill))
    return path


async def original(demo: Demo, title: str) -> bytes:
    """The bytes of a paper as they were uploaded."""
    visit = await demo.enter("secretary")
    view = await visit.get(f"/meetings/{demo.ready.meeting}")
    for item in view["items"]:
        for paper in (await visit.get(f"/items/{item['id']}/papers"))["papers"]:
            if paper["title"] == title:
                found: bytes = await visit.get(f"/versions/{paper['version']['id']}/original")
                return found
    raise AssertionError(title)


async def test_a_large_file_arrives_over_a_line_that_tears_twice(
    browser: Browser, demo: Demo, items: list[str], tmp_path: Path
) -> None:
    file = large(tmp_path / "Báo cáo lớn.pdf", 30, seed=1)
    async with seated(browser, demo) as seat:
        seat.line.tears = [seat.line.sent + 7 * MIB, seat.line.sent + 25 * MIB]
        files = await seat.choose(items[0], file)
        await expect(files.locator("button.name", has_text="Báo cáo lớn")).to_be_visible()
        assert seat.line.tears == []
        assert seat.complaints.lines == []
    sent = hashlib.sha256(file.read_bytes()).hexdigest()
    assert hashlib.sha256(await original(demo, "Báo cáo lớn")).hexdigest() == sent


async def test_after_the_page_was_loaded_anew_the_same_file_goes_on(
    browser: Browser, demo: Demo, items: list[str], tmp_path: Path
) -> None:
    file = large(tmp_path / "Báo cáo dở.pdf", 24, seed=2)
    async with seated(browser, demo) as seat:
        files = await seat.place(items[0])
        seat.line.tears = [seat.line.sent + 12 * MIB]
        await seat.choose(items[0], file)
        await _until_torn(seat)
        await expect(files.get_by_text("Mất mạng, sẽ tự gửi tiếp")).to_be_visible()
        await seat.page.screenshot(path=RESULTS / "uploads-offline.png")
        seat.line.mend()
        await seat.page.close()

        seat.page = await seat.page.context.new_page()
        await seat.page.goto(f"{demo.url}/desk/meetings/{demo.ready.meeting}")
        files = await seat.place(items[0])
        await expect(files.get_by_text("Gửi dở.")).to_be_visible()
        assert await axe(seat.page) == []
        await seat.page.screenshot(path=RESULTS / "uploads-begun.png")
        before = seat.line.sent
        await seat.choose(items[0], file)
        await expect(files.locator("button.name", has_text="Báo cáo dở")).to_be_visible()
        await expect(files.get_by_text("Gửi dở.")).to_have_count(0)
        assert seat.line.sent - before < 20 * MIB
    assert (await original(demo, "Báo cáo dở")) == file.read_bytes()


async def _until_torn(seat: Seat) -> None:
    for _ in range(600):
        if not seat.line.tears:
            seat.line.cut()
            return
        await seat.page.wait_for_timeout(10)
    raise AssertionError("the line did not tear")


async def test_a_file_that_is_elsewhere_already_says_where_and_is_added_all_the_same(
    browser: Browser, demo: Demo, items: list[str], tmp_path: Path
) -> None:
    file = large(tmp_path / "Tờ trình hai nơi.pdf", 1, seed=3)
    async with seated(browser, demo) as seat:
        files = await seat.choose(items[0], file)
        await expect(files.locator("button.name", has_text="Tờ trình hai nơi")).to_be_visible()
        files = await seat.choose(items[1], file)
        told = files.get_by_role("alert")
        await expect(told).to_contain_text(f"Tệp này đã có: “Tờ trình hai nơi”, ở nội dung “{items[0]}”")
        assert await axe(seat.page) == []
        assert await sticking_out(seat.page) == []
        await seat.page.screenshot(path=RESULTS / "uploads-elsewhere.png")
        await told.get_by_role("button", name="Vẫn thêm vào đây").click()
        await expect(files.locator("button.name", has_text="Tờ trình hai nơi")).to_be_visible()


async def test_what_is_secret_has_no_way_in_and_is_a_line_that_cannot_be_opened(
    browser: Browser, demo: Demo, items: list[str]
) -> None:
    async with seated(browser, demo) as seat:
        files = await seat.place(items[1])
        await files.get_by_label("Độ mật").select_option(label="Tối mật")
        await expect(files.locator("button.drop")).to_have_count(0)
        await expect(files.get_by_role("status").filter(has_text="không được đưa lên hệ thống này")).to_be_visible()
        assert await axe(seat.page) == []
        await seat.page.screenshot(path=RESULTS / "uploads-secret.png")
        await files.get_by_role("button", name="Thêm dòng phát bản giấy").click()
        form = seat.page.get_by_role("dialog")
        await form.get_by_label("Dòng ghi trong chương trình").fill('Phụ lục <b onclick="x()">giấy</b> \u202e𠮷')
        await seat.page.screenshot(path=RESULTS / "uploads-printed.png")
        await form.get_by_role("button", name="Thêm vào chương trình").click()
        title = 'Phụ lục <b onclick="x()">giấy</b> 𠮷'
        await expect(files.locator(".file").filter(has_text=title)).to_contain_text("Bản giấy")
        await expect(files.locator("button.name", has_text="Phụ lục")).to_have_count(0)
        await expect(files.locator("button.drop")).to_be_visible()
        await seat.page.screenshot(path=RESULTS / "uploads-line.png")

    context = await new_context(browser, TABLET, has_touch=True)
    page = await context.new_page()
    account = demo.account("member")
    await sign_in(page, demo.url, account.user, account.password)
    await page.goto(f"{demo.url}/tablet/meetings/{demo.ready.meeting}")
    await page.get_by_role("button", name=items[1]).or_(page.get_by_role("link", name=items[1])).first.tap()
    row = page.locator(".papers .row").filter(has_text=title)
    await expect(row).to_contain_text("không mở được trên máy")
    assert await row.evaluate("(row) => row.tagName") == "DIV"
    assert await axe(page) == []
    await page.screenshot(path=RESULTS / "uploads-tablet.png")
    await context.close()
