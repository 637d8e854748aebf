"""A version with two readers, without the features that make one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server.core import journal

if TYPE_CHECKING:
    from server.core.context import Core
    from server.core.db import Tx

VERSION = "v1"
SHARED = f"s:{VERSION}"


@pytest.fixture
async def shared(core: Core) -> str:
    """The shared stream of a version that An and Bình may read."""

    def make(tx: Tx) -> None:
        for person in ("an", "binh", "chi"):
            journal.open_stream(tx, f"u:{person}", audience=f"u:{person}")
            journal.set_members(tx, f"u:{person}", [person])
        journal.open_stream(tx, SHARED, audience="a:1")
        journal.set_members(tx, "a:1", ["an", "binh"])

    await core.db.write(make)
    return SHARED
