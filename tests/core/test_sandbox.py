"""Walls around children: nothing goes out, nothing is seen, nothing is left, whichever wall this machine allows."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from server.core import sandbox
from server.core.errors import DomainError
from server.core.workers import File, Workers

HERE = str(Path(__file__).resolve().parents[1])
needs_bubblewrap = pytest.mark.skipif(sandbox.wall() != "bubblewrap", reason="bubblewrap does not work here")
needs_network_wall = pytest.mark.skipif(sandbox.wall() == "limits", reason="no wall but limits works here")


def packets() -> int:
    """Packets that any network card of this child sent or received."""
    return packets_seen_by("self")


def packets_seen_by(process: str | int) -> int:
    """Packets that any network card of a process's own network sent or received."""
    rows = [line.partition(":") for line in Path(f"/proc/{process}/net/dev").read_text().splitlines()[2:]]
    return sum(int(row.split()[1]) + int(row.split()[9]) for _card, _sep, row in rows)


def reach(host: str, port: int) -> str:
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError as error:
        return type(error).__name__
    return "reached"


def sees(path: str) -> bool:
    return Path(path).exists()


def around() -> list[str]:
    return list(os.environ)


def copy(source: str, target: str) -> int:
    return Path(target).write_bytes(Path(source).read_bytes())


def pid_and_mark(mark: str) -> tuple[int, str | None]:
    """This fork's number, and what an earlier task left in the memory of a child."""
    before = os.environ.get("MARK")
    os.environ["MARK"] = mark
    return os.getpid(), before


def leave_running(argv: list[str]) -> None:
    subprocess.Popen(argv, start_new_session=True)


def burn(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def bound_of_parent() -> int:
    """Seconds of CPU that the child from which this fork came may use."""
    line = next(line for line in Path(f"/proc/{os.getppid()}/limits").read_text().splitlines() if "cpu time" in line)
    soft = line.split()[3]
    return resource.RLIM_INFINITY if soft == "unlimited" else int(soft)


def wait(seconds: float) -> None:
    time.sleep(seconds)


def eat_and_crash(mib: int) -> None:
    held = [os.urandom(1024 * 1024) for _ in range(mib)]
    os.kill(os.getpid(), 6 if held else 0)


def policy() -> int:
    return os.sched_getscheduler(0)


def weight_of_session() -> int:
    """The niceness of this child's session among others."""
    return int(Path("/proc/self/autogroup").read_text().split()[-1])


def shares_by_session() -> bool:
    switch = Path("/proc/sys/kernel/sched_autogroup_enabled")
    return switch.exists() and switch.read_text().strip() == "1" and Path("/proc/self/autogroup").exists()


@pytest.fixture
async def walled() -> AsyncIterator[Workers]:
    pool = Workers(size=1, nice=19, walled=True, readable=[HERE])
    yield pool
    await pool.close()


@pytest.fixture
def listener() -> Iterator[tuple[str, int]]:
    """Something of this machine that a child could reach."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=lambda: _accept(server), daemon=True)
        thread.start()
        yield server.getsockname()


def _accept(server: socket.socket) -> None:
    try:
        while True:
            server.accept()[0].close()
    except OSError:
        return


@needs_network_wall
async def test_nothing_is_reached_and_no_packet_is_counted(walled: Workers, listener: tuple[str, int]) -> None:
    assert await walled.run(packets) == 0
    assert reach(*listener) == "reached"
    assert await walled.run(reach, *listener) in {"OSError", "ConnectionRefusedError", "TimeoutError"}


@needs_bubblewrap
async def test_files_of_this_machine_are_not_seen(walled: Workers, tmp_path: Path) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text("canary")
    assert not await walled.run(sees, str(canary))
    for path in ("/etc/passwd", "/etc/hostname", str(Path(HERE).parent / "Makefile"), "/var/log"):
        assert Path(path).exists()
        assert not await walled.run(sees, path)


async def test_secrets_of_the_environment_stay_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHIEN_SECRET", "x")
    pool = Workers(size=1, walled=True, readable=[HERE])
    try:
        assert "PHIEN_SECRET" not in await pool.run(around)
    finally:
        await pool.close()


async def test_a_file_is_handed_over_and_one_is_written(walled: Workers, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"words")
    assert await walled.run(copy, File(str(source)), File(str(target), written=True)) == 5
    assert target.read_bytes() == b"words"


async def test_no_task_meets_what_one_before_it_left(walled: Workers) -> None:
    first, _ = await walled.run(pid_and_mark, "one")
    second, left = await walled.run(pid_and_mark, "two")
    assert first != second
    assert left is None


@pytest.mark.skipif(not shares_by_session(), reason="this kernel does not share by sessions")
async def test_a_child_gives_way_as_a_session_too(walled: Workers) -> None:
    assert await walled.run(weight_of_session) == 7
    hurried = Workers(size=1, nice=2)
    try:
        assert await hurried.run(weight_of_session) == 2
    finally:
        await hurried.close()


async def test_what_a_task_left_running_ends_with_it(walled: Workers) -> None:
    await walled.run(leave_running, ["sleep", "61.5"])
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "sleep 61.5" not in listed.splitlines()


async def test_time_and_memory_that_a_task_overruns_are_told_and_the_child_lives_on(walled: Workers) -> None:
    for call in (walled.run(burn, 60.0, timeout=30, cpu_seconds=0.5), walled.run(eat_and_crash, 300, memory_mib=400)):
        with pytest.raises(DomainError) as caught:
            await call
        assert caught.value.code == "worker_timeout"
    assert await walled.run(policy) == os.SCHED_IDLE


async def test_a_task_that_was_not_let_run_is_asked_to_come_again(walled: Workers) -> None:
    await walled.run(policy)  # starting takes time of its own
    with pytest.raises(DomainError) as caught:
        await walled.run(wait, 60.0, timeout=1)
    assert caught.value.code == "worker_busy"


async def test_loading_leaves_no_bound_on_the_child_itself(walled: Workers) -> None:
    await walled.warm("server.documents.intake.stamps")
    assert await walled.run(bound_of_parent) == resource.RLIM_INFINITY


async def test_a_child_that_cannot_start_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "command", lambda _argv, **_given: ["/nothing/here"])
    pool = Workers(size=1, walled=True)
    with pytest.raises(DomainError) as caught:
        await pool.run(policy)
    assert caught.value.code == "worker_busy"
    await pool.close()


async def test_a_wall_that_does_not_work_gives_way_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = {"bubblewrap": "bwrap", "namespaces": "unshare", "limits": "true"}
    for wall, program in expected.items():
        monkeypatch.setattr(sandbox, "wall", lambda wall=wall: wall)
        assert sandbox.command(["true"])[0] == program


@pytest.mark.parametrize(
    ("working", "wall"), [({"bwrap", "unshare"}, "bubblewrap"), ({"unshare"}, "namespaces"), (set(), "limits")]
)
def test_the_highest_wall_that_works_is_taken_and_told(working: set[str], wall: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("shutil.which", lambda name: name)
    monkeypatch.setattr(sandbox, "_works", lambda argv: argv[0] in working)
    assert sandbox.wall.__wrapped__() == wall


async def test_weaker_walls_hold_what_they_can(listener: tuple[str, int], tmp_path: Path, monkeypatch: Any) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"words")
    for wall, network in (("namespaces", "OSError"), ("limits", "reached")):
        if wall == "namespaces" and not sandbox._works(sandbox._namespaces(["true"])):
            continue
        monkeypatch.setattr(sandbox, "wall", lambda wall=wall: wall)
        pool = Workers(size=1, walled=True, readable=[HERE])
        try:
            assert await pool.run(reach, *listener) == network
            assert await pool.run(copy, File(str(source)), File(str(tmp_path / wall), written=True)) == 5
        finally:
            await pool.close()


async def test_children_are_warm_and_replaced_when_killed(walled: Workers) -> None:
    await walled.warm("server.documents.intake.stamps")
    with pytest.raises(DomainError):
        await walled.run(burn, 60.0, timeout=0.2)
    assert await walled.run(policy) == os.SCHED_IDLE
    call = asyncio.ensure_future(walled.run(burn, 60.0))
    await asyncio.sleep(0.1)
    call.cancel()
    assert await walled.run(policy) == os.SCHED_IDLE
