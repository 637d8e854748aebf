"""Numbers of issued papers: which series one is of, how number, symbol and date are written, what a day is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

from server.core import texts
from server.core.errors import DomainError, ErrorSpec, register

if TYPE_CHECKING:
    from server.signatures.wire import PaperKind

register(
    ErrorSpec(
        "signatures.number_no_fields",
        422,
        "Chưa cấp số: văn bản chưa có ô số và ô ngày, tháng. Trả lại để đặt hai ô này trên trang, rồi trình ký lại.",
    ),
    ErrorSpec(
        "signatures.seal_no_field",
        422,
        "Chưa cấp số: văn bản chưa có ô con dấu. Trả lại để đặt ô này trên trang, rồi trình ký lại.",
    ),
    ErrorSpec("signatures.number_struck", 409, "Chưa cấp số: số {symbol} của hồ sơ này đã bỏ trong sổ văn bản đi."),
    ErrorSpec("signatures.number_moved", 409, "Chưa cấp số: văn bản đã có bản khác. Mở lại hồ sơ."),
    ErrorSpec("signatures.series_open", 409, "Chưa ghi: sổ này đã có số, không đặt lại số bắt đầu được."),
    ErrorSpec("signatures.book_entry_invalid", 400, "Chưa ghi: cần trích yếu, người ký và số bản hợp lệ."),
    ErrorSpec("signatures.code_invalid", 400, "Chưa ghi: ký hiệu chỉ gồm chữ, số và dấu gạch nối, có căn cứ kèm theo."),
)

# A day begins at midnight in Hanoi, wherever the server stands.
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NUMBER_FIELD, DATE_FIELD, SEAL_FIELD = "So", "NgayThang", "ConDau"
# Decree 30/2020/NĐ-CP, Annex III, part I. An official letter has no letters of its own kind.
LETTERS: Mapping[PaperKind, str] = {
    "invitation": "GM", "notice": "TB", "minutes": "BB", "decision": "QĐ", "resolution": "NQ",
    "letter": "", "other": "",
}  # fmt: skip
CODE_CHARACTERS = 40
MOST = 1_000_000
TEXT_CHARACTERS = 1000
_LEADING_NUMBER = re.compile(r"^\s*\d*\s*/?\s*")
_CODE = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


class Series(Struct, frozen=True, kw_only=True):
    """A series of numbers: 01, 02, … of one body, year and kind of paper.

    ``code`` is empty for the body's own; a council or board that issues under this body's roof has its own series
    under its letters (Decree 30/2020/NĐ-CP, Annex I, II.3).
    """

    body_id: str
    year: int
    paper_kind: PaperKind
    code: str = ""


def day_of(moment: datetime) -> date:
    """The day of a moment as the body's calendar has it."""
    return moment.astimezone(_ZONE).date()


def dated(today: date, last: str | None) -> date:
    """The date of the next number of a series: today, but never before the one ahead, should a clock have gone back."""
    return today if last is None else max(today, date.fromisoformat(last))


def written(number: int) -> str:
    """A number as it is printed: below ten with a leading zero."""
    return f"{number:02}"


def notation(symbol: str, paper_kind: PaperKind, body_letters: str) -> str:
    """What follows the number: as it is printed on the paper already, else the letters of kind and body: GM-UBND."""
    printed = _LEADING_NUMBER.sub("", unicodedata.normalize("NFC", symbol)).strip()
    return printed or "-".join(part for part in (LETTERS[paper_kind], body_letters) if part)


def symbol(number: int, notation: str) -> str:
    """Number and notation as they are cited: 05/GM-UBND; a number alone where there is no notation."""
    return f"{written(number)}/{notation}" if notation else written(number)


def code_of(notation: str, codes: Collection[str]) -> str:
    """Which of the codes that have a series of their own a notation names; empty for the body's own series."""
    parts = re.split(r"[-/]", notation)
    named = [code for code in codes if code in parts or notation == code or notation.endswith(f"-{code}")]
    return max(named, key=len, default="")


def code(given: str) -> str:
    """Letters of a council or board as they are kept. Raises ``signatures.code_invalid``."""
    text = unicodedata.normalize("NFC", given).strip().upper()
    if not _CODE.fullmatch(text) or len(text) > CODE_CHARACTERS:
        raise DomainError("signatures.code_invalid")
    return text


def line(given: str, *, needed: bool = False) -> str:
    """A line of the book as it is kept. Raises ``signatures.book_entry_invalid`` where it is needed and empty."""
    text = texts.line(given)
    if (needed and not text) or len(text) > TEXT_CHARACTERS:
        raise DomainError("signatures.book_entry_invalid")
    return text


def require_fields(found: Collection[str], paper_kind: PaperKind, *, seal: bool) -> None:
    """Raise unless a file has the empty fields that a number needs, and the seal's where one is to follow.

    A number is never taken for a file that could not bear it. Minutes have no line for a date (form 1.9).
    """
    needed = {NUMBER_FIELD} if paper_kind == "minutes" else {NUMBER_FIELD, DATE_FIELD}
    if not needed <= set(found):
        raise DomainError("signatures.number_no_fields")
    if seal and SEAL_FIELD not in found:
        raise DomainError("signatures.seal_no_field")
