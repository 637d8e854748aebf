"""Tablets for the crash test: durable queues, sent again until answered, and a reducer that must converge."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import Any

import aiohttp
import socketio

from server.core.ids import new_id
from server.core.wire import PROTOCOL

STREAM = "s:crash"
IN_FLIGHT = 10


class Tablet:
    """One tablet of one person. Its queue survives the server, as a real one's does."""

    def __init__(self, url: str, cookie: str, seed: int, up: asyncio.Event) -> None:
        self.url, self.cookie, self.up = url, cookie, up
        self.chance = random.Random(seed)
        self.queue: list[dict[str, Any]] = []
        self.acked: dict[str, int] = {}  # op_id -> seq
        self.refused: set[str] = set()  # a tablet's own new strokes are never refused
        self.entities: dict[str, Any] = {}
        self.applied: list[str | None] = []  # op ids in the order in which they entered the state
        self.seq = 0
        self.ahead: dict[int, Any] = {}
        self.live = asyncio.Event()
        self.io = socketio.AsyncClient(reconnection=False)
        self.io.on("stream.ops", self._ops)
        self.io.on("stream.page", self._page)
        self.stopping = False

    async def run(self, until: int) -> None:
        """Write until ``until`` operations are acknowledged, through every crash."""
        sending: set[asyncio.Task[None]] = set()
        while len(self.acked) < until and not self.stopping:
            if not self.io.connected and not await self._connect():
                await asyncio.sleep(0.1)
                continue
            while len(sending) < IN_FLIGHT:
                op = self._next(sending)
                task = asyncio.create_task(self._send(op))
                task.set_name(op["op_id"])
                sending.add(task)
            _, sending = await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
        for task in sending:
            task.cancel()
        await asyncio.gather(*sending, return_exceptions=True)

    def _next(self, sending: set[asyncio.Task[None]]) -> dict[str, Any]:
        under_way = {task.get_name() for task in sending}
        for op in self.queue:
            if op["op_id"] not in under_way:
                return op
        body = {"type": "ink", "color": "#5a2c91", "w": 1.5, "pts": [self.chance.randrange(9999) for _ in range(60)]}
        op = {"kind": "put", "op_id": new_id(), "ann_id": new_id(), "base_rev": 0, "page": 1, "body": body}
        self.queue.append(op)
        return op

    async def _send(self, op: dict[str, Any]) -> None:
        with contextlib.suppress(Exception):
            answer = await self.io.call("annotations.push", {"stream": STREAM, "ops": [op]}, timeout=5)
            (result,) = answer["results"]
            if result["st"] in {"applied", "dup"}:
                self.acked[op["op_id"]] = result["seq"]
                self.queue = [waiting for waiting in self.queue if waiting["op_id"] != op["op_id"]]
            else:
                self.refused.add(op["op_id"])
            return
        await asyncio.sleep(0.02)

    async def _connect(self) -> bool:
        self.live.clear()
        with contextlib.suppress(TimeoutError):  # a server that is down is not hammered: that would only slow its start
            await asyncio.wait_for(self.up.wait(), 1)
        if not self.up.is_set():
            return False
        headers = {"Origin": self.url, "Cookie": self.cookie}
        auth = {"proto": PROTOCOL, "device": "crash", "streams": {STREAM: self.seq}}
        try:
            await self.io.connect(self.url, headers=headers, auth=auth, transports=["websocket"], wait_timeout=3)
        except (socketio.exceptions.SocketIOError, OSError, aiohttp.ClientError):
            return False
        return True

    async def settle(self) -> None:
        """Come back once more and catch up to the end of the stream."""
        await self.io.disconnect()
        for _ in range(100):
            if await self._connect():
                break
            await asyncio.sleep(0.05)
        with contextlib.suppress(TimeoutError):  # one that never gets there shows something else: the verdict says so
            await asyncio.wait_for(self.live.wait(), 20)

    async def _page(self, page: dict[str, Any]) -> None:
        try:
            await self._catch_up(page)
        except (socketio.exceptions.SocketIOError, KeyError):  # killed meanwhile: the next connect begins anew
            return
        self.live.set()

    async def _catch_up(self, page: dict[str, Any]) -> None:
        while True:
            if page["mode"] == "snapshot":
                await self._snapshot(page)
            self._take(page["ops"])
            if page["mode"] == "snapshot" or not page["more"]:
                return
            page = await self.io.call("stream.join", {"stream": STREAM, "last_seq": self.seq}, timeout=5)

    async def _snapshot(self, page: dict[str, Any]) -> None:
        head, entities = page["head"], {}
        while True:
            entities.update({entity["id"]: entity for entity in page["put"]})
            if not page["more"]:
                break
            page = await self.io.call(
                "stream.join", {"stream": STREAM, "last_seq": 0, "after": page["after"]}, timeout=5
            )
        self.entities, self.seq = entities, head
        self.applied = []

    async def _ops(self, frame: dict[str, Any]) -> None:
        self._take(frame["ops"])

    def _take(self, ops: list[dict[str, Any]]) -> None:
        for op in ops:
            if op["seq"] > self.seq:
                self.ahead[op["seq"]] = op
        while (op := self.ahead.pop(self.seq + 1, None)) is not None:
            for entity in op["event"]["put"]:
                self.entities[entity["id"]] = entity
            self.applied.append(op["op_id"])
            self.seq = op["seq"]
