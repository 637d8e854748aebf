"""The walk's part of drafting: a paper is begun from the meeting, written and filed; another is discarded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.contract.api import Api


def write(api: Api, meeting: str) -> None:
    """A notice becomes a paper; minutes are taken up again and then discarded."""
    draft = api.do("own", "drafting.begin", body={"draft_kind": "notice"}, meeting=meeting)
    text = {**draft["text"], "subject": "Kết luận phiên họp"}
    kept = api.do("own", "drafting.save", body={"revision": draft["revision"], "text": text}, draft=draft["id"])
    assert api.do("own", "drafting.preview", draft=draft["id"])[:5] == b"%PDF-"
    filed = api.do("own", "drafting.file", body={"revision": kept["revision"]}, draft=draft["id"])
    assert (filed["paper"]["title"], filed["paper"]["versions"]) == ("Thông báo Kết luận phiên họp", 1)
    assert api.do("own", "drafting.view", draft=draft["id"])["filed"]
    minutes = api.do("own", "drafting.begin", body={"draft_kind": "minutes"}, meeting=meeting)
    api.do("own", "drafting.refill", body={"revision": minutes["revision"]}, draft=minutes["id"])
    api.do("own", "drafting.discard", draft=minutes["id"])
    assert [each["id"] for each in api.do("own", "drafting.drafts", meeting=meeting)["drafts"]] == [draft["id"]]
