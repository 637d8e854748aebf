"""Pictures of pages for the page strip: made once when first asked for, kept beside the paper's bytes.

Where copies carry their readers' names, pictures do too, signed papers' also: a picture is nobody's signed bytes.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from server.core.db import Database
from server.core.errors import DomainError
from server.core.printing import words
from server.core.workers import File
from server.documents.actions import guard
from server.documents.intake.draw import draw_pages
from server.documents.store import papers
from server.documents.watermark import name_picture

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Tx
    from server.documents.store.versions import Held

# One at a time: uploads share the same children, and must not wait behind the strips of a whole hall.
AT_ONCE = 1
MOST_WAITING = 64
SECONDS = 10.0
# Lists show the first page alone; who asks for another is a strip, and soon asks for its neighbours.
STRIP_PAGES = 16
MEMORY_MIB = 512
# Pictures with a name on them are remembered, some 8 KiB each, the oldest forgotten first: drawing one takes 10 ms.
MOST_NAMED = 2_000


class _Desk:
    """The drawings under way, by bytes and first page, so that a hall that asks for one page has it drawn once."""

    def __init__(self) -> None:
        self.free = asyncio.Semaphore(AT_ONCE)
        self.under_way: dict[tuple[str, int], asyncio.Task[list[bytes]]] = {}
        self.named: OrderedDict[tuple[str, str, str, int], bytes] = OrderedDict()


_desks: WeakKeyDictionary[Database, _Desk] = WeakKeyDictionary()


async def thumbnail(core: Core, version_id: str, page: int, *, actor: Actor) -> tuple[str, bytes]:
    """A small picture (JPEG) of a page, counted from 1, and a tag that is another for another picture.

    Raises as reading does, ``documents.no_page``, and ``worker_busy`` when too many wait.
    """
    held = await guard.reach(core, version_id, actor=actor)
    if not 1 <= page <= held.pages:
        raise DomainError("documents.no_page", page=page)
    if held.mark == "none":
        return f"{held.sha256}-{page}", await _picture(core, held, page)
    picture = await _named(core, held, page, actor)
    return hashlib.sha256(picture).hexdigest(), picture


async def _named(core: Core, held: Held, page: int, actor: Actor) -> bytes:
    """The picture with this reader's name, and the time when it was drawn for them."""
    known = _desks.setdefault(core.db, _Desk()).named
    name = actor.name or actor.person_id
    key = (actor.person_id, name, held.sha256, page)
    found = known.get(key)
    if found is None:
        shown = words.local(core.clock.now())
        found = known[key] = await core.workers.run(
            name_picture, await _picture(core, held, page), name, f"{shown:%H:%M}, {words.short_date(shown)}",
            timeout=SECONDS, memory_mib=MEMORY_MIB,
        )  # fmt: skip
        while len(known) > MOST_NAMED:
            known.popitem(last=False)
    return found


async def _picture(core: Core, held: Held, page: int) -> bytes:
    """The picture that is nobody's yet: kept, or drawn now."""
    made = await core.db.read(lambda read: papers.picture(read, held.sha256, page))
    if made is not None:
        try:
            return await core.blobs.read(made)
        except DomainError as error:  # lost or damaged: a picture can be drawn again
            if error.code not in {"not_found", "blobs.corrupt"}:
                raise
    first, last = strip(page, held.pages)
    drawn = await _drawn(core, held.sha256, first, last)
    if page - first >= len(drawn):  # those before it took long
        first, drawn = page, await _drawn(core, held.sha256, page, last)
    return drawn[page - first]


def strip(page: int, pages: int) -> tuple[int, int]:
    """The first and last of the pages that are drawn together with ``page``."""
    if page == 1:
        return 1, 1
    first = page - (page - 2) % STRIP_PAGES
    return first, min(first + STRIP_PAGES - 1, pages)


async def _drawn(core: Core, content: str, first: int, last: int) -> list[bytes]:
    desk = _desks.setdefault(core.db, _Desk())
    key = (content, first)
    task = desk.under_way.get(key)
    if task is None:
        if len(desk.under_way) >= MOST_WAITING:
            raise DomainError("worker_busy")
        task = desk.under_way[key] = asyncio.create_task(_draw(core, desk, content, first, last))
        task.add_done_callback(lambda _done: desk.under_way.pop(key, None))
    return await asyncio.shield(task)  # one who goes away does not spoil it for the others


async def _draw(core: Core, desk: _Desk, content: str, first: int, last: int) -> list[bytes]:
    async with desk.free, core.blobs.as_file(content) as path:
        pictures = await core.readers.run(
            draw_pages, File(str(path)), first, last, timeout=SECONDS, memory_mib=MEMORY_MIB
        )
    kept = [(await core.blobs.put(picture)).sha256 for picture in pictures]

    def keep_txn(tx: Tx) -> None:
        for page, sha256 in enumerate(kept, start=first):
            papers.set_picture_txn(tx, content, page, sha256)

    await core.db.write(keep_txn)
    return pictures
