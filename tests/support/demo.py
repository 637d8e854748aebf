"""The demo as people start it: seeded once by the real command, then served from a copy for each worker."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# The seeding's own bound is 90 s; a machine that is shared gets more before a test calls it stuck.
READY_SECONDS = 240.0
_END_SECONDS = 20.0


class DemoAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One role in the ready file."""

    role: str
    user: str
    password: str


class Ready(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ready file, with nothing else in it."""

    url: str
    accounts: tuple[DemoAccount, ...]
    meeting: str


@dataclass(frozen=True)
class Demo:
    """A demo that is served: its data folder, what it said, how long it took to be ready, what it is."""

    data: Path
    ready: Ready
    seconds: float
    output: Path
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """Its address without a trailing slash."""
        return self.ready.url.rstrip("/")

    def account(self, role: str) -> DemoAccount:
        """Who plays a role."""
        return next(each for each in self.ready.accounts if each.role == role)

    async def enter(self, role: str) -> Visit:
        """Sign in by password."""
        account = self.account(role)
        visit = Visit(self.url)
        body = {"user": account.user, "password": account.password, "device_name": "test"}
        status, answer = await visit.request("POST", "/accounts/sign-in", body)
        assert status == 200, answer
        return visit


class Visit:
    """Requests of one person; the cookie is carried by hand, since the library sends a secure one by HTTPS alone."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.headers = {"Origin": url}

    async def request(self, method: str, path: str, body: Any = None, *, pdf: bytes = b"") -> tuple[int, Any]:
        """One request under ``/api/v1``: status and decoded answer, bytes where it is not JSON; ``pdf`` is uploaded."""
        sent: dict[str, Any] = {"data": pdf, "headers": {"Content-Type": "application/pdf"}} if pdf else {"json": body}
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), headers=self.headers) as session,
            session.request(method, f"{self.url}/api/v1{path}", **sent) as answer,
        ):
            for cookie in answer.cookies.values():  # a sign-in sets one
                self.headers["Cookie"] = f"{cookie.key}={cookie.value}"
            if answer.content_type == "application/json":
                return answer.status, await answer.json()
            return answer.status, await answer.read()

    async def get(self, path: str) -> Any:
        """What is there; anything but 200 fails the test."""
        status, answer = await self.request("GET", path)
        assert status == 200, (path, answer)
        return answer


def phien(*arguments: str, module: str = "server.cli") -> list[str]:
    """The command line of ``phien``, in this interpreter."""
    return [sys.executable, "-m", module, *arguments]


@contextmanager
def serving(data: Path, *arguments: str, tokens: Mapping[str, Mapping[str, str]] | None = None) -> Iterator[Demo]:
    """``phien demo`` on ``data`` until the end of the block; ended by SIGINT, as Ctrl-C does.

    ``tokens``: in its configuration, name → module and label; SoftHSM's own comes by the environment.
    """
    ready, output = data.parent / f"{data.name}-ready.json", data.parent / f"{data.name}-output.txt"
    ready.unlink(missing_ok=True)
    began = time.monotonic()
    module = "server.cli" if tokens is None else "tests.support.demo_with_tokens"
    command = phien("demo", "--data", str(data), "--port", "0", "--ready-file", str(ready), *arguments, module=module)
    environment = os.environ | {"DEMO_TOKENS": msgspec.json.encode(tokens or {}).decode()}
    with output.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment)
    try:
        while not ready.exists():
            assert process.poll() is None, output.read_text(encoding="utf-8")
            assert time.monotonic() - began < READY_SECONDS, output.read_text(encoding="utf-8")
            time.sleep(0.05)
        said = msgspec.json.decode(ready.read_bytes(), type=Ready)
        yield Demo(data, said, time.monotonic() - began, output, process)
        assert process.poll() is None, output.read_text(encoding="utf-8")
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(frozen=True)
class Seed:
    """A folder that was seeded and is served no more; copy it. ``seconds``: from the command to being served."""

    data: Path
    seconds: float

    def copy(self, to: Path) -> Path:
        """Everything in it at another place; bytes of papers never change, so they are shared."""
        shutil.copytree(self.data, to, copy_function=_copy)
        return to


def _copy(source: str, target: str) -> str:
    if Path(source).parent.parent.name == "blobs":
        os.link(source, target)
        return target
    return str(shutil.copy2(source, target))


@pytest.fixture(scope="session")
def demo_seed(tmp_path_factory: pytest.TempPathFactory) -> Seed:
    """The demo's data, seeded once for all workers by the real command."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    data, took = base / "demo-seed", base / "demo-seed-seconds"
    with (base / "demo-seed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not took.exists():
            with serving(data) as demo:
                seconds = demo.seconds
            took.write_text(str(seconds), encoding="utf-8")
    return Seed(data, float(took.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def demo_server(demo_seed: Seed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, served for this worker; tests that change it leave it fit for the next."""
    with serving(demo_seed.copy(tmp_path_factory.mktemp("demo") / "data")) as demo:
        yield demo
