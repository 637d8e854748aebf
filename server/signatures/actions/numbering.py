"""Numbering: reserve a number, put it on the paper, confirm; what was interrupted is completed with the same number.

The number is taken in a short transaction that holds the series; the work on the file is in no transaction; the
numbered file becomes the paper's next version together with the dossier's act. A number that was reserved belongs to
its dossier for ever, so asking again, or finding it after a crash, gives the same number and date.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from server.core import failpoints
from server.core.access import Actor, Grant, Role
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp
from server.documents import actions as documents
from server.invitations import rules as invitation_rules
from server.signatures.actions import dossiers, making, registry
from server.signatures.child.registry import fill_file, fillable
from server.signatures.models import Made
from server.signatures.rules import acts
from server.signatures.rules import numbering as rules
from server.signatures.rules.numbering import Series
from server.signatures.store import numbering as book
from server.signatures.store.numbering import Entry
from server.signatures.wire import Dossier, NumberTaken

if TYPE_CHECKING:
    from datetime import datetime

    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.documents.models import Rendition
    from server.signatures.wire import Act, PaperKind

RESERVED, FILLED, CONFIRMED = "numbering.reserved", "numbering.filled", "numbering.confirmed"
# Who took a number has so long to put it on the paper before the recovery does.
LEASE_SECONDS = 120
# What ended without its number on the paper: the line in the book is struck, and the number is never given again.
_ENDED = frozenset({"rejected", "replaced", "recalled"})
_log = structlog.get_logger(__name__)


async def number(core: Core, dossier_id: str, command: Act, *, actor: Actor) -> Dossier:
    """Give a signed paper its number and date; asked again, the answer is the same number.

    Raises ``signatures.number_no_fields`` before a number is taken, ``.other_bytes``, ``.not_your_turn``, and
    ``worker_busy`` after: then the recovery puts the reserved number on the paper.
    """
    dossier, entry = await core.db.read(lambda read: _look(read, actor, dossier_id))
    if entry is not None and entry.state == "used":
        return dossier
    registry.require_turn(dossier, "number", actor)
    registry.require_seen(dossier, command.sha256)
    async with making.folder(core) as folder, core.blobs.as_file(dossier.sha256) as source:
        found = await core.workers.run(
            fillable, str(source), f"{folder}/tried.pdf", timeout=making.SECONDS, memory_mib=making.MEMORY_MIB
        )  # fmt: skip
    rules.require_fields(found, dossier.paper_kind, seal=any(step.act == "seal" for step in dossier.steps))
    entry = await core.db.write(lambda tx: _reserve_txn(tx, dossier_id, actor, core.clock.now()))
    failpoints.hit(RESERVED)
    if entry.state == "used":
        return (await core.db.read(lambda read: _look(read, actor, dossier_id)))[0]
    return await complete(core, entry, actor=actor)


async def complete(core: Core, entry: Entry, *, actor: Actor) -> Dossier:
    """Put a reserved number on its paper. Raises ``signatures.number_moved``, ``.not_your_turn``, ``signing.…``."""
    rendition = await _filled(core, entry)
    failpoints.hit(FILLED)
    numbered = await core.perform(
        lambda tx: _confirm_txn(core, tx, actor, entry.id, rendition), actor=actor, returns=Dossier
    )
    failpoints.hit(CONFIRMED)
    return numbered


async def recover(core: Core) -> int:
    """Complete every number that was reserved and not confirmed in time; returns how many were looked at."""
    looked = 0
    while (entry := await core.db.write(lambda tx: _take_txn(core, tx))) is not None:
        looked += 1
        clerk = Actor(person_id=entry.reserved_by, device_id="", grants=(Grant(Role.CLERK, entry.body_id),))
        try:
            await complete(core, entry, actor=clerk)
        except DomainError as error:
            _log.info("a reserved number is not on its paper yet", code=error.code, entry=entry.id)
            await core.db.write(lambda tx, entry=entry: _strike_txn(tx, entry))  # type: ignore[misc]
    return looked


def _look(read: Read, actor: Actor, dossier_id: str) -> tuple[Dossier, Entry | None]:
    return dossiers.find(read, actor, "signatures.number", dossier_id), book.entry_of(read, dossier_id)


# ---- reserve


def _reserve_txn(tx: Tx, dossier_id: str, actor: Actor, now: datetime) -> Entry:
    dossier, _meeting, _item = dossiers.hold_txn(tx, actor, "signatures.number", dossier_id)
    entry = book.entry_of(tx, dossier_id)
    if entry is not None and entry.state == "used":  # the same was asked for at the same time
        return entry
    registry.require_turn(dossier, "number", actor)
    until = stamp(now + timedelta(seconds=LEASE_SECONDS))
    if entry is not None:
        if entry.state == "struck":
            raise DomainError("signatures.number_struck", symbol=entry.symbol)
        # Given back after it was reserved, and signed anew: the number is still this dossier's.
        book.change_txn(tx, entry.id, base_sha256=dossier.sha256, due_at=until)
        return _present(book.entry_of(tx, dossier_id))
    paper = documents.load(tx, dossier.paper_id)
    letters = invitation_rules.symbol(dossier.body_name).partition("-")[2]
    notation = rules.notation(paper.symbol if paper else "", dossier.paper_kind, letters)
    return take_txn(
        tx, dossier.body_id, dossier.paper_kind, notation, actor, now, title=dossier.paper_title,
        signer=registry.signers(dossier), dossier=dossier, due_at=until,
    )  # fmt: skip


def take_txn(
    tx: Tx,
    body_id: str,
    paper_kind: PaperKind,
    notation: str,
    actor: Actor,
    now: datetime,
    *,
    title: str,
    signer: str,
    recipients: str = "",
    dossier: Dossier | None = None,
    due_at: str = "",
) -> Entry:
    """The next number of a series, with its line in the book; for a document on paper where there is no dossier."""
    today = rules.day_of(now)
    code = rules.code_of(notation, [each.code for each in book.codes(tx, body_id)])
    series = Series(body_id=body_id, year=today.year, paper_kind=paper_kind, code=code)
    taken, last = book.next_txn(tx, series)
    dated = rules.dated(today, last).isoformat()
    book.date_txn(tx, series, dated)
    entry = Entry(
        id=new_id(), body_id=body_id, year=series.year, paper_kind=paper_kind, code=code, number=taken,
        symbol=rules.symbol(taken, notation), dated=dated, title=title, signer=signer, recipients=recipients,
        source="dossier" if dossier else "paper", state="reserved" if dossier else "used",
        dossier_id=dossier.id if dossier else None, base_sha256=dossier.sha256 if dossier else "", version_id=None,
        reserved_by=actor.person_id, reserved_at=stamp(now), due_at=due_at, confirmed_at=None, reason="",
    )  # fmt: skip
    book.insert_txn(tx, entry)
    registry.record_txn(tx, _taken(entry), actor)
    return entry


def _taken(entry: Entry) -> NumberTaken:
    return NumberTaken(
        body_id=entry.body_id, paper_kind=entry.paper_kind, year=entry.year, symbol=entry.symbol,
        dossier_id=entry.dossier_id,
    )  # fmt: skip


# ---- fill


async def _filled(core: Core, entry: Entry) -> Rendition:
    """The numbered file, through the gate and durable."""
    async with making.folder(core) as folder, core.blobs.as_file(entry.base_sha256) as source:
        target = f"{folder}/numbered.pdf"
        filled = await core.workers.run(
            fill_file, str(source), target, entry.number, entry.dated,
            timeout=making.SECONDS, memory_mib=making.MEMORY_MIB,
        )  # fmt: skip
        if filled.base_sha256 != entry.base_sha256:
            raise DomainError("blobs.corrupt", sha256=entry.base_sha256)
        return await making.admit(core, target)


# ---- confirm


def _confirm_txn(core: Core, tx: Tx, actor: Actor, entry_id: str, rendition: Rendition) -> Dossier:
    entry = _present(book.entry(tx, entry_id))
    assert entry.dossier_id is not None  # a document on paper is never filled
    dossier, _meeting, _item = dossiers.hold_txn(tx, actor, "signatures.number", entry.dossier_id)
    entry = _present(book.entry(tx, entry_id))  # as it is now that the dossier is held
    if entry.state == "used":
        return dossier
    step = registry.require_turn(dossier, "number", actor)
    if dossier.sha256 != entry.base_sha256:
        raise DomainError("signatures.number_moved")
    given = acts.Number(number=entry.number, symbol=entry.symbol, dated=entry.dated)
    made = Made(rendition=rendition, base_sha256=entry.base_sha256)
    numbered = dossiers.advance_txn(core, tx, actor, dossier, step.id, made=made, number=given)
    at = stamp(core.clock.now())
    book.change_txn(tx, entry.id, state="used", version_id=numbered.version_id, confirmed_at=at)
    return numbered


# ---- recover


def _take_txn(core: Core, tx: Tx) -> Entry | None:
    now = core.clock.now()
    return book.take_due_txn(tx, stamp(now), stamp(now + timedelta(seconds=LEASE_SECONDS)))


def _strike_txn(tx: Tx, entry: Entry) -> None:
    """A reserved number whose dossier has ended is struck: it stays in the book, and on no paper."""
    dossier = dossiers.load(tx, entry.dossier_id or "")
    if dossier is not None and dossier.state in _ENDED:
        book.change_txn(tx, entry.id, state="struck", reason=dossier.state)


def _present(entry: Entry | None) -> Entry:
    if entry is None:
        raise DomainError("not_found")
    return entry
