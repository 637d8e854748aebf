"""An older version of a paper is used again: by whom, of what, and that everybody is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server.core.errors import DomainError
from server.documents import actions
from server.documents.wire import PaperRecall, PaperRestore
from tests.support import pdfs

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.documents.wire import Paper
    from tests.documents.conftest import Stage
    from tests.support.sitting import Watch


async def publish(core: Core, stage: Stage) -> Paper:
    data = pdfs.pdf("Ban dau", pages=2)
    return await actions.publish_bytes(core, stage.item.id, data, "Tờ trình", "paper", stage.secretary)


async def restored(core: Core, stage: Stage, paper: Paper, version_id: str, who: Actor | None = None) -> Paper:
    return await actions.restore(core, paper.id, PaperRestore(version_id=version_id), actor=who or stage.secretary)


async def test_an_older_version_becomes_the_next_one(core: Core, stage: Stage, watch: Watch) -> None:
    first = await publish(core, stage)
    second = await replaced(core, stage, first)
    assert first.version is not None
    assert second.version is not None
    third = await restored(core, stage, first, first.version.id)
    assert third.version is not None
    assert (third.versions, third.version.no, third.version.sha256) == (3, 3, first.version.sha256)
    assert third.version.id not in {first.version.id, second.version.id}
    assert third.version.boxes == first.version.boxes
    await watch.check()  # the audience was told, and a fresh snapshot says the same
    listed = await actions.versions(core, first.id, actor=stage.member)
    assert [each.no for each in listed.versions] == [3, 2, 1]


async def replaced(core: Core, stage: Stage, paper: Paper) -> Paper:
    data = pdfs.pdf("Ban sau", pages=3)
    return await actions.publish_bytes(core, stage.item.id, data, "", "paper", stage.secretary, paper_id=paper.id)


async def test_only_the_desk_restores_and_only_another_version_of_the_same_paper(core: Core, stage: Stage) -> None:
    first = await publish(core, stage)
    second = await replaced(core, stage, first)
    elsewhere = await actions.publish_bytes(core, stage.item.id, pdfs.pdf("Khac"), "Khác", "paper", stage.secretary)
    assert first.version is not None
    assert second.version is not None
    assert elsewhere.version is not None
    for who, version, code in (
        (stage.member, first.version.id, "denied"),
        (stage.stranger, first.version.id, "not_found"),
        (stage.secretary, elsewhere.version.id, "not_found"),
        (stage.secretary, second.version.id, "documents.current"),
    ):
        with pytest.raises(DomainError, match=code):
            await restored(core, stage, first, version, who)
    await actions.recall(core, first.id, PaperRecall(), actor=stage.secretary)
    with pytest.raises(DomainError, match=r"documents\.recalled"):
        await restored(core, stage, first, first.version.id)
