"""Pictures of pages for the page strip: made once when first asked for, kept beside the paper's bytes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from server.core.db import Database
from server.core.errors import DomainError
from server.documents.actions import guard
from server.documents.intake.draw import draw_page
from server.documents.store import papers

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core

# One at a time: uploads share the same children, and must not wait behind the strips of a whole hall.
AT_ONCE = 1
MOST_WAITING = 64
SECONDS = 10.0
MEMORY_MIB = 512


class _Desk:
    """The drawings under way, by bytes and page, so that a hall that asks for one page has it drawn once."""

    def __init__(self) -> None:
        self.free = asyncio.Semaphore(AT_ONCE)
        self.under_way: dict[tuple[str, int], asyncio.Task[bytes]] = {}


_desks: WeakKeyDictionary[Database, _Desk] = WeakKeyDictionary()


async def thumbnail(core: Core, version_id: str, page: int, *, actor: Actor) -> tuple[str, bytes]:
    """A small picture (WebP) of a page, counted from 1, and the name of the bytes that it is made of.

    Raises as reading does, ``documents.no_page``, and ``worker_busy`` when too many wait.
    """
    held = await guard.reach(core, version_id, actor=actor)
    if not 1 <= page <= held.pages:
        raise DomainError("documents.no_page", page=page)
    made = await core.db.read(lambda read: papers.picture(read, held.sha256, page))
    if made is not None:
        try:
            return held.sha256, await core.blobs.read(made)
        except DomainError as error:  # lost or damaged: a picture can be drawn again
            if error.code not in {"not_found", "blobs.corrupt"}:
                raise
    return held.sha256, await _drawn(core, held.sha256, page)


async def _drawn(core: Core, content: str, page: int) -> bytes:
    desk = _desks.setdefault(core.db, _Desk())
    key = (content, page)
    task = desk.under_way.get(key)
    if task is None:
        if len(desk.under_way) >= MOST_WAITING:
            raise DomainError("worker_busy")
        task = desk.under_way[key] = asyncio.create_task(_draw(core, desk, content, page))
        task.add_done_callback(lambda _done: desk.under_way.pop(key, None))
    return await asyncio.shield(task)  # one who goes away does not spoil it for the others


async def _draw(core: Core, desk: _Desk, content: str, page: int) -> bytes:
    async with desk.free, core.blobs.as_file(content) as path:
        picture = await core.workers.run(draw_page, str(path), page, timeout=SECONDS, memory_mib=MEMORY_MIB)
    ref = await core.blobs.put(picture)
    await core.db.write(lambda tx: papers.set_picture_txn(tx, content, page, ref.sha256))
    return picture
