"""A process that dies in the middle of an import leaves the old directory or the new one, and nothing beside it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from server.core import journal
from server.core.clock import FakeClock
from server.directory import actions, store
from server.directory.store import staging
from tests.support.interrupting import killed
from tests.support.spreadsheets import CITY, as_csv, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table

    from server.core.context import Core

COUNT = 900


def rows(word: str) -> list[Sequence[str]]:
    return [
        ("TG", "", "", "", f"CB{n}", f"Nguyễn Văn {n} {word}".strip(), "Chuyên viên", "", "", "", "")
        for n in range(COUNT)
    ]


async def take_over(core: Core, word: str) -> None:
    """Played in the process that dies."""
    await run(core, as_csv(CITY, *rows(word)))


async def names(core: Core) -> list[str]:
    return await core.db.read(lambda read: [row.full_name for row in read.rows(select(store.person.c.full_name))])


async def lying(core: Core, *tables: Table) -> int:
    return await core.db.read(
        lambda read: sum(int(read.scalar(select(func.count()).select_from(table))) for table in tables)
    )


@pytest.mark.parametrize(("commits", "entered"), [(3, False), (5, True)])
async def test_an_import_holds_whole_or_not_at_all(core: Core, commits: int, entered: bool) -> None:
    assert killed(core, f"{__name__}:take_over", "", commits=commits)
    assert len(await names(core)) == (COUNT if entered else 0)
    everything = (staging.import_, staging.import_person, staging.import_posting)
    assert await lying(core, staging.import_) == 1
    await actions.settle_imports(core)  # what holds is completed; the rest may be another process's
    assert await lying(core, staging.import_) == (0 if entered else 1)
    later = FakeClock(datetime.now(UTC) + timedelta(hours=1))
    await actions.settle_imports(dataclasses.replace(core, clock=later))
    assert await lying(core, *everything) == 0
    if not entered:
        await run(core, as_csv(CITY, *rows("")))
    people = await core.db.read(lambda read: [row.id for row in read.rows(select(store.person.c.id))])
    streams = await core.db.read(lambda read: {name for each in people for name in journal.readable(read, each)})
    assert streams == {f"u:{each}" for each in people}
    assert len(streams) == COUNT


async def test_changes_hold_together_too(core: Core) -> None:
    await run(core, as_csv(CITY, *rows("")))
    assert killed(core, f"{__name__}:take_over", "Anh", commits=3)
    assert not [name for name in await names(core) if name.endswith("Anh")]
    assert killed(core, f"{__name__}:take_over", "Anh", commits=5)
    assert len([name for name in await names(core) if name.endswith("Anh")]) == COUNT
