"""When the agency's seal may be set, what an annex is, what a copy may hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from server.core.errors import DomainError, ErrorSpec, register

if TYPE_CHECKING:
    from server.documents.wire import Paper
    from server.signatures.wire import CopyKind, Dossier

register(
    ErrorSpec("signatures.seal_before_number", 409, "Chưa đóng dấu: văn bản chưa có số. Cấp số trước rồi đóng dấu."),
    ErrorSpec(
        "signatures.seal_no_image", 409, "Chưa đóng dấu: cơ quan chưa đăng ký ảnh con dấu. Báo quản trị hệ thống."
    ),
    ErrorSpec(
        "signatures.seal_unsound",
        409,
        "Chưa đóng dấu: chữ ký hoặc số, ngày trên văn bản không khớp hồ sơ ({why}). Kiểm tra lại văn bản.",
    ),
    ErrorSpec(
        "signatures.not_an_annex", 409, "Chưa ký phụ lục: chọn văn bản khác, chưa ký, cùng nội dung với văn bản này."
    ),
    ErrorSpec("signatures.not_issued", 409, "Chưa sao: chỉ sao văn bản đã phát hành."),
    ErrorSpec(
        "signatures.copy_pages", 400, "Chưa sao: trích sao cần chọn trang có trong văn bản; sao khác thì cả văn bản."
    ),
)

_NUMBERED = frozenset({"numbered", "sealed", "issued", "delivered"})
_ISSUED = frozenset({"issued", "delivered"})
OFFICIAL_FIELD = "ChuKy"


def require_numbered(dossier: Dossier) -> None:
    """Raise unless a paper has its number: what is sealed is closed, and cannot be numbered any more."""
    if dossier.number is None or dossier.dated is None:
        raise DomainError("signatures.seal_before_number")


def official_field(signed: Sequence[str]) -> str:
    """The signature that the seal covers a third of: the official's field, or the last that is named like it."""
    named = [field for field in signed if field.startswith(OFFICIAL_FIELD)]
    return OFFICIAL_FIELD if OFFICIAL_FIELD in named or not named else named[-1]


def is_numbered(dossier: Dossier) -> bool:
    """Whether a paper has its number and has not ended: its annexes are signed beside it."""
    return dossier.state in _NUMBERED


def require_annex(dossier: Dossier, paper: Paper | None, seen: str) -> None:
    """Raise unless a paper may be signed as an annex of a numbered one, in the bytes that were seen."""
    if not is_numbered(dossier):
        raise DomainError("signatures.seal_before_number")
    if paper is None or paper.version is None or paper.id == dossier.paper_id or paper.item_id != dossier.item_id:
        raise DomainError("signatures.not_an_annex")
    if paper.version.signed:
        raise DomainError("signatures.not_an_annex")
    if paper.version.sha256 != seen.lower():
        raise DomainError("signatures.other_bytes")


def require_copyable(dossier: Dossier) -> None:
    """Raise unless a paper is issued: of nothing else are copies made."""
    if dossier.state not in _ISSUED:
        raise DomainError("signatures.not_issued")


def copied_pages(copy_kind: CopyKind, pages: Sequence[int], count: int) -> tuple[int, ...]:
    """The pages of a copy, rising and each once: some for TRÍCH SAO, all (none named) for the others."""
    wanted = tuple(sorted(set(pages)))
    if (copy_kind == "TRÍCH SAO") != bool(wanted) or any(not 1 <= page <= count for page in wanted):
        raise DomainError("signatures.copy_pages")
    return wanted
