"""The live matrix: limit, Phiên, node socket.io and python-socketio in turn, ratios within each repetition.

    make bench-live ARGS="--counts 500 5273 --repetitions 3 --servers limit product node stock"

``seam`` is our fan-out alone, under an application as small as that of the peers; ``product`` is ``phien serve``. JSON
lines go to standard output, a table for people to standard error. A run that lost, doubled or swapped an event fails
the bench; one whose generator was too busy is said so.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

from bench.live import product, rig

# metric, unit, against, most that the ratio may be
TARGETS = [
    ("last_ms", "ms", "node", 0.65),
    ("cpu_us", "us/delivery", "limit", 1.25),
    ("join_s", "s", "node", 1.0),
    ("memory_kb", "KB/socket", "node", 1.4),
    ("cpu_us", "us/delivery", "node", None),
    ("p99_ms", "ms", "node", None),
    ("join_cpu_us", "us/socket", "node", None),
]
LINEAR = 1.15
OURS = ("seam", "product")

Figures = dict[str, list[dict[str, float]]]  # server → a dict of figures per repetition


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--counts", type=int, nargs="+", default=[500, 5273])
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--servers", nargs="+", default=["limit", "product", "node", "stock"])
    parser.add_argument("--deliveries", type=int, default=160_000, help="events are as many as this needs, 30 at least")
    parser.add_argument("--rate", type=float, default=0, help="events a second; 0: the next when all have the last")
    return parser.parse_args()


def matrix(options: argparse.Namespace, folder: Path, count: int) -> Figures:
    """Every server in every repetition, in turn, each beginning with another."""
    servers = rig.peers(folder)
    events = max(30, options.deliveries // count)
    traffic = rig.peer_traffic(folder, count, events)
    figures: Figures = {name: [] for name in options.servers}
    for repetition in range(options.repetitions):
        turn = repetition % len(options.servers)
        for name in options.servers[turn:] + options.servers[:turn]:
            if name == "product":
                with product.serving(folder, count, events) as (pid, port, its):
                    run = rig.drive(pid, port, folder, its, count, rate=options.rate)
            else:
                run = rig.measure(servers[name], folder, traffic, count, rate=options.rate)
            wrong = run.wrong()
            if wrong:
                print(f"{name} at {count}: {wrong}", file=sys.stderr)
                if "busy" not in wrong and name in OURS:
                    sys.exit(1)
            figures[name].append(run.figures())
            shown = "  ".join(f"{key} {value:.2f}" for key, value in run.figures().items())
            print(f"  {count} #{repetition} {name:<8} {shown}  busy {run.done['busy']:.2f}", file=sys.stderr)
    return figures


def report(case: str, metric: str, value: float, unit: str, against: str, ratio: float, target: float | None) -> None:
    """One figure: a JSON line, and a row of the table."""
    met = None if target is None else ratio <= target
    line = {"bench": "live", "case": case, "metric": metric, "value": round(value, 3), "unit": unit}
    print(json.dumps({**line, "against": against, "ratio": round(ratio, 3), "target": target, "met": met}), flush=True)
    mark = "" if met is None else "met" if met else "MISSED"
    wanted = "" if target is None else f"≤ {target}"
    print(
        f"{case:<16}{metric:<14}{value:>10.2f} {unit:<13}{against:<8}{ratio:>7.2f} {wanted:<8}{mark}", file=sys.stderr
    )


def compare(figures: Figures, count: int) -> None:
    """Ratios within each repetition, and their medians."""
    for name in figures:
        for metric, unit, against, target in TARGETS:
            if against not in figures or name == against:
                continue
            pairs = zip(figures[name], figures[against], strict=True)
            ratio = statistics.median(mine[metric] / max(its[metric], 1e-9) for mine, its in pairs)
            value = statistics.median(each[metric] for each in figures[name])
            report(f"{name}-{count}", metric, value, unit, against, ratio, target if name in OURS else None)


def linear(by_count: dict[int, Figures]) -> None:
    """Whether a delivery costs the same in a large room as in a small one."""
    small, large = min(by_count), max(by_count)
    if small == large:
        return
    for name in by_count[small]:
        pairs = zip(by_count[large][name], by_count[small][name], strict=True)
        ratio = statistics.median(many["cpu_us"] / few["cpu_us"] for many, few in pairs)
        value = statistics.median(each["cpu_us"] for each in by_count[large][name])
        target = LINEAR if name in OURS else None
        report(f"{name}-{large}", "cpu_us", value, "us/delivery", f"at-{small}", ratio, target)


def main() -> None:
    """Run the matrix."""
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="phien-bench-") as name:
        folder = Path(name)
        rig.build(folder)
        by_count = {count: matrix(options, folder, count) for count in options.counts}
    for count, figures in by_count.items():
        compare(figures, count)
    linear(by_count)


if __name__ == "__main__":
    main()
