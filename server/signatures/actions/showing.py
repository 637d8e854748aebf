"""Showing what a check found: a page then and now, and the printed report."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from server.documents import actions as documents
from server.signatures.actions.checking import in_child, judge, judged, received
from server.signatures.child.looking import draw_pair, print_report

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.signatures.wire import PagePair, PageThenQuery

_TITLE_CHARACTERS = 200


async def pages_of_version(core: Core, version_id: str, query: PageThenQuery, *, actor: Actor) -> PagePair:
    """A page of a version as it was signed and as it is now, for who may read it."""
    served = await documents.beginning(core, version_id, query.length, actor=actor)
    async with core.blobs.as_file(served.sha256) as path:
        return await in_child(core, draw_pair, str(path), query.length, query.page)


async def pages_of_upload(core: Core, chunks: AsyncIterator[bytes], query: PageThenQuery, *, actor: Actor) -> PagePair:
    """The same of any file; nothing of it is kept."""
    async with received(core, chunks, actor=actor) as path:
        return await in_child(core, draw_pair, path, query.length, query.page)


async def print_version(core: Core, version_id: str, *, actor: Actor) -> bytes:
    """What a check of a version finds now, printed: a PDF."""
    held, found = await judged(core, version_id, actor=actor)
    name = f"{held.title} ({found.symbol})" if found.symbol else held.title
    return await in_child(core, print_report, found.report, name, found.register)


async def print_upload(core: Core, chunks: AsyncIterator[bytes], name: str, *, actor: Actor) -> bytes:
    """The same of any file, under the name that it came with."""
    async with received(core, chunks, actor=actor) as path:
        report = await judge(core, path)
    return await in_child(core, print_report, report, name[:_TITLE_CHARACTERS] or "—", ())
