"""Scans get words: read page by page, once, told in few steps, with their places, whatever is on the pages."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
import pytest
from sqlalchemy import select

from server.core.access import Role
from server.core.errors import DomainError
from server.core.journal.tables import operation
from server.core.workers import Workers
from server.documents import actions
from server.documents.actions import keeping, recognition
from server.documents.intake import tesseract
from server.documents.intake.recognise import recognise_page
from server.documents.intake.tesseract import Recogniser, installed
from server.documents.models import Recognised
from server.documents.store import scans as store
from server.documents.wire import PaperRecall, PaperRestore, StampAnswer, UploadQuery
from tests.support import pdfs, scans
from tests.support.house import actor
from tests.support.parts import need
from tests.support.sitting import Watch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from server.core.access import Actor
    from server.core.context import Core
    from server.documents.wire import Scan, Version
    from tests.documents.conftest import Stage

TEXT = "Thuong truc Hoi dong nhan dan thanh pho hop phien"
A4 = (0.0, 0.0, 595.2, 841.92, 0)
READ = Recognised(0, ((("Kế", 72.0, 700.0, 90.0, 712.0), ("hoạch", 94.0, 700.0, 130.0, 712.0)),))


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    own = Workers(size=1)
    yield own
    await own.close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every page reads the same at once; the pages that were asked for, in order."""
    asked: list[int] = []

    async def read(_core: Core, _workers: Workers, _recogniser: Recogniser, page: store.Waiting) -> Recognised:
        asked.append(page.page)
        return READ

    monkeypatch.setattr(recognition, "_recognised", read)
    monkeypatch.setattr(recognition, "installed", lambda: Recogniser("tesseract", turns=True))
    return asked


async def publish(core: Core, stage: Stage, data: bytes) -> Version:
    paper = await actions.publish_bytes(core, stage.item.id, data, "Bản quét", "paper", stage.secretary)
    assert paper.version is not None
    await actions.read_ahead(core)
    await actions.plan_scans(core)
    return paper.version


async def scan_of(core: Core, stage: Stage, version: Version) -> Scan | None:
    return (await actions.version(core, version.id, actor=stage.member)).scan


def state_of(scan: Scan | None) -> tuple[int, int, str] | None:
    return None if scan is None else (scan.done, scan.pages, scan.state)


def sheets(count: int) -> bytes:
    return scans.scan([scans.print_of([f"Trang {number}"]).resize((124, 175)) for number in range(count)])


# ---- stamps of secrecy on scans


@pytest.fixture
def stamped(quick: list[int], monkeypatch: pytest.MonkeyPatch) -> dict[int, str]:
    """What is read on which page, besides what is read on every other."""
    lines: dict[int, str] = {}

    async def read(_core: Core, _workers: Workers, _recogniser: Recogniser, page: store.Waiting) -> Recognised:
        quick.append(page.page)
        line = tuple((word, 72.0, 700.0, 90.0, 712.0) for word in lines.get(page.page, "").split())
        return Recognised(0, (*READ.lines, *filter(None, [line])))

    monkeypatch.setattr(recognition, "_recognised", read)
    return lines


async def read_all(core: Core, workers: Workers) -> None:
    while await actions.read_scan(core, workers):
        pass


async def stamp_of(core: Core, version: Version, reader: Actor) -> str:
    return (await actions.version(core, version.id, actor=reader)).secret_mark


async def test_a_stamp_on_a_scan_is_told_at_once_and_answered_by_the_secretary_alone(
    core: Core, stage: Stage, watch: Watch, workers: Workers, stamped: dict[int, str]
) -> None:
    stamped.update({1: "MẬT", 2: "TỐI MẬT", 3: "MẬT"})
    version = await publish(core, stage, sheets(25))
    await watch.check()
    found = []
    for _ in range(3):
        await actions.read_scan(core, workers)
        assert f"i:{stage.item.id}" in await watch.check()
        found.append(await stamp_of(core, version, stage.secretary))
    assert found == ["Mật", "Tối mật", "Tối mật"]

    why = StampAnswer(reason="Trích dẫn quy định, không phải văn bản mật")
    clerk = actor(stage.stranger.person_id, Role.CLERK, body=stage.people.body)
    for who, answer, refusal in (
        (clerk, why, "documents.not_secretary"),
        (stage.member, why, "denied"),
        (stage.secretary, StampAnswer(reason=" "), "documents.stamp_reason"),
    ):
        with pytest.raises(DomainError) as refused:
            await actions.let_stand(core, version.id, answer, actor=who)
        assert refused.value.code == refusal
    paper = await actions.let_stand(core, version.id, why, actor=stage.secretary)
    late = await actions.let_stand(core, version.id, StampAnswer(reason="Khác"), actor=stage.secretary)
    assert late == paper
    assert paper.version is not None
    assert paper.version.secret_mark == ""
    await watch.check()
    (told,) = (await actions.versions(core, paper.id, actor=stage.secretary)).overrides
    assert (told.version_id, told.secret_mark, told.reason) == (version.id, "Tối mật", why.reason)
    log = await core.db.read(lambda read: read.rows(select(operation).where(operation.c.stream == "x:documents")))
    assert [row.actor for row in log] == [stage.secretary.person_id]
    await read_all(core, workers)
    assert await stamp_of(core, version, stage.member) == ""


async def test_what_was_said_of_a_stamp_holds_for_the_same_bytes_and_for_no_others(
    core: Core, stage: Stage, workers: Workers, stamped: dict[int, str]
) -> None:
    stamped[1] = "ĐỘ MẬT: TUYỆT MẬT"
    first = await publish(core, stage, sheets(1))
    await read_all(core, workers)
    (paper,) = (await actions.of_item(core, stage.item.id, actor=stage.secretary)).papers
    why = StampAnswer(reason="Phụ lục mẫu")
    await actions.let_stand(core, first.id, why, actor=stage.secretary)
    query = UploadQuery(filename="b.pdf")
    second = await actions.upload_version(core, paper.id, query, pdfs.chunks(sheets(2)), actor=stage.secretary)
    await actions.read_ahead(core)
    await actions.plan_scans(core)
    await read_all(core, workers)
    assert second.version is not None
    assert await stamp_of(core, second.version, stage.secretary) == "Tuyệt mật"
    with pytest.raises(DomainError, match="superseded"):
        await actions.let_stand(core, first.id, why, actor=stage.secretary)
    again = await actions.restore(core, paper.id, PaperRestore(version_id=first.id), actor=stage.secretary)
    assert again.version is not None
    assert (again.version.id == first.id, again.version.secret_mark) == (False, "")


async def test_first_pages_come_before_all_others_and_what_stands_further_in_is_no_stamp(
    core: Core, stage: Stage, workers: Workers, stamped: dict[int, str], quick: list[int]
) -> None:
    stamped[4] = "MẬT"
    await publish(core, stage, sheets(5))
    version = await publish(core, stage, sheets(4))
    await read_all(core, workers)
    assert quick == [1, 2, 3, 1, 2, 3, 4, 4, 5]
    assert await stamp_of(core, version, stage.secretary) == ""


async def test_a_stamp_is_read_from_the_picture_itself(core: Core, stage: Stage, workers: Workers) -> None:
    tool()
    sheet = scans.print_of(["TỐI MẬT", *scans.LINES])
    version = await publish(core, stage, scans.scan([sheet]))
    await read_all(core, workers)
    assert await stamp_of(core, version, stage.secretary) == "Tối mật"


# ---- the work on papers


async def test_pages_are_read_one_by_one_and_told_in_few_steps(
    core: Core, stage: Stage, watch: Watch, workers: Workers, quick: list[int]
) -> None:
    version = await publish(core, stage, sheets(25))
    await watch.check()
    assert state_of(await scan_of(core, stage, version)) == (0, 25, "running")
    told = 0
    while await actions.read_scan(core, workers):
        told += f"i:{stage.item.id}" in await watch.check()
    assert quick == list(range(1, 26))
    assert told == 9  # each third page, and the last
    assert state_of(await scan_of(core, stage, version)) == (25, 25, "done")


async def test_words_join_the_text_and_have_places(
    core: Core, stage: Stage, workers: Workers, quick: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    version = await publish(core, stage, scans.among(pdfs.pdf(TEXT, pages=2), sheets(2)))
    while await actions.read_scan(core, workers):
        pass
    assert quick == [3, 4]
    found = await actions.texts(core, version.id, 1, actor=stage.member)
    assert [text.strip() for text in found.pages] == [f"{TEXT} 2", "Kế hoạch", "Kế hoạch"]
    assert found.machine == (3, 4)
    monkeypatch.setattr(recognition, "ANSWER_WORDS", 1)
    first = await actions.words(core, version.id, 0, actor=stage.member)
    assert ([page.page for page in first.pages], first.next) == ([3], 3)
    rest = await actions.words(core, version.id, 3, actor=stage.member)
    assert ([page.page for page in rest.pages], rest.next) == ([4], None)
    assert rest.pages[0].lines == READ.lines
    for doing in (actions.words(core, version.id, 5, actor=stage.member),
                  actions.words(core, version.id, 0, actor=stage.stranger)):  # fmt: skip
        with pytest.raises(DomainError):
            await doing


async def test_a_paper_of_text_has_nothing_to_recognise(core: Core, stage: Stage, workers: Workers) -> None:
    version = await publish(core, stage, pdfs.pdf("Phien", pages=2))  # few letters on each page, but letters
    assert await scan_of(core, stage, version) is None
    assert not await actions.read_scan(core, workers)


async def test_after_a_restart_it_goes_on_with_the_page_it_was_at(
    core: Core, stage: Stage, workers: Workers, quick: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    version = await publish(core, stage, sheets(3))
    await actions.read_scan(core, workers)
    with monkeypatch.context() as ended:

        async def never(*_given: object) -> Recognised:
            raise asyncio.CancelledError

        ended.setattr(recognition, "_recognised", never)
        with pytest.raises(asyncio.CancelledError):
            await actions.read_scan(core, workers)
    while await actions.read_scan(core, workers):
        pass
    assert quick == [1, 2, 3]
    page = store.Waiting(version.sha256, 2, A4, 0)
    await core.db.write(lambda tx: recognition._finish_txn(tx, page, None, ""))
    assert (await actions.texts(core, version.id, 1, actor=stage.member)).pages[0] == "Kế hoạch"
    assert state_of(await scan_of(core, stage, version)) == (3, 3, "done")


async def test_a_page_that_fails_is_tried_once_more_and_then_left(
    core: Core, stage: Stage, workers: Workers, quick: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    version = await publish(core, stage, sheets(2))
    read, failed = recognition._recognised, []

    async def fail(core: Core, workers: Workers, tool: Recogniser, page: store.Waiting) -> Recognised:
        if page.page == 1:
            failed.append(page.tries)
            raise DomainError("worker_timeout", seconds=1)
        return await read(core, workers, tool, page)

    monkeypatch.setattr(recognition, "_recognised", fail)
    while await actions.read_scan(core, workers):
        pass
    assert (failed, quick) == ([0, 1], [2])
    assert state_of(await scan_of(core, stage, version)) == (2, 2, "done")
    assert (await actions.texts(core, version.id, 0, actor=stage.member)).machine == (2,)


async def test_a_recalled_paper_is_left_out(
    core: Core, stage: Stage, watch: Watch, workers: Workers, quick: list[int]
) -> None:
    version = await publish(core, stage, sheets(3))
    await actions.read_scan(core, workers)
    held = await actions.reach(core, version.id, actor=stage.member)
    await actions.recall(core, held.paper_id, PaperRecall(reason="Nhầm"), actor=stage.secretary)
    await watch.check()
    assert not await actions.read_scan(core, workers)
    assert quick == [1]
    with pytest.raises(DomainError, match="gone"):
        await actions.words(core, version.id, 0, actor=stage.member)


async def test_words_are_kept_from_the_collector_and_missed_when_lost(
    core: Core, stage: Stage, workers: Workers, quick: list[int]
) -> None:
    version = await publish(core, stage, sheets(1))
    await actions.read_scan(core, workers)
    await keeping.collect(core, older_than_seconds=0)
    assert quick == [1]
    [(page, sha256)] = await core.db.read(lambda read: store.recognised(read, version.sha256, 0))
    assert (page, msgspec.json.decode(await core.blobs.read(sha256), type=Recognised)) == (1, READ)
    await core.blobs.delete(sha256)
    assert (await actions.texts(core, version.id, 0, actor=stage.member)).pages == ("",)


async def test_without_a_recogniser_it_is_said_and_made_up_for_when_there_is_one(
    core: Core, stage: Stage, watch: Watch, workers: Workers, quick: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without:
        without.setattr(recognition, "installed", lambda: None)
        version = await publish(core, stage, sheets(1))
        await actions.settle_scans(core)
        assert not await actions.read_scan(core, workers)
        assert state_of(await scan_of(core, stage, version)) == (0, 1, "off")
    await actions.settle_scans(core)
    await watch.check()
    assert state_of(await scan_of(core, stage, version)) == (0, 1, "running")
    assert await actions.read_scan(core, workers)
    assert quick == [1]


async def test_never_two_at_once_on_a_machine(core: Core, stage: Stage, workers: Workers, quick: list[int]) -> None:
    await publish(core, stage, sheets(1))
    with recognition._alone(core) as alone:
        assert alone
        assert not await actions.read_scan(core, workers)
    assert await actions.read_scan(core, workers)
    assert quick == [1]


# ---- real print, real recogniser


@contextmanager
def laid(folder: Path, data: bytes) -> Iterator[str]:
    file = folder / "scan.pdf"
    file.write_bytes(data)
    yield str(file)


def tool() -> Recogniser:
    need("tesseract")
    found = installed()
    assert found is not None
    return found


def plain(found: Recognised) -> list[str]:
    return [" ".join(word[0] for word in line) for line in found.lines]


@pytest.mark.parametrize(("lies", "shown"), [(180, 0), (90, 0), (0, 90)])
def test_print_is_read_however_the_page_lies(tmp_path: Path, lies: int, shown: int) -> None:
    box = (*((0.0, 0.0, 842.0, 595.0) if lies % 180 else (0.0, 0.0, 595.0, 842.0)), shown)
    with laid(tmp_path, scans.scan([scans.print_of().rotate(lies, expand=True)], rotate=shown)) as path:
        found = recognise_page(path, 1, box, tool(), str(tmp_path))
    assert plain(found)[0].startswith("ỦY BAN NHÂN DÂN")
    assert "8.420 tỷ đồng" in plain(found)[3]
    # The picture was turned against the clock, so lines run so in user space, whatever the page says of its showing.
    assert found.turn == lies
    left, low, right, high = next(word[1:] for word in found.lines[1] if word[0] == "Căn")
    at = {0: (58, 842 - 103), 180: (595 - 58, 103), 90: (103, 58)}[lies]
    # The corner where the line begins: 120, 210 pixels at 150 dpi from the upper left of the print.
    start = {0: (left, high), 180: (right, low), 90: (left, low)}[lies]
    assert start == pytest.approx(at, abs=8)


def test_noise_empty_sheets_and_broken_pictures_have_no_words(tmp_path: Path) -> None:
    empty = scans.scan([scans.print_of([])])
    for data in (scans.scan([scans.noise()]), empty, scans.broken()):
        with laid(tmp_path, data) as path:
            assert recognise_page(path, 1, A4, tool(), str(tmp_path)) == Recognised()


def test_a_page_with_a_few_words_is_read_only_if_a_picture_covers_it(tmp_path: Path) -> None:
    with laid(tmp_path, pdfs.pdf("Phu luc")) as path:
        assert recognise_page(path, 1, A4, tool(), str(tmp_path)) == Recognised()


async def test_a_recogniser_that_hangs_is_ended_with_all_it_started(tmp_path: Path, workers: Workers) -> None:
    mark = tmp_path / "pid"
    command = tmp_path / "hangs"
    command.write_text(f"#!/bin/sh\nsleep 600 & echo $! > {mark}\nwait\n")
    command.chmod(0o755)
    with laid(tmp_path, scans.scan([scans.print_of()])) as path, pytest.raises(DomainError, match="worker_timeout"):
        await workers.run(
            recognise_page, path, 1, A4, Recogniser(str(command), turns=False), str(tmp_path), timeout=4.0
        )
    pid = int(mark.read_text())
    for _ in itertools.takewhile(lambda _: alive(pid), range(100)):
        time.sleep(0.05)
    assert not alive(pid)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123 - not a file
        return stat.read().rpartition(")")[2].split()[0] != "Z"


async def test_a_scan_becomes_searchable_from_end_to_end(core: Core, stage: Stage, workers: Workers) -> None:
    tool()
    version = await publish(core, stage, scans.scan([scans.print_of(), scans.noise()]))
    while await actions.read_scan(core, workers):
        pass
    found = await actions.texts(core, version.id, 0, actor=stage.member)
    assert "Kế hoạch đầu tư công trung hạn" in found.pages[0]
    assert (found.pages[1], found.machine) == ("", (1,))


def test_smudges_are_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
    rows = ["5\t1\t1\t1\t1\t1\t10\t20\t30\t40\t96\tKế", "5\t1\t1\t1\t1\t2\t50\t20\t30\t40\t8\t~"]
    monkeypatch.setattr(tesseract, "_run", lambda *_given: head + "\n".join(rows))
    assert tesseract.read_lines(Recogniser("x", turns=False), "x") == [[("Kế", (10, 20, 40, 60))]]
    monkeypatch.setattr(tesseract, "_run", lambda *_given: head + rows[1])
    assert tesseract.read_lines(Recogniser("x", turns=False), "x") == []


def test_vietnamese_must_be_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    command = tmp_path / "tesseract"
    command.write_text("#!/bin/sh\necho 'List of languages (2):'\necho eng\necho osd\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    installed.cache_clear()
    assert installed() is None
    command.write_text("#!/bin/sh\necho vie\n")
    installed.cache_clear()
    assert installed() == Recogniser(str(command), turns=False)
    installed.cache_clear()
