"""Shapes inside accounts: an account, a session with the grants behind it, and what a commit tells the sessions."""

from __future__ import annotations

from msgspec import Struct

from server.core.access import Grant


class Account(Struct, frozen=True, kw_only=True):
    """A person's access. Without ``password_hash`` the person can enter by a one-time code only."""

    person_id: str
    user: str
    password_hash: str | None
    active: bool
    lang: str


class KeyHalf(Struct, frozen=True, kw_only=True):
    """The server's half of a device's key: 32 random bytes, and an id that changes with them."""

    id: str
    half: bytes


class DatedGrant(Struct, frozen=True, kw_only=True):
    """A grant with the moments (ISO, UTC) between which it is in force; ``valid_to`` itself is outside."""

    id: str
    grant: Grant
    valid_from: str
    valid_to: str | None


class Screen(Struct, frozen=True, kw_only=True):
    """A display in the hall of a meeting: a principal of its own, and no person."""

    id: str
    meeting_id: str
    name: str
    signed_in: bool


class Session(Struct, frozen=True, kw_only=True):
    """A device on which somebody is signed in, as stored. Moments are ISO, UTC."""

    device_id: str
    person_id: str
    name: str
    token_hash: bytes
    lang: str
    created_at: str
    seen_at: str
    expires_at: str
    idle_seconds: int
    grants: tuple[DatedGrant, ...]
