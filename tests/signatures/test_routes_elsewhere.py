"""A paper signed by other software, over HTTP: the very file is fetched, signed, brought; what is not it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp

from server.core.access import Role
from server.core.ids import new_id
from server.documents import actions as documents
from server.documents.wire import PaperEdit
from signing import sign as sign_elsewhere
from signing.demo_pki import make_demo_pki
from signing.signers import KeySigner
from tests.signatures.conftest import Stage, name_of, set_stage
from tests.signing import attacks, papers
from tests.support.sitting_clients import Client, sign_in

if TYPE_CHECKING:
    from signing.demo_pki import DemoPki, Identity
    from tests.support.house import Server

PDF = {"Content-Type": "application/pdf"}


def by(identity: Identity) -> KeySigner:
    return KeySigner(identity.private_key(), identity.certificate, identity.chain)


async def _fetch(visit: Client, path: str) -> tuple[int, bytes, str]:
    async with (
        aiohttp.ClientSession(headers=visit.headers) as session,
        session.get(f"{visit.server.url}/api/v1{path}") as answer,
    ):
        return answer.status, await answer.read(), answer.headers.get("Content-Disposition", "")


async def _bring(visit: Client, request_id: str, pdf: bytes, key: str = "") -> tuple[int, Any]:
    headers = {**visit.headers, **PDF, "Idempotency-Key": key or new_id()}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{visit.server.url}/api/v1/signing/{request_id}/upload", data=pdf) as answer,
    ):
        return answer.status, await answer.json()


async def _asked(server: Server, stage: Stage) -> tuple[Client, Any]:
    desk = await sign_in(server, stage.secretary.person_id, Role.SECRETARY, body=stage.people.body)
    chair = await sign_in(server, stage.chair.person_id)
    request = (await desk.request("POST", f"/papers/{stage.paper.id}/signing", {"official_id": stage.chair.person_id}))[
        1
    ]
    return chair, request


async def test_a_paper_is_fetched_signed_elsewhere_and_brought(server: Server, pki: DemoPki) -> None:
    stage = await set_stage(server.core, pki)
    closed = PaperEdit(downloadable=False)
    await documents.edit(server.core, stage.paper.id, closed, actor=stage.secretary)
    chair, request = await _asked(server, stage)
    where = f"/signing/{request['id']}/file"
    status, base, kept = await _fetch(chair, where)
    assert (status, kept.startswith("attachment")) == (200, True)
    assert base == await server.core.blobs.read(request["sha256"])
    member = await sign_in(server, stage.member.person_id)
    assert (await _fetch(member, where))[0] == 404

    name = await name_of(server.core, stage.chair.person_id)
    own = by(pki.person(name))
    signed = await sign_elsewhere(base, own)
    for pdf, code, why in (
        (await sign_elsewhere(papers.plain(2), own), "signing.upload_not_ours", None),
        (base, "signing.upload_unsigned", None),
        (attacks.bit_in_signature(signed), "signing.upload_invalid", "signature_invalid"),
        (await sign_elsewhere(base, by(make_demo_pki().person(name))), "signing.upload_invalid", "issuer_untrusted"),
        (await sign_elsewhere(base, by(pki.person("Ai Khác"))), "signatures.upload_other_signer", None),
    ):
        status, refusal = await _bring(chair, request["id"], pdf)
        error = refusal["error"]
        assert (status, error["code"], error["args"].get("why")) == (422, code, why)
    assert (await _bring(member, request["id"], signed))[0] == 404

    key = new_id()
    status, done = await _bring(chair, request["id"], signed, key)
    assert (status, done["state"]) == (200, "signed")
    assert await _bring(chair, request["id"], signed, key) == (200, done)
    check = await chair.request("GET", f"/versions/{done['signed_version_id']}/verification")
    report = check[1]["report"]
    assert (report["verdict"], [one["signer"] for one in report["signatures"]]) == ("valid", [name])
    assert (await _fetch(chair, where))[0] == 409
