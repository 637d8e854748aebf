"""SQL of the displays in halls: principals of one meeting each, that are no people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, Row, Table, Text, insert, select, update

from server.accounts.models import Screen, Session
from server.core.db import Read, Tx, metadata

# A screen has a code until it signs in by it, then a token; ended ones stay as a record.
screen = Table(
    "screen",
    metadata,
    Column("id", Text, primary_key=True),
    Column("meeting_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("code_hash", LargeBinary, unique=True),
    Column("token_hash", LargeBinary, unique=True),
    Column("created_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("ended_at", Text),
    Index("ix_screen_meeting_id", "meeting_id"),
)


def insert_txn(tx: Tx, new: Screen, at: str, expires_at: str) -> None:
    """A new screen, which has until ``expires_at`` to sign in."""
    values = {"id": new.id, "meeting_id": new.meeting_id, "name": new.name, "code_hash": None, "token_hash": None}
    tx.execute(insert(screen), {**values, "created_at": at, "expires_at": expires_at})


def set_code_txn(tx: Tx, meeting_id: str, screen_id: str, code_hash: bytes, expires_at: str) -> bool:
    """The code by which a screen signs in, up to ``expires_at``; False for one that is in or has ended."""
    which = (screen.c.id == screen_id, screen.c.meeting_id == meeting_id, screen.c.token_hash.is_(None))
    values = {"code_hash": code_hash, "expires_at": expires_at}
    return tx.execute(update(screen).where(*which, screen.c.ended_at.is_(None)).values(values)).rowcount == 1


def enter_txn(tx: Tx, code_hash: bytes, token_hash: bytes, at: str, expires_at: str) -> Screen | None:
    """Use up a code: the screen, which holds the token from now on, or None where the code opens nothing."""
    good = (screen.c.code_hash == code_hash, screen.c.expires_at > at, screen.c.ended_at.is_(None))
    row = tx.first(select(screen).where(*good).with_for_update())
    if row is None:
        return None
    values = {"code_hash": None, "token_hash": token_hash, "expires_at": expires_at}
    taken = tx.execute(update(screen).where(screen.c.id == row.id, *good).values(values)).rowcount
    return _screen(row) if taken == 1 else None


def of_meeting(read: Read, meeting_id: str, at: str) -> list[Screen]:
    """The screens of a meeting that have signed in or still may, in the order in which they were made."""
    query = select(screen).where(
        screen.c.meeting_id == meeting_id, screen.c.ended_at.is_(None), screen.c.expires_at > at
    )
    return [_screen(row) for row in read.rows(query.order_by(screen.c.id))]


def end_txn(tx: Tx, meeting_id: str, screen_id: str, at: str) -> bool:
    """End a screen of a meeting; whether there was one."""
    which = (screen.c.id == screen_id, screen.c.meeting_id == meeting_id, screen.c.ended_at.is_(None))
    return tx.execute(update(screen).where(*which).values(ended_at=at, code_hash=None)).rowcount == 1


def sessions(read: Read, at: str, token_hash: bytes | None) -> Sequence[tuple[Session, Screen]]:
    """The screens that are signed in: all, or the one of a token."""
    query = select(screen).where(
        screen.c.token_hash.is_not(None), screen.c.ended_at.is_(None), screen.c.expires_at > at
    )
    if token_hash is not None:
        query = query.where(screen.c.token_hash == token_hash)
    return [(_session(row), _screen(row)) for row in read.rows(query)]


def _screen(row: Row[Any]) -> Screen:
    return Screen(id=row.id, meeting_id=row.meeting_id, name=row.name, signed_in=row.token_hash is not None)


def _session(row: Row[Any]) -> Session:
    """Nobody touches a display: it is not signed out for being left alone."""
    return Session(
        device_id=row.id, person_id=row.id, name=row.name, token_hash=bytes(row.token_hash), lang="vi",
        created_at=row.created_at, seen_at=row.created_at, expires_at=row.expires_at, idle_seconds=10**9, grants=(),
    )  # fmt: skip
