"""SQL of tablets' keys: who asked for one, what is being signed on a tablet, lists of revoked certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from sqlalchemy import BigInteger, Column, Index, LargeBinary, Row, Table, Text, delete, insert, select, update

from server.core.db import metadata
from server.signatures.store.keys import key_row, signing_key
from server.signatures.wire import TabletKey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.core.db import Read, Tx
    from server.signatures.models import Key

# `id` is also the id of the key in `signing_key`, once it is approved. `request`: PKCS#10, DER.
tablet_key = Table(
    "tablet_key",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("person_name", Text, nullable=False),
    Column("device_id", Text, nullable=False),
    Column("device_name", Text, nullable=False),
    Column("body_id", Text, nullable=False),
    Column("body_name", Text, nullable=False),
    Column("request", LargeBinary, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("decided_at", Text),
    Column("remarks", Text, nullable=False),
    Column("valid_from", Text),
    Column("valid_until", Text),
    Index("ix_tablet_key_person_id", "person_id"),
    Index("ix_tablet_key_body_id", "body_id"),
)

# A signature between its two halves. `prepared_sha256` is the blob that the second half needs; with `answer` (JSON)
# it is finished, and finishing again gives the same.
tablet_signing = Table(
    "tablet_signing",
    metadata,
    Column("id", Text, primary_key=True),
    Column("request_id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("prepared_sha256", Text, nullable=False),
    Column("to_sign", LargeBinary, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("signature_sha256", Text),
    Column("answer", LargeBinary),
    Column("nonce", LargeBinary),
    Index("ix_tablet_signing_request_id", "request_id"),
    Index("ix_tablet_signing_expires_at", "expires_at"),
)

# The newest list of each body's authority, PEM.
revocation_list = Table(
    "revocation_list",
    metadata,
    Column("body_id", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("pem", LargeBinary, nullable=False),
    Column("made_at", Text, nullable=False),
)


class Session(Struct, frozen=True, kw_only=True):
    """A signature between its two halves. With a ``nonce`` a passkey is asked for before the second."""

    id: str
    request_id: str
    person_id: str
    key_id: str
    sha256: str
    prepared_sha256: str
    to_sign: bytes
    expires_at: str
    signature_sha256: str | None = None
    answer: bytes | None = None
    nonce: bytes | None = None


class RevocationList(Struct, frozen=True, kw_only=True):
    """A body's newest list of revoked certificates."""

    body_id: str
    number: int
    pem: bytes
    made_at: str


# ---- keys


def load_tablet(read: Read, key_id: str) -> TabletKey | None:
    """A tablet's key, asked for or given."""
    return next(iter(_tablets(read, tablet_key.c.id == key_id)), None)


def lock_tablet_txn(tx: Tx, key_id: str) -> TabletKey | None:
    """The same, held until the end of the transaction."""
    tx.first(select(tablet_key.c.id).where(tablet_key.c.id == key_id).with_for_update())
    return load_tablet(tx, key_id)


def tablets_of(read: Read, person_id: str) -> list[TabletKey]:
    """All that a person's tablets asked for, in id order."""
    return _tablets(read, tablet_key.c.person_id == person_id)


def tablets_of_bodies(read: Read, body_ids: Iterable[str]) -> list[TabletKey]:
    """All that tablets asked of these bodies, in id order."""
    return _tablets(read, tablet_key.c.body_id.in_(list(body_ids)))


def request_of(read: Read, key_id: str) -> bytes:
    """The certificate request, DER."""
    row = read.first(select(tablet_key.c.request).where(tablet_key.c.id == key_id))
    assert row is not None, key_id
    return bytes(row.request)


def insert_tablet_txn(tx: Tx, key: TabletKey, request: bytes) -> None:
    """Store what a tablet asks for."""
    tx.execute(insert(tablet_key).values(**msgspec.structs.asdict(key), request=request))


def update_tablet_txn(tx: Tx, key: TabletKey) -> None:
    """Store what became of it."""
    tx.execute(update(tablet_key).where(tablet_key.c.id == key.id).values(**msgspec.structs.asdict(key)))


def has_fingerprint(read: Read, fingerprint: str) -> bool:
    """Whether this public key was ever brought."""
    return read.first(select(tablet_key.c.id).where(tablet_key.c.fingerprint == fingerprint)) is not None


def revoked_of_bodies(read: Read) -> list[tuple[Key, str]]:
    """The keys that were certified and revoked, each with the body that certified it."""
    query = select(signing_key, tablet_key.c.body_id).join(tablet_key, tablet_key.c.id == signing_key.c.id)
    rows = read.rows(query.where(signing_key.c.revoked_at.is_not(None)).order_by(signing_key.c.id))
    return [(key_row(row, leave={"body_id"}), row.body_id) for row in rows]


def _tablets(read: Read, condition: Any) -> list[TabletKey]:  # noqa: ANN401 - a condition
    names = TabletKey.__struct_fields__
    rows = read.rows(select(*(tablet_key.c[name] for name in names)).where(condition).order_by(tablet_key.c.id))
    return [TabletKey(**row._mapping) for row in rows]  # noqa: SLF001 - public there


# ---- signatures between their halves


def load_session(read: Read, session_id: str) -> Session | None:
    """One of them."""
    row = read.first(select(tablet_signing).where(tablet_signing.c.id == session_id))
    return None if row is None else _session(row)


def lock_session_txn(tx: Tx, session_id: str) -> Session | None:
    """The same, held until the end of the transaction."""
    row = tx.first(select(tablet_signing).where(tablet_signing.c.id == session_id).with_for_update())
    return None if row is None else _session(row)


def replace_session_txn(tx: Tx, session: Session, *, forget_before: str) -> None:
    """Store one; those begun before for the same request, and whatever expired long ago, are gone."""
    begun = (tablet_signing.c.request_id == session.request_id) & tablet_signing.c.answer.is_(None)
    tx.execute(delete(tablet_signing).where(begun | (tablet_signing.c.expires_at < forget_before)))
    tx.execute(insert(tablet_signing).values(**msgspec.structs.asdict(session)))


def finish_session_txn(tx: Tx, session_id: str, *, signature_sha256: str, answer: bytes) -> None:
    """Keep what came of it."""
    values = {"signature_sha256": signature_sha256, "answer": answer}
    tx.execute(update(tablet_signing).where(tablet_signing.c.id == session_id).values(**values))


def prepared(read: Read) -> set[str]:
    """The blobs that signatures under way need."""
    rows = read.rows(select(tablet_signing.c.prepared_sha256).where(tablet_signing.c.answer.is_(None)))
    return {row.prepared_sha256 for row in rows}


def _session(row: Row[Any]) -> Session:
    values = dict(row._mapping)  # noqa: SLF001 - public there
    values["to_sign"] = bytes(values["to_sign"])
    for name in ("answer", "nonce"):
        values[name] = None if values[name] is None else bytes(values[name])
    return Session(**values)


# ---- authorities


def authorities(read: Read) -> list[str]:
    """The bodies that certify tablets, by id."""
    current = (signing_key.c.holder.like("ca:%")) & signing_key.c.ended_at.is_(None)
    rows = read.rows(select(signing_key.c.holder).where(current).order_by(signing_key.c.holder))
    return [row.holder.partition(":")[2] for row in rows]


def revocation_lists(read: Read) -> list[RevocationList]:
    """The newest list of every body."""
    rows = read.rows(select(revocation_list).order_by(revocation_list.c.body_id))
    return [RevocationList(body_id=r.body_id, number=r.number, pem=bytes(r.pem), made_at=r.made_at) for r in rows]


def put_list_txn(tx: Tx, made: RevocationList) -> None:
    """Store a list in the place of the one before; a newer one that is there already stays."""
    row = tx.first(
        select(revocation_list.c.number).where(revocation_list.c.body_id == made.body_id).with_for_update()
    )  # fmt: skip
    values = msgspec.structs.asdict(made)
    if row is None:
        tx.execute(insert(revocation_list).values(**values))
    elif row.number < made.number:
        tx.execute(update(revocation_list).where(revocation_list.c.body_id == made.body_id).values(**values))
