"""Reading a spreadsheet (.xlsx or CSV) into lines, and making the template. Reading runs in a bounded child."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from server.core.errors import DomainError, ErrorSpec, register
from server.directory.models import ImportLine
from server.directory.rules import columns

register(
    ErrorSpec("directory.not_a_sheet", 415, "Chưa nhập: tệp không phải Excel (.xlsx) hay CSV."),
    ErrorSpec("directory.old_excel", 415, "Chưa nhập: tệp Excel kiểu cũ hoặc có mật khẩu. Lưu lại thành .xlsx."),
    ErrorSpec("directory.broken_sheet", 422, "Chưa nhập: không đọc được tệp Excel này; tệp có thể đã hỏng."),
    ErrorSpec("directory.not_unicode", 422, "Chưa nhập: tệp CSV không phải mã UTF-8. Lưu lại: “CSV UTF-8”."),
)

_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# What the parts of a workbook may unpack to; a list of 20,000 posts needs a tenth of it.
_UNPACKED_MOST = 200 * 1024 * 1024
_EXAMPLE = {
    "body_code": "UBND-TG", "body_name": "Ủy ban nhân dân thành phố Tân Giang", "tier": "Cấp tỉnh",
    "person_code": "CB-0001", "full_name": "Nguyễn Văn Mẫu", "title": "Chuyên viên",
    "email": "mau@tangiang.example", "phone": "0900 000 001", "valid_from": "01/07/2025",
}  # fmt: skip


def read_sheet(path: str) -> tuple[ImportLine, ...]:
    """The rows of a file under its header. What a file is, its first bytes tell, not its name.

    Raises ``directory.not_a_sheet``, ``directory.old_excel``, ``directory.broken_sheet``, ``directory.not_unicode``,
    and what is wrong with the header or the number of rows.
    """
    content = Path(path).read_bytes()
    if content.startswith(_OLD_EXCEL):
        raise DomainError("directory.old_excel")
    return _lines(_workbook(content) if content.startswith(_ZIP) else _csv(content))


def _lines(rows: Iterable[tuple[object, ...]]) -> tuple[ImportLine, ...]:
    numbered = enumerate(rows, start=1)
    _first, header = next(numbered, (0, ()))
    fields = columns.fields_of(header)
    lines: list[ImportLine] = []
    for number, cells in numbered:
        line = columns.line_of(number, fields, cells)
        if line is not None:
            lines.append(line)
        if len(lines) > columns.ROWS_MOST:
            raise DomainError("directory.too_many_rows", limit=columns.ROWS_MOST)
    if not lines:
        raise DomainError("directory.no_rows")
    return tuple(lines)


def _workbook(content: bytes) -> Iterator[tuple[object, ...]]:
    import openpyxl  # noqa: PLC0415 - for children only
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - the same

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _UNPACKED_MOST:
                raise DomainError("directory.broken_sheet")  # noqa: TRY301 - passed on below
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size is not believed
        yield from sheet.iter_rows(values_only=True, max_col=columns.COLUMNS_MOST)
    except DomainError:
        raise
    except InvalidFileException as error:
        raise DomainError("directory.not_a_sheet") from error
    except Exception as error:  # the parser raises whatever a broken part makes it meet
        raise DomainError("directory.broken_sheet") from error


def _csv(content: bytes) -> Iterator[tuple[object, ...]]:
    encoding = _MARKS.get(content[:2], "utf-8-sig")
    if encoding == "utf-8-sig" and b"\x00" in content:
        raise DomainError("directory.not_a_sheet")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise DomainError("directory.not_unicode") from error
    header = text.partition("\n")[0]
    separator = max(",;\t", key=header.count)
    try:
        yield from (tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise DomainError("directory.not_a_sheet") from error


def template() -> bytes:
    """An .xlsx with every column, one made-up row, and cells that Excel keeps as text."""
    import openpyxl  # noqa: PLC0415 - a third of a second at every start
    from openpyxl.styles import Font  # noqa: PLC0415 - the same

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Danh bạ"
    sheet.freeze_panes = "A2"
    for column, (field, names) in enumerate(columns.HEADERS.items(), start=1):
        sheet.cell(1, column, names[0]).font = Font(bold=True)
        sheet.cell(2, column, _EXAMPLE.get(field)).number_format = "@"
        letter = sheet.cell(1, column).column_letter
        sheet.column_dimensions[letter].width = 24
        sheet.column_dimensions[letter].number_format = "@"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
