"""Who gets the bytes of a version: asked at every request, and so remembered for a moment.

A tablet asks for a paper in many small ranges. An answer of yes is kept for a second; a change of any audience and
every recall forget all answers at once, before the change is acknowledged.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from msgspec import structs

from server.core import access
from server.core.access import Relation
from server.core.db import Database, Published
from server.core.errors import DomainError
from server.core.journal import AudienceChanged
from server.documents import rules
from server.documents.store import papers, versions
from server.documents.store.versions import Held

if TYPE_CHECKING:
    from server.core.access import Actor, Grant
    from server.core.context import Core
    from server.core.db import Read

# Another process may have changed something without this one's hearing of it: access ends within a second there.
SECONDS = 1.0
MOST = 20_000

Key = tuple[str, tuple["Grant", ...], str]


class Withdrawn(Published, frozen=True):
    """Papers were recalled: no answer given so far holds."""


class Answers:
    """The answers of yes that still hold, at most ``MOST``, the oldest forgotten first."""

    def __init__(self) -> None:
        self._known: OrderedDict[Key, tuple[float, Held]] = OrderedDict()
        self.generation = 0

    def get(self, key: Key) -> Held | None:
        """The version, if this actor was just allowed to read it."""
        found = self._known.get(key)
        if found is None or found[0] < time.monotonic():
            return None
        return found[1]

    def put(self, key: Key, held: Held, generation: int) -> None:
        """Remember, unless something changed since ``generation``, when the asking began."""
        if generation != self.generation:
            return
        self._known[key] = (time.monotonic() + SECONDS, held)
        self._known.move_to_end(key)
        while len(self._known) > MOST:
            self._known.popitem(last=False)

    def heed(self, published: list[Published]) -> None:
        """Forget everything when who may read what has changed."""
        if any(isinstance(item, (AudienceChanged, Withdrawn)) for item in published):
            self.generation += 1
            self._known.clear()


_answers: WeakKeyDictionary[Database, Answers] = WeakKeyDictionary()


def watch(core: Core) -> None:
    """Hear of every commit of this process; called once, at set-up."""
    if core.db in _answers:
        return
    answers = _answers[core.db] = Answers()
    core.db.subscribe(answers.heed)


async def reach(core: Core, version_id: str, *, actor: Actor) -> Held:
    """The version, for who may read its bytes now. Raises ``not_found``, ``gone`` (recalled)."""
    answers = _answers[core.db]
    key = (actor.person_id, actor.grants, version_id)
    known = answers.get(key)
    if known is not None:
        return known
    generation = answers.generation
    found = await core.db.read(lambda read: check(read, actor, version_id))
    answers.put(key, found, generation)
    return found


def check(read: Read, actor: Actor, version_id: str, verb: str = "documents.read") -> Held:
    """The same inside a snapshot or a transaction; its ``downloadable`` is as it stands for this actor."""
    found = versions.held(read, version_id)
    held = access.relations(read, actor, "version", version_id)
    if found is not None and found.state == "recalled" and Relation.SECRETARIAT not in held:
        access.require(verb, access.relations(read, actor, "paper", found.paper_id))
        raise DomainError("gone")
    access.require(verb, held)
    if found is None:
        raise DomainError("not_found")
    return structs.replace(found, downloadable=rules.may_take(found.downloadable, held))


async def take(core: Core, version_id: str, *, actor: Actor) -> Held:
    """The version, for who may take its bytes away. Raises ``documents.not_downloadable`` too."""
    return await core.db.read(lambda read: check_taking(read, actor, version_id))


def check_taking(read: Read, actor: Actor, version_id: str) -> Held:
    """The same inside a snapshot."""
    found = check(read, actor, version_id, "documents.download")
    rules.require_takable(found.downloadable)
    return found


def to_paper(read: Read, actor: Actor, paper_id: str) -> set[Relation]:
    """Relations to a paper: those to its item."""
    item_id = papers.item_of(read, paper_id)
    return set() if item_id is None else set(access.relations(read, actor, "item", item_id))


def to_version(read: Read, actor: Actor, version_id: str) -> set[Relation]:
    """Relations to a version: those to its item; to a recalled one only the secretariat has any."""
    found = versions.held(read, version_id)
    if found is None:
        return set()
    held = set(access.relations(read, actor, "item", found.item_id))
    return held if found.state == "published" else held & {Relation.SECRETARIAT}
