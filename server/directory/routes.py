"""HTTP edge of the directory."""

from __future__ import annotations

from aiohttp import web

from server.core.access import Actor
from server.core.context import Core
from server.core.http import Routes
from server.directory import actions
from server.directory.wire import (
    Bodies,
    BodyChange,
    BodyCreate,
    BodyView,
    ImportQuery,
    ImportReport,
    PeoplePage,
    PeopleQuery,
    PersonChange,
    PersonCreate,
    PersonView,
    PostingCreate,
    PostingEnd,
)

routes = Routes("directory")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@routes.get("/directory/bodies", verb="directory.read")
async def bodies(core: Core, actor: Actor) -> Bodies:
    """All bodies in force today, parents before children, and the tiers of government."""
    return await actions.bodies(core, actor=actor)


@routes.post("/directory/bodies", verb="directory.change", status=201)
async def create_body(core: Core, actor: Actor, body: BodyCreate) -> BodyView:
    """Enter a body."""
    return await actions.create_body(core, body, actor=actor)


@routes.patch("/directory/bodies/{body_id}", verb="directory.change")
async def change_body(core: Core, actor: Actor, body_id: str, body: BodyChange) -> BodyView:
    """Change a body's name, abbreviation, the body above it, or its last day."""
    return await actions.change_body(core, body_id, body, actor=actor)


@routes.get("/directory/people", verb="directory.read")
async def people(core: Core, actor: Actor, query: PeopleQuery) -> PeoplePage:
    """Search people by words of the name, with or without accents, and by body."""
    return await actions.search(core, query, actor=actor)


@routes.post("/directory/people", verb="directory.change", status=201)
async def create_person(core: Core, actor: Actor, body: PersonCreate) -> PersonView:
    """Enter a person with a first post."""
    return await actions.create_person(core, body, actor=actor)


@routes.patch("/directory/people/{person_id}", verb="directory.change")
async def change_person(core: Core, actor: Actor, person_id: str, body: PersonChange) -> PersonView:
    """Change a person's name, address or number."""
    return await actions.change_person(core, person_id, body, actor=actor)


@routes.post("/directory/people/{person_id}/postings", verb="directory.change", status=201)
async def add_posting(core: Core, actor: Actor, person_id: str, body: PostingCreate) -> PersonView:
    """Give a person one more post."""
    return await actions.add_posting(core, person_id, body, actor=actor)


@routes.post("/directory/postings/{posting_id}/end", verb="directory.change")
async def end_posting(core: Core, actor: Actor, posting_id: str, body: PostingEnd) -> PersonView:
    """End a post on a day; what was granted in its body ends with the last post there."""
    return await actions.end_posting(core, posting_id, body, actor=actor)


@routes.post("/directory/import", verb="directory.import", consumes="application/octet-stream")
async def import_file(core: Core, actor: Actor, query: ImportQuery, request: web.Request) -> ImportReport:
    """Check a spreadsheet of bodies, posts and people row by row; without ``dry_run`` take over all of it."""
    return await actions.import_file(core, request.content.iter_any(), query, actor=actor)


@routes.get("/directory/import/template", verb="directory.read", produces=XLSX)
async def template(core: Core, actor: Actor) -> web.Response:
    """An Excel file with every column of an import and one example."""
    body = await actions.make_template(core, actor=actor)
    return web.Response(
        body=body,
        content_type=XLSX,
        headers={"Content-Disposition": 'attachment; filename="danh-ba.xlsx"', "Cache-Control": "no-store"},
    )
