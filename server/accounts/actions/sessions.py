"""Sessions in memory: who a cookie is, without asking the database, and the sockets of each device.

All sessions are loaded once; after that a request costs a dictionary look-up, so that every tablet of a city may
reconnect at once. What a transaction changes reaches this memory as :class:`SessionsChanged`, at its commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from server.accounts import rules, store
from server.accounts.actions import cookies
from server.accounts.actions.backoff import Backoff
from server.accounts.actions.passwords import Hashing, digest
from server.accounts.store import screens
from server.core.access import Actor
from server.core.db import Published
from server.core.wire import stamp
from server.directory import actions as directory

if TYPE_CHECKING:
    from aiohttp import web

    from server.accounts.models import Session
    from server.core.context import Core
    from server.core.db import Database, Read
    from server.core.fanout import Fanout, Link

_ATTEMPTS = 5
_GOING_AWAY = 1001


class SessionsChanged(Published, frozen=True):
    """What this memory holds of a person is out of date. ``ended`` are devices whose sockets end with a farewell.

    With ``reconnect`` the person's other sockets are dropped too, so that they come back with today's grants.
    """

    person_id: str
    ended: tuple[str, ...] = ()
    reconnect: bool = False


class Live:
    """A session in use: the actor it stands for, until when, and when it was last heard."""

    __slots__ = ("actor", "changes_at", "expires", "idle_seconds", "saved", "seen")

    def __init__(self, session: Session, name: str, now: datetime, *, screen_of: str | None = None) -> None:
        self.actor = Actor(
            person_id=session.person_id,
            device_id=session.device_id,
            name=name,
            lang=session.lang,
            grants=rules.in_force(session.grants, now),
            screen_of=screen_of,
            read_only=session.read_only,
        )
        self.expires = datetime.fromisoformat(session.expires_at)
        self.idle_seconds = session.idle_seconds
        changes_at = rules.next_change(session.grants, now)
        self.changes_at = datetime.fromisoformat(changes_at) if changes_at else None
        self.seen = self.saved = datetime.fromisoformat(session.seen_at)

    def lasts(self, now: datetime) -> bool:
        """Whether it is still good."""
        return rules.lasts(now=now, seen=self.seen, expires=self.expires, idle_seconds=self.idle_seconds)


class Sessions:
    """What accounts keep in memory for one database: live sessions, sockets by device, failures, hashing."""

    def __init__(self, backoff: Backoff | None = None) -> None:
        self.backoff = backoff or Backoff()
        self.hashing = Hashing()
        self._live: dict[bytes, Live] = {}
        self._links: dict[str, dict[Link, None]] = {}
        self._version = 0
        self._loading: asyncio.Task[None] | None = None

    # ---- who asks

    async def actor_of(self, core: Core, token: str) -> Actor | None:
        """Who holds a token now, or None."""
        await self.loaded(core)
        key, now = digest(token), core.clock.now()
        live = self._live.get(key)
        if live is None or (live.changes_at is not None and live.changes_at <= now):
            live = await self._read_one(core, key)
        if live is None or not live.lasts(now):
            self._live.pop(key, None)
            return None
        live.seen = now
        return live.actor

    async def loaded(self, core: Core) -> None:
        """Wait until all sessions are in memory; the first to ask loads them."""
        if self._loading is None:
            self._loading = asyncio.get_running_loop().create_task(self.reload(core))
        if not self._loading.done():
            await asyncio.shield(self._loading)
        if self._loading.done() and self._loading.exception() is not None:
            self._loading = None  # the database was away: the next request tries again
            raise ConnectionError("sessions could not be loaded")

    async def reload(self, core: Core) -> None:
        """Read all sessions anew: at the start, and now and then for what other processes changed."""
        for _ in range(_ATTEMPTS):
            version, now = self._version, core.clock.now()
            fresh = await core.db.read(lambda read, now=now: _read(read, now, None))  # type: ignore[misc]
            if version == self._version:
                self._replace(core.fanout, fresh)
                return

    def _replace(self, fanout: Fanout, fresh: dict[bytes, Live]) -> None:
        held, self._live = self._live, fresh
        for key, live in fresh.items():
            if key in held:
                live.seen = max(live.seen, held[key].seen)
        self._end_links(fanout, {live.actor.device_id for key, live in held.items() if key not in fresh})

    async def _read_one(self, core: Core, key: bytes) -> Live | None:
        for _ in range(_ATTEMPTS):
            version, now = self._version, core.clock.now()
            fresh = await core.db.read(lambda read, now=now: _read(read, now, key))  # type: ignore[misc]
            if version == self._version:  # else it may have ended between the read and here
                held = self._live.get(key)
                self._live |= fresh
                live = fresh.get(key)
                if live is not None and held is not None:
                    live.seen = max(live.seen, held.seen)
                return live
        return None

    # ---- what changes

    def committed(self, fanout: Fanout, published: Sequence[Published]) -> None:
        """Take what a transaction published, in commit order."""
        for item in published:
            if isinstance(item, SessionsChanged):
                self._version += 1
                gone = [key for key, live in self._live.items() if live.actor.person_id == item.person_id]
                devices = {self._live.pop(key).actor.device_id for key in gone}
                # A tick later: the event that tells the device is on its way out of delivery right now.
                asyncio.get_running_loop().call_soon(self._end_links, fanout, set(item.ended))
                if item.reconnect:
                    asyncio.get_running_loop().call_soon(self._drop_links, devices - set(item.ended))

    # ---- sockets

    def connected(self, link: Link) -> None:
        """A socket of a device opened."""
        self._links.setdefault(link.data.actor.device_id, {})[link] = None

    def gone(self, link: Link) -> None:
        """A socket closed."""
        if link.data is None:
            return
        device_id = link.data.actor.device_id
        links = self._links.get(device_id, {})
        links.pop(link, None)
        if not links:
            self._links.pop(device_id, None)

    def links_of(self, device_id: str) -> list[Link]:
        """The sockets that a device has open here."""
        return list(self._links.get(device_id, ()))

    def _end_links(self, fanout: Fanout, device_ids: set[str]) -> None:
        for device_id in device_ids:
            for link in self.links_of(device_id):
                fanout.kick(link, "signed_out")

    def _drop_links(self, device_ids: set[str]) -> None:
        for device_id in device_ids:
            for link in self.links_of(device_id):
                link.shut(code=_GOING_AWAY, disconnect=False)

    # ---- the round

    async def settle(self, core: Core) -> None:
        """Write down when devices were seen, read what others changed, and end what has run out."""
        now = core.clock.now()
        for live in self._live.values():
            if live.actor.device_id in self._links and live.lasts(now):
                live.seen = now  # an open socket is in use
        heard = [live for live in self._live.values() if live.seen > live.saved]
        if heard:
            seen = [(live.actor.device_id, stamp(live.seen)) for live in heard]
            await core.db.write(lambda tx: store.mark_seen_txn(tx, seen))
            for live in heard:
                live.saved = live.seen
        await self.reload(core)
        over = {key: live for key, live in self._live.items() if not live.lasts(now)}
        for key in over:
            del self._live[key]
        self._end_links(core.fanout, {live.actor.device_id for live in over.values()})


def _read(read: Read, now: datetime, key: bytes | None) -> dict[bytes, Live]:
    found = store.sessions(read, stamp(now), token_hash=key)
    people = directory.people(read, {session.person_id for session in found})
    shown = {
        session.token_hash: Live(session, screen.name, now, screen_of=screen.meeting_id)
        for session, screen in screens.sessions(read, stamp(now), key)
    }
    return shown | {
        session.token_hash: Live(session, people[session.person_id].full_name, now)
        for session in found
        if session.person_id in people
    }


_by_database: WeakKeyDictionary[Database, Sessions] = WeakKeyDictionary()


def of(core: Core) -> Sessions:
    """The sessions of a core; the first call makes them and lets them hear every commit."""
    held = _by_database.get(core.db)
    if held is None:
        held = sessions = _by_database[core.db] = Sessions()
        core.db.subscribe(lambda published: sessions.committed(core.fanout, published))
    return held


async def authenticate(core: Core, request: web.Request) -> Actor | None:
    """Who sent a request, by its cookie; None for nobody we know."""
    token = cookies.found(core, request, cookies.SESSION)
    return None if token is None else await of(core).actor_of(core, token)
