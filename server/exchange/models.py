"""What an edXML package says, as Structs: the names of QCVN 102:2016/BTTTT, its spelling included.

A field is an element of the same name in PascalCase, in the order of declaration; an empty one is not written. What the
regulation leaves open was read from packages that run on the axis.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

Kind = Literal["document", "status"]
Verdict = Literal["valid", "invalid", "unclear"]


class Organ(Struct, frozen=True, kw_only=True, rename="pascal"):
    """A body as the axis knows it; ``organ_id`` is at most 13 characters: ``000.00.01.H56``."""

    organ_id: str
    organization_in_charge: str = ""
    organ_name: str = ""
    organ_add: str = ""
    email: str = ""
    telephone: str = ""
    fax: str = ""
    website: str = ""


class Code(Struct, frozen=True, kw_only=True, rename="pascal"):
    """Number and notation: 15 and ``GM-UBND``."""

    code_number: str
    code_notation: str


class Promulgation(Struct, frozen=True, kw_only=True, rename="pascal"):
    """Where and when (``yyyy/MM/dd``) a paper was issued."""

    place: str = ""
    promulgation_date: str = ""


class DocumentType(Struct, frozen=True, kw_only=True, rename="pascal"):
    """Kind of paper. ``type`` 1: legal document, 2: administrative."""

    type: str = ""
    type_name: str = ""
    type_detail: str = ""


class SignerInfo(Struct, frozen=True, kw_only=True, rename="pascal"):
    """Who signed: ``competence`` (TM., KT., …), ``position``, name."""

    competence: str = ""
    position: str = ""
    full_name: str = ""


class ToPlaces(Struct, frozen=True, kw_only=True, rename="pascal"):
    """Nơi nhận."""

    place: tuple[str, ...] = ()


class Appendixes(Struct, frozen=True, kw_only=True, rename="pascal"):
    """Names of what is attached."""

    appendix: tuple[str, ...] = ()


class OtherInfo(Struct, frozen=True, kw_only=True, rename="pascal"):
    """``priority`` 0: usual, 1: khẩn, 2: thượng khẩn, 3: hỏa tốc."""

    priority: str = ""
    sphere_of_promulgation: str = ""
    typer_notation: str = ""
    promulgation_amount: str = ""
    page_amount: str = ""
    direction: str = ""
    appendixes: Appendixes | None = None


class ResponseFor(Struct, frozen=True, kw_only=True, rename="pascal"):
    """The paper that this one answers; ``document_id`` is its code: ``organ,yyyy/MM/dd,number/notation``."""

    organ_id: str
    code: str = ""
    promulgation_date: str = ""
    document_id: str = ""


class MessageHeader(Struct, frozen=True, kw_only=True, rename="pascal"):
    """From whom to whom, and which paper."""

    sender: Organ = field(name="From")
    to: tuple[Organ, ...]
    code: Code
    promulgation_info: Promulgation
    document_type: DocumentType = DocumentType()
    subject: str = ""
    content: str = ""
    signer_info: SignerInfo = SignerInfo()
    due_date: str = ""
    to_places: ToPlaces | None = None
    other_info: OtherInfo = OtherInfo()
    response_for: tuple[ResponseFor, ...] = ()
    steering_type: str = ""
    document_id: str = ""


class TraceHeader(Struct, frozen=True, kw_only=True, rename="pascal"):
    """Through whose hands it went, and when (``yyyy/MM/dd HH:mm:ss``)."""

    organ_id: str
    timestamp: str = ""


class StaffInfo(Struct, frozen=True, kw_only=True, rename="pascal"):
    """Whom to ask."""

    department: str = ""
    staff: str = ""
    email: str = ""
    mobile: str = ""


class OrganIdList(Struct, frozen=True, kw_only=True, rename="pascal"):
    """Bodies by their codes."""

    organ_id: tuple[str, ...] = ()


class ReplacementInfo(Struct, frozen=True, kw_only=True, rename="pascal"):
    """A paper that is replaced, and at whom."""

    document_id: str
    organ_id_list: OrganIdList | None = None


class ReplacementInfoList(Struct, frozen=True, kw_only=True, rename="pascal"):
    """All that are replaced."""

    replacement_info: tuple[ReplacementInfo, ...] = ()


class Bussiness(Struct, frozen=True, kw_only=True, rename="pascal"):
    """What is to happen: 0 new paper, 1 recall, 2 update, 3 replace. ``paper`` 1: a paper copy follows."""

    bussiness_doc_type: str = ""
    bussiness_doc_reason: str = ""
    document_id: str = ""
    staff_info: StaffInfo | None = None
    paper: str = ""
    replacement_info_list: ReplacementInfoList | None = None


class TraceHeaderList(Struct, frozen=True, kw_only=True, rename="pascal"):
    """The way of the message so far."""

    trace_header: tuple[TraceHeader, ...] = ()
    bussiness: Bussiness = Bussiness()


class Package(Struct, frozen=True, kw_only=True):
    """The header of a package."""

    message: MessageHeader
    trace: TraceHeaderList = TraceHeaderList()


class Status(Struct, frozen=True, kw_only=True, rename="pascal"):
    """What a recipient says became of a paper (``rules.STATUS_WORDS``); ``timestamp`` is ``yyyy/MM/dd HH:mm:ss``."""

    response_for: ResponseFor
    sender: Organ = field(name="From")
    status_code: str
    description: str = ""
    timestamp: str = ""
    staff_info: StaffInfo | None = None


class Enclosed(Struct, frozen=True, kw_only=True):
    """A file to put into a package; ``path`` lies where the builder reads it."""

    path: str
    name: str
    content_type: str = "application/pdf"
    description: str = ""


class Attachment(Struct, frozen=True, kw_only=True):
    """A file found in a package.

    ``declared`` is the name that it gives, ``name`` the one that is safe to store and show. ``path`` is where its bytes
    were put, empty if nobody asked for them. ``verdict`` is that of the signatures of a PDF, None for anything else.
    """

    content_id: str
    declared: str
    name: str
    content_type: str
    description: str
    size: int
    sha256: str
    path: str = ""
    verdict: Verdict | None = None


class Seal(Struct, frozen=True, kw_only=True):
    """What can be said of the signature over a whole package.

    ``present`` is False also for the empty element that some senders write. ``reasons`` are words of
    ``rules.REASONS``; ``signer`` and ``issuer`` are the common names of the certificate, believed only if ``valid``.
    """

    verdict: Verdict
    present: bool = True
    reasons: tuple[str, ...] = ()
    algorithm: str = ""
    signer: str = ""
    issuer: str = ""


class Unsealed(Struct, frozen=True, kw_only=True):
    """A package without the value of its signature: what the key signs, and the text in the file in its place."""

    to_sign: bytes
    place: str
    size: int


class Found(Struct, frozen=True, kw_only=True):
    """All that a package holds. ``faults`` (words of ``rules.REASONS``) are what the regulation asks and it lacks."""

    kind: Kind
    sha256: str
    size: int
    package: Package | None = None
    status: Status | None = None
    attachments: tuple[Attachment, ...] = ()
    seal: Seal
    faults: tuple[str, ...] = ()
    verdict: Verdict
