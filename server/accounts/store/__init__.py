"""All SQL of accounts. Moments are ISO texts in UTC; secrets are stored hashed and never come back out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Row,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    update,
)

from server.accounts.models import Account, DatedGrant, Session
from server.core.access import Grant, Role
from server.core.db import Read, Tx, metadata

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

account = Table(
    "account",
    metadata,
    Column("person_id", Text, ForeignKey("person.id"), primary_key=True),
    Column("user_name", Text, nullable=False, unique=True),
    Column("password_hash", Text),
    Column("active", Boolean, nullable=False),
    Column("lang", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)
account_grant = Table(
    "account_grant",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("account.person_id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("body_id", Text, ForeignKey("body.id")),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text),
    Index("ix_account_grant_person_id", "person_id"),
    Index("ix_account_grant_role", "role", "body_id"),
)
device = Table(
    "device",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("account.person_id"), nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("idle_seconds", Integer, nullable=False),
    Column("ended_at", Text),
    Column("read_only", Boolean, nullable=False, server_default=false()),
    Index("ix_device_person_id", "person_id"),
)
# One code a person: a new one takes the place of the old, and a used one is gone.
sign_in_code = Table(
    "sign_in_code",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),
    Column("person_id", Text, ForeignKey("account.person_id"), nullable=False, unique=True),
    Column("expires_at", Text, nullable=False),
)
# A failed sign-in, counted for a name and for an address, each as a hash.
sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column("id", Text, primary_key=True),
    Column("key_hash", LargeBinary, nullable=False),
    Column("at", Text, nullable=False),
    Index("ix_sign_in_failure_key_hash", "key_hash", "at"),
    Index("ix_sign_in_failure_at", "at"),
)
# When something granted begins or ends by its date, and who is to follow then.
account_grant_due = Table(
    "account_grant_due",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("body_id", Text),
    Index("ix_account_grant_due_at", "at"),
)
demo_role = Table(
    "demo_role",
    metadata,
    Column("role", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("account.person_id"), nullable=False),
    Column("rank", Integer, nullable=False),
)


# ---- accounts


def _account(row: Row[Any] | None) -> Account | None:
    if row is None:
        return None
    return Account(
        person_id=row.person_id,
        user=row.user_name,
        password_hash=row.password_hash,
        active=row.active,
        lang=row.lang,
    )


def account_of(read: Read, person_id: str) -> Account | None:
    """The account of a person."""
    return _account(read.first(select(account).where(account.c.person_id == person_id)))


def account_of_user(read: Read, user: str) -> Account | None:
    """The account under a user name."""
    return _account(read.first(select(account).where(account.c.user_name == user)))


def accounts(read: Read) -> list[Account]:
    """All accounts, by user name."""
    rows = read.rows(select(account).order_by(account.c.user_name))
    return [found for row in rows if (found := _account(row)) is not None]


def insert_account_txn(tx: Tx, new: Account, at: str) -> None:
    """A new account."""
    values = {
        "person_id": new.person_id, "user_name": new.user, "password_hash": new.password_hash,
        "active": new.active, "lang": new.lang, "created_at": at,
    }  # fmt: skip
    tx.execute(insert(account), [values])


def update_account_txn(tx: Tx, person_id: str, **values: Any) -> None:  # noqa: ANN401 - columns of account
    """Change columns of an account."""
    tx.execute(update(account).where(account.c.person_id == person_id).values(**values))


# ---- grants


def _holds(at: str) -> ColumnElement[bool]:
    return and_(
        account_grant.c.valid_from <= at, or_(account_grant.c.valid_to.is_(None), account_grant.c.valid_to > at)
    )


def _not_over(at: str) -> ColumnElement[bool]:
    return or_(account_grant.c.valid_to.is_(None), account_grant.c.valid_to > at)


def grants_of(read: Read, at: str, person_id: str | None = None) -> dict[str, tuple[DatedGrant, ...]]:
    """Grants by person that hold at a moment or will later, oldest first; of one person or of all."""
    query = select(account_grant).where(_not_over(at)).order_by(account_grant.c.id)
    if person_id is not None:
        query = query.where(account_grant.c.person_id == person_id)
    found: dict[str, tuple[DatedGrant, ...]] = {}
    for row in read.rows(query):
        dated = DatedGrant(
            id=row.id, grant=Grant(Role(row.role), row.body_id), valid_from=row.valid_from, valid_to=row.valid_to
        )
        found[row.person_id] = (*found.get(row.person_id, ()), dated)
    return found


def granted_in_bodies(read: Read, at: str, persons: Sequence[str]) -> dict[str, tuple[DatedGrant, ...]]:
    """Of these people, however many, what is granted in single bodies and not over at a moment."""
    query = select(account_grant.c.person_id).where(_not_over(at), account_grant.c.body_id.is_not(None)).distinct()
    wanted = {row.person_id for row in read.rows(query)} & set(persons)
    return {person_id: grants_of(read, at, person_id)[person_id] for person_id in sorted(wanted)}


def holders(read: Read, roles: Iterable[Role], body_id: str | None, at: str) -> frozenset[str]:
    """Active people who hold one of the roles at a moment, everywhere or in the body."""
    query = (
        select(account_grant.c.person_id)
        .join(account, account.c.person_id == account_grant.c.person_id)
        .where(
            account.c.active,
            account_grant.c.role.in_([role.value for role in roles]),
            or_(account_grant.c.body_id.is_(None), account_grant.c.body_id == body_id),
            _holds(at),
        )
    )
    return frozenset(row.person_id for row in read.rows(query))


def insert_grants_txn(
    tx: Tx, person_id: str, grants: Sequence[tuple[str, Grant]], at: str, until: str | None = None
) -> None:
    """New grants, pairs (id, grant), in force from ``at``, up to ``until``."""
    if grants:
        tx.execute(
            insert(account_grant),
            [
                {
                    "id": grant_id, "person_id": person_id, "role": grant.role.value, "body_id": grant.body_id,
                    "valid_from": at, "valid_to": until,
                }
                for grant_id, grant in grants
            ],
        )  # fmt: skip


def end_grants_txn(tx: Tx, ids: Sequence[str], at: str) -> None:
    """End grants; the rows stay as a record of who held what and when."""
    if ids:
        tx.execute(update(account_grant).where(account_grant.c.id.in_(ids)).values(valid_to=at))


# ---- devices


def sessions(read: Read, at: str, *, token_hash: bytes | None = None, person_id: str | None = None) -> list[Session]:
    """Sessions that have not ended and not expired at a moment: all, or the one of a token, or those of a person."""
    query = (
        select(device, account.c.lang)
        .join(account, account.c.person_id == device.c.person_id)
        .where(device.c.ended_at.is_(None), device.c.expires_at > at, account.c.active)
    )
    if token_hash is not None:
        query = query.where(device.c.token_hash == token_hash)
    if person_id is not None:
        query = query.where(device.c.person_id == person_id)
    rows = read.rows(query.order_by(device.c.seen_at.desc(), device.c.id))
    if not rows:
        return []
    one = rows[0].person_id if token_hash is not None else person_id
    grants = grants_of(read, at, one)
    return [
        Session(
            device_id=row.id, person_id=row.person_id, name=row.name, token_hash=bytes(row.token_hash), lang=row.lang,
            created_at=row.created_at, seen_at=row.seen_at, expires_at=row.expires_at, idle_seconds=row.idle_seconds,
            grants=grants.get(row.person_id, ()), read_only=row.read_only,
        )
        for row in rows
    ]  # fmt: skip


def insert_session_txn(tx: Tx, session: Session) -> None:
    """A new device."""
    values = {
        "id": session.device_id, "person_id": session.person_id, "token_hash": session.token_hash,
        "name": session.name, "created_at": session.created_at, "seen_at": session.seen_at,
        "expires_at": session.expires_at, "idle_seconds": session.idle_seconds, "ended_at": None,
        "read_only": session.read_only,
    }  # fmt: skip
    tx.execute(insert(device), [values])


def end_sessions_txn(tx: Tx, device_ids: Sequence[str], at: str) -> None:
    """End sessions for good: their tokens open nothing any more."""
    if device_ids:
        tx.execute(update(device).where(device.c.id.in_(device_ids)).values(ended_at=at))


def mark_seen_txn(tx: Tx, seen: Sequence[tuple[str, str]]) -> None:
    """When devices were last heard: pairs (device id, moment)."""
    if seen:
        tx.execute(
            update(device).where(device.c.id == bindparam("row_id")).values(seen_at=bindparam("at")),
            [{"row_id": device_id, "at": at} for device_id, at in seen],
        )


def devices_named(read: Read, device_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """By id: what a device calls itself, and when it was last seen."""
    query = select(device.c.id, device.c.name, device.c.seen_at).where(device.c.id.in_(list(device_ids)))
    return {row.id: (row.name, row.seen_at) for row in read.rows(query)}


def devices_in_use(read: Read, at: str) -> dict[str, tuple[int, str]]:
    """By person: how many devices are signed in, and when one was last seen (ended ones count for that)."""
    live = and_(device.c.ended_at.is_(None), device.c.expires_at > at)
    query = select(
        device.c.person_id,
        func.count().filter(live).label("devices"),
        func.max(device.c.seen_at).label("seen_at"),
    ).group_by(device.c.person_id)
    return {row.person_id: (row.devices, row.seen_at) for row in read.rows(query)}


# ---- one-time codes


def put_code_txn(tx: Tx, person_id: str, code_hash: bytes, expires_at: str) -> None:
    """The code of a person from now on; an older one opens nothing any more."""
    drop_codes_txn(tx, person_id)
    tx.execute(insert(sign_in_code), [{"code_hash": code_hash, "person_id": person_id, "expires_at": expires_at}])


def drop_codes_txn(tx: Tx, person_id: str) -> None:
    """Take back the code of a person."""
    tx.execute(delete(sign_in_code).where(sign_in_code.c.person_id == person_id))


def take_code_txn(tx: Tx, code_hash: bytes, at: str) -> str | None:
    """Use up a code: the person's id the first time before it expires, None ever after."""
    person_id: str | None = tx.scalar(
        select(sign_in_code.c.person_id)
        .where(sign_in_code.c.code_hash == code_hash, sign_in_code.c.expires_at > at)
        .with_for_update()
    )
    if person_id is not None:
        taken = tx.execute(delete(sign_in_code).where(sign_in_code.c.code_hash == code_hash)).rowcount
        if taken != 1:
            return None
    return person_id


# ---- failed sign-ins


def add_failures_txn(tx: Tx, failures: Sequence[tuple[str, bytes]], at: str) -> None:
    """Count failures, pairs (id, hash of the name or address)."""
    if failures:
        tx.execute(insert(sign_in_failure), [{"id": each, "key_hash": key, "at": at} for each, key in failures])


def failures(read: Read, key: bytes, limit: int) -> list[str]:
    """When the last failures were, the newest first."""
    query = select(sign_in_failure.c.at).where(sign_in_failure.c.key_hash == key)
    return [row.at for row in read.rows(query.order_by(sign_in_failure.c.at.desc()).limit(limit))]


def has_failures_before(read: Read, before: str) -> bool:
    """Whether there are failures that old."""
    return read.first(select(sign_in_failure.c.id).where(sign_in_failure.c.at < before).limit(1)) is not None


def drop_failures_txn(tx: Tx, before: str) -> None:
    """Forget failures that old."""
    tx.execute(delete(sign_in_failure).where(sign_in_failure.c.at < before))


# ---- what begins or ends by its date


def put_due_txn(tx: Tx, person_id: str, due: Sequence[tuple[str, Grant]], at: str) -> None:
    """Something granted (pairs of a new id and the grant) begins or ends at a moment to come."""
    if due:
        rows = [
            {"id": each, "at": at, "person_id": person_id, "role": grant.role.value, "body_id": grant.body_id}
            for each, grant in due
        ]
        tx.execute(insert(account_grant_due), rows)


def take_due_txn(tx: Tx, at: str) -> tuple[str, Grant] | None:
    """Take the next change that has come by a moment: whose, and what; None where there is none for this process."""
    query = select(account_grant_due).where(account_grant_due.c.at <= at)
    query = query.order_by(account_grant_due.c.at, account_grant_due.c.id).limit(1).with_for_update(skip_locked=True)
    row = tx.first(query)
    if row is None:
        return None
    tx.execute(delete(account_grant_due).where(account_grant_due.c.id == row.id))
    return row.person_id, Grant(Role(row.role), row.body_id)


# ---- roles of the demo


def put_demo_role_txn(tx: Tx, role: str, person_id: str, rank: int) -> None:
    """Who a one-tap role is."""
    tx.execute(delete(demo_role).where(demo_role.c.role == role))
    tx.execute(insert(demo_role), [{"role": role, "person_id": person_id, "rank": rank}])


def demo_roles(read: Read) -> list[tuple[str, str]]:
    """Pairs (role, person), in the order in which they are shown."""
    return [(row.role, row.person_id) for row in read.rows(select(demo_role).order_by(demo_role.c.rank))]
