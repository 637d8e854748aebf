"""The pictures of README and docs, taken from the running demo into ``docs/pictures`` by ``make pictures``."""

from __future__ import annotations

import asyncio
import contextlib
import io
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import pypdfium2
from PIL import Image
from playwright.async_api import TimeoutError as NotInTime

from tests.e2e.browser import DESK, PHONE, ROOT, TABLET, TABLET_UPRIGHT, launched, new_context, sign_in
from tests.e2e.screens import FILLED, address, places, routes
from tests.support.demo import Demo, serving

if TYPE_CHECKING:
    from playwright.async_api import Browser, FilePayload, Page

FOLDER = ROOT / "docs" / "pictures"
_COLOURS = 256
_MOST_BYTES = 300_000
_ALL_HERE = "text=/Đủ \\d+/"
_PAPER_HERE = ".detail .papers .here"
# Papers come to a tablet while those that follow fetch theirs; on a busy machine that may take minutes.
_PATIENCE_MS = 300_000
_QUIET_MS = 15_000
# Who is in the room when the picture of the running sitting is taken.
_PRESENT = ("chair", "member", "official", "invitee")


class Picture(NamedTuple):
    """A screen of the route tables as somebody sees it, once ``shows`` is there too; ``room``: with others in it."""

    name: str
    app: str
    route: str
    role: str
    size: tuple[int, int]
    dark: bool = False
    shows: str = ""
    room: bool = False


PICTURES = (
    Picture("tablet-sign-in", "tablet", "sign-in", "", TABLET),
    Picture("tablet-home", "tablet", "home", "member", TABLET, shows=_ALL_HERE),
    Picture("tablet-home-dark", "tablet", "home", "member", TABLET, dark=True, shows=_ALL_HERE),
    Picture("tablet-agenda", "tablet", "agenda", "chair", TABLET, shows=_PAPER_HERE),
    Picture("tablet-agenda-phone", "tablet", "agenda", "invitee", PHONE),
    Picture("tablet-reader", "tablet", "paper", "member", TABLET),
    Picture("tablet-reader-upright", "tablet", "paper", "member", TABLET_UPRIGHT),
    Picture("tablet-sign", "tablet", "sign", "official", TABLET),
    Picture("desk-prepare", "desk", "prepare", "secretary", DESK),
    Picture("desk-registry", "desk", "registry", "clerk", DESK),
    Picture("desk-invitations", "desk", "invitations", "secretary", DESK),
    Picture("desk-live", "desk", "live", "secretary", DESK, shows="text=/đang theo/", room=True),
)


async def take_all(demo: Demo) -> None:
    """Every picture, one after another; those of a full room last, for who follows fetches all papers meanwhile."""
    live = await places(demo)
    live |= await _drawn_paper(demo)
    coming = live | {"meeting": _coming(demo)}
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with launched() as browser:
        seated = False
        for picture in sorted(PICTURES, key=lambda each: each.room):
            if picture.room and not seated:
                for role in _PRESENT:
                    await _follow(browser, demo, role, live)
                seated = True
            ids = coming if picture.route in {"prepare", "invitations"} else live
            await _take(browser, demo, picture, ids)
        await _issued(browser, demo)


async def _issued(browser: Browser, demo: Demo) -> None:
    """A paper that was signed, numbered and sealed: as it is printed, and as the screen shows it that checks."""
    official = await demo.enter("official")
    requests = (await official.get("/signing"))["requests"]
    ways = [await official.get(f"/dossiers/{each['dossier_id']}") for each in requests]
    version = next(each["version_id"] for each in ways if each["state"] == "issued")
    _, paper = await official.request("GET", f"/versions/{version}/content")
    with pypdfium2.PdfDocument(paper) as document:
        document.init_forms()  # signatures, number and seal are fields
        _keep("paper-issued", document[0].render(scale=1.4).to_pil())
    context = await new_context(browser, DESK)
    page = await context.new_page()
    account = demo.account("secretary")
    await sign_in(page, demo.url, account.user, account.password)
    await page.goto(f"{demo.url}/desk/verify")
    dropped: FilePayload = {"name": "van-ban.pdf", "mimeType": "application/pdf", "buffer": paper}
    await page.locator("main input[type=file]").set_input_files(dropped)
    await page.get_by_role("heading", name="HỢP LỆ", exact=True).wait_for()
    await _at_rest(page)
    _keep("desk-verify", Image.open(io.BytesIO(await page.screenshot())))
    await context.close()


async def _follow(browser: Browser, demo: Demo, role: str, ids: dict[str, str]) -> None:
    """A tablet that stays open on the paper that is being presented."""
    page = await (await new_context(browser, TABLET)).new_page()
    page.set_default_timeout(_PATIENCE_MS)
    account = demo.account(role)
    await sign_in(page, demo.url, account.user, account.password)
    await page.goto(f"{demo.url}{address('tablet', _path('tablet', 'paper'), ids)}?follow=1")
    await page.wait_for_selector(FILLED["tablet", "paper"].filled)


def _path(app: str, name: str) -> str:
    return next(route.path for route in routes(app) if route.name == name)


async def _take(browser: Browser, demo: Demo, picture: Picture, ids: dict[str, str]) -> None:
    light = "dark" if picture.dark else "light"
    context = await new_context(browser, picture.size, color_scheme=light, reduced_motion="reduce")
    page = await context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    if picture.role:
        account = demo.account(picture.role)
        await sign_in(page, demo.url, account.user, account.password)
    await page.goto(demo.url + address(picture.app, _path(picture.app, picture.route), ids))
    await page.wait_for_selector(FILLED[picture.app, picture.route].filled)
    if picture.shows:
        await page.wait_for_selector(picture.shows)
    await _at_rest(page)
    _keep(picture.name, Image.open(io.BytesIO(await page.screenshot())))
    await context.close()


async def _at_rest(page: Page) -> None:
    """Fonts, thumbnails and bitmaps have come, and nothing is asked any more but papers for later."""
    with contextlib.suppress(NotInTime):
        await page.wait_for_load_state("networkidle", timeout=_QUIET_MS)
    await page.evaluate("() => document.fonts.ready")
    await page.wait_for_function("() => [...document.images].every((each) => each.complete)")


def _keep(name: str, image: Image.Image) -> None:
    """Write a picture with a palette: screens have few colours."""
    out = io.BytesIO()
    image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    assert out.tell() < _MOST_BYTES, "a picture of README is to be small"
    (FOLDER / f"{name}.png").write_bytes(out.getvalue())
    sys.stdout.write(f"{name}.png {out.tell() // 1024} KB\n")


def _coming(demo: Demo) -> str:
    """The meeting of next week."""
    summary: dict[str, str] = msgspec.json.decode((demo.data / "demo.json").read_bytes())
    return summary["coming"]


async def _drawn_paper(demo: Demo) -> dict[str, str]:
    """The paper that is being presented: people have written on it."""
    member = await demo.enter("member")
    view = await member.get(f"/meetings/{demo.ready.meeting}")
    item = view["meeting"]["current_item"]
    papers = (await member.get(f"/items/{item}/papers"))["papers"]
    return {"item": item, "paper": papers[0]["id"]}


def main() -> int:
    """Seed a demo, take the pictures, and leave nothing else behind."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "demo") as demo:
        asyncio.run(take_all(demo))
    return 0


if __name__ == "__main__":
    sys.exit(main())
