"""What it costs that each reader's bytes carry a name: served in ranges, marked and unmarked, from one running server.

    make bench-watermark                         or python -m bench.watermark
    make bench-watermark ARGS="--pairs 99"       more pairs

The same file lies in two meetings, of which one has names on. Readers ask both for all of it, in ranges of 256 KiB as
a tablet does, turn about; the median of the pairs is told. Beside it stand what one recipient's copy costs by patching
and by drawing on the file anew.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pikepdf

from bench.report import figure
from server.core.access import Role
from server.core.blobs import RANGE_BYTES
from server.core.db.schema import migrate
from server.documents import actions
from server.documents.models import Places
from server.documents.watermark import make_ready
from server.documents.watermark.splice import patches, spliced
from server.documents.wire import Version
from server.meetings import actions as meetings
from server.meetings.wire import MeetingEdit
from tests.documents.conftest import set_stage
from tests.support import pdfs
from tests.support.house import Server, config_for, start
from tests.support.sitting import add_item, draft, invite
from tests.support.sitting_clients import Client, sign_in

GOAL = 0.9
COPY_GOAL = 100.0
AT_ONCE = 8
ROUNDS = 6
_NAME, _AT, _NUMBER = "Nguyễn Thị Đặng Quỳnh Hương", "14:05, 22/11/2026", 0x0123_4567_89AB_CDEF


def scanned(made: pikepdf.Pdf) -> None:
    """A picture on the first page that cannot be packed."""
    side = 1500
    image = made.make_stream(random.Random(1).randbytes(side * side))
    image.Type, image.Subtype, image.Width, image.Height = pikepdf.Name.XObject, pikepdf.Name.Image, side, side
    image.ColorSpace, image.BitsPerComponent = pikepdf.Name.DeviceGray, 8
    page = made.pages[0]
    page.contents_add(f"q 300 0 0 300 20 20 cm {page.add_resource(image, pikepdf.Name.XObject)} Do Q".encode())


async def filled(server: Server) -> tuple[Client, Version, Version]:
    """A member of two meetings, and the same file in each: plain in one, with names in the other."""
    core, data = server.core, pdfs.pdf("Cong van so", pages=20, change=scanned)
    stage = await set_stage(core)
    named = await draft(core, stage.people, stage.secretary)
    item = await add_item(core, named, "Có tên", secretary=stage.secretary)
    await invite(core, named, stage.people.members[:2], secretary=stage.secretary)
    await meetings.edit(core, named.id, MeetingEdit(watermark=True), actor=stage.secretary)
    found = []
    for item_id in (stage.item.id, item.id):
        await actions.publish_bytes(core, item_id, data, "Tài liệu", "paper", stage.secretary)
        await actions.prepare_ahead(core)
        listed = await actions.of_item(core, item_id, actor=stage.secretary)
        found.append(listed.papers[0].version)
    plain, marked = found
    assert plain is not None
    assert marked is not None
    assert (plain.mark, marked.mark) == ("none", "file")
    people = stage.people
    return await sign_in(server, people.secretary, Role.SECRETARY, body=people.body), plain, marked


async def read_through(http: aiohttp.ClientSession, server: Server, who: Client, version: Version) -> float:
    """Bytes a second at which eight readers get all of a version, several times over."""
    ranges = [(at, min(at + RANGE_BYTES, version.size) - 1) for at in range(0, version.size, RANGE_BYTES)] * ROUNDS
    left = iter(ranges)
    url = f"{server.url}/api/v1/versions/{version.id}/content"

    async def reader() -> int:
        got = 0
        for first, last in left:
            async with http.get(url, headers={**who.headers, "Range": f"bytes={first}-{last}"}) as answer:
                got += len(await answer.read())
        return got

    start_at = time.perf_counter()
    got = sum(await asyncio.gather(*(reader() for _ in range(AT_ONCE))))
    assert got == version.size * ROUNDS
    return got / (time.perf_counter() - start_at)


async def serving(folder: Path, pairs: int) -> None:
    """Tell the throughput of marked serving against unmarked."""
    url = f"sqlite:///{folder / 'phien.db'}"
    await asyncio.to_thread(migrate, url)
    server = await start(config_for(folder, url))
    try:
        who, plain, marked = await filled(server)
        async with aiohttp.ClientSession() as http:
            turns = []
            for turn in range(pairs + 1):
                order = (plain, marked) if turn % 2 else (marked, plain)
                rates = {each.id: await read_through(http, server, who, each) for each in order}
                turns.append((rates[marked.id], rates[marked.id] / rates[plain.id]))
    finally:
        await server.http.close()
    rate, ratio = (statistics.median(values) for values in zip(*turns[1:], strict=True))
    case = f"{marked.size / 2**20:.1f} MiB in ranges, 8 readers"
    figure("watermark", case, "serving with names", rate / 2**20, "MiB/s", "without names", ratio, at_least=GOAL)


def each_takes(act: Callable[[], object], times: int) -> float:
    """Microseconds that one act takes, the median of five goes."""
    goes = []
    for _ in range(5):
        begin = time.perf_counter()
        for _ in range(times):
            act()
        goes.append((time.perf_counter() - begin) / times * 1e6)
    return statistics.median(goes)


def copying(folder: Path) -> None:
    """Tell what one recipient's copy costs, against drawing a text over each page with pikepdf."""
    source, target = folder / "a.pdf", folder / "b.pdf"
    source.write_bytes(pdfs.pdf("Cong van so", pages=100))
    begin = time.perf_counter()
    places = make_ready(str(source), str(target))
    ready = (time.perf_counter() - begin) * 1e3
    assert isinstance(places, Places)
    piece = target.read_bytes()[places.mask - 1000 : places.mask - 1000 + RANGE_BYTES]
    own = patches(places, _NUMBER, _NAME, _AT)

    def anew() -> None:
        with pikepdf.open(source) as pdf, pikepdf.open(io.BytesIO(pdfs.pdf("Nguyen"))) as stamp:
            for page in pdf.pages:
                page.add_overlay(stamp.pages[0], None)
            pdf.save(io.BytesIO())

    drawn = each_takes(anew, 1)
    made = each_takes(lambda: patches(places, _NUMBER, _NAME, _AT), 200)
    patched = each_takes(lambda: spliced(piece, places.mask - 1000, own), 200)
    case = "one copy of 100 pages"
    figure("watermark", case, "making ready, once", ready, "ms")
    own_marks = "a recipient's marks, once"
    figure("watermark", case, own_marks, made, "µs", "pikepdf anew, rate", drawn / made, at_least=COPY_GOAL)
    figure("watermark", case, "putting them into a range", patched, "µs")


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=41)
    pairs = parser.parse_args().pairs
    with tempfile.TemporaryDirectory() as folder:
        copying(Path(folder))
        asyncio.run(serving(Path(folder), pairs))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
