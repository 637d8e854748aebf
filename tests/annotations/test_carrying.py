"""Carrying notes over to a new version, on both databases: places, what waits, repeats, deletions, groups, privacy."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import pytest
from sqlalchemy import select

from server.annotations import actions, rules, store
from server.annotations.actions import carrying
from server.annotations.wire import Annotation, AnnotationsPush, Delete, Highlight, Ink, Note, NoteGroupMake, Put
from server.core import journal
from server.core.access import Role
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.journal.tables import operation
from server.documents import actions as documents
from server.documents.wire import PaperRecall
from tests.documents.conftest import Stage, set_stage
from tests.support import pdfs
from tests.support.house import actor, states
from tests.support.streams import apply_log

if TYPE_CHECKING:
    from collections.abc import Awaitable

    import pikepdf

    from server.annotations.wire import Body
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read

INK = Ink(color="#5a2c91", w=1.6, pts=(100, 100, 128, 5, 5, 0))
NOTE = Note(x=10, y=20, text="Xem lại")


def highlight(quote: str) -> Highlight:
    return Highlight(color="#ffe38a", quads=((1, 2, 3, 2, 1, 1, 3, 1),), quote=quote)


def second(pdf: pikepdf.Pdf) -> None:
    """A page in front, page 2 changed, page 3 gone."""
    del pdf.pages[2]
    page = pdf.pages[1]
    page.Contents = pdf.make_stream(page.Contents.read_bytes() + b" BT /F1 12 Tf 72 600 Td (bo sung) Tj ET")
    pdf.add_blank_page(page_size=pdfs.A4)
    pdf.pages.insert(0, pdf.pages[-1])
    del pdf.pages[-1]


FIRST = pdfs.pdf("Phien", pages=3)
SECOND = pdfs.pdf("Phien", pages=3, change=second)
THIRD = pdfs.pdf("Phien", pages=2)


@dataclass
class Scene:
    """A paper of which versions are published one after another; what is written, and what is found."""

    core: Core
    stage: Stage
    paper: str = ""
    version: str = ""

    async def publish(self, data: bytes) -> str:
        paper = await documents.publish_bytes(
            self.core, self.stage.item.id, data, title="Tờ trình", purpose="paper", actor=self.stage.secretary,
            paper_id=self.paper or None,
        )  # fmt: skip
        assert paper.version is not None
        self.paper, self.version = paper.id, paper.version.id
        return self.version

    async def write(self, body: Body, page: int, *, by: Actor, stream: str | None = None) -> str:
        op = Put(op_id=new_id(), ann_id=new_id(), page=page, body=body)
        await self.push(stream or f"s:{self.version}", op, by=by)
        return op.ann_id

    async def push(self, stream: str, op: Put | Delete, *, by: Actor) -> str:
        result = await actions.push(self.core, AnnotationsPush(stream=stream, ops=(op,)), actor=by)
        return result.results[0].st

    async def notes(self, stream: str | None = None) -> dict[str, Annotation]:
        """What the stream holds; the same by its snapshot and by its operations."""
        stream = stream or f"s:{self.version}"
        snapshot = (await states(self.core, stream))[stream]
        if not stream.startswith("p:"):  # the log of these is sealed
            assert await apply_log(self.core, stream, {}, since=0) == snapshot
        return {key[1]: each for key, each in snapshot.items() if isinstance(each, Annotation)}

    def private(self, who: Actor) -> str:
        return f"p:{self.version}:{who.person_id}"


@pytest.fixture
async def scene(core: Core) -> Scene:
    made = Scene(core, await set_stage(core))
    await made.publish(FIRST)
    return made


async def refused(doing: Awaitable[object]) -> str:
    with pytest.raises(DomainError) as caught:
        await doing
    return caught.value.code


async def test_each_note_has_its_place_or_waits(scene: Scene) -> None:
    member = scene.stage.member
    old = scene.version
    stays = await scene.write(INK, 1, by=member)
    quoted = await scene.write(highlight("Phien 2"), 2, by=member)
    lost = await scene.write(highlight("Phien 3"), 3, by=member)
    drawn = await scene.write(INK, 2, by=scene.stage.chair)
    orphan = await scene.write(NOTE, 3, by=member)
    before = await scene.notes()
    await scene.publish(SECOND)
    assert await actions.settle(scene.core) == 5
    found = await scene.notes()
    assert {each: (note.page, bool(note.carried and note.carried.waiting)) for each, note in found.items()} == {
        stays: (2, False), quoted: (3, False), lost: (3, True), drawn: (3, True), orphan: (3, True),
    }  # fmt: skip
    assert found[stays].body == INK
    assert found[drawn].owner_id == scene.stage.chair.person_id
    assert found[orphan].created_at == before[orphan].created_at
    moved = found[quoted].body
    assert isinstance(moved, Highlight)
    assert 690 < moved.quads[0][1] < 730
    assert {each.carried.version_id for each in found.values() if each.carried} == {old}
    assert await scene.notes(f"s:{old}") == before


async def test_carrying_again_makes_nothing_twice_and_undoes_no_deletion(scene: Scene) -> None:
    member = scene.stage.member
    gone, stays = await scene.write(INK, 1, by=member), await scene.write(INK, 1, by=member)
    await scene.publish(SECOND)
    await actions.settle(scene.core)
    await scene.push(f"s:{scene.version}", Delete(op_id=new_id(), ann_id=gone), by=member)
    await scene.core.db.write(lambda tx: store.ask_carry_txn(tx, scene.version))
    assert await actions.settle(scene.core) == 0
    assert set(await scene.notes()) == {stays}
    await scene.publish(THIRD)
    await actions.settle(scene.core)
    assert set(await scene.notes()) == {stays}


async def test_work_that_was_cut_off_is_finished_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "CHUNK", 2)
    written = {await scene.write(INK, 1, by=scene.stage.member) for _ in range(5)}
    await scene.publish(SECOND)
    real, calls = carrying._write_txn, []

    def dying(*given: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(carrying, "_write_txn", dying)
    with pytest.raises(RuntimeError):
        await actions.settle(scene.core)
    assert len(await scene.notes()) == 2
    monkeypatch.setattr(carrying, "_write_txn", real)
    assert await actions.settle(scene.core) == 3
    assert set(await scene.notes()) == written
    assert await scene.core.db.read(store.to_carry) == []


async def test_two_who_carry_at_once_make_nothing_twice(scene: Scene) -> None:
    member = scene.stage.member
    for _ in range(8):
        await scene.write(INK, 1, by=member, stream=scene.private(member))
        await scene.write(INK, 1, by=member)
    await scene.publish(SECOND)
    await asyncio.gather(
        *(actions.carry_own(scene.core, scene.version, actor=member) for _ in range(4)), actions.settle(scene.core)
    )
    assert len(await scene.notes(scene.private(member))) == 8
    assert len(await scene.notes()) == 8


async def test_what_waits_is_put_by_its_owner_and_then_like_any_other(scene: Scene) -> None:
    member, chair = scene.stage.member, scene.stage.chair
    mark = await scene.write(INK, 2, by=member)
    await scene.publish(SECOND)
    await actions.settle(scene.core)
    here = f"s:{scene.version}"
    moved = msgspec.structs.replace(INK, pts=(900, 900, 128))

    def put(body: Body, base_rev: int = 1, page: int = 1) -> Put:
        return Put(op_id=new_id(), ann_id=mark, base_rev=base_rev, page=page, body=body)

    assert await scene.push(here, put(moved), by=chair) == "denied"
    assert await scene.push(here, put(NOTE), by=member) == "denied"
    assert await scene.push(here, put(moved, base_rev=7), by=member) == "conflict"
    assert await scene.push(here, put(moved), by=member) == "applied"
    note = (await scene.notes())[mark]
    assert (note.page, note.body, note.rev, note.carried and note.carried.waiting) == (1, moved, 2, False)
    assert await scene.push(here, put(INK, base_rev=2), by=member) == "denied"
    await scene.publish(THIRD)
    await actions.settle(scene.core)
    assert (await scene.notes())[mark].carried is not None


async def test_what_is_dismissed_stays_in_the_old_version_alone(scene: Scene) -> None:
    member, old = scene.stage.member, scene.version
    mark = await scene.write(NOTE, 2, by=member)
    await scene.publish(SECOND)
    await actions.settle(scene.core)
    assert await scene.push(f"s:{scene.version}", Delete(op_id=new_id(), ann_id=mark), by=member) == "applied"
    assert await scene.notes() == {}
    await scene.publish(THIRD)
    await actions.settle(scene.core)
    assert await scene.notes() == {}
    assert set(await scene.notes(f"s:{old}")) == {mark}


async def test_what_still_waits_is_tried_again_from_where_it_was_written(scene: Scene) -> None:
    member, first = scene.stage.member, scene.version
    mark = await scene.write(INK, 2, by=member)
    await scene.publish(SECOND)
    await actions.settle(scene.core)
    await scene.publish(THIRD)  # page 2 is as it was at first
    await actions.settle(scene.core)
    note = (await scene.notes())[mark]
    assert note.carried is not None
    assert (note.page, note.carried.version_id, note.carried.page, note.carried.waiting) == (2, first, 2, False)


async def test_a_version_that_was_left_out_is_no_gap(scene: Scene) -> None:
    """Two versions come before anything is carried: what each holds arrives once, from the newest that has it."""
    member = scene.stage.member
    one = await scene.write(INK, 1, by=member)
    await scene.publish(SECOND)
    two = await scene.write(INK, 2, by=member)
    await scene.publish(THIRD)
    await actions.settle(scene.core)
    assert set(await scene.notes()) == {one, two}
    assert {each.page for each in (await scene.notes()).values()} == {1}


async def test_private_notes_follow_when_their_owner_asks_and_for_nobody_else(scene: Scene) -> None:
    member, chair = scene.stage.member, scene.stage.chair
    mark = await scene.write(NOTE, 1, by=member, stream=scene.private(member))
    await scene.publish(SECOND)
    await actions.settle(scene.core)
    await actions.carry_own(scene.core, scene.version, actor=chair)
    assert await scene.core.db.read(lambda read: store.ids(read, scene.private(member))) == {}
    done = await actions.carry_own(scene.core, scene.version, actor=member)
    assert (done.carried, done.waiting) == (1, 0)
    assert (await actions.carry_own(scene.core, scene.version, actor=member)).carried == 0
    found = await actions.visible(scene.core, scene.version, actor=member)
    assert [(each.id, each.page) for each in found.annotations] == [(mark, 2)]
    assert (await actions.visible(scene.core, scene.version, actor=chair)).annotations == ()

    def sealed(read: Read) -> bool:
        kept = [row.body for row in read.rows(select(store.annotation.c.body))]
        kept += [row.body for row in read.rows(select(operation.c.body).where(operation.c.stream.like("p:%")))]
        return all(b"Xem" not in body for body in kept)

    assert await scene.core.db.read(sealed)


async def test_who_may_not_see_the_version_carries_nothing(scene: Scene) -> None:
    assert await refused(actions.carry_own(scene.core, scene.version, actor=scene.stage.stranger)) == "not_found"
    member = scene.stage.member
    await scene.write(NOTE, 1, by=member, stream=scene.private(member))
    await scene.publish(SECOND)
    await documents.recall(scene.core, scene.paper, PaperRecall(reason=""), actor=scene.stage.secretary)
    assert await refused(actions.carry_own(scene.core, scene.version, actor=member)) == "not_found"
    assert await actions.settle(scene.core) == 0


async def test_what_is_shared_later_on_the_old_version_follows_when_somebody_opens_the_new(scene: Scene) -> None:
    old = scene.version
    await scene.publish(SECOND)
    await actions.settle(scene.core)
    late = await scene.write(INK, 1, by=scene.stage.member, stream=f"s:{old}")
    await actions.carry_own(scene.core, scene.version, actor=scene.stage.chair)
    assert set(await scene.notes()) == {late}


async def test_the_layer_of_a_group_follows_with_its_readers(scene: Scene) -> None:
    member, chair = scene.stage.member, scene.stage.chair
    made = await actions.make_group(
        scene.core, scene.version, NoteGroupMake(name="Trợ lý", person_ids=(chair.person_id,)), actor=member
    )
    mark = await scene.write(INK, 1, by=member, stream=f"g:{scene.version}:{made.id}")
    await scene.publish(SECOND)
    await actions.settle(scene.core)
    layer = f"g:{scene.version}:{made.id}"
    assert set(await scene.notes(layer)) == {mark}
    for who, may in ((member, True), (chair, True), (scene.stage.secretary, False)):
        assert await scene.core.db.read(lambda read, who=who: journal.may_read(read, layer, who.person_id)) is may  # type: ignore[misc]


# ---- what the secretariat is told


async def test_the_desk_is_told_of_shared_marks_and_of_private_ones_only_from_five_people_on(scene: Scene) -> None:
    core, secretary = scene.core, scene.stage.secretary
    for _ in range(3):
        await scene.write(INK, 1, by=scene.stage.member)

    async def told() -> bytes:
        return msgspec.json.encode(await actions.marks_on_paper(core, scene.paper, actor=secretary))

    nothing = await told()
    assert nothing == b'{"shared":3,"private":false}'
    await scene.write(INK, 1, by=scene.stage.member, stream=scene.private(scene.stage.member))
    await scene.write(INK, 1, by=scene.stage.chair, stream=scene.private(scene.stage.chair))
    assert await told() == nothing
    for people, expected in ((4, nothing), (5, b'{"shared":3,"private":true}'), (7, b'{"shared":3,"private":true}')):
        await core.db.write(lambda tx, people=people: _pretend(tx, scene.version, people))  # type: ignore[misc]
        assert await told() == expected
    for other in (scene.stage.chair, scene.stage.member, scene.stage.stranger):
        assert await refused(actions.marks_on_paper(core, scene.paper, actor=other)) in {"denied", "not_found"}
    assert await refused(actions.marks_on_paper(core, "khong-co", actor=secretary)) == "not_found"
    assert await refused(actions.marks_on_paper(core, scene.paper, actor=actor("ai", Role.SECRETARY, body="khac")))


def _pretend(tx: object, version: str, people: int) -> None:
    """So many people have private annotations of a version."""
    at = "2026-11-27T01:00:00.000000Z"
    there = {row.owner_id for row in tx.rows(select(store.annotation.c.owner_id))}  # type: ignore[attr-defined]
    for number in range(people - len(there)):
        person = f"gia-{len(there) + number}"
        row = store.Row(
            stream=f"p:{version}:{person}", id=new_id(), version_id=version, owner_id=person, owner_name=person,
            type="note", page=1, body=b"x", rev=1, deleted=0, created_at=at, updated_at=at,
        )  # fmt: skip
        store.insert_txn(tx, [row])  # type: ignore[arg-type]


def test_nothing_is_told_below_five() -> None:
    assert [people for people in range(9) if rules.private_told(people)] == [5, 6, 7, 8]


# ---- traces


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_happens_in_whatever_order_a_note_is_there_once_until_it_is_deleted(
    scene: Scene, seed: int
) -> None:
    """Notes written, deleted and put on any version, papers published, carrying repeated: judged by a small model."""
    chance = random.Random(seed)
    member = scene.stage.member
    versions = [scene.version]
    written: dict[str, int] = {}  # note → the version in which it was written
    deleted: dict[str, set[int]] = {}  # note → the versions in which it was deleted
    marks: list[Body] = [INK, NOTE, highlight("Phien 2")]
    books = iter([SECOND, THIRD, pdfs.pdf("Khac", pages=2)])
    for _ in range(25):
        at = chance.randrange(len(versions))
        stream = f"s:{versions[at]}"
        match chance.choice(("write", "write", "delete", "put", "publish", "settle")):
            case "write":
                body: Body = chance.choice(marks)
                note = await scene.write(body, 1, by=member, stream=stream)
                written[note] = at
            case "delete" if notes := await scene.notes(stream):
                note = chance.choice(sorted(notes))
                await scene.push(stream, Delete(op_id=new_id(), ann_id=note), by=member)
                deleted.setdefault(note, set()).add(at)
            case "put" if waiting := [each for each in (await scene.notes(stream)).values() if _waits(each)]:
                one = waiting[0]
                op = Put(op_id=new_id(), ann_id=one.id, base_rev=one.rev, page=1, body=one.body)
                assert await scene.push(stream, op, by=member) == "applied"
            case "publish" if data := next(books, None):
                versions.append(await scene.publish(data))
            case "settle":
                await actions.settle(scene.core)
    await actions.carry_own(scene.core, scene.version, actor=member)
    now = await scene.notes()
    last = len(versions) - 1
    # A note is in the last version unless it was deleted in the newest version that it had come to.
    for note, began in written.items():
        ended = deleted.get(note, set())
        if not ended:
            assert note in now
        if last in ended:
            assert note not in now
        assert note in await scene.notes(f"s:{versions[began]}") or began in ended
    assert set(now) <= set(written)


def _waits(note: Annotation) -> bool:
    return note.carried is not None and note.carried.waiting
