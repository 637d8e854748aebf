"""Bounded child processes for work on papers: a bad file may eat a child's time and memory, never the server's.

A function that runs in a child is a plain module-level function. Its arguments are pickled; what it returns is decoded
by msgspec as its annotated return type, never unpickled, so that a child taken over by a bad file cannot run code here.
Large inputs and outputs go by file, not by argument.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import signal
import sys
import typing
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import msgspec
import structlog

from server.core.errors import DomainError, ErrorSpec, register
from server.core.worker_child import FRAME, Failure, Refusal, Reply, Task

DEFAULT_TIMEOUT = 60.0
DEFAULT_MEMORY_MIB = 1024
# How many may wait for a free child before the next is told to come back.
DEFAULT_QUEUE = 64
# A child is replaced after so many tasks: libraries leak.
TASKS_PER_CHILD = 100
# Children yield to the server's loop; where nothing is served, they need not.
YIELDING = 5
REPLY_BYTES = 256 * 1024 * 1024

P = ParamSpec("P")
R = TypeVar("R")
_log = structlog.get_logger(__name__)

register(
    ErrorSpec("worker_failed", 422, "Không xử lý được tệp này. Bản gốc còn nguyên."),
    ErrorSpec("worker_timeout", 422, "Tệp này xử lý quá {seconds} giây nên đã dừng. Bản gốc còn nguyên."),
    ErrorSpec("worker_busy", 503, "Máy chủ đang xử lý nhiều tệp. Chưa nhận thêm; thử lại sau ít phút."),
)


class Workers:
    """A pool of children, started when first needed, kept warm, killed with all they started when they overrun."""

    def __init__(self, *, size: int | None = None, queue: int = DEFAULT_QUEUE, nice: int = YIELDING) -> None:
        self._size = size or max(1, min(4, os.cpu_count() or 1))
        self._queue = queue
        self._nice = nice
        self._free = asyncio.Semaphore(self._size)
        self._waiting = 0
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
        self._closed = False

    async def run(
        self,
        fn: Callable[..., R],
        /,
        *args: object,
        timeout: float = DEFAULT_TIMEOUT,  # noqa: ASYNC109 - the child is killed by it, which a cancel scope cannot do
        memory_mib: int = DEFAULT_MEMORY_MIB,
    ) -> R:
        """Run ``fn(*args)`` in a child with so many seconds (of wall and of CPU) and so much address space.

        The address space comes on top of what code and earlier tasks hold. Raises the DomainError that ``fn`` raised;
        ``worker_failed`` for any other end, ``worker_timeout``, and ``worker_busy`` when too many wait already.
        """
        if self._closed or self._waiting >= self._queue:
            raise DomainError("worker_busy")
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        try:
            reply = await self._exchange(Task(_name(fn), pickle.dumps(args), timeout, memory_mib), timeout)
        finally:
            self._free.release()
        return _result(fn, reply)

    async def close(self) -> None:
        """Kill every child and wait until it is gone. Calls under way fail with ``worker_failed``."""
        self._closed = True
        children = [*self._idle, *self._busy]
        self._idle.clear()
        await asyncio.gather(*(child.kill() for child in children))

    async def _exchange(self, task: Task, seconds: float) -> Reply:
        child = self._idle.pop() if self._idle else await _Child.start(self._nice)
        self._busy.add(child)
        try:
            async with asyncio.timeout(seconds):
                reply = await child.ask(task)
        except TimeoutError as error:
            raise DomainError("worker_timeout", seconds=round(seconds)) from error
        except (OSError, EOFError, msgspec.MsgspecError) as error:
            _log.warning("a child ended", task=task.function, reason=repr(error))
            raise DomainError("worker_failed") from error
        else:
            child.is_fit = child.tasks < TASKS_PER_CHILD and not isinstance(reply.outcome, Failure)
            return reply
        finally:
            self._busy.discard(child)
            if child.is_fit and not self._closed:
                self._idle.append(child)
            else:
                await asyncio.shield(child.kill())


class _Child:
    """One child process with a session of its own, so that it can be killed with all that it started."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.tasks = 0
        self.is_fit = False

    @classmethod
    async def start(cls, nice: int) -> _Child:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "server.core.worker_child", str(nice)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        return cls(process)

    async def ask(self, task: Task) -> Reply:
        """Send a task and wait for its reply. Raises OSError or EOFError when the child ends instead."""
        to_child, from_child = self._process.stdin, self._process.stdout
        if to_child is None or from_child is None:
            raise EOFError
        self.tasks += 1
        # Not fit until the answer is whole: a cancelled exchange leaves half a frame in the pipe.
        self.is_fit = False
        frame = msgspec.msgpack.encode(task)
        to_child.write(FRAME.pack(len(frame)) + frame)
        await to_child.drain()
        (length,) = FRAME.unpack(await from_child.readexactly(FRAME.size))
        if length > REPLY_BYTES:
            raise EOFError(f"reply of {length} bytes")
        return msgspec.msgpack.decode(await from_child.readexactly(length), type=Reply)

    async def kill(self) -> None:
        """End the child's whole process group, and reap it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._process.wait()


def _name(fn: Callable[..., object]) -> str:
    if "." in fn.__qualname__:
        raise TypeError(f"only a function of a module runs in a child: {fn.__qualname__}")
    return f"{fn.__module__}:{fn.__qualname__}"


def _result(fn: Callable[..., R], reply: Reply) -> R:
    outcome = reply.outcome
    if isinstance(outcome, Refusal):
        raise DomainError(outcome.code, **outcome.arguments)
    if isinstance(outcome, Failure):
        _log.warning("a task failed in a child", task=_name(fn), error=outcome.error)
        raise DomainError("worker_failed")
    shape: Any = typing.get_type_hints(fn).get("return", Any)
    try:
        result: R = msgspec.msgpack.decode(outcome.value, type=shape)
    except msgspec.MsgspecError as error:
        raise DomainError("worker_failed") from error
    return result
