"""What the tablet's tests are held to: ``python -m tests.annotations.traces``.

Traces of what reached a tablet in the model, for the reducer; and the rules' decisions, for the TypeScript model.
"""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path
from typing import Any

from server.annotations import rules
from server.annotations.models import Standing
from server.annotations.wire import Delete, Put
from tests.annotations.model import BODIES, VERBS, World

PATH = Path(__file__).parents[2] / "clients" / "kit" / "sync" / "traces.json"
DECISIONS = PATH.with_name("decisions.json")
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


def decisions() -> list[list[Any]]:
    """Every kind of operation on every kind of standing, and what becomes of it.

    Rows: type of the body (null deletes), base_rev, page; standing (null, or type, deleted, waiting; it is of "an", on
    page 1, rev 2); actor, moderator; outcome.
    """
    types = [type(body).__struct_config__.tag for body in BODIES]
    standings = [None, *itertools.product(types, (False, True), (False, True))]
    puts: list[tuple[Put | Delete, bool]] = [
        (Put(op_id="o", ann_id="a", base_rev=rev, page=page, body=body), False)
        for body, rev, page in itertools.product(BODIES, (0, 2), (1, 2))
    ]
    deletes: list[tuple[Put | Delete, bool]] = [
        (Delete(op_id="o", ann_id="a"), moderator) for moderator in (False, True)
    ]
    rows: list[list[Any]] = []
    for standing, actor, (op, moderator) in itertools.product(standings, ("an", "binh"), [*puts, *deletes]):
        asked = [type(op.body).__struct_config__.tag, op.base_rev, op.page] if isinstance(op, Put) else [None, 0, 0]
        outcome = rules.decide(op, _standing(standing), actor=actor, moderator=moderator)
        rows.append([*asked, standing, actor, moderator, outcome])
    return rows


def _standing(parts: tuple[Any, bool, bool] | None) -> Standing | None:
    if parts is None:
        return None
    kind, deleted, waiting = parts
    return Standing(owner_id="an", type=kind, page=1, rev=2, deleted=deleted, waiting=waiting)


def text(what: list[Any]) -> str:
    """A file's content."""
    return json.dumps(what, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(make()), encoding="utf-8")
    DECISIONS.write_text(text(decisions()), encoding="utf-8")
