"""How a bench tells a figure: one JSON line to standard output, one row of a table to standard error."""

from __future__ import annotations

import json
import sys


def figure(
    bench: str,
    case: str,
    metric: str,
    value: float,
    unit: str,
    against: str | None = None,
    ratio: float | None = None,
    *,
    at_most: float | None = None,
    at_least: float | None = None,
) -> None:
    """Tell ``value``; with a goal, whether ``ratio`` (or, without one, the value itself) has reached it."""
    goal = at_most if at_most is not None else at_least
    reached = value if ratio is None else ratio
    met = None if goal is None else reached <= goal if at_most is not None else reached >= goal
    line = {"bench": bench, "case": case, "metric": metric, "value": round(value, 3), "unit": unit, "against": against}
    line |= {"ratio": None if ratio is None else round(ratio, 3), "target": goal, "met": met}
    print(json.dumps(line), flush=True)
    sign = "" if goal is None else f"{'≤' if at_most is not None else '≥'} {goal}"
    shown = "" if ratio is None else f"{ratio:.2f}×"
    verdict = {None: "", True: "met", False: "MISSED"}[met]
    print(f"{case:<30}{metric:<34}{value:>10.2f} {unit:<12}{shown:>8} {sign:<8}{verdict}", file=sys.stderr)
