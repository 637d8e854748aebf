"""Without a network in Chromium: a code opens the papers, they are read and written on; nothing lies there in clear."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright, expect

from tests.e2e.browser import ARGUMENTS, PATIENCE_MS, TABLET, axe, chromium, sign_in
from tests.e2e.reading import PAGES, Reading, open_item, plan, put
from tests.support.demo import Seed, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import BrowserContext, Locator, Page

    from tests.support.demo import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

# A tablet's own: it checks who holds it, and gives the secret of the PRF extension.
_AUTHENTICATOR = {
    "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True, "hasPrf": True,
}  # fmt: skip
CODE, WRONG = "482913", "482914"
TITLE = "Kế hoạch đọc khi mất mạng"
NOTE, LATER = "hỏi lại mục thu ngân sách quý bốn", "viết khi không có mạng nào cả"
# What a browser would leave behind if it were given something to keep: proves that the search finds it.
CONTROL = "dấu vết để thử việc tìm trong hồ sơ"
_LEAVE = """async (words) => {
  const cache = await caches.open("control");
  await cache.put("/control", new Response(words));
  const open = indexedDB.open("control", 1);
  open.onupgradeneeded = () => open.result.createObjectStore("rows");
  const db = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
  const tx = db.transaction("rows", "readwrite");
  tx.objectStore("rows").put(words, 1);
  await new Promise((resolve) => { tx.oncomplete = resolve; });
  db.close();
}"""
# Whether the stream of one's notes on a paper has come to lie on the disk.
_KEPT = """async (part) => {
  const open = indexedDB.open("phien-vault");
  const db = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
  const keys = db.transaction("chunks").objectStore("chunks").getAllKeys();
  const found = await new Promise((resolve) => { keys.onsuccess = () => resolve(keys.result); });
  db.close();
  return found.some((key) => key[2].startsWith(part));
}"""
_SERVED = "navigator.serviceWorker.ready.then(() => null)"


@pytest_asyncio.fixture(loop_scope="session")
async def context(built_clients: None, tmp_path: Path) -> AsyncIterator[BrowserContext]:
    """A profile on disk, as a tablet has one."""
    async with async_playwright() as playwright:
        made = await playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=chromium(), args=list(ARGUMENTS), has_touch=True,
            viewport={"width": TABLET[0], "height": TABLET[1]}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh",
        )  # fmt: skip
        made.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        try:
            yield made
        finally:
            await made.close()


async def test_what_was_fetched_is_read_and_written_on_without_a_server(
    context: BrowserContext, demo_seed: Seed, tmp_path: Path
) -> None:
    data = demo_seed.copy(tmp_path / "data")
    pdf = plan("Bản mất mạng")
    with serving(data) as demo:
        page = context.pages[0]
        item = await open_item(demo)
        paper = await put(demo, item, TITLE, pdf)
        view = await (await demo.enter("member")).get(f"/meetings/{demo.ready.meeting}")
        about = next(each["title"] for each in view["items"] if each["id"] == item)
        await enter(page, demo)
        await set_code(page, demo)
        reader = Reading(page, demo)
        await reader.open(paper)
        await write(page, NOTE)
        await expect(page.locator("header.top .sync")).to_contain_text("Đã lưu")
        await page.wait_for_function(_KEPT, arg=f"p:{paper.version}")
        await page.goto(f"{demo.url}/tablet/")
        await expect(page.get_by_text("tài liệu trên máy này.").first).to_contain_text("Đủ")
    # The server has ended.
    await page.reload()
    await unlock(page, wrong_first=True)
    await open_from_home(page, about, TITLE)
    await reads_here(page, reader)
    await write(page, LATER)
    await expect(page.locator("header.top .sync")).to_contain_text("1 đang chờ")
    await context.set_offline(offline=True)
    await page.reload()
    await unlock(page)
    await expect(notes(page)).to_have_count(2)
    with serving(data, "--port", str(urlsplit(demo.url).port)):
        await context.set_offline(offline=False)
        await expect(page.locator("header.top .sync")).to_contain_text("Đã lưu")
        await expect(page.locator("header.top .sync")).not_to_contain_text("đang chờ")
        await page.evaluate(_LEAVE, CONTROL)
    await context.close()
    found = traces(tmp_path / "profile", clues(pdf) | {"control": CONTROL.encode()})
    assert found.pop("control"), "the search finds nothing at all"
    assert found == {}


async def test_the_devices_own_check_opens_too_and_five_wrong_codes_destroy_the_papers_not_the_words(
    context: BrowserContext, demo_seed: Seed, tmp_path: Path
) -> None:
    page = context.pages[0]
    devtools = await context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    data = demo_seed.copy(tmp_path / "data")
    with serving(data) as demo:
        paper = await put(demo, await open_item(demo), TITLE, plan())
        await enter(page, demo)
        await set_code(page, demo)
        await page.get_by_role("button", name="Thêm", exact=True).tap()
        await expect(page.get_by_text("Đã thêm", exact=True)).to_be_visible()
        reader = Reading(page, demo)
        await reader.open(paper)
        await expect(page.locator("header.top .sync")).to_contain_text("Đã lưu")
    await page.reload()
    await page.get_by_role("button", name="Mở bằng vân tay hoặc khuôn mặt").tap()
    await expect(page.locator("section.pages .page .whole").first).to_be_visible()
    await write(page, LATER)
    await expect(page.locator("header.top .sync")).to_contain_text("1 đang chờ")
    await page.reload()
    for left in ("Còn 4 lần", "Còn 3 lần", "Còn 2 lần", "Còn 1 lần", "Đã sai mã quá số lần"):
        await page.get_by_label("Mã 6 số").fill(WRONG)
        await page.get_by_role("button", name="Mở tài liệu").tap()
        await expect(page.get_by_text(left)).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("chưa mở được")).to_be_visible()
    assert await page.evaluate(_KEPT, "file") is False
    with serving(data, "--port", str(urlsplit(demo.url).port)):
        await page.reload()
        await expect(page.locator("section.pages .page .whole").first).to_be_visible()
        await expect(notes(page)).to_have_count(1)
        await expect(page.locator("header.top .sync")).not_to_contain_text("đang chờ")
        await page.wait_for_function(_KEPT, arg="file")


async def enter(page: Page, demo: Demo) -> None:
    """Sign in, and wait until the app would start without a server."""
    account = demo.account("member")
    await sign_in(page, demo.url, account.user, account.password)
    await page.goto(f"{demo.url}/tablet/")
    await expect(page.locator(".hello")).to_be_visible()
    await page.evaluate(_SERVED)
    await page.reload()
    await expect(page.locator(".hello")).to_be_visible()
    assert await page.evaluate("navigator.serviceWorker.controller !== null")


async def set_code(page: Page, demo: Demo) -> None:
    """By the account's own dialog."""
    await page.goto(f"{demo.url}/tablet/account")
    await page.get_by_role("button", name="Đặt mã").tap()
    form = page.get_by_role("dialog")
    await form.get_by_label("Mã 6 số").fill(CODE)
    await form.get_by_label("Nhập lại").fill(CODE)
    assert await axe(page) == []
    await form.get_by_role("button", name="Đặt mã").tap()
    await expect(form).to_be_hidden()
    await expect(page.get_by_text("Đã đặt", exact=True)).to_be_visible()


async def unlock(page: Page, *, wrong_first: bool = False) -> None:
    """Through the door that needs no server."""
    field = page.get_by_label("Mã 6 số")
    await expect(field).to_be_visible()
    if wrong_first:
        await field.fill(WRONG)
        await page.get_by_role("button", name="Mở tài liệu").tap()
        await expect(page.get_by_text("Mã chưa đúng. Còn 4 lần.")).to_be_visible()
        assert await axe(page) == []
    await field.fill(CODE)
    await page.get_by_role("button", name="Mở tài liệu").tap()
    await expect(field).to_be_hidden()


async def open_from_home(page: Page, item: str, title: str) -> None:
    """From one's meetings over the agenda into a paper."""
    await expect(page.locator(".hello")).to_be_visible()
    await page.get_by_role("link", name=re.compile("Vào phiên họp|Xem chương trình họp")).tap()
    await expect(page.get_by_role("region", name="Chương trình họp")).to_be_visible()
    await page.locator("button.item").filter(has_text=item).tap()
    await page.locator(".papers a").filter(has_text=title).tap()
    await expect(page.locator("section.pages .page .whole").first).to_be_visible()


async def reads_here(page: Page, reader: Reading) -> None:
    """Pages far on, pictures of them, and a search: out of what lies here."""
    pictures = page.get_by_role("navigation", name="Trang").locator("img")
    await expect(pictures.first).to_be_visible()
    assert await pictures.first.evaluate("each => each.decode().then(() => each.naturalWidth)") > 0
    await reader.turn_to(PAGES)
    await expect(page.locator(f'section.pages .page[data-page="{PAGES}"] .whole')).to_be_visible()
    await expect(notes(page)).to_have_count(0)
    await reader.turn_to(1)
    await reader.look_for("de nghi phe duyet")
    await expect(reader.hits().first).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(notes(page)).to_have_count(1)


async def write(page: Page, words: str) -> None:
    """A private note on the first page."""
    tools = page.get_by_role("toolbar", name="Công cụ ghi")
    before = await notes(page).count()
    await tools.get_by_role("button", name="Ghi chú", exact=True).tap()
    await page.locator(".page .hand.note").first.click(position={"x": 200, "y": 120 + 120 * before})
    await page.get_by_label("Nội dung ghi chú").fill(words)
    await page.get_by_role("button", name="Lưu ghi chú").tap()
    await expect(notes(page)).to_have_count(before + 1)


def notes(page: Page) -> Locator:
    """What marks a note on the first page."""
    return page.locator('section.pages .page[data-page="1"] .pin')


def clues(pdf: bytes) -> dict[str, bytes]:
    """What must lie nowhere: bytes of the paper from its head and many places, its words, a private note's."""
    places = range(0, len(pdf) - 64, 4_000)
    bytes_of = {f"paper at {at}": pdf[at : at + 32] for at in places}
    words = {f"words: {each}": each.encode() for each in (NOTE, LATER, TITLE, "Bản mất mạng")}
    wide = {f"wide words: {each}": each.encode("utf-16-le") for each in (NOTE, LATER, "Bản mất mạng")}
    return {"head of the paper": pdf[:14], **bytes_of, **words, **wide}


def traces(profile: Path, wanted: dict[str, bytes]) -> dict[str, list[str]]:
    """Which of these lie in which files of a profile."""
    found: dict[str, list[str]] = {}
    for path in sorted(each for each in profile.rglob("*") if each.is_file()):
        content = path.read_bytes()
        for name, clue in wanted.items():
            if clue in content:
                found.setdefault(name, []).append(str(path.relative_to(profile)))
    return found
