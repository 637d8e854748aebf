"""A meeting as one file: planned under a permission, made paper by paper in children, told step by step.

What is made lies in a folder of the asker's own request and is gone with it: it may hold private notes in the clear,
so it is in no store, no backup, and no other process ever sees it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from server.annotations.actions import copies
from server.annotations.child import CopyJob, PackItem, PackJob, PackPaper, write_pack, write_part
from server.annotations.wire import PackReady, PackStep
from server.core import access
from server.documents import actions as documents
from server.documents import rules as document_rules
from server.meetings import actions as meetings

if TYPE_CHECKING:
    from server.annotations.wire import MarksWanted
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read
    from server.documents.actions import Held
    from server.documents.wire import Paper
    from server.meetings.actions import AgendaItem
    from server.meetings.wire import Meeting

JOIN_SECONDS = 300.0


class _Item(Struct, frozen=True):
    """An item as its reader may see it: whether it is closed to them, what they may take, what they may not."""

    item: AgendaItem
    label: str
    closed: bool
    papers: tuple[Paper, ...]
    left_out: tuple[str, ...]


class Plan(Struct, frozen=True):
    """What a pack will hold, as it was allowed when it was asked for."""

    meeting: Meeting
    items: tuple[_Item, ...]
    wanted: MarksWanted

    @property
    def left_out(self) -> tuple[str, ...]:
        """Papers that may be read and not taken, by title."""
        return tuple(title for item in self.items for title in item.left_out)


async def plan(core: Core, meeting_id: str, wanted: MarksWanted, *, actor: Actor) -> Plan:
    """What a meeting's pack would hold for this actor; raises ``not_found`` for who does not see the meeting."""

    def read(read: Read) -> Plan:
        meeting = meetings.find(read, actor, "annotations.pack", meeting_id)
        number, items = 0, []
        for item in meetings.items(read, meeting_id):
            number += not item.general
            items.append(_planned(read, actor, item, "" if item.general else f"{number}."))
        return Plan(meeting, tuple(items), wanted)

    return await core.db.read(read)


@asynccontextmanager
async def made(core: Core, planned: Plan, *, actor: Actor) -> AsyncIterator[AsyncIterator[PackStep | PackReady | Path]]:
    """Make a pack: steps as they come, at last what it became and where it lies until the block ends.

    Steps raise as reading does where access ends meanwhile, and ``worker_…``.
    """
    async with copies.desk(core), copies.folder(core) as place:
        yield _steps(core, planned, place, actor)


async def _steps(core: Core, planned: Plan, place: Path, actor: Actor) -> AsyncIterator[PackStep | PackReady | Path]:
    papers = [paper for item in planned.items for paper in item.papers]
    parts: dict[str, PackPaper] = {}
    for done, paper in enumerate(papers):
        yield PackStep(done=done, total=len(papers), title=paper.title)
        parts[paper.id] = await _part(core, planned, paper, place, actor)
    yield PackStep(done=len(papers), total=len(papers), title="")
    target = place / "pack.pdf"
    job = _job(core, planned, parts, actor)
    became = await core.workers.run(
        write_pack, str(target), job, timeout=JOIN_SECONDS, memory_mib=copies.MEMORY_MIB
    )  # fmt: skip
    for paper in papers:  # it took a while, and access may have ended
        assert paper.version is not None
        await documents.take(core, paper.version.id, actor=actor)
    yield PackReady(size=(await asyncio.to_thread(target.stat)).st_size, pages=became.pages, left_out=planned.left_out)
    yield target


def _planned(read: Read, actor: Actor, item: AgendaItem, label: str) -> _Item:
    held = access.relations(read, actor, "item", item.id)
    if not access.allowed("documents.read", held):
        return _Item(item, label, closed=True, papers=(), left_out=())
    papers = [paper for paper in documents.papers_of(read, item.id) if paper.version is not None]
    takable = [document_rules.may_take(paper.downloadable, held) for paper in papers]
    return _Item(
        item,
        label,
        closed=False,
        papers=tuple(paper for paper, may in zip(papers, takable, strict=True) if may),
        left_out=tuple(paper.title for paper, may in zip(papers, takable, strict=True) if not may),
    )


async def _part(core: Core, planned: Plan, paper: Paper, place: Path, actor: Actor) -> PackPaper:
    """One paper with its marks; read under the permissions of this moment."""
    assert paper.version is not None
    version, target = paper.version, place / f"{paper.id}.pdf"

    def read(read: Read) -> tuple[Held, CopyJob]:
        held = documents.check_taking(read, actor, version.id)
        marks = copies.marks_of(core, read, actor, version.id, planned.wanted)
        return held, CopyJob(sheet=copies.sheet_of(core, read, actor, held, planned.wanted), marks=marks)

    held, job = await core.db.read(read)
    async with documents.as_file(core, held, actor=actor) as source:
        notes = await core.workers.run(
            write_part, str(source), str(target), job, timeout=copies.SECONDS, memory_mib=copies.MEMORY_MIB
        )  # fmt: skip
    return PackPaper(path=str(target), title=paper.title, notes=notes)


def _job(core: Core, planned: Plan, parts: dict[str, PackPaper], actor: Actor) -> PackJob:
    meeting = planned.meeting
    return PackJob(
        meeting=meeting.title,
        body=meeting.body_name,
        starts_at=copies.printed(meeting.starts_at),
        place=meeting.place,
        chair=", ".join(part for part in (meeting.chair.name, meeting.chair.title) if part) if meeting.chair else "",
        taker=actor.name,
        at=copies.printed(core.clock.now().isoformat()),
        layers=copies.layers(planned.wanted),
        items=tuple(_entry(each, parts) for each in planned.items),
    )


def _entry(each: _Item, parts: dict[str, PackPaper]) -> PackItem:
    public = each.item.public
    return PackItem(
        label=each.label,
        title=public.title if each.closed else each.item.title,
        minutes=each.item.minutes,
        presenter="" if each.closed or each.item.presenter is None else each.item.presenter.name,
        closed=each.closed,
        papers=tuple(parts[paper.id] for paper in each.papers),
        left_out=each.left_out,
    )
