"""What changed since another version: who is told, compared once, ahead of the asking, and what cannot be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server.core.errors import DomainError
from server.documents import actions
from server.documents.actions import comparing, keeping
from server.documents.comparing.passages import Passage
from server.documents.store import looks as store
from server.documents.wire import PaperRecall
from tests.support import pdfs

if TYPE_CHECKING:
    from collections.abc import Awaitable

    import pikepdf

    from server.core.context import Core
    from server.documents.wire import Paper
    from tests.documents.conftest import Stage


def second(pdf: pikepdf.Pdf) -> None:
    """A page in front, page 2 changed, page 3 gone."""
    del pdf.pages[2]
    page = pdf.pages[1]
    page.Contents = pdf.make_stream(page.Contents.read_bytes() + b" BT /F1 12 Tf 72 600 Td (bo sung) Tj ET")
    pdf.add_blank_page(page_size=pdfs.A4)
    pdf.pages.insert(0, pdf.pages[-1])
    del pdf.pages[-1]


FIRST = pdfs.pdf("Phien", pages=3)
SECOND = pdfs.pdf("Phien", pages=3, change=second)


async def publish(core: Core, stage: Stage, data: bytes, paper: str | None = None) -> Paper:
    return await actions.publish_bytes(
        core, stage.item.id, data, title="Tờ trình", purpose="paper", actor=stage.secretary, paper_id=paper
    )


async def reissued(core: Core, stage: Stage) -> tuple[str, str, str]:
    """The paper, its first and its second version."""
    one = await publish(core, stage, FIRST)
    two = await publish(core, stage, SECOND, one.id)
    assert one.version is not None
    assert two.version is not None
    return one.id, one.version.id, two.version.id


async def refused(doing: Awaitable[object]) -> str:
    with pytest.raises(DomainError) as caught:
        await doing
    return caught.value.code


async def test_pages_say_where_they_come_from(core: Core, stage: Stage) -> None:
    _, old, new = await reissued(core, stage)
    found = await actions.changes(core, new, old, actor=stage.member)
    assert [(page.old, page.same) for page in found.pages] == [(None, False), (1, True), (2, False)]
    assert found.removed == (3,)
    back = await actions.changes(core, old, new, actor=stage.member)
    assert [(page.old, page.same) for page in back.pages] == [(2, True), (3, False), (None, False)]


async def test_only_who_may_read_both_is_told(core: Core, stage: Stage) -> None:
    paper, old, new = await reissued(core, stage)
    other = await publish(core, stage, pdfs.pdf("Khac"))
    assert other.version is not None
    assert await refused(actions.changes(core, new, old, actor=stage.stranger)) == "not_found"
    assert await refused(actions.changes(core, new, other.version.id, actor=stage.member)) == "not_found"
    assert await refused(actions.changes(core, new, "khong-co", actor=stage.member)) == "not_found"
    await actions.recall(core, paper, PaperRecall(reason="Nhầm"), actor=stage.secretary)
    assert await refused(actions.changes(core, new, old, actor=stage.member)) == "gone"


async def test_versions_are_compared_ahead_and_once(core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    _, old, new = await reissued(core, stage)
    assert await actions.compare_ahead(core) == 1
    assert await actions.compare_ahead(core) == 0
    await keeping.collect(core, older_than_seconds=0)
    monkeypatch.setattr(core.readers, "run", None)  # nothing is drawn a second time
    assert (await actions.changes(core, new, old, actor=stage.chair)).removed == (3,)


async def test_looks_are_kept_from_the_collector(core: Core, stage: Stage) -> None:
    _, old, _ = await reissued(core, stage)
    await actions.compare_ahead(core)
    await keeping.collect(core, older_than_seconds=0)
    held = await actions.reach(core, old, actor=stage.member)
    kept = await core.db.read(lambda read: store.kept(read, held.sha256))
    assert kept is not None
    assert kept.sha256 is not None
    assert await core.blobs.size(kept.sha256) > 0


async def test_what_cannot_be_drawn_is_compared_by_its_words(
    core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, old, new = await reissued(core, stage)
    await actions.read_ahead(core)
    await actions.texts(core, old, 0, actor=stage.member)

    async def fail(*_given: object, **_bounds: object) -> bytes:
        raise DomainError("worker_failed")

    monkeypatch.setattr(core.readers, "run", fail)
    found = await actions.changes(core, new, old, actor=stage.member)
    assert [(page.old, page.same) for page in found.pages] == [(None, False), (1, True), (2, False)]


async def test_a_long_paper_is_drawn_in_pieces(core: Core, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "PIECE_PAGES", 2)
    _, old, new = await reissued(core, stage)
    assert [page.same for page in (await actions.changes(core, new, old, actor=stage.member)).pages] == [
        False, True, False,
    ]  # fmt: skip


async def test_passages_are_found_with_their_places(core: Core, stage: Stage) -> None:
    _, _, new = await reissued(core, stage)
    held = await actions.reach(core, new, actor=stage.member)
    asked = [Passage(quote="Phien 2", page=3), Passage(quote="khong co"), Passage(quote="Phien 1")]
    found = await actions.find_passages(core, held, asked)
    assert [each and each.page for each in found] == [3, None, 2]
    assert found[0] is not None
    assert len(found[0].quads) == 1
    assert await actions.find_passages(core, held, [Passage(quote="khong co")]) == [None]
