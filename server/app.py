"""Composition root: builds the core, lets each feature add itself, and puts both behind one aiohttp application."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import structlog
from aiohttp import web

from server.config import Config
from server.core import sealing
from server.core.blobs import open_blobs
from server.core.bus import Bus
from server.core.clock import SystemClock
from server.core.context import Core
from server.core.db import open_database
from server.core.db.schema import migrate
from server.core.delivery import Delivery
from server.core.errors import DomainError
from server.core.fanout import SeamServer, make_server
from server.core.http import build_edge
from server.core.http.edge import origin_allowed
from server.core.http.openapi import mount_openapi
from server.core.http.pages import mount_pages
from server.core.mail import Mailer
from server.core.sockets import SocketEdge
from server.core.workers import GATE_QUEUE, Workers
from server.core.yielding import IDLE, READING
from server.features import House, set_up

T = TypeVar("T")

_log = structlog.get_logger(__name__)

# JSON bodies; uploads are streamed by their own routes and bounded there.
BODY_BYTES = 1024 * 1024
_RESTART_SECONDS = 5.0


async def build_core(config: Config) -> tuple[Core, SeamServer, SocketEdge]:
    """Open database, blobs and workers; must run inside the event loop that will serve."""
    await asyncio.to_thread(migrate, config.database_url)
    db = open_database(config.database_url)
    if not config.key_file.exists() and await db.read(sealing.in_use):
        await db.close()
        raise DomainError("sealing.key_missing", path=str(config.key_file))
    key = sealing.load_key(config.key_file, create=True)
    edge = SocketEdge()
    seam = make_server(
        edge, lambda origin, request: origin_allowed(origin, config.public_url, request.headers.get("Host"))
    )
    delivery = Delivery(db, seam.fanout)
    db.subscribe(delivery.committed)
    core = Core(
        config=config,
        clock=SystemClock(),
        db=db,
        blobs=open_blobs(config),
        mailer=Mailer(config.mail),
        workers=Workers(),
        gate=Workers(queue=GATE_QUEUE, nice=IDLE, walled=True),
        readers=Workers(nice=READING, walled=True),
        sealing=sealing.Sealing(key),
        delivery=delivery,
        fanout=seam.fanout,
        bus=Bus(config.redis_url, db, delivery, seam.fanout) if config.redis_url else None,
    )
    return core, seam, edge


async def close_core(core: Core) -> None:
    """Finish what is under way and close everything; the reverse of ``build_core``."""
    await core.workers.close()
    await core.gate.close()
    await core.readers.close()
    if core.bus is not None:
        await core.bus.close()
    await core.delivery.close()
    await core.db.close()


async def build_app(config: Config) -> web.Application:
    """The whole application, ready for a runner. Its ``core`` is under ``CORE``."""
    core, seam, sockets = await build_core(config)
    house = House(core)
    set_up(house)
    sockets.open(core, house.commands, house.authenticate)
    sockets.on_connected += house.on_connected
    sockets.on_gone += house.on_gone
    sockets.on_heard += house.on_heard

    app = web.Application(client_max_size=BODY_BYTES)
    app[CORE] = core
    app[HOUSE] = house
    seam.attach(app)
    build_edge(app, core, house.routes, house.authenticate)
    mount_openapi(app, house.routes)
    mount_pages(app, core)
    background = [*house.background, lambda _core: sockets.tell_heads()]
    if core.bus is not None:
        background.append(core.bus.run)
    app.cleanup_ctx.append(_running(core, house.before_serving, background))
    return app


CORE: web.AppKey[Core] = web.AppKey("core", Core)
HOUSE: web.AppKey[House] = web.AppKey("house", House)


Work = Callable[[Core], Awaitable[None]]


def _running(core: Core, first: list[Work], background: list[Work]) -> Callable[[web.Application], AsyncIterator[None]]:
    """What must be done first, then background work for as long as the application runs; then the core is closed."""

    async def context(_app: web.Application) -> AsyncIterator[None]:
        for work in first:
            await work(core)
        tasks = [asyncio.create_task(_kept_alive(core, work)) for work in background]
        yield
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await close_core(core)

    return context


async def _kept_alive(core: Core, work: Callable[[Core], Awaitable[None]]) -> None:
    while True:
        try:
            await work(core)
        except Exception:  # noqa: BLE001 - logged, and started again
            _log.exception("background work failed; it starts again", work=getattr(work, "__qualname__", repr(work)))
            await asyncio.sleep(_RESTART_SECONDS)
        else:
            return


async def with_core(config: Config, work: Callable[[Core], Awaitable[T]]) -> T:
    """Run ``work`` with an open core and no server: for commands and the demo's seeding."""
    core, _, _ = await build_core(config)
    set_up(House(core))
    try:
        return await work(core)
    finally:
        await close_core(core)
