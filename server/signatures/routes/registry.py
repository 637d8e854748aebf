"""HTTP edge of the registry: number, seal, issue, annexes, copies, and the book of issued papers."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

from server.core.access import Actor
from server.core.context import Core
from server.core.http import Routes
from server.documents.wire import Paper
from server.signatures.actions import copies as copying
from server.signatures.actions import issuing, number_series, numbering, registry, sealing
from server.signatures.actions import number_book as books
from server.signatures.wire import (
    Act,
    Annexes,
    AnnexSeal,
    BookEnter,
    BookEntry,
    BookQuery,
    CopyMake,
    Dossier,
    DossierIssue,
    DossierRemarks,
    NumberBook,
    NumberCode,
    NumberCodeSet,
    NumberSeries,
    PaperCopies,
    PaperCopy,
    SeriesOpen,
)

routes = Routes("signatures")

PDF = "application/pdf"
_UNKEPT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@routes.post("/dossiers/{dossier}/number", verb="signatures.number")
async def number(core: Core, actor: Actor, dossier: str, body: Act) -> Dossier:
    """Give a signed paper its number and date; asked again, the same number."""
    return await numbering.number(core, dossier, body, actor=actor)


@routes.post("/dossiers/{dossier}/return", verb="signatures.number")
async def return_dossier(core: Core, actor: Actor, dossier: str, body: DossierRemarks) -> Dossier:
    """Give a signed paper back to the desk instead of a number, and say why."""
    return await registry.give_back(core, dossier, body, actor=actor)


@routes.post("/dossiers/{dossier}/seal", verb="signatures.seal")
async def seal(core: Core, actor: Actor, dossier: str, body: Act) -> Dossier:
    """Seal a numbered paper with the body's seal, which closes it."""
    return await sealing.seal(core, dossier, body, actor=actor)


@routes.post("/dossiers/{dossier}/issue", verb="signatures.issue")
async def issue(core: Core, actor: Actor, dossier: str, body: DossierIssue) -> Dossier:
    """Issue a sealed paper."""
    return await issuing.issue(core, dossier, body, actor=actor)


@routes.get("/dossiers/{dossier}/annexes", verb="signatures.seal")
async def annexes(core: Core, actor: Actor, dossier: str) -> Annexes:
    """Papers of the same item that can be, or were, signed as annexes."""
    return await sealing.annexes(core, dossier, actor=actor)


@routes.post("/dossiers/{dossier}/annexes/{paper}", verb="signatures.seal")
async def seal_annex(core: Core, actor: Actor, dossier: str, paper: str, body: AnnexSeal) -> Paper:
    """Sign a paper of the same item as an annex: number, symbol and signing time on its first page."""
    return await sealing.seal_annex(core, dossier, paper, body, actor=actor)


@routes.post("/dossiers/{dossier}/copies", verb="signatures.copy", status=201)
async def make_copy(core: Core, actor: Actor, dossier: str, body: CopyMake) -> PaperCopy:
    """Make a sealed copy of an issued paper."""
    return await copying.make_copy(core, dossier, body, actor=actor)


@routes.get("/dossiers/{dossier}/copies", verb="signatures.copies")
async def copies(core: Core, actor: Actor, dossier: str) -> PaperCopies:
    """The sealed copies of an issued paper, the newest first."""
    return await copying.copies(core, dossier, actor=actor)


@routes.get("/copies/{copy}/content", verb="signatures.copies", produces=PDF)
async def copy_content(core: Core, actor: Actor, copy: str) -> web.StreamResponse:
    """The file of a copy."""
    made, pdf = await copying.copy_bytes(core, copy, actor=actor)
    return _file(pdf, made.filename)


@routes.get("/bodies/{body_id}/number-book", verb="signatures.book")
async def number_book(core: Core, actor: Actor, body_id: str, query: BookQuery) -> NumberBook:
    """A year of a body's book of issued papers."""
    return await books.number_book(core, body_id, query, actor=actor)


@routes.get("/bodies/{body_id}/number-book/pdf", verb="signatures.book", produces=PDF)
async def printed_book(core: Core, actor: Actor, body_id: str, query: BookQuery) -> web.StreamResponse:
    """The same, to be printed."""
    return _file(await books.printed_book(core, body_id, query, actor=actor), "So van ban di.pdf")


@routes.post("/bodies/{body_id}/number-book", verb="signatures.enter", status=201)
async def enter(core: Core, actor: Actor, body_id: str, body: BookEnter) -> BookEntry:
    """Take the next number for a document on paper."""
    return await books.enter(core, body_id, body, actor=actor)


@routes.get("/bodies/{body_id}/number-series", verb="signatures.book")
async def series(core: Core, actor: Actor, body_id: str) -> NumberSeries:
    """How far each series of a body has come in this year."""
    return await number_series.series(core, body_id, actor=actor)


@routes.post("/bodies/{body_id}/number-series", verb="signatures.enter", status=201)
async def open_series(core: Core, actor: Actor, body_id: str, body: SeriesOpen) -> BookEntry:
    """Let a series go on after what was numbered in the book on paper."""
    return await books.open_series(core, body_id, body, actor=actor)


@routes.put("/bodies/{body_id}/number-codes/{code}", verb="signatures.enter")
async def set_code(core: Core, actor: Actor, body_id: str, code: str, body: NumberCodeSet) -> NumberCode:
    """Give the letters of a council or board a series of their own."""
    return await books.set_code(core, body_id, code, body, actor=actor)


def _file(pdf: bytes, name: str) -> web.StreamResponse:
    said = f"inline; filename*=UTF-8''{quote(name, safe='')}"
    return web.Response(body=pdf, content_type=PDF, headers={**_UNKEPT, "Content-Disposition": said})
