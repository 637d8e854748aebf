"""People signed in on a real server: their HTTP, and a socket that keeps the state of each stream it joins."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
import socketio

from server.accounts import actions as accounts
from server.accounts.actions import COOKIE, Visitor
from server.accounts.wire import AccountGive, SignIn
from server.core.access import Grant, Role
from server.core.wire import PROTOCOL
from tests.support.house import actor
from tests.support.streams import apply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.house import Server

_PASSWORD = "đồng bằng sông Hồng 1"


class Client:
    """One person on one device."""

    def __init__(self, server: Server, person: str, token: str) -> None:
        self.server = server
        self.person = person
        self.headers = {"Origin": server.url, "Cookie": f"{COOKIE}={token}"}
        self.io = socketio.AsyncClient(reconnection=False)
        self.heard: dict[str, list[Any]] = {}
        self.states: dict[str, dict[tuple[str, str], Any]] = {}
        self.io.on("*", self._hear)

    async def _hear(self, event: str, data: Any) -> None:
        self.heard.setdefault(event, []).append(data)
        if event == "stream.ops":
            for operation in data["ops"]:
                self.states[data["stream"]] = apply(self.states[data["stream"]], operation["event"])

    async def request(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """One request under ``/api/v1``: status and decoded answer."""
        async with (
            aiohttp.ClientSession(headers=self.headers) as session,
            session.request(method, f"{self.server.url}/api/v1{path}", json=body) as answer,
        ):
            return answer.status, await answer.json()

    async def connect(self) -> None:
        """Open the socket."""
        auth = {"proto": PROTOCOL, "device": self.person, "streams": {}}
        headers = dict(self.headers)  # the library takes the cookie out of what it is given
        await self.io.connect(self.server.url, headers=headers, auth=auth, transports=["websocket"])

    async def say(self, command: str, **fields: Any) -> Any:
        """Send a command and wait for its acknowledgement."""
        return await self.io.call(command, fields, timeout=5)

    async def join(self, stream: str) -> Any:
        """Join a stream; its snapshot becomes the state that later events change."""
        page = await self.say("stream.join", stream=stream, last_seq=0)
        if "error" not in page:
            event = {"put": page["put"], "gone": []}
            self.states[stream] = apply({}, event)
            for operation in page["ops"]:
                self.states[stream] = apply(self.states[stream], operation["event"])
        return page

    async def until(self, event: str, count: int = 1) -> list[Any]:
        """Wait until an event was heard so often; returns all of them."""
        async with asyncio.timeout(5):
            while len(self.heard.get(event, [])) < count:
                await asyncio.sleep(0.01)
        return self.heard[event]

    def everything(self) -> str:
        """All that this client has ever heard, as text."""
        return msgspec.json.encode(self.heard).decode()


async def sign_in(server: Server, person: str, *roles: Role, body: str | None = None) -> Client:
    """Give a person access and sign them in."""
    grants = tuple(Grant(role, body) for role in roles)
    user = f"u-{person[-12:]}"
    administrator = actor("administrator", Role.ADMINISTRATOR)
    await accounts.give_with_password(
        server.core, person, AccountGive(user=user, grants=grants), _PASSWORD, actor=administrator
    )
    entered = await accounts.sign_in(
        server.core, SignIn(user=user, password=_PASSWORD), visitor=Visitor(address="127.0.0.1")
    )
    return Client(server, person, entered.token)


@asynccontextmanager
async def connected(*clients: Client) -> AsyncIterator[None]:
    """Sockets of these people for a while."""
    for client in clients:
        await client.connect()
    try:
        yield
    finally:
        for client in clients:
            await client.io.disconnect()
