"""What the check of a draft's format finds, in words, and which official fields a dossier's steps need. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from server.core.errors import DomainError, ErrorSpec, register, text
from server.signatures.rules.numbering import DATE_FIELD, NUMBER_FIELD, SEAL_FIELD
from server.signatures.wire import Finding

if TYPE_CHECKING:
    from server.signatures.wire import Dossier

SIGNATURE_FIELD, SECRETARY_FIELD, INITIAL_FIELD = "ChuKy", "ChuKyThuKy", "KyNhay"
# With a number behind it: of those who sign minutes beside chair and secretary.
MEMBER_FIELD = "ChuKyThanhVien"
_OF_ACT: Mapping[str, tuple[str, ...]] = {
    "sign": (SIGNATURE_FIELD,), "number": (NUMBER_FIELD, DATE_FIELD), "seal": (SEAL_FIELD,),
}  # fmt: skip
OFFICIAL_FIELDS = frozenset(name for names in _OF_ACT.values() for name in names)

FIELD_MISSING = "signatures.format_no_field"
# A code with its values.
Refusal: TypeAlias = tuple[str, dict[str, str | int]]

register(
    ErrorSpec(
        "signatures.format_no_field", 422, "Thiếu ô “{field}” trên trang. In lại từ mẫu hoặc đặt ô này, rồi trình ký."
    ),
)


def wanted_fields(dossier: Dossier) -> tuple[str, ...]:
    """The official fields that the steps of a dossier fill, in the order of acts; minutes have no line for a date."""
    acts = {step.act for step in dossier.steps}
    wanted = tuple(name for act, names in _OF_ACT.items() if act in acts for name in names)
    return tuple(name for name in wanted if name != DATE_FIELD or dossier.paper_kind != "minutes")


def missing_fields(there: Iterable[str], wanted: Sequence[str]) -> tuple[str, ...]:
    """Official fields that are missing, of a paper that was printed from a template: one that has any of them."""
    known = set(there)
    return tuple(name for name in wanted if name not in known) if known & OFFICIAL_FIELDS else ()


def findings_of(refusals: Iterable[Refusal]) -> tuple[Finding, ...]:
    """Findings with their Vietnamese sentences, from codes and values."""
    return tuple(Finding(code=code, args=args, text=text(DomainError(code, **args), "vi")) for code, args in refusals)
