"""What is volatile in the sitting, kept in memory alone: scrolling on the way, followers, presence.

Nothing here is an operation of a stream; all of it may be lost. What a room is told is merged: a scroll at 25 Hz at
most, and slower where the room is so large that this would take more than 0.3 of a core; counts once a second.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from server.core import access
from server.core.errors import DomainError
from server.core.fanout import event_frame
from server.core.wire import encode
from server.live import rules, store
from server.live.actions.elsewhere import Elsewhere, Here
from server.live.actions.presenting import item_stream, may_present
from server.live.wire import Follow, Followers, Presence, PresenceView, Scroll, Scrolled
from server.meetings import actions as meetings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Database, Read
    from server.core.fanout import Fanout, Link

TICK_SECONDS = 1 / 25
CORE_SHARE = 0.3
# How long a presenter's permission is believed without asking the database again.
TRUST_SECONDS = 1.0
_FOLLOWING = "live.following"


class Told(NamedTuple):
    """What a room was told last, and which sockets heard it."""

    message: Followers | Presence
    hearing: frozenset[str]


@dataclass
class Stage:
    """The volatile state of one process."""

    scrolls: dict[str, tuple[Scroll, Link]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    trusted: dict[tuple[str, str], float] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)
    told: dict[str, Told] = field(default_factory=dict)
    elsewhere: Elsewhere = field(default_factory=Elsewhere)


_stages: WeakKeyDictionary[Database, Stage] = WeakKeyDictionary()


def stage_of(core: Core) -> Stage:
    """The stage of this process."""
    return _stages.setdefault(core.db, Stage())


async def scroll(core: Core, link: Link, command: Scroll, *, actor: Actor) -> None:
    """Tell the room of an item where the presenter is on the way; the newest place wins within a tick."""
    stage = stage_of(core)
    page, fraction = rules.place(command.page, command.fraction)
    await _trust(core, stage, command.item_id, actor)
    kept = Scroll(item_id=command.item_id, version_id=command.version_id, page=page, fraction=fraction)
    stage.scrolls[command.item_id] = (kept, link)
    if command.item_id not in stage.busy:
        stage.busy.add(command.item_id)
        asyncio.get_running_loop().call_soon(_tick, core, stage, command.item_id)


async def _trust(core: Core, stage: Stage, item_id: str, actor: Actor) -> None:
    key = (item_id, actor.person_id)
    if stage.trusted.get(key, 0.0) > core.clock.monotonic():
        return
    stage.trusted.pop(key, None)
    await core.db.read(lambda read: may_present(read, actor, item_id))
    stage.trusted[key] = core.clock.monotonic() + TRUST_SECONDS


def _tick(core: Core, stage: Stage, item_id: str) -> None:
    """Send the newest scroll of an item and wait for as long as that costs; end when there is none."""
    newest = stage.scrolls.pop(item_id, None)
    if newest is None:
        stage.busy.discard(item_id)
        return
    command, link = newest
    stage.numbers[item_id] = number = stage.numbers.get(item_id, 0) + 1
    body = Scrolled(
        item_id=item_id, version_id=command.version_id, page=command.page, fraction=command.fraction, n=number
    )
    began = time.perf_counter()
    core.broadcast_volatile(item_stream(item_id), "live.scrolled", encode(body), skip=link)
    cost = time.perf_counter() - began
    loop = asyncio.get_running_loop()
    loop.call_later(max(TICK_SECONDS, cost / CORE_SHARE), _tick, core, stage, item_id)


def follow(link: Link, command: Follow) -> None:
    """Note whether a tablet follows in an item. Raises ``denied`` for who has not joined the item's stream."""
    if item_stream(command.item_id) not in link.rooms:
        raise DomainError("denied")
    extra = link.data.extra
    if command.following:
        extra[_FOLLOWING] = command.item_id
    elif extra.get(_FOLLOWING) == command.item_id:
        del extra[_FOLLOWING]


async def presence(core: Core, meeting_id: str, *, actor: Actor) -> PresenceView:
    """Who of a meeting is connected now, at any process, and who looks at the app; for secretariat and chair."""

    def read(read: Read) -> None:
        access.require("live.presence", meetings.relations(read, actor, meeting_id))

    await core.db.read(read)
    here = _present(core, meeting_id)
    return PresenceView(online=here.online, visible=here.visible)


async def tell_presence(core: Core) -> None:
    """Tell each desk who is there, and each item how many follow, where that has changed; once a second.

    Counted are those who could follow: whoever has the item open on a tablet, without who presents it and without
    the desks that watch the sitting.
    """
    stage, fanout = stage_of(core), core.fanout
    desks: set[str] = set()
    followed: dict[str, set[str]] = {}
    for link in fanout.links.values():
        desks.update(room for room in link.rooms if room.startswith("d:"))
        if link.data is not None and _FOLLOWING in link.data.extra:
            followed.setdefault(link.data.extra[_FOLLOWING], set()).add(link.data.actor.person_id)
    told: dict[str, Told] = {}
    if core.bus is not None:
        stage.elsewhere.tell(core.bus, _meetings_here(fanout), core.clock.monotonic())
    for desk in sorted(desks):
        meeting_id = desk.partition(":")[2]
        here = _present(core, meeting_id)
        message = Presence(meeting_id=meeting_id, online=here.online, visible=here.visible)
        told[desk] = _tell(fanout, desk, "live.presence", message, stage.told.get(desk))
    ended = {name.partition(":")[2] for name in stage.told if name.startswith("i:")}
    presenters = await core.db.read(lambda read: _presenters(read, followed)) if followed else {}
    for item_id in sorted(followed.keys() | ended):
        able = {link.data.actor.person_id for link in fanout.room(item_stream(item_id)) if not _is_desk(link)}
        able.discard(presenters.get(item_id, ""))
        following = followed.get(item_id, set()) & able
        count = Followers(item_id=item_id, following=len(following), present=len(able))
        room = item_stream(item_id)
        now = _tell(fanout, room, "live.followers", count, stage.told.get(room))
        if following:
            told[room] = now
    stage.told = told


def hear_others(core: Core, sender: str, body: bytes) -> None:
    """Take what another process tells of who is there."""
    stage_of(core).elsewhere.hear(sender, body, core.clock.monotonic())


def _presenters(read: Read, items: Iterable[str]) -> dict[str, str]:
    """Who shows something in each of these items."""
    found = {item_id: store.shown_in(read, item_id) for item_id in items}
    return {item_id: shown.person.id for item_id, shown in found.items() if shown is not None}


def _is_desk(link: Link) -> bool:
    """Whether a link watches a sitting from a desk, where there are no pages to follow."""
    return any(room.startswith("d:") for room in link.rooms)


def _tell(fanout: Fanout, room: str, event: str, message: Followers | Presence, before: Told | None) -> Told:
    """Tell a room what has changed; otherwise those alone who came in since: in a large room somebody always does."""
    now = Told(message, frozenset(link.sid for link in fanout.room(room)))
    if before is None or before.message != message:
        fanout.broadcast(room, event, encode(message), volatile=True)
    elif now.hearing - before.hearing:
        frame = event_frame(event, encode(message))
        for link in fanout.room(room):
            if link.sid not in before.hearing:
                link.send_frame(frame, volatile=True)
    return now


def _present(core: Core, meeting_id: str) -> Here:
    """Who has joined the meeting's stream, here and at the other processes."""
    parts = [_here(core.fanout.room(f"m:{meeting_id}"))]
    parts += stage_of(core).elsewhere.of(meeting_id, core.clock.monotonic())
    return Here(
        tuple(sorted({person for part in parts for person in part.online})),
        tuple(sorted({person for part in parts for person in part.visible})),
    )


def _meetings_here(fanout: Fanout) -> dict[str, Here]:
    """Who has joined the stream of each meeting from here."""
    rooms = {room for link in fanout.links.values() for room in link.rooms if room.startswith("m:")}
    return {room.partition(":")[2]: _here(fanout.room(room)) for room in rooms}


def _here(links: Iterable[Link]) -> Here:
    online: set[str] = set()
    visible: set[str] = set()
    for link in links:
        if link.data.actor.screen_of is not None:
            continue
        person = link.data.actor.person_id
        online.add(person)
        if link.data.visible:
            visible.add(person)
    return Here(tuple(sorted(online)), tuple(sorted(visible)))
