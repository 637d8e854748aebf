"""Drives the real ``phien serve``: the one place in this bench that knows the product's sessions and commands.

Every socket is another person with a session of their own, as in the city. The server checks the cookie, lets the
tablet into the paper's shared stream and sends its first page; only then does the socket count as joined. A stroke is
an ``annotations.push``: committed with full durability before it is acknowledged or sent on.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from bench.live import city, rig
from server.accounts.actions import COOKIE
from server.core.wire import PROTOCOL

READY_SECONDS = 60.0
# Ids of operations end in the number of the event; they are UUIDs, so the number is written in decimal digits.
MARK = '"op_id":"01999999-9999-7999-8999-'


@cache
def seeded(folder: Path, count: int) -> city.City:
    """The city of ``count`` people in ``folder``, made once for all repetitions."""
    began = time.monotonic()
    made = city.seed(folder, count)
    print(f"  seeded {count} people in {time.monotonic() - began:.0f} s", file=sys.stderr)
    return made


@contextmanager
def serving(
    folder: Path, count: int, events: int, *, core: int | None = 0, group: Path | None = None
) -> Iterator[tuple[int, str, rig.Traffic]]:
    """A fresh copy of the city, served on one core (None: on any): process id, port, and what the generator says.

    ``group``: the control group that it runs in, with its children.
    """
    made = seeded(folder / f"city-{count}", count)
    data, ready = folder / "data", folder / "ready.json"
    ready.unlink(missing_ok=True)
    shutil.copytree(folder / f"city-{count}", data)
    phien = str(Path(sys.executable).with_name("phien"))
    command = [phien, "serve", "--data", str(data), "--ready-file", str(ready)]
    try:
        with rig.pinned(command, core, {"PHIEN_PORT": "0"}, group=group) as process:
            url = _ready(ready)
            yield process.pid, url.rpartition(":")[2], _traffic(folder, made, url, events)
    finally:
        shutil.rmtree(data)


def _ready(file: Path) -> str:
    until = time.monotonic() + READY_SECONDS
    while not file.is_file():
        if time.monotonic() > until:
            sys.exit("phien serve was not ready in time")
        time.sleep(0.05)
    return str(json.loads(file.read_bytes())["url"])


def _traffic(folder: Path, made: city.City, url: str, events: int) -> rig.Traffic:
    stream = f"s:{made.version}"
    connect = f'40{{"proto":{PROTOCOL},"streams":{{"{stream}":0}}}}'
    sockets = rig.write(folder / "tablets", (f"{COOKIE}={token}\t{connect}" for token in made.tokens))
    pushes = rig.write(folder / "strokes", (_push(stream, number) for number in range(events)))
    return rig.Traffic(sockets, pushes, origin=url, ready='42["stream.page"', mark=MARK)


def _push(stream: str, number: int) -> str:
    """One stroke as a packet with acknowledgement; the ids are UUIDs whose last group is the number."""
    operation = {
        "kind": "put",
        "op_id": f"01999999-9999-7999-8999-{number:012d}",
        "ann_id": f"01999999-9999-7999-9999-{number:012d}",
        "page": 1,
        "body": {"type": "ink", "color": "#5a2c91", "w": 1.6, "pts": _points(number)},
    }
    command = {"stream": stream, "ops": [operation]}
    return f"42{number}" + json.dumps(["annotations.push", command], separators=(",", ":"))


def _points(number: int) -> list[int]:
    """As many numbers (three a point) as make a stroke of the bench's size."""
    return [100 + (number * 7919 + i * 104729) % 900 for i in range(rig.STROKE_BYTES // 4 // 3 * 3)]
