"""Messages of keys: of tablets, on tokens and in services, of seals."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from server.accounts.wire import PasskeyAsk, PasskeyUsed
from server.core.wire import Command, Entity, Event, View


class KeyEnrolled(Event, tag="signatures.key_enrolled", frozen=True, kw_only=True):
    """A key was enrolled for a person or a body (audit only), or got another picture.

    ``fingerprint``, ``image``: SHA-256 of the certificate and of the picture, hexadecimal.
    """

    person_id: str
    fingerprint: str
    image: str = ""


class KeyEnrol(Command, frozen=True, kw_only=True):
    """Enrol a PKCS#12 key for a person: the file and its password, and a PNG of the handwritten signature (base64)."""

    p12: bytes
    password: str
    image: bytes | None = None


class SigningKey(View, frozen=True, kw_only=True):
    """A person's key as its certificate describes it; moments are UTC. ``image``: there is a handwritten signature."""

    person_id: str
    holder: str
    issuer: str
    serial: str
    valid_from: str
    valid_until: str
    image: bool


TabletKeyState: TypeAlias = Literal["waiting", "valid", "refused", "revoked", "replaced"]


class TabletKey(Entity, tag="tablet_key", frozen=True, kw_only=True):
    """A key that was made on a tablet and cannot leave it (stream ``u:`` of its person).

    It signs once a registry clerk of ``body_id`` has approved it. ``fingerprint``: SHA-256 of the public key,
    hexadecimal; its beginning is compared on both screens.
    """

    person_id: str
    person_name: str
    device_id: str
    device_name: str
    body_id: str
    body_name: str
    fingerprint: str
    state: TabletKeyState
    asked_at: str
    decided_at: str | None = None
    remarks: str = ""
    valid_from: str | None = None
    valid_until: str | None = None


class TabletKeyChanged(Event, tag="signatures.tablet_key_changed", frozen=True, kw_only=True):
    """A tablet asked for a certificate, or its key was approved, refused, revoked or replaced."""

    put: tuple[TabletKey, ...] = ()


class TabletKeyAsk(Command, frozen=True, kw_only=True):
    """Ask a body to certify this tablet's key: a certificate request (PKCS#10, DER) that the key itself signed."""

    body_id: str
    request: bytes


class TabletKeyRefuse(Command, frozen=True, kw_only=True):
    """Why a tablet gets no certificate."""

    remarks: str = ""


class KeyAuthority(Struct, frozen=True, kw_only=True):
    """A body that certifies tablets."""

    body_id: str
    body_name: str


class MyTabletKeys(View, frozen=True, kw_only=True):
    """One's own tablets' keys, the newest first, who can be asked to certify one, what is asked before one signs.

    ``step_up``: of this person, at this address.
    """

    keys: tuple[TabletKey, ...]
    authorities: tuple[KeyAuthority, ...]
    step_up: Literal["passkey", "password", "off"]


class TabletKeys(View, frozen=True, kw_only=True):
    """Tablets' keys of the bodies one is registry clerk of: those that wait first, then the newest."""

    keys: tuple[TabletKey, ...]


class TabletPrepare(Command, frozen=True, kw_only=True):
    """Begin to sign with the tablet's key: ``sha256`` of the bytes that were seen.

    ``password``: of the account, where ``MyTabletKeys.step_up`` says so.
    """

    sha256: str
    key_id: str
    password: str = ""


class TabletPrepared(View, frozen=True, kw_only=True):
    """What the tablet signs (DER signed attributes, base64) and the token to finish with; good until ``expires_at``.

    ``ask``: what the person's passkey is to sign first, where one is asked for; it names these very bytes.
    """

    token: str
    to_sign: bytes
    expires_at: str
    ask: PasskeyAsk | None = None


class TabletFinish(Command, frozen=True, kw_only=True):
    """Finish: the raw signature as WebCrypto gives it (r and s side by side, base64).

    ``used``: the passkey's answer to ``TabletPrepared.ask``, where there was one.
    """

    token: str
    signature: bytes
    used: PasskeyUsed | None = None


class TabletConfirmed(Event, tag="signatures.tablet_confirmed", frozen=True, kw_only=True):
    """A passkey confirmed who signed with a tablet's key (audit only): all that it takes to verify that again.

    The passkey signed ``authenticator_data`` and SHA-256 of ``client_data``, whose challenge is
    ``rules.keys.confirmation`` of ``nonce``, the paper (``sha256``) and the signed attributes (``to_sign``);
    ``credential`` is the attested credential data with its public key (COSE).
    """

    request_id: str
    person_id: str
    sha256: str
    to_sign: bytes
    nonce: bytes
    rp_id: str
    credential: bytes
    authenticator_data: bytes
    client_data: bytes
    signature: bytes


class StoredKeyEnrol(Command, frozen=True, kw_only=True):
    """Enrol a key that lies in a token or service of the configuration, by its name there; the PIN only tries it."""

    store: str
    name: str
    pin: str = ""
    image: bytes | None = None


class BodyKey(Struct, frozen=True, kw_only=True):
    """A key that a body has enrolled: what its certificate says, where it lies, whether it can be reached now.

    ``place`` and ``name``: token or service of the configuration, and the key's name there; both empty of a file.
    ``why``: a sentence, where it is not ``reachable``. Reaching asks for no PIN: that it opens is known when it signs.
    ``width_mm``: of the seal's picture, None where there is none.
    """

    holder: str
    issuer: str
    serial: str
    valid_from: str
    valid_until: str
    kept: Literal["file", "token", "service"]
    place: str
    name: str
    enrolled_at: str
    reachable: bool
    why: str = ""
    width_mm: float | None = None


class BodyKeys(View, frozen=True, kw_only=True):
    """What a body signs with: its seal, and the key with which it certifies tablets; ``level`` of what is signed.

    ``time_stamps``: the host that stamps the time, empty where none is asked.
    """

    body_id: str
    body_name: str
    seal: BodyKey | None
    authority: BodyKey | None
    level: str
    time_stamps: str


class SealEnrol(Command, frozen=True, kw_only=True):
    """Enrol a PKCS#12 key as a body's seal, and the seal's picture (PNG, base64) with its real width."""

    p12: bytes
    password: str
    image: bytes | None = None
    width_mm: float = 36.0


class StoredSealEnrol(Command, frozen=True, kw_only=True):
    """Enrol a seal whose key lies in a token or service of the configuration."""

    store: str
    name: str
    pin: str = ""
    image: bytes | None = None
    width_mm: float = 36.0


class AuthorityNameFile(Command, frozen=True, kw_only=True):
    """Name the key (PKCS#12) with which a body certifies tablets; demo and trials."""

    p12: bytes
    password: str


class AuthorityNameStored(Command, frozen=True, kw_only=True):
    """Name the key in a token or service with which a body certifies tablets; the configuration has its PIN."""

    store: str
    name: str


class KeyStore(Struct, frozen=True, kw_only=True):
    """A token or service of the configuration: its name there, the token's label or the service's host.

    ``opens``: the configuration names its PIN too, so that the house opens its keys by itself.
    """

    name: str
    kept: Literal["token", "service"]
    where: str
    opens: bool


class KeyStores(View, frozen=True, kw_only=True):
    """Where keys lie that can be enrolled."""

    stores: tuple[KeyStore, ...]


class StoredKey(Struct, frozen=True, kw_only=True):
    """A key in a token or service, as its certificate says. ``usable``: it is for signing, and in date."""

    name: str
    holder: str
    issuer: str
    serial: str
    valid_from: str
    valid_until: str
    usable: bool


class StoredKeys(View, frozen=True, kw_only=True):
    """The keys in a token or service."""

    keys: tuple[StoredKey, ...]


class PersonKey(Struct, frozen=True, kw_only=True):
    """A person's enrolled key. ``title``: the main post with its body. ``image``: there is a handwritten signature."""

    person_id: str
    person_name: str
    title: str
    body_id: str
    holder: str
    issuer: str
    valid_from: str
    valid_until: str
    kept: Literal["file", "token", "service"]
    place: str
    name: str
    enrolled_at: str
    image: bool


class PeopleKeys(View, frozen=True, kw_only=True):
    """Who has a key to sign with, by name."""

    keys: tuple[PersonKey, ...]


class PictureLook(Command, frozen=True, kw_only=True):
    """Look at a picture of a seal or a handwritten signature (PNG or JPEG, base64) before it is kept.

    ``width_mm``: the seal's real width. ``person_id``: under whose name a seal is shown.
    """

    picture: Literal["seal", "signature"]
    image: bytes
    width_mm: float = 36.0
    person_id: str = ""


class PictureLooked(View, frozen=True, kw_only=True):
    """The picture as it would be kept (PNG, cut at its ink, paper made clear), and how it is printed.

    ``printed``: PNG of ``printed_mm`` (width, height) on paper. ``pixels``: width and height of ``image``.
    """

    image: bytes
    pixels: tuple[int, int]
    printed: bytes
    printed_mm: tuple[float, float]


class SealPicture(Command, frozen=True, kw_only=True):
    """Another picture for the seal of a body, with its real width; the key stays."""

    image: bytes
    width_mm: float = 36.0


class SignaturePicture(Command, frozen=True, kw_only=True):
    """Another picture of a person's handwritten signature; the key stays."""

    image: bytes
