"""The child's side of ``server.core.workers``: reads tasks, runs each within its limits, writes replies."""

from __future__ import annotations

import ctypes
import functools
import importlib
import math
import os
import pickle
import resource
import signal
import struct
import sys
import traceback
from pathlib import Path
from typing import IO

import msgspec

FRAME = struct.Struct(">Q")

_MIB = 1024 * 1024
_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


class Task(msgspec.Struct, frozen=True):
    """``module:function``, its pickled arguments (they come from the parent), and its limits."""

    function: str
    arguments: bytes
    seconds: float
    memory_mib: int


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


class Reply(msgspec.Struct, frozen=True):
    """How a task ended."""

    outcome: Value | Refusal | Failure


def main() -> None:
    """Serve tasks until the parent closes the pipe."""
    tasks, replies = _take_pipes()
    _settle(int(sys.argv[1]))
    while head := tasks.read(FRAME.size):
        task = msgspec.msgpack.decode(tasks.read(FRAME.unpack(head)[0]), type=Task)
        frame = msgspec.msgpack.encode(Reply(_perform(task)))
        replies.write(FRAME.pack(len(frame)) + frame)
        replies.flush()


def _take_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Keep the pipes for ourselves: what a library prints goes to the server's log, not between the frames."""
    tasks, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return tasks, replies


def _settle(nice: int) -> None:
    """Yield to the server's loop, leave no core dumps with papers in them, and end when the server ends."""
    os.nice(nice)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _perform(task: Task) -> Value | Refusal | Failure:
    from server.core.errors import DomainError  # noqa: PLC0415 - the parent's module imports this one

    try:
        _free_address_space()
        module, _sep, name = task.function.partition(":")
        function = functools.partial(getattr(importlib.import_module(module), name), *pickle.loads(task.arguments))  # noqa: S301 - from the parent
        _limit(task)
        return Value(msgspec.msgpack.encode(function()))
    except DomainError as error:
        return Refusal(error.code, {name: _plain(value) for name, value in error.args_by_name.items()})
    except BaseException:  # noqa: BLE001 - the parent is told whatever it was
        return Failure(traceback.format_exc(limit=-5))


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
