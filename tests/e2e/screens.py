"""Every screen of both apps with the data of the demo that fills it; the screens are those of the route tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from tests.e2e.browser import ROOT

if TYPE_CHECKING:
    from tests.support.demo import Demo

_ROUTE = re.compile(r'\{ name: "(?P<name>[^"]+)", path: "(?P<path>[^"]+)"')


@dataclass(frozen=True)
class Screen:
    """Who opens it and what shows that its data has come: a CSS selector or ``text=…``. ``role`` empty: nobody."""

    role: str
    filled: str
    path: str = ""  # of an address that no route has


@dataclass(frozen=True)
class Route:
    """One line of an app's route table."""

    app: str
    name: str
    path: str


def routes(app: str) -> list[Route]:
    """The route table of an app, as its source has it."""
    source = (ROOT / "clients" / app / "src" / "routes.ts").read_text(encoding="utf-8")
    found = [Route(app, match["name"], match["path"]) for match in _ROUTE.finditer(source)]
    assert len(found) == source.count("load:"), f"clients/{app}/src/routes.ts is written in another way"
    return found


# A route without a line here fails, and so does a line without a route.
FILLED: dict[tuple[str, str], Screen] = {
    ("tablet", "home"): Screen("member", ".next h2"),
    ("tablet", "agenda"): Screen("member", ".detail .papers a, .item.current"),
    ("tablet", "paper"): Screen("member", ".page .whole"),
    ("tablet", "signing"): Screen("official", ".rows a"),
    ("tablet", "sign"): Screen("official", ".page .whole"),
    ("tablet", "verify"): Screen("member", "main .drop"),
    ("tablet", "account"): Screen("member", "text=Máy này"),
    ("tablet", "sign-in"): Screen("", ".roles button"),
    ("desk", "meetings"): Screen("secretary", "tbody tr"),
    ("desk", "prepare"): Screen("secretary", ".agenda li"),
    ("desk", "participants"): Screen("secretary", "tbody tr"),
    ("desk", "invitations"): Screen("secretary", "tbody tr"),
    ("desk", "drafting"): Screen("secretary", "main section li a"),
    ("desk", "draft"): Screen("secretary", "main .pages .page canvas"),
    ("desk", "live"): Screen("secretary", ".seats li"),
    ("desk", "signatures"): Screen("official", "main .one .btn.sign"),
    ("desk", "registry"): Screen("clerk", "main .one .btn.primary"),
    ("desk", "delegations"): Screen("secretary", "main tbody tr"),
    ("desk", "tablet-keys"): Screen("clerk", "tbody tr"),
    ("desk", "signing-setup"): Screen("administrator", "main .sheet"),
    ("desk", "verify"): Screen("secretary", "main .drop"),
    ("desk", "directory"): Screen("secretary", "tbody tr"),
    ("desk", "import"): Screen("administrator", "main .drop"),
    ("desk", "accounts"): Screen("administrator", "tbody tr"),
    ("desk", "account"): Screen("secretary", "main .device .chip.ready"),
}
# What an app shows where no route does.
BESIDE: dict[tuple[str, str], Screen] = {
    ("tablet", "unknown address"): Screen("member", "text=Không có trang này", path="/nowhere"),
    ("desk", "door"): Screen("", ".roles button", path="/"),
    ("desk", "unknown address"): Screen("secretary", "text=Không có trang này", path="/nowhere"),
}


async def places(demo: Demo) -> dict[str, str]:
    """Ids of the demo by the names of addresses: the live sitting, an open item of it, its longest paper, a request."""
    member, official = await demo.enter("member"), await demo.enter("official")
    view = await member.get(f"/meetings/{demo.ready.meeting}")
    papers: list[dict[str, Any]] = []
    for item in view["items"]:
        status, answer = await member.request("GET", f"/items/{item['id']}/papers")
        papers += answer["papers"] if status == 200 else []  # a closed item has none for a member
    longest = max((each for each in papers if each["version"]), key=lambda each: each["version"]["pages"])
    waiting = (await official.get("/signing"))["requests"]
    secretary = await demo.enter("secretary")
    begun = {"draft_kind": "minutes"}
    _, draft = await secretary.request("POST", f"/meetings/{demo.ready.meeting}/drafts", begun)
    summary: dict[str, str] = msgspec.json.decode((demo.data / "demo.json").read_bytes())
    return {
        "meeting": demo.ready.meeting,
        "live": demo.ready.meeting,
        "coming": summary["coming"],
        "item": longest["item_id"],
        "paper": longest["id"],
        "draft": draft["id"],
        "request": waiting[0]["id"],
    }


def address(app: str, path: str, ids: dict[str, str]) -> str:
    """The path of a screen with its ids, below the server's address."""
    return f"/{app}" + re.sub(r":(\w+)", lambda match: ids[match[1]], path)
