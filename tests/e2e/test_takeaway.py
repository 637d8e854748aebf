"""Taking away in Chromium: a paper with marks, chosen pages, a pack, the switch, no network, marks of the file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
import pytest
import pytest_asyncio
from pikepdf import Array, Dictionary, Name, String
from playwright.async_api import expect

from tests.e2e.browser import TABLET, TABLET_UPRIGHT, axe
from tests.e2e.reading import Put, Reading, open_item, plan, put, reading
from tests.support.demo import Seed, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from playwright.async_api import Browser, Download, Page

    from tests.support.demo import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]
TITLE = "Kế hoạch mang về"


def marked() -> bytes:
    """A paper on whose first page somebody has already drawn a red box, beside a green stamp."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(plan())) as pdf:
        for kind, place, colour in ((Name.Square, 100, b"1 0 0"), (Name.Stamp, 300, b"0 1 0")):
            look = pdf.make_stream(colour + b" rg 0 0 100 100 re f", Type=Name.XObject, Subtype=Name.Form)
            look.BBox = Array([0, 0, 100, 100])
            drawn = Dictionary(Type=Name.Annot, Subtype=kind, Rect=Array([place, 600, place + 100, 700]), F=4)
            drawn.AP, drawn.Contents = Dictionary(N=look), String("có sẵn")
            there = pdf.pages[0].obj.get("/Annots", Array([]))
            pdf.pages[0].Annots = Array([*there, pdf.make_indirect(drawn)])
        pdf.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def demo(demo_seed: Seed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own: papers are added to it."""
    with serving(demo_seed.copy(tmp_path_factory.mktemp("takeaway") / "data")) as served:
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def paper(demo: Demo) -> Put:
    return await put(demo, await open_item(demo), TITLE, marked())


@pytest_asyncio.fixture(loop_scope="session")
async def reader(browser: Browser, demo: Demo, paper: Put) -> AsyncIterator[Reading]:
    context, one = await reading(browser, demo, TABLET)
    await one.open(paper)
    yield one
    await context.close()


async def taken(page: Page, button: str) -> tuple[str, bytes]:
    """What a button saves: its name and its bytes."""
    async with page.expect_download(timeout=60_000) as coming:
        await page.get_by_role("dialog").get_by_role("button", name=button).tap()
    download: Download = await coming.value
    with (await download.path()).open("rb") as file:
        return download.suggested_filename, file.read()


async def test_a_paper_with_a_note_its_pages_and_the_notes_alone(reader: Reading, paper: Put) -> None:
    page = reader.page
    await page.get_by_role("button", name="Ghi chú", exact=True).tap()
    await page.locator('section.pages .page[data-page="1"] .hand.note').tap(position={"x": 60, "y": 60})
    await page.get_by_role("dialog").get_by_role("textbox").fill("Đề nghị làm rõ số liệu")
    await page.get_by_role("dialog").get_by_role("button", name="Lưu").tap()
    await expect(page.locator("header.top")).to_contain_text("Đã lưu")
    await reader.choose("Lấy về hoặc in")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Chỉ các trang").fill("1, 3-4")
    name, copied = await taken(page, "Lấy về máy")
    assert name == f"{TITLE}.pdf"
    with pikepdf.open(io.BytesIO(copied)) as pdf:
        assert len(pdf.pages) == 4  # and the sheet with the note's words
        mine = [each for each in pdf.pages[0].Annots if each.get("/Subtype") == "/Text"]
        assert [str(each.Contents) for each in mine] == ["Đề nghị làm rõ số liệu"]
    name, listed = await taken(page, "Xuất ghi chú")
    assert name == f"{TITLE}.xfdf"
    assert "Đề nghị làm rõ số liệu".encode() in listed
    await dialog.get_by_label("Chỉ các trang").fill("99")
    await dialog.get_by_role("button", name="Lấy về máy").tap()
    await expect(dialog).to_contain_text("Chưa hiểu số trang “99”")
    # Nothing added and nothing left out: the paper's own bytes.
    await dialog.get_by_label("Chỉ các trang").fill("")
    for choice in ("Ghi chú riêng", "Ghi chú chung"):
        await dialog.get_by_role("checkbox", name=choice).uncheck()
    _name, whole = await taken(page, "Lấy về máy")
    assert len(whole) == paper.size
    assert await axe(page) == []


async def test_without_network_it_says_so_and_switched_off_it_is_not_offered(
    browser: Browser, demo: Demo, paper: Put
) -> None:
    context, one = await reading(browser, demo, TABLET_UPRIGHT)
    await one.open(paper)
    await one.choose("Lấy về hoặc in")
    await context.set_offline(True)
    dialog = one.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Cần có mạng để lấy về")
    assert await dialog.get_by_role("button", name="Lấy về máy").count() == 0
    await context.set_offline(False)
    await expect(dialog.get_by_role("button", name="Lấy về máy")).to_be_enabled()
    visit = await demo.enter("secretary")
    status, _ = await visit.request("PATCH", f"/papers/{paper.id}", {"downloadable": False})
    assert status == 200
    try:
        await expect(dialog).to_be_hidden()
        await one.press("Cách đọc")
        await expect(one.page.get_by_role("menuitem", name="Đọc dạng chữ")).to_be_visible()
        assert await one.page.get_by_role("menuitem", name="Lấy về hoặc in").count() == 0
        await one.page.keyboard.press("Escape")
        await one.open(paper)  # it is read as before
    finally:
        await visit.request("PATCH", f"/papers/{paper.id}", {"downloadable": True})
    await context.close()


async def test_a_whole_meeting_is_one_file(reader: Reading) -> None:
    page = reader.page
    await page.goto(f"{reader.demo.url}/tablet/meetings/{reader.demo.ready.meeting}")
    await page.get_by_role("button", name="Lấy cả cuộc họp về").tap()
    name, packed = await taken(page, "Lấy về máy")
    assert name.endswith(".pdf")
    await expect(page.get_by_role("dialog")).to_contain_text("Đã lấy về")
    with pikepdf.open(io.BytesIO(packed)) as pdf, pdf.open_outline() as outline:
        assert outline.root[0].title == "Chương trình họp"
        assert any(child.title == TITLE for item in outline.root for child in item.children)


_COLOUR = """([x, y]) => {
  const canvas = document.querySelector('section.pages .page[data-page="1"] .whole');
  if (canvas === null) return "";
  const at = [Math.round(x * canvas.width), Math.round(y * canvas.height)];
  return [...canvas.getContext("2d").getImageData(...at, 1, 1).data].slice(0, 3).join();
}"""


async def test_marks_of_the_file_are_a_layer_and_stamps_are_not(reader: Reading) -> None:
    page = reader.page
    box, stamp = [150 / 595.28, (841.89 - 650) / 841.89], [350 / 595.28, (841.89 - 650) / 841.89]

    async def shown(at: list[float], colour: str) -> None:
        await page.wait_for_function(f"(at) => ({_COLOUR})(at) === '{colour}'", arg=at)

    await shown(box, "255,0,0")
    layers = page.get_by_label("Lớp ghi chú")
    await layers.get_by_role("button", name="Ẩn ghi chú có sẵn trong tệp").tap()
    await shown(box, "255,255,255")
    await shown(stamp, "0,255,0")
    await layers.get_by_role("button", name="Hiện ghi chú có sẵn trong tệp").tap()
    await shown(box, "255,0,0")
