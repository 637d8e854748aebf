"""The walk's part of a meeting: prepared with its papers, convened, postponed, shown in the hall, and held."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.contract.walk_papers import bring_pictures, send_in_pieces
from tests.support.world import STARTS_AT, pdf

if TYPE_CHECKING:
    from tests.contract.api import Api
    from tests.support.world import World

LATER = "2026-12-27T08:00:00+07:00"


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
    assert not api.do("invitee", "live.missed", stream=f"i:{item}")["more"]
    assert len(api.do("invitee", "documents.list_papers", item=item)["papers"]) == 2
