"""Names on copies: switched on while a paper is read, drawn in the file or over it, and no part of what is searched."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
import pytest
from playwright.async_api import expect

from tests.e2e.browser import RESULTS, TABLET
from tests.e2e.reading import open_item, put, reading
from tests.support import pdfs
from tests.support.demo import Seed, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.async_api import Browser

    from tests.support.demo import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def demo(demo_seed: Seed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own: its meeting is switched."""
    with serving(demo_seed.copy(tmp_path_factory.mktemp("names") / "data")) as served:
        yield served


def signed() -> bytes:
    """A paper with a range of signed bytes, which nobody may change."""

    def change(made: pikepdf.Pdf) -> None:
        pdfs.sign_badly(made)
        made.pages[0].obj.MediaBox = pikepdf.Array([0, 0, 595, 842])

    data = io.BytesIO(pdfs.pdf("Da ky", change=change))
    return data.getvalue()


async def test_names_come_to_a_paper_that_is_being_read(browser: Browser, demo: Demo) -> None:
    secretary = await demo.enter("secretary")
    item = await open_item(demo)
    paper = await put(demo, item, "Tài liệu có tên", pdfs.pdf("Tong von du phong", pages=2))
    sealed = await put(demo, item, "Tài liệu đã ký", signed())
    context, one = await reading(browser, demo, TABLET)
    try:
        await one.open(paper)
        facts = one.page.locator("header.top")
        await expect(facts).not_to_contain_text("bản mang tên người nhận")
        status, _ = await secretary.request("PATCH", f"/meetings/{demo.ready.meeting}", {"watermark": True})
        assert status == 200
        await expect(facts).to_contain_text("bản mang tên người nhận")
        await expect(one.page.locator("section.pages .page .whole").first).to_be_visible()
        # The line is seen and not read: neither selected nor found.
        words = one.page.locator(".page .textLayer, .page .text").first
        await expect(words).to_contain_text("Tong von")
        assert "/20" not in (await words.text_content() or "")
        await one.page.screenshot(path=RESULTS / "names-file.png")
        await one.open(sealed)
        await expect(facts).to_contain_text("tên người nhận chỉ hiện trên màn hình")
        await expect(one.page.locator("section.pages svg text").first).to_contain_text("Phạm Minh Nguyệt")
        await one.page.screenshot(path=RESULTS / "names-screen.png")
    finally:
        await context.close()
