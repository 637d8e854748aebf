"""Traces of what reached a tablet in the model, for the TypeScript reducer: ``python -m tests.annotations.traces``."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from tests.annotations.model import VERBS, World

PATH = Path(__file__).parents[2] / "clients" / "kit" / "sync" / "traces.json"
_COUNT = 24


def make() -> list[dict[str, Any]]:
    """The traces: for each, what came (pages and broadcasts, in order) and what the tablet must then show."""
    traces = []
    for seed in range(_COUNT):
        chance = random.Random(seed)
        script = [(chance.choice(VERBS), chance.randrange(3), chance.randrange(12)) for _ in range(45)]
        server, tablets = World().run(script)
        tablet = tablets[seed % len(tablets)]
        shown = {f"annotation/{key}": value for key, value in server.state.items()}
        traces.append({"came": tablet.trace, "shows": shown, "seq": len(server.log)})
    return traces


def text() -> str:
    """The file's content."""
    return json.dumps(make(), ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
