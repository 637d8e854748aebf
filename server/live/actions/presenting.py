"""The presenter's role and what is shown: durable, so that who comes late sees the page that everybody sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import structs

from server.core import access
from server.core.access import Actor, Relation
from server.core.context import Core
from server.core.db import Read, Tx
from server.core.errors import DomainError
from server.core.wire import Entity, Ref
from server.documents import actions as documents
from server.live import rules, store
from server.live.wire import Present, Presented, PresenterChange, Presenting
from server.meetings import actions as meetings
from server.meetings.wire import Meeting, Participant, Person


def item_stream(item_id: str) -> str:
    """The stream that carries what is shown in an item."""
    return f"i:{item_id}"


async def set_presenter(core: Core, meeting_id: str, command: PresenterChange, *, actor: Actor) -> Meeting:
    """Give the role to a participant, or take it (None). Raises ``denied``, ``live.not_participant``."""

    def txn(tx: Tx) -> Meeting:
        before = meetings.lock_txn(tx, actor, "live.presenter", meeting_id)
        item = None if before.current_item is None else meetings.item(tx, before.current_item)
        has_role = store.presenter_of(tx, meeting_id)
        rules.check_presenter_change(
            actor.person_id,
            meetings.relations(tx, actor, meeting_id),
            command.person_id,
            has_role=has_role.id if has_role else None,
            named=item.presenter.id if item and item.presenter else None,
        )
        person = None if command.person_id is None else _participant(tx, meeting_id, command.person_id)
        clear_txn(tx, actor, meeting_id)
        store.set_presenter_txn(tx, meeting_id, person)
        closed = item is not None and item.restricted
        if closed and item is not None and person is not None:
            _show_txn(tx, actor, meeting_id, Presenting(id=item.id, person=person, version_id="", page=0, fraction=0.0))
        after = structs.replace(before, presenter=None if closed else person)
        return meetings.save_txn(tx, actor, after, "presenter", before=before)

    return await core.perform(txn, actor=actor, returns=Meeting)


async def present(core: Core, command: Present, *, actor: Actor) -> None:
    """Show a page to all who follow, for good. The same again changes nothing.

    Raises ``live.not_presenter``, ``live.not_current``, ``live.not_in_item``.
    """
    page, fraction = rules.place(command.page, command.fraction)

    def txn(tx: Tx) -> None:
        person = may_present(tx, actor, command.item_id)
        paper = documents.held(tx, command.version_id)
        if paper is None or paper.item_id != command.item_id or paper.state == "recalled":
            raise DomainError("live.not_in_item")
        if page > paper.pages:
            raise DomainError("invalid_input", detail="page")
        shown = Presenting(
            id=command.item_id, person=person, version_id=command.version_id, page=page, fraction=fraction
        )
        if shown != store.shown_in(tx, command.item_id):
            _show_txn(tx, actor, meetings.item(tx, command.item_id).meeting_id, shown)

    await core.perform(txn, actor=actor, returns=type(None))


def may_present(read: Read, actor: Actor, item_id: str) -> Person:
    """The actor as presenter of an item now. Raises ``not_found``, ``live.not_presenter``, ``live.not_current``."""
    held = access.relations(read, actor, "item", item_id)
    if held <= {Relation.PERSON, Relation.ADMINISTRATOR}:
        raise DomainError("not_found")
    item = meetings.item(read, item_id)
    person = store.presenter_of(read, item.meeting_id)
    if person is None or person.id != actor.person_id:
        raise DomainError("live.not_presenter")
    access.require("live.present", held)
    meeting = meetings.load(read, item.meeting_id)
    if meeting is None or (meeting.current_item != item_id and not item.general):
        raise DomainError("live.not_current")
    return person


def clear_txn(tx: Tx, actor: Actor, meeting_id: str) -> None:
    """Nobody presents and nothing is shown; the caller saves the meeting without its presenter."""
    store.set_presenter_txn(tx, meeting_id, None)
    for item_id in store.shown_items(tx, meeting_id):
        store.forget_shown_txn(tx, item_id)
        meetings.append(tx, item_stream(item_id), Presented(gone=(Ref("presenting", item_id),)), actor)


def _show_txn(tx: Tx, actor: Actor, meeting_id: str, shown: Presenting) -> None:
    store.set_shown_txn(tx, meeting_id, shown)
    meetings.append(tx, item_stream(shown.id), Presented(put=(shown,)), actor)


def _participant(read: Read, meeting_id: str, person_id: str) -> Person:
    found = meetings.participants.own(read, meeting_id, person_id)
    if found is None:
        raise DomainError("live.not_participant")
    return found.person


# ---- for the set-up: who presents, what a late-comer is told, what follows from other acts


def relation_to_item(read: Read, actor: Actor, item_id: str) -> set[Relation]:
    """PRESENTER, for who has the role in the item's meeting and may see the item."""
    meeting_id = meetings.meeting_of(read, item_id)
    person = None if meeting_id is None else store.presenter_of(read, meeting_id)
    presents = person is not None and person.id == actor.person_id  # asked first, for of a hall only one does
    return {Relation.PRESENTER} if presents and meetings.to_item(read, actor, item_id) else set()


def snapshot(read: Read, stream: str, _after: tuple[str, str] | None) -> Iterable[Entity]:
    """What is shown in an item: this feature's part of the state of stream ``i:``."""
    shown = store.shown_in(read, stream.partition(":")[2])
    return [] if shown is None else [shown]


def on_left(tx: Tx, actor: Actor, meeting: Meeting, left: Sequence[Participant]) -> None:
    """Who no longer takes part presents no more."""
    person = store.presenter_of(tx, meeting.id)
    if person is not None and person.id in {each.person.id for each in left}:
        clear_txn(tx, actor, meeting.id)


def on_item_removed(tx: Tx, item_id: str) -> None:
    """Nothing is shown in an item that is gone."""
    store.forget_shown_txn(tx, item_id)
