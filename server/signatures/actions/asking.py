"""Asking for a signature, looking at requests, giving a paper back, withdrawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.core import access
from server.core.errors import DomainError
from server.signatures import rules, store
from server.signatures.actions import dossiers, keys, opening
from server.signatures.rules import acts
from server.signatures.store import Asked
from server.signatures.wire import (
    Dossier,
    DossierOpen,
    SigningAsk,
    SigningInbox,
    SigningRequest,
    SigningReturn,
    StepAsk,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.meetings.actions import AgendaItem
    from server.meetings.wire import Meeting


async def ask(core: Core, paper_id: str, command: SigningAsk, *, actor: Actor) -> SigningRequest:
    """Put the current version of a paper before an official: a dossier of this one step, on its way at once.

    The official is the chair, or holds that role in the body. One after another: a paper has one dossier at a time,
    since each signs what the last one signed.
    Raises ``signatures.not_official``, ``.waiting``, ``.already_signed``, ``.recalled``.
    """

    def txn(tx: Tx) -> SigningRequest:
        access.require("signatures.ask", access.relations(tx, actor, "paper", paper_id))
        asked = StepAsk(act="sign", rank=1, person_id=command.official_id)
        dossier, item = opening.open_txn(core, tx, actor, paper_id, DossierOpen(paper_kind="other", steps=(asked,)))
        after = acts.submitted(dossier, dossier.opened_at)
        dossiers.settle_txn(tx, actor, after, restricted=item.restricted, now=core.clock.now())
        return store.waiting_of_dossier(tx, dossier.id)[0].request

    return await core.perform(txn, actor=actor, returns=SigningRequest)


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
    found = find(tx, actor, verb, request_id).request
    meeting, item, _paper = dossiers.hold_paper_txn(tx, found.paper_id)
    store.dossiers.lock_txn(tx, found.dossier_id)
    asked = store.lock_txn(tx, request_id)
    if asked is None:
        raise DomainError("not_found")
    rules.require_waiting(asked.request)
    return asked, meeting, item


async def give_back(core: Core, request_id: str, command: SigningReturn, *, actor: Actor) -> SigningRequest:
    """Who is asked gives the paper back with remarks: it waits for a new version, and the steps start over.

    Raises ``signatures.no_remarks``, ``.signed`` and so on.
    """
    remarks = rules.remarks(command.remarks)
    return await _refuse(core, request_id, "signatures.return", remarks, actor, acts.returned)


async def reject(core: Core, request_id: str, command: SigningReturn, *, actor: Actor) -> SigningRequest:
    """Who approves or signs refuses the paper: its dossier ends. Raises ``signatures.no_way_back``."""
    remarks = rules.remarks(command.remarks)
    return await _refuse(core, request_id, "signatures.return", remarks, actor, acts.rejected)


async def _refuse(
    core: Core, request_id: str, verb: str, remarks: str, actor: Actor,
    refused: Callable[[Dossier, str, acts.Hand, str], Dossier],
) -> SigningRequest:  # fmt: skip
    def txn(tx: Tx) -> SigningRequest:
        asked, _meeting, item = hold_txn(tx, actor, verb, request_id)
        dossier, now = of_request(tx, asked), core.clock.now()
        after = refused(dossier, asked.step_id, dossiers.hand_of(actor, dossier, now), remarks)
        dossiers.settle_txn(tx, actor, after, restricted=item.restricted, now=now)
        return found(tx, request_id)

    return await core.perform(txn, actor=actor, returns=SigningRequest)


async def withdraw(core: Core, request_id: str, *, actor: Actor) -> SigningRequest:
    """The secretariat takes the paper back from everybody who was asked. Raises ``signatures.no_way_back``."""

    def txn(tx: Tx) -> SigningRequest:
        asked, _meeting, item = hold_txn(tx, actor, "signatures.ask", request_id)
        after = acts.withdrawn(of_request(tx, asked))
        dossiers.settle_txn(tx, actor, after, restricted=item.restricted, now=core.clock.now())
        return found(tx, request_id)

    return await core.perform(txn, actor=actor, returns=SigningRequest)


def of_request(read: Read, asked: Asked) -> Dossier:
    """The dossier that a request is of."""
    dossier = store.dossiers.load(read, asked.request.dossier_id)
    if dossier is None:
        raise DomainError("not_found")
    return dossier


def found(read: Read, request_id: str) -> SigningRequest:
    """A request as it is now, for who has asked for permission already."""
    asked = store.load(read, request_id)
    if asked is None:
        raise DomainError("not_found")
    return asked.request
