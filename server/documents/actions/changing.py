"""Changing what is said of a paper, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from server.core import access, journal, wire
from server.core.errors import DomainError
from server.core.wire import Ref
from server.documents import rules
from server.documents.actions import holding, hooks
from server.documents.actions.guard import Withdrawn
from server.documents.actions.telling import append, desk_stream, item_stream, notes_stream, parts, tell_papers
from server.documents.store import papers, readings, versions
from server.documents.store.devices import standings
from server.documents.wire import Paper, PaperEdit, PaperRecall, PaperRecalled, ReadingChanged
from server.meetings import actions as meetings

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Tx

# Nobody is in it: shared notes of a recalled paper are read by nobody.
NOBODY = "x:recalled"
# A reading is about 150 bytes on the wire; far below an operation's 64 KiB.
_READINGS_A_PART = 200


async def edit(core: Core, paper_id: str, command: PaperEdit, *, actor: Actor) -> Paper:
    """Change title, symbol, place in the item or whether it may be downloaded. Raises ``documents.recalled``."""

    def txn(tx: Tx) -> Paper:
        before = _held_txn(tx, actor, "documents.edit", paper_id)
        meeting, _item = meetings.hold_item_txn(tx, before.item_id)
        rules.require_open(meeting.state)
        if before.state == "recalled":
            raise DomainError("documents.recalled")
        was = {each.id: each for each in papers.of_item(tx, before.item_id)}
        papers.change_txn(tx, paper_id, _values(command))
        if command.downloadable is not UNSET:
            tx.publish(Withdrawn())  # what was just answered about its bytes holds no more
        if command.position is not UNSET:
            papers.place_txn(tx, rules.moved(list(was), paper_id, command.position))
        now = papers.of_item(tx, before.item_id)
        changed = [each for each in now if each != was[each.id]]
        tell_papers(tx, before.item_id, changed, "edited", actor)
        return next(each for each in now if each.id == paper_id)

    return await core.perform(txn, actor=actor, returns=Paper)


def _values(command: PaperEdit) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if command.title is not UNSET:
        values["title"] = rules.title(command.title, "")
    if command.symbol is not UNSET:
        values["symbol"] = rules.symbol(command.symbol)
    if command.downloadable is not UNSET:
        values["downloadable"] = command.downloadable
    return values


async def recall(core: Core, paper_id: str, command: PaperRecall, *, actor: Actor) -> Paper:
    """Take a paper back: its bytes are refused from now on, and every tablet is told to purge all versions.

    Recalling twice changes nothing the second time. Allowed in every state of the meeting.
    """

    def txn(tx: Tx) -> Paper:
        before = _held_txn(tx, actor, "documents.recall", paper_id)
        if before.state == "recalled":
            return before
        values = {
            "state": "recalled", "recalled_at": wire.stamp(core.clock.now()), "recalled_by": actor.person_id,
            "reason": rules.reason(command.reason),
        }  # fmt: skip
        papers.change_txn(tx, paper_id, values)
        withdrawn = versions.ids_of(tx, paper_id)
        for version in withdrawn:
            journal.set_audience(tx, notes_stream(version), NOBODY)
        after = papers.load(tx, paper_id)
        if after is None:
            raise DomainError("not_found")
        append(tx, item_stream(before.item_id), PaperRecalled(put=(after,), versions=tuple(withdrawn)), actor)
        holding.tell_recalls_txn(tx, standings(tx, withdrawn).values(), actor)
        tx.publish(Withdrawn())
        for hook in hooks.version_changed:
            hook(tx, actor, after)
        return after

    return await core.perform(txn, actor=actor, returns=Paper)


def _held_txn(tx: Tx, actor: Actor, verb: str, paper_id: str) -> Paper:
    access.require(verb, access.relations(tx, actor, "paper", paper_id))
    paper = papers.lock_txn(tx, paper_id)
    if paper is None:
        raise DomainError("not_found")
    return paper


# ---- what follows from acts on the agenda (hooks of meetings)


def item_audience_changed(tx: Tx, item_id: str, audience: str) -> None:
    """Shared notes follow the item to its audience; of a closed item the desk hears no readings."""
    for version in versions.ids_of_item(tx, item_id, state="published"):
        journal.set_audience(tx, notes_stream(version), audience)
    meeting_id, closed = meetings.item(tx, item_id).meeting_id, audience == item_stream(item_id)
    holding.item_closed_txn(tx, meeting_id, item_id, closed=closed)
    counts = readings.of_item(tx, item_id)
    stream = desk_stream(meeting_id)
    for part in parts(counts, _READINGS_A_PART):
        refs = tuple(Ref("reading", each.id) for each in part)
        append(tx, stream, ReadingChanged(gone=refs) if closed else ReadingChanged(put=part), None)


def item_removed(tx: Tx, item_id: str) -> None:
    """An item with papers is not removed from under them."""
    count = sum(each.state != "recalled" for each in papers.of_item(tx, item_id))
    if count:
        raise DomainError("documents.has_papers", count=count)
