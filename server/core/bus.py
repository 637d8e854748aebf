"""Between processes: Redis carries wake-ups and volatile frames, never the truth.

What one process commits, the others hear of: which stream has a new head, whose access ended. A message may be lost or
come late; every process also asks the database for the heads of the streams it serves, so a loss costs seconds and
never an operation.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
import redis.asyncio as redis
import structlog

from server.core.db import Published
from server.core.ids import new_id
from server.core.journal import Appended, Woken

if TYPE_CHECKING:
    from server.core.db import Database
    from server.core.delivery import Delivery
    from server.core.fanout import Fanout

_log = structlog.get_logger(__name__)

CHANNEL = "phien"
# How often the database is asked whether a wake-up was lost.
CHECK_SECONDS = 5.0
_RETRY_SECONDS = 1.0
# What waits for Redis at most; beyond that the oldest is dropped, as Redis itself might have done.
_WAITING = 10_000


class _Message(msgspec.Struct, frozen=True):
    """What goes over the channel: committed items, a volatile frame for a room, or what is told under a topic."""

    sender: str
    published: tuple[msgspec.Raw, ...] = ()
    room: str = ""
    event: str = ""
    body: str = ""  # base64 of the JSON


class Bus:
    """One process's end of the channel."""

    def __init__(self, url: str, db: Database, delivery: Delivery, fanout: Fanout) -> None:
        self._redis = redis.from_url(url, socket_connect_timeout=2.0, health_check_interval=10)
        self._db = db
        self._delivery = delivery
        self._fanout = fanout
        self._me = new_id()
        self._waiting: deque[bytes] = deque(maxlen=_WAITING)
        self._has_work = asyncio.Event()
        self._hearing = False
        self._topics: dict[str, Callable[[str, bytes], None]] = {}
        db.subscribe(self._committed)

    def volatile(self, room: str, event: str, body: bytes) -> None:
        """Send a frame that may be lost to the room's links at the other processes."""
        self._put(_Message(self._me, room=room, event=event, body=base64.b64encode(body).decode()))

    def tell(self, topic: str, body: bytes) -> None:
        """Send JSON that may be lost to whoever hears ``topic`` at the other processes."""
        self._put(_Message(self._me, event=topic, body=base64.b64encode(body).decode()))

    def on_told(self, topic: str, hear: Callable[[str, bytes], None]) -> None:
        """Let ``hear(sender, body)`` take what other processes tell under a topic."""
        self._topics[topic] = hear

    async def run(self, _core: object) -> None:
        """Send, hear and check, for ever; each goes on by itself when Redis is away."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._send())
            group.create_task(self._listen())
            group.create_task(self._check())

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()

    def _committed(self, published: list[Published]) -> None:
        if self._hearing:
            return  # it came from another process just now
        items = [Woken(item.stream, item.last) if isinstance(item, Appended) else item for item in published]
        self._put(_Message(self._me, published=tuple(msgspec.Raw(msgspec.json.encode(item)) for item in items)))

    def _put(self, message: _Message) -> None:
        self._waiting.append(msgspec.json.encode(message))
        self._has_work.set()

    async def _send(self) -> None:
        while not _is_cancelled():
            if not self._waiting:
                self._has_work.clear()
                await self._has_work.wait()
                continue
            try:
                await self._redis.publish(CHANNEL, self._waiting[0])
            except (redis.RedisError, OSError):
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                self._waiting.popleft()

    async def _listen(self) -> None:
        while not _is_cancelled():
            with contextlib.suppress(redis.RedisError, OSError):
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    await self._delivery.check_heads()  # what was missed while not listening
                    async for message in channel.listen():
                        if message["type"] == "message":
                            self._heard(message["data"])
            await asyncio.sleep(_RETRY_SECONDS)

    def _heard(self, data: bytes) -> None:
        try:
            message = msgspec.json.decode(data, type=_Message)
        except (msgspec.DecodeError, UnicodeDecodeError):
            _log.warning("a message on the bus could not be read")
            return
        if message.sender == self._me:
            return
        if message.room:
            self._fanout.broadcast(message.room, message.event, base64.b64decode(message.body), volatile=True)
        elif message.event in self._topics:
            self._take(message)
        items = [item for raw in message.published if (item := _known(raw)) is not None]
        self._hearing = True
        try:
            self._db.hear(items)
        finally:
            self._hearing = False

    def _take(self, message: _Message) -> None:
        try:
            self._topics[message.event](message.sender, base64.b64decode(message.body))
        except (msgspec.DecodeError, ValueError):
            _log.warning("a message on the bus could not be read", topic=message.event)

    async def _check(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            await self._delivery.check_heads()


def _is_cancelled() -> bool:
    """Whether this task was told to end.

    redis-py writes under ``asyncio.wait_for``, which before Python 3.12 loses a cancellation that arrives in the same
    turn as its result (CPython issue 86296): the write goes well, and the loop around it would run for ever.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _known(raw: msgspec.Raw) -> Published | None:
    """The item, or None where a newer build at another process sent what this one does not know."""
    try:
        tag = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])["type"]
        kind = {each.__name__: each for each in Published.__subclasses__()}[msgspec.json.decode(tag, type=str)]
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, KeyError):
        return None
