"""What the invited do: receive, open, answer; and what the secretariat decides on a proposed substitute."""

from __future__ import annotations

from typing import Literal

from msgspec import structs

from server.core import access
from server.core.access import Actor
from server.core.context import Core
from server.core.db import Read, Tx
from server.core.errors import DomainError
from server.core.wire import stamp
from server.invitations import rules, store
from server.invitations.actions.printing import current_paper
from server.invitations.actions.sending import due
from server.invitations.wire import Invitation, InvitationAnswer, SubstituteDecision
from server.meetings import actions as meetings
from server.meetings.wire import Participant, Person


async def own(core: Core, meeting_id: str, *, actor: Actor) -> Invitation:
    """One's own invitation. Raises ``not_found`` for who is not invited."""

    def read(read: Read) -> Invitation:
        access.require("invitations.receive", meetings.relations(read, actor, meeting_id))
        found = meetings.participants.own(read, meeting_id, actor.person_id)
        if found is None:
            raise DomainError("not_found")
        return _view(read, meeting_id, found)

    return await core.db.read(read)


async def mark(core: Core, meeting_id: str, what: Literal["delivered", "opened"], *, actor: Actor) -> Invitation:
    """Note that the invitation has reached a device, or was opened; the first time counts, opened is delivered too."""
    now = stamp(core.clock.now())

    def txn(tx: Tx) -> Invitation:
        access.require("invitations.receive", meetings.relations(tx, actor, meeting_id))
        before = meetings.participants.lock_txn(tx, meeting_id, actor.person_id)
        after = structs.replace(
            before,
            delivered_at=before.delivered_at or now,
            opened_at=before.opened_at or (now if what == "opened" else None),
        )
        if after != before:
            meetings.participants.change_txn(tx, actor, meeting_id, [after])
        return _view(tx, meeting_id, after)

    return await core.perform(txn, actor=actor, returns=Invitation)


async def answer(core: Core, meeting_id: str, command: InvitationAnswer, *, actor: Actor) -> Invitation:
    """One's own answer; a later one replaces it, until a substitute has been accepted.

    Raises ``invitations.no_reason``, ``invitations.no_substitute``, ``invitations.substitute_takes_part``,
    ``invitations.substituted``, and what the meeting's state forbids.
    """
    now = stamp(core.clock.now())

    def txn(tx: Tx) -> Invitation:
        meetings.lock_txn(tx, actor, "invitations.answer", meeting_id)
        before = meetings.participants.lock_txn(tx, meeting_id, actor.person_id)
        _require_open(tx, meeting_id, before)
        substitute = None
        if command.answer == "substitute" and command.substitute_id is not None:
            substitute = _proposed(tx, meeting_id, command.substitute_id)
        after = rules.answered(before, command, substitute, now)
        meetings.participants.change_txn(tx, actor, meeting_id, [after])
        return _view(tx, meeting_id, after)

    return await core.perform(txn, actor=actor, returns=Invitation)


async def decide(
    core: Core, meeting_id: str, participant_id: str, command: SubstituteDecision, *, actor: Actor
) -> Participant:
    """Accept a proposed substitute, who then takes part and is invited, or refuse; returns the absent participant.

    Raises ``invitations.no_proposal``, ``invitations.substituted``.
    """
    by_mail = core.mailer.is_configured

    def txn(tx: Tx) -> Participant:
        meeting = meetings.lock_txn(tx, actor, "invitations.decide", meeting_id)
        found = meetings.participants.some(tx, [participant_id])
        if not found or meetings.participants.meeting_of(tx, participant_id) != meeting_id:
            raise DomainError("not_found")
        absent = meetings.participants.lock_txn(tx, meeting_id, found[0].person.id)
        _require_open(tx, meeting_id, absent)
        substitute = absent.substitute
        if absent.answer != "substitute" or substitute is None:
            raise DomainError("invitations.no_proposal")
        if not command.accept:
            absent = rules.refused(absent)
            meetings.participants.change_txn(tx, actor, meeting_id, [absent])
            return absent
        new = meetings.participants.add_substitute_txn(tx, actor, meeting, absent, substitute.id)
        store.add_due_txn(tx, meeting_id, [new.id], by_mail=by_mail)
        return absent

    result = await core.perform(txn, actor=actor, returns=Participant)
    due(core).set()
    return result


def _proposed(read: Read, meeting_id: str, person_id: str) -> Person:
    if meetings.participants.takes_part(read, meeting_id, person_id):
        raise DomainError("invitations.substitute_takes_part")
    return meetings.participants.shown(read, person_id)


def _require_open(read: Read, meeting_id: str, absent: Participant) -> None:
    if meetings.participants.has_substitute(read, meeting_id, absent.id):
        raise DomainError("invitations.substituted")


def _view(read: Read, meeting_id: str, found: Participant) -> Invitation:
    paper = current_paper(read, meeting_id)
    return Invitation(
        meeting_id=meeting_id,
        answer=found.answer,
        reason=found.reason,
        answered_at=found.answered_at,
        paper_id=paper.id if paper else None,
    )
