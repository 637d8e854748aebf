"""What the gate costs: the whole of it, and small pictures of pages, against ``pdftoppm`` drawing the same pages.

    make bench-gate                              or python -m bench.gate
    make bench-gate ARGS="--pairs 9 a.pdf b.pdf" more pairs, other files

Files of 20 pages and more: one of text made here, and those of the corpus beside the checkout. Everything runs on one
core, the children warm; the two take turns, and the median of the pairs is told, in CPU time of all processes that
take part: the clock would measure whatever else the machine does. Against the gate, pdftoppm draws each page as small
as the gate's trial does (240 pixels), which is the least that it can be asked for.
A small picture is asked for by its page, as a strip does, so pdftoppm draws that page; the last row, without a goal,
lets it draw all pages in one run.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from weasyprint import HTML

from bench.report import figure
from server.core.workers import File, Workers
from server.documents.actions.thumbnails import STRIP_PAGES
from server.documents.intake.draw import WIDTH_PIXELS, draw_pages
from server.documents.intake.judge import judge
from server.documents.models import Bounds, Findings
from tests.support.corpus import CORPUS, ROWS

Act = Callable[[], Awaitable[object]]

GATE_GOAL = 1.5
THUMBNAILS_GOAL = 1.3
LEAST_PAGES = 20
SAMPLE = 12
_GLANCE = ("-scale-to", "240")
_SMALL = ("-scale-to-x", str(WIDTH_PIXELS), "-scale-to-y", "-1", "-jpeg")


def files(given: list[str], folder: Path) -> list[Path]:
    """What is measured: the files named, or those of the corpus with pages enough, and one made here."""
    if given:
        return [Path(name) for name in given]
    made = folder / "made.pdf"
    made.write_bytes(letter())
    found = [CORPUS / name for name, row in ROWS.items() if int(row["pages"] or 0) >= LEAST_PAGES]
    return [made, *found]


def letter() -> bytes:
    """A report of some sixty pages of Vietnamese prose with its fonts embedded, as a word processor exports it."""
    prose = (
        "Thực hiện chương trình công tác năm, Ủy ban nhân dân thành phố báo cáo tình hình phát triển kinh tế, xã hội,"
        " bảo đảm quốc phòng, an ninh; kết quả giải ngân vốn đầu tư công và nhiệm vụ, giải pháp trong thời gian tới. "
    )
    parts = "".join(f"<h2>{number}. Nội dung</h2>" + f"<p>{prose * 6}</p>" * 6 for number in range(1, 31))
    style = "body { font: 14pt/1.4 'Liberation Serif'; text-align: justify }"
    made = HTML(string=f"<html lang=vi><style>{style}</style><body>{parts}</body></html>").write_pdf()
    assert isinstance(made, bytes)
    return made


def processor(pid: int) -> float:
    """Seconds of CPU that a process, those it started, and those of them that ended, have used."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        threads = Path(f"/proc/{pid}/task").glob("*/children")  # each has children of its own
        below = [each for listed in threads for each in listed.read_text(encoding="ascii").split()]
    except OSError:
        return 0.0
    own = sum(int(ticks) for ticks in stat[11:15]) / os.sysconf("SC_CLK_TCK")
    return own + sum(processor(int(each)) for each in below)


async def timed(act: Awaitable[object]) -> float:
    """Seconds of CPU that it took here and in all that this process started."""
    start = processor(os.getpid())
    await act
    return processor(os.getpid()) - start


async def poppler(source: Path, options: tuple[str, ...]) -> None:
    """Draw all pages with pdftoppm into a folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        await asyncio.to_thread(subprocess.run, ["pdftoppm", *options, str(source), f"{folder}/p"], check=True,
                                stderr=subprocess.DEVNULL)  # fmt: skip


async def paired(
    pairs: int, one: Callable[[], Awaitable[object]], other: Callable[[], Awaitable[object]]
) -> tuple[float, float]:
    """Medians of CPU seconds, and of their ratio, over so many turns."""
    turns = [(await timed(one()), await timed(other())) for _ in range(pairs)]
    return statistics.median(first for first, _ in turns), statistics.median(first / second for first, second in turns)


async def measure(gate: Workers, viewer: Workers, source: Path, target: Path, pairs: int) -> None:
    """Tell the figures of one file."""

    async def judged() -> Findings:
        given = (File(str(source)), source.name, File(str(target), written=True), Bounds())
        return await gate.run(judge, *given, timeout=60, memory_mib=512)

    found = await judged()
    if found.reason is not None or found.pages < LEAST_PAGES:
        raise SystemExit(f"{source.name}: {found.reason or f'only {found.pages} pages'}")
    served = target if found.rewritten else source
    case = f"{source.name[:22]}, {found.pages} p."

    async def strip(pages: range, together: int) -> None:
        for first in pages[::together]:
            await viewer.run(draw_pages, File(str(served)), first, min(first + together - 1, found.pages))

    async def one_by_one(pages: range) -> None:
        for page in pages:
            await poppler(served, (*_SMALL, "-f", str(page), "-l", str(page)))

    seconds, ratio = await paired(pairs, judged, lambda: poppler(source, _GLANCE))
    figure("gate", case, "whole gate", found.pages / seconds, "pages/s", "pdftoppm, time", ratio, at_most=GATE_GOAL)
    every, some = range(1, found.pages + 1), range(1, found.pages + 1, max(1, found.pages // SAMPLE))
    beside = range(1, found.pages // STRIP_PAGES * STRIP_PAGES + 1)[: 3 * STRIP_PAGES]
    seconds, ratio = await paired(pairs, lambda: strip(beside, STRIP_PAGES), lambda: one_by_one(beside))
    figure(
        "gate", case, "a small picture of a strip", len(beside) / seconds, "pages/s", "pdftoppm, rate", 1 / ratio,
        at_least=THUMBNAILS_GOAL,
    )  # fmt: skip
    seconds, ratio = await paired(pairs, lambda: strip(some, 1), lambda: one_by_one(some))
    figure("gate", case, "a small picture by itself", len(some) / seconds, "pages/s", "pdftoppm, rate", 1 / ratio)
    seconds, ratio = await paired(pairs, lambda: strip(every, STRIP_PAGES), lambda: poppler(served, _SMALL))
    figure("gate", case, "all small pictures", len(every) / seconds, "pages/s", "pdftoppm in one run", 1 / ratio)


async def main() -> None:
    """Measure each file on one core."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    gate, viewer = (Workers(size=1, nice=0, walled=True) for _ in range(2))
    try:
        with tempfile.TemporaryDirectory() as folder:
            for source in files(arguments.files, Path(folder)):
                await measure(gate, viewer, source, Path(folder) / "rendition.pdf", arguments.pairs)
    finally:
        await gate.close()
        await viewer.close()


if __name__ == "__main__":
    asyncio.run(main())
