"""Children: what they return, what they may not eat, and that none is left behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from server.core.errors import DomainError
from server.core.workers import Workers


class Page(msgspec.Struct):
    width: float
    name: str


def double(value: int) -> int:
    return value * 2


def pages(count: int) -> list[Page]:
    print("noise on standard output")  # noqa: T201 - libraries print
    return [Page(595.0, f"trang {n}") for n in range(count)]


def own_pid() -> int:
    return os.getpid()


def put_aside() -> str:
    return tempfile.mkdtemp()


def refuse() -> None:
    raise DomainError("too_large", limit=5)


def stumble() -> None:
    raise ValueError("secret path /etc")


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def lie() -> int:
    return "not a number"  # type: ignore[return-value]


def hang_with_a_grandchild(note: str) -> None:
    grandchild = subprocess.Popen(["sleep", "60"])
    Path(note).write_text(str(grandchild.pid))
    time.sleep(60)


def eat(mib: int) -> int:
    return len(bytearray(mib * 1024 * 1024))


def burn() -> None:
    while True:
        pass


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    pool = Workers(size=1, queue=2)
    yield pool
    await pool.close()


def is_alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    return False


async def code_of(awaitable: object) -> str:
    with pytest.raises(DomainError) as caught:
        await awaitable  # type: ignore[misc]
    return caught.value.code


async def test_values_come_back_in_the_annotated_shape(workers: Workers) -> None:
    assert await workers.run(double, 21) == 42
    assert await workers.run(pages, 2) == [Page(595.0, "trang 0"), Page(595.0, "trang 1")]


async def test_a_child_is_used_again(workers: Workers) -> None:
    assert await workers.run(own_pid) == await workers.run(own_pid) != os.getpid()


async def test_what_is_asked_once_is_one_answer_for_all(workers: Workers) -> None:
    """Whoever comes while it is worked out waits for it: many at once are no more children than one."""
    with pytest.raises(DomainError):
        await workers.once(stumble)
    assert len(set(await asyncio.gather(*(workers.once(own_pid) for _ in range(6))))) == 1


async def test_a_refusal_crosses_with_its_code_and_arguments(workers: Workers) -> None:
    with pytest.raises(DomainError) as caught:
        await workers.run(refuse)
    assert (caught.value.code, caught.value.args_by_name) == ("too_large", {"limit": 5})


@pytest.mark.parametrize("fn", [stumble, crash, lie])
async def test_any_other_end_is_a_failure_and_the_pool_works_on(workers: Workers, fn: object) -> None:
    with pytest.raises(DomainError) as caught:
        await workers.run(fn)  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.args_by_name) == ("worker_failed", {})
    assert await workers.run(double, 1) == 2


async def test_overrunning_kills_the_child_and_what_it_started(workers: Workers, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    assert await code_of(workers.run(hang_with_a_grandchild, str(note), timeout=6)) == "worker_timeout"
    grandchild = int(note.read_text())
    for _ in range(100):
        if not is_alive(grandchild):
            break
        await asyncio.sleep(0.01)
    assert not is_alive(grandchild)
    assert await workers.run(double, 1) == 2


async def test_memory_is_bounded_for_a_task_and_only_for_it(workers: Workers) -> None:
    assert await code_of(workers.run(eat, 600, memory_mib=512)) == "worker_failed"
    assert await workers.run(eat, 600, memory_mib=2048) == 600 * 1024 * 1024


async def test_what_a_task_may_use_is_on_top_of_what_code_and_tasks_before_hold(workers: Workers) -> None:
    def weight() -> int:
        raise AssertionError("a stand-in: what is named below is loaded in the child alone, for it is heavy")

    weight.__module__, weight.__qualname__ = "tests.support.heavy_to_load", "weight"
    assert await workers.run(eat, 1, memory_mib=512) == 1024 * 1024
    assert await workers.run(weight, memory_mib=512) == 600 * 1024 * 1024
    assert await workers.run(eat, 300, memory_mib=512) == 300 * 1024 * 1024
    assert await code_of(workers.run(eat, 600, memory_mib=512)) == "worker_failed"


async def test_more_than_the_queue_holds_are_told_to_come_back(workers: Workers) -> None:
    waiting = [asyncio.ensure_future(workers.run(double, n)) for n in range(3)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert await code_of(workers.run(double, 9)) == "worker_busy"
    assert await asyncio.gather(*waiting) == [0, 2, 4]


async def test_a_cancelled_call_takes_its_child_along(workers: Workers) -> None:
    pid = await workers.run(own_pid)
    call = asyncio.ensure_future(workers.run(burn))
    await asyncio.sleep(0.1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert not is_alive(pid)
    assert await workers.run(own_pid) != pid


async def test_closing_ends_calls_and_children() -> None:
    pool = Workers(size=1)
    pid = await pool.run(own_pid)
    call = asyncio.ensure_future(pool.run(burn))
    await asyncio.sleep(0.1)
    await pool.close()
    assert await code_of(call) == "worker_failed"
    assert not is_alive(pid)
    assert await code_of(pool.run(double, 1)) == "worker_busy"


async def test_what_a_library_put_aside_goes_with_its_child() -> None:
    workers = Workers(size=1)
    left = Path(await workers.run(put_aside))
    assert left.is_dir()
    await workers.close()
    assert not left.exists()
    assert not left.parent.exists()


async def test_only_module_functions_run_in_children(workers: Workers) -> None:
    with pytest.raises(TypeError, match="only a function of a module"):
        await workers.run(lambda: 1)
