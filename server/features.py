"""The features, in the order in which a meeting meets them, and what a feature is given to set itself up."""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.fanout import Link
    from server.core.http import Route
    from server.core.sockets import SocketCommand

FEATURES = (
    "directory",
    "accounts",
    "meetings",
    "documents",
    "invitations",
    "annotations",
    "live",
    "signatures",
    "drafting",
    "exchange",
)


async def _nobody(_request: web.Request) -> Actor | None:
    return None


@dataclass
class House:
    """What ``setup(house)`` of each feature adds to: its routes, socket commands, hooks and background work."""

    core: Core
    routes: list[Route] = field(default_factory=list)
    commands: list[SocketCommand] = field(default_factory=list)
    # Awaited in turn before the first connection comes in: what a storm of tablets must find in memory.
    before_serving: list[Callable[[Core], Awaitable[None]]] = field(default_factory=list)
    # Work that runs as long as the server does; each is awaited in a task of its own and restarted when it fails.
    background: list[Callable[[Core], Awaitable[None]]] = field(default_factory=list)
    on_connected: list[Callable[[Link], None]] = field(default_factory=list)
    on_gone: list[Callable[[Link], None]] = field(default_factory=list)
    on_heard: list[Callable[[Link], None]] = field(default_factory=list)
    authenticate: Callable[[web.Request], Awaitable[Actor | None]] = _nobody


def set_up(house: House) -> None:
    """Let every feature add itself."""
    for name in FEATURES:
        importlib.import_module(f"server.{name}").setup(house)


def wire_modules() -> list[str]:
    """The modules that declare messages."""
    core = ("sockets", "delivery", "journal.append", "journal.catchup")
    return [*(f"server.core.{name}" for name in core), *(f"server.{name}.wire" for name in FEATURES)]
