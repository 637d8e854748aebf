"""The journal on both databases: numbering, audiences, receipts, catch-up, the audit chain."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from server.core import audit, journal
from server.core.db import Database, Tx, open_database
from server.core.errors import DomainError
from server.core.journal import catchup
from server.core.journal.tables import operation, stream
from server.core.wire import Entity, Event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from server.core.db import Published, Read


class Thing(Entity, tag="thing", frozen=True, kw_only=True):
    """An entity of the tests."""

    text: str


class ThingChanged(Event, tag="test.thing_changed", frozen=True, kw_only=True):
    """An event of the tests."""

    put: tuple[Thing, ...] = ()


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """A migrated database on either engine."""
    database = open_database(database_url)
    await database.write(lambda tx: _open(tx, "t:1", "an", "binh"))
    yield database
    await database.close()


def _open(tx: Tx, name: str, *members: str) -> None:
    journal.open_stream(tx, name, audience=name)
    journal.set_members(tx, name, members)


def _put(tx: Tx, text: str, *, to: str = "t:1", actor: str | None = "an", name: str = "1") -> journal.Entry:
    return journal.append(tx, to, ThingChanged(put=(Thing(id=name, text=text),)), actor=actor)


async def _write(db: Database, text: str) -> journal.Entry:
    return await db.write(lambda tx: _put(tx, text))


async def _catch_up(db: Database, stream_id: str, who: str, since: int) -> journal.Page:
    return await db.read(lambda read: journal.catch_up(read, stream_id, who, since))


async def test_operations_are_numbered_without_gaps_and_published_after_commit(db: Database) -> None:
    seen: list[Published] = []
    db.subscribe(seen.extend)
    await asyncio.gather(*(_write(db, str(n)) for n in range(40)))
    numbers = await db.read(lambda read: [row.seq for row in read.rows(select(operation).order_by(operation.c.seq))])
    assert numbers == list(range(1, 41))
    appended = [item for item in seen if isinstance(item, journal.Appended)]
    assert sorted(item.first for item in appended) == numbers


async def test_a_failed_transaction_leaves_no_operation_and_publishes_nothing(db: Database) -> None:
    seen: list[Published] = []
    db.subscribe(seen.extend)

    def fail(tx: Tx) -> None:
        _put(tx, "lost")
        journal.flush(tx)
        raise ZeroDivisionError

    good, bad, after = await asyncio.gather(
        db.write(lambda tx: _put(tx, "a")),
        db.write(fail),
        db.write(lambda tx: _put(tx, "b")),
        return_exceptions=True,
    )
    assert isinstance(bad, ZeroDivisionError)
    assert {good.seq, after.seq} == {1, 2}  # type: ignore[union-attr]
    assert len(seen) == 2


async def test_a_resend_gets_the_first_answer_and_another_body_a_conflict(db: Database) -> None:
    key = journal.op_key("0192f0c1-0000-7000-8000-000000000001", "test", "body")

    def command(tx: Tx, asked: journal.OpKey) -> bytes:
        stored = journal.recall(tx, "an", asked)
        if stored is None:
            entry = _put(tx, "once")
            journal.flush(tx)
            stored = str(entry.seq).encode()
            journal.store_txn(tx, "an", asked, stored)
        return stored

    answers = await asyncio.gather(*(db.write(lambda tx: command(tx, key)) for _ in range(8)))
    assert set(answers) == {b"1"}
    with pytest.raises(DomainError, match="conflict"):
        await db.write(lambda tx: command(tx, journal.op_key(key.op_id, "test", "other")))


async def test_catch_up_gives_members_a_delta_and_others_nothing(db: Database) -> None:
    for n in range(5):
        await _write(db, str(n))
    page = await db.read(lambda read: journal.catch_up(read, "t:1", "binh", 2))
    assert (page.mode, page.head, len(page.ops), page.more) == ("delta", 5, 3, False)
    for who, name in (("chi", "t:1"), ("an", "t:none")):
        with pytest.raises(DomainError, match="denied"):
            await _catch_up(db, name, who, 0)


async def test_a_long_delta_comes_in_pages(db: Database) -> None:
    await db.write(lambda tx: _put(tx, "first"))
    for n in range(5):
        await _write(db, str(n) * 60_000)
    last, pages = 1, 0
    while True:
        page = await _catch_up(db, "t:1", "an", last)
        last, pages = last + len(page.ops), pages + 1
        assert sum(len(bytes(op)) for op in page.ops) <= 128 * 1024
        if not page.more:
            break
    assert (last, pages) == (6, 3)


async def test_who_was_away_from_the_audience_gets_a_snapshot(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(catchup._providers, "t", {"test": _provider})
    await db.write(lambda tx: _put(tx, "before"))
    await db.write(lambda tx: journal.set_members(tx, "t:1", ["an"]))
    await db.write(lambda tx: _put(tx, "meanwhile"))
    added, removed = await db.write(lambda tx: journal.set_members(tx, "t:1", ["an", "binh"]))
    assert (added, removed) == (frozenset({"binh"}), frozenset())
    page = await db.read(lambda read: journal.catch_up(read, "t:1", "binh", 1))
    assert page.mode == "snapshot"
    assert len(page.put) == 3
    stayed = await db.read(lambda read: journal.catch_up(read, "t:1", "an", 1))
    assert stayed.mode == "delta"


def _provider(_read: Read, _stream: str, _after: tuple[str, str] | None) -> Iterable[Entity]:
    return (Thing(id=str(n), text="x") for n in range(3))


async def test_epoch_rises_with_every_change_of_the_audience(db: Database) -> None:
    seen: list[Published] = []
    db.subscribe(seen.extend)
    await db.write(lambda tx: journal.set_members(tx, "t:1", ["an"]))
    await db.write(lambda tx: _open(tx, "t:2", "an"))
    await db.write(lambda tx: journal.set_audience(tx, "t:1", "t:2"))
    epoch = await db.read(lambda read: read.scalar(select(stream.c.epoch).where(stream.c.id == "t:1")))
    assert epoch == 4
    changes = [item for item in seen if isinstance(item, journal.AudienceChanged)]
    assert changes[0].removed == {"binh"}


async def test_the_audit_chain_finds_every_edit(db: Database) -> None:
    for n in range(4):
        await _write(db, str(n))
    report = await db.read(audit.verify)
    assert (report.operations, report.broken) == (4, ())
    await db.write(lambda tx: tx.execute(update(operation).where(operation.c.seq == 3).values(actor="binh")))
    assert (await db.read(audit.verify)).broken == ("t:1:5",)
    await db.write(lambda tx: tx.execute(update(operation).where(operation.c.seq == 2).values(body=b"{}")))
    assert (await db.read(audit.verify)).broken == ("t:1:2",)


async def test_an_erased_body_leaves_the_chain_valid(db: Database) -> None:
    await db.write(lambda tx: _put(tx, "to be erased"))
    await db.write(lambda tx: tx.execute(update(operation).values(body=None)))
    assert (await db.read(audit.verify)).broken == ()


async def test_an_operation_above_its_limit_is_refused_whole(db: Database) -> None:
    with pytest.raises(DomainError, match="too_large"):
        await db.write(lambda tx: _put(tx, "x" * 70_000))
    assert await db.read(lambda read: read.scalar(select(stream.c.head).where(stream.c.id == "t:1"))) == 0
