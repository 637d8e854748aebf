"""A private PostgreSQL for one test worker: started in a temporary folder, on a socket there, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

_SETTINGS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


def binaries() -> Path | None:
    """The folder of ``initdb`` and ``postgres``, or None where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


class Postgres:
    """One running server. ``url(name)`` addresses a database of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="phien-pg-", dir="/tmp"))  # a socket's path must be short
        self._bin = binaries()
        self._process: subprocess.Popen[bytes] | None = None
        self._log = folder / "postgres.log"

    def start(self) -> None:
        """Make the cluster and start it; it refuses root, so root starts it as ``postgres``."""
        assert self._bin is not None
        user = "postgres" if os.geteuid() == 0 else None
        if user is not None:
            entry = pwd.getpwnam(user)
            os.chown(self._folder, entry.pw_uid, entry.pw_gid)
        data = self._folder / "data"
        subprocess.run(
            [self._bin / "initdb", "-D", data, "-U", "phien", "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8"],
            check=True, user=user, stdout=subprocess.DEVNULL, env={"PATH": os.environ["PATH"]}, cwd=self._folder,
        )  # fmt: skip
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", data, "-k", self._folder, "-h", "", *_SETTINGS.split()],
                user=user, stdout=log, stderr=log, cwd=self._folder,
            )  # fmt: skip
        self._wait()

    def _wait(self) -> None:
        assert self._bin is not None
        for _ in range(200):
            ready = subprocess.run(
                [self._bin / "pg_isready", "-q", "-h", self._folder, "-U", "phien"], check=False
            ).returncode
            if ready == 0:
                return
            time.sleep(0.05)
        raise RuntimeError(self._log.read_text(encoding="utf-8"))

    def url(self, name: str = "postgres") -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql://phien@/{name}?host={self._folder}"

    def psql(self, statement: str) -> None:
        """Run one statement in the maintenance database."""
        assert self._bin is not None
        subprocess.run(
            [self._bin / "psql", "-q", "-h", self._folder, "-U", "phien", "-d", "postgres", "-c", statement], check=True
        )

    def stop(self) -> None:
        """End the server and remove its folder."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
        shutil.rmtree(self._folder, ignore_errors=True)
