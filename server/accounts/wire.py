"""Messages of accounts: signing in, devices, access given and taken."""

from __future__ import annotations

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
    """What the sign-in page offers."""

    demo: tuple[DemoRole, ...]


class Me(View, frozen=True, kw_only=True):
    """Who is signed in on this device. ``home`` is the app this person begins in: ``desk`` or ``tablet``."""

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
    """Audit: a person signed in on a device (stream ``x:accounts``). ``by`` is ``password``, ``code`` or ``demo``."""

    person_id: str
    device_id: str
    by: str


class SignedOut(Event, tag="accounts.signed_out", frozen=True, kw_only=True):
    """To the person's devices: the device's session has ended; it forgets what it holds (stream ``u:``)."""

    device_id: str
