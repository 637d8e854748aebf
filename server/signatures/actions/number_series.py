"""Series of numbers: how far each has come in this year, and where the book on paper ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.core import access
from server.core.errors import DomainError
from server.directory import actions as directory
from server.signatures.rules import numbering as rules
from server.signatures.store import numbering as store
from server.signatures.wire import NumberCode, NumberSeries, SeriesHead

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read


async def series(core: Core, body_id: str, *, actor: Actor) -> NumberSeries:
    """The series of a body in this year; for its clerks and its desk, to others they are not there."""
    year = rules.day_of(core.clock.now()).year

    def read(read: Read) -> NumberSeries:
        access.require("signatures.book", access.relations(read, actor, "body", body_id))
        if not directory.body_exists(read, body_id):
            raise DomainError("not_found")
        opened = store.openings(read, body_id, year)
        heads = tuple(
            SeriesHead(paper_kind=one.paper_kind, code=one.code, last=last, dated=dated, opened=opened.get(one))
            for one, last, dated in store.heads(read, body_id, year)
        )
        codes = tuple(
            NumberCode(code=each.code, name=each.name, citation=each.citation) for each in store.codes(read, body_id)
        )
        return NumberSeries(body_id=body_id, year=year, series=heads, codes=codes)

    return await core.db.read(read)
