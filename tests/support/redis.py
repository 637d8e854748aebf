"""A private Redis for one test worker: on a socket in a temporary folder, nothing on disk."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path


class Redis:
    """One running server that can be killed and started again."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="phien-redis-", dir="/tmp"))
        self.socket = self._folder / "s"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.socket, "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL, cwd=self._folder,
        )  # fmt: skip
        for _ in range(200):
            if subprocess.run(["redis-cli", "-s", self.socket, "ping"], capture_output=True, check=False).stdout:
                return
            time.sleep(0.02)
        raise RuntimeError("redis-server did not start")

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self.socket.unlink(missing_ok=True)

    def close(self) -> None:
        """End it and remove its folder."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)
