"""Signing over HTTP as the tablets do it: a key is enrolled, a paper asked for, signed, and checked."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import aiohttp

from server.core.access import Role
from server.core.ids import new_id
from tests.signatures.conftest import PASSWORD, name_of, set_stage
from tests.support.sitting_clients import sign_in

if TYPE_CHECKING:
    from signing.demo_pki import DemoPki
    from tests.support.house import Server


async def test_a_paper_is_signed_and_checked_over_http(server: Server, pki: DemoPki) -> None:
    stage = await set_stage(server.core, pki)
    desk = await sign_in(server, stage.secretary.person_id, Role.SECRETARY, body=stage.people.body)
    chair = await sign_in(server, stage.chair.person_id)
    member = await sign_in(server, stage.member.person_id)
    stranger = await sign_in(server, stage.stranger.person_id)
    administrator = await sign_in(server, stage.people.members[1], Role.ADMINISTRATOR)

    name = await name_of(server.core, stage.chair.person_id)
    p12 = b64encode(pki.person(name).pkcs12(PASSWORD)).decode()
    key = {"p12": p12, "password": PASSWORD}
    path = f"/people/{stage.chair.person_id}/signing-key"
    assert (await administrator.request("PUT", path, key))[1]["holder"] == name
    assert (await stranger.request("PUT", path, key))[0] == 404

    ask = {"official_id": stage.chair.person_id}
    status, request = await desk.request("POST", f"/papers/{stage.paper.id}/signing", ask)
    assert (status, request["state"]) == (201, "waiting")
    inbox = (await chair.request("GET", "/signing"))[1]
    assert ([each["id"] for each in inbox["requests"]], inbox["key"]["holder"]) == ([request["id"]], name)

    where = f"/signing/{request['id']}"
    assert (await desk.request("GET", where))[1]["state"] == "waiting"
    for other in (member, stranger):
        for method, step, body in (
            ("GET", "", None),
            ("POST", "/sign", {"sha256": request["sha256"], "password": PASSWORD}),
            ("POST", "/return", {"remarks": "không"}),
            ("POST", "/withdraw", None),
        ):
            assert (await other.request(method, where + step, body))[0] == 404
    status, refusal = await chair.request("POST", f"{where}/sign", {"sha256": request["sha256"], "password": "sai"})
    assert (status, refusal["error"]["code"]) == (403, "signatures.wrong_password")
    assert "sai" not in refusal["error"]["args"].values()

    chair.headers["Idempotency-Key"] = new_id()
    command = {"sha256": request["sha256"], "password": PASSWORD}
    status, signed = await chair.request("POST", f"{where}/sign", command)
    assert (status, signed["state"]) == (200, "signed")
    assert await chair.request("POST", f"{where}/sign", command) == (200, signed)
    version = signed["signed_version_id"]
    report = (await member.request("GET", f"/versions/{version}/verification"))[1]["report"]
    assert (report["verdict"], report["signatures"][0]["signer"]) == ("valid", name)
    assert (await stranger.request("GET", f"/versions/{version}/verification"))[0] == 404

    async with aiohttp.ClientSession(headers=member.headers) as session:
        async with session.get(f"{server.url}/api/v1/versions/{version}/content") as answer:
            pdf = await answer.read()
        as_pdf = {"Content-Type": "application/pdf"}
        async with session.post(f"{server.url}/api/v1/verification", data=pdf, headers=as_pdf) as answer:
            assert (answer.status, (await answer.json())["verdict"]) == (200, "valid")
        async with session.post(f"{server.url}/api/v1/verification", json={}) as answer:
            assert answer.status == 415


async def test_a_paper_is_returned_and_withdrawn_over_http(server: Server, pki: DemoPki) -> None:
    stage = await set_stage(server.core, pki)
    desk = await sign_in(server, stage.secretary.person_id, Role.SECRETARY, body=stage.people.body)
    chair = await sign_in(server, stage.chair.person_id)
    ask = {"official_id": stage.chair.person_id}
    first = (await desk.request("POST", f"/papers/{stage.paper.id}/signing", ask))[1]
    status, back = await chair.request("POST", f"/signing/{first['id']}/return", {"remarks": "Sai ngày"})
    assert (status, back["state"], back["remarks"]) == (200, "returned", "Sai ngày")
    second = (await desk.request("POST", f"/papers/{stage.paper.id}/signing", ask))[1]
    assert (await desk.request("POST", f"/signing/{second['id']}/withdraw"))[1]["state"] == "withdrawn"
    states = [each["state"] for each in (await chair.request("GET", "/signing"))[1]["requests"]]
    assert states == ["withdrawn", "returned"]


async def test_a_dossier_goes_its_way_over_http(server: Server, pki: DemoPki) -> None:
    stage = await set_stage(server.core, pki)
    desk = await sign_in(server, stage.secretary.person_id, Role.SECRETARY, body=stage.people.body)
    chair, member = await sign_in(server, stage.chair.person_id), await sign_in(server, stage.member.person_id)
    stranger = await sign_in(server, stage.stranger.person_id)
    steps = [
        {"act": act, "rank": rank, "person_id": person}
        for act, rank, person in (
            ("check", 1, ""), ("initial", 2, stage.member.person_id), ("approve", 3, stage.member.person_id),
            ("sign", 4, stage.chair.person_id), ("number", 5, ""),
        )
    ]  # fmt: skip
    opening = {"paper_kind": "invitation", "steps": steps}
    status, draft = await desk.request("POST", f"/papers/{stage.paper.id}/dossiers", opening)
    assert (status, draft["state"], draft["kind"]) == (201, "draft", "dossier")
    where = f"/dossiers/{draft['id']}"
    status, sent = await desk.request("POST", f"{where}/submit")
    assert (status, sent["state"], sent["findings"]) == (200, "initialling", [])
    for method, path, body in (("GET", "", None), ("POST", "/withdraw", None), ("POST", "/recall", {"remarks": "x"})):
        assert (await stranger.request(method, where + path, body))[0] == 404

    for act in ("initial", "approve"):
        inbox = (await member.request("GET", "/signing"))[1]["requests"]
        asked = next(each for each in inbox if each["state"] == "waiting")
        assert asked["act"] == act
        done = await member.request("POST", f"/signing/{asked['id']}/{act}", {"sha256": asked["sha256"]})
        assert (done[0], done[1]["state"]) == (200, "signed")
    (asked,) = (await chair.request("GET", "/signing"))[1]["requests"]
    batch = {"requests": [{"id": asked["id"], "sha256": asked["sha256"]}], "password": PASSWORD}
    chair.headers["Idempotency-Key"] = new_id()
    status, signed = await chair.request("POST", "/signing/batch", batch)
    assert (status, [(each["code"], each["request"]["state"]) for each in signed["results"]]) == (200, [("", "signed")])
    assert await chair.request("POST", "/signing/batch", batch) == (200, signed)
    now = (await chair.request("GET", where))[1]
    assert (now["state"], now["approved_sha256"] == draft["sha256"]) == ("signed", True)
    listed = (await desk.request("GET", f"/papers/{stage.paper.id}/dossiers"))[1]["dossiers"]
    assert [each["id"] for each in listed] == [draft["id"]]
    assert (await desk.request("POST", f"{where}/withdraw"))[1]["error"]["code"] == "signatures.no_way_back"
    assert (await desk.request("POST", f"{where}/replace"))[1]["state"] == "replaced"


async def test_who_signs_for_whom_over_http(server: Server, pki: DemoPki) -> None:
    stage = await set_stage(server.core, pki)
    desk = await sign_in(server, stage.secretary.person_id, Role.SECRETARY, body=stage.people.body)
    member = await sign_in(server, stage.member.person_id)
    where = f"/bodies/{stage.people.body}/delegations"
    entry = {
        "from_id": stage.chair.person_id, "to_id": stage.member.person_id, "capacity": "KT.", "acting_for": "Chủ tịch",
        "valid_from": "2026-01-01T00:00:00Z", "valid_until": "2027-01-01T00:00:00Z", "kinds": ["notice"],
    }  # fmt: skip
    status, given = await desk.request("POST", where, entry)
    assert (status, given["to_name"], given["kinds"]) == (
        201, await name_of(server.core, stage.member.person_id), ["notice"],
    )  # fmt: skip
    assert (await member.request("GET", where))[0] == 404
    assert (await desk.request("GET", where))[1]["delegations"] == [given]
    assert (await desk.request("POST", f"/delegations/{given['id']}/end"))[1]["ended_at"] is not None
