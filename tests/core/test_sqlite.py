"""The writer of the embedded database: its log on the disk."""

from __future__ import annotations

import shutil
import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from server.core import journal
from server.core.db import Database, Tx, open_database, sqlite
from server.core.journal.tables import stream

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


async def _open_streams(database: Database, first: int) -> None:
    """Three of them."""

    def txn(tx: Tx) -> None:
        for number in range(first, first + 3):
            journal.open_stream(tx, f"t:{number}", audience="t")

    await database.write(txn)


async def test_a_log_that_was_laid_out_keeps_its_size_and_loses_nothing(sqlite_url: str, tmp_path: Path) -> None:
    database = open_database(sqlite_url)
    path = tmp_path / str(database.url.database)
    log = path.with_name(f"{path.name}-wal")
    try:
        await _open_streams(database, 0)
        await database.lay_out()
        assert log.stat().st_size == sqlite.LOG_BYTES
        for first in (3, 6, 9):
            await _open_streams(database, first)
        await database.lay_out()
        assert log.stat().st_size == sqlite.LOG_BYTES
        left = tmp_path / "left.sqlite"  # as a power cut leaves it
        shutil.copy(path, left)
        shutil.copy(log, left.with_name("left.sqlite-wal"))
    finally:
        await database.close()
    with sqlite3.connect(left) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert opened.execute("SELECT count(*) FROM stream WHERE id LIKE 't:%'").fetchone() == (12,)
    opened.close()


async def test_a_full_disk_is_no_reason_not_to_serve(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_log: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sqlite, "_fill", full)
    database = open_database(sqlite_url)
    try:
        await database.lay_out()
        await _open_streams(database, 0)
        assert await database.read(lambda read: read.scalar(select(func.count()).select_from(stream))) == 3
    finally:
        await database.close()
