"""Writes that are made together, on both databases: one bad item fails no other; lists are looked up by index."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import bindparam, select, text

from server.core import journal
from server.core.db import Database, Hot, among, open_database
from server.core.db.gathering import BATCH_WEIGHT
from server.core.journal.tables import receipt, stream

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from server.core.db import Read, Tx


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """A migrated database on either engine."""
    database = open_database(database_url)
    yield database
    await database.close()


def _open(tx: Tx, names: Sequence[str]) -> list[str | Exception]:
    """Opens streams; refuses ``refused`` politely and breaks on ``broken``."""
    answers: list[str | Exception] = []
    for name in names:
        if name == "broken":
            raise ZeroDivisionError
        if name == "refused":
            answers.append(LookupError(name))
            continue
        journal.open_stream(tx, name, audience=name)
        answers.append(f"{len(names)} together")
    return answers


async def _streams(db: Database) -> list[str]:
    return await db.read(lambda read: [row.id for row in read.rows(select(stream.c.id).order_by(stream.c.id))])


async def test_items_that_wait_share_a_transaction(db: Database) -> None:
    answers = await asyncio.gather(*(db.write_together(_open, f"t:{n}") for n in range(50)))
    assert "1 together" not in answers
    assert len(await _streams(db)) == 50


async def test_a_heavy_batch_takes_no_more(db: Database) -> None:
    answers = await asyncio.gather(*(db.write_together(_open, f"t:{n}", weight=BATCH_WEIGHT - 1) for n in range(4)))
    assert answers == ["2 together"] * 4


async def test_one_refusal_is_the_askers_alone(db: Database) -> None:
    names = ["t:1", "refused", "t:2"]
    answers = await asyncio.gather(*(db.write_together(_open, name) for name in names), return_exceptions=True)
    assert [answers[0], answers[2]] == ["3 together"] * 2
    assert isinstance(answers[1], LookupError)


async def test_after_a_failure_each_is_tried_alone(db: Database) -> None:
    names = ["t:1", "broken", "t:2"]
    answers = await asyncio.gather(*(db.write_together(_open, name) for name in names), return_exceptions=True)
    assert [answers[0], answers[2]] == ["1 together"] * 2
    assert isinstance(answers[1], ZeroDivisionError)
    assert await _streams(db) == ["t:1", "t:2"]


async def test_closing_waits_for_what_gathers(db: Database) -> None:
    asked = [asyncio.create_task(db.write_together(_open, f"t:{n}")) for n in range(5)]
    await asyncio.sleep(0)
    await db.close()
    assert [await each for each in asked] == ["5 together"] * 5


async def test_a_list_is_looked_up_by_index_and_may_be_empty(db: Database) -> None:
    query = Hot(select(receipt.c.op_id).where(among(receipt.c.op_id, "ids"), receipt.c.actor == bindparam("who")))

    def read(read: Read) -> str:
        assert read.hot(query, {"ids": read.array([]), "who": "an"}) == []
        assert read.hot(query, {"ids": read.array(["a", "b"]), "who": "an"}) == []
        wording, _ = query.compiled("sqlite", {})
        plan = read.rows(text(f"EXPLAIN QUERY PLAN {wording}"), {"ids": "[]", "who": ""}) if read.is_sqlite else []
        return " ".join(row.detail for row in plan)

    plan = await db.read(read)
    assert "SCAN receipt" not in plan
