"""The queue of conversions: taken once, told step by step, taken up again, given up; and what is published of it."""

from __future__ import annotations

import asyncio
import io
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING

import pikepdf
import pytest

from server.core import wire
from server.core.errors import DomainError
from server.documents import actions
from server.documents.actions import converting, incoming
from server.documents.conversion.office import Office
from server.documents.store import incoming as store
from server.documents.store import versions
from server.documents.wire import ArrivalQuery, Incoming, IncomingPublish
from tests.documents.test_incoming import bring, held, refused
from tests.support import pdfs
from tests.support.images import image
from tests.support.sitting import Watch

if TYPE_CHECKING:
    from pathlib import Path

    from server.core.context import Core
    from tests.documents.conftest import Stage


class Broken(Office):
    """A LibreOffice that says ``code`` so many times, and then makes a page."""

    def __init__(self, code: str, times: int) -> None:
        self.code, self.times = code, times

    async def convert(self, source: Path, kind: str, target: Path) -> None:
        if self.times:
            self.times -= 1
            raise DomainError(self.code)
        target.write_bytes(pdfs.pdf("Da chuyen"))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.documents.conversion.kinds.office_installed", lambda: True)


async def row(core: Core, come: Incoming) -> store.Stored:
    found = await core.db.read(lambda read: store.load(read, come.id))
    assert found is not None
    return found


RTF = b"{\\rtf1 Kinh gui Uy ban}"


async def test_a_picture_becomes_a_paper_after_it_was_looked_at(
    core: Core, stage: Stage, watch: Watch, office: Office
) -> None:
    data = image("JPEG", (400, 300))
    come = await bring(core, stage, data, "Ảnh hiện trường.jpg")
    assert await actions.convert_next(core, office)
    assert not await actions.convert_next(core, office)
    assert await watch.check() == {f"d:{stage.meeting.id}"}  # nobody who reads papers has heard of it
    ready = held(watch, f"d:{stage.meeting.id}")[0]
    assert (ready.stage, ready.pages, ready.reason) == ("ready", 1, None)
    looked = await incoming.look(core, come.id, actor=stage.secretary)
    assert len(looked.boxes) == 1
    assert (await incoming.reach(core, come.id, actor=stage.secretary)).size == ready.size
    paper = await incoming.publish(core, come.id, IncomingPublish(symbol="5/BC"), actor=stage.secretary)
    assert (paper.title, paper.symbol) == ("Ảnh hiện trường", "5/BC")
    await watch.check()
    assert held(watch, f"d:{stage.meeting.id}") == []
    assert paper.version is not None
    original = await actions.original(core, paper.version.id, actor=stage.secretary)
    assert await core.blobs.read(original.sha256) == data
    with refused("documents.duplicate"):
        await bring(core, stage, data, "lại.jpg")


async def test_several_pictures_become_one_in_the_order_chosen(
    core: Core, stage: Stage, watch: Watch, office: Office
) -> None:
    shapes = [(300, 200), (200, 300), *[(300, 200)] * 7]
    come = [
        await bring(
            core, stage, image("PNG", shapes[part - 1], words=str(part)), f"{part}.png", batch="b", part=part, parts=9
        )
        for part in (2, 1, *range(3, 10))
    ]
    assert await actions.convert_next(core, office)
    await watch.check()
    ready = held(watch, f"d:{stage.meeting.id}")[0]
    assert (ready.stage, ready.pages, ready.done) == ("ready", 9, 9)
    found = await row(core, come[-1])
    assert found.sha256 is not None
    assert found.source_sha256 is not None
    with pikepdf.open(io.BytesIO(await core.blobs.read(found.sha256))) as pdf:
        lying = [float(page.mediabox[2]) > float(page.mediabox[3]) for page in pdf.pages]
    assert lying == [True, False, *[True] * 7]
    with zipfile.ZipFile(io.BytesIO(await core.blobs.read(found.source_sha256))) as archive:
        assert archive.namelist() == [f"{number:03} {number}.png" for number in range(1, 10)]
        assert archive.read("002 2.png") == image("PNG", shapes[1], words="2")


@pytest.mark.parametrize("code", ["documents.not_converted", "documents.convert_timeout"])
async def test_what_failed_once_is_tried_once_more(core: Core, stage: Stage, watch: Watch, code: str) -> None:
    await bring(core, stage, RTF, "a.rtf")
    office = Broken(code, 1)
    assert await actions.convert_next(core, office)
    await watch.check()
    assert held(watch, f"d:{stage.meeting.id}")[0].stage == "waiting"
    assert await actions.convert_next(core, office)
    await watch.check()
    assert held(watch, f"d:{stage.meeting.id}")[0].stage == "ready"


async def test_what_failed_twice_waits_for_somebody(core: Core, stage: Stage, watch: Watch) -> None:
    come = await bring(core, stage, RTF, "a.rtf")
    office = Broken("documents.not_converted", 2)
    assert await actions.convert_next(core, office)
    assert await actions.convert_next(core, office)
    assert not await actions.convert_next(core, office)
    await watch.check()
    failed = held(watch, f"d:{stage.meeting.id}")[0]
    assert (failed.stage, failed.reason) == ("failed", "documents.not_converted")
    again = await incoming.retry(core, come.id, actor=stage.secretary)
    assert (again.stage, again.reason) == ("waiting", None)
    assert await actions.convert_next(core, office)
    await watch.check()
    assert held(watch, f"d:{stage.meeting.id}")[0].stage == "ready"


async def test_what_the_gate_refuses_is_not_tried_again(core: Core, stage: Stage, watch: Watch) -> None:
    class Empty(Office):
        async def convert(self, source: Path, kind: str, target: Path) -> None:
            target.write_bytes(b"%PDF-1.7 and nothing else")

    await bring(core, stage, RTF, "a.rtf")
    assert await actions.convert_next(core, Empty(core.config.data_dir))
    await watch.check()
    failed = held(watch, f"d:{stage.meeting.id}")[0]
    assert (failed.stage, failed.reason) == ("failed", "documents.corrupt")


async def test_a_server_without_room_leaves_it_for_later(core: Core, stage: Stage, watch: Watch) -> None:
    come = await bring(core, stage, RTF, "a.rtf")
    assert await actions.convert_next(core, Broken("documents.no_space", 1))
    assert not await actions.convert_next(core, Broken("", 0))  # not at once
    await watch.check()
    assert ((await row(core, come)).stage, (await row(core, come)).tries) == ("converting", 0)


async def test_a_row_is_one_workers_and_taken_up_when_that_one_is_gone(
    core: Core, stage: Stage, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    come = await bring(core, stage, image())
    first = await core.db.write(lambda tx: converting._take_txn(core, tx))
    assert first is not None
    assert not await actions.convert_next(core, office)
    later = core.clock.now() + timedelta(seconds=converting.LEASE_SECONDS + 1)
    monkeypatch.setattr(type(core.clock), "now", lambda _clock: later)
    assert await actions.convert_next(core, office)
    ready = await row(core, come)
    assert (ready.stage, ready.tries) == ("ready", 2)
    await core.db.write(lambda tx: converting._fail_txn(core, tx, first, "documents.not_converted"))
    assert (await row(core, come)).stage == "ready"  # who was thought to be gone changes nothing


async def test_what_ends_the_server_every_time_is_given_up(
    core: Core, stage: Stage, office: Office, watch: Watch
) -> None:
    come = await bring(core, stage, image())
    for _time in range(converting.TRIES):
        assert await core.db.write(lambda tx: converting._take_txn(core, tx)) is not None
        past = wire.stamp(core.clock.now() - timedelta(seconds=1))
        await core.db.write(lambda tx, past=past: store.change_txn(tx, come.id, {"leased_until": past}))  # type: ignore[misc]
    assert not await actions.convert_next(core, office)
    await watch.check()
    assert held(watch, f"d:{stage.meeting.id}")[0].stage == "failed"


async def test_a_server_that_ends_gives_it_back_uncounted(core: Core, stage: Stage) -> None:
    begun = asyncio.Event()

    class Slow(Office):
        async def convert(self, source: Path, kind: str, target: Path) -> None:
            begun.set()
            await asyncio.sleep(60)

    come = await bring(core, stage, RTF, "a.rtf")
    task = asyncio.create_task(actions.convert_next(core, Slow(core.config.data_dir)))
    await begun.wait()
    task.cancel()
    await asyncio.wait([task])
    assert ((await row(core, come)).stage, (await row(core, come)).tries) == ("waiting", 0)


async def test_what_is_dropped_meanwhile_stays_dropped(core: Core, stage: Stage, watch: Watch) -> None:
    come = await bring(core, stage, RTF, "a.rtf")

    class Late(Office):
        async def convert(self, source: Path, kind: str, target: Path) -> None:
            await incoming.drop(core, come.id, actor=stage.secretary)
            target.write_bytes(pdfs.pdf())

    assert await actions.convert_next(core, Late(core.config.data_dir))
    await watch.check()
    assert held(watch, f"d:{stage.meeting.id}") == []


async def test_the_collector_leaves_what_waits_and_takes_what_was_dropped(
    core: Core, stage: Stage, office: Office
) -> None:
    come = await bring(core, stage, image())
    assert await actions.convert_next(core, office)
    ready = await row(core, come)
    assert ready.sha256 is not None
    await actions.collect(core, older_than_seconds=-1)
    assert await core.blobs.exists(ready.sha256)
    assert await core.blobs.exists(ready.given[0].sha256)
    await incoming.drop(core, come.id, actor=stage.secretary)
    await actions.collect(core, older_than_seconds=-1)
    assert not await core.blobs.exists(ready.sha256)
    assert not await core.blobs.exists(ready.given[0].sha256)


async def test_what_was_made_of_a_file_can_be_the_next_version(core: Core, stage: Stage, office: Office) -> None:
    query = ArrivalQuery(filename="a.pdf", title="Tờ trình")
    paper = await actions.arrive(
        core, actions.Arrival(query=query, item_id=stage.item.id), pdfs.chunks(pdfs.pdf()), actor=stage.secretary
    )
    arrival = actions.Arrival(query=ArrivalQuery(filename="b.png"), paper_id=paper.id)
    come = await actions.arrive(core, arrival, pdfs.chunks(image()), actor=stage.secretary)
    assert await actions.convert_next(core, office)
    after = await incoming.publish(core, come.id, IncomingPublish(), actor=stage.secretary)
    assert (after.id, after.versions, after.title) == (paper.id, 2, "Tờ trình")
    source = await core.db.read(lambda read: versions.source_of(read, after.version.id if after.version else ""))
    assert source is not None
