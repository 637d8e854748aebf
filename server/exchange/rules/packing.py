"""What a package says of a paper that was issued here, and a status of one that came from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from server.exchange.models import (
    Appendixes,
    Bussiness,
    Code,
    DocumentType,
    MessageHeader,
    Organ,
    OtherInfo,
    Package,
    Promulgation,
    ResponseFor,
    SignerInfo,
    Status,
    ToPlaces,
    TraceHeader,
    TraceHeaderList,
)
from server.exchange.rules import document_id
from server.invitations.rules import place_of
from server.signatures.wire import Dossier, PaperKind

_ADMINISTRATIVE = "2"
_NAMES: Mapping[PaperKind, str] = {
    "invitation": "Giấy mời", "notice": "Thông báo", "minutes": "Biên bản", "decision": "Quyết định",
    "resolution": "Nghị quyết", "letter": "Công văn", "other": "Văn bản khác",
}  # fmt: skip
_MOMENT = "%Y/%m/%d %H:%M:%S"


def package_of(
    dossier: Dossier, sender: Organ, recipients: Sequence[Organ], *, annexes: Sequence[str] = (), now: datetime
) -> Package:
    """The header for an issued paper: it is numbered and dated. ``annexes``: titles. ``now`` is the moment in Hanoi."""
    assert dossier.dated is not None  # issued papers are
    day = date.fromisoformat(dossier.dated)
    number, _, notation = dossier.symbol.partition("/")
    signed = [one for one in dossier.steps if one.act == "sign" and one.state == "done"]
    signer = SignerInfo()
    if signed:
        last = signed[-1]
        signer = SignerInfo(competence=last.capacity, position=last.post, full_name=last.person_name)
    message = MessageHeader(
        sender=sender,
        to=tuple(recipients),
        code=Code(code_number=number, code_notation=notation),
        promulgation_info=Promulgation(place=place_of(dossier.body_name), promulgation_date=f"{day:%Y/%m/%d}"),
        document_type=DocumentType(type=_ADMINISTRATIVE, type_name=_NAMES[dossier.paper_kind]),
        subject=dossier.paper_title,
        signer_info=signer,
        to_places=ToPlaces(place=tuple(one.organ_name for one in recipients)),
        other_info=OtherInfo(
            priority="0",
            page_amount=str(dossier.pages),
            appendixes=Appendixes(appendix=tuple(annexes)) if annexes else None,
        ),
        document_id=document_id(sender.organ_id, day, number, notation),
    )
    trace = TraceHeaderList(
        trace_header=(TraceHeader(organ_id=sender.organ_id, timestamp=now.strftime(_MOMENT)),),
        bussiness=Bussiness(bussiness_doc_type="0", paper="0"),
    )
    return Package(message=message, trace=trace)


def file_names(symbol: str, annexes: int) -> tuple[str, ...]:
    """What the files of a package are called: the paper by its number, its annexes behind it in their order."""
    plain = symbol.replace("/", "-")
    return (f"{plain}.pdf", *(f"{plain}-PL{number}.pdf" for number in range(1, annexes + 1)))


def status_of(code: str, head: MessageHeader, recipient: Organ, *, words: str, now: datetime) -> Status:
    """What ``recipient`` tells the sender of a paper; ``code`` is one of ``rules.STATUS_WORDS``."""
    answered = ResponseFor(
        organ_id=head.sender.organ_id, code=f"{head.code.code_number}/{head.code.code_notation}",
        promulgation_date=head.promulgation_info.promulgation_date, document_id=head.document_id,
    )  # fmt: skip
    return Status(
        response_for=answered, sender=recipient, status_code=code, description=words, timestamp=now.strftime(_MOMENT)
    )
