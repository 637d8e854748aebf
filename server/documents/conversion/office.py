"""LibreOffice behind walls: one instance kept warm in a sandbox and a profile of its own, killed when it overruns.

Not unoserver: it is driven by XML-RPC over TCP, which would have to lead into a sandbox that has no network, it must be
installed for the interpreter that has LibreOffice's `uno`, which is not ours, and it leaves macros and links to the
profile alone. `driver.py` asks LibreOffice the same way, through a pipe inside the sandbox.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import msgspec
import structlog
from msgspec import Struct

from server.core import sandbox, starting
from server.core.errors import DomainError, ErrorSpec, register
from server.documents.conversion.profile import write_profile

SECONDS = 60.0
START_SECONDS = 60.0
# LibreOffice leaks, and what it holds is nobody's for so long: a fresh one after so many files, none after so long.
FILES_PER_INSTANCE = 50
IDLE_SECONDS = 300.0

_DRIVER = Path(__file__).with_name("driver.py")
_CONFIGURATION = "/etc/libreoffice"
_log = structlog.get_logger(__name__)

register(
    ErrorSpec(
        "documents.not_converted",
        422,
        "Chưa chuyển được tệp này sang PDF; tệp đã gửi còn nguyên. Tự xuất ra PDF rồi gửi.",
    ),
    ErrorSpec(
        "documents.convert_timeout",
        422,
        "Chuyển sang PDF quá {seconds} giây nên đã dừng; tệp đã gửi còn nguyên. Tự xuất ra PDF rồi gửi.",
    ),
)


class Programs(Struct, frozen=True):
    """LibreOffice, and an interpreter that can speak to it."""

    soffice: str
    python: str


class Said(Struct, frozen=True):
    """A line of the driver."""

    ready: bool = False
    pages: int = 0
    failed: str | None = None


@functools.cache
def programs() -> Programs | None:
    """What converts office papers on this machine; None where it is not installed."""
    soffice = shutil.which("soffice")
    for python in ("/usr/bin/python3", shutil.which("python3")):
        if soffice is None or python is None or not Path(python).is_file():
            continue
        tried = subprocess.run([python, "-I", "-c", "import uno"], capture_output=True, check=False, timeout=30)  # noqa: S603 - our own words
        if tried.returncode == 0:
            return Programs(soffice, python)
    return None


class Office:
    """The LibreOffice of one process. ``folder``: where its instances have their homes while they live."""

    def __init__(self, folder: Path, *, seconds: float = SECONDS) -> None:
        self._folder = folder
        self._seconds = seconds
        self._warm: _Instance | None = None
        self._alone = asyncio.Lock()

    async def convert(self, source: Path, kind: str, target: Path) -> None:
        """Make the PDF ``target`` of the file ``source``.

        Raises ``documents.no_converter``, ``documents.not_converted``, ``documents.convert_timeout``. An instance that
        did not do it is killed with all that it started, so that the next attempt has a fresh one.
        """
        async with self._alone:
            instance = self._warm or await _Instance.start(self._folder)
            self._warm = None
            try:
                async with asyncio.timeout(self._seconds):
                    await instance.convert(source, kind, target)
            except TimeoutError as error:
                raise DomainError("documents.convert_timeout", seconds=round(self._seconds)) from error
            else:
                if instance.files < FILES_PER_INSTANCE:
                    self._warm = instance
            finally:
                if self._warm is not instance:
                    await asyncio.shield(instance.kill())

    async def rest(self) -> None:
        """End an instance that nobody has needed for long."""
        async with self._alone:
            if self._warm is not None and time.monotonic() - self._warm.used_at > IDLE_SECONDS:
                await self._end()

    async def close(self) -> None:
        """End it."""
        async with self._alone:
            await self._end()

    async def _end(self) -> None:
        instance, self._warm = self._warm, None
        if instance is not None:
            await instance.kill()


class _Instance:
    """One LibreOffice with its driver, its home and its profile, in a process group of its own."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        line: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        home: Path,
    ) -> None:
        self._process = process
        self._from_driver, self._to_driver = line
        self._home = home
        self.files = 0
        self.used_at = time.monotonic()

    @classmethod
    async def start(cls, folder: Path) -> _Instance:
        found = await asyncio.to_thread(programs)
        if found is None:
            raise DomainError("documents.no_converter")
        home = await asyncio.to_thread(_home_in, folder)
        try:
            process, line = await starting.start(lambda: _started(found, home))
            instance = cls(process, await asyncio.open_unix_connection(sock=line), home)
        except BaseException:
            await asyncio.to_thread(shutil.rmtree, home, ignore_errors=True)
            raise
        try:
            async with asyncio.timeout(START_SECONDS):
                await instance.hear()
        except BaseException as error:
            await asyncio.shield(instance.kill())
            if isinstance(error, TimeoutError):
                raise DomainError("documents.convert_timeout", seconds=round(START_SECONDS)) from error
            raise
        return instance

    async def convert(self, source: Path, kind: str, target: Path) -> None:
        self.files += 1
        self.used_at = time.monotonic()
        os.utime(self._home)  # still somebody's, for who sweeps up
        given, made = self._home / f"{self.files}.{kind}", self._home / f"{self.files}.pdf"
        try:
            await asyncio.to_thread(shutil.copyfile, source, given)
            task = {"source": str(given), "target": str(made), "kind": kind}
            self._to_driver.write(msgspec.json.encode(task) + b"\n")
            with contextlib.suppress(ConnectionError):  # then the answer is missing too
                await self._to_driver.drain()
            await self.hear()
            if not made.is_file():
                raise DomainError("documents.not_converted")
            await asyncio.to_thread(shutil.move, made, target)
        finally:
            for each in (given, made):
                await asyncio.to_thread(each.unlink, missing_ok=True)
            self.used_at = time.monotonic()

    async def hear(self) -> Said:
        """The driver's next line. Raises ``documents.not_converted`` where it failed, or is there no more."""
        line = b""
        with contextlib.suppress(ConnectionError):
            line = await self._from_driver.readline()
        try:
            said = msgspec.json.decode(line, type=Said)
        except msgspec.MsgspecError as error:
            _log.warning("LibreOffice ended", said=line[:200])
            raise DomainError("documents.not_converted") from error
        if said.failed is not None:
            _log.info("a file was not converted", reason=said.failed)
            raise DomainError("documents.not_converted")
        return said

    async def kill(self) -> None:
        """End it with all that it started, and take its home away."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._to_driver.close()
        await asyncio.to_thread(self._process.wait)
        await asyncio.to_thread(shutil.rmtree, self._home, ignore_errors=True)


def _home_in(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Path(tempfile.mkdtemp(prefix="office-", dir=folder))


def _started(found: Programs, home: Path) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """The driver, which starts LibreOffice, and the line to it."""
    profile, scratch = home / "profile", home / "tmp"
    write_profile(profile)
    scratch.mkdir()
    argv = sandbox.command(
        [found.python, "-I", str(_DRIVER), found.soffice, str(profile)],
        readable=(str(_DRIVER), _CONFIGURATION),
        writable=(str(home),),
    )
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            process = subprocess.Popen(  # noqa: S603 - no shell, nothing from outside
                argv,
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env={**sandbox.environment(), "HOME": str(home), "TMPDIR": str(scratch)},
            )
        except BaseException:
            ours.close()
            raise
    return process, ours
