"""Asking for a signature, looking at requests, giving a paper back, withdrawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.accounts import actions as accounts
from server.core import access
from server.core.access import Role
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp
from server.directory import actions as directory
from server.documents import actions as documents
from server.documents import rules as document_rules
from server.meetings import actions as meetings
from server.signatures import rules, store
from server.signatures.actions import keys, telling
from server.signatures.store import Asked
from server.signatures.wire import SigningAsk, SigningInbox, SigningRequest, SigningReturn

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.documents.wire import Paper
    from server.meetings.actions import AgendaItem
    from server.meetings.wire import Meeting


async def ask(core: Core, paper_id: str, command: SigningAsk, *, actor: Actor) -> SigningRequest:
    """Put the current version of a paper before an official: the chair, or who holds that role in the body.

    One after another: a paper waits for one official at a time, since each signs what the last one signed.
    Raises ``signatures.not_official``, ``.waiting``, ``.already_signed``, ``.recalled``.
    """

    def txn(tx: Tx) -> SigningRequest:
        access.require("signatures.ask", access.relations(tx, actor, "paper", paper_id))
        meeting, item, paper = _hold_txn(tx, paper_id)
        document_rules.require_open(meeting.state, signed=True)
        official = directory.person(tx, command.official_id)
        if not signs_for(tx, official.id, meeting, now=core.clock.now()):
            raise DomainError("signatures.not_official", name=official.full_name)
        waiting = store.waiting_of_paper(tx, paper_id)
        known = store.signed(tx, paper.version.id) if paper.version else None
        who = (official.id, official.full_name)
        rules.require_askable(paper, waiting.request if waiting else None, known.signers if known else (), who)
        request = _request(meeting, paper, official, actor, stamp(core.clock.now()))
        documents.serve_exact_txn(tx, request.version_id, actor=actor)
        store.insert_txn(tx, Asked(request, item.id))
        telling.tell_txn(tx, actor, request, restricted=item.restricted)
        return request

    return await core.perform(txn, actor=actor, returns=SigningRequest)


def _hold_txn(tx: Tx, paper_id: str) -> tuple[Meeting, AgendaItem, Paper]:
    """A paper with its item and meeting, held until the end. Raises ``not_found``."""
    found = documents.load(tx, paper_id)
    if found is None:
        raise DomainError("not_found")
    meeting, item = meetings.hold_item_txn(tx, found.item_id)
    paper = documents.lock_txn(tx, paper_id)
    if paper is None:
        raise DomainError("not_found")
    return meeting, item, paper


def signs_for(read: Read, person_id: str, meeting: Meeting, *, now: datetime) -> bool:
    """Whether a person is now one who signs papers of a meeting: its chair, or an official of its body."""
    if rules.is_chair(person_id, meeting):
        return True
    return person_id in accounts.holders(read, [Role.OFFICIAL], meeting.body_id, now=now)


def _request(meeting: Meeting, paper: Paper, official: directory.PersonView, actor: Actor, at: str) -> SigningRequest:
    if paper.version is None:
        raise DomainError("signatures.recalled")
    return SigningRequest(
        id=new_id(), meeting_id=meeting.id, meeting_title=meeting.title, paper_id=paper.id, paper_title=paper.title,
        version_id=paper.version.id, sha256=paper.version.sha256, pages=paper.version.pages, official_id=official.id,
        official_name=official.full_name, requested_by=actor.person_id, requested_at=at, state="waiting", remarks="",
        signed_version_id=None, decided_at=None,
    )  # fmt: skip


async def inbox(core: Core, *, actor: Actor) -> SigningInbox:
    """What one was asked to sign, waiting ones first, and one's own key."""

    def read(read: Read) -> SigningInbox:
        access.require("signatures.inbox", access.relations(read, actor, "person", actor.person_id))
        key = store.key_of(read, keys.person(actor.person_id))
        requests = rules.inbox_order(store.of_official(read, actor.person_id))
        return SigningInbox(requests=requests, key=None if key is None else keys.view(key))

    return await core.db.read(read)


async def view(core: Core, request_id: str, *, actor: Actor) -> SigningRequest:
    """One request; for its official, the secretariat and the chair."""
    return await core.db.read(lambda read: find(read, actor, "signatures.read", request_id).request)


def find(read: Read, actor: Actor, verb: str, request_id: str) -> Asked:
    """A request, if permitted. Raises ``not_found``."""
    access.require(verb, access.relations(read, actor, "signing", request_id))
    asked = store.load(read, request_id)
    if asked is None:
        raise DomainError("not_found")
    return asked


def hold_txn(tx: Tx, actor: Actor, verb: str, request_id: str) -> tuple[Asked, Meeting, AgendaItem]:
    """A request that waits, its meeting and item, held until the end; in the order in which publishing holds them."""
    meeting, item, _paper = _hold_txn(tx, find(tx, actor, verb, request_id).request.paper_id)
    asked = store.lock_txn(tx, request_id)
    if asked is None:
        raise DomainError("not_found")
    rules.require_waiting(asked.request)
    return asked, meeting, item


async def give_back(core: Core, request_id: str, command: SigningReturn, *, actor: Actor) -> SigningRequest:
    """The official gives the paper back with remarks. Raises ``signatures.no_remarks``, ``.signed`` and so on."""
    remarks = rules.remarks(command.remarks)
    return await _close(core, request_id, "returned", "signatures.return", remarks, actor)


async def withdraw(core: Core, request_id: str, *, actor: Actor) -> SigningRequest:
    """The secretariat takes its request back."""
    return await _close(core, request_id, "withdrawn", "signatures.ask", "", actor)


async def _close(
    core: Core, request_id: str, state: Literal["returned", "withdrawn"], verb: str, remarks: str, actor: Actor
) -> SigningRequest:
    def txn(tx: Tx) -> SigningRequest:
        asked, _meeting, item = hold_txn(tx, actor, verb, request_id)
        at = stamp(core.clock.now())
        return telling.decide_txn(
            tx, actor, asked.request, state, at=at, restricted=item.restricted, remarks=remarks
        )  # fmt: skip

    return await core.perform(txn, actor=actor, returns=SigningRequest)
