"""A core with real parts on a temporary data folder, and a real server around it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web
from aiohttp.test_utils import TestServer

from server import app as application
from server.config import Config, load
from server.core import journal
from server.core.access import Actor, Grant, Role
from server.core.ids import new_id
from server.core.journal import OpKey

if TYPE_CHECKING:
    from server.core.context import Core
    from server.core.db import Read
    from server.core.wire import Entity


def config_for(folder: Path, database_url: str, **given: Any) -> Config:
    """The configuration of a test's server."""
    folder.mkdir(parents=True, exist_ok=True)
    return load(None, {}, given={"data_dir": str(folder), "database_url": database_url, **given})


def actor(person: str, *roles: Role, body: str | None = None, name: str = "") -> Actor:
    """Somebody who acts, with grants in one body or everywhere; every call is a command of its own."""
    grants = tuple(Grant(role, body) for role in roles)
    return Actor(person_id=person, device_id=f"device-{person}", name=name or person, grants=grants)


def resending(who: Actor, op_id: str | None = None) -> Actor:
    """The same actor with a command identity, so that the same command sent twice is done once."""
    return msgspec.structs.replace(who, op=OpKey(op_id or new_id(), b"hash"))


class Server:
    """A running application on a free port."""

    def __init__(self, app: web.Application) -> None:
        self.app = app
        self.core = app[application.CORE]
        self.http = TestServer(app, host="localhost")

    @property
    def url(self) -> str:
        """Its address without a trailing slash."""
        return str(self.http.make_url("/")).rstrip("/")


async def start(config: Config) -> Server:
    """Build the application and serve it."""
    server = Server(await application.build_app(config))
    await server.http.start_server()
    return server


async def states(core: Core, *streams: str) -> dict[str, dict[tuple[str, str], Entity]]:
    """The fresh snapshot of each stream."""

    def read(read: Read) -> dict[str, dict[tuple[str, str], Entity]]:
        return {stream: journal.snapshot_state(read, stream) for stream in streams}

    return await core.db.read(read)
