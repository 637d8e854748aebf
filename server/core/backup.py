"""Backup and restore: the database as of one moment, every paper that it names, and a manifest that is checked.

A backup is a folder: ``manifest.json``, ``phien.sqlite`` or ``phien.dump``, and ``blobs/<sha256>``. It may be made
while the server runs: the database is copied first, and papers are immutable, so all that the copy names is there. The
sealing key is never in it: whoever holds a backup without the key file reads no private note.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from sqlalchemy import MetaData, create_engine, make_url, select, text

from server.config import DEMO_MARKER
from server.core import audit
from server.core.blobs import open_blobs
from server.core.db import Database, open_database
from server.core.db.database import sync_url
from server.core.db.schema import migrate
from server.core.wire import stamp

if TYPE_CHECKING:
    from server.config import Config

_MANIFEST = "manifest.json"
_PIECE = 1024 * 1024


class BackupError(Exception):
    """A backup that cannot be made or trusted; the text says why."""


class Manifest(Struct, frozen=True, kw_only=True):
    """What a backup holds: SHA-256 of the database copy, and of every blob (its name)."""

    made_at: str
    engine: str
    database: str
    blobs: tuple[str, ...]
    demo: bool = False  # made-up people whose passwords are known: what is restored stays marked as that


class Summary(Struct, frozen=True, kw_only=True):
    """What was saved or restored; ``operations``, on restore only, were verified link by link."""

    made_at: str
    blobs: int
    bytes: int
    operations: int | None = None


def save(config: Config, destination: Path) -> Summary:
    """Copy database and papers into the empty or new folder ``destination``. Raises BackupError."""
    if destination.exists() and any(destination.iterdir()):
        raise BackupError(f"{destination} is not empty")
    (destination / "blobs").mkdir(parents=True)
    sqlite = make_url(config.database_url).get_backend_name() == "sqlite"
    copy = destination / ("phien.sqlite" if sqlite else "phien.dump")
    if sqlite:
        _copy_sqlite(Path(str(make_url(config.database_url).database)), copy)
    else:
        _run("pg_dump", "--format=custom", f"--file={copy}", f"--dbname={_libpq(config)}")
    names, size = asyncio.run(_save_blobs(config, copy, destination / "blobs", sqlite=sqlite))
    manifest = Manifest(
        made_at=stamp(datetime.now(UTC)),
        engine="sqlite" if sqlite else "postgresql",
        database=_sha256(copy),
        blobs=tuple(names),
        demo=config.is_demo,
    )
    (destination / _MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    return Summary(made_at=manifest.made_at, blobs=len(names), bytes=size + copy.stat().st_size)


def restore(config: Config, source: Path) -> Summary:
    """Restore into a data folder whose database is not there yet, then check all of it. Raises BackupError."""
    manifest = _read_manifest(source)
    copy = source / ("phien.sqlite" if manifest.engine == "sqlite" else "phien.dump")
    if _sha256(copy) != manifest.database:
        raise BackupError(f"{copy} is not what the manifest says")
    for name in manifest.blobs:
        path = source / "blobs" / name
        if not path.is_file() or _sha256(path) != name:
            raise BackupError(f"blob {name} is missing or damaged")
    if manifest.demo:
        config.data_dir.mkdir(parents=True, exist_ok=True)
        (config.data_dir / DEMO_MARKER).touch()
    _restore_database(config, manifest, copy)
    return asyncio.run(_restore_blobs(config, manifest, source))


def _read_manifest(source: Path) -> Manifest:
    try:
        return msgspec.json.decode((source / _MANIFEST).read_bytes(), type=Manifest)
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise BackupError(f"{source} is not a backup: {error}") from error


def _copy_sqlite(database: Path, copy: Path) -> None:
    """SQLite's online backup: one consistent moment, writers go on."""
    if not database.is_file():
        raise BackupError(f"{database} does not exist")
    with closing(sqlite3.connect(database)) as live, closing(sqlite3.connect(copy)) as target:
        live.backup(target, pages=4096)


def _restore_database(config: Config, manifest: Manifest, copy: Path) -> None:
    url = make_url(config.database_url)
    if (url.get_backend_name() == "sqlite") != (manifest.engine == "sqlite"):
        raise BackupError(f"the backup is of {manifest.engine}, the configuration names {url.get_backend_name()}")
    if manifest.engine != "sqlite":
        if _has_tables(config):
            raise BackupError("the configured database is not empty")
        _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={_libpq(config)}", str(copy))
        return
    database = Path(str(url.database))
    if database.exists():
        raise BackupError(f"{database} exists already; restore into an empty data folder")
    database.parent.mkdir(parents=True, exist_ok=True)
    _copy_sqlite(copy, database)
    with closing(sqlite3.connect(database)) as check:
        (verdict,) = check.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise BackupError(f"restored database: {verdict}")


async def _save_blobs(config: Config, copy: Path, folder: Path, *, sqlite: bool) -> tuple[list[str], int]:
    """Copy every blob that the database copy names (of PostgreSQL: that the live database names)."""
    url = f"sqlite:///{copy}" if sqlite else config.database_url
    names = sorted(_named_blobs(url))
    blobs, size = open_blobs(config), 0
    for name in names:
        content = await blobs.read(name)
        (folder / name).write_bytes(content)
        size += len(content)
    return names, size


async def _restore_blobs(config: Config, manifest: Manifest, source: Path) -> Summary:
    blobs, size = open_blobs(config), 0
    for name in manifest.blobs:
        content = (source / "blobs" / name).read_bytes()
        size += len(content)
        stored = await blobs.put(content)
        if stored.sha256 != name:
            raise BackupError(f"blob {name} could not be stored")
    migrate(config.database_url)
    operations = await _verify(open_database(config.database_url))
    return Summary(made_at=manifest.made_at, blobs=len(manifest.blobs), bytes=size, operations=operations)


async def _verify(db: Database) -> int:
    try:
        report = await db.read(audit.verify)
    finally:
        await db.close()
    if report.broken:
        raise BackupError(f"broken audit chains: {', '.join(report.broken)}")
    return report.operations


def _named_blobs(url: str) -> set[str]:
    """The hashes that any table names: every column called ``sha256`` or ending in ``_sha256``."""
    engine = create_engine(sync_url(make_url(url)))
    tables = MetaData()
    tables.reflect(engine)
    names: set[str] = set()
    with engine.connect() as connection:
        for table in tables.sorted_tables:
            for column in table.columns:
                if column.name == "sha256" or column.name.endswith("_sha256"):
                    rows = connection.execute(select(column).distinct())
                    names.update(row[0] for row in rows if row[0])
    engine.dispose()
    return names


def _has_tables(config: Config) -> bool:
    engine = create_engine(sync_url(make_url(config.database_url)))
    with engine.connect() as connection:
        found = connection.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).scalar_one()
    engine.dispose()
    return bool(found)


def _libpq(config: Config) -> str:
    return make_url(config.database_url).set(drivername="postgresql").render_as_string(hide_password=False)


def _run(program: str, *arguments: str) -> None:
    try:
        subprocess.run([program, *arguments], check=True, capture_output=True)  # noqa: S603 - fixed programs, own URL
    except FileNotFoundError as error:
        raise BackupError(f"{program} is not installed (Debian: postgresql-client)") from error
    except subprocess.CalledProcessError as error:
        raise BackupError(f"{program}: {error.stderr.decode(errors='replace').strip()}") from error


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
