"""Messages of signatures: who is asked to sign what, and what a check of a paper found."""

from __future__ import annotations

from typing import Literal

from server.core.wire import Command, Entity, Event, View
from signing import Report


class SigningRequest(Entity, tag="signing", frozen=True, kw_only=True):
    """A paper that waits for an official's signature (streams ``u:`` of the official and ``d:`` of the meeting).

    ``sha256`` is the hash of exactly the bytes that are shown and signed.
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


class SigningInbox(View, frozen=True, kw_only=True):
    """One's requests: waiting ones first."""

    requests: tuple[SigningRequest, ...]


class Verification(View, frozen=True, kw_only=True):
    """What a check of a paper found, with the document verdict."""

    report: Report
