"""Pens, fingers and palms in Chromium: what writes and what pans, taking back, figures, words, a tab that dies."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.browser import PHONE, TABLET, axe, sticking_out
from tests.e2e.reading import TITLE, Put, Reading, open_item, plan, put, reading
from tests.support.demo import Seed, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from playwright.async_api import Browser, CDPSession, FloatRect, Locator, Page

    from tests.support.demo import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

# A pen as the browser reports one. Chromium captures no pointer that no device holds.
_PEN = """([kind, points, id]) => {
  Element.prototype.setPointerCapture = () => undefined;
  const [x, y] = points[0];
  const hand = [...document.querySelectorAll("section.pages .hand")].find((each) => {
    const box = each.getBoundingClientRect();
    return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  });
  const fire = (name, [clientX, clientY, pressure]) => hand.dispatchEvent(new PointerEvent(name, {
    bubbles: true, cancelable: true, pointerId: id, pointerType: "pen", isPrimary: true, buttons: 1,
    button: name === "pointermove" ? -1 : 0, clientX, clientY, pressure,
  }));
  if (kind.includes("down")) fire("pointerdown", points[0]);
  for (const point of points.slice(1)) fire("pointermove", point);
  if (kind.includes("up")) fire("pointerup", points.at(-1));
  if (kind.includes("cancel")) fire("pointercancel", points.at(-1));
}"""
# The pen comes down on whatever lies on top there.
_TOUCH_DOWN = """([clientX, clientY, pressure]) => {
  Element.prototype.setPointerCapture = () => undefined;
  document.elementFromPoint(clientX, clientY).dispatchEvent(new PointerEvent("pointerdown", {
    bubbles: true, cancelable: true, pointerId: 7, pointerType: "pen", isPrimary: true, buttons: 1, button: 0,
    clientX, clientY, pressure,
  }));
}"""
_numbers = itertools.count(1)
Stroke = list[tuple[float, float, float]]


@pytest.fixture(scope="module")
def demo(demo_seed: Seed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own: papers are added to it."""
    with serving(demo_seed.copy(tmp_path_factory.mktemp("ink") / "data")) as served:
        yield served


class Desk:
    """A member with a clean paper, a pen and ten fingers."""

    def __init__(self, reader: Reading, box: FloatRect) -> None:
        self.reader, self.page, self.box = reader, reader.page, box

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A place by shares of the pages' room."""
        return self.box["x"] + self.box["width"] * x, self.box["y"] + self.box["height"] * y

    def line(self, y: float, *, pressure: float = 0.5, count: int = 20) -> Stroke:
        """A stroke from left to right."""
        return [(*self.at(0.25 + 0.4 * step / count, y + (step % 3) / 500), pressure) for step in range(count + 1)]

    async def pen(self, stroke: Sequence[tuple[float, float, float]], kind: str = "down up", number: int = 7) -> None:
        """Move the pen; ``kind`` says whether it comes down and how it leaves."""
        await self.page.evaluate(_PEN, [kind, stroke, number])

    async def take(self, tool: str) -> None:
        """A tool of the bar, or back to reading by the one in the hand."""
        await self.page.get_by_role("toolbar", name="Công cụ ghi").get_by_role("button", name=tool, exact=True).tap()

    async def option(self, name: str, role: str = "radio") -> None:
        """How the tool writes."""
        await self.page.locator(".options").get_by_role(role, name=name, exact=True).tap()  # type: ignore[arg-type]

    def marks(self, more: str = "") -> Locator:
        """Stored marks on the pages."""
        return self.page.locator(f"section.pages [data-mark]{more}")

    async def fingers(self, *places: tuple[float, float], to: tuple[float, float] = (0, 0), apart_ms: int = 10) -> None:
        """Fingers come down one after another, go by ``to`` and leave together."""
        session = await self.page.context.new_cdp_session(self.page)
        down: list[dict[str, Any]] = []
        for number, (x, y) in enumerate(places):
            down.append({"x": x, "y": y, "id": number})
            await _touch(session, "touchStart", down)
            await self.page.wait_for_timeout(apart_ms)
        steps = 6 if any(to) else 0
        for step in range(1, steps + 1):
            moved = [
                {**each, "x": each["x"] + to[0] * step / steps, "y": each["y"] + to[1] * step / steps} for each in down
            ]
            await _touch(session, "touchMove", moved)
        await _touch(session, "touchEnd", [])
        await session.detach()


async def _touch(session: CDPSession, kind: str, points: list[dict[str, Any]]) -> None:
    await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


async def clean_paper(demo: Demo) -> Put:
    """A paper on which nothing is written yet: each has other words, for one file is taken once."""
    number = next(_numbers)
    return await put(demo, await open_item(demo), f"{TITLE} {number}", plan(f"Bản gốc {number}"))


async def at_desk(reader: Reading, demo: Demo) -> Desk:
    await reader.open(await clean_paper(demo))
    box = await reader.page.locator("section.pages").bounding_box()
    assert box is not None
    return Desk(reader, box)


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser, demo: Demo) -> AsyncIterator[Desk]:
    context, reader = await reading(browser, demo, TABLET)
    yield await at_desk(reader, demo)
    await context.close()


async def scrolled(page: Page) -> float:
    return float(await page.evaluate("document.querySelector('section.pages .view').scrollTop"))


async def test_until_a_pen_is_seen_fingers_draw_then_they_pan(desk: Desk) -> None:
    await desk.take("Bút")
    await desk.fingers(desk.at(0.3, 0.4), to=(150, 20))
    await expect(desk.marks("[d]")).to_have_count(1)
    await desk.pen(desk.line(0.5))
    await expect(desk.marks("[d]")).to_have_count(2)
    await desk.fingers(desk.at(0.3, 0.6), to=(0, -150))
    await desk.page.wait_for_function("document.querySelector('section.pages .view').scrollTop > 50")
    await expect(desk.marks("[d]")).to_have_count(2)
    # The switch: fingers draw beside the pen.
    await desk.option("Vẽ bằng ngón tay", "button")
    await desk.fingers(desk.at(0.3, 0.3), to=(150, 20))
    await expect(desk.marks("[d]")).to_have_count(3)


async def test_a_palm_beside_the_pen_neither_draws_nor_moves_the_page(desk: Desk) -> None:
    await desk.take("Bút")
    stroke = desk.line(0.4)
    await desk.pen(stroke[:10], "down")
    await desk.fingers(desk.at(0.6, 0.8), to=(0, -120))
    await desk.pen(stroke[9:], "up")
    await expect(desk.marks("[d]")).to_have_count(1)
    assert await scrolled(desk.page) == 0


async def test_while_one_reads_a_pen_writes_the_moment_it_touches(desk: Desk) -> None:
    first, *rest = desk.line(0.4)
    await desk.page.evaluate(_TOUCH_DOWN, first)
    await desk.pen([first, *rest], "up")
    await expect(desk.marks("[d]")).to_have_count(1)
    await expect(desk.page.get_by_role("toolbar").get_by_role("button", name="Bút", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )


async def test_a_cancelled_pen_keeps_what_it_wrote(desk: Desk) -> None:
    await desk.take("Bút")
    await desk.pen(desk.line(0.4), "down cancel")
    await expect(desk.marks("[d]")).to_have_count(1)


async def test_pressure_makes_the_line_thicker(desk: Desk) -> None:
    await desk.take("Bút")
    await desk.pen(desk.line(0.3, pressure=0.1))
    await desk.pen(desk.line(0.5, pressure=0.95))
    await expect(desk.marks("[d]")).to_have_count(2)
    light, heavy = await desk.marks("[d]").evaluate_all("found => found.map((each) => each.getBBox().height)")
    assert heavy > light + 0.5


async def test_two_fingers_take_back_three_do_again_and_neither_writes_nor_zooms(desk: Desk) -> None:
    await desk.take("Bút")
    await desk.fingers(desk.at(0.3, 0.4), to=(150, 20))
    await expect(desk.marks("[d]")).to_have_count(1)
    width = await desk.page.locator(".page").first.evaluate("page => page.clientWidth")
    await desk.fingers(desk.at(0.3, 0.5), desk.at(0.5, 0.5))
    await expect(desk.marks("[d]")).to_have_count(0)
    await desk.fingers(desk.at(0.3, 0.5), desk.at(0.5, 0.5), desk.at(0.4, 0.6))
    await expect(desk.marks("[d]")).to_have_count(1)
    await desk.reader.pinch(1.5)
    await expect(desk.marks("[d]")).to_have_count(1)
    assert await desk.page.locator(".page").first.evaluate("page => page.clientWidth") > width


async def test_figures_words_and_parts_each_are_one_step_to_take_back(desk: Desk) -> None:
    page = desk.page
    await desk.take("Hình")
    await desk.option("Hình chữ nhật")
    await desk.pen([(*desk.at(0.3, 0.3), 0.5), (*desk.at(0.5, 0.4), 0.5)])
    await expect(desk.marks("[data-shape=rect]")).to_have_count(1)
    await desk.take("Chữ")
    await desk.pen([(*desk.at(0.3, 0.55), 0.5)])
    await page.keyboard.type("Hỏi lại số liệu")
    await page.keyboard.press("Escape")
    await expect(page.locator("section.pages text[data-mark]")).to_have_text("Hỏi lại số liệu")
    await desk.take("Bút")
    await desk.pen(desk.line(0.7))
    await expect(desk.marks("[d]:not([data-shape])")).to_have_count(1)
    await desk.take("Tẩy")
    await desk.option("Từng phần")
    await desk.pen([(*desk.at(0.45, 0.64), 0.5), (*desk.at(0.45, 0.76), 0.5)])
    await expect(desk.marks("[d]:not([data-shape])")).to_have_count(2)
    back = page.get_by_role("button", name="Hoàn tác", exact=True)
    await back.tap()
    await expect(desk.marks("[d]:not([data-shape])")).to_have_count(1)
    for _ in range(3):
        await back.tap()
    await expect(desk.marks()).to_have_count(0)


async def test_what_the_lasso_takes_is_moved_coloured_and_deleted(desk: Desk) -> None:
    page = desk.page
    await desk.take("Bút")
    await desk.pen(desk.line(0.4))
    await expect(desk.marks("[d]")).to_have_count(1)
    await desk.take("Chọn")
    loop = [(0.2, 0.35), (0.72, 0.35), (0.72, 0.45), (0.2, 0.45)]
    await desk.pen([(*desk.at(x, y), 0.5) for x, y in loop])
    chosen = page.get_by_role("toolbar", name="Phần đã chọn")
    await expect(chosen).to_be_visible()
    before = await desk.marks("[d]").evaluate("mark => mark.getBoundingClientRect().top")
    await desk.pen([(*desk.at(0.4, 0.4), 0.5), (*desk.at(0.4, 0.45), 0.5), (*desk.at(0.4, 0.5), 0.5)])
    await expect(desk.marks("[d]")).to_have_count(1)
    after = await desk.marks("[d]").evaluate("mark => mark.getBoundingClientRect().top")
    assert abs(after - before - desk.box["height"] * 0.1) < 3
    await chosen.get_by_role("radio", name="Đỏ").tap()
    await expect(desk.marks("[fill='#B01E28']")).to_have_count(1)
    await chosen.get_by_role("button", name="Xóa phần đã chọn").tap()
    await expect(desk.marks()).to_have_count(0)


async def test_a_tab_that_dies_loses_the_stroke_under_the_pen_alone(browser: Browser, demo: Demo) -> None:
    context, reader = await reading(browser, demo, TABLET)
    desk = await at_desk(reader, demo)
    session = await context.new_cdp_session(desk.page)
    # No network for this tab: what is written waits on the device.
    cut = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", cut)
    await desk.take("Bút")
    for y in (0.3, 0.4, 0.5):
        await desk.pen(desk.line(y))
    await expect(desk.marks("[d]")).to_have_count(3)
    await desk.pen(desk.line(0.6), "down")
    address = desk.page.url
    page = await context.new_page()
    async with desk.page.expect_event("crash"):  # nothing of the page runs any more, no handler of its end either
        dying = asyncio.ensure_future(session.send("Page.crash"))
    dying.cancel()
    await page.goto(address)
    await expect(page.locator("section.pages [data-mark][d]")).to_have_count(3)
    await context.close()


async def test_the_list_of_notes_leads_to_the_place(desk: Desk) -> None:
    page = desk.page
    await desk.reader.turn_to(5)
    await desk.take("Chữ")
    await desk.pen([(*desk.at(0.3, 0.4), 0.5)])
    await page.keyboard.type("Xem lại nguồn vốn")
    await page.keyboard.press("Escape")
    await desk.take("Chữ")
    await desk.reader.turn_to(1)
    await desk.reader.choose("Ghi chú của tôi")
    await page.get_by_role("dialog").get_by_role("button", name="Xem lại nguồn vốn").tap()
    await desk.reader.at(5)
    await expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("size", [TABLET, PHONE], ids=["tablet", "phone"])
async def test_tools_are_large_enough_and_clean(browser: Browser, demo: Demo, size: tuple[int, int]) -> None:
    context, reader = await reading(browser, demo, size, color_scheme="dark")
    await reader.open(await clean_paper(demo))
    bar = reader.page.get_by_role("toolbar", name="Công cụ ghi")
    for tool in ("Hình", "Chữ", "Tẩy"):
        await bar.get_by_role("button", name=tool, exact=True).tap()
        small = await reader.page.evaluate("""() => [...document.querySelectorAll(".tools button, .options button")]
          .filter((each) => each.getClientRects().length > 0)
          .filter((each) => each.getBoundingClientRect().width < 48 || each.getBoundingClientRect().height < 48)
          .map((each) => each.textContent || each.ariaLabel)""")
        assert small == []
        assert await sticking_out(reader.page) == []
        assert await axe(reader.page) == []
    await context.close()
