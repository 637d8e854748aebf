"""Who is there and who follows, kept in memory alone and told once a second where it has changed.

Nothing here is an operation of a stream; all of it may be lost. Each process knows its own sockets and is told by the
others of theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from server.core import access
from server.core.errors import DomainError
from server.core.fanout import event_frame
from server.core.wire import encode
from server.live import store
from server.live.actions.elsewhere import Elsewhere, Here, together
from server.live.actions.presenting import item_stream
from server.live.wire import Follow, Followers, Presence, PresenceView
from server.meetings import actions as meetings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Database, Read
    from server.core.fanout import Fanout, Link

_FOLLOWING = "live.following"
# What processes tell each other: who is in a meeting, and who follows in an item.
_PRESENCE, _FOLLOWERS = "live.presence", "live.followers"
PARTS = (_PRESENCE, _FOLLOWERS)


class Told(NamedTuple):
    """What a room was told last, and which sockets heard it."""

    message: Followers | Presence
    hearing: frozenset[str]


@dataclass
class Stage:
    """The volatile state of one process."""

    told: dict[str, Told] = field(default_factory=dict)
    # Items in which somebody follows or has followed, as long as somebody here has them open: what is told last, that
    # nobody follows any more, must still count who could, at all processes.
    followed: set[str] = field(default_factory=set)
    elsewhere: dict[str, Elsewhere] = field(default_factory=lambda: {topic: Elsewhere(topic) for topic in PARTS})


_stages: WeakKeyDictionary[Database, Stage] = WeakKeyDictionary()


def stage_of(core: Core) -> Stage:
    """The stage of this process."""
    return _stages.setdefault(core.db, Stage())


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
    return PresenceView(online=here.there, visible=here.active)


async def tell_presence(core: Core) -> None:
    """Tell each desk who is there, and each item how many follow, where that has changed; once a second."""
    stage = stage_of(core)
    if core.bus is not None:
        stage.elsewhere[_PRESENCE].tell(core.bus, _meetings_here(core.fanout), core.clock.monotonic())
    told = _tell_desks(core, stage)
    told |= await _tell_items(core, stage)
    stage.told = told


def _tell_desks(core: Core, stage: Stage) -> dict[str, Told]:
    told: dict[str, Told] = {}
    for desk in sorted(_rooms(core.fanout, "d:")):
        meeting_id = desk.partition(":")[2]
        here = _present(core, meeting_id)
        message = Presence(meeting_id=meeting_id, online=here.there, visible=here.active)
        told[desk] = _tell(core.fanout, desk, "live.presence", message, stage.told.get(desk))
    return told


async def _tell_items(core: Core, stage: Stage) -> dict[str, Told]:
    """Tell the items in which somebody follows, here or elsewhere, and those in which nobody does any more.

    Counted are those who could follow: whoever has the item open on a tablet, without who presents it and without
    the desks that watch the sitting.
    """
    now, others = core.clock.monotonic(), stage.elsewhere[_FOLLOWERS]
    followed = _followed_here(core.fanout)
    open_still = {item for item in stage.followed if core.fanout.room(item_stream(item))}
    here = {
        item: _able(core.fanout, item, followed.get(item, set()))
        for item in followed.keys() | others.active(now) | open_still
    }
    stage.followed = set(here)
    if core.bus is not None:
        others.tell(core.bus, here, now)
    ended = {name.partition(":")[2] for name in stage.told if name.startswith("i:")}
    items = here.keys() | ended
    presenters = await core.db.read(lambda read: _presenters(read, items)) if items else {}
    told: dict[str, Told] = {}
    for item_id in sorted(items):
        all_ = together([here.get(item_id) or _able(core.fanout, item_id, set()), *others.of(item_id, now)])
        able = set(all_.there) - {presenters.get(item_id, "")}
        following = able & set(all_.active)
        room, count = item_stream(item_id), Followers(item_id=item_id, following=len(following), present=len(able))
        if not following and item_id not in ended:
            continue
        sent = _tell(core.fanout, room, "live.followers", count, stage.told.get(room))
        if following:
            told[room] = sent
    return told


def hear_others(core: Core, topic: str, sender: str, body: bytes) -> None:
    """Take what another process tells of who is there, or follows."""
    stage_of(core).elsewhere[topic].hear(sender, body, core.clock.monotonic())


def _followed_here(fanout: Fanout) -> dict[str, set[str]]:
    """Who follows in each item, by the sockets of this process."""
    followed: dict[str, set[str]] = {}
    for link in fanout.links.values():
        if link.data is not None and _FOLLOWING in link.data.extra:
            followed.setdefault(link.data.extra[_FOLLOWING], set()).add(link.data.actor.person_id)
    return followed


def _able(fanout: Fanout, item_id: str, following: set[str]) -> Here:
    """Who could follow in an item from here, and who does."""
    able = {link.data.actor.person_id for link in fanout.room(item_stream(item_id)) if not _is_desk(link)}
    return Here(tuple(sorted(able)), tuple(sorted(able & following)))


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
    others = stage_of(core).elsewhere[_PRESENCE].of(meeting_id, core.clock.monotonic())
    return together([_here(core.fanout.room(f"m:{meeting_id}")), *others])


def _meetings_here(fanout: Fanout) -> dict[str, Here]:
    """Who has joined the stream of each meeting from here."""
    return {room.partition(":")[2]: _here(fanout.room(room)) for room in _rooms(fanout, "m:")}


def _rooms(fanout: Fanout, kind: str) -> set[str]:
    return {room for link in fanout.links.values() for room in link.rooms if room.startswith(kind)}


def _here(links: Iterable[Link]) -> Here:
    there: set[str] = set()
    active: set[str] = set()
    for link in links:
        if link.data.actor.screen_of is not None:
            continue
        person = link.data.actor.person_id
        there.add(person)
        if link.data.visible:
            active.add(person)
    return Here(tuple(sorted(there)), tuple(sorted(active)))
