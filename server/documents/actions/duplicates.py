"""The same file twice: where it is already, as far as the one who brings it may know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.core import access
from server.core.errors import DomainError
from server.documents.store import papers, uploads
from server.meetings import actions as meetings

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.db import Read

# More of the same are not looked through: one that may be seen is as good as another.
_LOOKED_AT = 30


def require_new(read: Read, item_id: str, source_sha256: str, actor: Actor, *, again: bool = False) -> None:
    """Raise where the file is a current paper already.

    ``documents.duplicate`` in the same item. In another one ``documents.duplicate_elsewhere``, only of a paper that
    the actor may read, and not where they want it ``again``.
    """
    same = papers.same_source(read, item_id, source_sha256)
    if same is not None:
        raise DomainError("documents.duplicate", title=same.title)
    if again:
        return
    for paper_id, other_item in uploads.papers_with_source(read, source_sha256, _LOOKED_AT):
        if not access.allowed("documents.read", access.relations(read, actor, "paper", paper_id)):
            continue
        paper, item = papers.load(read, paper_id), meetings.item(read, other_item)
        meeting = meetings.load(read, item.meeting_id)
        if paper is not None and meeting is not None:
            raise DomainError(
                "documents.duplicate_elsewhere",
                title=paper.title, item=item.title, meeting=meeting.title, paper_id=paper.id, item_id=item.id,
                meeting_id=meeting.id,
            )  # fmt: skip
