"""HTTP edge of documents."""

from __future__ import annotations

from aiohttp import web

from server.core.access import Actor
from server.core.context import Core
from server.core.errors import DomainError
from server.core.http import Routes
from server.documents import actions
from server.documents.routes import content, incoming, resumable
from server.documents.routes.body import PDF, pdf_of
from server.documents.wire import (
    Changes,
    ChangesQuery,
    ContentQuery,
    DeviceHolding,
    DeviceHolds,
    Marked,
    PageTexts,
    PageWords,
    Paper,
    PaperDevices,
    PaperEdit,
    PaperRecall,
    PaperRestore,
    Papers,
    PlaceholderCreate,
    Readers,
    StampAnswer,
    TextQuery,
    UploadQuery,
    Version,
    Versions,
)

routes = Routes("documents")


@routes.get("/items/{item}/papers", verb="documents.read")
async def list_papers(core: Core, actor: Actor, item: str) -> Papers:
    """The papers of an item, in order."""
    return await actions.of_item(core, item, actor=actor)


@routes.post("/items/{item}/papers", verb="documents.upload", status=201, consumes=PDF)
async def upload(core: Core, actor: Actor, item: str, query: UploadQuery, request: web.Request) -> Paper:
    """A PDF becomes a new paper of an item; its bytes are the body."""
    return await actions.upload(core, item, query, pdf_of(request, core), actor=actor)


@routes.post("/papers/{paper}/versions", verb="documents.upload", status=201, consumes=PDF)
async def upload_version(core: Core, actor: Actor, paper: str, query: UploadQuery, request: web.Request) -> Paper:
    """A PDF becomes the next version of a paper; its bytes are the body."""
    return await actions.upload_version(core, paper, query, pdf_of(request, core), actor=actor)


@routes.post("/items/{item}/printed", verb="documents.upload", status=201)
async def place_printed(core: Core, actor: Actor, item: str, body: PlaceholderCreate) -> Paper:
    """A line on the agenda for a paper that is handed out printed and taken back; it has no file here."""
    return await actions.place_printed(core, item, body, actor=actor)


@routes.get("/papers/{paper}/versions", verb="documents.read")
async def versions(core: Core, actor: Actor, paper: str) -> Versions:
    """All versions of a paper, newest first."""
    return await actions.versions(core, paper, actor=actor)


@routes.patch("/papers/{paper}", verb="documents.edit")
async def edit(core: Core, actor: Actor, paper: str, body: PaperEdit) -> Paper:
    """Change title, symbol, place or whether it may be downloaded."""
    return await actions.edit(core, paper, body, actor=actor)


@routes.post("/papers/{paper}/restore", verb="documents.upload", status=201)
async def restore(core: Core, actor: Actor, paper: str, body: PaperRestore) -> Paper:
    """An older version becomes the next one."""
    return await actions.restore(core, paper, body, actor=actor)


@routes.post("/papers/{paper}/recall", verb="documents.recall")
async def recall(core: Core, actor: Actor, paper: str, body: PaperRecall) -> Paper:
    """Take a paper back from every tablet."""
    return await actions.recall(core, paper, body, actor=actor)


@routes.get("/papers/{paper}/devices", verb="documents.readers")
async def devices(core: Core, actor: Actor, paper: str) -> PaperDevices:
    """Which devices hold a paper; of a recalled one, which have purged it."""
    return await actions.devices(core, paper, actor=actor)


@routes.put("/accounts/me/papers", verb="documents.hold")
async def hold(core: Core, actor: Actor, body: DeviceHolds) -> DeviceHolding:
    """This device tells all that it holds of papers; answers what must leave it."""
    return await actions.hold(core, body, actor=actor)


@routes.get("/versions/{version}", verb="documents.read")
async def version(core: Core, actor: Actor, version: str) -> Version:
    """One version with its page table."""
    return await actions.version(core, version, actor=actor)


@routes.get("/versions/{version}/content", verb="documents.read", produces=PDF)
async def read_content(
    core: Core, actor: Actor, version: str, query: ContentQuery, request: web.Request
) -> web.StreamResponse:
    """The bytes of a version, whole or one range."""
    edition = query.edition
    return await content.respond(core, lambda: actions.read_bytes(core, version, edition, actor=actor), request)


@routes.get("/versions/{version}/download", verb="documents.download", produces=PDF)
async def download(core: Core, actor: Actor, version: str, request: web.Request) -> web.StreamResponse:
    """The bytes of a version to be saved as a file, as one reads them; a signed paper stays verifiable."""
    return await content.respond(core, lambda: actions.take_bytes(core, version, actor=actor), request, saved=True)


@routes.get("/versions/{version}/revisions/{length}", verb="documents.read", produces=PDF)
async def read_revision(
    core: Core, actor: Actor, version: str, length: str, request: web.Request
) -> web.StreamResponse:
    """The first bytes of a version, whole or one range: what somebody signed, before anything was added."""
    if not (length.isascii() and length.isdigit() and len(length) <= 12):  # noqa: PLR2004 - far above any file
        raise DomainError("documents.no_revision")
    return await content.respond(core, lambda: actions.beginning(core, version, int(length), actor=actor), request)


@routes.get("/versions/{version}/original", verb="documents.original", produces=PDF)
async def read_original(core: Core, actor: Actor, version: str, request: web.Request) -> web.StreamResponse:
    """The file as it was uploaded, before it was cleaned; the taking is recorded."""
    found = await actions.original(core, version, actor=actor)
    return await content.respond(core, lambda: actions.still(core, version, found, actor=actor), request, saved=True)


@routes.get("/versions/{version}/pages/{page}/thumbnail", verb="documents.read", produces="image/jpeg")
async def thumbnail(core: Core, actor: Actor, version: str, page: str) -> web.StreamResponse:
    """A small picture of a page, counted from 1."""
    if not (page.isascii() and page.isdigit() and len(page) <= 6):  # noqa: PLR2004 - far above any page number
        raise DomainError("documents.no_page", page=page[:20])
    tag, picture = await actions.thumbnail(core, version, int(page), actor=actor)
    headers = {"Cache-Control": "no-store", "ETag": f'"{tag}"', "X-Content-Type-Options": "nosniff"}
    return web.Response(body=picture, content_type="image/jpeg", headers=headers)


@routes.get("/versions/{version}/text", verb="documents.read")
async def texts(core: Core, actor: Actor, version: str, query: TextQuery) -> PageTexts:
    """The words of a version, page by page, to search in and to read as text."""
    return await actions.texts(core, version, query.after, actor=actor)


@routes.get("/versions/{version}/words", verb="documents.read")
async def words(core: Core, actor: Actor, version: str, query: TextQuery) -> PageWords:
    """What a machine has read on the scanned pages of a version, with the place of each word."""
    return await actions.words(core, version, query.after, actor=actor)


@routes.get("/versions/{version}/changes", verb="documents.read")
async def changes(core: Core, actor: Actor, version: str, query: ChangesQuery) -> Changes:
    """What became of the pages of an earlier version of the paper: which are the same, changed, new, gone."""
    return await actions.changes(core, version, query.since, actor=actor)


@routes.post("/versions/{version}/stamp", verb="documents.upload")
async def answer_stamp(core: Core, actor: Actor, version: str, body: StampAnswer) -> Paper:
    """The stamp of secrecy that was read on a scan is none: the paper stays, and who said so is written down."""
    return await actions.let_stand(core, version, body, actor=actor)


@routes.post("/versions/{version}/received", verb="documents.read", reads=True)
async def received(core: Core, actor: Actor, version: str) -> Marked:
    """One's device now has a version."""
    return await actions.mark(core, version, "received", actor=actor)


@routes.post("/versions/{version}/opened", verb="documents.read", reads=True)
async def opened(core: Core, actor: Actor, version: str) -> Marked:
    """One has opened a version."""
    return await actions.mark(core, version, "opened", actor=actor)


@routes.get("/versions/{version}/readers", verb="documents.readers")
async def readers(core: Core, actor: Actor, version: str) -> Readers:
    """Who may read a version, and who has received and opened it."""
    return await actions.readers(core, version, actor=actor)


routes.table += incoming.routes.table
routes.table += resumable.routes.table
