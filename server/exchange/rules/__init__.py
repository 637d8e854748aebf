"""Decisions of exchange: codes of papers, names that are safe, what a package must hold, what a status means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Literal

from server.core import i18n, texts
from server.core.access import Relation
from server.core.errors import ERRORS, ErrorSpec, register
from server.core.i18n import _
from server.documents import rules as _gate  # noqa: F401 - registers the sentences of the gate, which hold here too
from server.exchange.models import Attachment, Package, Seal, Status, Verdict

register(
    ErrorSpec("exchange.not_edxml", 422, "Chưa nhận: đây không phải gói tin edXML (QCVN 102:2016/BTTTT)."),
    ErrorSpec("exchange.dtd", 422, "Chưa nhận: gói tin khai báo DTD hoặc thực thể, gói tin edXML không được có."),
    ErrorSpec("exchange.repeated", 422, "Chưa nhận: gói tin ghi hai lần phần “{name}”, không biết tin phần nào."),
    ErrorSpec("exchange.base64", 422, "Chưa nhận: nội dung tệp đính kèm trong gói tin không giải mã được."),
    ErrorSpec("exchange.not_issued", 409, "Chưa gửi: văn bản chưa phát hành, chỉ gửi được văn bản đã phát hành."),
    ErrorSpec("exchange.no_organ", 409, "Chưa gửi: {name} chưa có mã định danh trên trục liên thông."),
    ErrorSpec("exchange.bad_organ", 400, "Chưa lưu: mã định danh chỉ gồm chữ, số và dấu chấm, tối đa 13 ký tự."),
    ErrorSpec("exchange.organ_taken", 409, "Chưa lưu: mã định danh {organ_id} đang dùng cho {name}."),
    ErrorSpec("exchange.no_annex", 409, "Chưa gửi: phụ lục đã chọn chưa được ký kèm văn bản này, hoặc đã có bản khác."),
    ErrorSpec("exchange.no_recipients", 400, "Chưa gửi: chưa chọn cơ quan nhận."),
    ErrorSpec("exchange.self_check", 500, "Chưa gửi: gói tin vừa ký kiểm lại không đạt ({why})."),
    ErrorSpec("exchange.not_stuck", 409, "Chưa gửi lại: gói tin đã lên trục, hoặc đang được gửi."),
    ErrorSpec("exchange.answered", 409, "Chưa ghi: gói tin này đã được tiếp nhận hoặc trả lại."),
    ErrorSpec("exchange.no_remarks", 400, "Chưa trả lại: cần ghi lý do."),
    ErrorSpec("exchange.invalid", 409, "Chưa tiếp nhận: gói tin không hợp lệ, chỉ có thể trả lại nơi gửi."),
)

_CLERK = frozenset({Relation.CLERK})
PERMISSIONS: Mapping[str, frozenset[Relation]] = {
    "exchange.send": _CLERK,
    "exchange.read": _CLERK | {Relation.SECRETARIAT, Relation.CHAIR},
    "exchange.organ": frozenset({Relation.ADMINISTRATOR}),
    # Codes are known to everybody on the axis; what arrived is listed for the bodies whose clerk one is.
    "exchange.organs": frozenset({Relation.PERSON}),
    "exchange.arrivals": frozenset({Relation.PERSON}),
    "exchange.list": frozenset({Relation.PERSON}),
    "exchange.arrival": _CLERK,
    "exchange.answer": _CLERK,
}

# What may be wrong with a package, in the words that a clerk reads.
REASONS: Mapping[str, str] = {
    "unsigned": _("Gói tin không có chữ ký số"),
    "signature_misplaced": _("Chữ ký không nằm ở chỗ của chữ ký gói tin, hoặc có nhiều chữ ký"),
    "signature_partial": _("Chữ ký không bao trùm toàn bộ gói tin"),
    "signature_malformed": _("Chữ ký không đúng cấu trúc"),
    "algorithm_refused": _("Chữ ký dùng thuật toán yếu hoặc không được chấp nhận"),
    "digest_wrong": _("Nội dung gói tin đã thay đổi sau khi ký"),
    "signature_wrong": _("Chữ ký không khớp với chứng thư số"),
    "attachment_missing": _("Thiếu tệp đính kèm đã khai báo"),
    "attachment_undeclared": _("Có tệp đính kèm không khai báo"),
    "attachment_name": _("Tên tệp đính kèm có ký tự ẩn hoặc đường dẫn"),
    "attachment_empty": _("Tệp đính kèm rỗng"),
    "attachment_invalid": _("Tệp đính kèm có chữ ký không hợp lệ"),
    "attachment_unclear": _("Chữ ký trên tệp đính kèm chưa xác định được"),
    "no_attachment": _("Gói tin không có văn bản đính kèm"),
    "sender_missing": _("Thiếu mã định danh cơ quan gửi, hoặc mã sai"),
    "recipient_missing": _("Thiếu mã định danh cơ quan nhận, hoặc mã sai"),
    "code_missing": _("Thiếu số hoặc ký hiệu văn bản"),
    "date_wrong": _("Thiếu ngày ban hành, hoặc ngày sai"),
    "subject_missing": _("Thiếu trích yếu"),
    "document_id_wrong": _("Mã văn bản không khớp cơ quan gửi, ngày, số và ký hiệu"),
    "status_wrong": _("Mã trạng thái không có trong quy chuẩn"),
    "response_missing": _("Thiếu mã văn bản mà trạng thái nói đến"),
    # words of the library of signatures
    "no_trust_roots": _("Máy chủ chưa có chứng thư gốc để đối chiếu"),
    "issuer_untrusted": _("Chứng thư số không do tổ chức được tin cậy cấp"),
    "certificate_expired": _("Chứng thư số hết hạn"),
    "certificate_not_yet_valid": _("Chứng thư số chưa có hiệu lực"),
    "certificate_revoked": _("Chứng thư số đã bị thu hồi"),
    "certificate_wrong_purpose": _("Chứng thư số không dùng để ký văn bản"),
    "revocation_unknown": _("Chưa biết chứng thư số có bị thu hồi không"),
    "weak_algorithm": _("Chứng thư số dùng thuật toán yếu"),
    "trust_unclear": _("Chưa xác định được chuỗi chứng thư số"),
}

# Faults that say that something was taken out, put in or changed; and those that are only to be known.
_AGAINST = frozenset({"attachment_missing", "attachment_undeclared", "attachment_invalid"})
_REMARKS = frozenset({"attachment_name"})

MAX_PACKAGE_BYTES = 128 * 1024 * 1024
MAX_UNPACKED_BYTES = 2 * MAX_PACKAGE_BYTES  # of all files together, where the sender packed them
MAX_ATTACHMENTS = 200
MAX_ELEMENTS = 20_000
MAX_DEPTH = 32
MAX_TEXT = 256 * 1024  # characters of one element that is no attachment
MAX_NAME = 150

_ORGAN = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.]{0,11}[0-9A-Za-z])?")
_DAY = re.compile(r"(\d{4})/(\d{2})/(\d{2})")
# What XML 1.0 cannot carry (§2.2).
_UNWRITABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Codes by which a recipient tells how far a paper has come; a later one never takes back what an earlier one said.
STATUS_WORDS: Mapping[str, str] = {
    "01": "Đã đến", "02": "Từ chối tiếp nhận", "03": "Đã tiếp nhận", "04": "Đang chờ phân công",
    "05": "Đang xử lý", "06": "Đã hoàn thành", "13": "Đã thu hồi", "15": "Đồng ý thu hồi hoặc cập nhật",
    "16": "Từ chối thu hồi hoặc cập nhật",
}  # fmt: skip
Outgoing = Literal[
    "queued", "sent", "failed", "arrived", "refused", "received", "assigned", "working", "done", "recalled"
]
_STATES: Mapping[str, Outgoing] = {
    "01": "arrived", "02": "refused", "03": "received", "04": "assigned", "05": "working", "06": "done",
    "13": "recalled", "15": "recalled",
}  # fmt: skip
_ORDER: tuple[Outgoing, ...] = (
    "queued", "failed", "sent", "arrived", "received", "assigned", "working", "done", "refused", "recalled",
)  # fmt: skip
# An axis that does not answer is asked again after these seconds, then once an hour until somebody looks.
RETRY_SECONDS = (30, 120, 600, 1800, 3600)
ATTEMPTS = 48
LEASE_SECONDS = 180


def organ_is_well_formed(organ_id: str) -> bool:
    """Whether this can be the code of a body on the axis."""
    return _ORGAN.fullmatch(organ_id) is not None


def day_of(text: str) -> date | None:
    """The day that ``yyyy/MM/dd`` names, None if it names none."""
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def document_id(organ_id: str, day: date, number: str, notation: str) -> str:
    """The code of a paper among all papers of all bodies: ``000.00.01.H56,2026/11/22,15/GM-UBND``."""
    return f"{organ_id},{day:%Y/%m/%d},{number}/{notation}"


def document_id_parts(code: str) -> tuple[str, date, str, str] | None:
    """Body, day, number and notation of a paper's code; None if it is none."""
    organ_id, _, rest = code.partition(",")
    written, _, symbol = rest.partition(",")
    number, _, notation = symbol.partition("/")
    day = day_of(written)
    if not (organ_is_well_formed(organ_id) and day and number and notation):
        return None
    return organ_id, day, number, notation


def clean(text: str) -> str:
    """The text as this house keeps it and as XML can carry it."""
    return texts.words(_UNWRITABLE.sub("", text))


def safe_name(declared: str) -> str:
    """A file name without path, control characters and marks that turn the writing direction."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", declared))[-1]
    seen = "".join(one for one in last if unicodedata.category(one)[0] != "C")
    seen = re.sub(r'[<>:"|?*]', "_", seen).strip(" .")
    stem, dot, ending = seen.rpartition(".")
    if len(seen) > MAX_NAME and dot:
        seen = stem[: MAX_NAME - len(ending) - 1] + dot + ending
    return seen[:MAX_NAME] or "tep-dinh-kem"


def sentences(reasons: Iterable[str], lang: str = i18n.SOURCE) -> tuple[str, ...]:
    """The reasons as a clerk reads them."""
    return tuple(_sentence(one, lang) for one in reasons)


def _sentence(reason: str, lang: str) -> str:
    """A word of ``REASONS``, or the code by which the whole package was refused."""
    if reason in ERRORS:
        return i18n.text(lang, ERRORS[reason].text, limit_mib=MAX_PACKAGE_BYTES // 1024 // 1024, name="")
    return i18n.text(lang, REASONS.get(reason, reason))


def file_name(code: str) -> str:
    """What a package is called as a file: body, number and notation."""
    parts = document_id_parts(code)
    return safe_name(f"{parts[0]}_{parts[2]}-{parts[3]}.edxml".replace("/", "-")) if parts else "goi-tin.edxml"


def faults_of(package: Package, attachments: Iterable[Attachment]) -> tuple[str, ...]:
    """What the regulation asks of a package with a paper, and this one lacks."""
    head, found = package.message, []
    if not organ_is_well_formed(head.sender.organ_id):
        found.append("sender_missing")
    if not head.to or not all(organ_is_well_formed(one.organ_id) for one in head.to):
        found.append("recipient_missing")
    if not (head.code.code_number and head.code.code_notation):
        found.append("code_missing")
    day = day_of(head.promulgation_info.promulgation_date)
    if day is None:
        found.append("date_wrong")
    if not head.subject:
        found.append("subject_missing")
    written = document_id(head.sender.organ_id, day, head.code.code_number, head.code.code_notation) if day else ""
    if head.document_id and head.document_id != written:
        found.append("document_id_wrong")
    held = list(attachments)
    if not held:
        found.append("no_attachment")
    if any(one.name != one.declared for one in held):
        found.append("attachment_name")
    if any(not one.size for one in held):
        found.append("attachment_empty")
    return tuple(found)


def faults_of_attachments(attachments: Iterable[Attachment]) -> tuple[str, ...]:
    """What the signatures in the enclosed papers say against them."""
    given = {one.verdict for one in attachments}
    found = (("invalid", "attachment_invalid"), ("unclear", "attachment_unclear"))
    return tuple(word for verdict, word in found if verdict in given)


def verdict_of(seal: Seal, attachments: Iterable[Attachment], faults: Iterable[str]) -> Verdict:
    """What a received package is worth (Decree 30/2020/NĐ-CP, Art. 21: authentic and whole).

    Valid is what its sender sealed, with papers whose signatures hold and nothing missing. A package that nobody
    sealed, as some senders' are, is as good as the papers in it; one that lacks what the regulation asks is never
    quite valid.
    """
    given = set(faults)
    if given & _AGAINST:
        return "invalid"
    papers = [one.verdict for one in attachments if one.verdict is not None]
    formal: list[Verdict] = ["unclear"] if given - _AGAINST - _REMARKS else []
    return worst([*([seal.verdict] if seal.present else []), *papers, *formal])


def faults_of_status(status: Status) -> tuple[str, ...]:
    """The same for a status message."""
    found = []
    if not organ_is_well_formed(status.sender.organ_id):
        found.append("sender_missing")
    if status.status_code not in STATUS_WORDS:
        found.append("status_wrong")
    if document_id_parts(status.response_for.document_id) is None:
        found.append("response_missing")
    return tuple(found)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """One verdict for all: nothing is valid because something beside it is."""
    given = set(verdicts)
    return "valid" if given == {"valid"} else "invalid" if "invalid" in given else "unclear"


def after_status(state: Outgoing, code: str) -> Outgoing:
    """Where a paper stands at a recipient after this status; messages may arrive twice and in any order."""
    told = _STATES.get(code)
    return told if told and _ORDER.index(told) > _ORDER.index(state) else state


def may_go_again(state: Outgoing, due_at: datetime, now: datetime) -> bool:
    """Whether a package that is not on the axis yet may be handed over at once, without somebody doing so already."""
    return state == "failed" or (state == "queued" and due_at > now + timedelta(seconds=LEASE_SECONDS))


def after_attempt(*, taken: bool, attempts: int) -> tuple[Outgoing, int]:
    """What becomes of a package that was handed to the axis, and after how many seconds it is tried again."""
    if taken:
        return "sent", 0
    if attempts >= ATTEMPTS:
        return "failed", 0
    return "queued", RETRY_SECONDS[min(attempts, len(RETRY_SECONDS)) - 1]
