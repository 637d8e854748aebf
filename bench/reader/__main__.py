"""The tablet's reader in Chromium, side by side with pdf.js's own viewer on the same files.

    make bench-reader                                   or python -m bench.reader
    make bench-reader ARGS="--book FILE --repetitions 5"   with a book that is not ours to carry

Both are warm (another paper was opened before), take turns, draw page 1 on canvases of equal pixels at device pixel
ratio 2, and are timed in the page: from the tap to the frame in which the page stands. The peer gets its files from a
server that asks no question; the reader asks the real one, or its own encrypted store with the network cut.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import statistics
from pathlib import Path
from typing import TYPE_CHECKING

from bench.reader import papers
from bench.reader.stage import Stage, bundled, link, stage, write_strokes
from bench.report import figure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.async_api import Response

    from bench.reader.stage import Tablet
    from tests.e2e.reading import Put

OPEN_GOAL = 0.8
READS_GOAL = 2.0
MB = 1_000_000
STROKES = 2_000


async def opening(on: Stage, repetitions: int) -> None:
    """Tap to first page, from the network and from the encrypted store, against the peer."""
    for name, paper in on.papers.items():
        network, kept, peers, reads = [], [], [], []
        for _ in range(repetitions):
            ms, width, ranges = await _from_network(on, paper)
            network.append(ms)
            reads.append(ranges)
            peers.append(await _peer(on, name, width))
            kept.append(await _from_store(on, paper))
        stock = statistics.median(peers)
        figure("reader", name, "pdf.js viewer, first page", stock, "ms")
        for case, times in (("network", network), ("encrypted store", kept)):
            ms = statistics.median(times)
            figure("reader", name, f"first page, {case}", ms, "ms", "pdf.js viewer", ms / stock, at_most=OPEN_GOAL)
        figure(
            "reader",
            name,
            "range reads to page 1",
            statistics.median(reads),
            "reads",
            at_most=2.0 if name == "text" else None,
        )


async def _from_network(on: Stage, paper: Put) -> tuple[float, int, int]:
    tablet = await on.tablet()
    try:
        await tablet.cut(*on.papers.values())
        await tablet.warm_up()
        await tablet.cut(*(other for other in on.papers.values() if other is not paper))
        return await tablet.open(paper)
    finally:
        await tablet.close()


async def _from_store(on: Stage, paper: Put) -> float:
    tablet = await on.tablet()
    try:
        await tablet.warm_up()
        await tablet.downloaded(paper)
        await tablet.cut(*on.papers.values())
        await tablet.warm_up()
        return (await tablet.open(paper))[0]
    finally:
        await tablet.close()


async def _peer(on: Stage, name: str, width: int) -> float:
    context = await on.browser.new_context(viewport={"width": 1180, "height": 820}, device_scale_factor=2)
    try:
        page = await context.new_page()
        await page.goto(on.peer)
        await page.wait_for_function("() => Boolean(globalThis.openPaper)")
        across = width / 2
        await page.evaluate("([url, width]) => openPaper(url, width)", ["/papers/warm.pdf", across])
        ms, drawn = await page.evaluate("([url, width]) => openPaper(url, width)", [f"/papers/{name}.pdf", across])
        assert abs(drawn - width) <= 2, f"the canvases are not equal: {drawn} against {width}"
        return float(ms)
    finally:
        await context.close()


async def scrolling(on: Stage) -> None:
    """A hundred pages at two a second, from the encrypted store."""
    for name in ("text", "scan"):
        tablet = await _reading(on, on.papers[name])
        found = await tablet.page.evaluate("bench.scrollThrough(100, 2)")
        figure("reader", name, "longest without page or picture", found["longest"], "ms", at_most=150.0)
        figure("reader", name, "peak of all canvases", found["peak"] / MB, "MB", at_most=110.0)
        await tablet.close()


async def _reading(on: Stage, paper: Put) -> Tablet:
    tablet = await on.tablet()
    await tablet.warm_up()
    await tablet.downloaded(paper)
    await tablet.open(paper)
    return tablet


async def writing(on: Stage) -> None:
    """Script between the pen's moves and the pixels, a frame with four moves, the processor throttled four times."""
    tablet = await _reading(on, on.papers["text"])
    await tablet.page.get_by_role("toolbar").get_by_role("button", name="Bút").first.click()
    await tablet.devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    took = await tablet.page.evaluate("bench.stroke('section.pages .page .hand', 2000)")
    await tablet.devtools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    last = took[-len(took) // 4 :]
    figure("reader", "stroke of 2,000 points", "script a frame, median", statistics.median(took), "ms", at_most=4.0)
    figure("reader", "stroke of 2,000 points", "the last 500 points", statistics.median(last), "ms", at_most=4.0)
    figure("reader", "stroke of 2,000 points", "script a frame, p95", statistics.quantiles(took, n=20)[-1], "ms")
    await tablet.close()


async def catching_up(on: Stage) -> None:
    """A tablet cut off while others write 2,000 strokes on the page it shows; then one that opens that page."""
    paper = on.papers["text"]
    stream = f"s:{paper.version}"
    await write_strokes(on.demo, stream, 1)
    tablet = await on.tablet()
    await tablet.warm_up()
    await tablet.open(paper)
    await tablet.page.locator("section.pages [data-mark]").first.wait_for(state="attached")
    await tablet.page.evaluate("bench.cut()")
    await write_strokes(on.demo, stream, STROKES)
    ms = await tablet.page.evaluate("count => bench.comeBack(count)", STROKES + 1)
    figure("reader", "2,000 strokes missed", "asked for to drawn", ms / 1000, "s", at_most=0.5)
    await tablet.close()
    tablet = await on.tablet()
    await tablet.warm_up()
    ms = await tablet.page.evaluate(
        "([selector, count]) => bench.openMarked(selector, count)", [link(paper), STROKES + 1]
    )
    figure("reader", "2,000 strokes on a page", "tap to page and strokes", ms / 1000, "s")
    await tablet.close()


async def weight(on: Stage) -> None:
    """What the tablet loads until its first screen stands, compressed as the server would."""
    tablet = await on.tablet()
    loaded: list[Response] = []
    tablet.page.on("response", lambda response: loaded.append(response))  # noqa: PLW0108 - it marks what it is given
    await tablet.page.goto(f"{on.demo.url}/tablet/")
    await tablet.page.get_by_role("heading").first.wait_for()
    await tablet.page.wait_for_timeout(1500)
    parts = [each for each in loaded if "/assets/" in each.url and each.url.endswith((".js", ".css"))]
    sizes = {each.url: len(gzip.compress(await each.body(), 6)) for each in parts}
    figure(
        "reader",
        "tablet app",
        "script and style of the first screen",
        sum(sizes.values()) / 1000,
        "kB gz",
        at_most=120.0,
    )
    await tablet.close()


async def storing(on: Stage) -> None:
    """Sealed chunks into IndexedDB against plain ones, in turn."""
    context = await on.browser.new_context()
    page = await context.new_page()
    await page.goto(on.peer)
    await page.add_script_tag(content=bundled("storing.ts"), type="module")
    await page.wait_for_function("() => Boolean(globalThis.storing)")
    took = await page.evaluate("storing(16, 5)")
    plain, sealed = statistics.median(took["plain"]), statistics.median(took["sealed"])
    figure("reader", "16 MiB into IndexedDB", "plain", 16_000 / plain, "MiB/s")
    figure(
        "reader",
        "16 MiB into IndexedDB",
        "sealed",
        16_000 / sealed,
        "MiB/s",
        "plain puts",
        plain / sealed,
        at_least=0.7,
    )
    await context.close()


CASES = {"storing": storing, "weight": weight, "scrolling": scrolling, "writing": writing, "catching_up": catching_up}


async def main() -> None:
    """Run what is asked for; everything without arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--book", type=Path, help="a PDF of one's own, as a third file")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--cases", nargs="*", default=["opening", *CASES], choices=["opening", *CASES])
    asked = parser.parse_args()
    files: Mapping[str, bytes] = {"text": papers.text(), "scan": papers.scan()}
    if asked.book is not None:
        files = {"book": asked.book.read_bytes(), **files}
    async with stage(files) as on:
        for case in asked.cases:
            if case == "opening":
                await opening(on, asked.repetitions)
            else:
                await CASES[case](on)


if __name__ == "__main__":
    asyncio.run(main())
