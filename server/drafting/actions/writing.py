"""Writing: a draft is begun from the meeting, kept, filled again from the meeting, discarded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from server.core import access
from server.core.ids import new_id
from server.core.wire import stamp
from server.drafting import rules, store
from server.drafting.actions import holding, marking
from server.drafting.rules import beginning, merging
from server.drafting.store import Stored
from server.drafting.wire import Draft, DraftGone, Drafts, DraftSaved
from server.meetings import actions as meetings

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.drafting.wire import DraftBegin, DraftRevision, DraftSave, DraftText
    from server.meetings.actions import AgendaItem


async def list_drafts(core: Core, meeting_id: str, *, actor: Actor) -> Drafts:
    """The drafts of a meeting; those of closed items for who may know of these."""

    def read(read: Read) -> Drafts:
        meetings.find(read, actor, "drafting.read", meeting_id)
        seen = (each for each in store.of_meeting(read, meeting_id) if _sees(read, actor, each.item_id))
        return Drafts(drafts=tuple(holding.listed(read, each) for each in seen))

    return await core.db.read(read)


def _sees(read: Read, actor: Actor, item_id: str) -> bool:
    return access.allowed("drafting.read", access.relations(read, actor, "item", item_id))


async def begin(core: Core, meeting_id: str, command: DraftBegin, *, actor: Actor) -> Draft:
    """Begin a draft, filled from what the meeting knows at this moment. Raises what the meeting's state forbids."""

    def txn(tx: Tx) -> Draft:
        meetings.find(tx, actor, "drafting.write", meeting_id)
        item_id = command.item_id or holding.general_of(tx, meeting_id)
        meeting, item = meetings.lock_item_txn(tx, actor, "drafting.write", item_id)
        text = beginning.begun(command.draft_kind, holding.facts_of(tx, meeting, item))
        new = Stored(
            id=new_id(), meeting_id=meeting.id, item_id=item.id, draft_kind=command.draft_kind, revision=1, text=text,
            begun=text, paper_id=None, filed=0, changed_at=stamp(core.clock.now()), changed_by=actor.person_id,
        )  # fmt: skip
        store.insert_txn(tx, new)
        marking.kept_txn(tx, actor, new, item)
        return holding.shown(tx, new)

    return await core.perform(txn, actor=actor, returns=Draft)


async def view(core: Core, draft_id: str, *, actor: Actor) -> Draft:
    """A draft with its text."""
    return await core.db.read(lambda read: holding.shown(read, holding.find(read, actor, "drafting.read", draft_id)))


async def save(core: Core, draft_id: str, command: DraftSave, *, actor: Actor) -> DraftSaved:
    """Keep the text as the next revision. Raises ``drafting.changed`` where somebody was quicker, ``.too_long``."""
    text = rules.cleaned(command.text)

    def txn(tx: Tx) -> DraftSaved:
        held, _meeting, item = holding.hold_txn(tx, actor, draft_id, command.revision)
        kept = _changed_txn(core, tx, actor, held, text, item)
        return DraftSaved(id=kept.id, revision=kept.revision, changed_at=kept.changed_at)

    return await core.perform(txn, actor=actor, returns=DraftSaved)


async def refill(core: Core, draft_id: str, command: DraftRevision, *, actor: Actor) -> Draft:
    """Take over what the meeting has changed since the draft was filled from it; what was written stays."""

    def txn(tx: Tx) -> Draft:
        held, meeting, item = holding.hold_txn(tx, actor, draft_id, command.revision)
        now = beginning.begun(held.draft_kind, holding.facts_of(tx, meeting, item))
        text = merging.refilled(held.text, held.begun, now)
        held = structs.replace(held, begun=now)
        return holding.shown(tx, _changed_txn(core, tx, actor, held, text, item))

    return await core.perform(txn, actor=actor, returns=Draft)


async def discard(core: Core, draft_id: str, *, actor: Actor) -> DraftGone:
    """Forget a draft; the paper that it became stays."""

    def txn(tx: Tx) -> DraftGone:
        found = holding.find(tx, actor, "drafting.write", draft_id)
        marking.gone_txn(tx, actor, found)
        store.remove_txn(tx, found.id)
        return DraftGone(id=found.id)

    return await core.perform(txn, actor=actor, returns=DraftGone)


def _changed_txn(core: Core, tx: Tx, actor: Actor, held: Stored, text: DraftText, item: AgendaItem) -> Stored:
    """A text that says the same makes no revision."""
    kept = held
    if not rules.same(text, held.text):
        at = stamp(core.clock.now())
        kept = structs.replace(held, revision=held.revision + 1, text=text, changed_at=at, changed_by=actor.person_id)
        marking.kept_txn(tx, actor, kept, item)
    store.save_txn(tx, kept)
    return kept
