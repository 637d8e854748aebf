"""One child process of a pool, seen from the server: started, asked, killed with all that it started."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from server.core import sandbox
from server.core.worker_child import FRAME, Reply, Task

REPLY_BYTES = 256 * 1024 * 1024


class Child:
    """A child with a session of its own.

    A walled one runs each task in a fork of itself, so that no file meets what a file before it left behind, and gets
    the files it works on as open descriptors: no path of this machine means anything to it.
    """

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        hands: socket.socket | None,
        folder: tempfile.TemporaryDirectory[str] | None = None,
    ) -> None:
        self._process = process
        self._hands = hands
        self._folder = folder
        self.tasks = 0
        self.is_fit = False

    @property
    def is_walled(self) -> bool:
        """Whether it runs each task apart."""
        return self._hands is not None

    @classmethod
    async def start(cls, nice: int) -> Child:
        """Start a child that sees what the server sees, with a folder of its own for what libraries put aside."""
        folder = tempfile.TemporaryDirectory(prefix="phien-child-", ignore_cleanup_errors=True)
        try:
            return cls(await _started(_argv(nice, None), {**os.environ, "TMPDIR": folder.name}, ()), None, folder)
        except BaseException:
            folder.cleanup()
            raise

    @classmethod
    async def start_walled(cls, nice: int, readable: Sequence[str]) -> Child:
        """Start a child behind the highest wall there is; it can load the server's code and what is ``readable``."""
        ours, theirs = socket.socketpair()
        with theirs:
            argv = sandbox.command(_argv(nice, theirs.fileno()), readable=(*sandbox.python_paths(), *readable))
            try:
                return cls(await _started(argv, sandbox.environment(), (theirs.fileno(),)), ours)
            except BaseException:
                ours.close()
                raise

    async def ask(self, task: Task, files: Sequence[int] = ()) -> Reply:
        """Send a task and wait for its reply. Raises OSError or EOFError when the child ends instead."""
        to_child, from_child = self._process.stdin, self._process.stdout
        if to_child is None or from_child is None:
            raise EOFError
        self.tasks += 1
        # Not fit until the answer is whole: a cancelled exchange leaves half a frame in the pipe.
        self.is_fit = False
        if self._hands is not None and files:
            socket.send_fds(self._hands, [b"."], list(files))
        frame = msgspec.msgpack.encode(task)
        to_child.write(FRAME.pack(len(frame)) + frame)
        await to_child.drain()
        (length,) = FRAME.unpack(await from_child.readexactly(FRAME.size))
        if length > REPLY_BYTES:
            raise EOFError(f"reply of {length} bytes")
        return msgspec.msgpack.decode(await from_child.readexactly(length), type=Reply)

    def used(self) -> float:
        """Seconds of CPU that it and all below it have used; 0 where the system does not tell."""
        return _used(self._process.pid)

    async def kill(self) -> None:
        """End the child's whole process group, and reap it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        if self._process.stdin is not None:
            self._process.stdin.close()
        if self._hands is not None:
            self._hands.close()
        await self._process.wait()
        if self._folder is not None:
            await asyncio.to_thread(self._folder.cleanup)


def _used(pid: int) -> float:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return 0.0
    own = sum(int(ticks) for ticks in stat[11:15]) / os.sysconf("SC_CLK_TCK")  # utime, stime, and of those that ended
    return own + sum(_used(int(each)) for each in below)


def _argv(nice: int, hands: int | None) -> list[str]:
    apart = [] if hands is None else [str(hands)]
    return [sys.executable, "-m", "server.core.worker_child", str(nice), *apart]


async def _started(
    argv: Sequence[str], environment: dict[str, str], handed: tuple[int, ...]
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *argv,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
        pass_fds=handed,
        env={**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
