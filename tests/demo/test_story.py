"""What each role finds in the demo: three meetings, papers, a closed item, ink, answers, a paper to sign, mails."""

from __future__ import annotations

import email
import email.policy
from typing import TYPE_CHECKING, Any

import pytest

from server.demo.cast import BODIES, CITY, PLAYERS, ROLES
from server.demo.folder import SUMMARY
from server.demo.papers import PAPERS
from server.demo.sittings import coming, live, past

if TYPE_CHECKING:
    from tests.support.demo import Demo, Visit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

CLOSED = "Công tác nhân sự"


async def meetings(visit: Visit) -> dict[str, dict[str, Any]]:
    return {each["title"]: each for each in (await visit.get("/meetings?when=all"))["meetings"]}


async def live_items(demo: Demo, visit: Visit) -> tuple[dict[str, Any], dict[str, Any]]:
    """The live meeting's view, and the papers of its items by the title that the visitor sees."""
    view = await visit.get(f"/meetings/{demo.ready.meeting}")
    details = {each["id"]: each["title"] for each in view["details"]}
    found = {}
    for item in view["items"]:
        status, papers = await visit.request("GET", f"/items/{item['id']}/papers")
        found[details.get(item["id"], item["title"])] = papers["papers"] if status == 200 else status
    return view, found


@pytest.mark.parametrize("role", [role for role, _user in ROLES])
async def test_every_role_signs_in(demo_server: Demo, role: str) -> None:
    visit = await demo_server.enter(role)
    me = await visit.get("/accounts/me")
    player = next(player for player in PLAYERS if player.user == dict(ROLES)[role])
    assert (me["name"], me["demo"], me["must_change_password"]) == (player.name, True, False)


async def test_the_sign_in_page_offers_the_roles_in_their_order(demo_server: Demo) -> None:
    from tests.support.demo import Visit

    visit = Visit(demo_server.url)
    offered = (await visit.get("/accounts/sign-in"))["demo"]
    assert [each["role"] for each in offered] == [role for role, _user in ROLES]
    assert offered[0] == {"role": "chair", "name": "Nguyễn Đăng Thụy", "title": "Chủ tịch"}
    status, _me = await visit.request("POST", "/accounts/sign-in/demo", {"role": "chair"})
    assert status == 200
    assert (await visit.get("/accounts/me"))["name"] == "Nguyễn Đăng Thụy"


@pytest.mark.parametrize("role", ["secretary", "chair", "member", "official", "presenter", "invitee"])
async def test_the_three_meetings_are_there(demo_server: Demo, role: str) -> None:
    found = await meetings(await demo_server.enter(role))
    states = {title: each["state"] for title, each in found.items()}
    assert states == {past.TITLE: "ended", live.TITLE: "live", coming.TITLE: "convened"}
    assert found[live.TITLE]["id"] == demo_server.ready.meeting


async def test_the_directory_has_its_bodies_and_people(demo_server: Demo) -> None:
    visit = await demo_server.enter("administrator")
    bodies = (await visit.get("/directory/bodies"))["bodies"]
    assert len(bodies) == len(BODIES)
    assert sum(body["tier"] == "commune" for body in bodies) == 6
    assert (await visit.get("/directory/people?limit=1"))["total"] == len(PLAYERS)
    assert len((await visit.get("/accounts"))["accounts"]) == len(PLAYERS)


async def test_the_sitting_is_in_its_second_item_under_a_presenter(demo_server: Demo) -> None:
    view, papers = await live_items(demo_server, await demo_server.enter("member"))
    meeting, items = view["meeting"], view["items"]
    assert [item["state"] for item in items] == ["pending", "done", "current", *["pending"] * 5]
    assert meeting["current_item"] == items[2]["id"]
    assert meeting["presenter"]["name"] == "Hoàng Thị Lan Chi"
    assert [paper["title"] for paper in papers[items[2]["title"]]] == [
        paper.title for paper in PAPERS if paper.item == "dau-tu-cong"
    ]


async def test_two_drafts_were_replaced_by_the_next(demo_server: Demo) -> None:
    visit = await demo_server.enter("chair")
    _view, papers = await live_items(demo_server, visit)
    replaced = [paper for each in papers.values() for paper in each if paper["versions"] > 1]
    assert {paper["title"] for paper in replaced} == {paper.title for paper in PAPERS if paper.earlier}
    assert len(replaced) >= 2
    for paper in replaced:
        listed = (await visit.get(f"/papers/{paper['id']}/versions"))["versions"]
        assert [version["no"] for version in listed] == [2, 1]
        assert len({version["sha256"] for version in listed}) == 2


async def test_the_chair_has_every_paper(demo_server: Demo) -> None:
    visit = await demo_server.enter("chair")
    _view, papers = await live_items(demo_server, visit)
    titles = [paper["title"] for each in papers.values() for paper in each]
    assert set(titles) == {paper.title for paper in PAPERS} | {f"Giấy mời {live.TITLE}"}
    pages = {paper["title"]: paper["version"]["pages"] for each in papers.values() for paper in each}
    assert pages["Báo cáo một năm vận hành 126 xã, phường"] == 60
    version = papers[CLOSED][0]["version"]
    status, content = await visit.request("GET", f"/versions/{version['id']}/content")
    assert (status, content[:5]) == (200, b"%PDF-")


@pytest.mark.parametrize("role", ["member", "presenter", "invitee", "administrator"])
async def test_the_closed_item_is_closed_to_who_is_not_invited(demo_server: Demo, role: str) -> None:
    chair, other = await demo_server.enter("chair"), await demo_server.enter(role)
    view, papers = await live_items(demo_server, chair)
    closed = next(item["id"] for item in view["items"] if item["restricted"])
    version = papers[CLOSED][0]["version"]["id"]
    assert (await other.request("GET", f"/items/{closed}/papers"))[0] == 404
    assert (await other.request("GET", f"/versions/{version}/content"))[0] == 404
    if role != "administrator":
        seen = await other.get(f"/meetings/{demo_server.ready.meeting}")
        assert CLOSED not in str(seen["items"]) + str(seen["details"])
        assert next(item["title"] for item in seen["items"] if item["id"] == closed) == "Phần họp kín"


async def test_shared_ink_is_everybodys_and_private_ink_its_owners(demo_server: Demo) -> None:
    seen = {}
    for role in ("chair", "member", "invitee"):
        visit = await demo_server.enter(role)
        _view, papers = await live_items(demo_server, visit)
        proposal = next(paper for each in papers.values() if each != 404 for paper in each if "318" in paper["symbol"])
        found = await visit.get(f"/versions/{proposal['version']['id']}/annotations")
        seen[role] = {each["id"]: each["owner_name"] for each in found["annotations"]}
    shared = set(seen["invitee"])
    assert len({seen["invitee"][each] for each in shared}) >= 3
    assert set(seen["chair"]) & set(seen["member"]) == shared
    assert {seen["chair"][each] for each in set(seen["chair"]) - shared} == {"Nguyễn Đăng Thụy"}
    assert set(seen["member"]) > shared


async def test_answers_and_readings_are_on_the_desk(demo_server: Demo) -> None:
    view = await (await demo_server.enter("secretary")).get(f"/meetings/{demo_server.ready.meeting}")
    answers = [each["answer"] for each in view["participants"]]
    assert answers.count("accepted") > 15
    assert answers.count("declined") == 1
    assert answers.count("none") >= 5
    substitute = next(each for each in view["participants"] if each["substitute_for"])
    assert substitute["person"]["name"] == "Phan Đức Kiên"
    assert all(each["sent_at"] for each in view["participants"])


async def test_the_next_letter_waits_for_the_official_who_can_sign_it(demo_server: Demo) -> None:
    visit = await demo_server.enter("official")
    inbox = await visit.get("/signing")
    (request,) = (each for each in inbox["requests"] if each["state"] == "waiting")
    assert request["meeting_title"] == coming.TITLE
    assert inbox["key"]["holder"] == "Đỗ Khắc Tuyên"
    assert inbox["key"]["image"]


async def test_a_deputy_may_sign_for_the_chair_what_informs(demo_server: Demo) -> None:
    visit = await demo_server.enter("secretary")
    city = next(each["id"] for each in (await visit.get("/directory/bodies"))["bodies"] if each["code"] == CITY)
    (one,) = (await visit.get(f"/bodies/{city}/delegations"))["delegations"]
    assert (one["capacity"], one["acting_for"], one["from_name"]) == ("KT.", "CHỦ TỊCH", "Nguyễn Đăng Thụy")
    assert (one["to_name"], one["kinds"], one["ended_at"]) == ("Vũ Hoài Sơn", ["notice", "letter"], None)


async def test_two_papers_are_on_their_way_and_initialled(demo_server: Demo) -> None:
    visit = await demo_server.enter("chair")
    (request,) = (each for each in (await visit.get("/signing"))["requests"] if each["state"] == "waiting")
    assert (request["act"], request["capacity"], request["acting_for"]) == ("sign", "TM.", "ỦY BAN NHÂN DÂN")
    dossier = await visit.get(f"/dossiers/{request['dossier_id']}")
    assert (dossier["state"], [each["state"] for each in dossier["steps"]]) == ("signing", ["done", "waiting"])
    clerk = await demo_server.enter("clerk")
    official = await demo_server.enter("official")
    (letter,) = (each for each in (await official.get("/signing"))["requests"] if each["state"] == "waiting")
    acts = [each["act"] for each in (await clerk.get(f"/dossiers/{letter['dossier_id']}"))["steps"]]
    assert acts == ["check", "initial", "sign", "number", "seal", "issue"]


async def test_the_clerk_finds_a_paper_for_each_act(demo_server: Demo) -> None:
    desk, clerk = await demo_server.enter("secretary"), await demo_server.enter("clerk")
    past_view = await desk.get(f"/meetings/{(await meetings(desk))[past.TITLE]['id']}")
    papers = [each for item in past_view["items"] for each in (await desk.get(f"/items/{item['id']}/papers"))["papers"]]
    found = {}
    for paper in papers:
        for dossier in (await desk.get(f"/papers/{paper['id']}/dossiers"))["dossiers"]:
            found[dossier["paper_kind"]] = await clerk.get(f"/dossiers/{dossier['id']}")
    assert {kind: each["state"] for kind, each in found.items()} == {
        "notice": "issued", "letter": "numbered", "decision": "signed",
    }  # fmt: skip
    notice = found["notice"]
    report = (await clerk.get(f"/versions/{notice['version_id']}/verification"))["report"]
    assert (report["verdict"], notice["symbol"]) == ("valid", "248/TB-UBND")
    assert [each["copy_kind"] for each in (await clerk.get(f"/dossiers/{notice['id']}/copies"))["copies"]] == ["SAO Y"]
    assert [each["sealed"] for each in (await clerk.get(f"/dossiers/{notice['id']}/annexes"))["annexes"]] == [False]


async def test_the_clerk_finds_what_came_and_went_over_the_axis(demo_server: Demo) -> None:
    clerk = await demo_server.enter("clerk")
    went = await clerk.get("/exchange/outgoing")
    assert went["axis"]
    assert {each["organ_name"]: each["state"] for each in went["outgoing"]} == {
        "Sở Tài chính": "received", "Ủy ban nhân dân phường Bến Đá": "arrived",
    }  # fmt: skip
    came = (await clerk.get("/exchange/incoming"))["incoming"]
    assert [each["verdict"] for each in came] == ["valid", "unclear"]
    city = came[0]["body_id"]
    series = (await clerk.get(f"/bodies/{city}/number-series"))["series"]
    assert {each["paper_kind"] for each in series} == {"notice", "letter", "decision", "invitation"}
    keys = await clerk.get(f"/bodies/{city}/signing-keys")
    assert all(keys[which]["reachable"] for which in ("seal", "authority"))


async def test_the_official_signs_and_the_signature_is_valid(demo_seed: Any, tmp_path: Any) -> None:
    from tests.support.demo import serving

    with serving(demo_seed.copy(tmp_path / "data")) as demo:
        visit = await demo.enter("official")
        (request,) = (each for each in (await visit.get("/signing"))["requests"] if each["state"] == "waiting")
        body = {"sha256": request["sha256"], "password": demo.account("official").password}
        status, signed = await visit.request("POST", f"/signing/{request['id']}/sign", body)
        assert (status, signed["state"]) == (200, "signed"), signed
        report = (await visit.get(f"/versions/{signed['signed_version_id']}/verification"))["report"]
    assert report["verdict"] == "valid", report


def test_mails_lie_in_the_folder_with_invitation_and_calendar(demo_server: Demo) -> None:
    mails = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in (demo_server.data / "mail").glob("*.eml")
    ]
    assert len(mails) > 30
    to_member = [mail for mail in mails if "nguyet.pm@" in mail["To"]]
    assert len(to_member) == 2, "of the live and of the coming meeting"
    kinds = {part.get_content_type() for part in to_member[0].walk()}
    assert {"text/plain", "text/html", "text/calendar", "application/pdf"} <= kinds


def test_the_summary_names_all_three(demo_server: Demo) -> None:
    import json

    summary = json.loads((demo_server.data / SUMMARY).read_bytes())
    assert summary["meeting"] == demo_server.ready.meeting
    assert len({summary["meeting"], summary["past"], summary["coming"]}) == 3


def test_people_are_told_apart() -> None:
    assert len({player.user for player in PLAYERS}) == len({player.name for player in PLAYERS}) == len(PLAYERS)
    assert 38 <= len(PLAYERS) <= 45
    assert {player.body for player in PLAYERS} <= {body.code for body in BODIES}
    assert sum(body.tier == "commune" for body in BODIES) == 6
