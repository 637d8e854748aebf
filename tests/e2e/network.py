"""The network between one browser profile and the server, to be cut: a forward proxy that this profile alone uses."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

_PIECE = 65_536


class Line:
    """Give ``settings`` to a browser context. Connections go to the one server that it was made for."""

    def __init__(self, url: str) -> None:
        to = urlsplit(url)
        assert to.hostname is not None
        assert to.port is not None
        self._host, self._port = to.hostname, to.port
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.is_cut = False
        self.port = 0
        self.sent = 0  # bytes towards the server
        self.tears: list[int] = []  # every connection tears once so many have gone, the least first

    @property
    def settings(self) -> dict[str, str]:
        """As Playwright takes a proxy; Chromium would leave it out for this machine unless told otherwise."""
        return {"server": f"http://127.0.0.1:{self.port}", "bypass": "<-loopback>"}

    @property
    def connections(self) -> int:
        """How many connections to the server are open."""
        return len(self._open) // 2

    def drop(self) -> None:
        """Tear every connection; new ones are let through."""
        for writer in list(self._open):
            writer.transport.abort()

    def cut(self) -> None:
        """Tear every connection and refuse new ones."""
        self.is_cut = True
        self.drop()

    def mend(self) -> None:
        """Let connections through again."""
        self.is_cut = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the browser."""
        self._keep(writer)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            method, target = head.split(b" ", 2)[:2]
            if not self.is_cut and self._is_ours(method, target):
                await self._relay(method, head, reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the browser has gone, or the line was torn
        finally:
            self._end(writer)

    async def _relay(
        self, method: bytes, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        inward, outward = await asyncio.open_connection(self._host, self._port)
        self._open.add(outward)
        try:
            if method == b"CONNECT":  # of a WebSocket
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            else:
                outward.write(head)
            await asyncio.gather(_pass(reader, outward, self._counted), _pass(inward, writer))
        finally:
            self._end(outward)

    def _counted(self, size: int) -> None:
        self.sent += size
        if self.tears and self.sent >= self.tears[0]:
            self.tears.pop(0)
            self.drop()

    def _is_ours(self, method: bytes, target: bytes) -> bool:
        at = target.decode("ascii") if method == b"CONNECT" else urlsplit(target.decode("ascii")).netloc
        return at == f"{self._host}:{self._port}"

    def _keep(self, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _end(self, writer: asyncio.StreamWriter) -> None:
        self._open.discard(writer)
        writer.close()

    async def close(self) -> None:
        """End what is under way."""
        self.cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _pass(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, told: Callable[[int], None] | None = None
) -> None:
    """Hand on what comes until it ends; then the other side learns of the end."""
    try:
        while piece := await reader.read(_PIECE):
            if told is not None:
                told(len(piece))
            writer.write(piece)
            await writer.drain()
    finally:
        writer.close()


@asynccontextmanager
async def line(url: str) -> AsyncIterator[Line]:
    """A line to the server at ``url``."""
    made = Line(url)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        await made.close()
        await server.wait_closed()
