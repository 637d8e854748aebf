"""The columns of an import: which header means which field, and how a cell is read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from server.core.errors import DomainError, ErrorSpec, register
from server.directory.models import ImportLine
from server.directory.rules import clean, fold

register(
    ErrorSpec("directory.no_header", 422, "Chưa nhập: dòng đầu phải có cột “{column}”."),
    ErrorSpec("directory.unknown_column", 422, "Chưa nhập: không hiểu cột “{column}”. Dùng tên cột như tệp mẫu."),
    ErrorSpec("directory.column_twice", 422, "Chưa nhập: có hai cột cùng nghĩa “{column}”."),
    ErrorSpec("directory.too_many_rows", 422, "Chưa nhập: tệp có hơn {limit} dòng. Chia thành nhiều tệp."),
    ErrorSpec("directory.no_rows", 422, "Chưa nhập: tệp không có dòng nào dưới dòng tiêu đề."),
)

# More than any province has posts in one file, and still read within the time of an import.
ROWS_MOST = 20_000
COLUMNS_MOST = 40
CELL_MOST = 1_000

# Field → the header of the template, then what else is seen for it; compared folded, by letters and figures alone.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "body_code": ("Mã đơn vị", "ma dv", "ma co quan"),
    "body_name": ("Tên đơn vị", "don vi", "ten dv", "co quan", "ten co quan"),
    "parent_code": ("Đơn vị cấp trên", "ma don vi cap tren", "cap tren", "truc thuoc"),
    "tier": ("Cấp", "cap chinh quyen", "cap hanh chinh"),
    "person_code": ("Mã cán bộ", "ma cb", "ma cbccvc", "ma nhan vien", "ma cong chuc"),
    "full_name": ("Họ tên", "ho va ten", "ho ten can bo"),
    "title": ("Chức vụ", "chuc danh"),
    "email": ("Email", "e mail", "thu dien tu", "hop thu", "dia chi thu"),
    "phone": ("Điện thoại", "so dien thoai", "di dong", "sdt"),
    "valid_from": ("Từ ngày", "ngay bat dau", "ngay bo nhiem"),
    "valid_to": ("Đến ngày", "ngay ket thuc", "ngay thoi giu chuc vu"),
}
# Columns that a list usually has and that say nothing here.
_IDLE = {"", "stt", "so tt", "tt", "ghi chu"}
_TIERS = {
    "city": "city", "cap tinh": "city", "tinh": "city", "thanh pho": "city", "cap thanh pho": "city",
    "commune": "commune", "cap xa": "commune", "xa": "commune", "phuong": "commune", "dac khu": "commune",
    "district": "district", "cap huyen": "district", "huyen": "district", "quan": "district",
}  # fmt: skip
_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
# Excel keeps a number without its first nought; a Vietnamese number without it has nine or ten figures.
_NUMBER_WITHOUT_NOUGHT = re.compile(r"[1-9]\d{8,9}")


def _key(header: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(header)))


_FIELD_OF = {_key(name): field for field, names in HEADERS.items() for name in names}


def fields_of(header: Sequence[object]) -> list[str | None]:
    """The field of each column, None for one that is left out.

    Raises ``directory.unknown_column``, ``directory.column_twice``, and ``directory.no_header`` without a code of body.
    """
    fields: list[str | None] = []
    for cell in header[:COLUMNS_MOST]:
        shown = text_of(cell)
        field = _FIELD_OF.get(_key(shown))
        if field is None and _key(shown) not in _IDLE:
            raise DomainError("directory.unknown_column", column=shown[:60])
        if field is not None and field in fields:
            raise DomainError("directory.column_twice", column=HEADERS[field][0])
        fields.append(field)
    if "body_code" not in fields:
        raise DomainError("directory.no_header", column=HEADERS["body_code"][0])
    return fields


def line_of(row: int, fields: Sequence[str | None], cells: Sequence[object]) -> ImportLine | None:
    """A row as text, or None for an empty one."""
    given = {field: text_of(cell) for field, cell in zip(fields, cells, strict=False) if field is not None}
    if not any(given.values()):
        return None
    for field in ("valid_from", "valid_to"):
        given[field] = _day(given.get(field, ""))
    if _NUMBER_WITHOUT_NOUGHT.fullmatch(given.get("phone", "")):
        given["phone"] = "0" + given["phone"]
    tier = given.get("tier", "")
    given["tier"] = _TIERS.get(_key(tier), tier)
    return ImportLine(row=row, **given)


def text_of(cell: object) -> str:
    """A cell as text: days ISO, whole numbers without a point, NFC, at most a thousand signs."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return clean(str(cell)[:CELL_MOST])


def _day(shown: str) -> str:
    """``31/12/2025`` as ``2025-12-31``; what is no such day stays as it is and is refused with its row."""
    found = _DAY.fullmatch(shown)
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else shown
