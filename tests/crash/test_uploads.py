"""A server that is killed while a file comes in: what was told to be received is there, and nothing half is listed."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import sqlite3
from typing import TYPE_CHECKING, Any

import aiohttp
import pikepdf

from server.accounts import actions as accounts
from server.accounts.wire import AccountGive
from server.app import with_core
from server.core.access import Grant, Role
from server.directory import actions as directory
from server.directory.wire import BodyCreate, PersonCreate
from server.documents import actions as documents
from server.meetings import actions as meetings
from server.meetings.wire import ItemCreate, MeetingCreate
from tests.crash import forking
from tests.crash.forking import Crashes
from tests.crash.loading import Loaded
from tests.crash.test_crash import PASSWORD
from tests.support import pdfs
from tests.support.house import actor, config_for
from tests.support.tus import BYTES, metadata

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from server.core.context import Core

MIB = 1024**2
SIZE = 191 * MIB  # 200 MB
KILLS = int(os.environ.get("CRASH_UPLOAD_KILLS", "20"))
_SINCE = "2025-07-01"


def large() -> bytes:
    """A PDF of about 200 MB that cannot be packed."""

    def fill(made: pikepdf.Pdf) -> None:
        made.pages[0].obj["/PieceInfo"] = made.make_stream(random.Random(1).randbytes(SIZE))

    return pdfs.pdf(change=fill)


async def prepare(core: Core) -> str:
    """A secretary with access, and an item of a meeting of theirs."""
    administrator = actor("seed", Role.ADMINISTRATOR)
    await accounts.init_administrator(core, user="quantri", password=PASSWORD, name="Quản trị")
    body = BodyCreate(code="TG", name="UBND", tier="city", valid_from=_SINCE)
    body_id = (await directory.create_body(core, body, actor=administrator)).id
    person = PersonCreate(code="N0", full_name="Thư ký", body_id=body_id, title="Chuyên viên", valid_from=_SINCE)
    person_id = (await directory.create_person(core, person, actor=administrator)).id
    give = AccountGive(user="thuky", grants=(Grant(Role.SECRETARY, body_id),))
    await accounts.give_with_password(core, person_id, give, PASSWORD, actor=administrator)
    secretary = actor(person_id, Role.SECRETARY, body=body_id)
    new = MeetingCreate(title="Họp", body_id=body_id, starts_at="2026-12-27T08:00:00+07:00")
    meeting = await meetings.create(core, new, actor=secretary)
    return (await meetings.create_item(core, meeting.id, ItemCreate(title="Báo cáo"), actor=secretary)).id


class Desk:
    """Sends one file, through every crash, from where the server says that it is."""

    def __init__(self, server: Crashes, http: aiohttp.ClientSession, item: str, data: bytes) -> None:
        self.server, self.http, self.item, self.data = server, http, item, data
        self.headers = {"Origin": server.url, "Tus-Resumable": "1.0.0"}
        self.location = ""
        self.told = 0  # the most that the server has said to have

    async def begin(self) -> None:
        body = {"user": "thuky", "password": PASSWORD}
        async with self.http.post(f"{self.server.url}/api/v1/accounts/sign-in", json=body, headers=self.headers) as got:
            assert got.status == 200, await got.text()
            self.headers["Cookie"] = got.headers["Set-Cookie"].partition(";")[0]
        meta = metadata({"filename": "lớn.pdf", "sha256": hashlib.sha256(self.data).hexdigest()})
        headers = {**self.headers, "Upload-Length": str(len(self.data)), "Upload-Metadata": meta}
        async with self.http.post(f"{self.server.url}/api/v1/items/{self.item}/uploads", headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            self.location = self.server.url + answer.headers["Location"]

    async def offset(self) -> int:
        async with self.http.head(self.location, headers=self.headers) as answer:
            assert answer.status == 200
            at = int(answer.headers["Upload-Offset"])
        assert at >= self.told, "what was told to be received is gone"
        self.told = at
        return at

    async def send(self, kill_at: int | None) -> bool:
        """Send on; the server dies when it has been given the bytes up to ``kill_at``. Whether all has arrived."""
        at = await self.offset()
        if at == len(self.data):
            return True
        headers = {**self.headers, "Upload-Offset": str(at), "Content-Type": BYTES}
        headers["Content-Length"] = str(len(self.data) - at)
        try:
            async with self.http.patch(self.location, data=self._bytes(at, kill_at), headers=headers) as answer:
                assert answer.status == 204, await answer.text()
                return True
        except (aiohttp.ClientError, ConnectionError):
            return False

    async def _bytes(self, at: int, kill_at: int | None) -> AsyncIterator[bytes]:
        for begin in range(at, len(self.data), 256 * 1024):
            if kill_at is not None and begin >= kill_at:
                self.server.kill()
                raise ConnectionResetError
            yield self.data[begin : begin + 256 * 1024]

    async def papers(self) -> Any:
        return (await self.ask("GET", f"/items/{self.item}/papers"))[1]["papers"]

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        url = path if path.startswith("http") else f"{self.server.url}/api/v1{path}"
        async with self.http.request(method, url, json=body, headers=self.headers) as answer:
            return answer.status, await answer.json()


async def test_a_killed_server_has_every_byte_that_it_told_and_lists_nothing_half(tmp_path: Path) -> None:
    data, chance = large(), random.Random(1)
    config = config_for(tmp_path, f"sqlite:///{tmp_path / 'phien.sqlite'}")
    item = await with_core(config, prepare)
    points = sorted(chance.randrange(len(data)) for _ in range(KILLS))
    with Loaded.of(forking.MODULE) as loaded:
        server = Crashes(loaded, tmp_path)
        await server.start()
        try:
            async with aiohttp.ClientSession(skip_auto_headers=("Content-Type",)) as http:
                desk = Desk(server, http, item, data)
                await desk.begin()
                for point in points:
                    await desk.send(point)
                    if not server.alive:
                        await server.start()
                    assert await desk.papers() == []
                assert await desk.send(None)
                paper = await _finished(server, desk)
                assert [each["id"] for each in await desk.papers()] == [paper["id"]]
                version = paper["version"]["id"]
                async with http.get(f"{server.url}/api/v1/versions/{version}/original", headers=desk.headers) as answer:
                    assert hashlib.sha256(await answer.read()).hexdigest() == hashlib.sha256(data).hexdigest()
        finally:
            server.kill()
    await with_core(config, _nothing_is_left)
    with sqlite3.connect(tmp_path / "phien.sqlite") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def _finished(server: Crashes, desk: Desk) -> Any:
    """The paper: the server is killed while it makes it, and is asked again."""
    asking = asyncio.create_task(desk.ask("POST", f"{desk.location}/finish", {}))
    await asyncio.sleep(0.4)
    server.kill()
    await asyncio.gather(asking, return_exceptions=True)
    await server.start()
    status, first = await desk.ask("POST", f"{desk.location}/finish", {})
    assert status == 200, first
    assert (await desk.ask("POST", f"{desk.location}/finish", {}))[1] == first
    return first["paper"]


async def _nothing_is_left(core: Core) -> None:
    """What the collector takes, once it is old enough: all parts, and whatever a killed process left."""
    await documents.collect(core, older_than_seconds=-3600)
    kept = {sha256 async for sha256 in core.blobs._store.stored(-3600)}
    referred = await core.db.read(documents.uploads_referred)
    assert referred == set()
    assert len(kept) <= 4, "the original, its rendition, its words, its looks"
