"""Checking over HTTP: beside the register, a page then and now, the bytes that were signed, the printed report."""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import aiohttp

from server.core.access import Role
from tests.signatures.conftest import PASSWORD, name_of, set_stage
from tests.signing import attacks
from tests.support.sitting_clients import sign_in

if TYPE_CHECKING:
    from signing.demo_pki import DemoPki
    from tests.support.house import Server

PDF = {"Content-Type": "application/pdf"}


async def test_a_signed_paper_is_shown_and_printed(server: Server, pki: DemoPki) -> None:
    stage = await set_stage(server.core, pki)
    desk = await sign_in(server, stage.secretary.person_id, Role.SECRETARY, body=stage.people.body)
    chair = await sign_in(server, stage.chair.person_id)
    member = await sign_in(server, stage.member.person_id)
    stranger = await sign_in(server, stage.stranger.person_id)
    ask = {"official_id": stage.chair.person_id}
    request = (await desk.request("POST", f"/papers/{stage.paper.id}/signing", ask))[1]
    command = {"sha256": request["sha256"], "password": PASSWORD}
    signed = (await chair.request("POST", f"/signing/{request['id']}/sign", command))[1]
    place = f"/versions/{signed['signed_version_id']}"

    found = (await member.request("GET", f"{place}/verification"))[1]
    lines = {line["what"]: line for line in found["register"]}
    assert lines["signer"]["expected"] == await name_of(server.core, stage.chair.person_id)
    assert all(line["agrees"] for line in found["register"])
    assert {"file", "signer", "fields"} <= lines.keys()

    pdf = await _bytes(server, member, f"{place}/content")
    whole = found["report"]["size"]
    for path in ("/verification", f"/verification/pages?length={whole}&page=1", "/verification/report", "/revisions/9"):
        assert (await stranger.request("GET", f"{place}{path}"))[0] == 404

    pair = (await member.request("GET", f"{place}/verification/pages?length={whole}&page=1"))[1]
    assert (pair["before"], pair["changed"]) == (pair["after"], None)
    assert b64decode(pair["after"])[8:12] == b"WEBP"
    refused = await member.request("GET", f"{place}/verification/pages?length={whole + 1}&page=1")
    assert (refused[0], refused[1]["error"]["code"]) == (404, "documents.no_revision")
    refused = await member.request("GET", f"{place}/verification/pages?length={whole}&page=99")
    assert (refused[0], refused[1]["error"]["code"]) == (404, "documents.no_page")

    report = await _bytes(server, member, f"{place}/verification/report")
    assert report.startswith(b"%PDF-")
    assert await _bytes(server, member, f"{place}/revisions/{whole}") == pdf
    assert await _bytes(server, member, f"{place}/revisions/1000") == pdf[:1000]
    assert await _bytes(server, member, f"{place}/revisions/1000", {"Range": "bytes=990-2000"}) == pdf[990:1000]
    for none in ("0", str(whole + 1), "1e3", "-5"):
        assert (await member.request("GET", f"{place}/revisions/{none}"))[0] == 404


async def test_any_file_is_shown_and_printed_and_nothing_of_it_stays(server: Server, pki: DemoPki) -> None:
    from tests.signing import papers

    stage = await set_stage(server.core, pki)
    member = await sign_in(server, stage.member.person_id)
    genuine = papers.signed(papers.form())
    forged = attacks.page_content(genuine)
    report = await _sent(server, member, "/verification", forged)
    (one,) = report["signatures"]
    assert (report["verdict"], one["signed_bytes"]) == ("invalid", len(genuine))
    pair = await _sent(server, member, f"/verification/pages?length={one['signed_bytes']}&page=1", forged)
    assert pair["before"] != pair["after"]
    left, top, right, bottom = pair["changed"]
    assert 0 <= left < right <= 1
    assert 0 <= top < bottom <= 1
    printed = await _sent(server, member, f"/verification/report?name={quote('công văn đến.pdf')}", forged)
    assert printed.startswith(b"%PDF-")
    kept = [path for path in server.core.config.data_dir.rglob("*") if path.is_file()]
    assert not any(path.stat().st_size == len(forged) for path in kept)


async def _bytes(server: Server, who: Any, path: str, headers: dict[str, str] | None = None) -> bytes:
    async with (
        aiohttp.ClientSession(headers=who.headers) as session,
        session.get(f"{server.url}/api/v1{path}", headers=headers) as answer,
    ):
        assert answer.status in {200, 206}, await answer.text()
        assert answer.headers["Cache-Control"] == "no-store"
        return await answer.read()


async def _sent(server: Server, who: Any, path: str, pdf: bytes) -> Any:
    async with (
        aiohttp.ClientSession(headers=who.headers) as session,
        session.post(f"{server.url}/api/v1{path}", data=pdf, headers=PDF) as answer,
    ):
        assert answer.status == 200, await answer.text()
        return await (answer.json() if answer.content_type == "application/json" else answer.read())
