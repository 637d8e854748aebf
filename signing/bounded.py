"""Verifying files nobody vouches for: in a child process with a limit of time and memory, one child for many files."""

import contextlib
import os
import signal
import stat
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

import msgspec

from signing.report import Report
from signing.services import Services
from signing.verifying import verify

MAX_BYTES = 256 * 1024 * 1024
MAX_MEMORY = 4 * 1024 * 1024 * 1024
_START_SECONDS = 120.0  # a child has to load the engine; on a busy machine that takes its time


def verify_files(
    paths: Iterable[str],
    trust_roots: Sequence[bytes] = (),
    *,
    seconds: float = 20.0,
    services: Services | None = None,
) -> Iterator[tuple[str, Report]]:
    """Each path with what is said about it, as soon as it is known; never raises because of a file.

    Args:
        paths: files; anything else (folders, pipes, nothing at all) gets a report that says so.
        trust_roots: as for `verify`.
        seconds: limit for one file, reading included.
        services: as for `verify`.
    """
    child: _Child | None = None
    try:
        for path in paths:
            child = child or _Child(trust_roots, services)
            report = child.ask(path, seconds)
            if report is None:
                # It hangs or is gone; the next file gets a new one.
                report = _refused("too_slow" if child.alive() else "crashed")
                child.end()
                child = None
            yield path, report
    finally:
        if child is not None:
            child.end()


def _refused(reason: str) -> Report:
    return Report(verdict="invalid", integrity="broken", reasons=(reason,))


class _Child:
    def __init__(self, trust_roots: Sequence[bytes], services: Services | None) -> None:
        context = get_context("spawn")  # a fork would carry threads and locks of the caller along
        self._pipe, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(
            target=_serve, args=(theirs, list(trust_roots), services), daemon=True
        )
        self._process.start()
        theirs.close()
        with contextlib.suppress(EOFError, OSError):
            if self._pipe.poll(_START_SECONDS):
                self._pipe.recv_bytes()

    def ask(self, path: str, seconds: float) -> Report | None:
        """The child's report, or None if it gave none in time."""
        try:
            self._pipe.send_bytes(os.fsencode(path))
            if self._pipe.poll(seconds):
                return msgspec.json.decode(self._pipe.recv_bytes(), type=Report)
        except (EOFError, OSError):
            self._process.join(1)
        return None

    def alive(self) -> bool:
        return self._process.is_alive()

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Connection, trust_roots: Sequence[bytes], services: Services | None) -> None:
    """The child: a path in, a report out, until the caller ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's to handle
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  # not on every system; there the limit of time stands alone

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    pipe.send_bytes(b"ready")
    with contextlib.suppress(EOFError, OSError):
        while True:
            path = Path(os.fsdecode(pipe.recv_bytes()))
            pipe.send_bytes(msgspec.json.encode(_look(path, trust_roots, services)))


def _look(path: Path, trust_roots: Sequence[bytes], services: Services | None) -> Report:
    try:
        what = path.stat()
        if not stat.S_ISREG(what.st_mode):
            return _refused("not_a_file")
        if what.st_size > MAX_BYTES:
            return _refused("too_large")
        return verify(path, trust_roots=trust_roots, services=services)
    except (OSError, ValueError):
        return _refused("file_missing")
    except MemoryError:
        return _refused("out_of_memory")
