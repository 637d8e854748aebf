"""The child's side of ``server.core.workers``: reads tasks, runs each within its limits, writes replies.

A child that is told of a socket for files runs each task in a fork of itself: what it loaded once is warm for all, and
whatever a bad file did to its memory ends with the fork.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import importlib
import math
import os
import pickle
import resource
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import msgspec

from server.core.yielding import give_way

FRAME = struct.Struct(">Q")

_NAME = "server.core.worker_child"
_MIB = 1024 * 1024
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36  # <linux/prctl.h>
_MOST_FILES = 32
# A fork that ends by a signal with so much of its memory used has run out of it: libraries of C++ do not say so.
_FULL = 0.6


class Task(msgspec.Struct, frozen=True):
    """``module:function``, its pickled arguments (they come from the parent), and its limits.

    ``handed``: which arguments are paths that stand for open files, which come beside in the same order.
    """

    function: str
    arguments: bytes
    seconds: float
    memory_mib: int
    handed: tuple[int, ...] = ()


class Value(msgspec.Struct, frozen=True, tag=True):
    """What the function returned, in msgpack."""

    value: bytes


class Refusal(msgspec.Struct, frozen=True, tag=True):
    """The DomainError that the function raised."""

    code: str
    arguments: dict[str, str | int | float | bool | None]


class Failure(msgspec.Struct, frozen=True, tag=True):
    """Anything else that the function raised; for the log."""

    error: str


class Overrun(msgspec.Struct, frozen=True, tag=True):
    """It used up its processor time or its memory."""


class Reply(msgspec.Struct, frozen=True):
    """How a task ended, and where a signal ended its fork the most memory that it used."""

    outcome: Value | Refusal | Failure | Overrun
    peak_mib: float = 0.0


def main() -> None:
    """Serve tasks until the parent closes the line."""
    tasks, replies = _take_line()
    _settle(int(sys.argv[1]))
    hands = socket.socket(fileno=int(sys.argv[2])) if len(sys.argv) > 2 else None  # noqa: PLR2004 - the last word
    while head := tasks.read(FRAME.size):
        task = msgspec.msgpack.decode(tasks.read(FRAME.unpack(head)[0]), type=Task)
        frame = msgspec.msgpack.encode(Reply(_perform(task))) if hands is None else _perform_apart(task, hands)
        replies.write(FRAME.pack(len(frame)) + frame)
        replies.flush()


def load(modules: Sequence[str]) -> None:
    """Load modules, so that the tasks that need them find them warm."""
    for module in modules:
        importlib.import_module(module)


def _take_line() -> tuple[IO[bytes], IO[bytes]]:
    """Keep the line for ourselves: what a library prints goes to the server's log, not between the frames."""
    tasks, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return tasks, replies


def _settle(nice: int) -> None:
    """Yield to the server's loop, leave no core dumps with papers in them, and end when the server ends."""
    give_way(nice)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        system = ctypes.CDLL(None)
        system.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        system.prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _perform_apart(task: Task, hands: socket.socket) -> bytes:
    """Run a task in a fork and return its encoded reply; loading alone is done here, to be warm for every fork."""
    if task.function == f"{_NAME}:load":
        return msgspec.msgpack.encode(Reply(_loaded(task)))
    with contextlib.suppress(Exception):  # the fork meets it again, and tells of it
        load([task.function.partition(":")[0]])
    files = socket.recv_fds(hands, 1, _MOST_FILES)[1] if task.handed else []
    heard, told = os.pipe()
    fork = os.fork()
    if fork == 0:
        _end_fork(told, task, files)
    os.close(told)
    for file in files:
        os.close(file)
    with os.fdopen(heard, "rb") as replies:
        reply = replies.read()
    _, status, usage = os.wait4(fork, 0)
    _end_orphans()
    if os.waitstatus_to_exitcode(status) == 0:
        return reply
    ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    peak_mib = usage.ru_maxrss / 1024
    is_overrun = ended == signal.SIGXCPU or (ended != 0 and peak_mib > _FULL * task.memory_mib)
    return msgspec.msgpack.encode(Reply(Overrun() if is_overrun else Failure(f"ended by signal {ended}"), peak_mib))


def _loaded(task: Task) -> Value | Failure:
    """Load without any bound: one that is set here would stay for as long as this process lives."""
    try:
        load(*pickle.loads(task.arguments))  # noqa: S301 - from the parent
        return Value(msgspec.msgpack.encode(None))
    except Exception:  # noqa: BLE001 - the parent is told whatever it was
        return Failure(traceback.format_exc(limit=-5))


def _end_orphans() -> None:
    """Kill what a fork left running: it came down to this process, which reaps for all below it."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    while listed.exists() and (left := listed.read_text(encoding="ascii").split()):
        for pid in map(int, left):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _end_fork(told: int, task: Task, files: Sequence[int]) -> None:
    """The fork's whole life. It ends without unwinding: what its parent opened is its parent's to close."""
    code = 1
    try:
        frame = msgspec.msgpack.encode(Reply(_perform(task, files)))
        with os.fdopen(told, "wb") as replies:
            replies.write(frame)
        code = 0
    finally:
        os._exit(code)


def _perform(task: Task, files: Sequence[int] = ()) -> Value | Refusal | Failure:
    from server.core.errors import DomainError  # noqa: PLC0415 - the parent's module imports this one

    try:
        _free_address_space()
        module, _sep, name = task.function.partition(":")
        function = functools.partial(getattr(importlib.import_module(module), name), *_arguments(task, files))
        _limit(task)
        return Value(msgspec.msgpack.encode(function()))
    except DomainError as error:
        return Refusal(error.code, {name: _plain(value) for name, value in error.args_by_name.items()})
    except BaseException:  # noqa: BLE001 - the parent is told whatever it was
        return Failure(traceback.format_exc(limit=-5))


def _arguments(task: Task, files: Sequence[int]) -> list[object]:
    arguments = list(pickle.loads(task.arguments))  # noqa: S301 - from the parent
    for place, file in zip(task.handed, files, strict=True):
        arguments[place] = f"/proc/self/fd/{file}"
    return arguments


def _free_address_space() -> None:
    """Lift the bound of the task before: code is loaded outside any, for it is the server's own and stays."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _limit(task: Task) -> None:
    """Bound address space and CPU, both on top of what code and earlier tasks of this child hold and used."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = _address_space() + task.memory_mib * _MIB
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime + task.seconds) + 1, hard))


def _address_space() -> int:
    """Bytes of address space in use; 0 where the system does not tell (outside Linux, where the bound is not kept)."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _plain(value: object) -> str | int | float | bool | None:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


if __name__ == "__main__":
    main()
