"""Resumable uploads where servers share a PostgreSQL and an object store: any of them goes on, none keeps anything."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from obstore.store import MemoryStore

from server import app as application
from server.core.blobs import Blobs
from server.core.blobs_remote import RemoteStore
from server.documents import actions, receiving
from server.documents.wire import UploadFinish, UploadMeta
from server.features import House, set_up
from tests.documents.conftest import set_stage
from tests.support import pdfs
from tests.support.house import config_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from server.core.context import Core


@pytest.fixture
async def both(postgres_url: str, tmp_path: Path) -> AsyncIterator[tuple[Core, Core]]:
    """Two cores with folders of their own, one database and one object store."""
    store = MemoryStore()
    keys = {"key_file": str(tmp_path / "sealing.key")}
    built = []
    for name in ("one", "two"):
        core, _, _ = await application.build_core(config_for(tmp_path / name, postgres_url, **keys))
        core = dataclasses.replace(core, blobs=Blobs(RemoteStore(store)))
        set_up(House(core))
        built.append(core)
    yield built[0], built[1]
    for core in built:
        await application.close_core(core)


async def test_another_server_goes_on_and_a_third_step_is_done_by_the_first(both: tuple[Core, Core]) -> None:
    one, two = both
    stage = await set_stage(one)
    data = pdfs.pdf(pages=3)
    place, meta = actions.Place(item_id=stage.item.id), UploadMeta(filename="a.pdf")
    begun = await actions.begin(one, place, meta, len(data), actor=stage.secretary)
    cuts = (0, 100, 1000, len(data))
    for core, begin, end in zip((one, two, one), cuts, cuts[1:], strict=False):
        assert (await actions.upload_state(core, begun.id, actor=stage.secretary)).received == begin
        sent = await actions.append(core, begun.id, begin, pdfs.chunks(data[begin:end]), actor=stage.secretary)
        assert sent.received == end
    arrived = await actions.finish(two, begun.id, UploadFinish(), actor=stage.secretary)
    assert arrived.paper is not None
    assert arrived.paper.version is not None
    assert arrived == await actions.finish(one, begun.id, UploadFinish(), actor=stage.secretary)
    original = await actions.original(one, arrived.paper.version.id, actor=stage.secretary)
    assert await one.blobs.read(original.sha256) == data


async def test_parts_are_of_one_size_whatever_the_pieces(both: tuple[Core, Core]) -> None:
    one, _two = both
    stage = await set_stage(one)
    size = 2 * receiving.PART_BYTES + 5
    place, meta = actions.Place(item_id=stage.item.id), UploadMeta(filename="a.pdf")
    begun = await actions.begin(one, place, meta, size, actor=stage.secretary)
    await actions.append(one, begun.id, 0, pdfs.chunks(bytes(size), 65_537), actor=stage.secretary)
    stored = await one.db.read(actions.uploads_referred)
    assert sorted([await one.blobs.size(each) for each in stored]) == [
        5,
        receiving.PART_BYTES,
    ]  # of two alike, one
