"""Taking over a spreadsheet, on both databases: dry run, all or nothing, duplicates, changed posts, end dates, size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from server.core import journal
from server.core.access import Role
from server.core.errors import DomainError
from server.directory import actions, store
from server.directory.wire import ImportQuery, PeopleQuery
from tests.support.house import actor
from tests.support.spreadsheets import ADMIN, CITY, FINANCE, as_csv, as_xlsx, run
from tests.support.streams import apply_log
from tests.support.writer import holds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from server.core.context import Core
    from server.directory.wire import PersonView


async def everybody(core: Core) -> dict[str, PersonView]:
    page = await actions.search(core, PeopleQuery(limit=200), actor=ADMIN)
    return {person.code: person for person in page.people}


@pytest.mark.parametrize("make", [as_csv, as_xlsx])
async def test_a_file_is_taken_over_and_people_can_be_found(core: Core, make: object) -> None:
    report = await run(core, make(CITY, FINANCE))  # type: ignore[operator]
    assert (report.applied, report.added, report.errors) == (True, 2, 0)
    found = await actions.search(core, PeopleQuery(q="lan chi"), actor=ADMIN)
    (person,) = found.people
    assert (person.full_name, person.phone, person.postings[0].title) == ("Hoàng Thị Lan Chi", "0912345678", "Giám đốc")
    assert await core.db.read(lambda read: journal.may_read(read, f"u:{person.id}", person.id))


async def test_a_dry_run_reports_and_changes_nothing(core: Core) -> None:
    report = await run(core, as_csv(CITY, FINANCE), dry_run=True)
    assert (report.applied, report.added) == (False, 2)
    assert await everybody(core) == {}


async def test_one_wrong_row_keeps_out_all(core: Core) -> None:
    bad = ("XYZ", "", "", "", "CB2", "Ai đó", "Chuyên viên", "khong-phai-thu", "", "", "")
    report = await run(core, as_csv(CITY, FINANCE, bad))
    assert (report.applied, report.errors) == (False, 1)
    assert [(row.row, row.code) for row in report.rows if row.outcome == "error"] == [(4, "directory.row_incomplete")]
    assert await everybody(core) == {}


async def test_the_same_file_again_changes_nothing(core: Core) -> None:
    await run(core, as_csv(CITY, FINANCE))
    report = await run(core, as_csv(CITY, FINANCE))
    assert (report.applied, report.same, report.added, report.changed) == (True, 2, 0, 0)


async def test_a_new_post_ends_the_old_one_on_the_day_before(core: Core) -> None:
    await run(core, as_csv(CITY, FINANCE))
    promoted = (*FINANCE[:6], "Phó Chủ tịch", *FINANCE[7:9], "01/09/2025", "")
    report = await run(core, as_csv(promoted))
    assert report.changed == 1
    person = (await everybody(core))["CB1"]
    assert [post.title for post in person.postings] == ["Phó Chủ tịch"]
    ended = await core.db.read(
        lambda read: read.scalar(select(store.posting.c.valid_to).where(store.posting.c.title == "Giám đốc"))
    )
    assert ended == "2025-08-31"


async def test_a_last_day_ends_a_post_and_a_name_is_corrected(core: Core) -> None:
    await run(core, as_csv(CITY, FINANCE))
    leaving = (*FINANCE[:5], "Hoàng Lan Chi", *FINANCE[6:10], "31/12/2025")
    report = await run(core, as_csv(leaving))
    assert report.ended == 1
    person = (await everybody(core))["CB1"]
    assert (person.full_name, person.postings) == ("Hoàng Lan Chi", ())


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((FINANCE, FINANCE), "directory.row_twice"),
        ((FINANCE, (*FINANCE[:5], "Người khác", "Kế toán", "", "", "", "")), "directory.row_contradicts"),
        ((("A", "A", "B", "Cấp xã", *[""] * 7), ("B", "B", "A", "Cấp xã", *[""] * 7)), "directory.parent_circle"),
        ((("A", "A", "không có", "Cấp xã", *[""] * 7),), "directory.no_parent"),
        ((("A", "A", "", "Cấp huyện", *[""] * 7),), "directory.no_tier"),
        (((*FINANCE[:9], "31/02/2025", ""),), "directory.bad_day"),
        (((*FINANCE[:9], "01/07/2025", "01/06/2025"),), "directory.days_reversed"),
        (((*FINANCE[:6], "", *FINANCE[7:]),), "directory.row_incomplete"),
    ],
)
async def test_what_does_not_hold_is_said_at_its_row(core: Core, rows: tuple[Sequence[str], ...], code: str) -> None:
    report = await run(core, as_csv(CITY, *rows))
    assert code in {row.code for row in report.rows}
    assert report.applied is False
    assert all("{" not in row.text for row in report.rows)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "directory.unknown_column"),
        (b"PK\x03\x04 broken", "directory.broken_sheet"),
        (b"\xd0\xcf\x11\xe0old", "directory.old_excel"),
        (as_csv(CITY, header=("Cột lạ",)), "directory.unknown_column"),
        ("Mã đơn vị\n\xe9".encode("latin-1", "replace"), "directory.unknown_column"),
        (as_csv(), "directory.no_rows"),
    ],
)
async def test_what_is_no_list_is_refused_with_a_reason(core: Core, content: bytes, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        await run(core, content)
    assert refused.value.code in {code, "directory.no_header", "directory.not_unicode", "directory.no_rows"}


async def test_only_an_administrator_imports(core: Core) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield as_csv(CITY)

    with pytest.raises(DomainError, match=r"not_found|denied"):
        await actions.import_file(core, chunks(), ImportQuery(dry_run=False), actor=actor("an", Role.SECRETARY))


async def test_five_thousand_rows(core: Core) -> None:
    rows = [
        (f"P{n % 120}", f"Phường {n % 120}", "TG", "Cấp xã", f"CB{n}", f"Nguyễn Văn {n}", "Chuyên viên", "", "", "", "")
        for n in range(5000)
    ]
    with holds(core) as measured:
        report = await run(core, as_xlsx(CITY, *rows))
    assert (report.applied, report.errors) == (True, 0)
    assert measured.count > 5  # staged in parts, so that nobody else waits for all of them
    people = await core.db.read(lambda read: read.rows(select(store.person.c.id)))
    assert len(people) == 5000
    streams = await core.db.read(lambda read: {name for row in people for name in journal.readable(read, row.id)})
    assert streams == {f"u:{row.id}" for row in people}
    with holds(core) as measured:
        moved = await run(core, as_xlsx(*((*row[:5], f"{row[5]} Anh", "Chuyên viên chính", *row[7:]) for row in rows)))
    assert (moved.applied, moved.changed) == (True, 5000)
    assert measured.count > 5
    assert await apply_log(core, actions.AUDIT_STREAM, {}, since=0) == {}


async def test_the_template_is_a_file_that_the_import_takes(core: Core) -> None:
    report = await run(core, await actions.make_template(core, actor=ADMIN), dry_run=True)
    assert (report.errors, report.added) == (0, 1)


async def test_each_row_says_whom_it_is_about_with_days_as_people_write_them(core: Core) -> None:
    late = (*FINANCE[:9], "2027-01-01", "01/06/2025")
    report = await run(core, as_csv(CITY, late), dry_run=True)
    assert report.rows[0].what == "UBND thành phố Tân Giang"
    assert report.rows[1].what == (
        "Hoàng Thị Lan Chi, Giám đốc, Sở Tài chính, từ ngày 01/01/2027, đến hết ngày 01/06/2025"
    )
    assert report.rows[1].text == "Chưa ghi: ngày kết thúc trước ngày bắt đầu 01/01/2027."
