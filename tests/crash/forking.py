"""A server that is killed and started again many times: it is loaded once, and each start is a fork of what was loaded.

Run as a program it reads lines from standard input, starts ``phien serve`` for each, and answers with the process id.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import pkgutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.crash.test_crash import Crashes


class Forked(Crashes):
    """Like ``Crashes``, and faster where there are many starts."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._pid = 0
        self._loaded: subprocess.Popen[bytes] | None = None

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
        """Start the server, and wait until it answers."""
        assert not failpoint
        if self._loaded is None:
            env = {**os.environ, "PHIEN_PORT": str(self.port), "PHIEN_DATA_DIR": str(self.folder)}
            root = str(Path(__file__).parents[2])
            self._loaded = subprocess.Popen(
                [sys.executable, "-m", "tests.crash.forking"],
                env={**env, "PYTHONPATH": root}, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
        loaded = self._loaded
        assert loaded.stdin is not None
        assert loaded.stdout is not None
        loaded.stdin.write(b"start\n")
        loaded.stdin.flush()
        self._pid = int(await asyncio.to_thread(loaded.stdout.readline))
        async with asyncio.timeout(90):
            while not await self._answers():
                assert self.alive, "the server did not start"
                await asyncio.sleep(0.01)

    def kill(self) -> None:
        """End it as ``kill -9`` does; the loaded program waits for the next start."""
        while self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)

    def close(self) -> None:
        """End it, and what was loaded."""
        self.kill()
        if self._loaded is not None:
            self._loaded.kill()
            self._loaded.communicate()


def _load() -> None:
    import server

    for module in pkgutil.walk_packages(server.__path__, "server."):
        if not module.name.startswith("server.migrations") and not module.name.endswith("__main__"):
            with contextlib.suppress(ImportError):  # one is for the Python of LibreOffice
                importlib.import_module(module.name)


def _serve() -> None:
    from server import cli

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(0, 1)
    os._exit(cli.main(["serve"]))


def main() -> None:
    """Fork for every line until there are no more."""
    _load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are not waited for
    while sys.stdin.buffer.readline():
        pid = os.fork()
        if pid == 0:
            _serve()
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
