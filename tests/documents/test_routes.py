"""The HTTP edge of documents on a real server: uploads, ranged reads, pictures, readings, refusals."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import select

from server.core.access import Role
from server.core.blobs import PIECE_BYTES, RANGE_BYTES
from server.core.ids import new_id
from server.core.journal.tables import operation
from server.documents import actions
from tests.documents.conftest import Stage, set_stage
from tests.support import pdfs
from tests.support.house import Server, config_for, start
from tests.support.sitting_clients import Client, sign_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    import pikepdf


class Hall:
    """A running server with people signed in, speaking HTTP with bytes."""

    def __init__(self, server: Server, stage: Stage, desk: Client, member: Client, stranger: Client) -> None:
        self.server, self.stage = server, stage
        self.desk, self.member, self.stranger = desk, member, stranger

    async def ask(
        self, who: Client | None, method: str, path: str, data: Any = None, **headers: str
    ) -> tuple[int, Mapping[str, str], bytes]:
        """One request: status, headers, body. Underscores in header names stand for dashes."""
        sent = {**(who.headers if who else {"Origin": self.server.url})}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        async with (
            aiohttp.ClientSession(auto_decompress=False) as session,
            session.request(method, f"{self.server.url}/api/v1{path}", data=data, headers=sent) as answer,
        ):
            return answer.status, answer.headers, await answer.read()

    async def upload(self, data: bytes, *, item: str = "", name: str = "a.pdf", **headers: str) -> tuple[int, Any]:
        """Upload to the item: status and decoded answer."""
        path = f"/items/{item or self.stage.item.id}/papers?filename={name}"
        headers.setdefault("Content_Type", "application/pdf")
        status, _headers, body = await self.ask(self.desk, "POST", path, data, **headers)
        return status, json.loads(body)


@pytest.fixture
async def hall(server: Server) -> Hall:
    return await _filled(server)


async def _filled(server: Server) -> Hall:
    stage = await set_stage(server.core)
    people = stage.people
    return Hall(
        server,
        stage,
        await sign_in(server, people.secretary, Role.SECRETARY, body=people.body),
        await sign_in(server, stage.member.person_id),
        await sign_in(server, stage.stranger.person_id),
    )


def heavy(made: pikepdf.Pdf) -> None:
    """Bytes that cannot be packed, so that the file is larger than one range."""
    made.pages[0].obj["/Filling"] = made.make_stream(random.Random(1).randbytes(3 * RANGE_BYTES))


async def published(hall: Hall, data: bytes = b"", **given: str) -> tuple[dict[str, Any], bytes]:
    """A published paper and the bytes that are served of it."""
    status, paper = await hall.upload(data or pdfs.pdf(pages=2, change=heavy), **given)
    assert status == 201, paper
    return paper, await hall.server.core.blobs.read(paper["version"]["sha256"])


async def test_a_hostile_name_is_text_in_the_title_and_in_the_name_of_a_download(hall: Hall) -> None:
    name = "Vie\u0323\u0302t\u202e<b>\"';\r\nSet-Cookie: x\x00𠮷.pdf"
    paper, _ = await published(hall, name=quote(name, safe=""))
    assert paper["title"] == "Việt<b>\"'; Set-Cookie: x𠮷"
    _, headers, _ = await hall.ask(hall.member, "GET", f"/versions/{paper['version']['id']}/content")
    said = headers["Content-Disposition"]
    assert said.isascii()
    assert said == f"inline; filename*=UTF-8''{quote(paper['title'], safe='')}.pdf"
    assert "Set-Cookie" not in headers


async def test_an_uploaded_paper_is_read_back_in_ranges_and_whole(hall: Hall) -> None:
    paper, served = await published(hall, name="T%E1%BB%9D%20tr%C3%ACnh.pdf")
    assert paper["title"] == "Tờ trình"
    path = f"/versions/{paper['version']['id']}/content"
    status, headers, body = await hall.ask(hall.member, "GET", path, Accept_Encoding="gzip, deflate, br")
    assert (status, body) == (200, served)
    assert hashlib.sha256(body).hexdigest() == paper["version"]["sha256"]
    assert headers["ETag"] == f'"{paper["version"]["sha256"]}"'
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["Content-Length"] == str(len(served))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Encoding" not in headers
    assert headers["Content-Disposition"] == "inline; filename*=UTF-8''T%E1%BB%9D%20tr%C3%ACnh.pdf"

    size = len(served)
    for asked, begin, end in (
        ("bytes=0-65535", 0, 65536),
        ("bytes=-100", size - 100, size),
        (f"bytes={size - 5}-", size - 5, size),
        (f"bytes=10-{10 + 2 * RANGE_BYTES}", 10, 11 + 2 * RANGE_BYTES),  # more than is read at once
        (f"bytes=0-{10 * size}", 0, size),
    ):
        status, headers, body = await hall.ask(hall.member, "GET", path, Range=asked)
        assert (status, body) == (206, served[begin:end]), asked
        assert headers["Content-Range"] == f"bytes {begin}-{end - 1}/{size}"
        assert headers["Content-Length"] == str(end - begin)
        assert headers["Cache-Control"] == "no-store"
        assert "Content-Encoding" not in headers


async def test_odd_ranges_are_answered_as_the_standard_says(hall: Hall) -> None:
    paper, served = await published(hall)
    path, etag = f"/versions/{paper['version']['id']}/content", f'"{paper["version"]["sha256"]}"'
    status, headers, _ = await hall.ask(hall.member, "GET", path, Range=f"bytes={len(served)}-")
    assert (status, headers["Content-Range"]) == (416, f"bytes */{len(served)}")
    for asked in ("bytes=0-1,5-9", "bytes=9-5", "rows=1-2", "bytes=x"):
        status, _, body = await hall.ask(hall.member, "GET", path, Range=asked)
        assert (status, len(body)) == (200, len(served)), asked
    for condition, expected in ((etag, 206), ('"other"', 200), (f"W/{etag}", 200)):
        status, _, _ = await hall.ask(hall.member, "GET", path, Range="bytes=0-9", If_Range=condition)
        assert status == expected, condition
    status, _, body = await hall.ask(hall.member, "GET", path, If_None_Match=etag)
    assert (status, body) == (304, b"")


async def test_bytes_are_for_readers_only_and_end_with_the_recall(hall: Hall) -> None:
    paper, _ = await published(hall)
    path = f"/versions/{paper['version']['id']}/content"
    for who, status in ((None, 401), (hall.stranger, 404), (hall.member, 206)):
        assert (await hall.ask(who, "GET", path, Range="bytes=0-9"))[0] == status
    status, body = await hall.member.request("POST", f"/papers/{paper['id']}/recall", {})
    assert (status, body["error"]["code"]) == (403, "denied")
    assert (await hall.desk.request("POST", f"/papers/{paper['id']}/recall", {"reason": "Nhầm"}))[0] == 200
    status, _, body = await hall.ask(hall.member, "GET", path, Range="bytes=0-9")
    assert (status, b'"gone"' in body) == (410, True)
    assert (await hall.ask(hall.desk, "GET", path, Range="bytes=0-9"))[0] == 206
    status, body = await hall.member.request("GET", f"/items/{hall.stage.item.id}/papers")
    assert [(each["state"], each["version"]) for each in body["papers"]] == [("recalled", None)]


async def test_every_other_route_answers(hall: Hall) -> None:
    paper, _ = await published(hall)
    version = paper["version"]["id"]
    status, _, body = await hall.ask(
        hall.desk, "POST", f"/papers/{paper['id']}/versions?filename=b.pdf&symbol=3/BC", pdfs.pdf("two"),
        Content_Type="application/octet-stream",
    )  # fmt: skip
    assert status == 201, body
    status, body = await hall.member.request("GET", f"/papers/{paper['id']}/versions")
    assert (status, [each["no"] for each in body["versions"]], body["paper"]["symbol"]) == (200, [2, 1], "3/BC")
    status, body = await hall.desk.request("PATCH", f"/papers/{paper['id']}", {"title": "Tên mới", "position": 1})
    assert (status, body["title"], body["symbol"]) == (200, "Tên mới", "3/BC")
    status, body = await hall.member.request("GET", f"/versions/{version}")
    assert (status, body["no"], len(body["sizes"]), body["boxes"][0]) == (200, 1, 2, [0.0, 0.0, 595.0, 842.0, 0])
    status, body = await hall.member.request("POST", f"/versions/{version}/received")
    assert (status, body["opened_at"]) == (200, None)
    status, body = await hall.member.request("POST", f"/versions/{version}/opened")
    assert (status, body["opened_at"] is None) == (200, False)
    status, body = await hall.desk.request("GET", f"/versions/{version}/readers")
    assert [each["name"] for each in body["readers"] if each["opened_at"]] == ["Người 2"]
    assert (await hall.member.request("GET", f"/versions/{version}/readers"))[0] == 403


async def test_pictures_are_small_and_never_kept(hall: Hall) -> None:
    paper, _ = await published(hall)
    path = f"/versions/{paper['version']['id']}/pages"
    status, headers, body = await hall.ask(hall.member, "GET", f"{path}/2/thumbnail")
    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, "image/jpeg", "no-store")
    assert body[:3] == b"\xff\xd8\xff"
    for page in ("0", "3", "x", "-1", "99999999", "%C2%B2"):
        status, _, body = await hall.ask(hall.member, "GET", f"{path}/{page}/thumbnail")
        assert (status, b"documents.no_page" in body) == (404, True), page
    assert (await hall.ask(hall.stranger, "GET", f"{path}/1/thumbnail"))[0] == 404


async def test_refusals_of_uploads_say_why(hall: Hall) -> None:
    for data, given, status, code in (
        (pdfs.pdf(), {"Content_Type": "text/html"}, 415, "unsupported"),
        (b"<html>", {}, 415, "documents.type"),
        (pdfs.pdf(), {"name": "a.exe"}, 415, "documents.mismatch"),
        (b"", {}, 422, "documents.empty"),
        (pdfs.pdf()[:200], {}, 422, "documents.corrupt"),
        (pdfs.pdf(), {"item": new_id()}, 404, "not_found"),
        (pdfs.pdf(), {"Idempotency_Key": "x"}, 400, "invalid_input"),
        (pdfs.pdf(), {"Origin": "https://elsewhere.example"}, 403, "origin"),
    ):
        answered, body = await hall.upload(data, **given)
        assert (answered, body["error"]["code"]) == (status, code)
        assert body["error"]["text"]
    status, body = await hall.desk.request("POST", f"/items/{hall.stage.item.id}/papers")
    assert status == 400  # no file name


async def test_a_resent_upload_gets_the_first_answer(hall: Hall) -> None:
    key = new_id()
    first = await hall.upload(pdfs.pdf(), Idempotency_Key=key)
    assert first[0] == 201
    assert await hall.upload(pdfs.pdf(), Idempotency_Key=key) == first
    status, body = await hall.upload(pdfs.pdf("other"), Idempotency_Key=key)
    assert (status, body["error"]["code"]) == (409, "conflict")
    status, body = await hall.upload(pdfs.pdf())
    assert (status, body["error"]["code"]) == (409, "documents.duplicate")


async def test_a_file_above_the_limit_is_refused_told_or_not(sqlite_url: str, tmp_path: Path) -> None:
    server = await start(config_for(tmp_path / "data", sqlite_url, limits={"file_bytes": 4096, "pages": 3}))
    try:
        hall = await _filled(server)

        async def untold() -> AsyncIterator[bytes]:
            for _ in range(100):
                yield b"%PDF-1.7" + bytes(1000)

        for data in (b"%PDF-1.7" + bytes(5000), untold()):
            status, body = await hall.upload(data)  # type: ignore[arg-type]
            assert (status, body["error"]["code"]) == (413, "documents.too_large")
        status, body = await hall.upload(pdfs.pdf(pages=4))
        assert (status, body["error"]["code"], body["error"]["args"]) == (
            422, "documents.too_many_pages", {"pages": 4, "limit": 3},
        )  # fmt: skip
        assert list((tmp_path / "data" / "blobs" / ".incoming").iterdir()) == []
    finally:
        await server.http.close()


async def test_a_cut_upload_leaves_nothing_behind(hall: Hall, tmp_path: Path) -> None:
    url = hall.server.http.make_url("/")
    reader, writer = await asyncio.open_connection(url.host, url.port)
    lines = [
        f"POST /api/v1/items/{hall.stage.item.id}/papers?filename=a.pdf HTTP/1.1",
        f"Host: localhost:{url.port}", "Content-Type: application/pdf", "Content-Length: 100000",
        *(f"{name}: {value}" for name, value in hall.desk.headers.items()),
    ]  # fmt: skip
    writer.write("\r\n".join([*lines, "", ""]).encode() + pdfs.pdf())
    await writer.drain()
    incoming = tmp_path / "data" / "blobs" / ".incoming"
    await _until(lambda: len(list(incoming.iterdir())) == 1)
    writer.close()
    await _until(lambda: list(incoming.iterdir()) == [])
    del reader
    status, body = await hall.desk.request("GET", f"/items/{hall.stage.item.id}/papers")
    assert (status, body) == (200, {"papers": []})
    assert (await hall.upload(pdfs.pdf()))[0] == 201


async def test_behind_any_other_proxy_whole_files_are_sent_by_us(sqlite_url: str, tmp_path: Path) -> None:
    server = await start(config_for(tmp_path / "data", sqlite_url, behind_proxy=True))
    try:
        hall = await _filled(server)
        paper, served = await published(hall)
        status, told, body = await hall.ask(hall.member, "GET", f"/versions/{paper['version']['id']}/content")
        assert (status, body, "X-Accel-Redirect" in told) == (200, served, False)
    finally:
        await server.http.close()


async def test_the_file_as_it_came_is_kept_for_the_secretariat(hall: Hall) -> None:
    uploaded = pdfs.pdf(change=pdfs.add_everything_active)
    paper, served = await published(hall, uploaded)
    assert served != uploaded
    documents, core = "/versions/" + paper["version"]["id"], hall.server.core
    await actions.collect(core, older_than_seconds=-1)
    status, headers, body = await hall.ask(hall.desk, "GET", f"{documents}/original")
    assert (status, body) == (200, uploaded)
    assert headers["Content-Disposition"].startswith("attachment;")
    assert headers["Cache-Control"] == "no-store"
    for other in (hall.member, hall.stranger):
        assert (await hall.ask(other, "GET", f"{documents}/original"))[0] in {403, 404}
    told = await core.db.read(lambda read: read.rows(select(operation).where(operation.c.stream == "x:documents")))
    assert [(row.name, row.actor) for row in told] == [("documents.original_taken", hall.desk.person)]
    assert (await hall.ask(hall.member, "GET", f"{documents}/content"))[2] == served


async def test_whole_files_are_left_to_the_proxy_where_there_is_one(sqlite_url: str, tmp_path: Path) -> None:
    server = await start(config_for(tmp_path / "data", sqlite_url, accel_prefix="/_blobs/"))
    try:
        hall = await _filled(server)
        paper, served = await published(hall)
        path, sha256 = f"/versions/{paper['version']['id']}/content", paper["version"]["sha256"]
        for headers in ({}, {"Range": f"bytes=0-{2 * RANGE_BYTES}"}):
            status, told, body = await hall.ask(hall.member, "GET", path, **headers)
            assert (status, body) == (200, b"")
            assert told["X-Accel-Redirect"] == f"/_blobs/{sha256[:2]}/{sha256[2:]}"
        status, told, body = await hall.ask(hall.member, "GET", path, Range="bytes=0-9")
        assert (status, body, "X-Accel-Redirect" in told) == (206, served[:10], False)
        assert "X-Accel-Redirect" not in (await hall.ask(hall.stranger, "GET", path))[1]
    finally:
        await server.http.close()


@pytest.mark.parametrize("filling", [RANGE_BYTES, 2 * PIECE_BYTES + 7], ids=["one piece", "several pieces"])
async def test_damaged_bytes_never_arrive_whole(hall: Hall, filling: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(made: pikepdf.Pdf) -> None:
        made.pages[0].obj["/Filling"] = made.make_stream(random.Random(1).randbytes(filling))

    # What a client sees of an aborted connection is a matter of luck; what the server handed out is not.
    handed: list[bytes] = []
    write = web.StreamResponse.write

    async def counted(response: web.StreamResponse, data: bytes) -> None:
        handed.append(bytes(data))
        await write(response, data)

    paper, served = await published(hall, pdfs.pdf(pages=2, change=fill))
    stored = hall.server.core.blobs.local_path(paper["version"]["sha256"])
    assert stored is not None
    stored.write_bytes(served[:-1] + b"?")
    monkeypatch.setattr(web.StreamResponse, "write", counted)
    with pytest.raises(aiohttp.ClientError):
        await hall.ask(hall.member, "GET", f"/versions/{paper['version']['id']}/content")
    assert len(b"".join(handed)) == (len(served) - 1) // PIECE_BYTES * PIECE_BYTES  # the last piece was kept back


async def _until(holds: Any) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.01)
