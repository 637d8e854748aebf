"""The presenter on the way, kept in memory alone: where one scrolls, points and draws.

Nothing here is an operation of a stream; all of it may be lost. What a room is told is merged: at 25 Hz at most, and
slower where the room is so large that this would take more than 0.3 of a core.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias
from weakref import WeakKeyDictionary

from msgspec import structs

from server.core.wire import encode
from server.live import rules
from server.live.actions.presenting import item_stream, may_present
from server.live.wire import Draw, Drawn, Point, Pointed, Scroll, Scrolled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Database
    from server.core.fanout import Link

TICK_SECONDS = 1 / 25
CORE_SHARE = 0.3
# How long a presenter's permission is believed without asking the database again.
TRUST_SECONDS = 1.0
# What waits for one tick at most: strokes, and numbers of each; beyond that the oldest is dropped.
_STROKES = 8
_NUMBERS = 6_000

_Frame: TypeAlias = "Scrolled | Pointed | Drawn"
_EVENTS = {Scrolled: "live.scrolled", Pointed: "live.pointed", Drawn: "live.drawn"}


@dataclass
class Gathered:
    """What came for one item since the last tick.

    Of places and figures the newest counts, of strokes all that they gained.
    """

    link: Link
    scroll: Scroll | None = None
    point: Point | None = None
    strokes: dict[str, Draw] = field(default_factory=dict)


@dataclass
class Way:
    """The volatile state of one process."""

    gathered: dict[str, Gathered] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    trusted: dict[tuple[str, str], float] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)


_ways: WeakKeyDictionary[Database, Way] = WeakKeyDictionary()


async def scroll(core: Core, link: Link, command: Scroll, *, actor: Actor) -> None:
    """Tell the room of an item where the presenter is on the way. Raises what ``may_present`` does."""
    page, fraction = rules.place(command.page, command.fraction)
    gathered = await _gather(core, link, command.item_id, actor)
    gathered.scroll = structs.replace(command, page=page, fraction=fraction)


async def point(core: Core, link: Link, command: Point, *, actor: Actor) -> None:
    """Tell the room of an item where the presenter's laser is. Raises what ``may_present`` does."""
    gathered = await _gather(core, link, command.item_id, actor)
    gathered.point = command


async def draw(core: Core, link: Link, command: Draw, *, actor: Actor) -> None:
    """Show the room of an item how a shared stroke of the presenter grows. Raises what ``may_present`` does."""
    strokes = (await _gather(core, link, command.item_id, actor)).strokes
    before = strokes.get(command.stroke)
    points = rules.joined(before.pts if before else (), rules.whole_points(command.pts))
    after = before.after if before else command.after
    if len(points) > _NUMBERS:
        points, after = rules.whole_points(command.pts), command.after
    figure = command.figure or (before.figure if before else None)
    strokes[command.stroke] = structs.replace(command, pts=points, after=after, figure=figure)
    if len(strokes) > _STROKES:
        del strokes[next(iter(strokes))]


async def _gather(core: Core, link: Link, item_id: str, actor: Actor) -> Gathered:
    """What waits for the item's next tick, for who presents there; the tick is on its way."""
    way = _ways.setdefault(core.db, Way())
    await _trust(core, way, item_id, actor)
    gathered = way.gathered.setdefault(item_id, Gathered(link))
    gathered.link = link
    if item_id not in way.busy:
        way.busy.add(item_id)
        asyncio.get_running_loop().call_soon(_tick, core, way, item_id)
    return gathered


async def _trust(core: Core, way: Way, item_id: str, actor: Actor) -> None:
    key = (item_id, actor.person_id)
    if way.trusted.get(key, 0.0) > core.clock.monotonic():
        return
    way.trusted.pop(key, None)
    await core.db.read(lambda read: may_present(read, actor, item_id))
    way.trusted[key] = core.clock.monotonic() + TRUST_SECONDS


def _tick(core: Core, way: Way, item_id: str) -> None:
    """Send what gathered for an item and wait for as long as that costs; end when there is nothing."""
    gathered = way.gathered.pop(item_id, None)
    if gathered is None:
        way.busy.discard(item_id)
        return
    began = time.perf_counter()
    for frame in _frames(way, gathered):
        core.broadcast_volatile(item_stream(item_id), _EVENTS[type(frame)], encode(frame), skip=gathered.link)
    cost = time.perf_counter() - began
    asyncio.get_running_loop().call_later(max(TICK_SECONDS, cost / CORE_SHARE), _tick, core, way, item_id)


def _frames(way: Way, gathered: Gathered) -> Iterator[_Frame]:
    if gathered.scroll is not None:
        yield Scrolled(**structs.asdict(gathered.scroll), n=_number(way, "scroll", gathered.scroll.item_id))
    if gathered.point is not None:
        yield Pointed(**structs.asdict(gathered.point), n=_number(way, "point", gathered.point.item_id))
    for stroke in gathered.strokes.values():
        yield Drawn(**structs.asdict(stroke), n=_number(way, "draw", stroke.item_id))


def _number(way: Way, what: str, item_id: str) -> int:
    """Rises by one with each frame of a kind in an item."""
    key = f"{what}/{item_id}"
    way.numbers[key] = number = way.numbers.get(key, 0) + 1
    return number
