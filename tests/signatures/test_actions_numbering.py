"""Numbers: gap-free and never twice, also under many requests at once; the same dossier always has the same."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
import pytest
import pytest_asyncio

from server.core.access import Role
from server.core.clock import FakeClock, SystemClock
from server.core.context import Core
from server.core.errors import DomainError
from server.documents import actions as documents
from server.meetings import actions as meetings
from server.meetings.wire import ItemEdit
from server.signatures import store
from server.signatures.actions import number_book, number_series, numbering
from server.signatures.actions import opening as dossier_acts
from server.signatures.actions import registry as clerk_acts
from server.signatures.store import numbering as book
from server.signatures.wire import Act, BookEnter, BookQuery, DossierRemarks, NumberCodeSet, SeriesOpen
from tests.signatures.registry import FIELDS, blank, opened, set_registry, signed, sqlite_of
from tests.support.house import actor, resending
from tests.support.sitting import People, enter_people

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from server.core.access import Actor
    from server.signatures.wire import Dossier
    from tests.signatures.registry import Registry


House = tuple[Core, People]
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=["sqlite", "postgres"])
async def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("registry")
    if request.param == "sqlite":
        url = sqlite_of(request.getfixturevalue("migrated_sqlite"), folder)
    else:
        postgres = request.getfixturevalue("postgres")
        url = postgres.url(postgres.lend())
    async with opened(folder, url) as core:
        yield core, await enter_people(core, 6)


@pytest.fixture
def core(house: House) -> Iterator[Core]:
    yield house[0]
    object.__setattr__(house[0], "clock", SystemClock())


@pytest_asyncio.fixture(loop_scope="module")
async def registry(house: House) -> Registry:
    return await set_registry(*house)


async def number(core: Core, dossier: Dossier, who: Actor) -> Dossier:
    return await numbering.number(core, dossier.id, Act(sha256=dossier.sha256), actor=who)


async def values_of(core: Core, dossier: Dossier) -> dict[str, str]:
    with pikepdf.open(io.BytesIO(await core.blobs.read(dossier.sha256))) as pdf:
        return {str(field.T): str(field.get("/V", "")) for field in pdf.Root.AcroForm.Fields if field.FT == "/Tx"}


def stand_still(core: Core, moment: datetime) -> FakeClock:
    """A clock for the core that moves when it is told to."""
    clock = FakeClock(moment)
    object.__setattr__(core, "clock", clock)
    return clock


async def test_a_signed_paper_gets_its_number_and_date(core: Core, registry: Registry) -> None:
    stand_still(core, datetime(2026, 2, 3, 1, 0, tzinfo=UTC))
    dossier = await signed(core, registry, symbol="QĐ-UBND")
    numbered = await number(core, dossier, registry.clerk)
    assert (numbered.number, numbered.symbol, numbered.dated) == (1, "01/QĐ-UBND", "2026-02-03")
    assert numbered.state == "numbered"
    assert await values_of(core, numbered) == {"So": "01", "NgayThang": "ngày 03 tháng 02 năm 2026"}
    paper = await core.db.read(lambda read: documents.load(read, dossier.paper_id))
    assert paper is not None
    assert paper.version is not None
    assert (paper.symbol, paper.version.sha256, paper.versions) == ("01/QĐ-UBND", numbered.sha256, 2)
    base = await core.blobs.read(dossier.sha256)
    assert (await core.blobs.read(numbered.sha256)).startswith(base)


async def test_asked_again_the_number_is_the_same(core: Core, registry: Registry) -> None:
    dossier = await signed(core, registry)
    first = await number(core, dossier, resending(registry.clerk, "one"))
    assert await number(core, dossier, resending(registry.clerk, "one")) == first
    assert await number(core, dossier, resending(registry.clerk, "other")) == first
    lines = await core.db.read(lambda read: book.entries(read, registry.people.body, int(first.dated[:4])))  # type: ignore[index]
    assert [line.number for line in lines] == [1]


async def test_fifty_requests_at_once_take_one_number_after_another(core: Core, registry: Registry) -> None:
    waiting = [await signed(core, registry, f"Quyết định {n}") for n in range(3)]
    on_paper = BookEnter(paper_kind="decision", title="Bản giấy", signer="Người 1")

    async def ask(which: int) -> int | None:
        if which % 8:
            return (await number_book.enter(core, registry.people.body, on_paper, actor=registry.clerk)).number
        return (await number(core, waiting[which // 8 % 3], registry.clerk)).number

    given = await asyncio.gather(*(ask(which) for which in range(50)))
    by_dossier = [{given[which] for which in range(0, 50, 8) if which // 8 % 3 == n} for n in range(3)]
    assert [len(numbers) for numbers in by_dossier] == [1, 1, 1]
    on_paper_too = [given[which] for which in range(50) if which % 8]
    assert sorted([*set().union(*by_dossier), *on_paper_too]) == list(range(1, 47))  # type: ignore[type-var]
    found = await number_book.number_book(core, registry.people.body, BookQuery(), actor=registry.clerk)
    assert [line.number for line in found.entries] == list(range(1, 47))


async def test_each_body_kind_and_year_has_a_series_of_its_own(core: Core, registry: Registry) -> None:
    clock = stand_still(core, datetime(2026, 12, 31, 16, 59, tzinfo=UTC))

    async def enter(kind: str) -> tuple[int, str]:
        command = BookEnter(paper_kind=kind, title="Văn bản", signer="Người 1")  # type: ignore[arg-type]
        line = await number_book.enter(core, registry.people.body, command, actor=registry.clerk)
        return line.number, line.dated

    assert [await enter("decision"), await enter("decision"), await enter("notice")] == [
        (1, "2026-12-31"), (2, "2026-12-31"), (1, "2026-12-31"),
    ]  # fmt: skip
    clock.advance(60)  # midnight in Hanoi
    assert await enter("decision") == (1, "2027-01-01")
    clock.advance(-120)
    assert await enter("decision") == (3, "2026-12-31")


async def test_a_clock_that_goes_back_dates_no_number_before_the_one_ahead(core: Core, registry: Registry) -> None:
    clock = stand_still(core, datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    command = BookEnter(paper_kind="letter", title="Công văn", signer="Người 1")
    first = await number_book.enter(core, registry.people.body, command, actor=registry.clerk)
    clock.advance(-3 * 86400)
    second = await number_book.enter(core, registry.people.body, command, actor=registry.clerk)
    assert (first.dated, second.number, second.dated) == ("2026-11-20", 2, "2026-11-20")


async def test_letters_entered_with_their_rule_have_a_series_of_their_own(core: Core, registry: Registry) -> None:
    body = registry.people.body
    said = NumberCodeSet(name="Hội đồng Thi đua - Khen thưởng", citation="Nghị định 30/2020/NĐ-CP, Phụ lục I")
    await number_book.set_code(core, body, "hđtđkt", said, actor=registry.clerk)
    own = await number(core, await signed(core, registry, symbol="QĐ-UBND"), registry.clerk)
    theirs = await number(core, await signed(core, registry, symbol="QĐ-HĐTĐKT"), registry.clerk)
    assert (own.symbol, theirs.symbol) == ("01/QĐ-UBND", "01/QĐ-HĐTĐKT")
    found = await number_book.number_book(core, body, BookQuery(words="hdtdkt"), actor=registry.clerk)
    assert [(line.code, line.number) for line in found.entries] == [("HĐTĐKT", 1)]
    assert [code.citation for code in found.codes] == ["Nghị định 30/2020/NĐ-CP, Phụ lục I"]


async def test_a_series_goes_on_after_the_book_on_paper_and_is_not_set_twice(core: Core, registry: Registry) -> None:
    body = registry.people.body
    await number_book.open_series(core, body, SeriesOpen(paper_kind="decision", last=120), actor=registry.clerk)
    numbered = await number(core, await signed(core, registry), registry.clerk)
    assert numbered.symbol == "121/QĐ-UBND"
    with pytest.raises(DomainError, match="series_open"):
        await number_book.open_series(core, body, SeriesOpen(paper_kind="decision", last=500), actor=registry.clerk)


async def test_the_series_of_the_year_tell_how_far_they_have_come(core: Core, registry: Registry) -> None:
    body = registry.people.body
    assert (await number_series.series(core, body, actor=registry.clerk)).series == ()
    await number_book.open_series(core, body, SeriesOpen(paper_kind="decision", last=120), actor=registry.clerk)
    await number(core, await signed(core, registry), registry.clerk)
    on_paper = BookEnter(paper_kind="notice", title="Nghỉ lễ", signer="Chủ tịch")
    await number_book.enter(core, body, on_paper, actor=registry.clerk)
    found = await number_series.series(core, body, actor=registry.secretary)
    assert [(one.paper_kind, one.code, one.last, one.opened) for one in found.series] == [
        ("decision", "", 121, 120), ("notice", "", 1, None),
    ]  # fmt: skip
    assert all(one.dated for one in found.series)
    for other in (registry.stranger, registry.member):
        with pytest.raises(DomainError, match="not_found"):
            await number_series.series(core, body, actor=other)


async def test_a_paper_without_places_takes_no_number(core: Core, registry: Registry) -> None:
    for left, code in ((FIELDS[:1], "number_no_fields"), (FIELDS[:3], "seal_no_field")):
        dossier = await signed(core, registry, pdf=blank(left))
        with pytest.raises(DomainError, match=code):
            await number(core, dossier, registry.clerk)
    full = await signed(core, registry)
    assert (await number(core, full, registry.clerk)).number == 1


async def test_who_is_no_clerk_of_the_body_gives_no_number(core: Core, registry: Registry) -> None:
    dossier = await signed(core, registry)
    official = actor(registry.people.members[1], Role.OFFICIAL, body=registry.people.body)
    for who, code in (
        (registry.secretary, "denied"), (registry.stranger, "not_found"), (official, "not_found"),
        (registry.member, "not_found"),
    ):  # fmt: skip
        with pytest.raises(DomainError, match=code):
            await number(core, dossier, who)
        command = BookEnter(paper_kind="notice", title="x", signer="y")
        with pytest.raises(DomainError, match=r"denied|not_found"):
            await number_book.enter(core, registry.people.body, command, actor=who)


async def test_other_bytes_than_were_seen_are_not_numbered(core: Core, registry: Registry) -> None:
    dossier = await signed(core, registry)
    with pytest.raises(DomainError, match="other_bytes"):
        await numbering.number(core, dossier.id, Act(sha256="0" * 64), actor=registry.clerk)


async def test_the_clerk_gives_a_signed_paper_back_with_remarks_and_its_number_waits(
    core: Core, registry: Registry
) -> None:  # fmt: skip
    clock = stand_still(core, datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    dossier = await signed(core, registry)
    for who, code in ((registry.stranger, "not_found"), (registry.secretary, "denied")):
        with pytest.raises(DomainError, match=code):
            await clerk_acts.give_back(core, dossier.id, DossierRemarks(remarks="Sai nơi nhận"), actor=who)
    with pytest.raises(DomainError, match="no_remarks"):
        await clerk_acts.give_back(core, dossier.id, DossierRemarks(remarks=" "), actor=registry.clerk)
    await core.db.write(lambda tx: numbering._reserve_txn(tx, dossier.id, registry.clerk, clock.now()))
    back = await clerk_acts.give_back(core, dossier.id, DossierRemarks(remarks="Sai nơi nhận "), actor=registry.clerk)
    assert (back.state, back.remarks, back.closed_at) == ("returned", "Sai nơi nhận", None)
    assert [step.state for step in back.steps] == ["done", "returned", "pending", "pending"]
    clock.advance(numbering.LEASE_SECONDS + 1)
    assert await numbering.recover(core) == 1  # and it puts no number on a paper that was given back
    assert await core.db.read(lambda read: store.dossiers.load(read, dossier.id)) == back
    assert (await number(core, await signed(core, registry), registry.clerk)).number == 2


async def test_a_paper_that_has_its_number_is_not_given_back(core: Core, registry: Registry) -> None:
    numbered = await number(core, await signed(core, registry), registry.clerk)
    with pytest.raises(DomainError, match="not_your_turn"):
        await clerk_acts.give_back(core, numbered.id, DossierRemarks(remarks="Sai nơi nhận"), actor=registry.clerk)


async def test_a_reserved_number_of_an_ended_dossier_is_struck_and_not_given_again(
    core: Core, registry: Registry
) -> None:  # fmt: skip
    clock = stand_still(core, datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    dossier = await signed(core, registry)
    await core.db.write(lambda tx: numbering._reserve_txn(tx, dossier.id, registry.clerk, clock.now()))
    await dossier_acts.replace(core, dossier.id, actor=registry.secretary)
    clock.advance(numbering.LEASE_SECONDS + 1)
    assert await numbering.recover(core) == 1
    other = await number(core, await signed(core, registry), registry.clerk)
    assert other.number == 2
    found = await number_book.number_book(core, registry.people.body, BookQuery(), actor=registry.secretary)
    assert [(line.number, line.state) for line in found.entries] == [(1, "struck"), (2, "numbered")]
    assert await numbering.recover(core) == 0


async def test_what_was_left_reserved_is_completed_with_the_same_number_and_date(
    core: Core, registry: Registry
) -> None:  # fmt: skip
    clock = stand_still(core, datetime(2026, 12, 31, 16, 59, 50, tzinfo=UTC))
    dossier = await signed(core, registry)
    others = await numbering.recover(core)  # what this module's other papers wait for
    await core.db.write(lambda tx: numbering._reserve_txn(tx, dossier.id, registry.clerk, clock.now()))
    assert await numbering.recover(core) == 0  # whoever took it is still at work
    clock.advance(numbering.LEASE_SECONDS + 1)
    assert await numbering.recover(core) == others + 1
    numbered = await core.db.read(lambda read: store.dossiers.load(read, dossier.id))
    assert numbered is not None
    assert (numbered.number, numbered.dated, numbered.state) == (1, "2026-12-31", "numbered")
    assert (await values_of(core, numbered))["NgayThang"] == "ngày 31 tháng 12 năm 2026"
    assert await number(core, dossier, registry.clerk) == numbered


async def test_the_book_hides_the_title_of_a_closed_sitting_from_who_may_not_know(
    core: Core, registry: Registry
) -> None:  # fmt: skip
    await number(core, await signed(core, registry, "Miễn nhiệm"), registry.clerk)
    await meetings.edit_item(core, registry.item.id, ItemEdit(restricted=True), actor=registry.secretary)
    colleague = actor(registry.people.members[3], Role.SECRETARY, body=registry.people.body)
    titles = []
    for who in (registry.clerk, registry.secretary, colleague):
        found = await number_book.number_book(core, registry.people.body, BookQuery(), actor=who)
        titles.append([line.title for line in found.entries])
    assert titles == [["Miễn nhiệm"], ["Miễn nhiệm"], [""]]
    with pytest.raises(DomainError, match="not_found"):
        await number_book.number_book(core, registry.people.body, BookQuery(), actor=registry.stranger)


async def test_the_book_is_printed(core: Core, registry: Registry) -> None:
    await number(core, await signed(core, registry, "Chủ trương đầu tư bến đá"), registry.clerk)
    pdf = await number_book.printed_book(core, registry.people.body, BookQuery(), actor=registry.secretary)
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[0].get_textpage().get_text_bounded()
    assert "01/QĐ-UBND" in text
    assert "Chủ trương đầu tư bến đá" in text.replace("\r\n", " ")
