"""Exchange over HTTP as a clerk's machine does it: codes, sending, what it became, what arrived, the files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest

from server.config import DEMO_MARKER
from server.core.access import Role
from server.core.ids import new_id
from server.exchange import jobs
from server.signatures import actions as signatures
from tests.exchange.conftest import PASSWORD, set_offices
from tests.exchange.support import CITY, WARD, looked
from tests.signing import papers
from tests.support.house import Server
from tests.support.sitting import enter_people
from tests.support.sitting_clients import sign_in

if TYPE_CHECKING:
    from tests.support.sitting_clients import Client


@pytest.mark.asyncio
async def test_a_paper_is_sent_and_answered_over_http(server: Server, tmp_path: Path) -> None:
    (server.core.config.data_dir / DEMO_MARKER).touch()
    await signatures.add_root(server.core, "demo", papers.pki().root_pem)
    offices = await set_offices(server.core, await enter_people(server.core, 4), tmp_path / "axis")
    clerk = await sign_in(server, offices.clerk.person_id, Role.CLERK, body=offices.body)
    theirs = await sign_in(server, offices.theirs.person_id, Role.CLERK, body=offices.other.id)
    organs = (await theirs.request("GET", "/exchange/organs"))[1]["organs"]
    assert [one["organ_id"] for one in organs] == [CITY, WARD]

    where = f"/dossiers/{offices.dossier.id}"
    assert (await clerk.request("GET", f"{where}/edxml"))[0] == 404
    clerk.headers["Idempotency-Key"] = new_id()
    command = {"bodies": [offices.other.id], "password": PASSWORD}
    status, sent = await clerk.request("POST", f"{where}/exchange", command)
    assert (status, [one["state"] for one in sent["outgoing"]]) == (200, ["queued"])
    assert await clerk.request("POST", f"{where}/exchange", command) == (200, sent)
    assert (await theirs.request("POST", f"{where}/exchange", command))[0] == 404
    del clerk.headers["Idempotency-Key"]

    package = await saved(server, clerk, f"{where}/edxml", tmp_path)
    assert looked(package).verdict == "valid"

    for _ in range(2):
        await jobs.settle(server.core, offices.axis)
    (came,) = (await theirs.request("GET", "/exchange/incoming"))[1]["incoming"]
    assert (came["verdict"], came["organ_id"]) == ("valid", CITY)
    arrived = f"/exchange/incoming/{came['id']}"
    assert (await saved(server, theirs, f"{arrived}/edxml", tmp_path)).read_bytes() == package.read_bytes()
    assert (await clerk.request("POST", f"{arrived}/answer", {"accept": True}))[0] == 404
    assert (await theirs.request("POST", f"{arrived}/answer", {"accept": False}))[0] == 400
    assert (await theirs.request("POST", f"{arrived}/answer", {"accept": True}))[1]["answer"] == "received"


async def saved(server: Server, who: Client, path: str, folder: Path) -> Path:
    target = folder / f"{new_id()}.edxml"
    async with (
        aiohttp.ClientSession(headers=who.headers) as session,
        session.get(f"{server.url}/api/v1{path}") as answer,
    ):
        assert (answer.status, answer.content_type) == (200, "application/xml")
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
        target.write_bytes(await answer.read())
    return target
