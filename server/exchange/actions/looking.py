"""What files hold, on the command line: a line of JSON for each, whatever the file is."""

from __future__ import annotations

import asyncio
import os
import stat
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from server.core import errors
from server.core.errors import DomainError
from server.core.workers import Workers
from server.exchange.child import look
from server.exchange.models import Found, Verdict

if TYPE_CHECKING:
    from typing import Any

SECONDS, MEMORY_MIB = 60.0, 2048
# As `phien verify`: all valid, one invalid (or no package), none invalid but not all valid.
_STATUS: dict[Verdict, int] = {"valid": 0, "unclear": 3, "invalid": 1}


async def told(paths: Iterable[Path], roots: Sequence[bytes], lang: str) -> AsyncIterator[tuple[int, str]]:
    """For each file the exit status that it calls for and its line; a child with limits opens them."""
    workers = Workers(size=1)
    try:
        for path in paths:
            yield await _told(workers, path, tuple(roots), lang)
    finally:
        await workers.close()


def worst(statuses: Iterable[int]) -> int:
    """One exit status for all."""
    given = set(statuses)
    return next((one for one in (1, 3) if one in given), 0)


async def _told(workers: Workers, path: Path, roots: tuple[bytes, ...], lang: str) -> tuple[int, str]:
    name = os.fsencode(path).decode("utf-8", "replace")
    try:
        found = await _found(workers, path, roots)
    except DomainError as why:
        return 1, _line(file=name, verdict="invalid", error=why.code, text=errors.text(why, lang))
    except OSError as why:
        return 1, _line(file=name, verdict="invalid", error="unreadable", text=why.strerror or "")
    shown = msgspec.to_builtins(found)
    for one in shown["attachments"]:
        del one["path"]  # of a folder that is gone
    return _STATUS[found.verdict], _line(file=name, **shown)


async def _found(workers: Workers, path: Path, roots: tuple[bytes, ...]) -> Found:
    full = await asyncio.to_thread(_regular, path)
    with tempfile.TemporaryDirectory(prefix="phien-edxml-") as folder:
        now = datetime.now(UTC).isoformat()
        return await workers.run(look, full, folder, roots, now, timeout=SECONDS, memory_mib=MEMORY_MIB)


def _regular(path: Path) -> str:
    """The full path of a file; a pipe or a device would be waited for."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, "not a file")
    return str(path.absolute())


def _line(**said: Any) -> str:  # noqa: ANN401 - what JSON can say
    return msgspec.json.encode(said).decode()
