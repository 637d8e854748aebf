"""The stage of the reader bench: a demo with the papers in it, pdf.js's own viewer beside it, one Chromium for both."""

from __future__ import annotations

import asyncio
import fcntl
import os
import subprocess
import sys
import tempfile
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import socketio
from aiohttp import web
from playwright.async_api import expect

from server.core.ids import new_id
from server.core.wire import PROTOCOL
from tests.e2e.browser import TABLET, launched, new_context, sign_in
from tests.e2e.reading import Put, open_item, plan, put
from tests.support.demo import Demo, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from playwright.async_api import Browser, BrowserContext, CDPSession, Page

_HERE = Path(__file__).parent
_CLIENTS = _HERE.parents[1] / "clients"
_PDFJS = _CLIENTS / "node_modules" / "pdfjs-dist"
_PROBES = (_HERE / "probes.js").read_text(encoding="utf-8")
_OPS_A_PUSH = 50
RATIO = 2


@dataclass(frozen=True)
class Stage:
    """What runs. ``papers``: where each file lies in the demo; ``warm``: a small one, opened first each time."""

    browser: Browser
    demo: Demo
    papers: Mapping[str, Put]
    warm: Put
    peer: str

    async def tablet(self) -> Tablet:
        """A fresh profile of a member, signed in."""
        context = await new_context(self.browser, TABLET, has_touch=True, device_scale_factor=RATIO)
        await context.add_init_script(_PROBES)
        page = await context.new_page()
        account = self.demo.account("member")
        tablet = Tablet(self, context, page, await context.new_cdp_session(page))
        await tablet.devtools.send("Network.enable")
        await sign_in(page, self.demo.url, account.user, account.password)
        return tablet


@dataclass(frozen=True)
class Tablet:
    """A tablet on this stage, by what it asks of the network and what stands on its canvases."""

    stage: Stage
    context: BrowserContext
    page: Page
    devtools: CDPSession

    async def cut(self, *papers: Put) -> None:
        """Let no byte of these papers come; without any, let everything come."""
        urls = [f"*/versions/{paper.version}/content*" for paper in papers]
        await self.devtools.send("Network.setBlockedURLs", {"urls": urls})

    async def warm_up(self) -> None:
        """Open the small paper, so that pdf.js and its worker run; end on the list of papers."""
        await self.page.goto(self.stage.demo.url + self.stage.warm.path)
        await self.page.locator("section.pages .page .whole").first.wait_for()
        await self.page.locator("header.top a").first.click()
        await self.page.locator(link(self.stage.warm)).first.wait_for()

    async def open(self, paper: Put) -> tuple[float, int, int]:
        """Tap a paper of the list: milliseconds to its first page, pixels across, byte ranges asked for until then."""
        asked: list[str] = []
        self.page.on("request", lambda request: asked.append(request.url) if paper.version in request.url else None)
        ms, width = await self.page.evaluate("selector => bench.openPaper(selector)", link(paper))
        return float(ms), int(width), sum("/content" in url for url in asked)

    async def downloaded(self, paper: Put) -> None:
        """Wait until the whole paper lies on this tablet."""
        row = self.page.locator(link(paper)).first
        await expect(row).not_to_contain_text("chưa có trên máy", timeout=120_000)

    async def close(self) -> None:
        """Put it away, with all that it holds."""
        await self.context.close()


def link(paper: Put) -> str:
    """The row of a paper in the list."""
    return f'a[href*="/papers/{paper.id}"]'


@asynccontextmanager
async def stage(files: Mapping[str, bytes]) -> AsyncIterator[Stage]:
    """Set up everything, and take it down."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        demo = stack.enter_context(serving(folder / "data"))
        stack.enter_context(_unread(demo.data))
        browser = await stack.enter_async_context(launched())
        peer = await stack.enter_async_context(_peer(files))
        item = await open_item(demo)
        warm = await put(demo, item, "Làm nóng", plan())
        papers = {name: await put(demo, item, f"Đo {name}", data) for name, data in files.items()}
        yield Stage(browser, demo, papers, warm, peer)


@contextmanager
def _unread(data: Path) -> Iterator[None]:
    """The server recognises no scan meanwhile: that would take a processor from both sides."""
    with (data / "recognising.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@asynccontextmanager
async def _peer(files: Mapping[str, bytes]) -> AsyncIterator[str]:
    """pdf.js's viewer and the same files over plain HTTP with ranges and no question asked: the best it can have."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, data in {**files, "warm": plan()}.items():
            (folder / f"{file}.pdf").write_bytes(data)
        application = web.Application()
        application.router.add_get("/", _viewer)
        application.router.add_static("/pdfjs", _PDFJS)
        application.router.add_static("/papers", folder)
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, "localhost", 0)
        await site.start()
        try:
            yield f"http://localhost:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


def bundled(name: str) -> str:
    """A file of this folder with what it takes of the clients, as one script; by the clients' own bundler."""
    with tempfile.TemporaryDirectory(dir=_CLIENTS) as folder:
        entry = Path(folder) / name
        entry.write_bytes((_HERE / name).read_bytes())
        build = [
            str(_CLIENTS / "node_modules/.bin/rolldown"),
            str(entry),
            "--file",
            f"{folder}/out.js",
            "--format",
            "esm",
        ]
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        subprocess.run(build, check=True, cwd=_CLIENTS, capture_output=True, env={**os.environ, "PATH": path})
        return (Path(folder) / "out.js").read_text(encoding="utf-8")


async def _viewer(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(_HERE / "peer.html")


async def write_strokes(demo: Demo, stream: str, count: int) -> None:
    """``count`` shared strokes on page 1, as another member's tablet would push them."""
    visit = await demo.enter("chair")
    io = socketio.AsyncClient(reconnection=False)
    auth = {"proto": PROTOCOL, "device": new_id(), "streams": {}}
    await io.connect(demo.url, headers=dict(visit.headers), auth=auth, transports=["websocket"])
    try:
        for start in range(0, count, _OPS_A_PUSH):
            ops = [_stroke(number) for number in range(start, min(count, start + _OPS_A_PUSH))]
            answer = await io.call("annotations.push", {"stream": stream, "ops": ops}, timeout=30)
            assert all(each["st"] == "applied" for each in answer["results"]), answer
            await asyncio.sleep(0.05)
    finally:
        await io.disconnect()


def _stroke(number: int) -> dict[str, Any]:
    x, y = 4000 + number % 50 * 1000, 4000 + number // 50 * 1800
    body = {"type": "ink", "color": "#9A3D08", "w": 1.6, "pts": [x, y, 128, *([60, 40, 0, 60, -40, 0] * 20)]}
    return {"kind": "put", "op_id": new_id(), "ann_id": new_id(), "page": 1, "body": body}
