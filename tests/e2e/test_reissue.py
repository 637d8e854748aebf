"""A paper is replaced while it is read: the place stays, notes follow, what has no place gets one, versions compare."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect
from weasyprint import HTML

from server.core.ids import new_id
from tests.e2e.browser import PATIENCE_MS, RESULTS, TABLET, TABLET_UPRIGHT, axe, sticking_out
from tests.e2e.reading import Put, Reading, open_item, put, reading
from tests.support.demo import Seed, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.async_api import Browser, Locator, Page

    from tests.support.demo import Demo, Visit

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

QUOTE = "Tổng vốn dự phòng là 42 tỷ đồng"
INK = {"type": "ink", "color": "#5a2c91", "w": 2, "pts": [20000, 40000, 128, 3000, 0, 0, 3000, 500, 0], "marker": False}

_INKED = """() => [...document.querySelectorAll("[role=dialog] canvas")].every((node) => {
  if (node.width === 0) return false;
  const { data } = node.getContext("2d").getImageData(0, 0, node.width, node.height);
  let dark = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 0 && data[at] < 128) dark++;
  return dark > 500;
})"""


@pytest.fixture(scope="module")
def demo(demo_seed: Seed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own: papers are added to it."""
    with serving(demo_seed.copy(tmp_path_factory.mktemp("reissue") / "data")) as served:
        yield served


def book(parts: list[str], extra: str = "") -> bytes:
    """A page for each part; part C holds the quote, and ``extra`` where it was changed."""
    filler = "<p>Căn cứ Luật Tổ chức chính quyền địa phương và các văn bản hướng dẫn thi hành.</p>" * 9
    pages = (
        f'<section style="break-after: page"><h1>Phần {part}</h1>{filler}<p>Riêng phần {part}, {part} và {part}.</p>'
        f"<p>{extra + QUOTE + '.' if part == 'C' else ''}</p></section>"
        for part in parts
    )
    written: bytes = HTML(string=f"<html lang='vi'><body>{''.join(pages)}</body></html>").write_pdf()
    return written


FIRST = book(list("ABCDEF"))
# A page in front; C changed, so that its quote stands lower; E gone.
SECOND = book(list("XABCDF"), extra="Bổ sung theo ý kiến của Sở Tài chính, gửi ngày 25/11.</p><p>")


def fresh(data: bytes) -> bytes:
    """The same paper as a file that is not in the item yet."""
    return data + f"%{new_id()}\n".encode()


async def write(visit: Visit, stream: str, page: int, body: dict[str, Any]) -> str:
    """A note by the API; its id."""
    op = {"kind": "put", "op_id": new_id(), "ann_id": new_id(), "base_rev": 0, "page": page, "body": body}
    status, answer = await visit.request("POST", "/annotations/push", {"stream": stream, "ops": [op]})
    assert status == 200, answer
    assert answer["results"][0]["st"] == "applied"
    return str(op["ann_id"])


async def written(visit: Visit, paper: Put) -> tuple[str, str, str]:
    """A sticky note on page 4, and on page 3, which will change, a highlight with its words and a stroke."""
    me = (await visit.get("/accounts/me"))["person_id"]
    mine = f"p:{paper.version}:{me}"
    quad = [72, 500, 300, 500, 72, 488, 300, 488]
    highlight = {"type": "highlight", "color": "#ffe38a", "quads": [quad], "quote": QUOTE}
    return (
        await write(visit, f"s:{paper.version}", 4, {"type": "note", "x": 100, "y": 700, "text": "Hỏi lại phần D"}),
        await write(visit, mine, 3, highlight),
        await write(visit, mine, 3, INK),
    )


async def found(visit: Visit, paper: Put) -> dict[str, dict[str, Any]]:
    """What one may see on a version, by id."""
    answer = await visit.get(f"/versions/{paper.version}/annotations")
    return {each["id"]: each for each in answer["annotations"]}


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Thay đổi của bản này")


async def reissue(reader: Reading, demo: Demo, paper: Put) -> Put:
    """The secretary replaces it; the reader opens the new version."""
    newer = await put(demo, paper.item, "Kế hoạch tái phát hành", fresh(SECOND), of=paper)
    await reader.page.get_by_role("button", name="Mở bản 2").tap()
    await expect(bar(reader.page)).to_contain_text("1 trang đổi, 1 trang thêm, 1 trang bỏ")
    return newer


@pytest.mark.parametrize("size", [TABLET, TABLET_UPRIGHT], ids=["landscape", "portrait"])
async def test_notes_and_the_place_follow_a_paper_that_is_replaced(
    browser: Browser, demo: Demo, size: tuple[int, int]
) -> None:
    context, reader = await reading(browser, demo, size)
    page = reader.page
    paper = await put(demo, await open_item(demo), f"Kế hoạch {size}", fresh(FIRST))
    visit = await demo.enter("member")
    sticky, quoted, stroke = await written(visit, paper)
    await reader.open(paper)
    await reader.turn_to(4)
    newer = await reissue(reader, demo, paper)
    await reader.at(5)  # the page that was the fourth
    waits = page.get_by_role("button", name="1 ghi chú cần đặt lại")
    await expect(waits).to_be_visible()
    carried = await found(visit, newer)
    assert {each: (note["page"], note["carried"]["waiting"]) for each, note in carried.items()} == {
        sticky: (5, False), quoted: (4, False), stroke: (4, True),
    }  # fmt: skip
    strip = page.get_by_role("navigation", name="Trang").get_by_role("button")
    await expect(strip.nth(0)).to_have_accessible_name("Trang 1, trang thêm")
    await expect(strip.nth(3)).to_have_accessible_name(re.compile("trang đổi$"))
    await waits.tap()
    item = page.get_by_role("listitem").filter(has_text="Nét bút")
    await expect(item).to_contain_text("Trang 3 bản cũ")
    await page.screenshot(path=RESULTS / f"reissue-waiting-{size[0]}.png")
    assert await sticking_out(page) == []
    assert await axe(page) == []
    if size == TABLET:
        await item.get_by_role("button", name="Đặt ở trang 4").tap()
    else:
        await item.get_by_role("button", name="Chọn chỗ trên trang").tap()
        await page.get_by_role("button", name="Đặt ghi chú ở trang 4").tap(position={"x": 200, "y": 300})
    await expect(waits).to_be_hidden()
    await reader.at(4)
    await expect(page.get_by_text("Đã lưu", exact=True)).to_be_visible()
    placed = (await found(visit, newer))[stroke]
    assert (placed["page"], placed["carried"]["waiting"], placed["rev"]) == (4, False, 2)
    assert (placed["body"] == INK) is (size == TABLET)
    assert set(await found(visit, paper)) == {sticky, quoted, stroke}
    await page.screenshot(path=RESULTS / f"reissue-placed-{size[0]}.png")
    await context.close()


@pytest.mark.parametrize("size", [TABLET, TABLET_UPRIGHT], ids=["landscape", "portrait"])
async def test_old_and_new_pages_are_compared(browser: Browser, demo: Demo, size: tuple[int, int]) -> None:
    context, reader = await reading(browser, demo, size)
    page = reader.page
    paper = await put(demo, await open_item(demo), f"So sánh {size}", fresh(FIRST))
    await reader.open(paper)
    await reissue(reader, demo, paper)
    await bar(page).get_by_role("button", name="Xem thay đổi").tap()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Chỗ đổi 1/3")
    await expect(dialog).to_contain_text("Trang này không có trong bản cũ.")
    await dialog.get_by_role("button", name="Chỗ đổi sau").tap()
    await expect(dialog.get_by_text("Bản 1, trang 3")).to_be_visible()
    await expect(dialog.get_by_text("Bản 2, trang 4")).to_be_visible()
    await drawn(dialog, 2)
    await page.screenshot(path=RESULTS / f"reissue-beside-{size[0]}.png")
    assert await axe(page) == []
    await dialog.get_by_role("button", name="Chồng lên").tap()
    slider = dialog.get_by_role("slider", name="Hiện bản mới bao nhiêu")
    await slider.fill("0")
    assert await dialog.locator("figure.is").evaluate("node => getComputedStyle(node).opacity") == "0"
    await slider.fill("50")
    await page.screenshot(path=RESULTS / f"reissue-over-{size[0]}.png")
    await dialog.get_by_role("button", name="Chỉ chỗ khác").tap()
    await drawn(dialog, 2)
    await page.screenshot(path=RESULTS / f"reissue-difference-{size[0]}.png")
    assert await sticking_out(page) == []
    await dialog.get_by_role("button", name="Chỗ đổi sau").tap()
    await expect(dialog).to_contain_text("Trang này không còn trong bản mới.")
    await dialog.get_by_role("button", name="Chỗ đổi trước").tap()
    await dialog.get_by_role("button", name="Đóng so sánh").tap()
    await reader.at(4)  # one goes on reading where one compared
    await context.close()


async def drawn(dialog: Locator, count: int) -> None:
    """So many sheets have been drawn, with letters on them."""
    await expect(dialog.locator("canvas")).to_have_count(count)
    await dialog.page.wait_for_function(_INKED, timeout=PATIENCE_MS)
