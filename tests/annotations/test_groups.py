"""Groups that share a layer: who reads it follows who is in the group and who may read the paper; nobody else does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from server.annotations import actions
from server.annotations.wire import (
    AnnotationsPush,
    Delete,
    Ink,
    Note,
    NoteGroupAdd,
    NoteGroupMake,
    NoteReadersQuery,
    Put,
)
from server.core import journal
from server.core.access import Role
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.journal.tables import stream as stream_table
from server.documents import actions as documents
from server.documents.wire import PaperRecall
from server.invitations import actions as invitations
from server.invitations import jobs as invitation_jobs
from server.invitations.wire import InvitationSend
from server.meetings import actions as meetings
from server.meetings import jobs as meeting_jobs
from server.meetings.wire import ItemEdit
from tests.live.rooms import pdf
from tests.support.house import actor, resending, states
from tests.support.sitting import Watch, add_item, draft, enter_people, invite

if TYPE_CHECKING:
    from server.annotations.wire import NoteGroup, OpResult
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read
    from server.meetings.wire import Meeting

INK = Ink(color="#1f5fa8", w=1.6, pts=(100, 100, 50, 5, 5, 0))


@dataclass
class Scene:
    """A meeting with two papers that all read; the members are the leader, the aide, another and one more."""

    core: Core
    meeting: Meeting
    item: str
    paper: str
    version: str
    other: str
    secretary: Actor
    leader: Actor
    aide: Actor
    third: Actor
    outside: str

    def layer(self, group: NoteGroup, version: str | None = None) -> str:
        return f"g:{version or self.version}:{group.id}"

    async def make(self, *others: Actor, by: Actor | None = None) -> NoteGroup:
        command = NoteGroupMake(name="Nhóm của tôi", person_ids=tuple(each.person_id for each in others))
        return await actions.make_group(self.core, self.version, command, actor=by or self.leader)

    async def push(self, stream: str, *ops: Put | Delete, by: Actor) -> list[OpResult]:
        return list((await actions.push(self.core, AnnotationsPush(stream=stream, ops=ops), actor=by)).results)

    async def readers(self, stream: str) -> frozenset[str]:
        def read(read: Read) -> frozenset[str]:
            return journal.members(read, journal.audience_of(read, stream))

        return await self.core.db.read(read)


@pytest.fixture
async def scene(core: Core) -> Scene:
    people = await enter_people(core, 6)
    secretary = actor(people.secretary, Role.SECRETARY, body=people.body)
    meeting = await draft(core, people, secretary)
    meeting = await invite(core, meeting, people.members[:3], secretary=secretary)
    found = []
    for title in ("Báo cáo", "Công tác cán bộ"):
        item = await add_item(core, meeting, title, secretary=secretary)
        found.append(await documents.publish_bytes(core, item.id, pdf(2), title, "paper", secretary))
    await invitations.send(core, meeting.id, InvitationSend(mail=False), actor=secretary)
    await invitation_jobs.settle(core)
    first, second = (each.version.id for each in found if each.version)
    leader, aide, third = (actor(each, name=f"Người {at}") for at, each in enumerate(people.members[:3]))
    return Scene(
        core, meeting, found[0].item_id, found[0].id, first, second, secretary, leader, aide, third, people.members[3]
    )


def put(body: Ink | Note = INK, ann: str | None = None) -> Put:
    return Put(op_id=new_id(), ann_id=ann or new_id(), page=1, body=body)


async def refused(code: str, act: object) -> None:
    with pytest.raises(DomainError) as refusal:
        await act  # type: ignore[misc]
    assert refusal.value.code == code


async def groups_of(core: Core, person: str) -> list[NoteGroup]:
    state = (await states(core, f"u:{person}"))[f"u:{person}"]
    return [each for (kind, _id), each in state.items() if kind == "note_group"]  # type: ignore[misc]


async def test_a_group_reads_and_writes_its_layer_and_nobody_else_does(scene: Scene) -> None:
    group = await scene.make(scene.aide)
    assert [person.id for person in group.members] == [scene.leader.person_id, scene.aide.person_id]
    assert group.keeper == scene.leader.person_id
    layer, note = scene.layer(group), put(Note(x=1, y=2, text="hỏi lại số liệu"))
    assert [r.st for r in await scene.push(layer, note, by=scene.aide)] == ["applied"]
    assert [r.st for r in await scene.push(layer, put(), by=scene.leader)] == ["applied"]
    assert await scene.readers(layer) == {scene.leader.person_id, scene.aide.person_id}
    for who in (scene.third, scene.secretary, actor("administrator", Role.ADMINISTRATOR)):
        await refused("denied", scene.push(layer, put(), by=who))
    for who in (scene.third, scene.secretary):
        seen = (await actions.visible(scene.core, scene.version, actor=who)).annotations
        assert note.ann_id not in {each.id for each in seen}
        assert await groups_of(scene.core, who.person_id) == []
    seen = (await actions.visible(scene.core, scene.version, actor=scene.leader)).annotations
    assert note.ann_id in {each.id for each in seen}
    assert [each.id for each in await groups_of(scene.core, scene.aide.person_id)] == [group.id]


async def test_only_the_owner_deletes_in_a_group_layer(scene: Scene) -> None:
    group = await scene.make(scene.secretary, scene.aide)
    stroke = put()
    await scene.push(scene.layer(group), stroke, by=scene.aide)
    delete = Delete(op_id=new_id(), ann_id=stroke.ann_id)
    assert [r.st for r in await scene.push(scene.layer(group), delete, by=scene.secretary)] == ["denied"]
    mine = Delete(op_id=new_id(), ann_id=stroke.ann_id)
    assert [r.st for r in await scene.push(scene.layer(group), mine, by=scene.aide)] == ["applied"]


async def test_only_who_may_read_the_paper_is_named_and_only_who_may_read_it_names(scene: Scene) -> None:
    await refused("annotations.not_reader", scene.make(actor(scene.outside)))
    await refused("annotations.not_reader", scene.make(actor("nobody")))
    await refused("annotations.group_size", scene.make(scene.leader))
    await refused("not_found", scene.make(scene.aide, by=actor(scene.outside)))
    await refused("not_found", scene.make(scene.aide, by=actor("administrator", Role.ADMINISTRATOR)))
    for _ in range(10):
        await scene.make(scene.aide)
    await refused("annotations.too_many_groups", scene.make(scene.aide))


async def test_a_group_has_no_layer_on_papers_of_another_meeting(scene: Scene) -> None:
    group = await scene.make(scene.aide)
    held = await scene.core.db.read(lambda read: documents.held(read, scene.version))
    assert held is not None
    elsewhere = await scene.push(f"s:{scene.version}", put(), by=scene.aide)
    assert [r.st for r in elsewhere] == ["applied"]
    for stream in (f"g:{new_id()}:{group.id}", f"g:{scene.version}:{new_id()}"):
        await refused("denied", scene.push(stream, put(), by=scene.aide))


async def test_the_same_command_twice_makes_one_group(scene: Scene) -> None:
    who = resending(scene.leader)
    assert await scene.make(scene.aide, by=who) == await scene.make(scene.aide, by=who)
    assert len(await groups_of(scene.core, scene.aide.person_id)) == 1


async def test_who_leaves_or_is_taken_out_reads_no_more_and_every_layer_follows(scene: Scene) -> None:
    watch = Watch(scene.core)
    await watch.check()
    group = await scene.make(scene.aide, scene.third)
    assert await watch.check() >= {f"u:{each.person_id}" for each in (scene.leader, scene.aide, scene.third)}
    layers = [scene.layer(group), scene.layer(group, scene.other)]
    for layer in layers:
        await scene.push(layer, put(), by=scene.aide)
    before = await scene.core.db.read(lambda read: epochs(read, layers))
    await refused("denied", actions.remove_member(scene.core, group.id, scene.aide.person_id, actor=scene.third))
    after = await actions.remove_member(scene.core, group.id, scene.aide.person_id, actor=scene.leader)
    assert [person.id for person in after.members] == [scene.leader.person_id, scene.third.person_id]
    for layer in layers:
        assert await scene.readers(layer) == {scene.leader.person_id, scene.third.person_id}
        await refused("denied", scene.push(layer, put(), by=scene.aide))
    await watch.check()
    now = await scene.core.db.read(lambda read: epochs(read, layers))
    assert all(later > then for then, later in zip(before, now, strict=True))
    assert await groups_of(scene.core, scene.aide.person_id) == []
    await refused("not_found", actions.remove_member(scene.core, group.id, scene.third.person_id, actor=scene.aide))
    # The leader leaves: who has been in it for the longest keeps it, and may let somebody in.
    left = await actions.remove_member(scene.core, group.id, scene.leader.person_id, actor=scene.leader)
    assert left.keeper == scene.third.person_id
    add = NoteGroupAdd(version_id=scene.version, person_ids=(scene.aide.person_id,))
    await refused("not_found", actions.add_members(scene.core, group.id, add, actor=scene.leader))
    await actions.add_members(scene.core, group.id, add, actor=scene.third)
    assert await scene.readers(layers[0]) == {scene.third.person_id, scene.aide.person_id}
    assert [each.id for each in await groups_of(scene.core, scene.aide.person_id)] == [group.id]


def epochs(read: Read, names: list[str]) -> list[int]:
    return [read.scalar(select(stream_table.c.epoch).where(stream_table.c.id == name)) for name in names]


async def test_only_the_keeper_lets_in_and_only_readers(scene: Scene) -> None:
    group = await scene.make(scene.aide)
    add = NoteGroupAdd(version_id=scene.version, person_ids=(scene.third.person_id,))
    await refused("denied", actions.add_members(scene.core, group.id, add, actor=scene.aide))
    await refused("not_found", actions.add_members(scene.core, group.id, add, actor=scene.third))
    outside = NoteGroupAdd(version_id=scene.version, person_ids=(scene.outside,))
    await refused("annotations.not_reader", actions.add_members(scene.core, group.id, outside, actor=scene.leader))


async def test_a_member_who_may_not_read_a_closed_paper_sees_nothing_of_its_layer(scene: Scene) -> None:
    group = await scene.make(scene.aide)
    opened, shut = scene.layer(group, scene.other), scene.layer(group)
    for layer in (opened, shut):
        await scene.push(layer, put(), by=scene.aide)
    change = ItemEdit(restricted=True, invitees=(scene.leader.person_id,))
    await meetings.edit_item(scene.core, scene.item, change, actor=scene.secretary)
    await meeting_jobs.settle(scene.core)
    assert await scene.readers(shut) == {scene.leader.person_id}
    assert await scene.readers(opened) == {scene.leader.person_id, scene.aide.person_id}
    await refused("denied", scene.push(shut, put(), by=scene.aide))
    counts = await actions.note_readers(scene.core, scene.version, NoteReadersQuery(), actor=scene.leader)
    assert {each.group_id: each.count for each in counts.groups} == {group.id: 1}
    await refused("not_found", actions.note_readers(scene.core, scene.version, NoteReadersQuery(), actor=scene.aide))
    await meetings.edit_item(scene.core, scene.item, ItemEdit(restricted=False), actor=scene.secretary)
    assert await scene.readers(shut) == {scene.leader.person_id, scene.aide.person_id}


async def test_who_is_taken_off_the_list_is_in_no_group_and_reads_nothing(scene: Scene) -> None:
    group = await scene.make(scene.aide, scene.third)
    await scene.push(scene.layer(group), put(), by=scene.aide)
    stay = (scene.leader.person_id, scene.third.person_id)
    watch = Watch(scene.core)
    await watch.check()
    await invite(scene.core, scene.meeting, stay, secretary=scene.secretary)
    await watch.check()
    assert await scene.readers(scene.layer(group)) == set(stay)
    assert await groups_of(scene.core, scene.aide.person_id) == []
    (left,) = await groups_of(scene.core, scene.leader.person_id)
    assert [person.id for person in left.members] == list(stay)


async def test_a_recalled_paper_has_no_layer_that_anybody_reads(scene: Scene) -> None:
    group = await scene.make(scene.aide)
    await scene.push(scene.layer(group), put(), by=scene.aide)
    await documents.recall(scene.core, scene.paper, PaperRecall(reason="Nhầm bản"), actor=scene.secretary)
    assert await scene.readers(scene.layer(group)) == frozenset()


async def test_who_reads_is_told_to_readers_with_names(scene: Scene) -> None:
    told = await actions.note_readers(scene.core, scene.version, NoteReadersQuery(), actor=scene.leader)
    assert told.count == len(told.people)
    assert {scene.leader.person_id, scene.aide.person_id, scene.third.person_id} <= {each.id for each in told.people}
    name = next(each.name for each in told.people if each.id == scene.aide.person_id)
    found = await actions.note_readers(scene.core, scene.version, NoteReadersQuery(q=name.upper()), actor=scene.leader)
    assert scene.aide.person_id in {each.id for each in found.people}
    assert found.count == told.count
