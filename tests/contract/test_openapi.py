"""The API keeps what its description promises, for each role: every operation answers, bad requests are refused."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from server.core.http.edge import SAFE_METHODS
from server.core.ids import new_id
from server.exchange import jobs as exchange_jobs
from server.exchange.actions import FolderAxis
from server.signatures import actions as signatures
from signing.demo_pki import make_demo_pki
from tests.contract.api import Api
from tests.contract.asking import routes
from tests.contract.rows import ROWS
from tests.contract.walk_drafting import write
from tests.contract.walk_keys import admit_clerk, certify_tablets, enrol_keys, revoke
from tests.contract.walk_papers import read_and_write, share_in_group, take_away
from tests.contract.walk_people import NEW_PASSWORD, administer, enter_directory
from tests.contract.walk_registry import issue, keep_book, read_book, send_out, take_in
from tests.contract.walk_signing import (
    ask_and_sign,
    bring_signed,
    delegate,
    sign_by_tablet,
    to_signature,
    turn_back,
    verify,
)
from tests.contract.walk_sitting import LATER, invite, prepare, show, sit
from tests.support.world import NOBODY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from signing.demo_pki import DemoPki
    from tests.contract.asking import Asker
    from tests.support.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROLES = ["administrator", "own", "chair", "member", "official", NOBODY]
EXAMPLES = 2


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def api(world: World) -> AsyncIterator[Api]:
    made = await asyncio.to_thread(Api, world)
    yield made
    made.close()


async def test_the_api_is_described(world: World, api: Api) -> None:
    assert len(api.document["paths"]) >= 30
    assert set(api.operations) == set(routes(world))


async def test_every_operation_answers_and_what_is_said_twice_is_done_once(
    world: World, api: Api, tmp_path: Path
) -> None:
    await signatures.add_root(world.server.core, "demo", (pki := make_demo_pki()).root_pem)
    meeting, issued = await asyncio.to_thread(walk, world, api, pki)
    for _ in range(2):
        await exchange_jobs.settle(world.server.core, FolderAxis(tmp_path))
    await asyncio.to_thread(walk_on, api, meeting, issued)
    silent = set(api.operations) - api.answered
    assert len(silent) <= len(api.operations) // 10, silent


def walk(world: World, api: Api, pki: DemoPki) -> tuple[str, Any]:
    """Everything that people do, from the first entry in the directory to a paper that is sent to another body."""
    administer(world, api, enter_directory(world, api))
    meeting, items, papers = prepare(world, api)
    invite(world, api, meeting)
    show(api, meeting)
    sit(world, api, meeting, items[0])
    write(api, meeting)
    read_and_write(api, papers[0])
    share_in_group(world, api, papers[0])
    take_away(api, meeting, papers[0])
    return meeting, sign_and_issue(world, api, items[0], papers[1], pki)


def walk_on(api: Api, meeting: str, issued: Any) -> None:
    """What was sent has arrived; the sitting ends, the next one is cancelled."""
    take_in(api, issued)
    api.do("own", "live.end", meeting=meeting)
    copied = api.do("own", "meetings.copy", body={"title": "Lần hai", "starts_at": LATER}, meeting=meeting)
    api.do("own", "meetings.cancel", body={"reason": "Bão"}, meeting=copied["id"])
    assert copied["id"] in {
        each["id"] for each in api.do("own", "meetings.list_meetings", query={"when": "all"})["meetings"]
    }


def sign_and_issue(world: World, api: Api, item: str, paper: Any, pki: DemoPki) -> Any:
    """Keys are given; papers are signed on all ways, and one is numbered, sealed, issued and sent to another body."""
    authority = make_demo_pki()
    admit_clerk(world, api, NEW_PASSWORD)
    enrol_keys(world, api, pki, authority)
    verify(api, ask_and_sign(world, api, paper))
    delegate(world, api)
    turn_back(world, api, item)
    bring_signed(world, api, item, pki)
    tablet = certify_tablets(world, api)
    sign_by_tablet(world, api, item, tablet)
    revoke(world, api, tablet)
    keep_book(world, api)
    issued = issue(world, api, item, to_signature(world, api, item))
    read_book(world, api, issued)
    send_out(world, api, issued)
    return issued


# Signing out would leave nobody to ask.
@pytest.mark.parametrize("operation", [each for each in ROWS if each != "accounts.sign_out"])
async def test_made_up_requests_are_answered_as_described(world: World, api: Api, operation: str) -> None:
    ids = [vars(world.spots[place]) for place in ("open", "closed", "other", "house")]
    spare = {"person": world.ids["spare"], "person_id": world.ids["spare"]}

    def place(param: str) -> str:
        number = world.number()
        return str({**ids[number % len(ids)], **spare, "page": str(number % 4)}.get(param, new_id()))

    await asyncio.to_thread(api.fuzz, operation, ROLES, place, examples=EXAMPLES)


async def test_unknown_fields_are_refused(world: World, asker: Asker) -> None:
    spot = world.spots["open"]
    for operation, route in routes(world).items():
        row, path = ROWS[operation], asker.path(route, ROWS[operation], spot)
        if route.body is not None:
            body = {**(row.body(world, spot) or {}), "not_a_field": 1}
            answer = await asker.ask("own", route.method, path, body=body)
            assert (answer.status, answer.code) == (400, "invalid_input"), operation
        if route.query is not None:
            answer = await asker.ask("own", route.method, path, params={**row.query, "not_a_field": "1"})
            assert (answer.status, answer.code) == (400, "invalid_input"), operation


async def test_no_unsafe_request_is_taken_from_another_page(world: World, asker: Asker) -> None:
    unsafe = {name: route for name, route in routes(world).items() if route.method not in SAFE_METHODS}
    assert len(unsafe) > 30
    for operation, route in unsafe.items():
        path = asker.path(route, ROWS[operation], world.spots["open"])
        for headers in ({"Origin": None}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
            answer = await asker.ask("own", route.method, path, body={}, headers=headers)
            assert (answer.status, answer.code) == (403, "origin"), (operation, headers)


async def test_a_key_that_is_no_uuid_or_was_used_for_something_else_is_refused(world: World, asker: Asker) -> None:
    path, key = "/api/v1/accounts/me/language", new_id()
    for body, given, code in (
        ({"lang": "vi"}, "1", "invalid_input"), ({"lang": "vi"}, key, ""), ({"lang": "en"}, key, "conflict"),
    ):  # fmt: skip
        answer = await asker.ask("member", "PUT", path, body=body, headers={"Idempotency-Key": given})
        assert answer.code == code
