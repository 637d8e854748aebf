"""SQL of dossiers: the way of each paper, its steps, and whose streams carry it once it is signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Row,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from server.core.db import Hot, metadata
from server.signatures.wire import Dossier, Finding, Step

if TYPE_CHECKING:
    from server.core.db import Read, Tx

_TEXTS = (
    "meeting_id", "meeting_title", "item_id", "paper_title", "sha256", "body_id", "body_name", "paper_kind", "state",
    "approved_sha256", "symbol", "remarks", "opened_by", "opened_at",
)  # fmt: skip

# `findings` is JSON.
dossier = Table(
    "dossier",
    metadata,
    Column("id", Text, primary_key=True),
    Column("paper_id", Text, ForeignKey("paper.id"), nullable=False),
    Column("version_id", Text, ForeignKey("paper_version.id"), nullable=False),
    *(Column(name, Text, nullable=False) for name in _TEXTS),
    Column("pages", BigInteger, nullable=False),
    Column("number", BigInteger),
    Column("dated", Text),
    Column("closed_at", Text),
    Column("findings", Text, nullable=False),
    *(Index(f"ix_dossier_{name}", name) for name in ("meeting_id", "item_id", "paper_id", "version_id", "body_id")),
)

_STEP_TEXTS = ("act", "person_id", "person_name", "post", "capacity", "acting_for", "state", "remarks", "sha256")

dossier_step = Table(
    "dossier_step",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossier.id"), nullable=False),
    *(Column(name, Text, nullable=False) for name in _STEP_TEXTS),
    Column("rank", BigInteger, nullable=False),
    Column("done_at", Text),
    Column("version_id", Text, ForeignKey("paper_version.id")),
    *(Index(f"ix_dossier_step_{name}", name) for name in ("dossier_id", "person_id", "version_id")),
)

# Whose stream `u:` carries a dossier without a step of theirs: clerks, and who prepares a closed item. Written when it
# moves and when grants change, so that a stream says the same whatever the clock says.
dossier_clerk = Table(
    "dossier_clerk",
    metadata,
    Column("dossier_id", Text, ForeignKey("dossier.id"), primary_key=True),
    Column("person_id", Text, primary_key=True),
    Index("ix_dossier_clerk_person_id", "person_id"),
)


# ---- reading


def load(read: Read, dossier_id: str) -> Dossier | None:
    """A dossier with its steps."""
    return next(iter(_found(read, dossier.c.id == dossier_id)), None)


def lock_txn(tx: Tx, dossier_id: str) -> Dossier | None:
    """A dossier, held until the end of the transaction."""
    tx.first(select(dossier.c.id).where(dossier.c.id == dossier_id).with_for_update())
    return load(tx, dossier_id)


def open_of_paper(read: Read, paper_id: str) -> Dossier | None:
    """The dossier of a paper that has not ended; there is never more than one."""
    there = read.hot(_OPEN, {"paper": paper_id})  # asked for every paper that comes in, and there is hardly ever one
    return load(read, there[0][0]) if there else None


def issued_of_paper(read: Read, paper_id: str) -> Dossier | None:
    """The dossier by which a paper was issued."""
    issued = dossier.c.state.in_(("issued", "delivered"))
    return next(iter(_found(read, and_(dossier.c.paper_id == paper_id, issued))), None)


def of_paper(read: Read, paper_id: str) -> list[Dossier]:
    """All dossiers of a paper, in id order."""
    return _found(read, dossier.c.paper_id == paper_id)


def of_meeting(read: Read, meeting_id: str) -> list[Dossier]:
    """All dossiers of papers of a meeting, in id order."""
    return _found(read, dossier.c.meeting_id == meeting_id)


def of_item(read: Read, item_id: str) -> list[Dossier]:
    """All dossiers of papers of an item, in id order."""
    return _found(read, dossier.c.item_id == item_id)


def of_person(read: Read, person_id: str) -> list[Dossier]:
    """What stream ``u:`` of a person carries: where they have a step, and where they look on; in id order."""
    steps = select(dossier_step.c.dossier_id).where(dossier_step.c.person_id == person_id)
    clerks = select(dossier_clerk.c.dossier_id).where(dossier_clerk.c.person_id == person_id)
    return _found(read, or_(dossier.c.id.in_(steps), dossier.c.id.in_(clerks)))


def is_at(read: Read, person_id: str, version_id: str) -> bool:
    """Whether a person has done a step of a dossier on this version, or of one that stands at it now."""
    mine = and_(dossier_step.c.person_id == person_id, dossier_step.c.state == "done")
    here = or_(dossier_step.c.version_id == version_id, dossier.c.version_id == version_id)
    both = dossier_step.join(dossier, dossier.c.id == dossier_step.c.dossier_id)
    return read.first(select(dossier_step.c.id).select_from(both).where(mine, here).limit(1)) is not None


def onlookers_of(read: Read, dossier_id: str) -> set[str]:
    """Whose own streams carry a dossier that they have no step in."""
    rows = read.rows(select(dossier_clerk.c.person_id).where(dossier_clerk.c.dossier_id == dossier_id))
    return {row.person_id for row in rows}


def to_look_on(read: Read, person_id: str) -> list[Dossier]:
    """The dossiers that go on after the signature, and those that a person looks on, in id order."""
    seen = select(dossier_clerk.c.dossier_id).where(dossier_clerk.c.person_id == person_id)
    signed = and_(dossier.c.closed_at.is_(None), dossier.c.state.in_(("signed", "numbered", "sealed")))
    return _found(read, or_(dossier.c.id.in_(seen), signed))


# ---- writing


def insert_txn(tx: Tx, new: Dossier) -> None:
    """Store a new dossier."""
    tx.execute(insert(dossier).values(id=new.id, paper_id=new.paper_id, **_values(new)))
    for step in new.steps:
        tx.execute(insert(dossier_step).values(dossier_id=new.id, **msgspec.structs.asdict(step)))


def save_txn(tx: Tx, changed: Dossier) -> None:
    """Store what an act has made of a dossier."""
    tx.execute(update(dossier).where(dossier.c.id == changed.id).values(**_values(changed)))
    for step in changed.steps:
        tx.execute(update(dossier_step).where(dossier_step.c.id == step.id).values(**msgspec.structs.asdict(step)))


def add_onlooker_txn(tx: Tx, dossier_id: str, person_id: str) -> None:
    """A person's own stream carries a dossier from now on; who has it already keeps it."""
    remove_onlooker_txn(tx, dossier_id, person_id)
    tx.execute(insert(dossier_clerk).values(dossier_id=dossier_id, person_id=person_id))


def remove_onlooker_txn(tx: Tx, dossier_id: str, person_id: str) -> None:
    """A person's own stream carries a dossier no more."""
    mine = and_(dossier_clerk.c.dossier_id == dossier_id, dossier_clerk.c.person_id == person_id)
    tx.execute(delete(dossier_clerk).where(mine))


def _values(one: Dossier) -> dict[str, Any]:
    names = (*_TEXTS, "version_id", "pages", "number", "dated", "closed_at")
    return {name: getattr(one, name) for name in names} | {"findings": msgspec.json.encode(one.findings).decode()}


def _found(read: Read, condition: Any) -> list[Dossier]:  # noqa: ANN401 - a condition
    rows = read.rows(select(dossier).where(condition).order_by(dossier.c.id))
    steps: dict[str, list[Step]] = {row.id: [] for row in rows}
    of_these = select(dossier.c.id).where(condition)
    order = (dossier_step.c.rank, dossier_step.c.id)
    for row in read.rows(select(dossier_step).where(dossier_step.c.dossier_id.in_(of_these)).order_by(*order)):
        steps[row.dossier_id].append(_step(row))
    return [_dossier(row, steps[row.id]) for row in rows]


def _step(row: Row[Any]) -> Step:
    return Step(**{name: row._mapping[name] for name in Step.__struct_fields__})  # noqa: SLF001 - public there


def _dossier(row: Row[Any], steps: list[Step]) -> Dossier:
    names = [name for name in Dossier.__struct_fields__ if name not in {"steps", "findings"}]
    values = {name: row._mapping[name] for name in names}  # noqa: SLF001 - public there
    findings = msgspec.json.decode(row.findings, type=tuple[Finding, ...])
    return Dossier(**values, steps=tuple(steps), findings=findings)


_OPEN = Hot(select(dossier.c.id).where(dossier.c.paper_id == bindparam("paper"), dossier.c.closed_at.is_(None)))
