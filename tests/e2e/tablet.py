"""A leader at a tablet, by what the screen says and by what fingers and pen do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from playwright.async_api import expect

from tests.e2e.browser import RESULTS, axe
from tests.e2e.ear import Ear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.async_api import BrowserContext, CDPSession, Locator, Page

    from tests.e2e.network import Line

Hand: TypeAlias = Literal["pen", "finger", "mouse"]
_STEPS = 8
SCROLL_THROUGH = """async (view) => {
  for (let at = 0; at < view.scrollHeight; at += view.clientHeight / 2) {
    view.scrollTo(0, at);
    await new Promise((done) => setTimeout(done, 150));
  }
}"""
# Marks are told apart by their ink (clients/tablet/src/features/annotations/marks.ts).
_INK = {"private": "#5A2C91", "shared": "#9A3D08"}


class Tablet:
    """One tablet. ``line`` is its network where that can be cut."""

    def __init__(self, context: BrowserContext, page: Page, url: str, hand: Hand, line: Line | None = None) -> None:
        self.context = context
        self.page = page
        self.url = url
        self.hand = hand
        self.line = line
        self.ear = Ear(page)
        self.taps = 0
        self._devtools: CDPSession | None = None

    async def enter(self, user: str, password: str) -> None:
        """Through the door, by name and password."""
        await self.page.goto(f"{self.url}/tablet/")
        await self.page.get_by_label("Tên đăng nhập").fill(user)
        await self.page.get_by_label("Mật khẩu").fill(password)
        await self.tap(self.page.get_by_role("button", name="Vào làm việc"))
        await expect(self.page.locator(".hello")).to_be_visible()

    async def tap(self, what: Locator) -> None:
        """One tap of a finger."""
        self.taps += 1
        await what.tap()

    # ---- meetings and invitations

    async def accept(self) -> None:
        """Say yes to the invitation that waits."""
        await self.tap(self._asked().get_by_role("button", name="Nhận lời dự họp"))
        await expect(self._asked()).to_be_hidden()

    async def decline(self, reason: str) -> None:
        """Say no, and why."""
        await self.tap(self._asked().get_by_role("button", name="Báo vắng"))
        form = self.page.get_by_role("dialog")
        await form.get_by_label("Lý do").fill(reason)
        await self.tap(form.get_by_role("button", name="Gửi báo vắng"))
        await expect(self._asked()).to_be_hidden()

    async def home(self) -> None:
        """To one's meetings."""
        await self.page.goto(f"{self.url}/tablet/")
        await expect(self.page.locator(".hello")).to_be_visible()

    async def into_meeting(self) -> None:
        """From one's meetings into the one that is on, or comes next."""
        await self.tap(self.page.get_by_role("link", name=re.compile("Vào phiên họp|Xem chương trình họp")))
        await expect(self.page.get_by_role("region", name="Chương trình họp")).to_be_visible()

    async def open_paper(self, title: str) -> None:
        """From the agenda into a paper of the item at the side; its first page is drawn."""
        await self.tap(self.page.locator(".papers a").filter(has_text=title))
        await expect(self.page.locator(".page .whole").first).to_be_visible()

    async def back_to_agenda(self) -> None:
        """Out of a paper."""
        await self.tap(self.page.get_by_role("link", name="Về chương trình họp").first)
        await expect(self.page.get_by_role("region", name="Chương trình họp")).to_be_visible()

    def item(self, title: str) -> Locator:
        """A line of the agenda."""
        return self.page.locator("button.item").filter(has_text=title)

    # ---- signing

    async def sign(self, title: str, password: str) -> None:
        """Look at a paper that waits for a signature, to its end, and sign it."""
        await self.tap(self.page.get_by_role("link", name=re.compile("^Ký")))
        await self.tap(self.page.get_by_role("link").filter(has_text=title))
        await expect(self.page.locator(".page .whole").first).to_be_visible()
        await expect(self.page.get_by_text(re.compile("^Mã tệp"))).to_be_visible()
        await self.read_to_end()
        await self.tap(self.page.get_by_role("button", name="Ký văn bản này"))
        form = self.page.get_by_role("dialog")
        await form.get_by_label("Mật khẩu khóa ký").fill(password)
        await self.tap(form.get_by_role("button", name="Ký văn bản này"))
        await expect(self.page.get_by_role("link", name="Tải văn bản đã ký")).to_be_visible()

    async def approve(self, title: str) -> None:
        """Look at a paper that waits to be approved, to its end, and approve it."""
        await self.open_request(title)
        await self.tap(self.page.get_by_role("button", name="Phê duyệt văn bản này"))
        form = self.page.get_by_role("alertdialog")
        assert await axe(self.page, "[role=alertdialog]") == []
        await self.tap(form.get_by_role("button", name="Phê duyệt văn bản này"))
        await expect(form).to_be_hidden()

    async def sign_together(self, titles: Sequence[str], password: str) -> None:
        """Look at each paper to its end, then sign all with one unlocking."""
        for title in titles:
            await self.open_request(title)
        await self.tap(self.page.get_by_role("link", name="Về danh sách chờ ký"))
        for title in titles:
            await self.tap(self.page.get_by_role("checkbox", name=f"Chọn ký “{title}”"))
        await self.tap(self.page.get_by_role("button", name=f"Ký {len(titles)} văn bản"))
        form = self.page.get_by_role("dialog")
        await form.get_by_label("Mật khẩu khóa ký").fill(password)
        assert await axe(self.page, "[role=dialog]") == []
        await self.tap(form.get_by_role("button", name=f"Ký {len(titles)} văn bản"))
        await expect(self.page.get_by_role("dialog", name=f"{len(titles)} đã ký")).to_be_visible()
        await self.tap(self.page.get_by_role("button", name="Về danh sách chờ"))

    async def open_request(self, title: str) -> None:
        """From the inbox into a paper, and to its end."""
        inbox = self.page.get_by_role("link", name="Về danh sách chờ ký")
        await self.tap(inbox if await inbox.count() > 0 else self.page.get_by_role("link", name=re.compile("^Ký")))
        await self.tap(self.page.get_by_role("link").filter(has_text=title).first)  # what waits stands first
        await expect(self.page.locator(".page .whole").first).to_be_visible()
        await self.read_to_end()

    async def read_to_end(self) -> None:
        """Push the pages up until the last one was on screen: nothing is signed before."""
        await self.page.locator(".view").first.evaluate(SCROLL_THROUGH)
        await expect(self.page.get_by_text(re.compile("^Đã xem (đến trang cuối|(\\d+)/\\2 trang)"))).to_be_visible()

    # ---- reading and writing

    async def at_page(self, page: int) -> None:
        """Wait until this page is being read."""
        await expect(self.page.locator("header.top")).to_contain_text(f"trang {page}/")

    async def turn_to(self, page: int) -> None:
        """To a page by the strip."""
        await self.tap(self.page.get_by_role("navigation", name="Trang").get_by_role("button").nth(page - 1))
        await self.at_page(page)

    async def take(self, tool: str) -> None:
        """Take a tool in hand."""
        await self.tap(self._tool(tool))
        await expect(self._tool(tool)).to_have_attribute("aria-pressed", "true")

    async def put_down(self, tool: str) -> None:
        """Only read again; one tap does it, also right after a stroke."""
        await self.tap(self._tool(tool))
        await expect(self._tool(tool)).to_have_attribute("aria-pressed", "false")

    async def share_ink(self) -> None:
        """Write for all from now on."""
        await self._show_layers()
        await self.tap(self.page.get_by_role("button", name="Ghi cho người khác…"))
        form = self.page.get_by_role("dialog", name="Ghi cho ai đọc?")
        await self.tap(form.get_by_role("button", name=re.compile("^Mọi người dự")))
        await self.tap(form.get_by_role("button", name=re.compile(r"^Ghi cho \d+ người đọc$")))
        await expect(self.page.get_by_role("button", name="Trở lại ghi riêng")).to_be_visible()
        await self._hide_sheet()

    async def stroke(self, page: int, height: float) -> None:
        """A line across a page, at a share of what is seen of it; ends when the page shows it as one more mark."""
        before = await self.marks(page).count()
        box = await self.page.locator(f'.page[data-page="{page}"]').bounding_box()
        window = self.page.viewport_size
        assert box is not None
        assert window is not None
        top, bottom = max(box["y"], 80.0), min(box["y"] + box["height"], window["height"] - 160.0)
        y = top + (bottom - top) * height
        left = box["x"] + box["width"] * 0.2
        await self._draw([(left + box["width"] * 0.05 * step, y + (step % 2) * 6) for step in range(_STEPS)])
        await expect(self.marks(page)).to_have_count(before + 1)

    def marks(self, page: int, layer: Literal["private", "shared", "any"] = "any") -> Locator:
        """The strokes on a page that are known to the app, not only under the pen."""
        ink = "" if layer == "any" else f'[fill="{_INK[layer]}"]'
        return self.page.locator(f'.page[data-page="{page}"] path[data-mark]{ink}')

    async def scroll_by_finger(self, by: int) -> None:
        """Push the page up by a finger, in pixels."""
        x, y = await self._middle()
        await self._send("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        for step in range(1, _STEPS + 1):
            at = [{"x": x, "y": y - by * step / _STEPS}]
            await self._send("Input.dispatchTouchEvent", type="touchMove", touchPoints=at)
        await self._send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def following(self) -> Locator:
        """What the screen says about the presenter."""
        return self.page.locator(".follow")

    def sync(self) -> Locator:
        """What the screen says about one's notes."""
        return self.page.locator("header.top .sync")

    async def shoot(self, name: str) -> None:
        """Leave a picture of the screen as it stands."""
        await self.page.screenshot(path=RESULTS / f"{name}.png")

    # ---- hands

    async def _draw(self, points: list[tuple[float, float]]) -> None:
        await {"pen": self._by_pen, "finger": self._by_finger, "mouse": self._by_mouse}[self.hand](points)

    async def _by_mouse(self, points: list[tuple[float, float]]) -> None:
        mouse = self.page.mouse
        await mouse.move(*points[0])
        await mouse.down()
        for x, y in points[1:]:
            await mouse.move(x, y)
        await mouse.up()

    async def _by_pen(self, points: list[tuple[float, float]]) -> None:
        more = {"button": "left", "clickCount": 1, "pointerType": "pen", "force": 0.6}
        (x, y), (last_x, last_y) = points[0], points[-1]
        await self._send("Input.dispatchMouseEvent", type="mousePressed", x=x, y=y, **more)
        for to_x, to_y in points[1:]:
            await self._send("Input.dispatchMouseEvent", type="mouseMoved", x=to_x, y=to_y, buttons=1, **more)
        await self._send("Input.dispatchMouseEvent", type="mouseReleased", x=last_x, y=last_y, **more)

    async def _by_finger(self, points: list[tuple[float, float]]) -> None:
        x, y = points[0]
        await self._send("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        for to_x, to_y in points[1:]:
            await self._send("Input.dispatchTouchEvent", type="touchMove", touchPoints=[{"x": to_x, "y": to_y}])
        await self._send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    async def _send(self, method: str, **given: Any) -> None:
        if self._devtools is None:
            self._devtools = await self.context.new_cdp_session(self.page)
        await self._devtools.send(method, given)

    async def _middle(self) -> tuple[float, float]:
        box = await self.page.locator("section.pages").bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    # ---- parts of the screen

    def _tool(self, name: str) -> Locator:
        return self.page.get_by_role("toolbar", name="Công cụ ghi").get_by_role("button", name=name, exact=True)

    def _asked(self) -> Locator:
        return self.page.get_by_role("region", name="Chờ trả lời")

    async def _show_layers(self) -> None:
        if not await self.page.get_by_role("button", name="Ghi cho người khác…").is_visible():
            await self.tap(self.page.get_by_role("button", name="Lớp ghi chú"))

    async def _hide_sheet(self) -> None:
        """In portrait the layers lie over the pages."""
        sheet = self.page.get_by_role("dialog", name="Lớp ghi chú")
        if await sheet.is_visible():
            await self.tap(sheet.get_by_role("button", name="Đóng"))
            await expect(sheet).to_be_hidden()
