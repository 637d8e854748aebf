"""`phien check`: the same gate for files on a disk, one JSON line each."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Literal

import msgspec
import structlog
from msgspec import Struct
from msgspec.structs import replace

from server.core.errors import DomainError
from server.core.printing.standing_in import stand_in_files
from server.core.workers import Workers
from server.documents.intake.entry import examined
from server.documents.models import Bounds, Findings

_log = structlog.get_logger(__name__)
# With what it takes to start a child, no file takes longer than 15 seconds.
_SECONDS = 12.0


class Line(Struct, frozen=True, kw_only=True):
    """What is said of a file. ``reason`` is None where it is accepted; ``pages`` where they were counted.

    ``peak_mib``: the most memory that its child used, also of one that was ended; 0 where none was needed.
    """

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
    return asyncio.run(_printed(paths, bounds or Bounds()))


async def check_each(paths: Sequence[str | Path], bounds: Bounds) -> AsyncGenerator[Line, None]:
    """Examine one file after the other, each in a fork of its own, so that what is said of its memory is its own."""
    workers = Workers(size=1, nice=0, walled=True)
    within = replace(bounds, wall_seconds=min(bounds.wall_seconds, _SECONDS))
    try:
        for path in paths:
            yield await _line(workers, path, within)
    finally:
        await workers.close()


async def _printed(paths: Sequence[str | Path], bounds: Bounds) -> int:
    refused = 0
    async with aclosing(check_each(paths, bounds)) as lines:
        async for line in lines:
            refused += line.verdict == "refuse"
            # Bytes, for what a terminal's language cannot write must not end the list.
            sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
            sys.stdout.flush()
    return 1 if refused else 0


async def _line(workers: Workers, path: str | Path, bounds: Bounds) -> Line:
    start = time.monotonic()
    workers.peak_mib = 0.0
    try:
        found = _found_at_once(path, bounds) or await _examined(workers, path, bounds)
    except DomainError as error:
        found = Findings(reason=error.code.rpartition(".")[2].replace("_", "-"))
    except Exception as error:  # noqa: BLE001 - whatever one file is, the next is looked at
        _log.warning("a file could not be examined", file=_shown(path), reason=repr(error))
        found = Findings(reason="unreadable")
    # What bears a stamp of secrecy is let in by nobody but the secretary, by name; a command line has none.
    reason = found.reason or ("secret-mark" if found.secret_mark else None)
    return Line(
        file=_shown(path),
        verdict="accept" if reason is None else "refuse",
        reason=reason,
        kind=found.kind,
        pages=found.pages or None,
        signed=found.signed,
        seconds=round(time.monotonic() - start, 3),
        # A child that was ended could not tell what it had used.
        peak_mib=found.peak_mib or round(workers.peak_mib, 1),
    )


def _found_at_once(path: str | Path, bounds: Bounds) -> Findings | None:
    if not Path(path).is_file():
        return Findings(reason="unreadable")
    return Findings(reason="too-large") if Path(path).stat().st_size > bounds.file_bytes else None


async def _examined(workers: Workers, path: str | Path, bounds: Bounds) -> Findings:
    with tempfile.TemporaryDirectory(prefix="phien-check-") as folder:
        target = f"{folder}/rendition.pdf"
        faces = await asyncio.to_thread(stand_in_files)  # reads the fonts once; nobody else waits for this process
        return await examined(workers, str(path), Path(path).name, target, bounds, faces=faces)


def _shown(path: str | Path) -> str:
    """A name as JSON can carry it: a disk's may hold bytes that are no text."""
    return str(path).encode("utf-8", "backslashreplace").decode()
