"""How long an office paper takes from its last byte to the look before publishing, against LibreOffice alone.

    make bench-conversion                          or python -m bench.conversion
    make bench-conversion ARGS="--pages 60 --pairs 9"

The whole way: the file stored and judged, the row, a warm LibreOffice in its sandbox, the PDF through the gate, cleaned
and drawn on trial, the row again. Beside it, in turn, `soffice --headless --convert-to pdf` of the very same file, with
a profile that is there already. Medians; a file of its own for each pair, since the same one twice is a duplicate.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from bench.report import figure
from server.app import build_core, close_core
from server.config import load
from server.core.access import Role
from server.documents import actions
from server.documents.actions import incoming
from server.documents.conversion.office import Office
from server.documents.wire import ArrivalQuery
from server.features import House, set_up
from tests.support.house import actor
from tests.support.office import pages
from tests.support.sitting import add_item, draft, enter_people

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core

GOAL = 1.5


async def whole_way(core: Core, office: Office, item: str, data: bytes, by: Actor) -> tuple[float, int]:
    """Seconds of one file, and its pages."""
    began = time.perf_counter()
    arrival = actions.Arrival(query=ArrivalQuery(filename="bao-cao.docx"), item_id=item)
    come = await actions.arrive(core, arrival, _once(data), actor=by)
    while (found := (await incoming.look(core, come.id, actor=by)).incoming).stage != "ready":
        if not await actions.convert_next(core, office):
            raise RuntimeError(f"not converted: {found}")
    return time.perf_counter() - began, found.pages


def bare(folder: Path, data: bytes) -> float:
    """Seconds of LibreOffice alone."""
    source = folder / "bao-cao.docx"
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    argv = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    began = time.perf_counter()
    subprocess.run(argv, check=True, capture_output=True, timeout=300)
    return time.perf_counter() - began


async def compare(core: Core, folder: Path, count: int, pairs: int) -> None:
    """Pairs in turn, after one of each that is not counted."""
    people = await enter_people(core, 2)
    by = actor(people.secretary, Role.SECRETARY, body=people.body)
    item = await add_item(core, await draft(core, people, by), "Nội dung", secretary=by)
    office = Office(folder / "office")
    ours, theirs, made = [], [], 0
    try:
        for number in range(pairs + 1):
            data = pages(count, first=1 + number * count)
            seconds, made = await whole_way(core, office, item.id, data, by)
            ours.append(seconds)
            theirs.append(await asyncio.to_thread(bare, folder, data))
    finally:
        await office.close()
    case = f"docx of {made} pages, {pairs} pairs"
    here, there = statistics.median(ours[1:]), statistics.median(theirs[1:])
    figure("conversion", case, "until it can be looked at", here, "s", "soffice", here / there, at_most=GOAL)
    figure("conversion", case, "pages a second", made / here, "pages/s", "soffice", there / here)
    figure("conversion", case, "the first, LibreOffice not running", ours[0], "s")


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def main() -> None:
    """Run it on a data folder of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--pairs", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="phien-bench-") as name:
        core, *_edges = await build_core(load(None, {}, given={"data_dir": name}))
        try:
            set_up(House(core))
            await compare(core, Path(name), given.pages, given.pairs)
        finally:
            await close_core(core)


if __name__ == "__main__":
    asyncio.run(main())
