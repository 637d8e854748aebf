"""Messages of signatures: the way of a paper, who is asked to do what, and what a check of a paper found."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from server.core.wire import Command, Entity, Event, View
from signing import Report

ActKind: TypeAlias = Literal["check", "initial", "approve", "sign", "number", "seal", "issue"]

# How a signer stands for another (Decree 30/2020, Annex I): for the collective body, for the head, by order, by
# authority, as acting head; "" is in one's own name.
Capacity: TypeAlias = Literal["", "TM.", "KT.", "TL.", "TUQ.", "Q."]

# Giấy mời, thông báo, biên bản, quyết định, nghị quyết, công văn.
PaperKind: TypeAlias = Literal["invitation", "notice", "minutes", "decision", "resolution", "letter", "other"]

DossierState: TypeAlias = Literal[
    "draft", "checking", "initialling", "approving", "signing", "signed", "numbered", "sealed", "issued", "delivered",
    "returned", "rejected", "replaced", "recalled",
]  # fmt: skip

StepState: TypeAlias = Literal["pending", "waiting", "done", "returned", "rejected", "withdrawn"]


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

    Streams: ``d:`` of the meeting (unless the item is closed), ``u:`` of each person who has a step, and ``u:`` of the
    body's registry clerks once it is signed. ``version_id`` and ``sha256`` move with our own signatures on it;
    ``approved_sha256`` is frozen at approval. ``paper_kind`` is named so because ``kind`` tags the entity.
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


class DelegationChanged(Event, tag="signatures.delegation_changed", frozen=True, kw_only=True):
    """Who may sign for whom was entered or ended (audit only)."""

    delegation_id: str
    from_id: str
    to_id: str
    capacity: Capacity
    ended: bool


class KeyEnrolled(Event, tag="signatures.key_enrolled", frozen=True, kw_only=True):
    """A key was enrolled for a person (audit only). ``fingerprint``: SHA-256 of the certificate, hexadecimal."""

    person_id: str
    fingerprint: str


class SigningAsk(Command, frozen=True, kw_only=True):
    """Ask an official to sign the current version of a paper."""

    official_id: str


class StepAsk(Command, frozen=True, kw_only=True):
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
    """Why a paper is rejected or recalled."""

    remarks: str


class BatchItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request of a batch, and the hash of the bytes that were seen."""

    id: str
    sha256: str


class SignBatch(Command, frozen=True, kw_only=True):
    """Sign several papers with one unlocking; each was seen."""

    requests: tuple[BatchItem, ...]
    password: str


class DelegationGive(Command, frozen=True, kw_only=True):
    """Enter that ``to_id`` signs for ``from_id`` (a person; empty: for the body itself, TM.) within two moments.

    ``kinds`` empty: every kind of paper. ``acting_for``: post or body as printed above the signature.
    """

    from_id: str = ""
    to_id: str
    capacity: Capacity
    acting_for: str
    valid_from: str
    valid_until: str
    kinds: tuple[PaperKind, ...] = ()


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


class RegisterLine(Struct, frozen=True, kw_only=True):
    """One thing that the register says of a file, and what the file says; ``found`` empty: it says nothing."""

    what: Literal["file", "signer", "fields", "seal", "number", "date"]
    expected: str
    found: str
    agrees: bool


class Verification(View, frozen=True, kw_only=True):
    """What a check of a paper found, with the document verdict.

    ``register``: line by line beside what the register says; empty where it knows nothing of the version. ``symbol``:
    number and notation that the register gave it.
    """

    report: Report
    register: tuple[RegisterLine, ...] = ()
    symbol: str = ""


class PageThenQuery(Command, frozen=True, kw_only=True):
    """Which page (from 1), as it was in the first ``length`` bytes of the file: a signature's ``signed_bytes``."""

    length: int
    page: int


class ReportQuery(Command, frozen=True, kw_only=True):
    """The name of the file that is sent, as the printed report is to call it."""

    name: str = ""


class PagePair(View, frozen=True, kw_only=True):
    """A page as somebody signed it and as it is now, both WebP; None where that version has no such page.

    ``changed``: left, top, right, bottom of what differs, as parts of the page; None where nothing does.
    """

    page: int
    before: bytes | None
    after: bytes | None
    changed: tuple[float, float, float, float] | None


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


class Delegation(View, frozen=True, kw_only=True):
    """Who may sign for whom, in a body, from and until when; ``ended_at``: taken back before its time."""

    id: str
    body_id: str
    from_id: str
    from_name: str
    to_id: str
    to_name: str
    capacity: Capacity
    acting_for: str
    valid_from: str
    valid_until: str
    kinds: tuple[PaperKind, ...]
    ended_at: str | None = None


class Delegations(View, frozen=True, kw_only=True):
    """Of a body, the newest first."""

    delegations: tuple[Delegation, ...]


# ---- the registry: numbers, the seal, issue, copies, the book

CopyKind: TypeAlias = Literal["SAO Y", "SAO LỤC", "TRÍCH SAO"]


class NumberTaken(Event, tag="signatures.number_taken", frozen=True, kw_only=True):
    """A number of a series was given, or a series was let go on after what was numbered on paper (audit only)."""

    body_id: str
    paper_kind: PaperKind
    year: int
    symbol: str
    dossier_id: str | None


class NumberCodePut(Event, tag="signatures.number_code_put", frozen=True, kw_only=True):
    """Letters got a series of their own (audit only)."""

    body_id: str
    code: str


class CopyMade(Event, tag="signatures.copy_made", frozen=True, kw_only=True):
    """A copy of an issued paper was sealed (audit only)."""

    dossier_id: str
    copy_kind: CopyKind
    sha256: str


class DossierIssue(Command, frozen=True, kw_only=True):
    """Issue a sealed paper: ``sha256`` of the bytes seen; ``recipients`` as the book names them (nơi nhận)."""

    sha256: str
    recipients: str = ""


class AnnexSeal(Command, frozen=True, kw_only=True):
    """Seal a paper of the same item as an annex of an issued one; its bytes as seen, and what opens the seal's key."""

    sha256: str
    password: str


class CopyMake(Command, frozen=True, kw_only=True):
    """Make a sealed copy of an issued paper; ``pages`` from 1, for TRÍCH SAO alone."""

    copy_kind: CopyKind
    pages: tuple[int, ...] = ()
    password: str


class BookQuery(Command, frozen=True, kw_only=True):
    """What of the book is wanted: a year (this one by default), a kind, words of title, symbol, signer, recipients."""

    year: int | None = None
    paper_kind: PaperKind | None = None
    words: str = ""


class BookEnter(Command, frozen=True, kw_only=True):
    """Take the next number for a document on paper; ``notation`` as printed on it (empty: the body's own)."""

    paper_kind: PaperKind
    title: str
    signer: str
    recipients: str = ""
    notation: str = ""


class SeriesOpen(Command, frozen=True, kw_only=True):
    """Let a series of this year go on after ``last``, which was given in the book on paper."""

    paper_kind: PaperKind
    code: str = ""
    last: int


class NumberCodeSet(Command, frozen=True, kw_only=True):
    """Give letters (of a council, a board) a series of their own; ``citation``: by what rule."""

    name: str
    citation: str


class NumberCode(View, frozen=True, kw_only=True):
    """Letters with a series of their own."""

    code: str
    name: str
    citation: str


class BookEntry(View, frozen=True, kw_only=True):
    """A line of the book of issued papers (sổ văn bản đi).

    ``state``: of a dossier "reserved" until the number is on the paper, then the dossier's; "paper" for a document on
    paper, "opening" for all up to this number; "struck": the number was given and its paper never issued. ``title`` is
    empty of what was decided in a closed sitting, for who may not know of it.
    """

    id: str
    number: int
    symbol: str
    dated: str
    paper_kind: PaperKind
    code: str
    title: str
    signer: str
    recipients: str
    state: Literal["reserved", "paper", "opening", "struck", "numbered", "sealed", "issued", "delivered", "recalled"]
    reason: str
    dossier_id: str | None
    version_id: str | None


class NumberBook(View, frozen=True, kw_only=True):
    """A year of a body's book, in the order of kind, letters and number; ``years`` that the book has."""

    body_id: str
    body_name: str
    year: int
    years: tuple[int, ...]
    entries: tuple[BookEntry, ...]
    codes: tuple[NumberCode, ...]


class PaperCopy(View, frozen=True, kw_only=True):
    """A sealed copy of an issued paper; its bytes are asked for by its id."""

    id: str
    dossier_id: str
    copy_kind: CopyKind
    pages: tuple[int, ...]
    filename: str
    sha256: str
    size: int
    made_by_name: str
    made_at: str


class PaperCopies(View, frozen=True, kw_only=True):
    """Copies of an issued paper, the newest first."""

    copies: tuple[PaperCopy, ...]


# ---- keys: of tablets, on tokens and in services, of seals

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
    """One's own tablets' keys, the newest first, and who can be asked to certify one."""

    keys: tuple[TabletKey, ...]
    authorities: tuple[KeyAuthority, ...]


class TabletKeys(View, frozen=True, kw_only=True):
    """Tablets' keys of the bodies one is registry clerk of: those that wait first, then the newest."""

    keys: tuple[TabletKey, ...]


class TabletPrepare(Command, frozen=True, kw_only=True):
    """Begin to sign with the tablet's key: ``sha256`` of the bytes that were seen."""

    sha256: str
    key_id: str


class TabletPrepared(View, frozen=True, kw_only=True):
    """What the tablet signs (DER signed attributes, base64), and the token to finish with; good until ``expires_at``."""

    token: str
    to_sign: bytes
    expires_at: str


class TabletFinish(Command, frozen=True, kw_only=True):
    """Finish: the raw signature as WebCrypto gives it (r and s side by side, base64)."""

    token: str
    signature: bytes


class StoredKeyEnrol(Command, frozen=True, kw_only=True):
    """Enrol a key that lies in a token or service of the configuration, by its name there; the PIN only tries it."""

    store: str
    name: str
    pin: str = ""
    image: bytes | None = None


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


# ---- fields placed by hand


class FieldPlace(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A field of a paper: page from 0, box x1, y1, x2, y2 in points, the page's own coordinates.

    Names are those of printed papers: ChuKy, KyNhay1 and on, So, NgayThang, ConDau.
    """

    name: str
    page: int
    box: tuple[float, float, float, float]


class FieldsPlace(Command, frozen=True, kw_only=True):
    """Place fields on a draft's paper: ``sha256`` of the bytes that were seen."""

    sha256: str
    fields: tuple[FieldPlace, ...]


class FieldsThere(View, frozen=True, kw_only=True):
    """The fields of a dossier's paper that wait to be filled, and the official names that its steps still miss."""

    fields: tuple[FieldPlace, ...]
    missing: tuple[str, ...]
