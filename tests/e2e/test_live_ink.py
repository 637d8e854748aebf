"""What a presenter shows for the moment, and layers that a group shares, on two tablets in Chromium."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.browser import TABLET, new_context, sign_in
from tests.e2e.reading import Put, Reading, plan, put
from tests.support.demo import Seed, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from playwright.async_api import Browser, Locator, Page

    from tests.support.demo import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

# Inks of layers (clients/tablet/src/features/annotations/marks.ts).
GROUP, SHARED = "#2F6B00", "#9A3D08"


@pytest.fixture(scope="module")
def demo(demo_seed: Seed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own: the chair presents a paper that is added to it."""
    with serving(demo_seed.copy(tmp_path_factory.mktemp("live-ink") / "data")) as served:
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def paper(demo: Demo) -> Put:
    """A paper of the item under discussion, which the chair presents."""
    chair = await demo.enter("chair")
    view = await chair.get(f"/meetings/{demo.ready.meeting}")
    item = next(each["id"] for each in view["items"] if each["state"] == "current")
    paper = await put(demo, item, "Tờ trình đang trình bày", plan())
    me = (await chair.get("/accounts/me"))["person_id"]
    status, answer = await chair.request("PUT", f"/meetings/{paper.meeting}/presenter", {"person_id": me})
    assert status == 200, answer
    return paper


@asynccontextmanager
async def tablet(browser: Browser, demo: Demo, role: str, paper: Put, query: str = "") -> AsyncIterator[Page]:
    """Somebody with the paper on screen."""
    context = await new_context(browser, TABLET, has_touch=True)
    page = await context.new_page()
    account = demo.account(role)
    await sign_in(page, demo.url, account.user, account.password)
    await Reading(page, demo).open(paper, query)
    yield page
    await context.close()


def marks(page: Page, ink: str) -> Locator:
    """Strokes of an ink that are known to the app."""
    return page.locator(f'.page path[data-mark][fill="{ink}"]')


async def ask_for_readers(page: Page) -> None:
    """The choice of who reads, in the panel of layers."""
    panel = page.get_by_role("button", name="Ghi cho người khác")
    if not await panel.is_visible():
        await page.locator("header.top").get_by_role("button", name="Lớp ghi chú").click()
    await panel.click()


async def write_for(page: Page, layer: str) -> None:
    """Choose who reads what is written from now on."""
    await ask_for_readers(page)
    form = page.get_by_role("dialog")
    await form.get_by_role("button", name=re.compile(f"^{layer}")).click()
    await form.get_by_role("button", name=re.compile(r"^Ghi cho \d+ người đọc$")).click()
    await expect(form).to_be_hidden()


async def begin_stroke(page: Page) -> tuple[float, float]:
    """The mouse goes down on the first page and draws a line; it is not lifted."""
    box = await page.locator('.page[data-page="1"]').bounding_box()
    assert box is not None
    x, y = box["x"] + 120, max(box["y"], 90) + 160
    await page.mouse.move(x, y)
    await page.mouse.down()
    for step in range(1, 30):
        await page.mouse.move(x + 6 * step, y + (step % 3) * 4)
    return x + 180, y


async def test_laser_and_stroke_under_way_are_seen_at_once_and_only_what_all_read(
    browser: Browser, demo: Demo, paper: Put
) -> None:
    async with (
        tablet(browser, demo, "chair", paper) as chair,
        tablet(browser, demo, "member", paper, "?follow=1") as member,
    ):
        await expect(chair.locator(".follow")).to_contain_text("1/1 đang theo")
        await chair.get_by_role("button", name="Đèn chỉ").click()
        box = await chair.locator('.page[data-page="1"]').bounding_box()
        assert box is not None
        for step in range(6):
            await chair.mouse.move(box["x"] + 100 + 10 * step, 300)
        await expect(member.locator('.page[data-page="1"] .dot')).to_be_visible()
        await chair.get_by_role("button", name="Đèn chỉ").click()
        await expect(member.locator(".page .dot")).to_be_hidden()

        # One's own ink: seen by nobody else, neither while it is drawn nor after.
        pen = chair.get_by_role("toolbar", name="Công cụ ghi").get_by_role("button", name="Bút", exact=True)
        await pen.click()
        await begin_stroke(chair)
        await expect(chair.locator(".page path[data-mark]")).to_have_count(0)
        await chair.mouse.up()
        await expect(chair.locator(".page path[data-mark]")).to_have_count(1)
        await expect(member.locator(".page path[data-live]")).to_have_count(0)

        await write_for(chair, "Mọi người dự")
        await expect(chair.get_by_text(re.compile(r"^Đang ghi cho Mọi người dự · \d+ người$"))).to_be_visible()
        x, y = await begin_stroke(chair)
        await expect(member.locator('.page[data-page="1"] path[data-live]')).to_have_count(1)
        await expect(member.locator(".page path[data-mark]")).to_have_count(0)
        await chair.mouse.move(x + 10, y)
        await chair.mouse.up()
        await expect(marks(member, SHARED)).to_have_count(1)
        await expect(member.locator(".page path[data-live]")).to_have_count(0)

        # An arrow and words too, as they stand.
        under_way = member.locator('.page[data-page="1"] .figures')
        tools = chair.get_by_role("toolbar", name="Công cụ ghi")
        await tools.get_by_role("button", name="Hình", exact=True).click()
        await begin_stroke(chair)
        await expect(under_way.locator(f'.line[stroke="{SHARED}"]').first).to_be_attached()
        await chair.mouse.up()
        await expect(under_way).to_have_count(0)
        await tools.get_by_role("button", name="Chữ", exact=True).click()
        await chair.mouse.click(x, y + 120)
        words = chair.get_by_label("Chữ viết trên trang")
        await words.fill("Đề nghị bổ sung")
        await expect(under_way).to_have_text("Đề nghị bổ sung")
        await words.press("Escape")
        await expect(under_way).to_have_count(0)
        await expect(member.locator(".page text[data-mark]")).to_have_text("Đề nghị bổ sung")


async def test_a_leader_and_an_aide_share_a_layer_until_one_is_taken_out(
    browser: Browser, demo: Demo, paper: Put
) -> None:
    aide_name = (await (await demo.enter("secretary")).get("/accounts/me"))["name"]
    async with tablet(browser, demo, "member", paper) as leader, tablet(browser, demo, "secretary", paper) as aide:
        await ask_for_readers(leader)
        await leader.get_by_role("button", name="Lập nhóm mới…").click()
        form = leader.get_by_role("dialog", name="Lập nhóm ghi chú")
        await form.get_by_label("Tìm người đọc tài liệu này").fill(aide_name)
        await form.locator(".list").get_by_role("button", name=re.compile(aide_name)).click()
        await form.get_by_role("button", name="Lập nhóm 2 người").click()
        share = leader.get_by_role("dialog", name="Ghi cho ai đọc?")
        await expect(share).to_contain_text(aide_name)
        await share.get_by_role("button", name="Ghi cho 2 người đọc").click()
        await leader.get_by_role("toolbar", name="Công cụ ghi").get_by_role("button", name="Bút", exact=True).click()
        await begin_stroke(leader)
        await leader.mouse.up()
        await expect(marks(leader, GROUP)).to_have_count(1)
        await expect(marks(aide, GROUP)).to_have_count(1)

        async with tablet(browser, demo, "chair", paper) as other:
            await expect(other.locator(".page .whole").first).to_be_visible()
            await expect(marks(other, GROUP)).to_have_count(0)

        await leader.get_by_role("button", name="Người trong Nhóm của tôi").click()
        await leader.get_by_role("button", name=f"Đưa {aide_name} ra khỏi nhóm").click()
        await leader.get_by_role("alertdialog").get_by_role("button", name="Đưa ra khỏi nhóm").click()
        await expect(marks(aide, GROUP)).to_have_count(0)
        await expect(marks(leader, GROUP)).to_have_count(1)
