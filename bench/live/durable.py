"""Stroke in, durable, on every tablet: the whole way through the real ``phien serve``, so many strokes a second.

Latency counts from the moment a stroke was due to the moment each tablet has it; the server commits in between.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from bench.live import product, rig
from bench.report import figure

STROKES = 100
# What the last tablet may take: people notice more (research: Nielsen's 0.1 s).
TARGET_MS = 100.0


def measure(tablets: int, rate: float, rounds: int) -> None:
    """Medians of p50, p99 and of the time to the last tablet; ends the bench where a stroke was lost or swapped."""
    runs: list[rig.Run] = []
    with tempfile.TemporaryDirectory(prefix="phien-bench-") as name:
        folder = Path(name)
        rig.build(folder)
        for _ in range(rounds):
            with product.serving(folder, tablets, STROKES) as (pid, port, traffic):
                run = rig.drive(pid, port, folder, traffic, tablets, rate=rate)
            wrong = run.wrong()
            if wrong:
                sys.exit(f"{tablets} tablets at {rate:.0f}/s: {wrong}")
            runs.append(run)
    case = f"{tablets} tablets, {rate:.0f}/s"
    for key, metric in (("p50_ms", "stroke to a tablet, p50"), ("last_ms", "stroke to the last tablet, p50")):
        figure("journal", case, metric, statistics.median(run.done[key] for run in runs), "ms")
    worst = statistics.median(run.done["p99_ms"] for run in runs)
    figure("journal", case, "stroke to a tablet, p99", worst, "ms", at_most=TARGET_MS)
