"""Messages of accounts: signing in, devices, access given and taken."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from server.core.access import Grant
from server.core.wire import Command, Event, View


class SignIn(Command, frozen=True, kw_only=True):
    """Sign in by user name and password."""

    user: str
    password: str
    device_name: str = ""


class SignInByCode(Command, frozen=True, kw_only=True):
    """Sign in by the one-time code of a QR picture."""

    code: str
    device_name: str = ""


class DemoSignIn(Command, frozen=True, kw_only=True):
    """Sign in by one tap as a role of the demo; exists on a demo data folder only."""

    role: str


class DemoRole(Struct, frozen=True, kw_only=True):
    """A one-tap role: the role's key, who it is, and the post."""

    role: str
    name: str
    title: str


class SignInOptions(View, frozen=True, kw_only=True):
    """What the sign-in page offers. ``passkeys``: whether browsers take them at this address."""

    demo: tuple[DemoRole, ...]
    passkeys: bool


class Me(View, frozen=True, kw_only=True):
    """Who is signed in on this device. ``home`` is the app this person begins in: ``desk`` or ``tablet``.

    ``read_only``: the device is borrowed; it reads, and does nothing.
    """

    person_id: str
    name: str
    title: str
    body_name: str
    lang: str
    home: str
    grants: tuple[Grant, ...]
    device_id: str
    demo: bool
    must_change_password: bool
    read_only: bool = False


class PasswordChange(Command, frozen=True, kw_only=True):
    """Change one's own password."""

    old: str
    new: str


class LanguageChange(Command, frozen=True, kw_only=True):
    """Choose the language of the screens: ``vi`` or ``en``."""

    lang: str


class DeviceView(View, frozen=True, kw_only=True):
    """A device on which somebody is signed in."""

    id: str
    name: str
    current: bool
    created_at: str
    seen_at: str
    expires_at: str


class Devices(View, frozen=True, kw_only=True):
    """One's own devices, the present one first."""

    devices: tuple[DeviceView, ...]


class DeviceKeyAsk(Command, frozen=True, kw_only=True):
    """Ask for the server's half of this device's key; ``fresh`` makes a new one and the old one worthless."""

    fresh: bool = False


class DeviceKey(View, frozen=True, kw_only=True):
    """The server's half of this device's key (32 bytes, base64) under an ``id`` that changes with it.

    ``server_time`` is when it was given: from then on the leases of the papers on the device count.
    """

    id: str
    half: str
    server_time: str


class LendingAsk(Command, frozen=True, kw_only=True):
    """Let another device in from this one: to read for some hours, or as any device; then the password is asked for."""

    read_only: bool = True
    password: str = ""


class LendingShown(View, frozen=True, kw_only=True):
    """Shown once: the address that the other device opens, and its QR picture (SVG); good until ``expires_at``."""

    id: str
    url: str
    qr_svg: str
    expires_at: str


class LendingState(View, frozen=True, kw_only=True):
    """How far it is. ``taken``: a device opened the address and shows ``number``; ``over``: it is in, or never."""

    state: Literal["shown", "taken", "confirmed", "over"]
    number: str = ""
    device_name: str = ""


class LendingTake(Command, frozen=True, kw_only=True):
    """Open what another device of the same person shows: the first browser to do so has it."""

    code: str
    device_name: str = ""


class LendingTaken(View, frozen=True, kw_only=True):
    """The number that both devices show; the person confirms it on the first one."""

    number: str
    read_only: bool
    expires_at: str


class PasskeyBegin(Command, frozen=True, kw_only=True):
    """Begin to add a passkey; the password shows that it is the account's own person who does."""

    password: str


class PasskeyOffer(View, frozen=True, kw_only=True):
    """What a browser makes a passkey of. Bytes are base64.

    ``rp_id``, ``rp_name``: the site; ``user_id``: what the passkey will call the person, ``user`` and ``name``: what
    it shows; ``exclude``: ids of those that are there already; ``algorithms``: COSE numbers, the dearest first.
    """

    challenge: bytes
    rp_id: str
    rp_name: str
    user_id: bytes
    user: str
    name: str
    exclude: tuple[bytes, ...]
    algorithms: tuple[int, ...]


class PasskeyAdd(Command, frozen=True, kw_only=True):
    """Add the passkey that a browser made: its client data and attestation object."""

    name: str
    client_data: bytes
    attestation: bytes


class PasskeyRename(Command, frozen=True, kw_only=True):
    """Call one's own passkey otherwise."""

    name: str


class PasskeyView(Struct, frozen=True, kw_only=True):
    """One's own passkey."""

    id: str
    name: str
    created_at: str
    used_at: str | None


class Passkeys(View, frozen=True, kw_only=True):
    """One's own passkeys, the oldest first. ``offered``: whether browsers make them at this address."""

    passkeys: tuple[PasskeyView, ...]
    offered: bool


class PasskeyAsk(View, frozen=True, kw_only=True):
    """What a passkey is to sign. Bytes are base64. ``allow``: ids of those that may; empty for any of this site."""

    challenge: bytes
    rp_id: str
    allow: tuple[bytes, ...] = ()


class PasskeyUsed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a browser brings of a passkey that was used: an assertion of WebAuthn, bytes as base64."""

    credential_id: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes
    user_handle: bytes = b""


class SignInByPasskey(Command, frozen=True, kw_only=True):
    """Sign in by a passkey, without a user name."""

    used: PasskeyUsed
    device_name: str = ""


class AccountView(View, frozen=True, kw_only=True):
    """A person's access, as the administrator sees it.

    ``title``, ``body_name``: the main post; with ``post_from`` (ISO day) the one that begins then, none being held.
    """

    person_id: str
    name: str
    title: str
    body_name: str
    post_from: str | None = None
    user: str
    active: bool
    grants: tuple[Grant, ...]
    devices: int
    passkeys: int
    last_seen_at: str | None


class Accounts(View, frozen=True, kw_only=True):
    """All accounts."""

    accounts: tuple[AccountView, ...]


class AccountGive(Command, frozen=True, kw_only=True):
    """Give a person access under a user name, with grants."""

    user: str
    grants: tuple[Grant, ...] = ()


class GrantsChange(Command, frozen=True, kw_only=True):
    """Replace a person's grants."""

    grants: tuple[Grant, ...]


class AccessGiven(View, frozen=True, kw_only=True):
    """Shown once: the one-time code as text, as the address in the QR picture, and the picture (SVG)."""

    person_id: str
    user: str
    code: str
    url: str
    qr_svg: str
    expires_at: str


class AccessChanged(Event, tag="accounts.access_changed", frozen=True, kw_only=True):
    """Audit: access was given, reset, changed or revoked for a person (stream ``x:accounts``)."""

    person_id: str
    what: str


class SignedIn(Event, tag="accounts.signed_in", frozen=True, kw_only=True):
    """Audit: a person signed in on a device (stream ``x:accounts``).

    ``by`` is ``password``, ``code``, ``passkey``, ``device`` (from another one of theirs) or ``demo``.
    """

    person_id: str
    device_id: str
    by: str


class SignedOut(Event, tag="accounts.signed_out", frozen=True, kw_only=True):
    """To the person's devices: the device's session has ended; it forgets what it holds (stream ``u:``)."""

    device_id: str
