"""Acts on the agenda: add, edit, remove and order items; who may hear of a closed one follows at once."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import UNSET, structs

from server.core.access import Actor
from server.core.context import Core
from server.core.db import Read, Tx
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import Ref
from server.meetings import rules
from server.meetings.actions import hooks, people, shared
from server.meetings.models import meeting_stream
from server.meetings.store import items as store
from server.meetings.store.items import AgendaItem
from server.meetings.wire import AgendaChanged, AgendaOrder, Item, ItemCreate, ItemDetail, ItemEdit, Meeting


async def create_item(core: Core, meeting_id: str, command: ItemCreate, *, actor: Actor) -> ItemDetail:
    """Add an item at the end."""

    def txn(tx: Tx) -> ItemDetail:
        shared.lock_txn(tx, actor, "meetings.agenda", meeting_id)
        agenda = store.of_meeting(tx, meeting_id)
        if len(agenda) > rules.MAX_ITEMS:
            raise DomainError("too_large", limit=rules.MAX_ITEMS)
        item = AgendaItem(
            id=new_id(),
            meeting_id=meeting_id,
            position=1 + max(each.position for each in agenda),
            restricted=command.restricted,
            title=rules.title(command.title),
            minutes=rules.minutes(command.minutes),
            presenter=people.shown(tx, command.presenter_id),
            questions=_questions(command.questions),
            invitees=_invitees(tx, command.invitees),
            created_by=actor.person_id,
        )
        store.insert_txn(tx, [item])
        shared.open_item_stream_txn(tx, item)
        shared.tell_item_txn(tx, actor, item)
        shared.append(tx, meeting_stream(meeting_id), AgendaChanged(put=(item.public,)), actor)
        shared.audiences_txn(tx, meeting_id)
        return item.detail

    return await core.perform(txn, actor=actor, returns=ItemDetail)


async def edit_item(core: Core, item_id: str, command: ItemEdit, *, actor: Actor) -> ItemDetail:
    """Change what is given; closing or opening an item takes effect on every tablet at once."""

    def txn(tx: Tx) -> ItemDetail:
        meeting, before = shared.lock_item_txn(tx, actor, "meetings.item", item_id)
        if before.general:
            raise DomainError("meetings.general_item")
        item = _edited(tx, before, command)
        store.update_txn(tx, [item])
        shared.tell_item_txn(tx, actor, item)
        shared.append(tx, meeting_stream(meeting.id), AgendaChanged(put=(item.public,)), actor)
        if item.restricted and meeting.current_item == item.id and meeting.presenter is not None:
            # Who presents a closed item is nobody's business outside.
            shared.save_txn(tx, actor, structs.replace(meeting, presenter=None), "closed")
        shared.audiences_txn(tx, meeting.id)
        return item.detail

    return await core.perform(txn, actor=actor, returns=ItemDetail)


def _edited(read: Read, before: AgendaItem, command: ItemEdit) -> AgendaItem:
    presenter = before.presenter if command.presenter_id is UNSET else people.shown(read, command.presenter_id)
    return structs.replace(
        before,
        title=before.title if command.title is UNSET else rules.title(command.title),
        minutes=before.minutes if command.minutes is UNSET else rules.minutes(command.minutes),
        presenter=presenter,
        questions=before.questions if command.questions is UNSET else _questions(command.questions),
        restricted=before.restricted if command.restricted is UNSET else command.restricted,
        invitees=before.invitees if command.invitees is UNSET else _invitees(read, command.invitees),
    )


async def remove_item(core: Core, item_id: str, *, actor: Actor) -> Meeting:
    """Take an item off the agenda, before it was discussed; the others close up."""

    def txn(tx: Tx) -> Meeting:
        meeting, item = shared.lock_item_txn(tx, actor, "meetings.item", item_id)
        rules.check_removable(general=item.general, state=item.state)
        for hook in hooks.item_removed:
            hook(tx, item_id)
        shared.tell_item_txn(tx, actor, item, gone=True)
        store.delete_txn(tx, item_id)
        moved = _numbered(store.of_meeting(tx, meeting.id))
        store.update_txn(tx, moved)
        event = AgendaChanged(put=_public(moved), gone=(Ref("item", item_id),))
        shared.append(tx, meeting_stream(meeting.id), event, actor)
        shared.audiences_txn(tx, meeting.id)
        shared.close_item_stream_txn(tx, item_id)
        return meeting

    return await core.perform(txn, actor=actor, returns=Meeting)


async def order_agenda(core: Core, meeting_id: str, command: AgendaOrder, *, actor: Actor) -> Meeting:
    """Put the items in the wanted order; the general one stays first. Raises ``meetings.order_mismatch``."""

    def txn(tx: Tx) -> Meeting:
        meeting = shared.lock_txn(tx, actor, "meetings.agenda", meeting_id)
        agenda = {item.id: item for item in store.of_meeting(tx, meeting_id)}
        general = [item for item in agenda.values() if item.general]
        wanted = rules.reordered([item.id for item in agenda.values() if not item.general], command.items)
        moved = _numbered([*general, *(agenda[item_id] for item_id in wanted)])
        store.update_txn(tx, moved)
        shared.append(tx, meeting_stream(meeting_id), AgendaChanged(put=_public(moved)), actor)
        return meeting

    return await core.perform(txn, actor=actor, returns=Meeting)


def _numbered(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """Those items whose place changes when all stand in this order, in their new places."""
    placed = enumerate(items)
    return [structs.replace(item, position=place) for place, item in placed if item.position != place]


def _public(items: Iterable[AgendaItem]) -> tuple[Item, ...]:
    return tuple(item.public for item in items)


def _questions(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for text in map(rules.words, texts) if text)


def _invitees(read: Read, ids: Iterable[str]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(ids))
    people.named(read, wanted)
    return wanted


# ---- for other features, inside their transactions


def items(read: Read, meeting_id: str) -> list[AgendaItem]:
    """All items in order with all that is known of them; the caller has asked for permission."""
    return store.of_meeting(read, meeting_id)


def meeting_of(read: Read, item_id: str) -> str | None:
    """The meeting that an item belongs to, or None."""
    return store.meeting_of(read, item_id)


def item(read: Read, item_id: str) -> AgendaItem:
    """One item; the caller has asked for permission. Raises ``not_found``."""
    found = store.load(read, item_id)
    if found is None:
        raise DomainError("not_found")
    return found
