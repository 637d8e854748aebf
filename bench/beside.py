"""A room of fifty tablets that draw and read, with and without files coming in beside them.

    make bench-beside                       or python -m bench.beside
    make bench-beside ARGS="--pairs 3"      fewer pairs

The two take turns on fresh copies of one city; what is told is the worst p99 of a stroke's way with files coming in,
and the median over the pairs of how much it grew. Files come in as fast as the gate answers, several at once: the
corpus beside the checkout where one lies there, bombs among it, else a long letter made here. Nothing is pinned: the
server, its children and the generator share the machine as they would.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import statistics
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from bench.gate import letter
from bench.live import product, rig
from bench.report import figure
from server.accounts.actions import COOKIE
from tests.support.corpus import CORPUS, ROWS

TABLETS = 50
# Each tablet finishes a stroke every two and a half seconds, and reads a piece of the paper every second.
STROKES_A_SECOND = 20
READS_A_SECOND = 50
SENDERS = 4
PIECE = 64 * 1024
P99_MS = 100.0
GROWTH = 1.2


def coming() -> list[tuple[str, bytes]]:
    """The files that come in: name and bytes."""
    found = [(name, (CORPUS / name).read_bytes()) for name in ROWS]
    return found or [("thu.pdf", letter())]


class Load:
    """Threads that speak HTTP to the server until they are told to end; counts what it answers."""

    def __init__(self, url: str, token: str) -> None:
        self._url = urlsplit(url)
        self._origin = url
        self._cookie = f"{COOKIE}={token}"
        self._end = threading.Event()
        self._threads: list[threading.Thread] = []
        self.answers: Counter[int] = Counter()
        self.reads_ms: list[float] = []

    def send(self, item: str, files: Sequence[tuple[str, bytes]]) -> None:
        """Bring files to an item, one after another, over and over."""
        turns = itertools.cycle(files)
        turn = threading.Lock()

        def run() -> None:
            while not self._end.is_set():
                with turn:
                    name, data = next(turns)
                path = f"/api/v1/items/{item}/incoming?{urlencode({'filename': name})}"
                self.answers[self._ask("POST", path, data)] += 1

        self._start(run, SENDERS)

    def read(self, version: str) -> None:
        """Read a piece of the paper, so many times a second."""

        def run() -> None:
            pause = 1 / READS_A_SECOND
            following = time.monotonic()
            while not self._end.is_set():
                began = time.monotonic()
                self._ask("GET", f"/api/v1/versions/{version}/content", range_end=PIECE)
                self.reads_ms.append((time.monotonic() - began) * 1000)
                following += pause
                self._end.wait(max(0.0, following - time.monotonic()))

        self._start(run, 1)

    def end(self) -> None:
        """Wait for the answers that are still on their way."""
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _start(self, run: Callable[[], None], count: int) -> None:
        threads = [threading.Thread(target=run) for _ in range(count)]
        for thread in threads:
            thread.start()
        self._threads += threads

    def _ask(self, method: str, path: str, body: bytes | None = None, range_end: int = 0) -> int:
        connection = http.client.HTTPConnection(self._url.hostname or "", self._url.port, timeout=120)
        headers = {"Cookie": self._cookie, "Origin": self._origin}
        if range_end:
            headers["Range"] = f"bytes=0-{range_end - 1}"
        if body is not None:
            headers |= {"Content-Type": "application/octet-stream", "Idempotency-Key": str(uuid.uuid4())}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
        except OSError:
            return 0
        finally:
            connection.close()
        return answer.status


@contextmanager
def loaded(url: str, folder: Path, files: Sequence[tuple[str, bytes]]) -> Iterator[Load]:
    """The room's reading, and the files that come in, for as long as the block lasts."""
    made = product.seeded(folder / f"city-{TABLETS}", TABLETS)
    load = Load(url, made.tokens[0])
    load.read(made.version)
    if files:
        load.send(made.item, files)
    try:
        yield load
    finally:
        load.end()


class Told(NamedTuple):
    """The p99 of strokes and of reads in milliseconds, and how the server answered what came in."""

    waits: tuple[float, float]
    answers: Counter[int]


def run(folder: Path, seconds: float, files: Sequence[tuple[str, bytes]]) -> Told:
    """One turn; ends the bench when an event was lost."""
    events = round(STROKES_A_SECOND * seconds)
    with (
        product.serving(folder, TABLETS, events, core=None) as (pid, port, traffic),
        loaded(traffic.origin, folder, files) as load,
    ):
        done = rig.drive(pid, port, folder, traffic, TABLETS, rate=STROKES_A_SECOND)
    wrong = done.wrong()
    if wrong:
        raise SystemExit(wrong)
    reads = sorted(load.reads_ms)
    return Told((done.figures()["p99_ms"], reads[int(len(reads) * 0.99)]), load.answers)


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
        files = coming()
        for number in range(options.pairs):
            turns = [(), files] if number % 2 == 0 else [files, ()]
            told = {bool(each): run(folder, options.seconds, each) for each in turns}
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
