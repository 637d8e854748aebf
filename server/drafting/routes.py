"""HTTP edge of drafting."""

from __future__ import annotations

from aiohttp import web

from server.core.access import Actor
from server.core.context import Core
from server.core.http import Routes
from server.drafting import actions
from server.drafting.wire import (
    Draft,
    DraftBegin,
    DraftFiled,
    DraftGone,
    DraftRevision,
    Drafts,
    DraftSave,
    DraftSaved,
)

routes = Routes("drafting")


@routes.get("/meetings/{meeting}/drafts", verb="drafting.read")
async def drafts(core: Core, actor: Actor, meeting: str) -> Drafts:
    """What is being written of a meeting."""
    return await actions.list_drafts(core, meeting, actor=actor)


@routes.post("/meetings/{meeting}/drafts", verb="drafting.write")
async def begin(core: Core, actor: Actor, meeting: str, body: DraftBegin) -> Draft:
    """Begin a paper, filled from the meeting."""
    return await actions.begin(core, meeting, body, actor=actor)


@routes.get("/drafts/{draft}", verb="drafting.read")
async def view(core: Core, actor: Actor, draft: str) -> Draft:
    """A draft with its text."""
    return await actions.view(core, draft, actor=actor)


@routes.put("/drafts/{draft}", verb="drafting.write")
async def save(core: Core, actor: Actor, draft: str, body: DraftSave) -> DraftSaved:
    """Keep the text as it is now."""
    return await actions.save(core, draft, body, actor=actor)


@routes.post("/drafts/{draft}/refill", verb="drafting.write")
async def refill(core: Core, actor: Actor, draft: str, body: DraftRevision) -> Draft:
    """Take over what the meeting has changed."""
    return await actions.refill(core, draft, body, actor=actor)


@routes.get("/drafts/{draft}/preview", verb="drafting.read", produces="application/pdf")
async def preview(core: Core, actor: Actor, draft: str) -> web.StreamResponse:
    """The pages as they would be printed."""
    pdf = await actions.preview(core, draft, actor=actor)
    return web.Response(body=pdf, content_type="application/pdf", headers=_UNKEPT)


@routes.post("/drafts/{draft}/file", verb="drafting.write")
async def file(core: Core, actor: Actor, draft: str, body: DraftRevision) -> DraftFiled:
    """Print a draft and put it among the papers, or make it the next version of its paper."""
    return await actions.file(core, draft, body, actor=actor)


@routes.delete("/drafts/{draft}", verb="drafting.write")
async def discard(core: Core, actor: Actor, draft: str) -> DraftGone:
    """Discard a draft; the paper that it became stays."""
    return await actions.discard(core, draft, actor=actor)


_UNKEPT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
