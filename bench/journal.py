"""Durable strokes per second: pushes of 512 tablets against aiosqlite doing the same statements one by one.

    make bench-journal                        or python -m bench.journal
    make bench-journal ARGS="--tablets 500"   a smaller second half; 0 leaves it out

Both sides run the statements of one pushed stroke (may read, receipt, annotation, insert, head, operation, head,
receipt) with ``synchronous=FULL`` on the same disk and the same loop, in turn. A stroke counts once it is committed
and its tablet has the answer. The second half is the whole way to all tablets: see ``bench/live/durable.py``.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiosqlite
import uvloop

from bench.live import durable
from bench.report import figure
from server.annotations import actions
from server.annotations.wire import AnnotationsPush, Ink, Put
from server.app import build_core, close_core
from server.config import load
from server.core import journal
from server.core.access import Actor
from server.core.context import Core
from server.core.db import Tx
from server.core.fanout import prepare_process
from server.core.ids import new_id

STREAM = "s:bench"
STROKE = Ink(color="#5a2c91", w=1.6, pts=tuple(range(3 * 140)))  # 1.4 KB of JSON
BODY = b"x" * 1441
WRITERS = 512
SECONDS = 3.0
TARGET = 10.0

_ids = itertools.count()
_first = new_id()[:24]


def tablets_id() -> str:
    """A rising id; made by tablets, so that its cost is not what is measured."""
    return f"{_first}{next(_ids):012x}"


async def product(folder: Path) -> tuple[float, list[float]]:
    """Strokes a second through the real action, and each one's seconds to its acknowledgement."""
    core, _, _ = await build_core(load(None, {}, given={"data_dir": str(folder)}))
    await core.db.write(_open)
    try:
        return await _flood(lambda n: _push(core, n))
    finally:
        await close_core(core)


def _open(tx: Tx) -> None:
    journal.open_stream(tx, STREAM, audience=STREAM)
    journal.set_members(tx, STREAM, [f"p{n}" for n in range(WRITERS)])


async def _push(core: Core, n: int) -> None:
    op = Put(op_id=tablets_id(), ann_id=tablets_id(), page=1, body=STROKE)
    actor = Actor(person_id=f"p{n}", device_id="d", name="Nguyễn Văn An")
    (result,) = (await actions.push(core, AnnotationsPush(stream=STREAM, ops=(op,)), actor=actor)).results
    assert result.st == "applied"


async def one_by_one(folder: Path) -> tuple[float, list[float]]:
    """The same statements by aiosqlite: one connection, one commit a stroke."""
    core, _, _ = await build_core(load(None, {}, given={"data_dir": str(folder)}))
    await core.db.write(_open)
    await close_core(core)
    async with aiosqlite.connect(folder / "phien.sqlite", isolation_level=None) as db:
        await db.execute("PRAGMA synchronous=FULL")
        turn = asyncio.Lock()
        return await _flood(lambda n: _statements(db, turn, n))


async def _statements(db: aiosqlite.Connection, turn: asyncio.Lock, n: int) -> None:
    person, op_id, ann = f"p{n}", tablets_id(), tablets_id()
    async with turn:
        await db.execute("BEGIN IMMEDIATE")
        await db.execute(
            "SELECT s.id FROM stream s JOIN audience_member a ON a.audience = s.audience"
            " WHERE s.id = ? AND a.member = ?",
            (STREAM, person),
        )
        await db.execute("SELECT body_hash FROM receipt WHERE actor = ? AND op_id = ?", (person, op_id))
        await db.execute("SELECT rev FROM annotation WHERE stream = ? AND id = ?", (STREAM, ann))
        await db.execute(
            "INSERT INTO annotation VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (STREAM, ann, "v", person, "An", "ink", 1, BODY, 1, 0, "", ""),
        )
        cursor = await db.execute("SELECT head, epoch, chain FROM stream WHERE id = ?", (STREAM,))
        row = await cursor.fetchone()
        assert row is not None
        await db.execute(
            "INSERT INTO operation VALUES (?,?,?,?,?,?,?,?)",
            (STREAM, row[0] + 1, "", person, op_id, "annotations.pushed", BODY, b"d" * 32),
        )
        await db.execute("UPDATE stream SET head = ? WHERE id = ?", (row[0] + 1, STREAM))
        await db.execute("INSERT INTO receipt VALUES (?,?,?,?,?)", (person, op_id, b"h" * 32, b"{}", ""))
        await db.execute("COMMIT")


async def _flood(stroke: Callable[[int], Awaitable[None]]) -> tuple[float, list[float]]:
    """``WRITERS`` tablets, each with one stroke under way at a time, for ``SECONDS``."""
    times: list[float] = []
    begin = time.perf_counter()

    async def tablet(n: int) -> None:
        while time.perf_counter() - begin < SECONDS:
            sent = time.perf_counter()
            await stroke(n)
            times.append(time.perf_counter() - sent)

    await asyncio.gather(*(tablet(n) for n in range(WRITERS)))
    return len(times) / (time.perf_counter() - begin), times


def compare(rounds: int) -> None:
    """Run both in turn; medians, and the median of the ratios of each pair."""
    ours, theirs, acks = [], [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="phien-bench-") as folder:
            rate, times = uvloop.run(product(Path(folder)))
            ours.append(rate)
            acks.append(statistics.quantiles(times, n=100)[98] * 1000)
        with tempfile.TemporaryDirectory(prefix="phien-bench-") as folder:
            theirs.append(uvloop.run(one_by_one(Path(folder)))[0])
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    case = f"{WRITERS} writers, {os.cpu_count()} cores, FULL"
    against = "aiosqlite one by one"
    figure("journal", case, f"durable strokes, {against}", statistics.median(theirs), "1/s")
    figure("journal", case, "durable strokes", statistics.median(ours), "1/s", against, ratio, at_least=TARGET)
    figure("journal", case, "p99 to acknowledgement", statistics.median(acks), "ms")


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tablets", type=int, default=5273, help="of the second half; 0: without it")
    parser.add_argument("--rate", type=float, default=10, help="strokes a second of the second half")
    options = parser.parse_args()
    prepare_process()  # as `phien serve` does; both sides get it
    compare(options.rounds)
    if options.tablets:
        durable.measure(options.tablets, options.rate, options.rounds)


if __name__ == "__main__":
    main()
