"""The HTTP edge of what comes in, on a running server whose own job converts."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.documents.test_routes import Hall, _filled
from tests.support import pdfs
from tests.support.images import image

if TYPE_CHECKING:
    from tests.support.house import Server


@pytest.fixture
async def hall(server: Server) -> Hall:
    return await _filled(server)


async def bring(hall: Hall, data: bytes, name: str, **headers: str) -> tuple[int, Any]:
    headers.setdefault("Content_Type", "application/octet-stream")
    path = f"/items/{hall.stage.item.id}/incoming?filename={quote(name)}"
    status, _headers, body = await hall.ask(hall.desk, "POST", path, data, **headers)
    return status, json.loads(body)


async def looked(hall: Hall, incoming: str, stage: str) -> Any:
    """What came in, once it is at this stage."""
    async with asyncio.timeout(60):
        while True:
            _status, _headers, body = await hall.ask(hall.desk, "GET", f"/incoming/{incoming}")
            found = json.loads(body)
            if found["incoming"]["stage"] == stage:
                return found
            await asyncio.sleep(0.1)


async def test_a_picture_is_brought_looked_at_and_published_and_its_original_kept(hall: Hall) -> None:
    data = image("JPEG")
    status, answer = await bring(hall, data, "Sơ đồ.jpg", Content_Type="image/jpeg")
    assert (status, answer["paper"], answer["incoming"]["stage"]) == (201, None, "waiting")
    incoming = answer["incoming"]["id"]
    found = await looked(hall, incoming, "ready")
    assert (found["filenames"], len(found["boxes"])) == (["Sơ đồ.jpg"], 1)
    path = f"/incoming/{incoming}/content"
    status, headers, body = await hall.ask(hall.desk, "GET", path, Range="bytes=0-7")
    assert (status, body[:5], headers["Content-Type"]) == (206, b"%PDF-", "application/pdf")
    assert (await hall.ask(hall.member, "GET", path))[0] == 403
    assert (await hall.ask(hall.stranger, "GET", path))[0] == 404
    told = json.dumps({"title": "Sơ đồ mới"}).encode()
    path = f"/incoming/{incoming}/publish"
    status, _headers, body = await hall.ask(hall.desk, "POST", path, told, Content_Type="application/json")
    assert status == 200, body
    paper = json.loads(body)
    assert paper["title"] == "Sơ đồ mới"
    version = paper["version"]["id"]
    assert (await hall.ask(hall.member, "GET", f"/versions/{version}/content"))[0] == 200
    status, headers, body = await hall.ask(hall.desk, "GET", f"/versions/{version}/original")
    assert (status, body, headers["Content-Type"]) == (200, data, "image/jpeg")
    assert headers["Content-Disposition"].endswith(".jpeg")
    assert (await hall.ask(hall.desk, "GET", f"/incoming/{incoming}"))[0] == 404


async def test_a_pdf_is_a_paper_at_once(hall: Hall) -> None:
    status, answer = await bring(hall, pdfs.pdf(), "a.pdf")
    assert (status, answer["incoming"], answer["paper"]["title"]) == (201, None, "a")


async def test_a_form_of_a_strange_page_is_no_file(hall: Hall) -> None:
    for kind in ("text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "application/json"):
        assert (await bring(hall, image(), "a.png", Content_Type=kind))[0] == 415


async def test_what_is_not_wanted_is_dropped(hall: Hall) -> None:
    _status, answer = await bring(hall, image(), "a.png")
    path = f"/incoming/{answer['incoming']['id']}"
    assert (await hall.ask(hall.desk, "DELETE", path))[0] == 200
    assert (await hall.ask(hall.desk, "GET", path))[0] == 404
    assert (await hall.ask(hall.desk, "POST", f"{path}/retry"))[0] == 404
