"""A room of fifty tablets that draw and read, alone and with files coming in beside them.

    make bench-beside                       or python -m bench.beside
    make bench-beside ARGS="--pairs 3"      fewer pairs
    make bench-beside ARGS="--bare"         beside bare processes, too
    make bench-beside ARGS="--seconds 10"   the same files in a sixth of the time
    make bench-beside ARGS="--load over"    every file over and over, as fast as they are answered
    make bench-beside ARGS="--load bombs"   32 desks with nothing but files that would run away

They take turns on fresh copies of one city, each once the server's children are warm. Every file of the corpus comes
once a turn, one a second, bombs and office papers among them, and has the verdict that is expected. The bare processes
(``bench.burning``) write and sync what the files before had brought to the disk, and use the processors at the same
idle priority: what any intake would cost on this machine. Told are the worst p99 of a stroke's way with files coming
in, and the median over the rounds of how much it grew, against the room alone and beside bare processes.

Nothing of the server is pinned: it shares the machine with its children, and has a control group with them
where that is allowed, as when it is installed. Tablets and desks are other
machines elsewhere, so that who measures runs before all others here where that is allowed (as root), and who sends
files runs behind the server; otherwise a tablet that is not let run would be told as a server that is slow.
"""

from __future__ import annotations

import argparse
import http.client
import os
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from bench.burning import Written, burning
from bench.coming import SENDERS, Came, Load, ask, coming, signed_in
from bench.live import product, rig
from bench.report import figure

TABLETS = 50
# Each tablet finishes a stroke every two and a half seconds, and reads a piece of the paper every second.
STROKES_A_SECOND = 20
READS_A_SECOND = 50
PIECE = 64 * 1024
P99_MS = 100.0
GROWTH = 1.2
# By then the server has started its children and looked for its fonts (``intake.warming``).
WARM_SECONDS = 5.0

Beside: TypeAlias = Literal["nothing", "files", "processes"]


@contextmanager
def reading(url: str, token: str, version: str) -> Iterator[list[float]]:
    """The room's reading: a piece of the paper, so many times a second; how many milliseconds each took."""
    took: list[float] = []
    end = threading.Event()
    headers = signed_in(url, token) | {"Range": f"bytes=0-{PIECE - 1}"}

    def run() -> None:
        if rig.may_go_ahead():
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))  # of this thread alone
        following = time.monotonic()
        while not end.is_set():
            began = time.monotonic()
            ask(url, "GET", f"/api/v1/versions/{version}/content", headers)
            took.append((time.monotonic() - began) * 1000)
            following += 1 / READS_A_SECOND
            end.wait(max(0.0, following - time.monotonic()))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield took
    finally:
        end.set()
        thread.join()


class Told(NamedTuple):
    """The p99 of strokes and of reads in milliseconds, how the server answered what came in, and what that wrote."""

    waits: tuple[float, float]
    came: Came
    written: Written


def run(folder: Path, seconds: float, beside: Beside, written: Written, load: Load) -> Told:
    """One turn; ends the bench when an event was lost. ``written``: what bare processes write."""
    events = round(STROKES_A_SECOND * seconds)
    came = Came()
    with ExitStack() as room:
        group = room.enter_context(rig.control_group())
        pid, port, traffic = room.enter_context(product.serving(folder, TABLETS, events, core=None, group=group))
        made = product.seeded(folder / f"city-{TABLETS}", TABLETS)
        url, token = traffic.origin, made.tokens[0]
        time.sleep(WARM_SECONDS)
        before = _blobs(folder)
        with ExitStack() as meanwhile:
            if beside == "files":
                came = meanwhile.enter_context(coming(url, token, made.item, load, seconds))
            if beside == "processes":
                where = meanwhile.enter_context(tempfile.TemporaryDirectory(dir=folder))
                meanwhile.enter_context(burning(Path(where), seconds, written, group))
            took = meanwhile.enter_context(reading(url, token, made.version))
            done = rig.drive(pid, port, folder, traffic, TABLETS, rate=STROKES_A_SECOND, core=None, ahead=True)
        kept = {name: size for name, size in _blobs(folder).items() if name not in before}
    wrong = done.wrong()
    if wrong:
        raise SystemExit(wrong)
    reads = sorted(took)
    waits = done.figures()["p99_ms"], reads[int(len(reads) * 0.99)]
    return Told(waits, came, Written(tuple(kept.values()), _let_in(came.statuses)))


def _blobs(folder: Path) -> dict[str, int]:
    """The files that the server keeps, and their sizes in bytes."""
    return {file.name: file.stat().st_size for file in (folder / "data" / "blobs").glob("??/*")}


def _let_in(answers: Mapping[int, int]) -> int:
    return sum(count for status, count in answers.items() if http.client.OK <= status < http.client.MULTIPLE_CHOICES)


def main() -> None:
    """Take turns, and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--load", choices=tuple(SENDERS), default="once")
    parser.add_argument("--bare", action="store_true")
    options = parser.parse_args()
    # Bare processes need files before them, whose work they repeat.
    turns: list[Beside] = ["nothing", "files", "processes"] if options.bare else ["nothing", "files"]
    rounds: list[dict[Beside, Told]] = []
    written = Written()
    with tempfile.TemporaryDirectory(prefix="phien-bench-") as name:
        folder = Path(name)
        rig.build(folder)
        for number in range(options.pairs):
            told: dict[Beside, Told] = {}
            first = number % len(turns)
            for beside in turns[first:] + turns[:first]:
                told[beside] = run(folder, options.seconds, beside, written, options.load)
                written = told[beside].written if beside == "files" else written
            rounds.append(told)
    for place, metric in enumerate(("p99 of a stroke", "p99 of a read")):
        _tell_waits(metric, [{beside: each.waits[place] for beside, each in told.items()} for told in rounds])
    _tell_files([told["files"] for told in rounds])


def _tell_waits(metric: str, rounds: list[dict[Beside, float]]) -> None:
    """The waits of each round, in milliseconds."""

    def median(beside: Beside) -> float:
        return statistics.median(waits[beside] for waits in rounds)

    def grown(beside: Beside, against: Beside) -> float:
        return statistics.median(waits[beside] / waits[against] for waits in rounds)

    figure("beside", "nothing comes in", metric, median("nothing"), "ms, median")
    figure("beside", "files come in", metric, max(waits["files"] for waits in rounds), "ms, worst", at_most=P99_MS)
    figure(
        "beside", "files come in", f"{metric}, grown", median("files"), "ms, median",
        "alone", grown("files", "nothing"), at_most=GROWTH,
    )  # fmt: skip
    if "processes" in rounds[0]:
        bare, more = median("processes"), grown("processes", "nothing")
        figure("beside", "beside bare processes", metric, bare, "ms, median", "alone", more)
        figure(
            "beside", "to bare processes", f"{metric}, grown", median("files"), "ms, median",
            "bare", grown("files", "processes"), at_most=GROWTH,
        )  # fmt: skip


def _tell_files(turns: list[Told]) -> None:
    answers: Counter[int] = sum((Counter(told.came.statuses) for told in turns), Counter())
    faults = answers[0] + sum(answers[each] for each in (500, 502, 504))
    kept = sum(len(told.written.files) for told in turns)
    mib = sum(sum(told.written.files) for told in turns) / 1024**2
    figure("beside", "files come in", "answered", sum(answers.values()), "files")
    wrong = [each for told in turns for each in told.came.wrong]
    figure("beside", "files come in", "judged", sum(told.came.judged for told in turns), "files")
    figure("beside", "files come in", "with another verdict", len(wrong), "files", at_most=0)
    for each in wrong:
        print("   ", each)
    figure("beside", "files come in", "let in", _let_in(answers), "files")
    figure("beside", "files come in", "brought to the disk", kept, "files")
    figure("beside", "files come in", "brought to the disk, together", mib, "MiB")
    figure("beside", "files come in", "told to wait", answers[503], "files")
    figure("beside", "files come in", "other faults", faults, "files", at_most=0)


if __name__ == "__main__":
    main()
