"""Papers for the tests of the reader, and a reader as fingers and keys drive it and as the screen shows it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pikepdf
from playwright.async_api import expect
from weasyprint import HTML

from tests.e2e.browser import new_context, sign_in

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Locator, Page

    from tests.support.demo import Demo

TITLE = "Kế hoạch thử bộ đọc"
PAGES = 12
# The line a third down the window, which is where a reader reads: page and share of its height.
PLACE = """() => {
  const view = document.querySelector("section.pages .view").getBoundingClientRect();
  const y = view.top + view.height / 3;
  for (const page of document.querySelectorAll("section.pages .page")) {
    const box = page.getBoundingClientRect();
    if (box.top <= y && box.bottom >= y) return [Number(page.dataset.page), (y - box.top) / box.height];
  }
  return [0, 0];
}"""


@dataclass(frozen=True)
class Put:
    """A published paper and where it is."""

    meeting: str
    item: str
    id: str
    version: str
    size: int

    @property
    def path(self) -> str:
        """Its address in the tablet app."""
        return f"/tablet/meetings/{self.meeting}/items/{self.item}/papers/{self.id}"


def plan(mark: str = "Bản gốc") -> bytes:
    """Chapters in an outline, a reference from page 1 to page 9, words with accents on page 5 and 7."""
    return _pdf("".join(_chapter(number, mark) for number in range(1, PAGES + 1)))


def scan() -> bytes:
    """A page without a letter."""
    return _pdf('<div style="width: 300px; height: 300px; background: #888"></div>')


def linking(inside: str) -> bytes:
    """Links out of a paper: to a page of the web, to a script, and to ``inside``, an address of the app."""
    links = {"Công báo": "https://congbao.example/van-ban/12", "Chạy": "javascript:alert(1)", "Tờ trình": inside}
    return _pdf("".join(f'<p style="margin: 40px"><a href="{to}">{words}</a></p>' for words, to in links.items()))


def locked(size: int) -> bytes:
    """A PDF that asks for a password, filled up to ``size`` bytes."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(scan())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user="bí mật", owner="bí mật"))
    assert len(out.getvalue()) <= size
    return out.getvalue().ljust(size, b"\n")


def _chapter(number: int, mark: str) -> str:
    link = '<p><a href="#p9">Xem Phần 9</a></p>' if number == 1 else ""
    words = "Sở Tài chính đề nghị phê duyệt nguồn vốn dự phòng." if number in {5, 7} else "Tình hình thực hiện."
    filler = "<p>Căn cứ Luật Tổ chức chính quyền địa phương và các văn bản hướng dẫn thi hành.</p>" * 9
    head = f'<h1 id="p{number}">Phần {number}</h1><p>{mark}</p>'
    return f'<section style="break-after: page">{head}{link}{filler}<p>{words}</p></section>'


def _pdf(body: str) -> bytes:
    written: bytes = HTML(string=f"<html lang='vi'><body>{body}</body></html>").write_pdf()
    return written


async def put(demo: Demo, item: str, title: str, data: bytes, *, of: Put | None = None) -> Put:
    """Publish a paper of an item of the demo's live meeting, or another version of one."""
    visit = await demo.enter("secretary")
    path = f"/items/{item}/papers" if of is None else f"/papers/{of.id}/versions"
    status, paper = await visit.request("POST", f"{path}?filename=a.pdf&title={quote(title)}", pdf=data)
    assert status == 201, paper
    version = paper["version"]
    return Put(demo.ready.meeting, item, paper["id"], version["id"], version["size"])


async def open_item(demo: Demo) -> str:
    """An item of the live meeting that everybody may read."""
    visit = await demo.enter("member")
    view = await visit.get(f"/meetings/{demo.ready.meeting}")
    return str(next(each["id"] for each in view["items"] if not each["restricted"] and each["state"] != "done"))


class Reading:
    """A member with one paper on screen."""

    def __init__(self, page: Page, demo: Demo) -> None:
        self.page, self.demo = page, demo

    async def open(self, paper: Put, query: str = "") -> None:
        """Open it and wait for its first bitmap."""
        await self.page.goto(self.demo.url + paper.path + query)
        await expect(self.page.locator("section.pages .page .whole").first).to_be_visible()

    async def place(self) -> tuple[int, float]:
        """The page one reads, and how far down in it."""
        page, fraction = await self.page.evaluate(PLACE)
        return int(page), float(fraction)

    async def at(self, page: int) -> None:
        """Wait until this page is being read."""
        await expect(self.page.locator("header.top")).to_contain_text(f"trang {page}/")

    async def turn_to(self, page: int) -> None:
        """To a page by the strip."""
        await self.page.get_by_role("navigation", name="Trang").get_by_role("button").nth(page - 1).tap()
        await self.at(page)

    async def press(self, name: str) -> None:
        """A button in the head of the screen."""
        await self.page.locator("header.top").get_by_role("button", name=name, exact=True).tap()

    async def choose(self, name: str) -> None:
        """One of the ways of reading."""
        await self.press("Cách đọc")
        await self.page.get_by_role("menuitem", name=name).tap()

    async def look_for(self, words: str) -> None:
        """Search in this paper; ends when the places are known."""
        await self.press("Tìm")
        await self.page.get_by_label("Tìm trong tài liệu này").fill(words)

    def hits(self) -> Locator:
        """The list of places."""
        return self.page.locator(".hit")

    async def pinch(self, factor: float) -> None:
        """Two fingers apart from the middle of the pages."""
        box = await self.page.locator("section.pages").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        session = await self.page.context.new_cdp_session(self.page)
        steps = 8
        for step in range(steps + 1):
            apart = 40 * (1 + (factor - 1) * step / steps)
            points = [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}]
            kind = "touchStart" if step == 0 else "touchMove"
            await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        await session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        await session.detach()


async def reading(browser: Browser, demo: Demo, size: tuple[int, int], **more: Any) -> tuple[BrowserContext, Reading]:
    """A tablet of a member, signed in."""
    context = await new_context(browser, size, has_touch=True, **more)
    page = await context.new_page()
    account = demo.account("member")
    await sign_in(page, demo.url, account.user, account.password)
    return context, Reading(page, demo)
