"""`phien check`: the same gate for files on a disk, one JSON line each."""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from server.core.errors import DomainError
from server.core.workers import Workers
from server.documents.intake.entry import examined
from server.documents.models import Bounds, Findings

# With what it takes to start a child, no file takes longer than 15 seconds.
_SECONDS = 12.0


class Line(Struct, frozen=True, kw_only=True):
    """What is said of a file. ``reason`` is None where it is accepted; ``pages`` where they were counted."""

    file: str
    verdict: Literal["accept", "refuse"]
    reason: str | None
    kind: str | None
    pages: int | None
    signed: bool
    seconds: float
    peak_mib: float


def check_files(paths: Sequence[str | Path], bounds: Bounds | None = None) -> int:
    """Print one JSON line a file, in order, whatever the file is; 0 when all are accepted, else 1."""
    refused = 0
    for path in paths:
        line = check_file(path, bounds or Bounds())
        refused += line.verdict == "refuse"
        sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
        sys.stdout.flush()
    return 1 if refused else 0


def check_file(path: str | Path, bounds: Bounds) -> Line:
    """Examine one file in a child of its own, so that what is said of its memory is its own."""
    start = time.monotonic()
    try:
        found = _found(Path(path).absolute(), replace(bounds, wall_seconds=min(bounds.wall_seconds, _SECONDS)))
    except (OSError, ValueError):
        found = Findings(reason="unreadable")
    except DomainError as error:
        found = Findings(reason=error.code.rpartition(".")[2].replace("_", "-"))
    # What bears a stamp of secrecy is let in by nobody but the secretary, by name; a command line has none.
    reason = found.reason or ("secret-mark" if found.secret_mark else None)
    return Line(
        file=str(path),
        verdict="accept" if reason is None else "refuse",
        reason=reason,
        kind=found.kind,
        pages=found.pages or None,
        signed=found.signed,
        seconds=round(time.monotonic() - start, 3),
        peak_mib=found.peak_mib or _peak_of_children(),
    )


def _found(path: Path, bounds: Bounds) -> Findings:
    if not path.is_file():
        return Findings(reason="unreadable")
    if path.stat().st_size > bounds.file_bytes:
        return Findings(reason="too-large")
    return asyncio.run(_examined(path, bounds))


async def _examined(path: Path, bounds: Bounds) -> Findings:
    workers = Workers(size=1, nice=0, walled=True)
    try:
        with tempfile.TemporaryDirectory(prefix="phien-check-") as folder:
            return await examined(workers, str(path), path.name, f"{folder}/rendition.pdf", bounds)
    finally:
        await workers.close()


def _peak_of_children() -> float:
    """The most that any child used: an upper bound for one that was killed before it could tell."""
    unit = 1024 if sys.platform == "linux" else 1024 * 1024
    return round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / unit, 1)
