"""Sending: the meeting is convened at once, and its people are let in fifty at a time."""

from __future__ import annotations

import asyncio
from weakref import WeakKeyDictionary

from msgspec import structs

from server.core.access import SYSTEM, Actor
from server.core.context import Core
from server.core.db import Database, Tx
from server.core.errors import DomainError
from server.core.wire import stamp
from server.directory import actions as directory
from server.invitations import store
from server.invitations.actions.printing import current_paper
from server.invitations.wire import InvitationSend, InvitationSent
from server.meetings import actions as meetings
from server.meetings.wire import Meeting, Participant
from server.signatures.actions.issuing import is_on_its_way

# People in one transaction, so that it stays far below 50 ms.
CHUNK = 50

_SYSTEM = Actor(person_id=SYSTEM, device_id="")
_due: WeakKeyDictionary[Database, asyncio.Event] = WeakKeyDictionary()


def due(core: Core) -> asyncio.Event:
    """Set when somebody is to be invited or mailed; the background work waits for it."""
    return _due.setdefault(core.db, asyncio.Event())


async def send(core: Core, meeting_id: str, command: InvitationSend, *, actor: Actor) -> InvitationSent:
    """Convene the meeting and queue everybody who has not been invited; with ``again``, mail the others once more.

    Raises ``meetings.no_chair``, ``invitations.not_issued`` (the giấy mời is on its way to being issued) and what the
    meeting's state forbids. Mail goes only where a mail server is set up.
    """
    by_mail = command.mail and core.mailer.is_configured
    now = stamp(core.clock.now())

    def txn(tx: Tx) -> InvitationSent:
        meeting = meetings.lock_txn(tx, actor, "invitations.send", meeting_id)
        if meeting.chair is None:
            raise DomainError("meetings.no_chair")
        paper = current_paper(tx, meeting_id)
        if paper is not None and is_on_its_way(tx, paper.id):
            raise DomainError("invitations.not_issued")
        first = meeting.state == "draft"
        sequence = store.sequence(tx, meeting_id)
        if sequence is None:
            sequence = store.raise_sequence_txn(tx, meeting_id)
        new = meetings.participants.uninvited(tx, meeting_id)
        invited = store.add_due_txn(tx, meeting_id, new, by_mail=by_mail)
        mails = invited if by_mail else 0
        if command.again and by_mail:
            told = sorted(meetings.participants.persons(tx, meeting_id, invited=True))
            mails += store.add_mails_txn(tx, meeting_id, told, "invited", sequence, now)
        convened = structs.replace(meeting, state="convened") if first else meeting
        meetings.save_txn(tx, actor, convened, "convened" if first else "invited", before=meeting)
        return InvitationSent(invited=invited, mails=mails)

    result = await core.perform(txn, actor=actor, returns=InvitationSent)
    due(core).set()
    return result


async def invite_some(core: Core) -> int:
    """Let in up to fifty of those who are queued; returns how many were looked at.

    They enter the audiences, their own streams show the meeting, the desk sees it, their mails are queued.
    """
    now = stamp(core.clock.now())

    def txn(tx: Tx) -> int:
        meeting_id = store.next_due_meeting(tx)
        if meeting_id is None:
            return 0
        meeting = meetings.hold_txn(tx, meeting_id)
        taken = store.take_due_txn(tx, meeting_id, CHUNK)
        if meeting.state in {"convened", "live"}:
            _invite_txn(tx, meeting, taken, now)
        return len(taken)

    return await core.db.write(txn)


def _invite_txn(tx: Tx, meeting: Meeting, taken: dict[str, bool], now: str) -> None:
    found = [each for each in meetings.participants.some(tx, list(taken)) if each.sent_at is None]
    people = directory.people(tx, [each.person.id for each in found])
    mailed = {each.id for each in found if taken[each.id] and _address(people.get(each.person.id))}
    changed: list[Participant] = [
        structs.replace(each, sent_at=now, mail="queued" if each.id in mailed else "none") for each in found
    ]
    meetings.participants.change_txn(tx, _SYSTEM, meeting.id, changed)
    meetings.let_in_txn(tx, meeting.id, (each.person.id for each in found))
    sequence = store.sequence(tx, meeting.id) or 0
    persons = (each.person.id for each in found if each.id in mailed)
    store.add_mails_txn(tx, meeting.id, persons, "invited", sequence, now)


def _address(person: directory.PersonView | None) -> str | None:
    return None if person is None else person.email
