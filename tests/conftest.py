"""Fixtures of every test: databases on both engines, a core with real parts, people who act."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from server import app as application
from server.core.db.schema import migrate
from server.features import House, set_up
from tests.support import children
from tests.support.demo import demo_seed, demo_server  # noqa: F401 - fixtures
from tests.support.house import Server, config_for, start
from tests.support.parts import missing, need
from tests.support.postgres import Postgres, binaries
from tests.support.redis import Redis

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from server.core.context import Core


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL of this worker's own, with a migrated template database."""
    if binaries() is None:
        missing("postgresql")
    server = Postgres(tmp_path_factory.mktemp("postgres"))
    try:
        server.start()
        server.psql("CREATE DATABASE migrated")
        migrate(server.url("migrated"))
        server.keep_template()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite database."""
    path = tmp_path / "phien.db"
    shutil.copyfile(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """A migrated PostgreSQL database with nothing in it."""
    name = postgres.lend()
    yield postgres.url(name)
    postgres.give_back(name)


@pytest.fixture
def redis() -> Iterator[Redis]:
    """A Redis of this test's own."""
    need("redis-server")
    server = Redis()
    server.start()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The same test on both engines."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def _children() -> Iterator[None]:
    yield
    children.end_all()


@pytest.fixture
def warm_children(_children: None) -> Iterator[None]:
    """Pools take the children that a test before has left, and leave theirs."""
    with children.kept():
        yield


@pytest.fixture
async def core(database_url: str, tmp_path: Path, warm_children: None) -> AsyncIterator[Core]:
    """A core with every feature set up, on either engine; no server around it."""
    built, _, _ = await application.build_core(config_for(tmp_path / "data", database_url))
    set_up(House(built))
    yield built
    await application.close_core(built)


@pytest.fixture
async def server(sqlite_url: str, tmp_path: Path, warm_children: None) -> AsyncIterator[Server]:
    """A real server with every feature, on SQLite and a free port."""
    running = await start(config_for(tmp_path / "data", sqlite_url))
    yield running
    await running.http.close()
