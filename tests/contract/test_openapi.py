"""The API keeps what its description promises, for each role: every operation answers, bad requests are refused."""

from __future__ import annotations

import asyncio
import time
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
from tests.contract.asking import PASSWORD, routes
from tests.contract.rows import ROWS
from tests.contract.walk_keys import admit_clerk, certify_tablets, enrol_keys, revoke
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
from tests.support.images import image
from tests.support.world import NOBODY, STARTS_AT, pdf

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from signing.demo_pki import DemoPki
    from tests.contract.asking import Asker
    from tests.support.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROLES = ["administrator", "own", "chair", "member", "official", NOBODY]
EXAMPLES = 2
NEW_PASSWORD = "nước sông Hồng 234"
LATER = "2026-12-27T08:00:00+07:00"


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


def enter_directory(world: World, api: Api) -> str:
    entered = {"code": "Z1", "name": "Sở Nội vụ", "tier": "commune", "valid_from": "2025-07-01"}
    body = api.do("administrator", "directory.create_body", body=entered)["id"]
    assert body in {each["id"] for each in api.do("member", "directory.bodies")["bodies"]}
    new = {"code": "Z2", "full_name": "Lê Văn Mới", "body_id": body, "title": "Ủy viên", "valid_from": "2025-07-01"}
    person = api.do("administrator", "directory.create_person", body=new)
    api.do("administrator", "directory.change_person", body={"phone": "0900000000"}, person_id=person["id"])
    api.do("administrator", "directory.change_body", body={"short_name": "SNV"}, body_id=body)
    second = {"body_id": body, "title": "Trưởng phòng", "valid_from": "2025-07-01"}
    api.do("administrator", "directory.add_posting", body=second, person_id=person["id"])
    end = {"valid_to": "2030-12-31"}
    api.do("administrator", "directory.end_posting", body=end, posting_id=person["postings"][0]["id"])
    assert api.do("member", "directory.people", query={"q": "le van moi"})["total"] == 1
    table = api.do("administrator", "directory.template")
    assert table[:2] == b"PK"
    api.do("administrator", "directory.import_file", table, {"dry_run": "true", "filename": "danh-ba.xlsx"})
    return str(person["id"])


def administer(world: World, api: Api, person: str) -> None:
    given = api.do("administrator", "accounts.give", body={"user": "le.van.moi"}, person_id=person)
    api.do(NOBODY, "accounts.sign_in_by_code", body={"code": given["code"]})
    device = api.do("new", "accounts.me")["device_id"]
    api.do("new", "accounts.change_language", body={"lang": "en"})
    held = api.do("new", "accounts.device_key", body={})
    assert api.do("new", "accounts.device_key", body={"fresh": True})["id"] != held["id"]
    assert api.do("new", "accounts.devices")["devices"][0]["id"] == device
    user = f"u-{world.ids['spare'][-12:]}"
    assert api.do(NOBODY, "accounts.options")["demo"] == []
    for _ in range(2):
        api.do(NOBODY, "accounts.sign_in", body={"user": user, "password": PASSWORD})
    first = api.do("spare", "accounts.me")["device_id"]
    api.do("new", "accounts.revoke_device", device_id=first)
    change = {"old": PASSWORD, "new": NEW_PASSWORD}
    api.do("new", "accounts.change_password", body=change)
    api.do("new", "accounts.sign_out")
    grant = {"grants": [{"role": "secretary", "body_id": world.bodies["a"]}]}
    api.do("administrator", "accounts.change_grants", body=grant, person_id=person)
    api.do("administrator", "accounts.reset", person_id=person)
    api.do("administrator", "accounts.revoke", person_id=person)
    assert not next(
        each for each in api.do("administrator", "accounts.accounts")["accounts"] if each["person_id"] == person
    )["active"]


def prepare(world: World, api: Api) -> tuple[str, list[str], list[Any]]:
    new = {"title": "Họp", "body_id": world.bodies["a"], "starts_at": STARTS_AT, "chair_id": world.ids["chair"],
           "secretary_id": world.ids["own"]}  # fmt: skip
    meeting = api.do("own", "meetings.create", body=new)["id"]
    api.do("own", "meetings.edit", body={"place": "Phòng 2", "ends_at": None}, meeting=meeting)
    wanted = [{"person_id": world.ids[name]} for name in ("member", "invitee")]
    api.do("own", "meetings.set_participants", body={"participants": wanted}, meeting=meeting)
    items = [
        api.do("own", "meetings.create_item", body={"title": f"Mục {number}"}, meeting=meeting)["id"]
        for number in range(3)
    ]
    api.do("own", "meetings.edit_item", body={"minutes": 30}, item=items[0])
    api.do("own", "meetings.remove_item", item=items[2])
    api.do("own", "meetings.order_agenda", body={"items": [items[1], items[0]]}, meeting=meeting)
    papers = []
    for number in range(2):
        query = {"filename": f"{number}.pdf", "title": f"Báo cáo {number}"}
        papers.append(api.do("own", "documents.upload", pdf(f"PAPER {number}"), query, item=items[0]))
    query = {"filename": "0.pdf"}
    papers[0] = api.do("own", "documents.upload_version", pdf("NEXT"), query, paper=papers[0]["id"])
    api.do("own", "documents.edit", body={"symbol": "1/BC"}, paper=papers[0]["id"])
    api.do("own", "documents.place_printed", body={"title": "Phát bản giấy"}, item=items[1])
    send_in_pieces(api, items[1])
    bring_pictures(api, items[1], papers[1]["id"])
    api.do("own", "invitations.print_invitation", body={}, meeting=meeting)
    return meeting, items, papers


def send_in_pieces(api: Api, item: str) -> None:
    """A file in two pieces becomes a paper; another is given up."""
    data, tus = pdf("PIECES"), {"Tus-Resumable": "1.0.0"}
    operations = api.operations

    def say(operation: str, body: bytes | None = None, /, *, headers: dict[str, str], **path: str) -> Any:
        parts: dict[str, Any] = {"path_parameters": path}
        if body is not None:
            parts |= {"body": body, "media_type": "application/offset+octet-stream"}
        answer = api.send("own", operations[f"documents.{operation}"].Case(**parts), **tus, **headers)
        assert answer.status_code < 300, (operation, answer.text)
        return answer

    assert api.send("own", operations["documents.describe_uploads"].Case()).status_code == 204
    began = []
    for name in ("YS5wZGY=", "Yi5wZGY="):
        headers = {"Upload-Length": str(len(data)), "Upload-Metadata": f"filename {name}"}
        answer = say("begin_upload", data[:10], headers=headers, item=item)
        began.append(answer.headers["location"][0].rpartition("/")[2])
    say("append_upload", data[10:], headers={"Upload-Offset": "10"}, upload=began[0])
    assert say("upload_offset", headers={}, upload=began[0]).headers["upload-offset"] == [str(len(data))]
    say("give_up_upload", headers={}, upload=began[1])
    assert api.do("own", "documents.unfinished_uploads", item=item)["uploads"][0]["id"] == began[0]
    paper = api.do("own", "documents.finish_upload", body={}, upload=began[0])["paper"]
    headers = {"Upload-Length": "5", "Upload-Metadata": "filename YS5wZGY="}
    say("begin_upload_version", b"%PDF-", headers=headers, paper=paper["id"])


def bring_pictures(api: Api, item: str, paper: str) -> None:
    """A picture is converted, looked at and published; another, for the next version of a paper, is dropped."""
    come = api.do("own", "documents.arrive", image(words="1"), {"filename": "a.png"}, item=item)["incoming"]["id"]
    until = time.monotonic() + 60
    while (looked := api.do("own", "documents.look", incoming=come)["incoming"])["stage"] != "ready":
        assert time.monotonic() < until  # converted by the background work
        time.sleep(0.1)
    assert api.do("own", "documents.read_incoming", incoming=come)[:5] == b"%PDF-"
    assert api.do("own", "documents.retry", incoming=come) == looked
    assert api.do("own", "documents.publish", body={"symbol": "2/SD"}, incoming=come)["title"] == "a"
    query = {"filename": "b.png"}
    next_one = api.do("own", "documents.arrive_version", image(words="2"), query, paper=paper)["incoming"]["id"]
    assert api.do("own", "documents.drop", incoming=next_one)["id"] == next_one


def invite(world: World, api: Api, meeting: str) -> None:
    assert api.do("own", "invitations.send", body={"mail": False}, meeting=meeting)["invited"] == 4
    member = api.operations["invitations.own"]
    for _ in range(200):  # people are let in by the background work
        if api.send("member", member.Case(path_parameters={"meeting": meeting})).status_code == 200:
            break
        time.sleep(0.05)
    api.do("member", "invitations.own", meeting=meeting)
    api.do("member", "invitations.delivered", meeting=meeting)
    api.do("member", "invitations.opened", meeting=meeting)
    substitute = {"answer": "substitute", "substitute_id": world.ids["spare"], "reason": "Đi công tác"}
    api.do("member", "invitations.answer", body=substitute, meeting=meeting)
    people = api.do("own", "meetings.view", meeting=meeting)["participants"]
    absent = next(each["id"] for each in people if each["person"]["id"] == world.ids["member"])
    api.do("own", "invitations.decide", body={"accept": True}, meeting=meeting, participant=absent)
    api.do("own", "meetings.postpone", body={"starts_at": LATER, "reason": "Bão"}, meeting=meeting)


def show(api: Api, meeting: str) -> None:
    screen = api.do("own", "meetings.add_screen", body={"name": "Hội trường"}, meeting=meeting)
    assert [each["id"] for each in api.do("own", "meetings.screens", meeting=meeting)["screens"]] == [screen["id"]]
    assert api.do("own", "meetings.end_screen", meeting=meeting, screen=screen["id"])["screens"] == []


def sit(world: World, api: Api, meeting: str, item: str) -> None:
    api.do("chair", "live.start", meeting=meeting)
    api.do("chair", "live.move", body={"item_id": item}, meeting=meeting)
    api.do("chair", "live.set_presenter", body={"person_id": world.ids["invitee"]}, meeting=meeting)
    api.do("own", "live.presence", meeting=meeting)
    assert len(api.do("invitee", "documents.list_papers", item=item)["papers"]) == 2


def read_and_write(api: Api, paper: Any) -> None:
    version = paper["version"]["id"]
    _, before = api.do("invitee", "documents.versions", paper=paper["id"])["versions"]
    assert api.do("invitee", "documents.version", version=version)["id"] == version
    assert api.do("invitee", "documents.read_content", version=version)[:5] == b"%PDF-"
    assert api.do("invitee", "documents.thumbnail", version=version, page="1")[:4] == b"RIFF"
    assert "NEXT" in api.do("invitee", "documents.texts", version=version)["pages"][0]
    assert api.do("invitee", "documents.words", version=version)["pages"] == []
    api.do("invitee", "documents.received", version=version)
    api.do("invitee", "documents.opened", version=version)
    assert any(each["opened_at"] for each in api.do("own", "documents.readers", version=version)["readers"])
    note = {"type": "note", "x": 1.0, "y": 1.0, "text": "Xem lại"}
    ops = [{"kind": "put", "op_id": new_id(), "ann_id": new_id(), "page": 1, "body": note}]
    operation = api.operations["annotations.push"]
    push: Any = {"stream": f"s:{version}", "ops": ops}
    said = [api.send("invitee", operation.Case(body=push, media_type="application/json")).json() for _ in range(2)]
    first, again = (each["results"][0] for each in said)
    assert (first["st"], again["st"], again["seq"]) == ("applied", "dup", first["seq"])  # its own op_id, no other key
    assert len(api.do("invitee", "annotations.visible", version=version)["annotations"]) == 1
    changes = api.do("invitee", "documents.changes", query={"since": before["id"]}, version=version)
    assert (changes["old"], changes["new"]) == (before["id"], version)
    api.do("invitee", "annotations.carry", version=version)
    assert api.do("own", "annotations.marks_on_paper", paper=paper["id"])["shared"] == 1
    assert b"Xem l" in api.do("invitee", "annotations.marks", query={"shared": "true"}, version=version)
    assert api.do("invitee", "annotations.copy", query={"shared": "true"}, version=version)[:5] == b"%PDF-"


def share_in_group(world: World, api: Api, paper: Any) -> None:
    version = paper["version"]["id"]
    assert api.do("invitee", "annotations.note_readers", version=version)["count"] > 2
    chair, own = world.ids["chair"], world.ids["own"]
    named = {"name": "Nhóm", "person_ids": [chair]}
    group = api.do("invitee", "annotations.make_group", body=named, version=version)["id"]
    more = {"version_id": version, "person_ids": [own]}
    assert len(api.do("invitee", "annotations.add_members", body=more, group=group)["members"]) == 3
    assert len(api.do("chair", "annotations.remove_member", group=group, person=chair)["members"]) == 2


def take_away(api: Api, meeting: str, paper: Any) -> None:
    """A tablet that is well holds a paper and takes it away; then the one before comes back, and all is recalled."""
    version = paper["version"]["id"]
    checks = [{"what": "papers", "ok": True, "have": 1, "need": 1}]
    assert api.do("invitee", "live.ready", body={"checks": checks}, meeting=meeting)["checks"] == checks
    assert api.do("invitee", "documents.hold", body={"number": 1, "whole": [version]})["purge"] == []
    assert len(api.do("own", "documents.devices", paper=paper["id"])["devices"]) == 1
    assert api.do("invitee", "documents.download", version=version)[:5] == b"%PDF-"
    assert api.do("own", "documents.read_original", version=version) == pdf("NEXT")
    assert b"%PDF-" in api.do("invitee", "annotations.pack", body={"own": True, "shared": True}, meeting=meeting)
    first = api.do("own", "documents.versions", paper=paper["id"])["versions"][-1]["id"]
    restored = api.do("own", "documents.restore", body={"version_id": first}, paper=paper["id"])
    assert restored["version"]["id"] not in {first, version}
    api.do("own", "documents.recall", body={"reason": "Nhầm"}, paper=paper["id"])


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
