"""Shapes inside accounts: an account, a session with the grants behind it, and what a commit tells the sessions."""

from __future__ import annotations

from typing import Literal

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
    read_only: bool = False


class Lending(Struct, frozen=True, kw_only=True):
    """A sign-in that somebody gives to another device from their own. Moments are ISO, UTC.

    ``code``: hash of what the QR picture holds, None once a browser took it; then ``browser`` (hash) is that one's
    secret, and ``number`` what both devices show.
    """

    id: str
    person_id: str
    device_id: str
    read_only: bool
    expires_at: str
    code: bytes | None
    browser: bytes | None = None
    number: str = ""
    device_name: str = ""
    confirmed: bool = False


class Site(Struct, frozen=True, kw_only=True):
    """Where passkeys are made and shown: the address as browsers see it, and the name they are bound to (RP ID)."""

    origin: str
    rp_id: str


class Challenge(Struct, frozen=True, kw_only=True):
    """What a passkey is to sign, once: for what, at which browser or device (hash), and about which bytes (hash)."""

    purpose: Literal["add", "enter", "sign"]
    bound: bytes
    about: bytes = b""


class Passkey(Struct, frozen=True, kw_only=True):
    """A passkey of a person. ``credential`` is the attested credential data of WebAuthn: AAGUID, id, public key (COSE).

    ``count`` is its signature counter when it was last used; many passkeys keep it at zero.
    """

    id: str
    person_id: str
    name: str
    rp_id: str
    credential_id: bytes
    credential: bytes
    count: int
    created_at: str
    used_at: str | None
