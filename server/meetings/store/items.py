"""SQL of agenda items, and the two faces of each: what everybody sees, and what those invited to it see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Row, bindparam, delete, insert, select, update

from server.core.db import Hot, Read, Tx
from server.meetings.models import Circle
from server.meetings.rules import CLOSED_TITLE
from server.meetings.store.tables import item
from server.meetings.wire import Item, ItemDetail, ItemState, Person

_person = msgspec.json.Decoder(Person | None)
_texts = msgspec.json.Decoder(tuple[str, ...])
_encode = msgspec.json.Encoder().encode


class AgendaItem(Struct, frozen=True, kw_only=True):
    """An item with all that is known of it."""

    id: str
    meeting_id: str
    position: int
    general: bool = False
    restricted: bool = False
    title: str
    minutes: int = 0
    presenter: Person | None = None
    questions: tuple[str, ...] = ()
    invitees: tuple[str, ...] = ()
    state: ItemState = "pending"
    created_by: str

    @property
    def public(self) -> Item:
        """What everybody sees: of a restricted item neither title nor presenter."""
        presenter = "" if self.restricted or self.presenter is None else self.presenter.name
        return Item(
            id=self.id,
            meeting_id=self.meeting_id,
            position=self.position,
            general=self.general,
            restricted=self.restricted,
            title=CLOSED_TITLE if self.restricted else self.title,
            minutes=self.minutes,
            presenter_name=presenter,
            state=self.state,
        )

    @property
    def detail(self) -> ItemDetail:
        """What those invited to it see."""
        return ItemDetail(
            id=self.id,
            meeting_id=self.meeting_id,
            title=self.title,
            questions=self.questions,
            presenter=self.presenter,
            invitees=self.invitees if self.restricted else (),
        )

    @property
    def circle(self) -> Circle:
        """What decides who hears of it; its presenter is invited to it."""
        presenter = () if self.presenter is None else (self.presenter.id,)
        return Circle(self.id, self.restricted, self.created_by, frozenset((*self.invitees, *presenter)))


def load(read: Read, item_id: str) -> AgendaItem | None:
    """An item, or None."""
    row = read.first(_BY_ID, {"id": item_id})
    return None if row is None else _item(row)


def meeting_of(read: Read, item_id: str) -> str | None:
    """The meeting of an item, or None."""
    found = read.hot(_MEETING, {"id": item_id})
    return str(found[0][0]) if found else None


def of_meeting(read: Read, meeting_id: str) -> list[AgendaItem]:
    """All items of a meeting in order, the general one first."""
    return [_item(row) for row in read.rows(_OF_MEETING, {"id": meeting_id})]


def insert_txn(tx: Tx, items: Sequence[AgendaItem]) -> None:
    """Store new items."""
    tx.execute(insert(item), [_columns(each) for each in items])


def update_txn(tx: Tx, items: Iterable[AgendaItem]) -> None:
    """Store changed items."""
    for each in items:
        tx.execute(update(item).where(item.c.id == each.id).values(_columns(each)))


def delete_txn(tx: Tx, item_id: str) -> None:
    """Remove an item."""
    tx.execute(delete(item).where(item.c.id == item_id))


def entities(read: Read, meeting_id: str) -> list[Item]:
    """The items' part of the state of stream ``m:``, in key order."""
    return sorted((each.public for each in of_meeting(read, meeting_id)), key=lambda each: each.id)


def detail_entities(read: Read, item_id: str) -> list[ItemDetail]:
    """The item's own part of the state of stream ``i:``."""
    found = load(read, item_id)
    return [] if found is None else [found.detail]


def _item(row: Row[Any]) -> AgendaItem:
    return AgendaItem(
        id=row.id,
        meeting_id=row.meeting_id,
        position=row.position,
        general=row.general,
        restricted=row.restricted,
        title=row.title,
        minutes=row.minutes,
        presenter=_person.decode(row.presenter),
        questions=_texts.decode(row.questions),
        invitees=_texts.decode(row.invitees),
        state=row.state,
        created_by=row.created_by,
    )


def _columns(value: AgendaItem) -> dict[str, Any]:
    return {
        **msgspec.structs.asdict(value),
        "presenter": _encode(value.presenter),
        "questions": _encode(value.questions),
        "invitees": _encode(value.invitees),
    }


_BY_ID = select(item).where(item.c.id == bindparam("id"))
_MEETING = Hot(select(item.c.meeting_id).where(item.c.id == bindparam("id")))
_OF_MEETING = select(item).where(item.c.meeting_id == bindparam("id")).order_by(item.c.position, item.c.id)
