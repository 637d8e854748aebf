"""Messages of dossiers: the way of a paper, and who is asked to do what."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from server.core.wire import Command, Entity, Event, View
from server.signatures.wire.keys import SigningKey
from server.signatures.wire.kinds import ActKind, Capacity, DossierState, PaperKind, StepState


class Step(Struct, frozen=True, kw_only=True):
    """One act of a dossier. Steps of equal ``rank`` run in parallel; the next rank waits for all of this one.

    ``person_id`` empty: any registry clerk of the body (number, seal, issue), or nobody but the machine (check).
    ``acting_for`` is the post or body represented, as printed ("CHỦ TỊCH" under KT.). ``version_id``, ``sha256``: the
    bytes that were acted on.
    """

    id: str
    act: ActKind
    rank: int
    person_id: str
    person_name: str
    post: str
    capacity: Capacity = ""
    acting_for: str = ""
    state: StepState = "pending"
    remarks: str = ""
    done_at: str | None = None
    version_id: str | None = None
    sha256: str = ""


class Finding(Struct, frozen=True, kw_only=True):
    """What the check of the format found: an error code with its values, and the Vietnamese sentence."""

    code: str
    text: str
    args: dict[str, str | int] = {}


class Dossier(Entity, tag="dossier", frozen=True, kw_only=True):
    """The whole way of one paper to being issued.

    Streams: ``d:`` of the meeting (of a closed item ``u:`` of those who prepare it), ``u:`` of each person who has a
    step, and ``u:`` of the body's registry clerks once it is signed. ``version_id`` and ``sha256`` move with our own
    signatures on it; ``approved_sha256`` is frozen at approval. ``paper_kind`` is named so because ``kind`` tags the
    entity.
    """

    meeting_id: str
    meeting_title: str
    item_id: str
    paper_id: str
    paper_title: str
    version_id: str
    sha256: str
    pages: int
    body_id: str
    body_name: str
    paper_kind: PaperKind
    state: DossierState
    approved_sha256: str = ""
    number: int | None = None
    symbol: str = ""
    dated: str | None = None
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...] = ()
    remarks: str = ""
    opened_by: str
    opened_at: str
    closed_at: str | None = None


class SigningRequest(Entity, tag="signing", frozen=True, kw_only=True):
    """What one person is asked to do with a paper (streams ``u:`` of the person and ``d:`` of the meeting).

    ``state`` "signed" means that this person's ``act`` is done, whichever it is.

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
    act: ActKind = "sign"
    dossier_id: str = ""
    capacity: Capacity = ""
    acting_for: str = ""


class SigningChanged(Event, tag="signatures.changed", frozen=True, kw_only=True):
    """A request was made, signed, returned or withdrawn."""

    put: tuple[SigningRequest, ...] = ()


class DossierChanged(Event, tag="signatures.dossier_changed", frozen=True, kw_only=True):
    """A dossier was opened, or an act of it was done, refused or taken back; with the requests that this changed."""

    put: tuple[Dossier | SigningRequest, ...] = ()


class SigningAsk(Command, frozen=True, kw_only=True):
    """Ask an official to sign the current version of a paper."""

    official_id: str


class StepAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of a dossier as it is asked for; the post is the person's in the directory where none is given."""

    act: ActKind
    rank: int
    person_id: str = ""
    post: str = ""
    capacity: Capacity = ""
    acting_for: str = ""


class DossierOpen(Command, frozen=True, kw_only=True):
    """Open a dossier on the current version of a paper; ``sign`` is the one act that must be among its steps."""

    paper_kind: PaperKind
    steps: tuple[StepAsk, ...]


class Act(Command, frozen=True, kw_only=True):
    """Initial, approve or pass a format check: ``sha256`` of the bytes seen; a password where a key signs too."""

    sha256: str
    password: str = ""


class DossierRemarks(Command, frozen=True, kw_only=True):
    """Why a paper is given back by the registry, or recalled."""

    remarks: str


class BatchItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request of a batch, and the hash of the bytes that were seen."""

    id: str
    sha256: str


class SignBatch(Command, frozen=True, kw_only=True):
    """Sign several papers with one unlocking; each was seen."""

    requests: tuple[BatchItem, ...]
    password: str


class Sign(Command, frozen=True, kw_only=True):
    """Sign: ``sha256`` of the bytes that were seen, and the password that opens the key."""

    sha256: str
    password: str


class SigningReturn(Command, frozen=True, kw_only=True):
    """Give the paper back with remarks."""

    remarks: str


class SigningInbox(View, frozen=True, kw_only=True):
    """One's requests: waiting ones first, then the newest. ``key``: one's own, where one is enrolled."""

    requests: tuple[SigningRequest, ...]
    key: SigningKey | None = None


class BatchResult(Struct, frozen=True, kw_only=True):
    """What became of one request of a batch: the request as it is now, or the refusal's code and sentence."""

    id: str
    request: SigningRequest | None = None
    code: str = ""
    text: str = ""


class SignedBatch(View, frozen=True, kw_only=True):
    """One result for each request, in the order asked."""

    results: tuple[BatchResult, ...]


class Dossiers(View, frozen=True, kw_only=True):
    """Dossiers, the newest first."""

    dossiers: tuple[Dossier, ...]
