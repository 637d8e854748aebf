"""Decisions of drafting: who writes, what a paper lacks before it is printed, when a draft is closed. Pure."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from server.core.access import Relation
from server.core.errors import DomainError, ErrorSpec, register
from server.drafting.wire import DraftKind, DraftText

register(
    ErrorSpec(
        "drafting.changed", 409, "Chưa lưu: {name} đã sửa bản soạn này sau lần mở ở máy này. Mở bản mới rồi sửa tiếp."
    ),
    ErrorSpec("drafting.too_long", 400, "Chưa lưu: văn bản quá dài. Tách phần dài thành phụ lục."),
    ErrorSpec("drafting.no_subject", 409, "Chưa lập văn bản: chưa ghi trích yếu."),
    ErrorSpec("drafting.no_issuer", 409, "Chưa lập văn bản: chưa ghi cơ quan ban hành."),
    ErrorSpec("drafting.no_text", 409, "Chưa lập văn bản: chưa có nội dung."),
    ErrorSpec("drafting.no_recipient", 409, "Chưa lập văn bản: chưa ghi nơi gửi công văn."),
    ErrorSpec("drafting.no_power", 409, "Chưa lập văn bản: chưa ghi thẩm quyền ban hành."),
    ErrorSpec("drafting.no_signer", 409, "Chưa lập văn bản: chưa chọn người ký."),
    ErrorSpec("drafting.no_secretary", 409, "Chưa lập biên bản: chưa ghi chủ tọa và thư ký."),
    ErrorSpec("drafting.no_time", 409, "Chưa lập biên bản: chưa ghi giờ bắt đầu và giờ kết thúc."),
    ErrorSpec("drafting.ends_before_start", 409, "Chưa lập biên bản: giờ kết thúc không sau giờ bắt đầu."),
    ErrorSpec("drafting.attendance", 409, "Chưa lập biên bản: còn {count} người chưa rõ có mặt hay vắng mặt."),
    ErrorSpec("drafting.signed", 409, "Chưa lập bản mới: văn bản này đã có chữ ký. Soạn văn bản khác để thay."),
    ErrorSpec("drafting.on_its_way", 409, "Chưa lập bản mới: văn bản đang trình ký. Rút trình ký trước."),
)

_DESK = frozenset({Relation.SECRETARIAT})
PERMISSIONS: Mapping[str, frozenset[Relation]] = {"drafting.write": _DESK, "drafting.read": _DESK}

# A draft in one row; a hundred pages of text are a third of it.
MOST_BYTES: Final = 1024 * 1024
NAMES: Mapping[DraftKind, str] = {
    "notice": "Thông báo", "minutes": "Biên bản", "decision": "Quyết định", "resolution": "Nghị quyết",
    "letter": "Công văn",
}  # fmt: skip
DECIDING: Final = frozenset({"decision", "resolution"})


def cleaned(text: DraftText) -> DraftText:
    """The text as it is kept: NFC. Raises ``drafting.too_long``."""
    encoded = msgspec.json.encode(text)
    if len(encoded) > MOST_BYTES:
        raise DomainError("drafting.too_long")
    return msgspec.json.decode(unicodedata.normalize("NFC", encoded.decode()), type=DraftText)


def mark_of(draft_id: str) -> str:
    """What a draft is called in streams: the chair hears the desk's too, who is told of no draft. It leads to none."""
    return hashlib.sha256(draft_id.encode()).hexdigest()[:32]


def title_of(kind: DraftKind, text: DraftText) -> str:
    """What the paper is called among the papers: its kind and what it is about."""
    about = " ".join(text.subject.split())
    if kind == "letter":
        about = f"V/v {about}" if about else ""
    return f"{NAMES[kind]} {about}".strip()[:500]


def require_revision(held: int, given: int, changed_by: str) -> None:
    """Raise ``drafting.changed`` unless it is the last revision that is acted on."""
    if held != given:
        raise DomainError("drafting.changed", name=changed_by)


def require_complete(kind: DraftKind, text: DraftText) -> None:
    """Raise what a paper of this kind lacks before it can be printed, as ``drafting.no_…``."""
    if not text.subject.strip():
        raise DomainError("drafting.no_subject")
    if not text.issuer.strip():
        raise DomainError("drafting.no_issuer")
    if not any(part.heading.strip() or part.text.strip() for part in text.parts):
        raise DomainError("drafting.no_text")
    if kind in DECIDING and not text.power.strip():
        raise DomainError("drafting.no_power")
    if kind == "letter" and not any(line.strip() for line in text.to):
        raise DomainError("drafting.no_recipient")
    if not text.signer.name.strip():
        raise DomainError("drafting.no_signer")
    if kind == "minutes":
        _require_sitting(text)


def _require_sitting(text: DraftText) -> None:
    sitting = text.sitting
    if not (text.secretary.name.strip() and sitting.chair.strip() and sitting.secretary.strip()):
        raise DomainError("drafting.no_secretary")
    starts, ends = moment(sitting.starts_at), moment(sitting.ends_at)
    if starts is None or ends is None:
        raise DomainError("drafting.no_time")
    if ends <= starts:
        raise DomainError("drafting.ends_before_start")
    unknown = sum(each.state == "unknown" for each in sitting.attendance)
    if unknown:
        raise DomainError("drafting.attendance", count=unknown)


def moment(value: str | None) -> datetime | None:
    """A moment with its zone, or None for anything else."""
    try:
        found = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def same(one: Any, other: Any) -> bool:  # noqa: ANN401 - two messages of one type
    """Whether two messages say the same."""
    return bool(msgspec.json.encode(one) == msgspec.json.encode(other))
