"""The words of papers: who gets them, in pieces, once read, ahead of the asking, and what cannot be read."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
import pikepdf
import pytest

from server.core.errors import DomainError
from server.documents import actions
from server.documents.actions import keeping, page_words
from server.documents.intake import words
from server.documents.store import texts as store
from server.documents.wire import PaperRecall
from tests.support import pdfs

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from pathlib import Path

    from server.core.context import Core
    from server.documents.wire import Version
    from tests.documents.conftest import Stage

THREE = pdfs.pdf("Phien", pages=3)


async def publish(core: Core, stage: Stage, data: bytes = THREE) -> Version:
    paper = await actions.publish_bytes(
        core, stage.item.id, data, title="Tờ trình", purpose="paper", actor=stage.secretary
    )
    assert paper.version is not None
    return paper.version


async def refused(code: str, doing: Awaitable[object]) -> None:
    with pytest.raises(DomainError) as caught:
        await doing
    assert caught.value.code == code


async def test_words_come_page_by_page_for_who_may_read(core: Core, stage: Stage) -> None:
    version = await publish(core, stage)
    found = await actions.texts(core, version.id, 0, actor=stage.member)
    assert [text.strip() for text in found.pages] == ["Phien 1", "Phien 2", "Phien 3"]
    assert (found.version_id, found.after, found.next) == (version.id, 0, None)
    assert len((await actions.texts(core, version.id, 2, actor=stage.chair)).pages) == 1
    assert (await actions.texts(core, version.id, 3, actor=stage.chair)).pages == ()
    await refused("not_found", actions.texts(core, version.id, 0, actor=stage.stranger))
    for outside in (-1, 4):
        await refused("documents.no_page", actions.texts(core, version.id, outside, actor=stage.member))


async def test_words_end_with_the_recall(core: Core, stage: Stage) -> None:
    version = await publish(core, stage)
    await actions.texts(core, version.id, 0, actor=stage.member)
    held = await actions.reach(core, version.id, actor=stage.member)
    await actions.recall(core, held.paper_id, PaperRecall(reason="Nhầm"), actor=stage.secretary)
    await refused("gone", actions.texts(core, version.id, 0, actor=stage.member))


async def test_a_long_paper_comes_in_pieces(core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    version = await publish(core, stage)
    monkeypatch.setattr(page_words, "ANSWER_CHARACTERS", 1)
    after: int | None = 0
    seen: list[str] = []
    while after is not None:
        piece = await actions.texts(core, version.id, after, actor=stage.member)
        assert len(piece.pages) == 1
        seen += piece.pages
        after = piece.next
    assert [text.strip() for text in seen] == ["Phien 1", "Phien 2", "Phien 3"]


async def test_words_are_read_once_and_ahead(core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    version = await publish(core, stage)
    asked = [actions.texts(core, version.id, 0, actor=stage.member) for _ in range(5)]
    assert len({found.pages for found in await asyncio.gather(*asked)}) == 1
    other = await publish(core, stage, pdfs.pdf("Khac"))
    assert await actions.read_ahead(core) == 1
    assert await actions.read_ahead(core) == 0
    monkeypatch.setattr(core.readers, "run", None)  # nothing is read a second time
    assert (await actions.texts(core, other.id, 0, actor=stage.member)).pages[0].strip() == "Khac 1"


async def test_words_are_kept_from_the_collector_and_read_again_when_lost(core: Core, stage: Stage) -> None:
    version = await publish(core, stage)
    before = await actions.texts(core, version.id, 0, actor=stage.member)
    await keeping.collect(core, older_than_seconds=0)
    kept = await core.db.read(lambda read: store.kept(read, version.sha256))
    assert kept is not None
    assert kept.sha256 is not None
    assert msgspec.json.decode(await core.blobs.read(kept.sha256)) == list(before.pages)
    await core.blobs.delete(kept.sha256)
    assert await actions.texts(core, version.id, 0, actor=stage.member) == before


async def test_what_cannot_be_read_has_no_words_and_is_not_tried_again(
    core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = await publish(core, stage)
    calls: list[str] = []

    async def fail(*_given: object, **_bounds: object) -> bytes:
        calls.append("run")
        raise DomainError("worker_failed")

    monkeypatch.setattr(core.readers, "run", fail)
    for _ in range(2):
        found = await actions.texts(core, version.id, 0, actor=stage.member)
        assert (found.pages, found.next) == ((), None)
    assert calls == ["run"]
    assert await actions.read_ahead(core) == 0


async def test_too_many_at_once_are_told_to_come_back(
    core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = await publish(core, stage)
    monkeypatch.setattr(page_words, "MOST_WAITING", 0)
    await refused("worker_busy", actions.texts(core, version.id, 0, actor=stage.member))
    assert await actions.read_ahead(core) == 0


def test_a_page_without_words_is_empty_and_none_is_longer_than_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(pdfs.pdf("Phien", pages=2))
    monkeypatch.setattr(words, "FILE_CHARACTERS", 9)
    assert msgspec.json.decode(words.read_words(str(file))) == ["Phien 1", "Ph"]
    monkeypatch.setattr(words, "PAGE_CHARACTERS", 0)
    assert msgspec.json.decode(words.read_words(str(file))) == ["", ""]


def test_cells_of_a_row_are_parted_by_tabs_and_justified_words_are_not(tmp_path: Path) -> None:
    def write(made: pikepdf.Pdf) -> None:
        cells = "BT /F1 11 Tf 72 {y} Td (1) Tj 30 0 Td (Giao thong) Tj 90 0 Td (5.347) Tj 44 0 Td (2.315) Tj ET"
        justified = "BT /F1 11 Tf 6 Tw 72 500 Td (Can cu Luat To chuc chinh quyen) Tj ET"
        stream = "\n".join([cells.format(y=700), cells.format(y=680), justified])
        made.pages[0].Contents = made.make_stream(stream.encode())

    file = tmp_path / "a.pdf"
    file.write_bytes(pdfs.pdf(change=write))
    row = "1\tGiao thong\t5.347\t2.315"
    assert msgspec.json.decode(words.read_words(str(file))) == [f"{row}\n{row}\nCan cu Luat To chuc chinh quyen"]
