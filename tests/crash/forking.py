"""A server that is killed and started again on one data folder and port: it is loaded once, each start is a fork."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.loading import Loaded

MODULE = "tests.crash.serve"
"""What is loaded: ``with Loaded.of(forking.MODULE) as loaded``."""


class Crashes:
    """``mutant``: the mistake that is built into it."""

    def __init__(self, loaded: Loaded, folder: Path, mutant: str = "") -> None:
        self.folder, self.mutant = folder, mutant
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.up = asyncio.Event()
        self._loaded, self._pid = loaded, 0

    @property
    def alive(self) -> bool:
        """Whether a server runs."""
        if self._pid == 0:
            return False
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return False
        return True

    async def start(self, failpoint: str = "") -> None:
        """Start the server, and wait until it answers, or is struck before it does."""
        words = (str(self.port), str(self.folder), self.mutant)
        self._pid = self._loaded.start(*words, failpoint=failpoint)
        async with asyncio.timeout(90):
            while not await self._answers():
                if not self.alive:
                    assert failpoint, "the server did not start"
                    return
                await asyncio.sleep(0.01)
        self.up.set()

    async def dead(self, seconds: float) -> None:
        """Wait for the failpoint to strike; after ``seconds`` strike by hand."""
        for _ in range(int(seconds / 0.01)):
            if not self.alive:
                break
            await asyncio.sleep(0.01)
        self.kill()

    def kill(self) -> None:
        """End it as ``kill -9`` does; what is loaded waits for the next start."""
        self.up.clear()
        if self._pid == 0:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        self._loaded.rest()
        self._pid = 0

    async def _answers(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True
