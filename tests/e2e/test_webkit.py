"""The tablet app in WebKitGTK, Safari's relative: in by name and password, read, searched, written on, kept offline."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from PIL import Image

from tests.e2e.browser import RESULTS, STICKING_OUT, TABLET, TABLET_UPRIGHT
from tests.e2e.reading import PLACE, open_item, plan, put
from tests.e2e.webkit import ESCAPE, minibrowser, webkit
from tests.support.demo import serving
from tests.support.parts import missing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.e2e.webkit import WebKit
    from tests.support.demo import Demo, Seed

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

TITLE = "Kế hoạch đọc trên WebKit"
CODE = "482913"
_DRAWN = "document.querySelector('section.pages .page .whole')"
# The share of dark pixels in the first page's bitmap: letters, and neither an empty canvas nor a black one.
_DARK = """const canvas = document.querySelector("section.pages .page .whole");
const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
let dark = 0;
for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 200 && data[at] < 100) dark += 1;
return (dark * 4) / data.length;"""
# pdf.js iterates streams for it, which WebKit does not: these words came by our way around.
_TEXT = "document.querySelector('section.pages .page[data-page=\"1\"] .text').textContent"
_WIDTH = "document.querySelector('section.pages .page').clientWidth"
_MARKS = "document.querySelectorAll('section.pages .page[data-page=\"1\"] path[data-mark]').length"
_SAVED = "document.querySelector('header.top .sync').textContent.includes(arguments[0])"
_AT = "document.querySelector('header.top').textContent.includes(`trang ${arguments[0]}/`)"


@pytest_asyncio.fixture(loop_scope="session")
async def window(built_clients: None, tmp_path: Path) -> AsyncIterator[WebKit]:
    """A browser with a profile of its own, as large as a tablet that lies."""
    if minibrowser() is None:
        missing("webkit2gtk-driver")
    (tmp_path / "webkit").mkdir()
    async with webkit(tmp_path / "webkit") as one:
        await one.size(TABLET)
        yield one


async def test_a_paper_is_read_searched_and_written_on(window: WebKit, demo_seed: Seed, tmp_path: Path) -> None:
    with serving(demo_seed.copy(tmp_path / "data")) as demo:
        paper = await put(demo, await open_item(demo), TITLE, plan())
        await enter(window, demo)
        await window.tap("a", "Vào phiên họp")
        await window.see(".papers a")
        await shown_well(window, "agenda")
        await window.goto(demo.url + paper.path)
        await reads(window)
        await shown_well(window, "reader")
        await window.tap("nav[aria-label=Trang] button:nth-of-type(1)")
        await window.until(_AT, 1)
        await window.run(f"{_DRAWN}.closest('.view').focus()")
        before = await window.run(f"return {_WIDTH}")
        await window.press(*"++++++++")
        await window.until(f"{_WIDTH} > 3 * arguments[0]", before)
        await window.until("document.querySelector('section.pages .detail')")  # the part in sight is drawn sharp
        await window.press("0")
        await window.until(f"{_WIDTH} === arguments[0]", before)
        await window.draw([(300 + 20 * step, 400 + 6 * (step % 3)) for step in range(12)], "pen")
        await window.until(f"{_MARKS} === 1")
        await window.until(_SAVED, "Đã lưu")
        await shown_well(window, "ink")
        await window.reload()
        await window.until(f"{_DRAWN} && {_MARKS} === 1")


async def test_what_was_fetched_is_read_and_written_on_without_a_server(
    window: WebKit, demo_seed: Seed, tmp_path: Path
) -> None:
    data = demo_seed.copy(tmp_path / "data")
    with serving(data) as demo:
        paper = await put(demo, await open_item(demo), TITLE, plan())
        await enter(window, demo)
        await window.goto(f"{demo.url}/tablet/account")
        await window.tap("button", "Đặt mã")
        for field in ("Mã 6 số", "Nhập lại"):
            await window.type(field, CODE)
        await window.tap("[role=dialog] button", "Đặt mã")
        await window.see("main span", "Đã đặt")
        await window.goto(f"{demo.url}/tablet/")
        await window.see(".onboard", "Sẵn sàng ngoại tuyến")
    # The server has ended.
    await window.goto(demo.url + paper.path)
    await window.type("Mã 6 số", CODE)
    await window.tap("button", "Mở tài liệu")
    await reads(window)
    await window.draw([(300 + 20 * step, 400 + 6 * (step % 3)) for step in range(12)], "pen")
    await window.until(_SAVED, "1 đang chờ")
    with serving(data, "--port", str(urlsplit(demo.url).port)):
        await window.until(_SAVED, "Đã lưu")


async def enter(window: WebKit, demo: Demo) -> None:
    """Through the door by name and password; ends when the app would start without a server."""
    account = demo.account("member")
    await window.goto(f"{demo.url}/tablet/")
    await window.type("Tên đăng nhập", account.user)
    await window.type("Mật khẩu", account.password)
    await window.tap("button", "Vào làm việc")
    await window.see(".hello")
    await window.run("return navigator.serviceWorker.ready.then(() => null)")


async def reads(window: WebKit) -> None:
    """The first page is drawn and has words, a far one is scrolled to, words are found."""
    await window.until(_DRAWN)
    assert 0.002 < float(await window.run(_DARK)) < 0.3
    await window.until(f"{_TEXT}.includes('Bản gốc')")
    for _ in range(5):
        await window.wheel(400, 400, 900)
    page, _ = await window.run(f"return ({PLACE})()")
    assert page > 1
    assert int(await window.run("return document.querySelectorAll('section.pages .page').length")) <= 5
    await window.tap("header.top button", "Tìm")
    await window.type("Tìm trong tài liệu này", "de nghi phe duyet")
    await window.until("document.querySelectorAll('.hit').length === 2")
    await window.tap(".hit", "Trang 5")
    await window.until(_AT, 5)
    await window.until("document.querySelector('section.pages polygon.active')")
    await window.press(ESCAPE, ESCAPE)


async def shown_well(window: WebKit, name: str) -> None:
    """Both ways the tablet may be held: nothing sticks out, the picture has the screen's size; left to look at."""
    for way, size in (("upright", TABLET_UPRIGHT), ("flat", TABLET)):
        await window.size(size)
        assert await window.run(f"return ({STICKING_OUT})()") == [], (name, way)
        picture = await window.picture()
        assert Image.open(io.BytesIO(picture)).size == size
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"webkit-{name}-{way}.png").write_bytes(picture)
