"""Chromium as the tests drive it: how it is started, signing in, and what a page must never do."""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright, expect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "test-results"
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
TABLET, TABLET_UPRIGHT = (1180, 820), (820, 1180)
PHONE, DESK = (390, 844), (1440, 900)
# Longer than anything takes here alone: the machine may be shared.
PATIENCE_MS = 30_000

_AXE = ROOT / "clients" / "node_modules" / "axe-core" / "axe.min.js"
_SIGN_IN = """async ([user, password]) => {
  const answer = await fetch("/api/v1/accounts/sign-in", {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user, password, device_name: "thử nghiệm" }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}"""
# Elements that stick out of the window without something around them that scrolls or clips.
STICKING_OUT = """() => {
  const clipped = (element) => {
    for (let up = element.parentElement; up; up = up.parentElement) {
      if (getComputedStyle(up).overflowX !== "visible") return up.getBoundingClientRect().right <= innerWidth + 1;
    }
    return false;
  };
  const out = [...document.body.querySelectorAll("*")].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.right > innerWidth + 1 && !clipped(each);
  });
  const words = out.slice(0, 3).map((each) => `${each.tagName.toLowerCase()}.${each.getAttribute("class") ?? ""}`);
  return document.scrollingElement.scrollWidth > innerWidth ? ["page scrolls sideways", ...words] : words;
}"""
# Colours are judged where they have come to rest: fading in is not what stays.
_STILL = """() => Promise.all(document.getAnimations()
  .filter((each) => Number.isFinite(each.effect.getComputedTiming().endTime))
  .map((each) => each.finished.catch(() => null)))"""
_RUN_AXE = """async ([within, only]) => {
  const more = only ? { runOnly: { type: "rule", values: only } } : {};
  const found = within && within.split(", ").find((each) => document.querySelector(each));
  const where = found ? { include: [[found]] } : document;
  const { violations } = await axe.run(where, { resultTypes: ["violations"], ...more });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
    `${id} at ${target.join(" ")}: ${(failureSummary ?? "").split("\\n").slice(1).join(" ").trim()}`));
}"""


def chromium() -> str | None:
    """The path of Chromium, or None where it is not installed."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return None


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A Chromium of one's own."""
    path = chromium()
    assert path is not None
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


async def new_context(browser: Browser, size: tuple[int, int], **more: Any) -> BrowserContext:
    """A browser profile of its own: cookies, stores and service worker are nobody else's."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **more
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


async def sign_in(page: Page, url: str, user: str, password: str) -> None:
    """Sign the page's profile in, from the door of the tablet app."""
    await page.goto(f"{url}/tablet/sign-in")
    await page.evaluate(_SIGN_IN, [user, password])


class Complaints:
    """What the console of a page said that it should not have; ``expected`` are parts of lines that may come."""

    def __init__(self, page: Page, *expected: str) -> None:
        self.lines: list[str] = []
        self.expected = list(expected)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.lines.append(f"uncaught: {error}"))

    def _said(self, message: ConsoleMessage) -> None:
        line = f"{message.type}: {message.text} ({message.location.get('url', '')})"
        if message.type in {"error", "warning"} and not any(part in line for part in self.expected):
            self.lines.append(line)


async def sticking_out(page: Page) -> list[str]:
    """What makes the page wider than its window; empty where nothing does."""
    found: list[str] = await page.evaluate(STICKING_OUT)
    return found


async def axe(page: Page, within: str | None = None, only: Sequence[str] | None = None) -> list[str]:
    """What axe finds wrong on the page as it stands, one line an element.

    ``within``: selectors, the first that is there is looked at alone; ``only``: names of rules.
    """
    await page.evaluate(_STILL)
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(_AXE.read_text(encoding="utf-8"))
    found: list[str] = await page.evaluate(_RUN_AXE, [within, only])
    return found
