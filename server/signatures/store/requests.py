"""SQL of requests: who was asked to sign which version, and what came of it."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Row,
    Table,
    Text,
    and_,
    insert,
    select,
    update,
)

from server.core.db import Read, Tx, metadata
from server.signatures.wire import SigningRequest

signing_request = Table(
    "signing_request",
    metadata,
    Column("id", Text, primary_key=True),
    Column("meeting_id", Text, nullable=False),
    Column("meeting_title", Text, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("paper_id", Text, ForeignKey("paper.id"), nullable=False),
    Column("paper_title", Text, nullable=False),
    Column("version_id", Text, ForeignKey("paper_version.id"), nullable=False),
    Column("sha256", Text, nullable=False),
    Column("pages", BigInteger, nullable=False),
    Column("official_id", Text, nullable=False),
    Column("official_name", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("requested_at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("remarks", Text, nullable=False),
    Column("signed_version_id", Text, ForeignKey("paper_version.id")),
    Column("decided_at", Text),
    Column("act", Text, nullable=False),
    Column("dossier_id", Text, nullable=False),
    Column("step_id", Text, nullable=False),
    Column("capacity", Text, nullable=False),
    Column("acting_for", Text, nullable=False),
    *(
        Index(f"ix_signing_request_{column}", column)
        for column in (
            "meeting_id",
            "item_id",
            "paper_id",
            "version_id",
            "signed_version_id",
            "official_id",
            "dossier_id",
        )
    ),
)


class Asked(Struct, frozen=True):
    """A request, the item that its paper belongs to, and the step of a dossier that it is for."""

    request: SigningRequest
    item_id: str
    step_id: str = ""


def load(read: Read, request_id: str) -> Asked | None:
    """A request."""
    return next(iter(_asked(read, signing_request.c.id == request_id)), None)


def lock_txn(tx: Tx, request_id: str) -> Asked | None:
    """A request, held until the end of the transaction."""
    tx.first(select(signing_request.c.id).where(signing_request.c.id == request_id).with_for_update())
    return load(tx, request_id)


def of_official(read: Read, person_id: str) -> list[SigningRequest]:
    """All that a person was asked to sign, in id order."""
    return [each.request for each in _asked(read, signing_request.c.official_id == person_id)]


def of_meeting(read: Read, meeting_id: str) -> list[Asked]:
    """All requests for papers of a meeting, in id order."""
    return _asked(read, signing_request.c.meeting_id == meeting_id)


def of_item(read: Read, item_id: str) -> list[SigningRequest]:
    """All requests for papers of an item, in id order."""
    return [each.request for each in _asked(read, signing_request.c.item_id == item_id)]


def waiting_of_meeting(read: Read, meeting_id: str) -> list[Asked]:
    """The requests of a meeting that wait, in id order."""
    return _asked(read, and_(signing_request.c.meeting_id == meeting_id, signing_request.c.state == "waiting"))


def waiting_of_official(read: Read, person_id: str) -> list[Asked]:
    """The requests that wait for a person, in id order."""
    return _asked(read, and_(signing_request.c.official_id == person_id, signing_request.c.state == "waiting"))


def waiting_of_paper(read: Read, paper_id: str) -> Asked | None:
    """The first request for a paper that waits."""
    condition = and_(signing_request.c.paper_id == paper_id, signing_request.c.state == "waiting")
    return next(iter(_asked(read, condition)), None)


def waiting_of_dossier(read: Read, dossier_id: str) -> list[Asked]:
    """The requests of a dossier that wait, in id order."""
    return _asked(read, and_(signing_request.c.dossier_id == dossier_id, signing_request.c.state == "waiting"))


def is_official_of(read: Read, person_id: str, version_id: str) -> bool:
    """Whether a person is asked to sign this version, or has signed it, or has made it by signing."""
    mine = and_(signing_request.c.official_id == person_id, signing_request.c.state.in_(("waiting", "signed")))
    return any(
        read.first(select(signing_request.c.id).where(mine, column == version_id).limit(1)) is not None
        for column in (signing_request.c.version_id, signing_request.c.signed_version_id)
    )


def insert_txn(tx: Tx, asked: Asked) -> None:
    """Store a new request."""
    values = msgspec.structs.asdict(asked.request)
    tx.execute(insert(signing_request).values(**values, item_id=asked.item_id, step_id=asked.step_id))


def decide_txn(tx: Tx, request: SigningRequest) -> None:
    """Store what became of a request."""
    values = {
        "state": request.state, "remarks": request.remarks, "decided_at": request.decided_at,
        "signed_version_id": request.signed_version_id,
    }  # fmt: skip
    tx.execute(update(signing_request).where(signing_request.c.id == request.id).values(**values))


def point_txn(tx: Tx, request: SigningRequest) -> None:
    """A request that waits is for another version now: somebody who acts in parallel has appended to the file."""
    values = {"version_id": request.version_id, "sha256": request.sha256, "pages": request.pages}
    tx.execute(update(signing_request).where(signing_request.c.id == request.id).values(**values))


def _asked(read: Read, condition: Any) -> list[Asked]:  # noqa: ANN401 - a condition
    rows = read.rows(select(signing_request).where(condition).order_by(signing_request.c.id))
    return [_row(row) for row in rows]


def _row(row: Row[Any]) -> Asked:
    names = SigningRequest.__struct_fields__
    values = {name: value for name, value in row._mapping.items() if name in names}  # noqa: SLF001 - public there
    return Asked(SigningRequest(**values), row.item_id, row.step_id)
