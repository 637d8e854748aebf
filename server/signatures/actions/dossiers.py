"""Dossiers: finding and holding them, and the one door by which any act on a paper is recorded."""

from __future__ import annotations

import contextlib
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from server.core import access
from server.core.access import Role
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp
from server.documents import actions as documents
from server.meetings import actions as meetings
from server.signatures import rules, store
from server.signatures.actions import telling
from server.signatures.rules import acts, delegating
from server.signatures.store import Asked, Signed
from server.signatures.wire import Dossier, Dossiers, SigningRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.documents.wire import Paper
    from server.meetings.actions import AgendaItem
    from server.meetings.wire import Meeting
    from server.signatures.models import Made
    from server.signatures.wire import PaperKind, Step

# The dossier whose own act is making a version now: that version is no replacement.
_own: ContextVar[str] = ContextVar("own", default="")


# ---- reading


async def view(core: Core, dossier_id: str, *, actor: Actor) -> Dossier:
    """One dossier; for who has a step in it, the desk, the chair, and the body's clerks once it is signed."""
    return await core.db.read(lambda read: find(read, actor, "signatures.dossier", dossier_id))


async def of_paper(core: Core, paper_id: str, *, actor: Actor) -> Dossiers:
    """The dossiers of a paper, the newest first; for desk and chair."""

    def read(read: Read) -> Dossiers:
        access.require("signatures.dossiers", access.relations(read, actor, "paper", paper_id))
        return Dossiers(dossiers=tuple(reversed(store.dossiers.of_paper(read, paper_id))))

    return await core.db.read(read)


def load(read: Read, dossier_id: str) -> Dossier | None:
    """A dossier, for who has asked for permission already."""
    return store.dossiers.load(read, dossier_id)


def find(read: Read, actor: Actor, verb: str, dossier_id: str) -> Dossier:
    """A dossier, if permitted. Raises ``not_found``."""
    access.require(verb, access.relations(read, actor, "dossier", dossier_id))
    found = store.dossiers.load(read, dossier_id)
    if found is None:
        raise DomainError("not_found")
    return found


# ---- holding


def hold_txn(tx: Tx, actor: Actor, verb: str, dossier_id: str) -> tuple[Dossier, Meeting, AgendaItem]:
    """A dossier, its meeting and item, held until the end, if permitted. Raises ``not_found``."""
    meeting, item, _paper = hold_paper_txn(tx, find(tx, actor, verb, dossier_id).paper_id)
    dossier = store.dossiers.lock_txn(tx, dossier_id)
    if dossier is None:
        raise DomainError("not_found")
    return dossier, meeting, item


def hold_paper_txn(tx: Tx, paper_id: str) -> tuple[Meeting, AgendaItem, Paper]:
    """A paper with its item and meeting, held until the end, in the order in which publishing holds them."""
    found = documents.load(tx, paper_id)
    if found is None:
        raise DomainError("not_found")
    meeting, item = meetings.hold_item_txn(tx, found.item_id)
    paper = documents.lock_txn(tx, paper_id)
    if paper is None:
        raise DomainError("not_found")
    return meeting, item, paper


# ---- acting


def advance_txn(
    core: Core,
    tx: Tx,
    actor: Actor,
    dossier: Dossier,
    step_id: str,
    *,
    made: Made | None = None,
    number: acts.Number | None = None,
) -> Dossier:
    """Record an act: the one door for all of them. The caller holds the dossier (``hold_txn``).

    Checks whose turn it is and in what capacity they sign, makes what the act has appended the paper's next version,
    stores, asks those whose turn comes, tells the streams.

    Raises ``signatures.not_your_turn``, ``.not_your_step``, ``.bytes_frozen``, ``.not_allowed_now``,
    ``.delegation_…``, and as ``documents.publish_txn``.
    """
    now = core.clock.now()
    meeting, item = meetings.hold_item_txn(tx, dossier.item_id)
    hand = hand_of(actor, dossier, now)
    step = acts.require_turn(dossier, step_id, hand)
    require_standing(tx, actor, dossier, step, meeting, now)
    if made is None:
        after = acts.done(dossier, step_id, hand, number=number)
    else:
        if made.base_sha256 != dossier.sha256:  # before anything is published upon other bytes
            raise DomainError("signatures.bytes_frozen")
        content = _publish_txn(core, tx, actor, dossier, step, made, number.symbol if number else "")
        after = acts.done(dossier, step_id, hand, content=content, base_sha256=made.base_sha256, number=number)
    settle_txn(tx, actor, after, restricted=item.restricted, now=now, made_by=step_id if made else "")
    return after


def hand_of(actor: Actor, dossier: Dossier, now: datetime) -> acts.Hand:
    """Who acts, as the order of acts asks it."""
    clerk = actor.has(Role.CLERK, dossier.body_id)
    return acts.Hand(person_id=actor.person_id, name=actor.name, at=stamp(now), clerk=clerk)


def require_standing(
    read: Read, actor: Actor, dossier: Dossier, step: Step, meeting: Meeting, now: datetime
) -> None:  # fmt: skip
    """Raise unless who signs may do so at this moment, in their own name or for another."""
    if step.act == "sign":
        given = store.delegations.delegations_to(read, actor.person_id, dossier.body_id)
        official = rules.may_sign_for(actor, meeting) or takes_part(read, actor.person_id, meeting, dossier.paper_kind)
        delegating.require_standing(step, dossier.paper_kind, given, now, official=official)


def takes_part(read: Read, person_id: str, meeting: Meeting, kind: PaperKind) -> bool:
    """Whether a person signs because they took part: minutes are signed by those who sat there, officials or not."""
    if kind != "minutes":
        return False
    of_meeting = meetings.participants.persons(read, meeting.id)
    return person_id in of_meeting or (meeting.secretary is not None and meeting.secretary.id == person_id)


def require_signable(read: Read, actor: Actor, dossier: Dossier, step_id: str, now: datetime) -> None:
    """Raise what would stop somebody from signing a step, before a key is opened for it."""
    meeting = meetings.load(read, dossier.meeting_id)
    if meeting is None:
        raise DomainError("not_found")
    step = acts.require_turn(dossier, step_id, hand_of(actor, dossier, now))
    require_standing(read, actor, dossier, step, meeting, now)


def _publish_txn(
    core: Core, tx: Tx, actor: Actor, dossier: Dossier, step: Step, made: Made, symbol: str
) -> acts.Content:
    """The paper's next version, entered into the register with who has signed it and its signed fields.

    ``symbol``: what the registry has given it, "15/GM-UBND"; empty leaves what it was called.
    """
    before = store.signed(tx, dossier.version_id)
    wanted = documents.Wanted(item_id=dossier.item_id, paper_id=dossier.paper_id, symbol=symbol)
    with own_update(dossier.id):
        paper = documents.publish_txn(core, tx, wanted, made.rendition, actor)
    content = content_of(paper)
    if content is None:
        raise DomainError("signatures.withdrawn")
    signers = before.signers if before else ()
    if step.act == "sign":
        signers = (*signers, actor.person_id)
    if made.fields is not None or before is not None:
        fields = made.fields if made.fields is not None else before.fields if before else ()
        store.enter_txn(tx, content.version_id, Signed(signers, fields))
    return content


@contextlib.contextmanager
def own_update(dossier_id: str) -> Iterator[None]:
    """What is published in here is an act of the dossier itself."""
    token = _own.set(dossier_id)
    try:
        yield
    finally:
        _own.reset(token)


def is_own_update(dossier_id: str) -> bool:
    """Whether the version that is being published is the dossier's own."""
    return _own.get() == dossier_id


def content_of(paper: Paper) -> acts.Content | None:
    """The bytes that a paper has now; None of a recalled one."""
    if paper.version is None:
        return None
    return acts.Content(version_id=paper.version.id, sha256=paper.version.sha256, pages=paper.version.pages)


def settle_txn(
    tx: Tx, actor: Actor, dossier: Dossier, *, restricted: bool, now: datetime | None = None, made_by: str = ""
) -> None:
    """Store what a dossier has become, bring the requests after it, and tell everybody concerned.

    ``made_by``: the step whose act has made the version that the dossier stands at.
    """
    at = now or datetime.now(UTC)
    store.dossiers.save_txn(tx, dossier)
    for request in _follow_txn(tx, actor, dossier, stamp(at), made_by):
        telling.tell_txn(tx, actor, request, restricted=restricted)
    telling.tell_dossier_txn(tx, actor, dossier, restricted=restricted, now=at)


# ---- requests: what each person is asked, which follows from the steps


def _follow_txn(tx: Tx, actor: Actor, dossier: Dossier, at: str, made_by: str) -> Iterator[SigningRequest]:
    """Close the requests of steps that wait no more, point the others to the version as it is, ask whose turn came."""
    asked_for = set()
    for asked in store.waiting_of_dossier(tx, dossier.id):
        step = acts.step_of(dossier, asked.step_id)
        if step.state == "waiting":
            asked_for.add(step.id)
            if asked.request.version_id != dossier.version_id:
                yield _pointed_txn(tx, actor, asked.request, dossier)
        else:
            yield _closed_txn(tx, asked.request, step, at, made_by)
    for step in acts.waiting(dossier):
        if step.person_id and step.id not in asked_for:
            yield _asked_txn(tx, actor, dossier, step, at)


def _pointed_txn(tx: Tx, actor: Actor, request: SigningRequest, dossier: Dossier) -> SigningRequest:
    pointed = msgspec.structs.replace(
        request, version_id=dossier.version_id, sha256=dossier.sha256, pages=dossier.pages
    )  # fmt: skip
    documents.serve_exact_txn(tx, dossier.version_id, actor=actor)
    store.point_txn(tx, pointed)
    return pointed


def _closed_txn(tx: Tx, request: SigningRequest, step: Step, at: str, made_by: str) -> SigningRequest:
    version = step.version_id if step.id == made_by else None
    if step.state == "done":
        closed = msgspec.structs.replace(request, state="signed", decided_at=at, signed_version_id=version)
    elif step.state in {"returned", "rejected"}:
        closed = msgspec.structs.replace(request, state="returned", decided_at=at, remarks=step.remarks)
    else:
        closed = msgspec.structs.replace(request, state="withdrawn", decided_at=at)
    store.decide_txn(tx, closed)
    return closed


def _asked_txn(tx: Tx, actor: Actor, dossier: Dossier, step: Step, at: str) -> SigningRequest:
    request = SigningRequest(
        id=new_id(), meeting_id=dossier.meeting_id, meeting_title=dossier.meeting_title, paper_id=dossier.paper_id,
        paper_title=dossier.paper_title, version_id=dossier.version_id, sha256=dossier.sha256, pages=dossier.pages,
        official_id=step.person_id, official_name=step.person_name, requested_by=dossier.opened_by, requested_at=at,
        state="waiting", remarks="", signed_version_id=None, decided_at=None, act=step.act, dossier_id=dossier.id,
        capacity=step.capacity, acting_for=step.acting_for,
    )  # fmt: skip
    documents.serve_exact_txn(tx, request.version_id, actor=actor)
    store.insert_txn(tx, Asked(request, dossier.item_id, step.id))
    return request
