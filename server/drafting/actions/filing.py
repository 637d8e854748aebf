"""From a draft to paper: looking at its pages, and filing it as a version with the fields of its way to issue."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from msgspec import structs

from server.core.errors import DomainError
from server.documents import actions as documents
from server.drafting import rules, store
from server.drafting.actions import holding
from server.drafting.actions.page import page_of
from server.drafting.child import draw
from server.drafting.wire import DraftFiled
from server.meetings import actions as meetings
from server.meetings.rules import require_state
from server.signatures.actions.issuing import is_before_signers
from server.signatures.actions.printing import print_official

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.documents.models import Rendition
    from server.drafting.store import Stored
    from server.drafting.wire import DraftRevision


async def preview(core: Core, draft_id: str, *, actor: Actor) -> bytes:
    """The pages as they would be printed, as a PDF without form fields; what is missing shows as "…"."""
    draft = await core.db.read(lambda read: holding.find(read, actor, "drafting.read", draft_id))
    template, values = page_of(draft.draft_kind, draft.text)
    return await core.workers.run(draw, template, values)


async def file(core: Core, draft_id: str, command: DraftRevision, *, actor: Actor) -> DraftFiled:
    """Print a draft and publish it: the first time as a paper, then as its next version; also after the sitting.

    It has the fields in which it is initialled, signed, numbered, dated and sealed. Printing is outside any
    transaction; that this revision still is the last, and that nobody signed meanwhile, is asked in the one that
    publishes. Raises ``drafting.no_…`` (what it lacks), ``.changed``, ``.signed``, ``.on_its_way``.
    """
    answered = await core.answered(actor, DraftFiled)
    if answered is not None:
        return answered
    draft, body_id = await core.db.read(lambda read: _ready(read, actor, draft_id, command.revision))
    rendition, symbol = await _printed(core, draft, body_id)

    def txn(tx: Tx) -> DraftFiled:
        held, _meeting, _item = holding.hold_txn(tx, actor, draft_id, command.revision)
        wanted = documents.Wanted(
            item_id=held.item_id, paper_id=_next_of(tx, held), title=rules.title_of(held.draft_kind, held.text),
            symbol=symbol, outcome=True,
        )  # fmt: skip
        paper = documents.publish_txn(core, tx, wanted, rendition, actor)
        store.save_txn(tx, structs.replace(held, paper_id=paper.id, filed=held.revision))
        return DraftFiled(draft_id=held.id, revision=held.revision, paper=paper)

    return await core.perform(txn, actor=actor, returns=DraftFiled)


def _ready(read: Read, actor: Actor, draft_id: str, revision: int) -> tuple[Stored, str]:
    """What can be printed, and whose paper it is: everything is asked before the work begins."""
    draft = holding.find(read, actor, "drafting.write", draft_id)
    meeting = meetings.load(read, draft.meeting_id)
    if meeting is None:
        raise DomainError("not_found")
    require_state("drafting.write", meeting.state)
    rules.require_revision(draft.revision, revision, holding.name_of(read, draft.changed_by))
    rules.require_complete(draft.draft_kind, draft.text)
    _next_of(read, draft)
    return draft, meeting.body_id


async def _printed(core: Core, draft: Stored, body_id: str) -> tuple[Rendition, str]:
    template, values = page_of(draft.draft_kind, draft.text)
    paper = await print_official(core, template, values, body_id=body_id)
    return await documents.admit(core, _once(paper.pdf), filename="x.pdf", keep=True), values["doc"].symbol


def _next_of(read: Read, draft: Stored) -> str | None:
    """The paper whose next version this draft becomes; None begins a new one. Raises where it may not change."""
    paper = documents.load(read, draft.paper_id) if draft.paper_id else None
    if paper is None or paper.state != "published":
        return None
    if paper.version is not None and paper.version.signed:
        raise DomainError("drafting.signed")
    if is_before_signers(read, paper.id):
        raise DomainError("drafting.on_its_way")
    return paper.id


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
