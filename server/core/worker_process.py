"""One child process of a pool, seen from the server: started, asked, killed with all that it started."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

import msgspec

from server.core import sandbox, starting
from server.core.worker_child import FRAME, Reply, Task

REPLY_BYTES = 256 * 1024 * 1024


class Child:
    """A child with a session of its own, and the line over which tasks go to it and replies come back.

    A walled one runs each task in a fork of itself, so that no file meets what a file before it left behind, and gets
    the files it works on as open descriptors: no path of this machine means anything to it. The line is bound to no
    event loop: a child outlives the loop that started it, if its pool's owner lets it.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        line: socket.socket,
        hands: socket.socket | None = None,
        folder: tempfile.TemporaryDirectory[str] | None = None,
    ) -> None:
        self._process = process
        self._line = line
        self._hands = hands
        self._folder = folder
        self._turn = asyncio.Lock()
        self.tasks = 0
        self.is_fit = False

    @property
    def is_walled(self) -> bool:
        """Whether it runs each task apart."""
        return self._hands is not None

    @classmethod
    async def start(cls, nice: int) -> Self:
        """Start a child that sees what the server sees, with a folder of its own for what libraries put aside."""
        return await starting.start(lambda: cls._begun(nice))

    @classmethod
    async def start_walled(cls, nice: int, readable: Sequence[str]) -> Self:
        """Start a child behind the highest wall there is; it can load the server's code and what is ``readable``."""
        return await starting.start(lambda: cls._begun_walled(nice, readable))

    @classmethod
    def _begun(cls, nice: int) -> Self:
        folder = tempfile.TemporaryDirectory(prefix="phien-child-", ignore_cleanup_errors=True)
        try:
            return cls(*_started(_argv(nice, None), {**os.environ, "TMPDIR": folder.name}, ()), folder=folder)
        except BaseException:
            folder.cleanup()
            raise

    @classmethod
    def _begun_walled(cls, nice: int, readable: Sequence[str]) -> Self:
        ours, theirs = socket.socketpair()
        with theirs:
            argv = sandbox.command(_argv(nice, theirs.fileno()), readable=(*sandbox.python_paths(), *readable))
            try:
                return cls(*_started(argv, sandbox.environment(), (theirs.fileno(),)), hands=ours)
            except BaseException:
                ours.close()
                raise

    async def ask(self, task: Task, files: Sequence[int] = ()) -> Reply:
        """Send a task and wait for its reply. Raises OSError or EOFError when the child ends instead."""
        self.tasks += 1
        # Not fit until the answer is whole: a cancelled exchange leaves half a frame on the line.
        self.is_fit = False
        if self._hands is not None and files:
            socket.send_fds(self._hands, [b"."], list(files))
        frame = msgspec.msgpack.encode(task)
        async with self._turn:
            await asyncio.get_running_loop().sock_sendall(self._line, FRAME.pack(len(frame)) + frame)
            (length,) = FRAME.unpack(await self._heard(FRAME.size))
            if length > REPLY_BYTES:
                raise EOFError(f"reply of {length} bytes")
            return msgspec.msgpack.decode(await self._heard(length), type=Reply)

    async def _heard(self, length: int) -> bytearray:
        loop, heard, begun = asyncio.get_running_loop(), bytearray(length), 0
        with memoryview(heard) as rest:
            while begun < length:
                got = await loop.sock_recv_into(self._line, rest[begun:])
                if not got:
                    raise EOFError("the child ended")
                begun += got
        return heard

    def used(self) -> float:
        """Seconds of CPU that it and all below it have used; 0 where the system does not tell."""
        return sum(_used(pid) for pid in _family(self._process.pid))

    def peak_mib(self) -> float:
        """The most memory that any process of it and below it has used so far; 0 where the system does not tell."""
        return max((_peak_mib(pid) for pid in _family(self._process.pid)), default=0.0)

    async def kill(self) -> None:
        """End the child's whole process group, and reap it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await asyncio.to_thread(self._process.wait)
        # Who still listens hears the end of the line first: a loop never learns that what it watches was closed.
        async with self._turn:
            self._line.close()
        if self._hands is not None:
            self._hands.close()
        if self._folder is not None:
            await asyncio.to_thread(self._folder.cleanup)


def _family(pid: int) -> Iterator[int]:
    """It, and all below it that live."""
    yield pid
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for each in below:
        yield from _family(int(each))


def _used(pid: int) -> float:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in stat[11:15]) / os.sysconf("SC_CLK_TCK")  # utime, stime, and of those that ended


def _peak_mib(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def _argv(nice: int, hands: int | None) -> list[str]:
    apart = [] if hands is None else [str(hands)]
    return [sys.executable, "-m", "server.core.worker_child", str(nice), *apart]


def _started(
    argv: Sequence[str], environment: dict[str, str], handed: tuple[int, ...]
) -> tuple[subprocess.Popen[bytes], socket.socket]:
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            process = subprocess.Popen(  # noqa: S603 - no shell, nothing from outside
                argv,
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                start_new_session=True,
                pass_fds=handed,
                env={**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        except BaseException:
            ours.close()
            raise
    ours.setblocking(False)  # noqa: FBT003 - the standard library's own order
    return process, ours
