"""Pushing annotations on both databases: answers, idempotency, privacy, sealing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from server.annotations import actions
from server.annotations.wire import Annotation, AnnotationsPush, Delete, Highlight, Ink, Note, Put
from server.core import journal
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.journal.tables import operation, receipt
from tests.support.house import actor, states

if TYPE_CHECKING:
    from server.annotations.wire import Body, OpResult
    from server.core.context import Core
    from server.core.db import Read

INK = Ink(color="#5a2c91", w=1.6, pts=(100, 100, 128, 5, 5, 0))
AN, BINH, CHI = actor("an", name="Nguyễn Văn An"), actor("binh"), actor("chi")


def put(body: Body = INK, *, ann: str | None = None, base_rev: int = 0, page: int = 1, op: str | None = None) -> Put:
    return Put(op_id=op or new_id(), ann_id=ann or new_id(), base_rev=base_rev, page=page, body=body)


async def push(core: Core, stream: str, *ops: Put | Delete, by: object = AN) -> list[OpResult]:
    result = await actions.push(core, AnnotationsPush(stream=stream, ops=ops), actor=by)  # type: ignore[arg-type]
    return list(result.results)


async def test_a_stroke_is_in_the_log_and_in_the_snapshot_when_it_is_acknowledged(core: Core, shared: str) -> None:
    stroke = put()
    (result,) = await push(core, shared, stroke)
    assert (result.st, result.seq, result.rev) == ("applied", 1, 1)
    state = (await states(core, shared))[shared]
    assert state["annotation", stroke.ann_id].owner_name == "Nguyễn Văn An"  # type: ignore[attr-defined]


async def test_a_resent_push_is_answered_alike_and_logged_once(core: Core, shared: str) -> None:
    ops = [put(), put(Note(x=1, y=2, text="một"))]
    first = await push(core, shared, *ops)
    again = await push(core, shared, *ops)
    assert [result.st for result in again] == ["dup", "dup"]
    assert [(r.seq, r.rev) for r in again] == [(r.seq, r.rev) for r in first]
    assert await core.db.read(lambda read: len(read.rows(select(operation)))) == 2


async def test_another_operation_under_a_used_id_is_refused_alone(core: Core, shared: str) -> None:
    stroke = put()
    await push(core, shared, stroke)
    other, good = put(op=stroke.op_id), put()
    assert [r.st for r in await push(core, shared, other, good)] == ["denied", "applied"]


async def test_ids_of_operations_are_each_persons_own(core: Core, shared: str) -> None:
    stroke = put()
    await push(core, shared, stroke)
    assert [r.st for r in await push(core, shared, put(op=stroke.op_id), by=BINH)] == ["applied"]


async def test_a_note_changed_on_two_devices_is_a_conflict_and_loses_nothing(core: Core, shared: str) -> None:
    note = put(Note(x=1, y=2, text="một"))
    await push(core, shared, note)
    edit = put(Note(x=1, y=2, text="hai"), ann=note.ann_id, base_rev=1)
    late = put(Note(x=1, y=2, text="ba"), ann=note.ann_id, base_rev=1)
    fork = put(Note(x=1, y=2, text="ba", fork_of=note.ann_id))
    assert [r.st for r in await push(core, shared, edit, late, fork)] == ["applied", "conflict", "applied"]
    shown = (await states(core, shared))[shared].values()
    texts = {one.body.text for one in shown if isinstance(one, Annotation) and isinstance(one.body, Note)}
    assert texts == {"hai", "ba"}


async def test_delete_wins_over_a_late_edit(core: Core, shared: str) -> None:
    note = put(Note(x=1, y=2, text="một"))
    gone = Delete(op_id=new_id(), ann_id=note.ann_id)
    late = put(Note(x=1, y=2, text="hai"), ann=note.ann_id, base_rev=1)
    assert [r.st for r in await push(core, shared, note, gone, late)] == ["applied", "applied", "gone"]
    assert (await states(core, shared))[shared] == {}


async def test_nobody_changes_what_is_anothers(core: Core, shared: str) -> None:
    note = put(Note(x=1, y=2, text="một"))
    await push(core, shared, note)
    edit = put(Note(x=1, y=2, text="hai"), ann=note.ann_id, base_rev=1)
    gone = Delete(op_id=new_id(), ann_id=note.ann_id)
    assert [r.st for r in await push(core, shared, edit, gone, by=BINH)] == ["denied", "denied"]


@pytest.mark.parametrize("body", [INK, Highlight(color="#ffe38a", quads=((0.0,) * 8,))])
async def test_ink_and_highlights_are_immutable(core: Core, shared: str, body: Body) -> None:
    first = put(body)
    await push(core, shared, first)
    assert [r.st for r in await push(core, shared, put(body, ann=first.ann_id, base_rev=1))] == ["denied"]


async def test_who_is_not_in_the_audience_can_neither_push_nor_read(core: Core, shared: str) -> None:
    for call in (push(core, shared, put(), by=CHI), actions.visible(core, "v1", actor=CHI)):
        with pytest.raises(DomainError):
            await call
    for stream in ("s:none", "m:1", "p:v1", "nonsense"):
        with pytest.raises(DomainError, match="denied"):
            await push(core, stream, put())


async def test_a_private_stream_is_its_owners_alone(core: Core, shared: str) -> None:
    del shared
    mine = "p:v1:an"
    note = put(Note(x=1, y=2, text="chỉ mình An đọc"))
    assert (await push(core, mine, note))[0].st == "applied"
    for other in (BINH, CHI):
        with pytest.raises(DomainError, match="denied"):
            await push(core, mine, put(), by=other)
        with pytest.raises(DomainError, match="denied"):
            await _catch_up(core, mine, other.person_id)
    page = await _catch_up(core, mine, "an")
    assert b"An" in bytes(page.put[0])
    seen = await actions.visible(core, "v1", actor=BINH)
    assert seen.annotations == ()


async def _catch_up(core: Core, stream: str, person: str, since: int = 0) -> journal.Page:
    return await core.db.read(lambda read: journal.catch_up(read, stream, person, since))


async def test_a_private_body_is_nowhere_in_the_database_in_clear(core: Core, shared: str) -> None:
    del shared
    mine = "p:v1:an"
    await push(core, mine, put(Note(x=1, y=2, text="BÍ MẬT RIÊNG")), put(Note(x=1, y=2, text="HAI")))

    def everything(read: Read) -> bytes:
        from server.annotations.store import annotation

        rows = [*read.rows(select(operation)), *read.rows(select(annotation)), *read.rows(select(receipt))]
        return repr([tuple(row) for row in rows]).encode()

    stored = await core.db.read(everything)
    assert b"RI\xc3\x8aNG" not in stored
    assert b"RI\\xc3\\x8aNG" not in stored
    opened = await _catch_up(core, mine, "an", 1)
    assert (opened.mode, len(opened.ops)) == ("delta", 1)
    assert b"HAI" in bytes(opened.ops[0])


async def test_snapshot_and_events_make_the_fresh_snapshot(core: Core, shared: str) -> None:
    before = (await states(core, shared))[shared]
    notes = [put(Note(x=n, y=n, text=str(n))) for n in range(5)]
    edit = put(Note(x=0, y=0, text="mới"), ann=notes[0].ann_id, base_rev=1)
    await push(core, shared, *notes, edit, Delete(op_id=new_id(), ann_id=notes[1].ann_id))
    from tests.support.streams import apply_log

    assert await apply_log(core, shared, before, since=0) == (await states(core, shared))[shared]
