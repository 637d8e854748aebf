"""The walk's part of papers: how they come in, are read and written on, shared in groups, taken away and recalled."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from server.core.ids import new_id
from tests.support.images import image
from tests.support.world import pdf

if TYPE_CHECKING:
    from tests.contract.api import Api
    from tests.support.world import World


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


def read_and_write(api: Api, paper: Any) -> None:
    version = paper["version"]["id"]
    _, before = api.do("invitee", "documents.versions", paper=paper["id"])["versions"]
    assert api.do("invitee", "documents.version", version=version)["id"] == version
    assert api.do("invitee", "documents.read_content", version=version)[:5] == b"%PDF-"
    assert api.do("invitee", "documents.thumbnail", version=version, page="1")[:3] == b"\xff\xd8\xff"
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
