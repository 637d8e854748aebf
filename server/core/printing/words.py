"""How Vietnamese papers write numbers and dates, and which words may not be parted at the end of a line."""

import re
import textwrap
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_FIRST_PADDED_DAY, _LAST_PADDED_MONTH = 10, 2

_TITLE_LETTERS = 54  # at 14 pt bold, in 140 mm

_HARD = "\u00a0"
_TAG = re.compile(r"(<[^>]*>)")
_UNITS = (
    "tỷ|triệu|nghìn|đồng|tấn|kg|km|ha|m²|m³|m|phút|giờ|hộ|người|dự|xã|phường|điểm|trang|lượt|ngày|tháng|năm|bản|máy"
)
_PAIR = re.compile(
    rf"(?<![\w.,/])(?:\d[\d.,]*(?:/\d+)? (?:{_UNITS})(?!\w)"
    r"|(?:[Nn]gày|[Tt]háng|[Nn]ăm|[Qq]uý|[Đđ]iều|[Kk]hoản|[Đđ]iểm|[Bb]iểu|[Ss]ố|[Pp]hụ lục) (?:\d[\w./-]*|[IVX]+\b))"
)
_OF_TERRITORY = re.compile(
    r"^((?:[ỦU]y|Uỷ) ban nhân dân|Hội đồng nhân dân) ((?:thành phố|tỉnh|xã|phường|đặc khu|thị trấn) )", re.IGNORECASE
)
_NAME = r"(?:[^\W\d_a-zà-ỹ]\w*(?: |\b)){2,4}"
_PERSON = re.compile(rf"(?<=\b[Ôô]ng ){_NAME}|(?<=\b[Bb]à ){_NAME}")


def number(value: float | Decimal, decimals: int = 0) -> str:
    """Write a number as Vietnamese papers do: 8420 → "8.420", 6.25 with one decimal → "6,3"."""
    rounded = round(Decimal(str(value)), decimals)
    return f"{rounded:,.{decimals}f}".translate({ord(","): ".", ord("."): ","})


def long_date(value: date | datetime) -> str:
    """Write "ngày 05 tháng 02 năm 2026": days below 10 and months 1, 2 with a leading zero (Decree 30, App. I)."""
    day = f"{value.day:02}" if value.day < _FIRST_PADDED_DAY else str(value.day)
    month = f"{value.month:02}" if value.month <= _LAST_PADDED_MONTH else str(value.month)
    return f"ngày {day} tháng {month} năm {value.year}"


def short_date(value: date | datetime) -> str:
    """Write 27/11/2026."""
    return f"{value:%d/%m/%Y}"


def clock(value: datetime) -> str:
    """Write "08 giờ 00" in the time of Hanoi; `value` must carry its zone."""
    return f"{value.astimezone(HANOI):%H giờ %M}"


def weekday(value: date | datetime) -> str:
    """Return the name of the day, e.g. "Thứ Sáu"."""
    return _WEEKDAYS[value.weekday()]


def local(value: datetime) -> datetime:
    """Return `value` in the time of Hanoi."""
    return value.astimezone(HANOI)


def lines(text: str) -> Markup:
    """Escape `text` and keep its line breaks."""
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def balanced(text: str, most: int = _TITLE_LETTERS) -> str:
    """Break a title that is longer than `most` letters into lines of even length; one with line breaks stays."""
    if len(text) <= most or "\n" in text:
        return text
    wanted = -(-len(text) // most)
    for width in range(len(text) // wanted, most + 1):
        if len(parts := textwrap.wrap(text, width, break_long_words=False)) <= wanted:
            return "\n".join(parts)
    return text


def body(name: str) -> str:
    """Break the name of a people's committee or council before its territory, which is never parted in itself."""
    return _OF_TERRITORY.sub(r"\1\n\2", name)


def bind(html: str) -> str:
    """Put U+00A0 where a line may not break: between a number and its unit, in a date, in a person's name.

    Text inside `<svg>`, `<style>` and `<title>` is left alone. In the PDF the two spaces share one glyph, which reads
    back as a plain space (held by a test), so that searching for "8.420 tỷ" finds it.
    """
    closed_by, out = "", []
    for piece in _TAG.split(html):
        if piece.startswith("<"):
            opened = re.match(r"<(svg|style|title)\b", piece)
            if opened and not closed_by:
                closed_by = f"</{opened[1]}>"
            elif piece == closed_by:
                closed_by = ""
            out.append(piece)
        else:
            out.append(piece if closed_by else _PERSON.sub(_keep, _PAIR.sub(_keep, piece)))
    return "".join(out)


def _keep(match: re.Match[str]) -> str:
    text = match[0]
    end = len(text.rstrip())
    return text[:end].replace(" ", _HARD) + text[end:]
