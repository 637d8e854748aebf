"""All SQL of signatures: enrolled keys, requests and what came of them."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Row,
    Table,
    Text,
    and_,
    insert,
    select,
    update,
)

from server.core.db import Read, Tx, metadata
from server.signatures.models import Key
from server.signatures.wire import SigningRequest

# A key that was replaced keeps its row, as a record of who could sign when. The private key is a file, never here.
signing_key = Table(
    "signing_key",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False),
    Column("certificate", LargeBinary, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    Column("file", Text, nullable=False),
    Column("image_sha256", Text),
    Column("enrolled_at", Text, nullable=False),
    Column("enrolled_by", Text, nullable=False),
    Column("ended_at", Text),
    Index("ix_signing_key_person_id", "person_id"),
)

# `signers` and `fields` (JSON): who has signed the signed version by this register, and all its signed fields.
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
    Column("signers", LargeBinary, nullable=False),
    Column("fields", LargeBinary, nullable=False),
    *(
        Index(f"ix_signing_request_{column}", column)
        for column in ("meeting_id", "item_id", "paper_id", "version_id", "signed_version_id", "official_id")
    ),
)


class Asked(Struct, frozen=True):
    """A request, and the item that its paper belongs to."""

    request: SigningRequest
    item_id: str


class Signed(Struct, frozen=True):
    """What the register says of a signed version: who has signed it (person ids), and its signed fields."""

    signers: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


# ---- keys


def key_of(read: Read, person_id: str) -> Key | None:
    """The key that a person signs with now."""
    row = read.first(select(signing_key).where(_current(person_id)))
    if row is None:
        return None
    return Key(
        id=row.id, person_id=row.person_id, certificate=bytes(row.certificate), file=row.file,
        chain=msgspec.msgpack.decode(row.chain, type=tuple[bytes, ...]), image_sha256=row.image_sha256,
        enrolled_at=row.enrolled_at, enrolled_by=row.enrolled_by,
    )  # fmt: skip


def replace_key_txn(tx: Tx, key: Key) -> None:
    """Enrol a key; the one before it ends."""
    tx.execute(update(signing_key).where(_current(key.person_id)).values(ended_at=key.enrolled_at))
    values = {**msgspec.structs.asdict(key), "chain": msgspec.msgpack.encode(key.chain), "ended_at": None}
    tx.execute(insert(signing_key).values(**values))


def images(read: Read) -> set[str]:
    """The pictures of handwritten signatures, of ended keys too: which one a paper bears must stay provable."""
    rows = read.rows(select(signing_key.c.image_sha256).where(signing_key.c.image_sha256.is_not(None)))
    return {row.image_sha256 for row in rows}


def _current(person_id: str) -> Any:  # noqa: ANN401 - a condition
    return and_(signing_key.c.person_id == person_id, signing_key.c.ended_at.is_(None))


# ---- requests


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
    """The request for a paper that waits; there is never more than one."""
    condition = and_(signing_request.c.paper_id == paper_id, signing_request.c.state == "waiting")
    return next(iter(_asked(read, condition)), None)


def is_official_of(read: Read, person_id: str, version_id: str) -> bool:
    """Whether a person is asked to sign this version, or has signed it, or has made it by signing."""
    mine = and_(signing_request.c.official_id == person_id, signing_request.c.state.in_(("waiting", "signed")))
    return any(
        read.first(select(signing_request.c.id).where(mine, column == version_id).limit(1)) is not None
        for column in (signing_request.c.version_id, signing_request.c.signed_version_id)
    )


def signed(read: Read, version_id: str) -> Signed | None:
    """What the register says of a version that was made by signing; None of any other."""
    columns = (signing_request.c.signers, signing_request.c.fields)
    row = read.first(select(*columns).where(signing_request.c.signed_version_id == version_id))
    if row is None:
        return None
    names = tuple[str, ...]
    return Signed(msgspec.json.decode(row.signers, type=names), msgspec.json.decode(row.fields, type=names))


def insert_txn(tx: Tx, asked: Asked) -> None:
    """Store a new request."""
    values = msgspec.structs.asdict(asked.request)
    tx.execute(insert(signing_request).values(**values, item_id=asked.item_id, signers=b"[]", fields=b"[]"))


def decide_txn(tx: Tx, request: SigningRequest, signed: Signed | None = None) -> None:
    """Store what became of a request; with what the register says of the signed version, where it was signed."""
    values: dict[str, Any] = {
        "state": request.state, "remarks": request.remarks, "decided_at": request.decided_at,
        "signed_version_id": request.signed_version_id,
    }  # fmt: skip
    if signed is not None:
        values |= {"signers": msgspec.json.encode(signed.signers), "fields": msgspec.json.encode(signed.fields)}
    tx.execute(update(signing_request).where(signing_request.c.id == request.id).values(**values))


def _asked(read: Read, condition: Any) -> list[Asked]:  # noqa: ANN401 - a condition
    rows = read.rows(select(signing_request).where(condition).order_by(signing_request.c.id))
    return [_row(row) for row in rows]


def _row(row: Row[Any]) -> Asked:
    names = SigningRequest.__struct_fields__
    values = {name: value for name, value in row._mapping.items() if name in names}  # noqa: SLF001 - public there
    return Asked(SigningRequest(**values), row.item_id)
