"""Pure decisions of the directory: who may do what, how names are folded for search, which dates fit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from server.core import texts
from server.core.access import Actor, Relation
from server.core.errors import DomainError, ErrorSpec, register

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.core.db import Read
    from server.directory.wire import BodyView

PERMISSIONS: Mapping[str, frozenset[Relation]] = {
    "directory.read": frozenset({Relation.PERSON}),
    "directory.change": frozenset({Relation.ADMINISTRATOR}),
    "directory.import": frozenset({Relation.ADMINISTRATOR}),
}

CODE_LENGTH = 64
NAME_LENGTH = 300
HOUSE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

register(
    ErrorSpec("directory.code_taken", 409, "Chưa ghi: mã “{code}” đã có."),
    ErrorSpec("directory.no_body", 409, "Chưa ghi: không có đơn vị này."),
    ErrorSpec("directory.no_tier", 409, "Chưa ghi: không có cấp “{tier}” vào ngày {day}."),
    ErrorSpec("directory.bad_code", 400, "Chưa ghi: mã phải có từ 1 đến 64 chữ, số hoặc dấu . _ - /."),
    ErrorSpec("directory.bad_name", 400, "Chưa ghi: tên còn trống hoặc dài quá 300 chữ."),
    ErrorSpec("directory.bad_email", 400, "Chưa ghi: địa chỉ thư “{email}” không đúng."),
    ErrorSpec("directory.bad_phone", 400, "Chưa ghi: số điện thoại “{phone}” không đúng."),
    ErrorSpec("directory.bad_day", 400, "Chưa ghi: ngày “{day}” không đúng."),
    ErrorSpec("directory.post_twice", 409, "Chưa ghi: người này đang giữ chức vụ “{title}” ở đơn vị này."),
    ErrorSpec(
        "directory.body_above_itself", 409, "Chưa ghi: đơn vị không thể trực thuộc chính nó hoặc cấp dưới của nó."
    ),
    ErrorSpec(
        "directory.body_in_use",
        409,
        "Chưa ghi: sau ngày {day} còn {bodies} đơn vị trực thuộc và {posts} chức vụ chưa kết thúc ở đơn vị này.",
    ),
    ErrorSpec("directory.days_reversed", 409, "Chưa ghi: ngày kết thúc trước ngày bắt đầu {day}."),
)

_CODE = re.compile(r"[\w.\-/]{1,64}")
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")
_ISO_DAY = re.compile(r"\A([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
_PHONE = re.compile(r"\+?[0-9][0-9 .\-()]{5,24}")


def relation_to_person(_read: Read, actor: Actor, person_id: str) -> set[Relation]:
    """SELF, for the person that an object is."""
    return {Relation.SELF} if actor.person_id == person_id else set()


def today(now: datetime) -> str:
    """The day in Viet Nam at a moment, as an ISO date."""
    return now.astimezone(HOUSE_ZONE).date().isoformat()


def midnight(day: str) -> datetime:
    """The moment, in UTC, at which an ISO day begins in Viet Nam."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), HOUSE_ZONE).astimezone(UTC)


def next_day(day: str) -> str:
    """The ISO day after."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def clean(text: str) -> str:
    """Text as it is stored: one line, single spaces."""
    return texts.line(text)


def fold(text: str) -> str:
    """Text as it is searched: lower case, marks dropped, đ as d, single spaces."""
    spread = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(each for each in spread if not unicodedata.combining(each)).split())


def sort_key(full_name: str) -> str:
    """The order of a Vietnamese list of names: by the given name, which stands last, then by the rest."""
    rest, _space, given = fold(full_name).rpartition(" ")
    return f"{given} {rest}"


def check_code(code: str) -> str:
    """A code as stored. Raises ``directory.bad_code``."""
    code = clean(code)
    if not _CODE.fullmatch(code):
        raise DomainError("directory.bad_code")
    return code


def check_name(name: str) -> str:
    """A name or title as stored. Raises ``directory.bad_name``."""
    name = clean(name)
    if not name or len(name) > NAME_LENGTH:
        raise DomainError("directory.bad_name")
    return name


def check_email(email: str | None) -> str | None:
    """An address as stored, None where empty. Raises ``directory.bad_email``."""
    email = clean(email or "")
    if email and not _EMAIL.fullmatch(email):
        raise DomainError("directory.bad_email", email=email[:100])
    return email or None


def check_phone(phone: str | None) -> str | None:
    """A number as stored, None where empty. Raises ``directory.bad_phone``."""
    phone = clean(phone or "")
    if phone and not _PHONE.fullmatch(phone):
        raise DomainError("directory.bad_phone", phone=phone[:100])
    return phone or None


def check_day(day: str) -> str:
    """An ISO day (2025-07-01). Raises ``directory.bad_day``."""
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise DomainError("directory.bad_day", day=shown_day(day)[:40]) from error


def check_days(first: str, last: str | None) -> None:
    """Raise ``directory.days_reversed`` where the last day lies before the first."""
    if last is not None and last < first:
        raise DomainError("directory.days_reversed", day=shown_day(first))


def shown_day(day: str) -> str:
    """A day as people here write it, 01/07/2025, even one that no calendar has; what is no ISO day stays as it is."""
    return _ISO_DAY.sub(r"\3/\2/\1", day)


def in_force(first: str, last: str | None, day: str) -> bool:
    """Whether ``day`` lies in a dated row; the last day is still inside."""
    return first <= day and (last is None or day <= last)


def by_descent(bodies: Iterable[BodyView]) -> tuple[BodyView, ...]:
    """Bodies with each parent before its children, siblings in the given order.

    A body whose parent is not among them (it has ended) stands at the top, and so does one in a circle.
    """
    listed = list(bodies)
    present = {body.id for body in listed}
    children: dict[str | None, list[BodyView]] = {}
    for body in listed:
        children.setdefault(body.parent_id if body.parent_id in present else None, []).append(body)
    ordered: dict[str, BodyView] = {}
    for root in [*children.get(None, []), *listed]:
        waiting = [root]
        while waiting:
            body = waiting.pop()
            if body.id not in ordered:
                ordered[body.id] = body
                waiting.extend(reversed(children.get(body.id, [])))
    return tuple(ordered.values())
