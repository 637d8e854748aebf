"""Resumable uploads through a real server: the protocol's words, exact offsets, limits, and who may send what."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from server.accounts import actions as accounts
from server.accounts.wire import GrantsChange
from server.core.access import Role
from server.directory import actions as directory
from server.directory.wire import BodyCreate
from server.documents import actions, receiving
from server.documents.store.tables import paper_upload, paper_upload_part
from tests.documents.conftest import Stage, set_stage
from tests.support import pdfs
from tests.support.house import Server, actor, config_for, start
from tests.support.sitting import add_item
from tests.support.sitting_clients import Client, sign_in
from tests.support.tus import BYTES, Said, Sender

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import pikepdf


class Desk:
    """A server with the secretary of a meeting and others who would send."""

    def __init__(self, server: Server, stage: Stage, secretary: Client) -> None:
        self.server, self.core, self.stage = server, server.core, stage
        self.client, self.sender = secretary, Sender(secretary)
        self.where = f"/items/{stage.item.id}"

    async def begun(self, size: int, **meta: str) -> str:
        """The address of an upload that was begun."""
        made = await self.sender.begin(self.where, size, meta={"filename": "a.pdf", **meta})
        assert made.status == 201, made.body
        return made.headers["Location"]

    async def sent(self, data: bytes, **meta: str) -> str:
        """The address of an upload that is here whole."""
        location = await self.begun(len(data), **meta)
        assert (await self.sender.send(location, 0, data)).status == 204
        return location

    async def papers(self) -> list[Any]:
        found: list[Any] = (await self.client.request("GET", f"{self.where}/papers"))[1]["papers"]
        return found


async def desk_on(server: Server) -> Desk:
    stage = await set_stage(server.core)
    return Desk(server, stage, await sign_in(server, stage.people.secretary, Role.SECRETARY, body=stage.people.body))


@pytest.fixture
async def desk(server: Server) -> Desk:
    return await desk_on(server)


@pytest.fixture
async def narrow(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """The same where a meeting may have 3 MiB of files, one person 2 MiB, and a file 1 MiB."""
    limits = {"file_bytes": 1024**2, "person_bytes": 2 * 1024**2, "meeting_bytes": 3 * 1024**2}
    running = await start(config_for(tmp_path / "narrow", sqlite_url, limits=limits))
    yield await desk_on(running)
    await running.http.close()


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def heavy(made: pikepdf.Pdf) -> None:
    """Bytes that cannot be packed: several parts."""
    made.pages[0].obj["/PieceInfo"] = made.make_stream(noise(5 * 1024**2))


async def test_the_server_says_what_it_speaks(desk: Desk) -> None:
    said = await desk.sender.ask("OPTIONS", "/api/v1/uploads", Tus_Resumable=None, Cookie=None)
    assert said.status == 204
    assert said.headers["Tus-Version"] == "1.0.0"
    extensions = set(said.headers["Tus-Extension"].split(","))
    assert extensions == {"creation", "creation-with-upload", "expiration", "checksum", "termination"}
    assert said.headers["Tus-Max-Size"] == str(200 * 1024**2)
    assert said.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"


async def test_a_file_that_comes_in_pieces_is_the_paper(desk: Desk) -> None:
    data = pdfs.pdf("2", change=heavy)
    made = await desk.sender.begin(desk.where, len(data), meta={"filename": "Tờ trình.pdf", "symbol": "1/TTr"})
    assert (made.status, made.offset, made.headers["Tus-Resumable"]) == (201, 0, "1.0.0")
    location = made.headers["Location"]
    lifetime = parsedate_to_datetime(made.headers["Upload-Expires"]) - datetime.now(UTC)
    assert abs(lifetime.total_seconds() - receiving.EXPIRES_SECONDS) < 60
    cuts = [0, 10, 3 * 1024**2 + 7, len(data)]
    for begin, end in itertools.pairwise(cuts):
        assert (await desk.sender.send(location, begin, data[begin:end])).offset == end
        head = await desk.sender.ask("HEAD", location)
        assert (head.status, head.offset, head.headers["Upload-Length"]) == (200, end, str(len(data)))
        assert head.headers["Cache-Control"] == "no-store"
    assert await desk.papers() == []
    done = await desk.sender.finish(location)
    assert done.status == 200, done.body
    paper = done.body["paper"]
    assert (paper["title"], paper["symbol"], done.body["incoming"]) == ("Tờ trình", "1/TTr", None)
    assert [each["id"] for each in await desk.papers()] == [paper["id"]]
    version = paper["version"]["id"]
    original = await desk.core.db.read(lambda read: actions.held(read, version))
    assert original is not None
    kept = await desk.sender.ask("POST", f"{location}/finish", b"{}", Content_Type="application/json")
    assert kept.body == done.body
    assert len(await desk.papers()) == 1


async def test_bytes_may_come_with_the_beginning(desk: Desk) -> None:
    data = pdfs.pdf("1")
    made = await desk.sender.begin(desk.where, len(data), data)
    assert (made.status, made.offset) == (201, len(data))
    assert (await desk.sender.finish(made.headers["Location"])).status == 200


async def test_the_next_version_of_a_paper(desk: Desk) -> None:
    first = (await desk.sender.finish(await desk.sent(pdfs.pdf("1")))).body["paper"]
    data = pdfs.pdf("2")
    made = await desk.sender.begin(f"/papers/{first['id']}", len(data), data)
    done = await desk.sender.finish(made.headers["Location"])
    assert (done.body["paper"]["id"], done.body["paper"]["version"]["no"]) == (first["id"], 2)


@pytest.mark.parametrize("how", ["abort", "close"])
async def test_where_it_broke_off_is_told_to_the_byte(desk: Desk, how: str) -> None:
    data = noise(receiving.PART_BYTES + 77_777)
    location = await desk.begun(2 * len(data))

    _reader, writer = await asyncio.open_connection("localhost", desk.server.http.port)
    told = {
        **desk.client.headers,
        "Host": f"localhost:{desk.server.http.port}",
        "Tus-Resumable": "1.0.0",
        "Content-Type": BYTES,
    }
    told |= {"Upload-Offset": "0", "Content-Length": str(2 * len(data))}
    head_lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    writer.write(f"PATCH {location} HTTP/1.1\r\n{head_lines}\r\n".encode() + data)
    await writer.drain()
    await asyncio.sleep(0.5)
    getattr(writer.transport, how)()
    kept = 0
    for _ in range(100):
        kept = (await desk.sender.ask("HEAD", location)).offset
        if kept >= receiving.PART_BYTES:
            break
        await asyncio.sleep(0.05)
    assert receiving.PART_BYTES <= kept <= len(data)
    await asyncio.sleep(0.2)
    kept = (await desk.sender.ask("HEAD", location)).offset
    assert (await desk.sender.send(location, kept, (data + data)[kept:])).offset == 2 * len(data)
    rows = await desk.core.db.read(lambda read: read.rows(select(paper_upload_part).order_by(paper_upload_part.c.no)))
    assert b"".join([await desk.core.blobs.read(row.sha256) for row in rows]) == data + data


@pytest.mark.parametrize("at", [0, 4, 6, 10**9])
async def test_bytes_for_another_offset_are_refused(desk: Desk, at: int) -> None:
    location = await desk.begun(10)
    assert (await desk.sender.send(location, 0, b"01234")).offset == 5
    said = await desk.sender.send(location, at, b"56789")
    assert (said.status, said.code) == (409, "uploads.offset")
    assert (await desk.sender.ask("HEAD", location)).offset == 5


async def test_two_that_go_on_at_once_are_one(desk: Desk) -> None:
    data = [noise(receiving.PART_BYTES, seed) for seed in (1, 2)]
    location = await desk.begun(receiving.PART_BYTES)
    said = await asyncio.gather(*(desk.sender.send(location, 0, each) for each in data))
    assert sorted(each.status for each in said) == [204, 409]
    rows = await desk.core.db.read(lambda read: read.rows(select(paper_upload_part)))
    won = data[[each.status for each in said].index(204)]
    assert [row.sha256 for row in rows] == [hashlib.sha256(won).hexdigest()]


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Tus_Resumable": None}, 412, "uploads.version"),
        ({"Tus_Resumable": "0.2.2"}, 412, "uploads.version"),
        ({"Content_Type": "application/octet-stream"}, 415, "uploads.content_type"),
        ({"Upload_Offset": None}, 400, "invalid_input"),
        ({"Upload_Offset": "-1"}, 400, "invalid_input"),
        ({"Upload_Offset": "²"}, 400, "invalid_input"),
        ({"Origin": "https://evil.example"}, 403, "origin"),
        ({"Origin": None}, 403, "origin"),
        ({"Cookie": None}, 401, "unauthenticated"),
        ({"Upload_Checksum": "md5 AAAA"}, 400, "uploads.checksum_algorithm"),
        ({"Upload_Checksum": "sha1 ?"}, 400, "invalid_input"),
    ],
)
async def test_words_that_are_not_the_protocol_s(desk: Desk, headers: dict[str, Any], status: int, code: str) -> None:
    location = await desk.begun(5)
    given = {"Upload_Offset": "0", "Content_Type": BYTES, **headers}
    said = await desk.sender.ask("PATCH", location, b"01234", **given)
    assert (said.status, said.code) == (status, code)
    if status == 412:
        assert (said.headers["Tus-Version"], said.headers["Tus-Resumable"]) == ("1.0.0", "1.0.0")
    assert (await desk.sender.ask("HEAD", location)).offset == 0


async def test_more_than_was_said_is_refused(desk: Desk) -> None:
    location = await desk.begun(5)
    said = await desk.sender.send(location, 0, b"012345")
    assert (said.status, said.code) == (413, "uploads.beyond")

    async def unmeasured() -> AsyncIterator[bytes]:
        yield b"012345"

    said = await desk.sender.send(location, 0, unmeasured())
    assert (said.status, said.code) == (413, "uploads.beyond")
    assert (await desk.sender.ask("HEAD", location)).offset == 0


@pytest.mark.parametrize(
    ("size", "headers", "status", "code"),
    [
        (0, {}, 422, "documents.empty"),
        (200 * 1024**2 + 1, {}, 413, "documents.too_large"),
        ("", {}, 400, "uploads.length"),
        ("a", {}, 400, "uploads.length"),
        (5, {"Upload_Metadata": None}, 400, "invalid_input"),
        (5, {"Upload_Metadata": "filename ?"}, 400, "invalid_input"),
        (5, {"Upload_Metadata": "filename YQ==,filename Yg=="}, 400, "invalid_input"),
        (5, {"Upload_Metadata": "filename YQ==,evil Yg=="}, 400, "invalid_input"),
        (5, {"Upload_Metadata": "filename YQ==,sha256 Yg=="}, 400, "invalid_input"),
        (5, {"Upload_Metadata": "filename " + base64.b64encode(b"\xff").decode()}, 400, "invalid_input"),
    ],
)
async def test_what_cannot_begin(desk: Desk, size: Any, headers: dict[str, Any], status: int, code: str) -> None:
    said = await desk.sender.begin(desk.where, size, **headers)
    assert (said.status, said.code) == (status, code)
    assert await desk.core.db.read(lambda read: read.rows(select(paper_upload))) == []


async def test_a_checksum_holds_for_the_whole_request(desk: Desk) -> None:
    data = noise(receiving.PART_BYTES + 5)
    location = await desk.begun(len(data))
    wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    said = await desk.sender.send(location, 0, data, Upload_Checksum=f"sha256 {wrong}")
    assert (said.status, said.code) == (460, "uploads.checksum")
    assert (await desk.sender.ask("HEAD", location)).offset == 0
    right = base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()
    assert (await desk.sender.send(location, 0, data, Upload_Checksum=f"sha1 {right}")).offset == len(data)


async def test_what_was_given_up_is_gone(desk: Desk) -> None:
    location = await desk.begun(5)
    await desk.sender.send(location, 0, b"012")
    assert (await desk.sender.ask("DELETE", location)).status == 204
    for said in (
        await desk.sender.ask("HEAD", location),
        await desk.sender.send(location, 3, b"34"),
        await desk.sender.ask("DELETE", location),
    ):
        assert said.status == 404
    assert await desk.core.db.read(actions.uploads_referred) == set()


async def test_nobody_sees_the_upload_of_another(desk: Desk) -> None:
    location = await desk.begun(5)
    stage = desk.stage
    clerk = Sender(await sign_in(desk.server, stage.people.members[2], Role.CLERK, body=stage.people.body))
    member = Sender(await sign_in(desk.server, stage.member.person_id))
    for other in (clerk, member):
        assert (await other.ask("HEAD", location)).status == 404
        assert (await other.send(location, 0, b"01234")).code == "not_found"
        assert (await other.ask("DELETE", location)).code == "not_found"
        assert (await other.finish(location)).code == "not_found"
    assert (await clerk.ask("GET", f"/api/v1{desk.where}/uploads")).body == {"uploads": []}
    assert (await member.begin(desk.where, 5)).code == "denied"
    assert (await member.ask("GET", f"/api/v1{desk.where}/uploads")).code == "denied"
    (own,) = (await desk.sender.ask("GET", f"/api/v1{desk.where}/uploads")).body["uploads"]
    assert (own["received"], own["size"], own["filename"]) == (0, 5, "a.pdf")


async def test_who_lost_the_desk_sends_no_more(desk: Desk) -> None:
    stage = desk.stage
    clerk = Sender(await sign_in(desk.server, stage.people.members[2], Role.CLERK, body=stage.people.body))
    location = (await clerk.begin(desk.where, 5)).headers["Location"]
    administrator = actor(stage.member.person_id, Role.ADMINISTRATOR)
    await sign_in(desk.server, stage.member.person_id, Role.ADMINISTRATOR)
    await accounts.change_grants(desk.core, stage.people.members[2], GrantsChange(grants=()), actor=administrator)
    assert (await clerk.send(location, 0, b"01234")).code == "not_found"


async def test_what_nobody_goes_on_with_expires(desk: Desk) -> None:
    location = await desk.begun(5)
    other = await desk.begun(5)
    upload = location.rpartition("/")[2]
    past = update(paper_upload).where(paper_upload.c.id == upload).values(expires_at="2020-01-01T00:00:00.000000Z")
    await desk.core.db.write(lambda tx: tx.execute(past))
    assert (await desk.sender.ask("HEAD", location)).status == 410
    assert (await desk.sender.send(location, 0, b"01234")).code == "uploads.expired"
    assert await actions.forget_expired(desk.core) == 1
    assert (await desk.sender.ask("HEAD", location)).status == 404
    assert (await desk.sender.ask("HEAD", other)).status == 200


async def test_the_collector_keeps_what_is_on_its_way_and_takes_what_is_not(desk: Desk) -> None:
    location = await desk.begun(10)
    await desk.sender.send(location, 0, b"01234")
    await actions.collect(desk.core, older_than_seconds=-60)
    assert (await desk.sender.send(location, 5, b"56789")).offset == 10
    await desk.sender.ask("DELETE", location)
    assert await actions.collect(desk.core, older_than_seconds=-60) == 2


async def test_quotas_are_told_in_a_sentence(narrow: Desk) -> None:
    mib = 1024**2
    held = [await narrow.begun(mib) for _ in range(2)]
    said = await narrow.sender.begin(narrow.where, 1)
    assert (said.status, said.code) == (413, "uploads.person_quota")
    assert "đã gửi 2 MB" in said.body["error"]["text"]
    people = narrow.stage.people
    clerk = Sender(await sign_in(narrow.server, people.members[2], Role.CLERK, body=people.body))
    assert (await clerk.begin(narrow.where, mib)).status == 201
    said = await clerk.begin(narrow.where, 1)
    assert (said.code, said.body["error"]["args"]) == ("uploads.meeting_quota", {"taken_mib": 3, "limit_mib": 3})
    await narrow.sender.ask("DELETE", held[0])
    assert (await narrow.sender.begin(narrow.where, mib)).status == 201


async def test_papers_count_for_the_quota_too(narrow: Desk) -> None:
    data = pdfs.pdf("1")
    assert (await narrow.sender.finish(await narrow.sent(data))).status == 200
    assert (await narrow.sender.begin(narrow.where, 1024**2)).status == 201
    said = await narrow.sender.begin(narrow.where, 1024**2)
    assert said.code == "uploads.person_quota"


async def test_too_many_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "UNDER_WAY_MOST", 2)
    for _ in range(2):
        await desk.begun(5)
    assert (await desk.sender.begin(desk.where, 5)).code == "uploads.too_many"


async def test_a_line_that_breaks_for_ever(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "PARTS_MOST", 3)
    location = await desk.begun(5)
    for at in range(3):
        assert (await desk.sender.send(location, at, b"x")).status == 204
    assert (await desk.sender.send(location, 3, b"x")).code == "uploads.torn"


@pytest.mark.parametrize("level", ["confidential", "secret", "top-secret"])
async def test_what_is_classified_is_refused_before_any_byte(desk: Desk, level: str) -> None:
    data = pdfs.pdf("1")
    said = await desk.sender.begin(desk.where, len(data), data, {"filename": "a.pdf", "classification": level})
    assert (said.status, said.code) == (422, "documents.classified")
    assert await desk.core.db.read(lambda read: read.rows(select(paper_upload))) == []
    path = f"/api/v1{desk.where}/papers?filename=a.pdf&classification={level}"
    assert (await desk.sender.ask("POST", path, data, Content_Type="application/pdf")).code == "documents.classified"
    path = f"/api/v1{desk.where}/incoming?filename=a.pdf&classification={level}"
    assert (
        await desk.sender.ask("POST", path, data, Content_Type="application/octet-stream")
    ).code == "documents.classified"
    assert [each async for each in desk.core.blobs._store.stored(-60)] == []


async def finished(desk: Desk, data: bytes, **meta: str) -> Said:
    return await desk.sender.finish(await desk.sent(data, **meta))


async def test_the_same_file_in_the_same_item_is_told_before_it_travels(desk: Desk) -> None:
    data = pdfs.pdf("1")
    assert (await finished(desk, data, title="Tờ trình")).status == 200
    known = {"filename": "b.pdf", "sha256": hashlib.sha256(data).hexdigest()}
    said = await desk.sender.begin(desk.where, len(data), meta=known)
    assert (said.status, said.code, said.body["error"]["args"]) == (409, "documents.duplicate", {"title": "Tờ trình"})
    unknown = await finished(desk, data)
    assert unknown.code == "documents.duplicate"
    assert len(await desk.papers()) == 1


async def test_the_same_file_in_another_item_is_told_and_may_be_added(desk: Desk) -> None:
    data, core, stage = pdfs.pdf("1"), desk.core, desk.stage
    assert (await finished(desk, data, title="Tờ trình")).status == 200
    other = await add_item(core, stage.meeting, "Nội dung khác", secretary=stage.secretary)
    desk.where = f"/items/{other.id}"
    known = {"filename": "b.pdf", "sha256": hashlib.sha256(data).hexdigest()}
    said = await desk.sender.begin(desk.where, len(data), meta=known)
    assert said.code == "documents.duplicate_elsewhere"
    told = said.body["error"]["args"]
    assert (told["title"], told["item"]) == ("Tờ trình", "Báo cáo quý IV")
    location = await desk.sent(data)
    assert (await desk.sender.finish(location)).code == "documents.duplicate_elsewhere"
    assert (await desk.sender.finish(location, again=True)).status == 200
    recalled = (await desk.papers())[0]["id"]
    assert (await desk.client.request("POST", f"/papers/{recalled}/recall", {}))[0] == 200
    made = await desk.sender.begin(desk.where, len(data), data, {**known, "again": "true"})
    assert (await desk.sender.finish(made.headers["Location"])).status == 200


async def test_of_a_paper_that_one_may_not_see_nothing_is_told(desk: Desk) -> None:
    data, stage = pdfs.pdf("1"), desk.stage
    assert (await finished(desk, data)).status == 200
    administrator = actor("administrator", Role.ADMINISTRATOR)
    new = BodyCreate(code="KH", name="Sở Khác", tier="city", valid_from="2025-07-01")
    body = (await directory.create_body(desk.core, new, actor=administrator)).id
    meeting = {"title": "Họp", "body_id": body, "starts_at": "2026-12-27T08:00:00+07:00"}
    stranger = await sign_in(desk.server, stage.people.members[2], Role.SECRETARY, body=body)
    where = f"/items/{await item_of(stranger, meeting)}"
    known = {"filename": "b.pdf", "sha256": hashlib.sha256(data).hexdigest()}
    made = await Sender(stranger).begin(where, len(data), data, known)
    assert made.status == 201
    assert (await Sender(stranger).finish(made.headers["Location"])).status == 200


async def item_of(client: Client, meeting: Any) -> str:
    """An item of a new meeting."""
    status, made = await client.request("POST", "/meetings", meeting)
    assert status == 201, made
    return str((await client.request("POST", f"/meetings/{made['id']}/items", {"title": "Nội dung"}))[1]["id"])


async def test_other_bytes_than_were_said_become_nothing(desk: Desk) -> None:
    location = await desk.sent(pdfs.pdf("1"), sha256="0" * 64)
    for _ in range(2):
        said = await desk.sender.finish(location)
        assert (said.status, said.code) == (422, "uploads.damaged")
    assert await desk.papers() == []
    assert await desk.core.db.read(actions.uploads_referred) == set()


async def test_what_the_gate_refuses_is_let_go_and_refused_again_alike(desk: Desk) -> None:
    location = await desk.sent(b"no paper at all")
    first = await desk.sender.finish(location)
    assert first.status in {415, 422}
    assert first.code.startswith("documents.")
    assert (await desk.sender.finish(location)).body == first.body
    assert await desk.papers() == []
    assert (await desk.sender.ask("GET", f"/api/v1{desk.where}/uploads")).body == {"uploads": []}


async def test_an_end_that_came_too_early(desk: Desk) -> None:
    location = await desk.begun(5)
    await desk.sender.send(location, 0, b"012")
    said = await desk.sender.finish(location)
    assert (said.status, said.code) == (409, "uploads.unfinished")
    assert "3 trên 5 byte" in said.body["error"]["text"]
    assert (await desk.sender.send(location, 3, b"34")).offset == 5


async def test_finished_twice_at_once_it_is_one_paper(desk: Desk) -> None:
    location = await desk.sent(pdfs.pdf("3"))
    said = await asyncio.gather(*(desk.sender.finish(location) for _ in range(3)))
    assert {each.status for each in said} == {200}
    assert len({each.body["paper"]["id"] for each in said}) == 1
    assert len(await desk.papers()) == 1


async def test_begun_twice_under_one_key_it_is_one_upload(desk: Desk) -> None:
    key = "018f7a2e-0000-7000-8000-000000000001"
    made = [await desk.sender.begin(desk.where, 5, b"01", Idempotency_Key=key) for _ in range(2)]
    assert [each.status for each in made] == [201, 201]
    assert made[0].headers["Location"] == made[1].headers["Location"]
    assert (await desk.sender.ask("HEAD", made[0].headers["Location"])).offset == 2
    other = await desk.sender.begin(desk.where, 6, Idempotency_Key=key)
    assert other.code == "conflict"


async def test_a_meeting_that_was_cancelled_takes_nothing(desk: Desk) -> None:
    status, _ = await desk.client.request("POST", f"/meetings/{desk.stage.meeting.id}/cancel", {"reason": "Bão"})
    assert status == 200
    assert (await desk.sender.begin(desk.where, 5)).code == "documents.meeting_cancelled"
