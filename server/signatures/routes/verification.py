"""HTTP edge of checking: a version or any file, what changed on a page, the report to print."""

from __future__ import annotations

from aiohttp import web

from server.core.access import Actor
from server.core.context import Core
from server.core.http import Routes
from server.signatures import actions
from server.signatures.routes.bodies import PDF, pdf_of
from server.signatures.wire import PagePair, PageThenQuery, ReportQuery, Verification
from signing import Report

routes = Routes("signatures")

# A page of ours shows it in a frame to have it printed; nothing else may.
_FRAMED = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


@routes.get("/versions/{version}/verification", verb="documents.read")
async def check_version(core: Core, actor: Actor, version: str) -> Verification:
    """Check the signatures of a version against the trusted roots and the register."""
    return await actions.check_version(core, version, actor=actor)


@routes.get("/versions/{version}/verification/pages", verb="documents.read")
async def pages_of_version(core: Core, actor: Actor, version: str, query: PageThenQuery) -> PagePair:
    """A page of a version as somebody signed it, and as it is now."""
    return await actions.pages_of_version(core, version, query, actor=actor)


@routes.get("/versions/{version}/verification/report", verb="documents.read", produces=PDF)
async def print_version(core: Core, actor: Actor, version: str) -> web.StreamResponse:
    """What the check of a version finds, as a PDF to print."""
    return _printed(await actions.print_version(core, version, actor=actor))


@routes.post("/verification", verb="signatures.verify", consumes=PDF)
async def check_upload(core: Core, actor: Actor, request: web.Request) -> Report:
    """Check the signatures of any PDF; nothing of it is kept."""
    return await actions.check_upload(core, pdf_of(request), actor=actor)


@routes.post("/verification/pages", verb="signatures.verify", consumes=PDF)
async def pages_of_upload(core: Core, actor: Actor, query: PageThenQuery, request: web.Request) -> PagePair:
    """A page of any PDF as somebody signed it, and as it is now; nothing of it is kept."""
    return await actions.pages_of_upload(core, pdf_of(request), query, actor=actor)


@routes.post("/verification/report", verb="signatures.verify", consumes=PDF, produces=PDF)
async def print_upload(core: Core, actor: Actor, query: ReportQuery, request: web.Request) -> web.StreamResponse:
    """What the check of any PDF finds, as a PDF to print; nothing of either is kept."""
    return _printed(await actions.print_upload(core, pdf_of(request), query.name, actor=actor))


def _printed(pdf: bytes) -> web.Response:
    headers = {
        "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": _FRAMED,
        "Content-Disposition": 'inline; filename="ket-qua-kiem-tra.pdf"',
    }  # fmt: skip
    return web.Response(body=pdf, content_type=PDF, headers=headers)
