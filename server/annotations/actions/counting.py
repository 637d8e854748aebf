"""What hangs on a paper, for who is about to replace it; of private annotations nothing that points at a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.annotations import rules, store
from server.annotations.models import parse_stream
from server.annotations.wire import MarksOnPaper
from server.core import access
from server.core.errors import DomainError
from server.documents import actions as documents

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read


async def marks_on_paper(core: Core, paper_id: str, *, actor: Actor) -> MarksOnPaper:
    """How many shared marks the current version has, and whether five people or more have private ones on the paper.

    For the secretariat. Layers of groups are not counted: whoever is not in a group does not know of it.
    """

    def read(read: Read) -> MarksOnPaper:
        access.require("annotations.count", access.relations(read, actor, "paper", paper_id))
        paper = documents.load(read, paper_id)
        if paper is None:
            raise DomainError("not_found")
        shared = f"s:{paper.version.id}" if paper.version else ""
        count, people = 0, set()
        for stream, person, marks in store.marks_on(read, documents.version_ids_of(read, paper_id)):
            name = parse_stream(stream)
            count += marks if stream == shared else 0
            if name is not None and name.private:
                people.add(person)
        return MarksOnPaper(shared=count, private=rules.private_told(len(people)))

    return await core.db.read(read)
