"""SQL of sign-ins that somebody gives to another device from their own: one at a time a device, for minutes."""

from __future__ import annotations

from typing import Any

from msgspec.structs import asdict
from sqlalchemy import Boolean, Column, Index, LargeBinary, Row, Table, Text, delete, insert, select, update

from server.accounts.models import Lending
from server.core.db import Read, Tx, metadata

sign_in_lending = Table(
    "sign_in_lending",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("device_id", Text, nullable=False),
    Column("read_only", Boolean, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("code", LargeBinary, unique=True),
    Column("browser", LargeBinary, unique=True),
    Column("number", Text, nullable=False),
    Column("device_name", Text, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Index("ix_sign_in_lending_device_id", "device_id"),
    Index("ix_sign_in_lending_expires_at", "expires_at"),
)


def put_txn(tx: Tx, new: Lending) -> None:
    """What a device gives from now on; what it gave before is over."""
    tx.execute(delete(sign_in_lending).where(sign_in_lending.c.device_id == new.device_id))
    tx.execute(insert(sign_in_lending), [asdict(new)])


def load(read: Read, device_id: str, lending_id: str, at: str) -> Lending | None:
    """What a device gives, up to its end."""
    mine = (sign_in_lending.c.id == lending_id, sign_in_lending.c.device_id == device_id)
    return _lending(read.first(select(sign_in_lending).where(*mine, sign_in_lending.c.expires_at > at)))


def take_txn(
    tx: Tx, code: bytes, *, browser: bytes, number: str, device_name: str, at: str, until: str
) -> Lending | None:
    """The first browser that brings a code has it; None for every other, and when it is too late."""
    which = (sign_in_lending.c.code == code, sign_in_lending.c.expires_at > at)
    values = {"code": None, "browser": browser, "number": number, "device_name": device_name, "expires_at": until}
    if tx.execute(update(sign_in_lending).where(*which).values(values)).rowcount != 1:
        return None
    return of_browser(tx, browser, at)


def of_browser(read: Read, browser: bytes, at: str) -> Lending | None:
    """What a browser waits for."""
    which = (sign_in_lending.c.browser == browser, sign_in_lending.c.expires_at > at)
    return _lending(read.first(select(sign_in_lending).where(*which)))


def confirm_txn(tx: Tx, device_id: str, lending_id: str, at: str) -> bool:
    """Let the browser that took it in; False where none has, or it is over."""
    which = (
        sign_in_lending.c.id == lending_id, sign_in_lending.c.device_id == device_id,
        sign_in_lending.c.browser.is_not(None), sign_in_lending.c.expires_at > at,
    )  # fmt: skip
    return tx.execute(update(sign_in_lending).where(*which).values(confirmed=True)).rowcount == 1


def drop_txn(tx: Tx, lending_id: str) -> bool:
    """It is over; False where it was already."""
    return tx.execute(delete(sign_in_lending).where(sign_in_lending.c.id == lending_id)).rowcount == 1


def has_over(read: Read, at: str) -> bool:
    """Whether there are some that nobody used in time."""
    return read.first(select(sign_in_lending.c.id).where(sign_in_lending.c.expires_at <= at).limit(1)) is not None


def drop_over_txn(tx: Tx, at: str) -> None:
    """Forget those that nobody used in time."""
    tx.execute(delete(sign_in_lending).where(sign_in_lending.c.expires_at <= at))


def _lending(row: Row[Any] | None) -> Lending | None:
    if row is None:
        return None
    values = dict(row._mapping)  # noqa: SLF001 - public there
    for name in ("code", "browser"):
        values[name] = None if values[name] is None else bytes(values[name])
    return Lending(**values)
