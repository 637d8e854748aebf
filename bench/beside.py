"""A room of fifty tablets that draw and read, with and without files coming in beside them.

    make bench-beside                       or python -m bench.beside
    make bench-beside ARGS="--pairs 3"      fewer pairs

The two take turns on fresh copies of one city; what is told is the worst p99 of a stroke's way with files coming in,
and the median over the pairs of how much it grew. Files come in as fast as the gate answers, several at once, bombs
among them. Nothing of the server is pinned: it shares the machine with its children, and has a control group with them
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
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple

from bench.coming import ask, coming, signed_in
from bench.live import product, rig
from bench.report import figure

TABLETS = 50
# Each tablet finishes a stroke every two and a half seconds, and reads a piece of the paper every second.
STROKES_A_SECOND = 20
READS_A_SECOND = 50
PIECE = 64 * 1024
P99_MS = 100.0
GROWTH = 1.2


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
    """The p99 of strokes and of reads in milliseconds, and how the server answered what came in."""

    waits: tuple[float, float]
    answers: Counter[int]


def run(folder: Path, seconds: float, *, busy: bool) -> Told:
    """One turn, with files coming in or without; ends the bench when an event was lost."""
    events = round(STROKES_A_SECOND * seconds)
    with rig.control_group() as group, product.serving(folder, TABLETS, events, core=None, group=group) as served:
        pid, port, traffic = served
        made = product.seeded(folder / f"city-{TABLETS}", TABLETS)
        url, token = traffic.origin, made.tokens[0]
        sending = coming(url, token, made.item) if busy else nullcontext(Counter[int]())
        with sending as answers, reading(url, token, made.version) as took:
            done = rig.drive(pid, port, folder, traffic, TABLETS, rate=STROKES_A_SECOND, core=None, ahead=True)
    wrong = done.wrong()
    if wrong:
        raise SystemExit(wrong)
    reads = sorted(took)
    return Told((done.figures()["p99_ms"], reads[int(len(reads) * 0.99)]), answers)


def main() -> None:
    """Take turns, and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=15.0)
    options = parser.parse_args()
    pairs: list[tuple[Told, Told]] = []
    with tempfile.TemporaryDirectory(prefix="phien-bench-") as name:
        folder = Path(name)
        rig.build(folder)
        for number in range(options.pairs):
            told = {busy: run(folder, options.seconds, busy=busy) for busy in (number % 2 == 1, number % 2 == 0)}
            pairs.append((told[False], told[True]))
    for place, metric in enumerate(("p99 of a stroke", "p99 of a read")):
        alone = statistics.median(quiet.waits[place] for quiet, _ in pairs)
        worst = max(busy.waits[place] for _, busy in pairs)
        grown = statistics.median(busy.waits[place] / quiet.waits[place] for quiet, busy in pairs)
        figure("beside", "nothing comes in", metric, alone, "ms, median")
        figure("beside", "files come in", metric, worst, "ms, worst", at_most=P99_MS)
        figure("beside", "files come in", f"{metric}, grown", grown * alone, "ms", "alone", grown, at_most=GROWTH)
    answers: Counter[int] = sum((busy.answers for _, busy in pairs), Counter())
    let_in = sum(count for status, count in answers.items() if http.client.OK <= status < http.client.MULTIPLE_CHOICES)
    faults = answers[0] + sum(answers[each] for each in (500, 502, 504))
    figure("beside", "files come in", "answered", sum(answers.values()), "files")
    figure("beside", "files come in", "let in", let_in, "files")
    figure("beside", "files come in", "told to wait", answers[503], "files")
    figure("beside", "files come in", "other faults", faults, "files", at_most=0)


if __name__ == "__main__":
    main()
