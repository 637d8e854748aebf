"""Restoring: an older version of a paper becomes its next one, with the very bytes it had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.core import access
from server.core.errors import DomainError
from server.documents.actions.publishing import Wanted, publish_txn, published
from server.documents.store import papers, versions
from server.documents.wire import Paper, PaperRestore

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Tx


async def restore(core: Core, paper_id: str, command: PaperRestore, *, actor: Actor) -> Paper:
    """Make ``version_id`` the paper's next version: told, counted and with notes carried over like any other.

    Nothing is taken from the versions between. Raises ``not_found`` for a version of another paper,
    ``documents.recalled``, ``documents.current`` for the one in use, and what the meeting's state forbids.
    """

    def txn(tx: Tx) -> Paper:
        access.require("documents.upload", access.relations(tx, actor, "paper", paper_id))
        paper = published(papers.lock_txn(tx, paper_id))
        rendition = versions.rendition(tx, paper_id, command.version_id)
        if rendition is None:
            raise DomainError("not_found")
        if paper.version is not None and paper.version.sha256 == rendition.sha256:
            raise DomainError("documents.current")
        wanted = Wanted(item_id=paper.item_id, paper_id=paper_id, restores=True)
        return publish_txn(core, tx, wanted, rendition, actor)

    return await core.perform(txn, actor=actor, returns=Paper)
