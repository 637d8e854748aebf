"""Everything that the server tells a page, kept as text: answers, frames, to be searched for what it must not know."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from playwright.async_api import Error

if TYPE_CHECKING:
    from playwright.async_api import Page, Response, WebSocket


class Ear:
    """Listens from now on."""

    def __init__(self, page: Page) -> None:
        self._said: list[str] = []
        self._reading: set[asyncio.Task[None]] = set()
        page.on("websocket", self._opened)
        page.on("response", self._answered)

    def _opened(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self._said.append(_text(frame)))

    def _answered(self, response: Response) -> None:
        if "/api/v1/" in response.url:
            task = asyncio.ensure_future(self._read(response))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)

    async def _read(self, response: Response) -> None:
        try:
            kind = await response.header_value("content-type") or ""
            if "json" in kind:
                self._said.append(await response.text())
        except Error:
            return  # the page moved on; what it did not read it did not hear

    async def heard(self, words: str) -> bool:
        """Whether these words reached the page, in any answer or frame until now."""
        await asyncio.gather(*self._reading)
        return any(words in each for each in self._said)


def _text(frame: str | bytes) -> str:
    return frame.decode("utf-8", "replace") if isinstance(frame, bytes) else frame
