"""State secrets stay off this system: a stamp in the text holds a paper back, and a printed paper keeps its place.

Law 117/2025/QH15, article 5.2. A stamp may also be a mention; then the secretary lets the paper through by name and
with a reason, which is written down beside the version and in the log. What is stamped on a scan is read after it was
published: then the desk is told, and the paper is recalled or let stand in the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.core import access, journal, wire
from server.core.access import Role
from server.core.errors import DomainError
from server.core.ids import new_id
from server.documents import receiving, rules
from server.documents.actions import guard, publishing
from server.documents.actions.reading import AUDIT_STREAM
from server.documents.actions.telling import append, item_stream
from server.documents.store import overrides, papers
from server.documents.wire import MarkOverridden, Override, Paper, PapersChanged
from server.meetings import actions as meetings

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Tx
    from server.documents.wire import PlaceholderCreate, StampAnswer


def require_override_txn(tx: Tx, meeting_id: str, mark: str, reason: str, actor: Actor) -> None:
    """Raise unless a paper with this stamp may be published.

    ``documents.secret_mark`` where no reason is given, ``documents.not_secretary`` where somebody else gives one.
    """
    if not mark:
        return
    if not rules.reason(reason):
        raise DomainError("documents.secret_mark", mark=mark)
    _require_secretary_txn(tx, meeting_id, actor)


def _require_secretary_txn(tx: Tx, meeting_id: str, actor: Actor) -> None:
    meeting = meetings.hold_txn(tx, meeting_id)
    own = meeting.secretary is not None and meeting.secretary.id == actor.person_id
    if not (own or actor.has(Role.SECRETARY, meeting.body_id)):
        raise DomainError("documents.not_secretary")


def override_txn(core: Core, tx: Tx, paper: Paper, mark: str, reason: str, actor: Actor) -> None:
    """Write down who published a paper in spite of its stamp, when and why."""
    if not mark or paper.version is None:
        return
    override = Override(
        version_id=paper.version.id, secret_mark=mark, person=actor.name, reason=rules.reason(reason),
        at=wire.stamp(core.clock.now()),
    )  # fmt: skip
    overrides.insert_txn(tx, override, actor.person_id)
    journal.open_stream(tx, AUDIT_STREAM, audience=AUDIT_STREAM)
    append(tx, AUDIT_STREAM, MarkOverridden(paper_id=paper.id, override=override), actor)


async def let_stand(core: Core, version_id: str, command: StampAnswer, *, actor: Actor) -> Paper:
    """The stamp that was read on a scan is none: the paper stays. Done once; who comes later changes nothing.

    Raises ``documents.not_secretary``, ``documents.stamp_reason`` without a reason, ``documents.superseded`` for a
    version that is no longer the one in use.
    """

    def txn(tx: Tx) -> Paper:
        held = guard.check(tx, actor, version_id, "documents.upload")
        paper = publishing.published(papers.lock_txn(tx, held.paper_id))
        if paper.version is None or paper.version.id != version_id:
            raise DomainError("documents.superseded")
        _require_secretary_txn(tx, paper.meeting_id, actor)
        if not paper.version.secret_mark:
            return paper
        if not rules.reason(command.reason):
            raise DomainError("documents.stamp_reason")
        override_txn(core, tx, paper, paper.version.secret_mark, command.reason, actor)
        paper = publishing.published(papers.load(tx, paper.id))
        append(tx, item_stream(paper.item_id), PapersChanged(put=(paper,), what="let_stand"), actor)
        return paper

    return await core.perform(txn, actor=actor, returns=Paper)


async def place_printed(core: Core, item_id: str, command: PlaceholderCreate, *, actor: Actor) -> Paper:
    """A line on the agenda for a paper that is handed out printed and taken back: it never has a file here."""

    def txn(tx: Tx) -> Paper:
        access.require("documents.upload", access.relations(tx, actor, "item", item_id))
        meeting, item = meetings.hold_item_txn(tx, item_id)
        rules.require_open(meeting.state)
        new = papers.NewPaper(
            id=new_id(), meeting_id=meeting.id, item_id=item.id, position=papers.next_position(tx, item.id),
            title=rules.title(command.title, ""), symbol="", purpose="paper", created_at=wire.stamp(core.clock.now()),
            created_by=actor.person_id, state=receiving.PRINTED,
        )  # fmt: skip
        papers.insert_paper_txn(tx, new)
        paper = papers.load(tx, new.id)
        if paper is None:
            raise DomainError("not_found")
        append(tx, item_stream(item.id), PapersChanged(put=(paper,), what="published"), actor)
        return paper

    return await core.perform(txn, actor=actor, returns=Paper)
