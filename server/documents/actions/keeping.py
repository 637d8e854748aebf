"""Keeping and collecting bytes: what no row refers to goes, an hour after it came."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import structlog

from server.documents.intake import folder_of
from server.documents.store import papers

if TYPE_CHECKING:
    from server.core.context import Core
    from server.core.db import Read

# An upload whose row is still to come is younger than this: the gate takes seconds.
ORPHAN_SECONDS = 3600.0

References: TypeAlias = "Callable[[Read], Iterable[str]]"

_others: list[References] = []
_log = structlog.get_logger(__name__)


def refer(references: References) -> None:
    """Declare bytes (SHA-256) that another feature's rows refer to; whoever puts blobs calls it once, at set-up."""
    if references not in _others:
        _others.append(references)


async def collect(core: Core, *, older_than_seconds: float = ORPHAN_SECONDS) -> int:
    """Delete blobs that nothing refers to, and what killed processes left in the intake; returns how many blobs.

    Bytes that come again are written anew and so young again: what is old and unreferred stays so unless it is
    published at this very moment, which the second look before each deletion is for.
    """
    known = await core.db.read(_referred)
    orphans = await core.blobs.orphans(known, older_than_seconds=older_than_seconds)
    gone = 0
    if orphans:
        still = set(await core.blobs.orphans(await core.db.read(_referred), older_than_seconds=older_than_seconds))
        for sha256 in orphans:
            if sha256 in still:
                await core.blobs.delete(sha256)
                gone += 1
    await core.blobs.sweep(older_than_seconds=older_than_seconds)
    await asyncio.to_thread(_sweep, folder_of(core.config), time.time() - older_than_seconds)
    if gone:
        _log.info("blobs collected", count=gone)
    return gone


def _referred(read: Read) -> set[str]:
    found = papers.contents(read)
    for references in _others:
        found.update(references(read))
    return found


def _sweep(folder: Path, before: float) -> None:
    if not folder.is_dir():
        return
    for left in folder.iterdir():
        if left.stat().st_mtime < before:
            shutil.rmtree(left, ignore_errors=True)
