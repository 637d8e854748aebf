"""Mailing: what changes is queued in the change's own transaction and sent afterwards, with patience."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage

from msgspec import Struct, structs

from server.core.access import SYSTEM, Actor
from server.core.context import Core
from server.core.db import Read, Tx
from server.core.errors import DomainError
from server.core.mail import Sent
from server.core.wire import stamp
from server.directory import actions as directory
from server.invitations import mails, rules, store
from server.invitations.actions.printing import paper_bytes
from server.invitations.store import MailRow
from server.meetings import actions as meetings
from server.meetings.wire import Meeting, Participant

# Mails handed over on one connection to the mail server.
BATCH = 20

_SYSTEM = Actor(person_id=SYSTEM, device_id="")


def on_changed(tx: Tx, _actor: Actor, before: Meeting, after: Meeting) -> None:
    """A meeting changed: who had a mail about it gets another, with the next edition of the calendar entry."""
    message = rules.message_for(before, after)
    if message is None or store.sequence(tx, after.id) is None:
        return
    sequence = store.raise_sequence_txn(tx, after.id)
    here = meetings.participants.persons(tx, after.id)
    store.add_mails_txn(tx, after.id, sorted(store.mailed(tx, after.id) & here), message, sequence, _AT_ONCE)


def on_left(tx: Tx, _actor: Actor, meeting: Meeting, left: Sequence[Participant]) -> None:
    """Participants were taken off the list: their calendars are cleared, if a mail had filled them."""
    told = store.mailed(tx, meeting.id) & {each.person.id for each in left}
    if told:
        sequence = store.raise_sequence_txn(tx, meeting.id)
        store.add_mails_txn(tx, meeting.id, sorted(told), "withdrawn", sequence, _AT_ONCE)


class _Ready(Struct, frozen=True):
    """A mail that can be made: whose, about which meeting."""

    row: MailRow
    meeting: Meeting
    person: directory.PersonView


async def mail_some(core: Core) -> int:
    """Send up to twenty mails that are due; returns how many were taken.

    A mail may go twice if the process dies between sending and noting it: the calendar entry is the same then, so
    nobody is invited twice.
    """
    now = core.clock.now()
    lease = stamp(now + timedelta(seconds=rules.LEASE_SECONDS))
    rows = await core.db.write(lambda tx: store.take_mails_txn(tx, stamp(now), lease, BATCH))
    if not rows:
        return 0
    ready = await core.db.read(lambda read: _ready(read, rows))
    composed = [await _composed(core, each) for each in ready]
    sent = iter(await core.mailer.send([each for each in composed if isinstance(each, EmailMessage)]))
    await _note(core, rows, ready, [each if isinstance(each, Sent) else next(sent) for each in composed])
    return len(rows)


async def _composed(core: Core, each: _Ready) -> EmailMessage | Sent:
    """The mail; or that it goes later, since its reader's copy of the giấy mời is not made ready yet."""
    row, person = each.row, each.person
    paper = None
    if row.message == "invited":  # after a change the paper may say what no longer holds
        reader = Actor(person_id=person.id, device_id="", name=person.full_name)
        try:
            paper = await paper_bytes(core, each.meeting.id, reader=reader)
        except DomainError as error:
            if error.code != "documents.marking":
                raise
            return Sent(person.email or "", accepted=False, reason="copies are being made ready")
    return mails.compose(core, each.meeting, person, row.message, row.sequence, paper)


def _ready(read: Read, rows: Sequence[MailRow]) -> list[_Ready]:
    people = directory.people(read, {row.person_id for row in rows})
    found = {meeting_id: meetings.load(read, meeting_id) for meeting_id in {row.meeting_id for row in rows}}
    ready = []
    for row in rows:
        person, meeting = people.get(row.person_id), found[row.meeting_id]
        if person is not None and person.email and meeting is not None:
            ready.append(_Ready(row, meeting, person))
    return ready


async def _note(core: Core, rows: Sequence[MailRow], ready: Sequence[_Ready], sent: Sequence[Sent]) -> None:
    now = core.clock.now()
    by_row = {each.row.id: answer for each, answer in zip(ready, sent, strict=True)}
    outcomes: list[tuple[str, str, str, str]] = []
    told: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        answer = by_row.get(row.id)
        state, seconds = ("failed", 0) if answer is None else _after(answer, row)
        reason = "no address" if answer is None else answer.reason
        outcomes.append((row.id, state, stamp(now + timedelta(seconds=seconds)), reason))
        if state != "queued" and row.message != "withdrawn":
            told.setdefault(row.meeting_id, []).append((row.person_id, state))

    def txn(tx: Tx) -> None:
        store.settle_mails_txn(tx, outcomes)
        for meeting_id, persons in sorted(told.items()):
            _tell_desk_txn(tx, meeting_id, persons)

    await core.db.write(txn)


def _after(answer: Sent, row: MailRow) -> tuple[str, int]:
    return rules.after_attempt(accepted=answer.accepted, attempts=row.attempts)


def _tell_desk_txn(tx: Tx, meeting_id: str, persons: Sequence[tuple[str, str]]) -> None:
    changed = []
    for person_id, state in sorted(dict(persons).items()):
        own = meetings.participants.try_lock_txn(tx, meeting_id, person_id)
        if own is not None and own.mail != state:
            changed.append(structs.replace(own, mail="sent" if state == "sent" else "failed"))
    if changed:
        meetings.participants.change_txn(tx, _SYSTEM, meeting_id, changed)


# Sorts before every moment: due as soon as somebody looks.
_AT_ONCE = ""
