"""Bounded child processes for work on papers: a bad file may eat a child's time and memory, never the server's.

A function that runs in a child is a plain module-level function. Its arguments are pickled; what it returns is decoded
by msgspec as its annotated return type, never unpickled, so that a child taken over by a bad file cannot run code here.
Large inputs and outputs go by file, not by argument; to a walled pool every file goes as a ``File``.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import typing
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any, ParamSpec, TypeVar

import msgspec
import structlog

from server.core import sandbox
from server.core.errors import DomainError, ErrorSpec, register
from server.core.worker_child import Failure, Overrun, Refusal, Reply, Task, load
from server.core.worker_process import Child

DEFAULT_TIMEOUT = 60.0
DEFAULT_MEMORY_MIB = 1024
# How many may wait for a free child before the next is told to come back.
DEFAULT_QUEUE = 64
# A child is replaced after so many tasks: libraries leak. A new one loads for as long as it takes to draw fifty pages.
TASKS_PER_CHILD = 1_000
# Children yield to the server's loop; where nothing is served, they need not.
YIELDING = 5
# A task that ran out of time with so little of its CPU used was not let run: that is not its file's fault.
_STARVED = 0.2
# Files that wait at the gate: with two children, each given ten seconds, the last waits two minutes at the worst.
GATE_QUEUE = 24

P = ParamSpec("P")
R = TypeVar("R")
_log = structlog.get_logger(__name__)

register(
    ErrorSpec(
        "worker_failed",
        422,
        "Chưa xử lý được tệp này; bản gốc còn nguyên. Thử lại, hoặc in lại ra PDF rồi gửi.",
    ),
    ErrorSpec(
        "worker_timeout",
        422,
        "Xử lý tệp này quá {seconds} giây nên đã dừng; bản gốc còn nguyên. Thử lại, hoặc in lại ra PDF rồi gửi.",
    ),
    ErrorSpec("worker_busy", 503, "Máy chủ đang xử lý nhiều tệp. Chưa nhận thêm; thử lại sau ít phút."),
)


class File(msgspec.Struct, frozen=True):
    """An argument that is the path of a file; behind a wall the child gets the open file, and a path that means it."""

    path: str
    written: bool = False


class Workers:
    """A pool of children, started when first needed, kept warm, killed with all they started when they overrun.

    ``walled``: they see neither network nor file system (``server.core.sandbox``), and run each task in a fork of
    themselves. ``readable``: folders of code that they may load from beside the server's own.
    """

    def __init__(
        self,
        *,
        size: int | None = None,
        queue: int = DEFAULT_QUEUE,
        nice: int = YIELDING,
        walled: bool = False,
        readable: Sequence[str] = (),
    ) -> None:
        self._walled = walled
        self._readable = tuple(readable)
        self._modules: tuple[str, ...] = ()
        self._size = size or max(1, min(4, os.cpu_count() or 1))
        self._queue = queue
        self._nice = nice
        self._free = asyncio.Semaphore(self._size)
        self._waiting = 0
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._closed = False
        self._asking = asyncio.Lock()
        self._known: dict[str, Any] = {}
        # The most memory of any task that a bound or a crash ended; what a task returned tells of itself.
        self.peak_mib = 0.0

    async def run(
        self,
        fn: Callable[..., R],
        /,
        *args: object,
        timeout: float = DEFAULT_TIMEOUT,  # noqa: ASYNC109 - the child is killed by it, which a cancel scope cannot do
        cpu_seconds: float | None = None,
        memory_mib: int = DEFAULT_MEMORY_MIB,
    ) -> R:
        """Run ``fn(*args)`` in a child with so many seconds of wall time, of CPU (as many), and so much address space.

        The address space comes on top of what code and earlier tasks hold. Raises the DomainError that ``fn`` raised;
        ``worker_failed`` for any other end, ``worker_timeout``, and ``worker_busy`` when too many wait already, or a
        walled child, which yields to everybody, was hardly let run.
        """
        if self._closed or self._waiting >= self._queue:
            raise DomainError("worker_busy")
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        try:
            with ExitStack() as opened:
                # In a thread: a file that is made may wait behind what the disk is brought.
                given, handed, files = await asyncio.to_thread(self._given, args, opened)
                task = Task(_name(fn), pickle.dumps(given), cpu_seconds or timeout, memory_mib, handed)
                reply = await self._exchange(task, files, timeout)
        finally:
            self._free.release()
        return _result(fn, reply, cpu_seconds or timeout)

    async def once(self, fn: Callable[[], R]) -> R:
        """What ``fn()`` returns in a child, asked once in the life of the pool; who comes meanwhile waits for it.

        Raises what ``run`` raises; the next one then asks again.
        """
        async with self._asking:
            if _name(fn) not in self._known:
                self._known[_name(fn)] = await self.run(fn)
        found: R = self._known[_name(fn)]
        return found

    async def warm(self, *modules: str) -> None:
        """Start all children and let each load ``modules``; whoever replaces one loads them too."""
        self._modules = modules
        await asyncio.gather(*(self.run(load, modules) for _ in range(self._size)))

    async def close(self) -> None:
        """Kill every child and wait until it is gone. Calls under way fail with ``worker_failed``."""
        self._closed = True
        children = [*self._idle, *self._busy]
        self._idle.clear()
        await asyncio.gather(*(child.kill() for child in children))

    def _given(self, args: Sequence[object], opened: ExitStack) -> tuple[list[object], tuple[int, ...], list[int]]:
        """The arguments as they are sent, which of them are files that are handed over, and those."""
        given = [arg.path if isinstance(arg, File) else arg for arg in args]
        if not (self._walled and sandbox.wall() == "bubblewrap"):
            return given, (), []
        places = [place for place, arg in enumerate(args) if isinstance(arg, File)]
        files = [_opened(arg, opened) for arg in args if isinstance(arg, File)]
        return given, tuple(places), files

    async def _start(self) -> Child:
        if not self._walled:
            return await Child.start(self._nice)
        child = await Child.start_walled(self._nice, self._readable)
        if self._modules:
            await child.ask(Task(_name(load), pickle.dumps([self._modules]), DEFAULT_TIMEOUT, DEFAULT_MEMORY_MIB))
        return child

    async def _begun(self) -> Child:
        try:
            return await self._start()
        except (OSError, EOFError, msgspec.MsgspecError) as error:
            _log.exception("a child did not start")
            raise DomainError("worker_busy") from error

    async def _exchange(self, task: Task, files: Sequence[int], seconds: float) -> Reply:
        child = self._idle.pop() if self._idle else await self._begun()
        self._busy.add(child)
        before = child.used()
        try:
            async with asyncio.timeout(seconds):
                reply = await child.ask(task, files)
        except TimeoutError as error:
            self.peak_mib = max(self.peak_mib, child.peak_mib())
            if child.is_walled and child.used() - before < _STARVED * min(seconds, task.seconds):
                raise DomainError("worker_busy") from error
            raise DomainError("worker_timeout", seconds=round(seconds)) from error
        except (OSError, EOFError, msgspec.MsgspecError) as error:
            _log.warning("a child ended", task=task.function, reason=repr(error))
            raise DomainError("worker_failed") from error
        else:
            self.peak_mib = max(self.peak_mib, reply.peak_mib)
            child.is_fit = child.is_walled or (child.tasks < TASKS_PER_CHILD and not isinstance(reply.outcome, Failure))
            return reply
        finally:
            self._busy.discard(child)
            if child.is_fit and not self._closed:
                self._idle.append(child)
            else:
                await asyncio.shield(child.kill())


def _opened(file: File, opened: ExitStack) -> int:
    # Not followed where it is written: the name is ours, and so must be what it names.
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW if file.written else os.O_RDONLY
    number = os.open(file.path, flags | os.O_CLOEXEC, 0o600)
    opened.callback(os.close, number)
    return number


def _name(fn: Callable[..., object]) -> str:
    if "." in fn.__qualname__:
        raise TypeError(f"only a function of a module runs in a child: {fn.__qualname__}")
    return f"{fn.__module__}:{fn.__qualname__}"


def _result(fn: Callable[..., R], reply: Reply, seconds: float) -> R:
    outcome = reply.outcome
    if isinstance(outcome, Overrun):
        raise DomainError("worker_timeout", seconds=round(seconds))
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
