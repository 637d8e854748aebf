"""Finding and holding a draft under a permission, and the facts of its meeting at this moment."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from server.core import access
from server.core.errors import DomainError
from server.core.printing import words
from server.directory import actions as directory
from server.documents import actions as documents
from server.drafting import rules, store
from server.drafting.rules import beginning
from server.drafting.rules.beginning import Facts, Topic
from server.drafting.store import Stored
from server.drafting.wire import Draft, DraftHead
from server.meetings import actions as meetings

if TYPE_CHECKING:
    from server.core.access import Actor, Relation
    from server.core.db import Read, Tx
    from server.meetings.actions import AgendaItem
    from server.meetings.wire import Meeting


def to_draft(read: Read, actor: Actor, draft_id: str) -> set[Relation]:
    """Relations to a draft are those to its agenda item: of a closed one, the few who may know of it."""
    found = store.load(read, draft_id)
    return set() if found is None else set(access.relations(read, actor, "item", found.item_id))


def find(read: Read, actor: Actor, verb: str, draft_id: str) -> Stored:
    """A draft for reading, if permitted. Raises ``not_found``."""
    access.require(verb, access.relations(read, actor, "draft", draft_id))
    found = store.load(read, draft_id)
    if found is None:
        raise DomainError("not_found")
    return found


def hold_txn(tx: Tx, actor: Actor, draft_id: str, revision: int) -> tuple[Stored, Meeting, AgendaItem]:
    """A draft with its meeting and item, held until the end, to act on its last revision.

    Raises ``not_found``, ``drafting.changed``, and what the meeting's state forbids.
    """
    item_id = find(tx, actor, "drafting.write", draft_id).item_id
    meeting, item = meetings.lock_item_txn(tx, actor, "drafting.write", item_id)
    held = store.lock_txn(tx, draft_id)
    if held is None:
        raise DomainError("not_found")
    rules.require_revision(held.revision, revision, name_of(tx, held.changed_by))
    return held, meeting, item


def facts_of(read: Read, meeting: Meeting, item: AgendaItem) -> Facts:
    """What the meeting knows now; of one item, that item alone, with its own title even where it is closed.

    Of the whole sitting, closed items are named as everybody may read them.
    """
    agenda = [each for each in meetings.items(read, meeting.id) if not each.general]
    starts_at = meeting.started_at or meeting.starts_at
    return Facts(
        title=meeting.title, body_name=meeting.body_name, starts_at=starts_at,
        day=words.long_date(words.local(datetime.fromisoformat(starts_at))),
        ends_at=meeting.ended_at or meeting.ends_at, place=meeting.place, chair=meeting.chair,
        secretary=meeting.secretary,
        attendance=beginning.attendance(meetings.participants.listed(read, meeting.id)),
        topics=tuple(map(_public, agenda)) if item.general else (_own(item),),
    )  # fmt: skip


def _public(item: AgendaItem) -> Topic:
    presenter = "" if item.restricted else beginning.named(item.presenter)
    return Topic(id=item.id, title=item.public.title, presenter=presenter)


def _own(item: AgendaItem) -> Topic:
    return Topic(id=item.id, title=item.title, presenter=beginning.named(item.presenter))


def general_of(read: Read, meeting_id: str) -> str:
    """The item that holds the papers of the meeting itself."""
    return next(item.id for item in meetings.items(read, meeting_id) if item.general)


def name_of(read: Read, person_id: str) -> str:
    """A person's name; the id of who is no longer in the directory."""
    found = directory.people(read, {person_id}).get(person_id)
    return found.full_name if found else person_id


# ---- what is shown


def shown(read: Read, stored: Stored) -> Draft:
    """A draft as the desk sees it; the caller has asked for permission."""
    meeting = meetings.load(read, stored.meeting_id)
    item = meetings.item(read, stored.item_id)
    if meeting is None or item is None:
        raise DomainError("not_found")
    now = beginning.begun(stored.draft_kind, facts_of(read, meeting, item))
    paper = documents.load(read, stored.paper_id) if stored.paper_id else None
    return Draft(
        id=stored.id, meeting_id=stored.meeting_id, item_id=stored.item_id, draft_kind=stored.draft_kind,
        title=rules.title_of(stored.draft_kind, stored.text), revision=stored.revision, text=stored.text,
        changed_at=stored.changed_at, changed_by=name_of(read, stored.changed_by), paper_id=stored.paper_id,
        filed=stored.filed == stored.revision, stale=not rules.same(now, stored.begun),
        signed=paper is not None and paper.version is not None and paper.version.signed,
        mark=rules.mark_of(stored.id),
    )  # fmt: skip


def listed(read: Read, stored: Stored) -> DraftHead:
    """A draft in a list."""
    return DraftHead(
        id=stored.id, item_id=stored.item_id, draft_kind=stored.draft_kind,
        title=rules.title_of(stored.draft_kind, stored.text), changed_at=stored.changed_at,
        changed_by=name_of(read, stored.changed_by), paper_id=stored.paper_id, filed=stored.filed == stored.revision,
    )  # fmt: skip
