"""Spreadsheets of bodies, posts and people as offices send them, and taking them over."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import openpyxl

from server.core.access import Role
from server.directory import actions
from server.directory.wire import ImportQuery
from tests.support.house import actor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from server.core.context import Core
    from server.directory.wire import ImportReport

ADMIN = actor("seed", Role.ADMINISTRATOR)
HEADER = ("Mã đơn vị", "Tên đơn vị", "Cấp trên", "Cấp", "Mã cán bộ", "Họ và tên", "Chức vụ", "Email", "Điện thoại",
          "Từ ngày", "Đến ngày")  # fmt: skip
CITY = ("TG", "UBND thành phố Tân Giang", "", "Cấp tỉnh", "", "", "", "", "", "", "")
FINANCE = ("STC", "Sở Tài chính", "TG", "Cấp tỉnh", "CB1", "Hoàng Thị Lan Chi", "Giám đốc", "chi@tangiang.example",
           "912345678", "01/07/2025", "")  # fmt: skip


def as_csv(*rows: Sequence[str], header: Sequence[str] = HEADER) -> bytes:
    """The rows under ``header``, as Excel writes a CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(*rows: Sequence[str]) -> bytes:
    """The rows under the header, as a workbook."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (HEADER, *rows):
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def run(core: Core, content: bytes, *, dry_run: bool = False) -> ImportReport:
    """Take over a file as the administrator does."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    return await actions.import_file(core, chunks(), ImportQuery(dry_run=dry_run), actor=ADMIN)
