"""A Word file from the desk to the tablets: converted before everybody's eyes, looked at, published, opened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import FilePayload, expect

from tests.e2e.browser import DESK, RESULTS, TABLET, Complaints, axe, new_context, sign_in, sticking_out
from tests.support.demo import Seed, serving
from tests.support.images import image
from tests.support.office import docx
from tests.support.parts import need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.async_api import Browser, Locator, Page

    from tests.support.demo import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

# LibreOffice starts from nothing, on a machine that does other things too.
CONVERTED_MS = 60_000
TITLE = "Báo cáo giải ngân quý IV"
# A name that would act where it is taken for more than text; the mark that turns the direction is taken out.
PICTURE = "Sơ đồ <img src=x onerror=\"alert('x')\"> &amp; 𠮷"
WORDS = "Ủy ban nhân dân thành phố trân trọng báo cáo."


@pytest.fixture(scope="module")
def demo(demo_seed: Seed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own: papers are added to it."""
    need("soffice")
    with serving(demo_seed.copy(tmp_path_factory.mktemp("incoming") / "data")) as served:
        yield served


async def papers(demo: Demo, item: str) -> list[dict[str, Any]]:
    """The papers of an item as a member has them."""
    found: list[dict[str, Any]] = (await (await demo.enter("member")).get(f"/items/{item}/papers"))["papers"]
    return found


async def give(page: Page, row: Locator, *files: tuple[str, bytes]) -> None:
    async with page.expect_file_chooser() as asked:
        await row.locator("button.drop").click()
    await (await asked.value).set_files([FilePayload(name=name, mimeType="", buffer=data) for name, data in files])


async def test_a_word_file_is_converted_looked_at_published_and_opened(browser: Browser, demo: Demo) -> None:
    RESULTS.mkdir(exist_ok=True)
    item, named = await _open_item(demo)
    context = await new_context(browser, DESK)
    page = await context.new_page()
    secretary = demo.account("secretary")
    await sign_in(page, demo.url, secretary.user, secretary.password)
    complaints = Complaints(page)
    await page.goto(f"{demo.url}/desk/meetings/{demo.ready.meeting}")
    row = page.locator("main li").filter(has_text=named)
    if await row.locator(".files").count() == 0:
        await row.locator("button.t").click()
    await give(page, row, (f"{TITLE}.docx", docx([WORDS])), (f"{PICTURE}\u202e.png", image("PNG", (900, 600))))
    line = page.locator(".incoming").filter(has_text=TITLE)
    await expect(line).to_contain_text(re.compile(r"Đang chuyển sang PDF|Đợi chuyển sang PDF|Xem trước"))
    look = line.get_by_role("button", name="Xem trước, phát hành")
    await expect(look).to_be_visible(timeout=CONVERTED_MS)
    await page.screenshot(path=str(RESULTS / "incoming-ready.png"))
    assert TITLE not in [each["title"] for each in await papers(demo, item)]  # nobody who reads has it yet

    await look.click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator(".page .whole").first).to_be_visible()
    await page.screenshot(path=str(RESULTS / "incoming-look.png"))
    assert await sticking_out(page) == []
    assert await axe(page) == []
    await dialog.get_by_label("Số, ký hiệu").fill("318/BC-STC")
    await dialog.get_by_role("button", name="Phát hành", exact=True).click()
    await expect(page.locator("button.name", has_text=TITLE)).to_be_visible()
    await expect(page.locator(".incoming")).to_have_count(1)

    other = page.locator(".incoming").filter(has_text=PICTURE)
    assert await page.locator(".incoming img[src=x]").count() == 0
    await other.get_by_role("button", name=f"Bỏ {PICTURE}").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Bỏ tệp này").click()
    await expect(page.locator(".incoming")).to_have_count(0)
    assert complaints.lines == []
    await context.close()
    await _read_on_a_tablet(browser, demo, item, named)


async def _read_on_a_tablet(browser: Browser, demo: Demo, item: str, named: str) -> None:
    """A member sees the paper marked as new in its item, opens it, and it is new no more."""
    tablet = await new_context(browser, TABLET, has_touch=True)
    reader = await tablet.new_page()
    member = demo.account("member")
    await sign_in(reader, demo.url, member.user, member.password)
    paper = next(each for each in await papers(demo, item) if each["title"] == TITLE)
    meeting = f"{demo.url}/tablet/meetings/{demo.ready.meeting}"
    line = reader.locator("a.row").filter(has_text=TITLE)
    for new in (1, 0):
        await reader.goto(meeting)
        await reader.locator("button.item").filter(has_text=named).click()
        await expect(line).to_be_visible()
        await expect(line.get_by_text("mới", exact=True)).to_have_count(new)
        await reader.goto(f"{meeting}/items/{item}/papers/{paper['id']}")
        await expect(reader.locator("section.pages .page .whole").first).to_be_visible()
    await reader.screenshot(path=str(RESULTS / "incoming-tablet.png"))
    found = await (await demo.enter("member")).get(f"/versions/{paper['version']['id']}/text")
    assert WORDS in found["pages"][0]
    await tablet.close()


async def _open_item(demo: Demo) -> tuple[str, str]:
    """An item of the agenda that everybody may read, and its title."""
    view = await (await demo.enter("secretary")).get(f"/meetings/{demo.ready.meeting}")
    found = next(each for each in view["items"] if not (each["restricted"] or each["general"]))
    return str(found["id"]), str(found["title"])
