"""Values of signatures: where a signature is drawn, what a child needs to prepare one, what came of it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from server.config_signing import Level
from server.documents.models import Rendition

KeyKind: TypeAlias = Literal["pkcs12", "pkcs11", "csc", "tablet"]


class Place(Struct, frozen=True, kw_only=True):
    """A box on a page (index from 0), x1, y1, x2, y2 in points, lower left and upper right corner."""

    page: int
    box: tuple[float, float, float, float]


class Key(Struct, frozen=True, kw_only=True):
    """An enrolled key: whose it is, where it lies, certificates in DER, the picture drawn with it.

    ``holder``: "person:<id>", "body:<id>" (its seal) or "ca:<id>" (what the body certifies tablets with).
    ``reference``: the file's name, "token/object", "service/credential"; empty for a tablet, which is ``device_id``.
    ``image_width_mm``: real width of the picture; None where it is fitted into its box.
    """

    id: str
    holder: str
    kind: KeyKind = "pkcs12"
    certificate: bytes
    chain: tuple[bytes, ...]
    reference: str
    device_id: str | None = None
    image_sha256: str | None = None
    image_width_mm: float | None = None
    enrolled_at: str
    enrolled_by: str
    ended_at: str | None = None
    revoked_at: str | None = None
    revoked_by: str | None = None

    @property
    def owner_id(self) -> str:
        """The person or body behind the holder."""
        return self.holder.partition(":")[2]


class Authorities(Struct, frozen=True, kw_only=True):
    """Whom the operator trusts and lets be asked, as a child is told it: what ``signing.Services`` is made of.

    ``roots`` are PEM: root certificates and lists of withdrawn ones. ``hosts`` may be asked about certificates.
    """

    roots: tuple[bytes, ...]
    tsa: str = ""
    tsa_token: str = ""
    hosts: tuple[str, ...] = ()
    seconds: float = 10.0

    def __repr__(self) -> str:
        return f"Authorities(tsa={self.tsa!r}, hosts={self.hosts!r})"  # never the token


class Job(Struct, frozen=True, kw_only=True):
    """What a child needs to prepare a signature: whose it is, the certificates, what is drawn. ``at`` is ISO 8601.

    ``algorithm`` as the signer tells it. ``authorities``: who is asked about the certificate, and from level
    B-T on who stamps the time. ``several``: the names of all who sign this paper, where there is
    more than one, and ``turn`` which of them this is: names may be the same; fields that are not there yet are made
    before the first signature. ``act``: "sign" or "initial".
    """

    name: str
    certificate: bytes
    chain: tuple[bytes, ...]
    image: bytes
    at: str
    algorithm: str = ""
    level: Level = "B-B"
    authorities: Authorities | None = None
    several: tuple[str, ...] = ()
    turn: int = 0
    act: str = "sign"

    @property
    def below(self) -> int:
        """How many of the same name come after this one among those who sign, and so have the places further down."""
        return self.several[self.turn + 1 :].count(self.name)


class Half(Struct, frozen=True, kw_only=True):
    """A prepared signature: what the key has to sign, and the SHA-256 of the file that it was prepared from."""

    to_sign: bytes
    base_sha256: str


class Made(Struct, frozen=True, kw_only=True):
    """What an act has made of a paper by appending to the bytes of ``base_sha256``: stored already, not yet a version.

    ``fields``: all signed fields of the new file; None where the act has signed nothing.
    """

    rendition: Rendition
    base_sha256: str
    fields: tuple[str, ...] | None = None
