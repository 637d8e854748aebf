"""The walk's part of the registry: number, seal, issue, annexes, copies, the book; and papers that bodies send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.contract.walk_keys import CLERK, KEY_PASSWORD
from tests.contract.walk_signing import bring_paper

if TYPE_CHECKING:
    from tests.contract.api import Api
    from tests.support.world import World

CITY, WARD = "000.00.01.H56", "000.07.25.H56"


def keep_book(world: World, api: Api) -> None:
    """A series goes on after the book on paper; a document on paper takes the next number; a council has its own."""
    body = {"body_id": world.bodies["a"]}
    api.do(CLERK, "signatures.open_series", body={"paper_kind": "notice", "last": 12}, **body)
    entry = {"paper_kind": "notice", "title": "Thông báo nghỉ lễ", "signer": "Chủ tịch"}
    assert api.do(CLERK, "signatures.enter", body=entry, **body)["number"] == 13
    named = {"name": "Hội đồng thi đua", "citation": "Nghị định 30/2020/NĐ-CP"}
    api.do(CLERK, "signatures.set_code", body=named, code="HĐTĐ", **body)


def issue(world: World, api: Api, item: str, signed: Any) -> Any:
    """A signed paper is numbered, sealed with its annex, issued, and copied."""
    where = {"dossier": signed["id"]}
    numbered = api.do(CLERK, "signatures.number", body={"sha256": signed["sha256"]}, **where)
    assert numbered["number"] == 14
    seen = {"sha256": numbered["sha256"], "password": KEY_PASSWORD}
    sealed = api.do(CLERK, "signatures.seal", body=seen, **where)
    annex = bring_paper(api, item, "Phụ lục")
    beside = api.do(CLERK, "signatures.annexes", **where)["annexes"]
    (offered,) = (one for one in beside if one["paper_id"] == annex["id"])
    assert (offered["sha256"], offered["sealed"]) == (annex["version"]["sha256"], False)
    seen = {"sha256": offered["sha256"], "password": KEY_PASSWORD}
    api.do(CLERK, "signatures.seal_annex", body=seen, paper=annex["id"], **where)
    out = {"sha256": sealed["sha256"], "recipients": "Như trên; Lưu: VT"}
    issued = api.do(CLERK, "signatures.issue", body=out, **where)
    assert issued["state"] == "issued"
    wanted = {"copy_kind": "SAO Y", "password": KEY_PASSWORD}
    copy = api.do(CLERK, "signatures.make_copy", body=wanted, **where)
    assert api.do("own", "signatures.copies", **where)["copies"] == [copy]
    assert len(api.do("own", "signatures.copy_content", copy=copy["id"])) == copy["size"]
    return issued


def read_book(world: World, api: Api, issued: Any) -> None:
    body = {"body_id": world.bodies["a"]}
    lines = api.do("own", "signatures.number_book", **body)["entries"]
    assert [(each["number"], each["state"]) for each in lines] == [(12, "opening"), (13, "paper"), (14, "issued")]
    assert lines[-1]["symbol"] == issued["symbol"]
    heads = api.do("own", "signatures.series", **body)["series"]
    assert ("notice", 14, 12) in [(one["paper_kind"], one["last"], one["opened"]) for one in heads]
    seal = api.do(CLERK, "signatures.body_keys", **body)["seal"]
    assert (seal["kept"], seal["reachable"]) == ("file", True)
    assert api.do("own", "signatures.printed_book", **body)[:5] == b"%PDF-"


def send_out(world: World, api: Api, issued: Any) -> None:
    """An issued paper is queued for another body on the axis."""
    for name, code in (("a", CITY), ("b", WARD)):
        api.do("administrator", "exchange.set_organ", body={"organ_id": code}, body_id=world.bodies[name])
    assert {each["organ_id"] for each in api.do("own", "exchange.organs")["organs"]} == {CITY, WARD}
    where = {"dossier": issued["id"]}
    body = {"bodies": [world.bodies["b"]], "password": KEY_PASSWORD}
    sent = api.do(CLERK, "exchange.send", body=body, **where)
    assert api.do("own", "exchange.sent", **where) == sent
    assert b"edXML" in api.do("own", "exchange.package", **where)
    (listed,) = api.do(CLERK, "exchange.outgoing")["outgoing"]
    assert (listed["symbol"], listed["state"]) == (issued["symbol"], "queued")


def take_in(api: Api, issued: Any) -> None:
    """What the axis carried is looked at and received; then the paper is taken back."""
    (came,) = api.do(CLERK, "exchange.arrivals")["incoming"]
    assert (came["verdict"], came["files"][0]["sha256"]) == ("valid", issued["sha256"])
    assert len(api.do(CLERK, "exchange.content", arrival=came["id"])) == came["size"]
    file, _annex = came["files"]  # sealed beside the paper, it goes with it
    assert len(api.do(CLERK, "exchange.attachment", arrival=came["id"], sha256=file["sha256"])) == file["size"]
    api.do(CLERK, "exchange.answer", body={"accept": True}, arrival=came["id"])
    remarks = {"remarks": "Sai thời gian họp"}
    assert api.do("own", "signatures.recall_dossier", body=remarks, dossier=issued["id"])["state"] == "recalled"
