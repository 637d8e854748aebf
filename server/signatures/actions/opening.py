"""Opening a dossier on a paper, and sending it on its way once its format is as it must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.accounts import actions as accounts
from server.core import access
from server.core.access import Role
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp
from server.directory import actions as directory
from server.documents import rules as document_rules
from server.signatures import rules, store
from server.signatures.actions import dossiers, making
from server.signatures.child.checking import check_format
from server.signatures.rules import acts, delegating
from server.signatures.rules.format import findings_of, wanted_fields
from server.signatures.store import Signed
from server.signatures.wire import Dossier, Step

if TYPE_CHECKING:
    from datetime import datetime

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.directory.wire import PersonView
    from server.documents.wire import Paper
    from server.meetings.actions import AgendaItem
    from server.meetings.wire import Meeting
    from server.signatures.wire import DossierOpen, PaperKind, StepAsk


async def open_dossier(core: Core, paper_id: str, command: DossierOpen, *, actor: Actor) -> Dossier:
    """Open a dossier on the current version of a paper: a draft, until it is submitted.

    A dossier that is a draft, or was returned, makes way; one under way does not.
    Raises ``signatures.steps_…``, ``.not_official``, ``.delegation_none``, ``.waiting``, ``.already_signed``,
    ``.recalled``, ``.clerk_by_name``.
    """

    def txn(tx: Tx) -> Dossier:
        access.require("signatures.open", access.relations(tx, actor, "paper", paper_id))
        dossier, item = open_txn(core, tx, actor, paper_id, command)
        dossiers.settle_txn(tx, actor, dossier, restricted=item.restricted, now=core.clock.now())
        return dossier

    return await core.perform(txn, actor=actor, returns=Dossier)


def open_txn(
    core: Core, tx: Tx, actor: Actor, paper_id: str, command: DossierOpen
) -> tuple[Dossier, AgendaItem]:  # fmt: skip
    """Store a draft that nobody is told of yet; the caller has asked for permission, and settles it."""
    meeting, item, paper = dossiers.hold_paper_txn(tx, paper_id)
    document_rules.require_open(meeting.state, signed=True)
    now = core.clock.now()
    people = directory.people(tx, {step.person_id for step in command.steps if step.person_id})
    steps = tuple(_step(each, people, meeting.body_id) for each in command.steps)
    acts.require_steps(steps)
    if item.restricted:
        acts.require_named(steps)
    _require_signers(tx, steps, meeting, paper, command.paper_kind, now)
    _make_way_txn(tx, actor, paper_id, restricted=item.restricted, now=now)
    dossier = _dossier(tx, meeting, paper, command, steps, (actor.person_id, stamp(now)))
    store.dossiers.insert_txn(tx, dossier)
    return dossier, item


def _step(asked: StepAsk, people: dict[str, PersonView], body_id: str) -> Step:
    person = people.get(asked.person_id)
    if asked.person_id and person is None:
        raise DomainError("not_found")
    posts = [] if person is None else sorted(person.postings, key=lambda each: each.body_id != body_id)
    return Step(
        id=new_id(), act=asked.act, rank=asked.rank, person_id=asked.person_id, capacity=asked.capacity,
        person_name=person.full_name if person else "", acting_for=rules.line(asked.acting_for),
        post=rules.line(asked.post) or (posts[0].title if posts else ""),
    )  # fmt: skip


def _require_signers(
    tx: Tx, steps: tuple[Step, ...], meeting: Meeting, paper: Paper, kind: PaperKind, now: datetime
) -> None:
    """Who is to sign may do so, on the day or some day; nobody signs the same version twice."""
    known = store.signed(tx, paper.version.id) if paper.version else None
    for step in steps:
        if step.act != "sign":
            continue
        rules.require_open_to(known.signers if known else (), (step.person_id, step.person_name))
        given = store.delegations.delegations_to(tx, step.person_id, meeting.body_id)
        official = signs_for(tx, step.person_id, meeting, now=now)
        official = official or dossiers.takes_part(tx, step.person_id, meeting, kind)
        delegating.require_hope(step, given, official=official)


def signs_for(read: Read, person_id: str, meeting: Meeting, *, now: datetime) -> bool:
    """Whether a person is now one who signs papers of a meeting: its chair, or an official of its body."""
    if rules.is_chair(person_id, meeting):
        return True
    return person_id in accounts.holders(read, [Role.OFFICIAL], meeting.body_id, now=now)


def _make_way_txn(tx: Tx, actor: Actor, paper_id: str, *, restricted: bool, now: datetime) -> None:
    before = store.dossiers.open_of_paper(tx, paper_id)
    if before is None:
        return
    if acts.under_way(before):
        raise DomainError("signatures.waiting", name=acts.awaited(before))
    after = acts.replaced(before, stamp(now))
    dossiers.settle_txn(tx, actor, after, restricted=restricted, now=now)


def _dossier(
    read: Read, meeting: Meeting, paper: Paper, command: DossierOpen, steps: tuple[Step, ...], opened: tuple[str, str]
) -> Dossier:
    content = dossiers.content_of(paper)
    if content is None:
        raise DomainError("signatures.recalled")
    return Dossier(
        id=new_id(), meeting_id=meeting.id, meeting_title=meeting.title, item_id=paper.item_id, paper_id=paper.id,
        paper_title=paper.title, version_id=content.version_id, sha256=content.sha256, pages=content.pages,
        body_id=meeting.body_id, body_name=directory.body_names(read, [meeting.body_id]).get(meeting.body_id, ""),
        paper_kind=command.paper_kind, state="draft", steps=steps, opened_by=opened[0], opened_at=opened[1],
    )  # fmt: skip


# ---- setting out


async def submit(core: Core, dossier_id: str, *, actor: Actor) -> Dossier:
    """Check the format of a draft and send it on its way; what is found keeps it a draft, and stands in it.

    Raises ``signatures.not_in_state``, and ``signatures.other_bytes`` where a version came in between.
    """

    def read(read: Read) -> tuple[Dossier, Signed]:
        dossier = dossiers.find(read, actor, "signatures.steer", dossier_id)
        acts.require_draft(dossier)
        return dossier, store.signed(read, dossier.version_id) or Signed()

    done = await core.answered(actor, Dossier)
    if done is not None:
        return done
    dossier, known = await core.db.read(read)
    async with core.blobs.as_file(dossier.sha256) as source:
        found = await core.workers.run(
            check_format, str(source), wanted_fields(dossier), known.fields,
            timeout=making.SECONDS, memory_mib=making.MEMORY_MIB,
        )  # fmt: skip
    findings = findings_of(found)

    def txn(tx: Tx) -> Dossier:
        held, meeting, item = dossiers.hold_txn(tx, actor, "signatures.steer", dossier_id)
        document_rules.require_open(meeting.state, signed=True)
        if held.sha256 != dossier.sha256:
            raise DomainError("signatures.other_bytes")
        now = core.clock.now()
        after = acts.submitted(held, stamp(now), findings)
        dossiers.settle_txn(tx, actor, after, restricted=item.restricted, now=now)
        return after

    return await core.perform(txn, actor=actor, returns=Dossier)


async def withdraw(core: Core, dossier_id: str, *, actor: Actor) -> Dossier:
    """The desk takes a dossier back before anybody signed: a draft again. Raises ``signatures.no_way_back``."""

    def txn(tx: Tx) -> Dossier:
        held, _meeting, item = dossiers.hold_txn(tx, actor, "signatures.steer", dossier_id)
        after = acts.withdrawn(held)
        dossiers.settle_txn(tx, actor, after, restricted=item.restricted, now=core.clock.now())
        return after

    return await core.perform(txn, actor=actor, returns=Dossier)


async def replace(core: Core, dossier_id: str, *, actor: Actor) -> Dossier:
    """The desk ends a dossier that will not be issued; a number that it has stays used."""

    def txn(tx: Tx) -> Dossier:
        held, _meeting, item = dossiers.hold_txn(tx, actor, "signatures.steer", dossier_id)
        now = core.clock.now()
        after = acts.replaced(held, stamp(now))
        dossiers.settle_txn(tx, actor, after, restricted=item.restricted, now=now)
        return after

    return await core.perform(txn, actor=actor, returns=Dossier)
