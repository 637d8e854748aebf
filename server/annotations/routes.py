"""HTTP edge of annotations: reading for export, groups, and the same push as by socket."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import quote

import msgspec
from aiohttp import web

from server.annotations import actions
from server.annotations.actions import copies, packs
from server.annotations.wire import (
    Annotations,
    AnnotationsPush,
    CarriedOver,
    CopyWanted,
    MarksOnPaper,
    MarksWanted,
    NoteGroup,
    NoteGroupAdd,
    NoteGroupMake,
    NoteReaders,
    NoteReadersQuery,
    PackFailed,
    PushResult,
)
from server.core import errors
from server.core.access import Actor
from server.core.context import Core
from server.core.errors import DomainError
from server.core.http import Routes

routes = Routes("annotations")

_PIECE_BYTES = 256 * 1024


@routes.get("/versions/{version}/annotations", verb="annotations.read")
async def visible(core: Core, actor: Actor, version: str) -> Annotations:
    """Shared annotations of a version, and one's own private ones."""
    return await actions.visible(core, version, actor=actor)


@routes.post("/annotations/push", verb="annotations.push")
async def push(core: Core, actor: Actor, body: AnnotationsPush) -> PushResult:
    """Push operations where no socket can be had; the same answers as ``annotations.push``."""
    return await actions.push(core, body, actor=actor)


@routes.post("/versions/{version}/carry", verb="annotations.push")
async def carry(core: Core, actor: Actor, version: str) -> CarriedOver:
    """Bring one's private annotations of earlier versions to this one; asked when it is opened, as often as wished."""
    return await actions.carry_own(core, version, actor=actor)


@routes.get("/papers/{paper}/marks", verb="annotations.count")
async def marks_on_paper(core: Core, actor: Actor, paper: str) -> MarksOnPaper:
    """What hangs on a paper, for who is about to replace it."""
    return await actions.marks_on_paper(core, paper, actor=actor)


@routes.get("/versions/{version}/note-readers", verb="annotations.read")
async def note_readers(core: Core, actor: Actor, version: str, query: NoteReadersQuery) -> NoteReaders:
    """Who reads what is shared on a version: for the act of sharing, and to be named."""
    return await actions.note_readers(core, version, query, actor=actor)


@routes.post("/versions/{version}/note-groups", verb="annotations.group", status=201)
async def make_group(core: Core, actor: Actor, version: str, body: NoteGroupMake) -> NoteGroup:
    """Share a layer with people who may read the version."""
    return await actions.make_group(core, version, body, actor=actor)


@routes.post("/note-groups/{group}/members", verb="annotations.membership")
async def add_members(core: Core, actor: Actor, group: str, body: NoteGroupAdd) -> NoteGroup:
    """Let more people into a group."""
    return await actions.add_members(core, group, body, actor=actor)


@routes.delete("/note-groups/{group}/members/{person}", verb="annotations.membership")
async def remove_member(core: Core, actor: Actor, group: str, person: str) -> NoteGroup:
    """Leave a group, or take somebody out."""
    return await actions.remove_member(core, group, person, actor=actor)


@routes.get("/versions/{version}/copy", verb="documents.download", produces="application/pdf")
async def copy(core: Core, actor: Actor, version: str, query: CopyWanted, request: web.Request) -> web.StreamResponse:
    """A paper with marks as annotations, whole or chosen pages; of a signed one a copy that says so."""
    async with copies.copy(core, version, query, actor=actor) as made:
        return await _sent(request, made.path, f"{made.title}.pdf", "application/pdf", inline=query.inline)


@routes.get("/versions/{version}/xfdf", verb="documents.download", produces="application/vnd.adobe.xfdf")
async def marks(core: Core, actor: Actor, version: str, query: CopyWanted, request: web.Request) -> web.StreamResponse:
    """The marks alone as XFDF (ISO 19444-1)."""
    async with copies.xfdf(core, version, query, actor=actor) as made:
        return await _sent(request, made.path, f"{made.title}.xfdf", "application/vnd.adobe.xfdf")


@routes.post("/meetings/{meeting}/pack", verb="annotations.pack", produces="application/octet-stream")
async def pack(core: Core, actor: Actor, meeting: str, body: MarksWanted, request: web.Request) -> web.StreamResponse:
    """A meeting as one PDF: lines of JSON that tell how far it is, the last one its size, and then its bytes."""
    planned = await packs.plan(core, meeting, body, actor=actor)
    response = web.StreamResponse(headers={**_UNKEPT, "Content-Type": "application/octet-stream"})
    response.headers["X-Accel-Buffering"] = "no"  # a proxy that waits for the end would hide the steps
    await response.prepare(request)
    try:
        async with packs.made(core, planned, actor=actor) as steps:
            async for step in steps:
                if isinstance(step, Path):
                    await _pour(step, response)
                else:
                    await response.write(msgspec.json.encode(step) + b"\n")
    except DomainError as error:  # the answer has begun: it is told in its own way
        failed = PackFailed(code=error.code, text=errors.text(error, actor.lang))
        await response.write(msgspec.json.encode(failed) + b"\n")
    await response.write_eof()
    return response


# As ``documents`` has it for the papers themselves: shown in a frame of ours alone, to be printed.
_FRAMED = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
_UNKEPT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


async def _sent(request: web.Request, path: Path, name: str, kind: str, *, inline: bool = False) -> web.StreamResponse:
    """A file that is gone afterwards."""
    disposition = f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}"
    kept = {**_UNKEPT, "Content-Security-Policy": _FRAMED, "Content-Type": kind, "Content-Disposition": disposition}
    response = web.StreamResponse(headers=kept)
    response.content_length = (await asyncio.to_thread(path.stat)).st_size
    await response.prepare(request)
    await _pour(path, response)
    await response.write_eof()
    return response


async def _pour(path: Path, response: web.StreamResponse) -> None:
    with await asyncio.to_thread(path.open, "rb") as file:
        while piece := await asyncio.to_thread(file.read, _PIECE_BYTES):
            await response.write(piece)
