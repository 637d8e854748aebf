"""A world for a whole module: made once, asked by many tests that leave it as it is."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest_asyncio

from tests.contract.asking import Asker, asking
from tests.support.house import config_for, start
from tests.support.world import World, make_world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import pytest


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def world(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """Two bodies on a real server, shared by the tests of a module."""
    folder = tmp_path_factory.mktemp("world")
    shutil.copyfile(migrated_sqlite, folder / "phien.db")
    config = config_for(folder / "data", f"sqlite:///{folder / 'phien.db'}", allow_file_keys=True)
    server = await start(config)
    yield await make_world(server)
    await server.http.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def asker(world: World) -> AsyncIterator[Asker]:
    """Asks as any of the world's people."""
    async with asking(world) as made:
        yield made
