"""Backup under load and restore on both databases; what is damaged is not restored."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Column, Table, Text, insert

from server.app import with_core
from server.config import DEMO_MARKER
from server.core import backup, journal
from server.core.blobs import open_blobs
from server.core.db import Database, Tx, open_database
from server.core.errors import DomainError
from server.core.wire import Event
from tests.support.house import config_for

if TYPE_CHECKING:
    from pathlib import Path

    from server.config import Config
    from server.core.context import Core


class Happened(Event, tag="test.happened", frozen=True, kw_only=True):
    n: int


async def _act(db: Database, n: int) -> None:
    await db.write(lambda tx: journal.append(tx, "x:test", Happened(n=n), actor="an"))


async def _prepare(config: Config) -> str:
    """A database with operations, and one blob that a row names."""
    blob = await open_blobs(config).put(b"paper" * 1000)
    db = open_database(config.database_url)

    def make(tx: Tx) -> None:
        from sqlalchemy import MetaData

        table = Table("test_paper", MetaData(), Column("sha256", Text))
        table.create(tx.connection)
        tx.execute(insert(table).values(sha256=blob.sha256))
        journal.open_stream(tx, "x:test", audience="x:test")

    await db.write(make)
    for n in range(50):
        await _act(db, n)
    await db.close()
    return blob.sha256


@pytest.fixture
def target_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> str:
    """An empty database of the same engine."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'restored' / 'phien.sqlite'}"
    postgres = request.getfixturevalue("postgres")
    name = f"restored{abs(hash(str(tmp_path))) % 10**8}"
    postgres.psql(f"CREATE DATABASE {name}")
    return str(postgres.url(name))


async def test_a_backup_made_under_load_restores_to_a_verified_prefix(
    database_url: str, target_url: str, tmp_path: Path
) -> None:
    config = config_for(tmp_path / "data", database_url)
    sha256 = await _prepare(config)
    db = open_database(database_url)
    writing = asyncio.create_task(_write_on(db))
    saved = await asyncio.to_thread(backup.save, config, tmp_path / "backup")
    await writing
    await db.close()
    assert saved.blobs == 1

    restored = config_for(tmp_path / "restored", target_url)
    summary = await asyncio.to_thread(backup.restore, restored, tmp_path / "backup")
    assert summary.operations is not None
    assert 50 <= summary.operations <= 250
    assert not restored.is_demo
    assert await open_blobs(restored).read(sha256) == b"paper" * 1000


async def _write_on(db: Database) -> None:
    for n in range(200):
        await _act(db, n)


@pytest.mark.parametrize("damage", ["database", "blob", "missing", "manifest"])
async def test_a_damaged_backup_is_refused(sqlite_url: str, tmp_path: Path, damage: str) -> None:
    config = config_for(tmp_path / "data", sqlite_url)
    sha256 = await _prepare(config)
    folder = tmp_path / "backup"
    await asyncio.to_thread(backup.save, config, folder)
    victim = {
        "database": folder / "phien.sqlite",
        "blob": folder / "blobs" / sha256,
        "missing": folder / "blobs" / sha256,
        "manifest": folder / "manifest.json",
    }[damage]
    if damage == "missing":
        victim.unlink()
    else:
        content = bytearray(victim.read_bytes())
        content[len(content) // 2] ^= 0xFF
        victim.write_bytes(content)
    restored = config_for(tmp_path / "restored", f"sqlite:///{tmp_path / 'restored' / 'phien.sqlite'}")
    with pytest.raises(backup.BackupError):
        await asyncio.to_thread(backup.restore, restored, folder)
    assert not (tmp_path / "restored" / "phien.sqlite").exists()


async def test_nothing_is_overwritten(sqlite_url: str, tmp_path: Path) -> None:
    config = config_for(tmp_path / "data", sqlite_url)
    await _prepare(config)
    await asyncio.to_thread(backup.save, config, tmp_path / "backup")
    with pytest.raises(backup.BackupError, match="not empty"):
        await asyncio.to_thread(backup.save, config, tmp_path / "backup")
    with pytest.raises(backup.BackupError, match="exists already"):
        await asyncio.to_thread(backup.restore, config, tmp_path / "backup")


async def test_what_was_made_up_stays_marked_as_made_up(sqlite_url: str, tmp_path: Path) -> None:
    config = config_for(tmp_path / "data", sqlite_url)
    await _prepare(config)
    (config.data_dir / DEMO_MARKER).touch()
    await asyncio.to_thread(backup.save, config, tmp_path / "backup")
    restored = config_for(tmp_path / "restored", f"sqlite:///{tmp_path / 'restored' / 'phien.sqlite'}")
    await asyncio.to_thread(backup.restore, restored, tmp_path / "backup")
    assert restored.is_demo


async def test_a_lost_sealing_key_is_not_replaced_in_silence(database_url: str, tmp_path: Path) -> None:
    config = config_for(tmp_path / "data", database_url)
    await with_core(config, lambda core: core.db.write(lambda tx: core.sealing.key_txn(tx, "an")))
    held = config.key_file.read_bytes()
    config.key_file.unlink()
    with pytest.raises(DomainError) as refusal:
        await with_core(config, _nothing)
    assert refusal.value.code == "sealing.key_missing"
    assert not config.key_file.exists()
    config.key_file.write_bytes(held)
    await with_core(config, _nothing)


async def _nothing(_core: Core) -> None:
    return None
