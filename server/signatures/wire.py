"""Messages of signatures: who is asked to sign what, and what a check of a paper found."""

from __future__ import annotations

from typing import Literal

from server.core.wire import Command, Entity, Event, View
from signing import Report


class SigningRequest(Entity, tag="signing", frozen=True, kw_only=True):
    """A paper that waits for an official's signature (streams ``u:`` of the official and ``d:`` of the meeting).

    ``sha256`` is the hash of exactly the bytes that are shown and signed. A paper of a restricted item is told to its
    official alone: the desk's stream reaches people who may not know of it.
    """

    meeting_id: str
    meeting_title: str
    paper_id: str
    paper_title: str
    version_id: str
    sha256: str
    pages: int
    official_id: str
    official_name: str
    requested_by: str
    requested_at: str
    state: Literal["waiting", "signed", "returned", "withdrawn"]
    remarks: str
    signed_version_id: str | None
    decided_at: str | None


class SigningChanged(Event, tag="signatures.changed", frozen=True, kw_only=True):
    """A request was made, signed, returned or withdrawn."""

    put: tuple[SigningRequest, ...] = ()


class KeyEnrolled(Event, tag="signatures.key_enrolled", frozen=True, kw_only=True):
    """A key was enrolled for a person (audit only). ``fingerprint``: SHA-256 of the certificate, hexadecimal."""

    person_id: str
    fingerprint: str


class SigningAsk(Command, frozen=True, kw_only=True):
    """Ask an official to sign the current version of a paper."""

    official_id: str


class Sign(Command, frozen=True, kw_only=True):
    """Sign: ``sha256`` of the bytes that were seen, and the password that opens the key."""

    sha256: str
    password: str


class SigningReturn(Command, frozen=True, kw_only=True):
    """Give the paper back with remarks."""

    remarks: str


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


class SigningInbox(View, frozen=True, kw_only=True):
    """One's requests: waiting ones first, then the newest. ``key``: one's own, where one is enrolled."""

    requests: tuple[SigningRequest, ...]
    key: SigningKey | None = None


class Verification(View, frozen=True, kw_only=True):
    """What a check of a paper found, with the document verdict."""

    report: Report
