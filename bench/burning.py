"""What any intake would cost this machine: bare processes that only use its processors and its disk, beside a server.

``python -m bench.burning FOLDER SECONDS`` is told, as one line of JSON, what to write: the sizes of the files that an
intake kept, and how many durable transactions it took. They are spread over the seconds and synced as a store must sync
them (each file and its folder; each transaction where a log lies already). As many processes as the gate and
LibreOffice have run meanwhile at the same idle priority, and use the processor and its caches for nothing. It ends with
its input.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from bench.live import rig
from server.core.yielding import IDLE, give_way

# The gate has a child for each processor up to four; LibreOffice is one more.
BURNERS = max(1, min(4, os.cpu_count() or 1)) + 1
_BUFFER = 4 * 1024 * 1024
# What publishing a paper writes to the database's log, about: sixteen pages.
_TRANSACTION_BYTES = 16 * 4096
_LOG_BYTES = 128 * _TRANSACTION_BYTES


class Written(Struct, frozen=True):
    """What an intake brought to the disk: bytes of each file that it kept, and durable transactions."""

    files: tuple[int, ...] = ()
    transactions: int = 0


@contextmanager
def burning(folder: Path, seconds: float, written: Written, group: Path | None) -> Iterator[None]:
    """The processes run for as long as the block lasts, in a control ``group``; ``folder``: where they write."""
    command = [sys.executable, "-m", "bench.burning", str(folder), str(seconds)]
    pipe = subprocess.PIPE
    with subprocess.Popen(rig.within(command, group), stdin=pipe, text=True, start_new_session=True) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps([written.files, written.transactions]) + "\n")
        process.stdin.flush()
        try:
            yield
        finally:
            process.stdin.close()


def _burn() -> None:
    """Use a processor for nothing, until whoever started this ends."""
    os.setsid()  # as a child of the server has
    give_way(IDLE)
    buffer, parent = bytearray(_BUFFER), os.getppid()
    while os.getppid() == parent:
        hashlib.sha256(buffer).digest()


def _write(folder: Path, seconds: float, files: list[int], transactions: int) -> None:
    """Files and transactions in turn, evenly over the time."""
    acts = sorted(
        [((number + 0.5) / len(files), size) for number, size in enumerate(files)]
        + [((number + 0.5) / transactions, 0) for number in range(transactions)]
    )
    with (folder / "log").open("w+b") as log:
        log.write(bytes(_LOG_BYTES))
        log.flush()
        os.fsync(log.fileno())
        began = time.monotonic()
        for number, (when, size) in enumerate(acts):
            time.sleep(max(0.0, began + when * seconds - time.monotonic()))
            if size:
                _store(folder, f"{number}", size)
            else:
                if log.tell() + _TRANSACTION_BYTES > _LOG_BYTES:
                    log.seek(0)
                log.write(os.urandom(_TRANSACTION_BYTES))
                log.flush()
                os.fdatasync(log.fileno())


def _store(folder: Path, name: str, size: int) -> None:
    with (folder / f"{name}.part").open("wb") as file:
        file.write(os.urandom(size))
        file.flush()
        os.fsync(file.fileno())
    (folder / f"{name}.part").rename(folder / name)
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def main() -> None:
    """Burn and write, until nobody listens any more."""
    folder, seconds = Path(sys.argv[1]), float(sys.argv[2])
    files, transactions = json.loads(sys.stdin.readline())
    children = []
    for _ in range(BURNERS):
        child = os.fork()
        if child == 0:
            _burn()
            os._exit(0)
        children.append(child)
    _write(folder, seconds, files, transactions)
    sys.stdin.read()
    for child in children:
        os.kill(child, 9)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
