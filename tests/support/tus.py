"""A sender of the tus protocol, for tests: it says exactly what it is told to say."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import aiohttp
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.sitting_clients import Client

BYTES = "application/offset+octet-stream"


class Said(Struct, frozen=True):
    """What the server answered: status, headers, and the decoded JSON where there is any."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def code(self) -> str:
        """The code of a refusal."""
        return str(self.body["error"]["code"]) if self.body else ""

    @property
    def offset(self) -> int:
        """How much the server says to have."""
        return int(self.headers["Upload-Offset"])


class Sender:
    """One person who sends; headers that are given as None are left out."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def ask(self, method: str, path: str, data: Any = None, **headers: str | None) -> Said:
        """One request under ``/api/v1``; underscores in header names stand for dashes."""
        sent: dict[str, str | None] = {**self.client.headers, "Tus-Resumable": "1.0.0"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        url = path if path.startswith("http") else f"{self.client.server.url}{path}"
        async with (
            aiohttp.ClientSession(skip_auto_headers=("Content-Type",)) as session,
            session.request(
                method, url, data=data, headers={name: value for name, value in sent.items() if value is not None}
            ) as answer,
        ):
            raw = await answer.read()
            return Said(answer.status, answer.headers, json.loads(raw) if raw else None)

    async def begin(
        self,
        where: str,
        size: int | str,
        data: bytes | None = None,
        meta: Mapping[str, str] | None = None,
        **headers: Any,
    ) -> Said:
        """Begin an upload at ``/items/…`` or ``/papers/…``."""
        headers.setdefault("Upload_Metadata", metadata(meta if meta is not None else {"filename": "a.pdf"}))
        if data is not None:
            headers["Content_Type"] = BYTES
        return await self.ask("POST", f"/api/v1{where}/uploads", data, Upload_Length=str(size), **headers)

    async def send(self, location: str, at: int, data: Any, **headers: Any) -> Said:
        """Send on."""
        headers.setdefault("Content_Type", BYTES)
        return await self.ask("PATCH", location, data, Upload_Offset=str(at), **headers)

    async def finish(self, location: str, **body: Any) -> Said:
        """Ask for what it became."""
        data = json.dumps(body).encode()
        return await self.ask("POST", f"{location}/finish", data, Content_Type="application/json")


def metadata(values: Mapping[str, str]) -> str:
    """As the header has it."""
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in values.items())
