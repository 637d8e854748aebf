"""Pushes that share a transaction are answered, logged and stored as they would be one by one, on both databases."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import Select, select

from server.annotations import actions
from server.annotations.actions.deciding import Asked
from server.annotations.actions.pushing import push_txn
from server.annotations.models import parse_stream
from server.annotations.store import annotation
from server.annotations.wire import AnnotationsPush, Delete, Ink, Note, Put
from server.core import journal
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.journal.tables import operation, receipt, stream
from tests.support.house import actor, states

if TYPE_CHECKING:
    from server.core.context import Core
    from server.core.db import Published, Read, Tx

INK = Ink(color="#5a2c91", w=1.6, pts=(100, 100, 128))
TOO_LARGE = Ink(color="#5a2c91", w=1.6, pts=(1_000_000,) * 12_000)
PEOPLE = {name: actor(name, name=name.title()) for name in ("an", "binh", "chi")}  # Chi is not in the audience

bodies = st.one_of(
    st.just(INK), st.just(TOO_LARGE), st.sampled_from(["một", "hai", "ba"]).map(lambda text: Note(x=1, y=2, text=text))
)
ids = st.sampled_from("abcd")
numbers = st.integers(1, 6).map(str)
puts = st.builds(
    Put, op_id=numbers, ann_id=ids, base_rev=st.sampled_from([0, 0, 1, 2]), page=st.integers(1, 2), body=bodies
)
operations = st.one_of(puts, puts, st.builds(Delete, op_id=numbers, ann_id=ids))
pushes = st.tuples(
    st.sampled_from(["an", "an", "binh", "binh", "chi"]),
    st.sampled_from(["s:{}", "s:{}", "p:{}:an", "p:{}:binh"]),
    st.lists(operations, min_size=1, max_size=3),
)
_versions = count()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(script=st.lists(pushes, min_size=2, max_size=8))
async def test_together_is_as_one_by_one(core: Core, shared: str, script: list[tuple[str, str, list[Any]]]) -> None:
    del shared
    here, there = f"t{next(_versions)}", f"t{next(_versions)}"
    await core.db.write(lambda tx: _open(tx, here, there))
    together = [(_asked(here, *push), core.sealing) for push in script]
    answers = await core.db.write(lambda tx: push_txn(tx, together))
    others: list[Any] = []
    for push in script:
        others += await core.db.write(lambda tx, push=push: push_txn(tx, [(_asked(there, *push), core.sealing)]))  # type: ignore[misc]
    assert [_plain(answer, here) for answer in answers] == [_plain(answer, there) for answer in others]
    assert await core.db.read(lambda read: _stored(read, here)) == await core.db.read(lambda read: _stored(read, there))
    for kind in ("p:{}:an", "p:{}:binh", "s:{}"):
        assert await _state(core, kind, here) == await _state(core, kind, there)


def _open(tx: Tx, *versions: str) -> None:
    for version in versions:
        journal.open_stream(tx, f"s:{version}", audience="a:1")


def _asked(version: str, person: str, kind: str, ops: list[Put | Delete]) -> Asked:
    """The push on one version; ids of operations are a person's own, so they name the version too."""
    name = kind.format(version)
    parsed = parse_stream(name)
    assert parsed is not None
    mine = tuple(replace(op, op_id=f"{version}-{op.op_id}") for op in ops)
    return Asked(actor=PEOPLE[person], stream=name, name=parsed, ops=mine, at="2026-11-27T01:00:00.000000Z")


def _plain(answer: object, version: str) -> str:
    return repr(answer).replace(version, "")


def _stored(read: Read, version: str) -> list[str]:
    """Every row that came of it, without what chance or the name of the version made (times, nonces, hashes)."""
    log, rows, kept = operation.c, annotation.c, receipt.c
    streams = (f"s:{version}", f"p:{version}:an", f"p:{version}:binh")
    tables: tuple[Select[Any], ...] = (
        select(log.stream, log.seq, log.actor, log.op_id, log.name).where(log.stream.in_(streams)),
        select(rows.stream, rows.id, rows.owner_id, rows.owner_name, rows.type).where(rows.stream.in_(streams)),
        select(rows.id, rows.page, rows.rev, rows.deleted, rows.created_at, rows.updated_at).where(
            rows.stream.in_(streams)
        ),
        select(log.seq, log.body).where(log.stream == streams[0]),
        select(rows.id, rows.body).where(rows.stream == streams[0]),
        select(kept.actor, kept.op_id, kept.answer).where(kept.op_id.startswith(f"{version}-")),
        select(stream.c.id, stream.c.head, stream.c.audience).where(stream.c.id.in_(streams)),
    )  # fmt: skip
    return sorted(repr(tuple(row)).replace(version, "") for table in tables for row in read.rows(table))


async def _state(core: Core, kind: str, version: str) -> str:
    return repr(await states(core, kind.format(version))).replace(version, "")


def _command(stream: str) -> AnnotationsPush:
    return AnnotationsPush(stream=stream, ops=(Put(op_id=new_id(), ann_id=new_id(), page=1, body=INK),))


async def test_pushes_that_wait_share_a_transaction_and_each_has_its_answer(core: Core, shared: str) -> None:
    seen: list[Published] = []
    core.db.subscribe(seen.extend)
    people = [PEOPLE[name] for name in ("an", "chi", "binh") * 10]
    pushed = (actions.push(core, _command(shared), actor=person) for person in people)
    results = await asyncio.gather(*pushed, return_exceptions=True)
    refused = [
        person.person_id for person, result in zip(people, results, strict=True) if isinstance(result, DomainError)
    ]
    assert refused == ["chi"] * 10
    numbers = [result.results[0].seq for result in results if not isinstance(result, BaseException)]
    assert numbers == list(range(1, 21))
    batches = [(item.first, item.last) for item in seen if isinstance(item, journal.Appended)]
    assert len(batches) < 20
    assert [n for first, last in batches for n in range(first, last + 1)] == numbers


async def test_an_acknowledged_push_whose_asker_left_stands(core: Core, shared: str) -> None:
    left = asyncio.create_task(actions.push(core, _command(shared), actor=PEOPLE["an"]))
    stayed = asyncio.create_task(actions.push(core, _command(shared), actor=PEOPLE["binh"]))
    await asyncio.sleep(0)
    left.cancel()
    assert (await stayed).results[0].seq == 2
