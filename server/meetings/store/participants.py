"""SQL of participants, and the two faces of each: the desk's list and the person's own part in the meeting."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Row,
    bindparam,
    delete,
    false,
    func,
    insert,
    literal_column,
    select,
    true,
    update,
)

from server.core.db import Hot, Read, Tx, among
from server.meetings.models import Seat
from server.meetings.store.tables import meeting, participant, staged
from server.meetings.wire import MyMeeting, Participant, Person

_PAGE = 200
_person = msgspec.json.Decoder(Person | None)
_mine = msgspec.json.Decoder(MyMeeting)
_encode = msgspec.json.Encoder().encode


def seats(read: Read, meeting_id: str) -> list[Seat]:
    """Whose places there are, and whether each has been invited."""
    return [Seat(person, sent_at is not None) for person, sent_at in read.hot(_SEATS, {"id": meeting_id})]


def uninvited(read: Read, meeting_id: str) -> list[str]:
    """The participants (ids) to whom the invitation has not gone out."""
    return [participant_id for (participant_id,) in read.hot(_UNINVITED, {"id": meeting_id})]


def of_meeting(read: Read, meeting_id: str) -> list[Participant]:
    """The list, in order."""
    return [_participant(row) for row in read.rows(_OF_MEETING, {"id": meeting_id})]


def by_ids(read: Read, ids: Iterable[str]) -> list[Participant]:
    """These participants, in id order; those that are gone are left out."""
    return [_participant(row) for row in read.rows(_BY_IDS, {"ids": sorted(ids)})]


def of_person(read: Read, meeting_id: str, person_id: str) -> Participant | None:
    """How a person takes part in a meeting, or None."""
    row = read.first(_OF_PERSON, {"id": meeting_id, "person": person_id})
    return None if row is None else _participant(row)


def lock_txn(tx: Tx, meeting_id: str, person_id: str) -> Participant | None:
    """How a person takes part, with the row held until the transaction ends, so that no mark is lost to another."""
    row = tx.first(_LOCKED, {"id": meeting_id, "person": person_id})
    return None if row is None else _participant(row)


def meeting_of(read: Read, participant_id: str) -> str | None:
    """The meeting of a participant who takes part, or None."""
    found: str | None = read.scalar(_MEETING_OF, {"id": participant_id})
    return found


def insert_txn(tx: Tx, meeting_id: str, new: Sequence[dict[str, Any]]) -> None:
    """Store new participants (``columns``); who was removed a moment ago comes back as new."""
    with _back(tx, meeting_id, {each["person_id"] for each in new}):
        constants = {"meeting_id": meeting_id, "removed": False, "shown": None, "stale": False}
        tx.hot_many(_INSERT, [{**constants, **each} for each in new])


@contextmanager
def _back(tx: Tx, meeting_id: str, persons: Collection[str]) -> Iterator[None]:
    """Around storing new rows: who was removed a moment ago goes before and is known again after.

    What the person's stream holds now stays known, so that the next step replaces it.
    """
    back = [row for row in tx.rows(_REMOVED, {"id": meeting_id}) if row.person_id in persons]
    tx.hot_many(_DELETE, [{"gone": row.id} for row in back])
    yield
    known = [{"of": meeting_id, "who": row.person_id, "now": row.shown} for row in back]
    tx.hot_many(_COME_BACK, known)


def update_txn(tx: Tx, changed: Sequence[dict[str, Any]]) -> None:
    """Store changed participants (``columns``); what their own streams hold is looked at again."""
    tx.hot_many(_UPDATE, [{f"new_{name}": row[name] for name in ("id", *_CHANGING)} for row in changed])


def relist_txn(tx: Tx, changed: Sequence[dict[str, Any]]) -> None:
    """Of changed participants store what a list says: place, role, scope, right to vote, site, for whom."""
    tx.hot_many(_RELIST, changed)


def relisted(value: Participant) -> dict[str, Any]:
    """A participant as ``relist_txn`` takes it."""
    return {f"new_{name}": getattr(value, name) for name in ("id", *_LISTED)}


def remove_txn(tx: Tx, ids: Iterable[str]) -> None:
    """Take participants off the list; the rows stay until their own streams have said so."""
    tx.hot(_REMOVE, {"old": tx.array(sorted(ids))})


# ---- a long list on its way in, where nobody sees it


def stage_txn(tx: Tx, batch: str, new: Sequence[dict[str, Any]]) -> None:
    """Lay new participants (``columns``) beside the list, under the name of a batch (a new id)."""
    tx.hot_many(_STAGE, [{"batch": batch, **{name: row[name] for name in _STAGED_NAMES}} for row in new])


def enter_staged_txn(tx: Tx, meeting_id: str, batch: str, persons: Collection[str]) -> bool:
    """Put a batch on the list by one statement; False, and nothing is done, where it is not there whole."""
    if tx.scalar(_STAGED, {"batch": batch}) != len(persons):
        return False
    with _back(tx, meeting_id, persons):
        tx.hot(_ENTER, {"of": meeting_id, "batch": batch})
    return True


def drop_staged_txn(tx: Tx, batch: str) -> None:
    """Forget a batch."""
    tx.execute(delete(staged).where(staged.c.batch == batch))


def staged_before(read: Read, batch: str) -> str | None:
    """A batch that is older than one would be that is named now, or None: batches are named by time."""
    found: str | None = read.scalar(select(func.min(staged.c.batch)).where(staged.c.batch < batch))
    return found


def mark_stale_txn(tx: Tx, meeting_id: str) -> None:
    """Let what the streams of all invited people hold be looked at again."""
    tx.execute(_MARK_STALE, {"of": meeting_id})


def count(read: Read, meeting_id: str) -> int:
    """How many take part."""
    return int(read.scalar(_COUNT, {"id": meeting_id}))


def substitutes(read: Read, meeting_id: str, participant_id: str) -> int:
    """How many take part in the place of a participant: 0 or 1."""
    return int(read.scalar(_SUBSTITUTES, {"id": meeting_id, "absent": participant_id}))


# ---- what a person's own stream shows


def stale(read: Read, limit: int) -> Sequence[Row[Any]]:
    """Rows (id, person_id, meeting_id, shown) that have to be looked at again."""
    return read.rows(_STALE, {"limit": limit})


def wanted_mine(read: Read, ids: Iterable[str]) -> dict[str, MyMeeting]:
    """What the streams of these participants ought to show; nothing for who is not invited or was removed."""
    return {row.id: _my_meeting(row) for row in read.rows(_WANTED, {"ids": sorted(ids)})}


def shown_of(read: Read, ids: Iterable[str]) -> Sequence[Row[Any]]:
    """Rows (id, person_id, meeting_id, shown) of these participants, removed ones too."""
    return read.rows(_SHOWN_OF, {"ids": sorted(ids)})


def set_shown_txn(tx: Tx, shown: dict[str, MyMeeting | None]) -> None:
    """Keep what the streams of these participants now show, and forget those who were removed."""
    rows = [{"row": key, "now": None if value is None else _encode(value)} for key, value in sorted(shown.items())]
    if rows:
        tx.execute(_SET_SHOWN, rows)
        tx.execute(_FORGET, {"ids": sorted(shown)})


def decode_mine(shown: bytes | None) -> MyMeeting | None:
    """What a stream shows, from the row."""
    return None if shown is None else _mine.decode(shown)


def my_entities(read: Read, person_id: str, after: tuple[str, str] | None) -> Iterator[MyMeeting]:
    """The meetings' part of the state of stream ``u:``, in key order."""
    del after  # a person has a few meetings; catch-up passes over those that were sent
    for row in read.rows(_MY_SHOWN, {"person": person_id}):
        yield _mine.decode(row.shown)


def entities(read: Read, meeting_id: str, after: tuple[str, str] | None) -> Iterator[Participant]:
    """The participants' part of the state of stream ``d:``, in key order."""
    last = ""
    if after is not None:
        kind, last = after
        if kind > "participant":
            return
        last = last if kind == "participant" else ""
    while rows := read.rows(_PAGED, {"id": meeting_id, "after": last, "limit": _PAGE}):
        for row in rows:
            yield _participant(row)
        last = rows[-1].id


def _participant(row: Row[Any]) -> Participant:
    return Participant(
        id=row.id,
        person=Person(id=row.person_id, name=row.name, title=row.title),
        body_name=row.body_name,
        role=row.role,
        scope=row.scope,
        voting_right=row.voting_right,
        on_behalf_of=row.on_behalf_of,
        substitute_for=row.substitute_for,
        site_id=row.site_id,
        position=row.position,
        sent_at=row.sent_at,
        mail=row.mail,
        delivered_at=row.delivered_at,
        opened_at=row.opened_at,
        answer=row.answer,
        answered_at=row.answered_at,
        reason=row.reason,
        substitute=_person.decode(row.substitute),
    )


def columns(value: Participant) -> dict[str, Any]:
    """A participant as the table holds it."""
    fields = {name: getattr(value, name) for name in value.__struct_fields__ if name != "person"}
    fields["substitute"] = _encode(value.substitute)
    return {**fields, "person_id": value.person.id, "name": value.person.name, "title": value.person.title}


def _my_meeting(row: Row[Any]) -> MyMeeting:
    return MyMeeting(
        id=row.meeting_id,
        participant_id=row.id,
        role=row.role,
        scope=row.scope,
        starts_at=row.starts_at,
        invited_at=row.sent_at,
        answer=row.answer,
        answered_at=row.answered_at,
        delivered_at=row.delivered_at,
        opened_at=row.opened_at,
    )


_here = participant.c.removed == false()
_SEATS = Hot(
    select(participant.c.person_id, participant.c.sent_at).where(participant.c.meeting_id == bindparam("id"), _here)
)
_UNINVITED = Hot(
    select(participant.c.id)
    .where(participant.c.meeting_id == bindparam("id"), _here, participant.c.sent_at.is_(None))
    .order_by(participant.c.position, participant.c.id)
)
_OF_MEETING = (
    select(participant)
    .where(participant.c.meeting_id == bindparam("id"), _here)
    .order_by(participant.c.position, participant.c.id)
)
_BY_IDS = (
    select(participant).where(participant.c.id.in_(bindparam("ids", expanding=True)), _here).order_by(participant.c.id)
)
_OF_PERSON = select(participant).where(
    participant.c.meeting_id == bindparam("id"), participant.c.person_id == bindparam("person"), _here
)
_LOCKED = _OF_PERSON.with_for_update()
_MEETING_OF = select(participant.c.meeting_id).where(participant.c.id == bindparam("id"), _here)
_REMOVED = select(participant.c.id, participant.c.person_id, participant.c.shown).where(
    participant.c.meeting_id == bindparam("id"), participant.c.removed == true()
)
_CHANGING = (
    "name", "title", "body_name", "role", "scope", "voting_right", "on_behalf_of", "substitute_for", "site_id",
    "position", "sent_at", "mail", "delivered_at", "opened_at", "answer", "answered_at", "reason", "substitute",
)  # fmt: skip
_LISTED = ("role", "scope", "voting_right", "on_behalf_of", "site_id", "position")
_RELIST = Hot(
    update(participant)
    .where(participant.c.id == bindparam("new_id"))
    .values({**{name: bindparam(f"new_{name}") for name in _LISTED}, "stale": true()})
)
_INSERT = Hot(insert(participant))
_COME_BACK = Hot(
    update(participant)
    .where(participant.c.meeting_id == bindparam("of"), participant.c.person_id == bindparam("who"))
    .values(shown=bindparam("now"), stale=true())
)
_STAGED_NAMES = [column.name for column in staged.c if column.name != "batch"]
_STAGE = Hot(insert(staged))
_STAGED = select(func.count()).select_from(staged).where(staged.c.batch == bindparam("batch"))
# Of a new participant these are not known yet; the rest of the row is staged.
_NOT_YET: dict[str, ColumnElement[Any]] = {
    "meeting_id": bindparam("of"), "mail": literal_column("'none'"), "answer": literal_column("'none'"),
    "reason": literal_column("''"), "removed": false(), "stale": false(),
}  # fmt: skip
_ENTER = Hot(
    insert(participant).from_select(
        [*_NOT_YET, *_STAGED_NAMES],
        select(*_NOT_YET.values(), *(staged.c[name] for name in _STAGED_NAMES)).where(
            staged.c.batch == bindparam("batch")
        ),
    )
)
_DELETE = Hot(delete(participant).where(participant.c.id == bindparam("gone")))
_UPDATE = Hot(
    update(participant)
    .where(participant.c.id == bindparam("new_id"))
    .values({**{name: bindparam(f"new_{name}") for name in _CHANGING}, "stale": true()})
)
_REMOVE = Hot(update(participant).where(among(participant.c.id, "old")).values(removed=true(), stale=true()))
_MARK_STALE = (
    update(participant)
    .where(participant.c.meeting_id == bindparam("of"), participant.c.shown.is_not(None))
    .values(stale=True)
)
_COUNT = select(func.count()).select_from(participant).where(participant.c.meeting_id == bindparam("id"), _here)
_SUBSTITUTES = _COUNT.where(participant.c.substitute_for == bindparam("absent"))
_SHOWN = select(participant.c.id, participant.c.person_id, participant.c.meeting_id, participant.c.shown)
_STALE = _SHOWN.where(participant.c.stale == true()).order_by(participant.c.id).limit(bindparam("limit"))
_SHOWN_OF = _SHOWN.where(participant.c.id.in_(bindparam("ids", expanding=True))).order_by(participant.c.id)
_WANTED = (
    select(participant, meeting.c.starts_at)
    .join(meeting, meeting.c.id == participant.c.meeting_id)
    .where(participant.c.id.in_(bindparam("ids", expanding=True)), _here, participant.c.sent_at.is_not(None))
)
_SET_SHOWN = update(participant).where(participant.c.id == bindparam("row")).values(shown=bindparam("now"), stale=False)
_FORGET = delete(participant).where(
    participant.c.id.in_(bindparam("ids", expanding=True)), participant.c.removed == true()
)
_MY_SHOWN = (
    select(participant.c.shown)
    .where(participant.c.person_id == bindparam("person"), participant.c.shown.is_not(None))
    .order_by(participant.c.meeting_id)
)
_PAGED = (
    select(participant)
    .where(participant.c.meeting_id == bindparam("id"), participant.c.id > bindparam("after"), _here)
    .order_by(participant.c.id)
    .limit(bindparam("limit"))
)
