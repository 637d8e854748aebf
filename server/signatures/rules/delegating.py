"""Who may sign for whom: whether an entrustment holds at a moment, and how it is printed above the signature. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from server.core import texts
from server.core.errors import DomainError, ErrorSpec, register
from server.signatures.rules.numbering import day_of

if TYPE_CHECKING:
    from server.signatures.wire import Capacity, Delegation, DelegationGive, PaperKind, Step

POST_CHARACTERS: Final = 200
# The head stands for the collective by office (Decree 30/2020/NĐ-CP, Article 13); the rest is entrusted, for a time.
_BY_OFFICE: Final = frozenset({"", "TM."})
# An acting head has nobody to stand for but the post itself.
_OF_A_PERSON: Final = frozenset({"KT.", "TL.", "TUQ."})
_LONGEST: Final = timedelta(days=3660)

register(
    ErrorSpec("signatures.delegation_none", 403, "Chưa ký: {name} chưa được giao ký {capacity} {acting_for}."),
    ErrorSpec("signatures.delegation_not_yet", 403, "Chưa ký: đến {since} mới được ký {capacity} {acting_for}."),
    ErrorSpec("signatures.delegation_expired", 403, "Chưa ký: hết hạn ký {capacity} {acting_for} từ {until}."),
    ErrorSpec(
        "signatures.delegation_other_kind", 403, "Chưa ký: được ký {capacity} {acting_for}, nhưng không phải loại này."
    ),
    ErrorSpec("signatures.delegation_dates", 400, "Chưa lưu: ngày kết thúc phải sau ngày bắt đầu, tối đa 10 năm."),
    ErrorSpec("signatures.delegation_self", 400, "Chưa lưu: người giao và người được giao là một."),
    ErrorSpec("signatures.delegation_from", 400, "Chưa lưu: ký {capacity} phải ghi người giao."),
    ErrorSpec("signatures.delegation_capacity", 400, "Chưa lưu: chọn TM., KT., TL., TUQ. hoặc Q."),
    ErrorSpec("signatures.delegation_post", 400, "Chưa lưu: ghi chức vụ hoặc cơ quan ký thay, tối đa {limit} ký tự."),
    ErrorSpec("signatures.delegation_ended", 409, "Chưa ghi: việc giao ký này đã kết thúc."),
)


def require_standing(
    step: Step, paper_kind: PaperKind, given: Iterable[Delegation], now: datetime, *, official: bool
) -> None:
    """Raise unless a person may sign now in the capacity of a step.

    ``given``: what the person was entrusted with in the paper's body; ``official``: chairs, or is an official of the
    body, and so signs in their own name and for the collective. Raises ``signatures.not_allowed_now``,
    ``signatures.delegation_none``, ``_not_yet``, ``_expired``, ``_other_kind``.
    """
    if step.capacity in _BY_OFFICE and official:
        return
    if not step.capacity:
        raise DomainError("signatures.not_allowed_now")
    of_this = _of_step(step, given)
    named = {"capacity": step.capacity, "acting_for": step.acting_for}
    if not of_this:
        raise DomainError("signatures.delegation_none", name=step.person_name, **named)
    in_force = [each for each in of_this if _begins(each) <= now < _ends(each)]
    if any(not each.kinds or paper_kind in each.kinds for each in in_force):
        return
    if in_force:
        raise DomainError("signatures.delegation_other_kind", **named)
    coming = min((_begins(each) for each in of_this if _begins(each) > now and not each.ended_at), default=None)
    if coming is not None:
        raise DomainError("signatures.delegation_not_yet", since=_day(coming), **named)
    raise DomainError("signatures.delegation_expired", until=_day(max(_ends(each) for each in of_this)), **named)


def require_hope(step: Step, given: Iterable[Delegation], *, official: bool) -> None:
    """Raise unless a person may sign a step now, or was entrusted with it for some other day.

    Raises ``signatures.not_official``, ``signatures.delegation_none``.
    """
    if official and step.capacity in _BY_OFFICE:
        return
    if not step.capacity:
        raise DomainError("signatures.not_official", name=step.person_name)
    if not _of_step(step, given):
        named = {"capacity": step.capacity, "acting_for": step.acting_for}
        raise DomainError("signatures.delegation_none", name=step.person_name, **named)


def require_entry(command: DelegationGive) -> tuple[datetime, datetime, str]:
    """From when and until when, and the post as it is printed. Raises ``signatures.delegation_…``."""
    if not command.capacity:
        raise DomainError("signatures.delegation_capacity")
    if command.capacity in _OF_A_PERSON and not command.from_id:
        raise DomainError("signatures.delegation_from", capacity=command.capacity)
    if command.from_id == command.to_id:
        raise DomainError("signatures.delegation_self")
    post = texts.line(command.acting_for)
    if not 0 < len(post) <= POST_CHARACTERS:
        raise DomainError("signatures.delegation_post", limit=POST_CHARACTERS)
    try:
        begins, ends = datetime.fromisoformat(command.valid_from), datetime.fromisoformat(command.valid_until)
        length = ends - begins
    except (ValueError, TypeError) as error:
        raise DomainError("signatures.delegation_dates") from error
    if begins.tzinfo is None or ends.tzinfo is None or not timedelta(0) < length <= _LONGEST:
        raise DomainError("signatures.delegation_dates")
    return begins, ends, post


def signature_block(capacity: Capacity, acting_for: str, post: str, *, collective: str = "") -> tuple[str, ...]:
    """The lines above a signature, in capitals (Decree 30/2020/NĐ-CP, Annex I, II.7).

    "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"; ``collective``: for which body the represented post itself stands, which gives
    "TM. ỦY BAN NHÂN DÂN" above them. An acting head has the letters before the post: "Q. GIÁM ĐỐC".
    """
    lines = [f"TM. {collective}"] if collective and capacity != "TM." else []
    if capacity == "Q.":
        lines.append(f"Q. {acting_for or post}")
    else:
        lines += [f"{capacity} {acting_for}"] if capacity else []
        lines += [post] if post else []
    return tuple(" ".join(line.split()).upper() for line in lines)


def same_post(one: str, other: str) -> bool:
    """Whether two posts are the same but for case and spaces."""
    return _folded(one) == _folded(other)


def _of_step(step: Step, given: Iterable[Delegation]) -> list[Delegation]:
    """What was ever entrusted in the capacity of a step, for the post that it stands for."""
    return [
        each for each in given if each.capacity == step.capacity and same_post(each.acting_for, step.acting_for)
    ]  # fmt: skip


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def _begins(one: Delegation) -> datetime:
    return datetime.fromisoformat(one.valid_from)


def _ends(one: Delegation) -> datetime:
    """The end as it was foreseen, or the moment when it was taken back."""
    return min(datetime.fromisoformat(each) for each in (one.valid_until, one.ended_at) if each)


def _day(moment: datetime) -> str:
    return f"{day_of(moment):%d/%m/%Y}"
