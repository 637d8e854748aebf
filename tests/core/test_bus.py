"""Two processes on one PostgreSQL and one Redis: what one commits, the other's tablets hear, also without Redis."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest
import redis.asyncio as redis_client
from aiohttp import web
from aiohttp.test_utils import TestServer

from server import app as application
from server.core import bus, journal
from tests.core.test_delivery import House, Mark, _open
from tests.support.house import actor, config_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from server.core.access import Actor
    from tests.support.redis import Redis


@pytest.fixture
async def pair(postgres_url: str, redis: Redis, tmp_path: Path) -> AsyncIterator[tuple[House, House]]:
    """Two processes' worth of application; each with its own rooms, connections and end of the bus."""
    houses, closing = [], []
    for name in ("one", "two"):
        config = config_for(tmp_path / name, postgres_url, redis_url=redis.url)
        core, seam, sockets = await application.build_core(config)
        sockets.open(core, [], _authenticate)
        app = web.Application()
        seam.attach(app)
        server = TestServer(app, host="localhost")
        await server.start_server()
        assert core.bus is not None
        closing.append((core, server, asyncio.create_task(core.bus.run(core))))
        houses.append(House(core, server))
    journal.provide("t", lambda _read, _stream, _after: [Mark(id="snapshot", n=0)])
    await houses[0].core.db.write(lambda tx: _open(tx, "an", "binh"))
    await asyncio.sleep(0.2)
    yield houses[0], houses[1]
    for core, server, task in closing:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await server.close()
        await application.close_core(core)


async def _authenticate(request: web.Request) -> Actor | None:
    person = request.headers.get("X-Person")
    return actor(person) if person else None


async def test_what_one_process_commits_the_tablets_of_the_other_hear_in_order(pair: tuple[House, House]) -> None:
    one, two = pair
    async with one.client("an", t_1=0) as an, two.client("binh", t_1=0) as binh:
        await asyncio.gather(*((one, two)[n % 2].mark(n) for n in range(40)))
        await asyncio.gather(an.until(lambda: len(an.seqs) >= 40), binh.until(lambda: len(binh.seqs) >= 40))
        assert an.seqs == binh.seqs == list(range(1, 41))


async def test_access_withdrawn_at_one_process_ends_at_the_other_within_a_second(pair: tuple[House, House]) -> None:
    one, two = pair
    async with two.client("binh", t_1=0) as binh:
        await one.mark(1)
        await binh.until(lambda: binh.seqs == [1])
        await one.core.db.write(lambda tx: journal.set_members(tx, "t:1", ["an"]))
        await binh.until(lambda: "stream.left" in binh.heard, seconds=1)
        await one.mark(2)
        await asyncio.sleep(0.3)
        assert binh.seqs == [1]


async def test_volatile_frames_reach_the_other_process(pair: tuple[House, House]) -> None:
    one, two = pair
    async with two.client("binh", t_1=0) as binh:
        await one.mark(1)
        await binh.until(lambda: binh.seqs == [1])
        one.core.broadcast_volatile("t:1", "live.scrolled", b'{"n":7}')
        await binh.until(lambda: binh.heard.get("live.scrolled") == [{"n": 7}])


async def test_nothing_is_lost_while_redis_is_away(
    pair: tuple[House, House], redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pair
    async with two.client("binh", t_1=0) as binh:
        await one.mark(1)
        await binh.until(lambda: binh.seqs == [1])
        redis.kill()
        for n in range(2, 10):
            await one.mark(n)
        await binh.until(lambda: len(binh.seqs) >= 9, seconds=3 * bus.CHECK_SECONDS)
        redis.start()
        await one.mark(10)
        await binh.until(lambda: len(binh.seqs) >= 10, seconds=3 * bus.CHECK_SECONDS)
        assert binh.seqs == list(range(1, 11))


@pytest.mark.parametrize("call", ["publish", "subscribe"])
async def test_it_ends_when_told_to_also_when_the_library_loses_the_cancellation(
    pair: tuple[House, House], call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ``asyncio.wait_for`` does before Python 3.12 when a cancellation meets its result."""
    one, _ = pair
    assert one.core.bus is not None
    waiting = asyncio.Event()

    async def deaf(*_: object) -> None:
        waiting.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)

    monkeypatch.setattr(redis_client.Redis if call == "publish" else redis_client.client.PubSub, call, deaf)
    end = bus.Bus("redis://localhost:1", one.core.db, one.core.delivery, one.core.fanout)
    end.tell("t", b"{}")
    running = asyncio.create_task(end.run(one.core))
    await waiting.wait()
    running.cancel()
    done, _ = await asyncio.wait([running], timeout=5)
    assert done
