"""Asking a running server as one of the world's people, by HTTP and by socket, and what the answer was."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec

from server.accounts import actions as accounts
from server.accounts.actions import COOKIE, Visitor
from server.accounts.wire import SignIn
from server.app import HOUSE
from tests.support.sitting_clients import _PASSWORD
from tests.support.world import NOBODY, SCREEN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from server.core.http import Route
    from tests.contract.rows import Row
    from tests.support.world import Spot, World

PASSWORD = _PASSWORD


@dataclass(frozen=True)
class Answer:
    """Status, error code (empty where there is none) and all bytes, headers included, that came back."""

    status: int
    code: str
    told: bytes
    body: Any = field(compare=False, default=None)


class Asker:
    """One connection pool for all people; each request carries its own cookie."""

    def __init__(self, world: World, session: aiohttp.ClientSession) -> None:
        self.world = world
        self.session = session

    async def ask(
        self, name: str, method: str, path: str, *, body: Any = None, fresh: bool = False, **options: Any
    ) -> Answer:
        """One request as a person, or as nobody; ``fresh`` asks from another device of theirs."""
        wanted = {"Origin": self.world.server.url, **options.pop("headers", {})}
        headers = {key: value for key, value in wanted.items() if value is not None}
        if name != NOBODY:
            token = (
                await self.fresh_token(name) if fresh and name != SCREEN else self.world.clients[name].headers["Cookie"]
            )
            headers["Cookie"] = token
        if body is not None:
            options["json"] = body
        async with self.session.request(method, self.world.server.url + path, headers=headers, **options) as answer:
            raw = await answer.read()
            shown = "\n".join(f"{key}: {value}" for key, value in answer.headers.items() if key != "Date")
            decoded = msgspec.json.decode(raw) if raw and answer.content_type == "application/json" else None
        code = decoded["error"]["code"] if isinstance(decoded, dict) and "error" in decoded else ""
        if not code and answer.status >= 400:
            code = "gone" if answer.status == 410 else f"http_{answer.status}"
        return Answer(answer.status, code, shown.encode() + b"\n" + raw, decoded)

    async def raw(self, name: str, path: str, query: Mapping[str, str], *, body: Any = None) -> bytes:
        """The bytes of an answer that must succeed; with a body it is a POST."""
        headers = {"Origin": self.world.server.url, "Cookie": self.world.clients[name].headers["Cookie"]}
        method = "GET" if body is None else "POST"
        url = self.world.server.url + path
        async with self.session.request(method, url, headers=headers, params=dict(query), json=body) as answer:
            assert answer.status == 200, (name, path, answer.status)
            return await answer.read()

    async def fresh_token(self, name: str) -> str:
        """The cookie of one more device of a person."""
        person = self.world.ids[name]
        command = SignIn(user=f"u-{person[-12:]}", password=PASSWORD)
        entered = await accounts.sign_in(self.world.server.core, command, visitor=Visitor(address="127.0.0.1"))
        return f"{COOKIE}={entered.token}"

    async def row(self, name: str, route: Route, row: Row, spot: Spot) -> Answer:
        """One operation of the table at a place."""
        if row.renew is not None and spot in self.world.spots.values():
            spot = await row.renew(self.world, spot)
        of_place = {name: getattr(spot, attribute) for name, attribute in row.asks_of.items()}
        options: dict[str, Any] = {"params": {**row.query, **of_place}, "headers": row.headers}
        if row.data is not None:
            kind = route.consumes if row.data[:1] != b"{" else "text/plain"
            options |= {"data": row.data, "headers": {**row.headers, "Content-Type": kind}}
        elif route.body is not None:
            options["body"] = row.body(self.world, spot) or {}
        return await self.ask(name, route.method, self.path(route, row, spot), fresh=row.fresh, **options)

    def path(self, route: Route, row: Row, spot: Spot) -> str:
        """The route's path with the ids of a place; people and devices are those of somebody who does nothing."""
        spare, known = self.world.ids["spare"], self.world.spots.values()
        house = {
            "person": spare,
            "person_id": spare,
            "passkey_id": spare,
            "lending_id": spare,
            "page": "1",
            "length": "99",
            "screen": spare,
            "body_id": self.world.bodies["b"],
            "stream": f"i:{spot.item}",
        }
        if spot in known:
            house |= {
                "screen": spare,
                "device_id": self.world.devices["spare"],
                "posting_id": self.world.postings["spare"],
            }
        else:
            house |= {"device_id": spot.item, "posting_id": spot.item}
        path = route.path
        for param in route.path_params:
            value = getattr(spot, row.names.get(param, param), None) or house[param]
            path = path.replace(f"{{{param}}}", value)
        return path


def routes(world: World) -> dict[str, Route]:
    """The route table of the running application, by operation."""
    return {route.operation_id: route for route in world.server.app[HOUSE].routes}


@asynccontextmanager
async def asking(world: World) -> AsyncIterator[Asker]:
    """Somebody to ask by."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield Asker(world, session)
