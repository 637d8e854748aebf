"""A whole meeting in real browsers: one desk, three tablets, a cut network, a replaced paper and a closed item."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.e2e.browser import RESULTS
from tests.e2e.house import CHAIR, MEMBER, OFFICIAL, PASSWORD, SECRETARY, House, house
from tests.e2e.papers import write_paper
from tests.e2e.scene import Scene, scene

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.async_api import Browser

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(420)]

TITLE = "Phiên họp UBND thành phố tháng 11"
OPEN, CLOSED, LAST = "Kế hoạch đầu tư công năm 2027", "Công tác nhân sự Sở Xây dựng", "Công tác tháng 12"
REPORT, ANNEX, SECRET = "To trinh dau tu cong", "Phu luc du an", "To trinh mien nhiem"
EXCUSE = "Đi công tác, theo dõi phiên họp trên máy."


@pytest.fixture
def served(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as running:
        yield running


async def test_a_meeting_from_the_desk_to_the_last_tablet(browser: Browser, served: House, tmp_path: Path) -> None:
    RESULTS.mkdir(exist_ok=True)
    async with scene(browser, served.url) as play:
        await everybody_enters(play)
        await the_secretary_prepares(play, tmp_path)
        await the_official_signs(play)
        await the_invitation_goes_out_and_is_answered(play, served)
        await the_sitting_begins_and_papers_open_in_two_taps(play)
        private = await ink_is_private_or_shared(play)
        await the_presenter_leads_and_one_goes_their_own_way(play)
        await the_closed_item_stays_closed(play)
        await the_network_is_cut_and_comes_back(play)
        await a_paper_is_replaced_and_another_recalled(play, tmp_path)
        await the_sitting_ends(play)
        await nobody_heard_what_was_not_theirs(play, private)
        assert {name: each.lines for name, each in play.complaints.items() if each.lines} == {}


async def everybody_enters(play: Scene) -> None:
    await asyncio.gather(
        play.desk.enter(SECRETARY.user, PASSWORD),
        play.chair.enter(CHAIR.user, PASSWORD),
        play.official.enter(OFFICIAL.user, PASSWORD),
        play.member.enter(MEMBER.user, PASSWORD),
    )


async def the_secretary_prepares(play: Scene, folder: Path) -> None:
    desk = play.desk
    await desk.create_meeting(TITLE, "2031-11-27T08:00", "Phòng họp số 1", CHAIR.name)
    await desk.seat([OFFICIAL.name, MEMBER.name])
    await desk.add_item(OPEN, MEMBER.name)
    await desk.add_item(CLOSED, CHAIR.name, invited=[OFFICIAL.name])
    await desk.add_item(LAST, CHAIR.name)
    report = write_paper(folder / f"{REPORT}.pdf", "Tờ trình đầu tư công", pages=6)
    annex = write_paper(folder / f"{ANNEX}.pdf", "Phụ lục dự án", pages=3)
    await desk.upload(OPEN, report, annex)
    await desk.upload(CLOSED, write_paper(folder / f"{SECRET}.pdf", "Tờ trình miễn nhiệm", pages=2))
    await desk.print_invitation()
    await desk.ask_to_sign(OFFICIAL.name)
    await desk.shoot("1-desk-prepared")


async def the_official_signs(play: Scene) -> None:
    await play.official.sign("Giấy mời", PASSWORD)
    await play.official.shoot("2-official-signed")
    await play.official.home()
    await play.desk.page.keyboard.press("Escape")
    await play.desk.verify("Giấy mời", OFFICIAL.name)


async def the_invitation_goes_out_and_is_answered(play: Scene, served: House) -> None:
    """The tablets stand on their first screen: what comes, comes by itself."""
    await asyncio.gather(*(expect(each.page.get_by_text(TITLE)).to_have_count(0) for each in play.tablets))
    await play.desk.send()
    await asyncio.gather(*(expect(each.page.get_by_text(TITLE).first).to_be_visible() for each in play.tablets))
    await play.official.shoot("3-official-invited")
    await asyncio.gather(play.chair.accept(), play.member.accept(), play.official.decline(EXCUSE))
    await expect(play.desk.answer_of(MEMBER.name)).to_contain_text("Nhận lời")
    await expect(play.desk.answer_of(OFFICIAL.name)).to_contain_text(EXCUSE)
    await play.desk.shoot("4-desk-answers")
    assert {each.name.rsplit("-", 1)[1].removesuffix(".eml") for each in served.mails.glob("*.eml")} >= {
        f"{each.user}@tangiang.example" for each in (CHAIR, OFFICIAL, MEMBER)
    }


async def the_sitting_begins_and_papers_open_in_two_taps(play: Scene) -> None:
    await play.desk.start()
    await play.desk.move_to(1)
    await asyncio.gather(*(expect(each.page.locator(".chip.live").first).to_be_visible() for each in play.tablets))
    for each in play.tablets:
        each.taps = 0
        await each.into_meeting()
        await expect(each.item(OPEN)).to_have_attribute("aria-current", "step")
        await each.open_paper(REPORT)
        assert each.taps == 2
    await play.chair.shoot("5-chair-reads")


async def ink_is_private_or_shared(play: Scene) -> list[str]:
    """What the member drew for nobody else, by id."""
    member = play.member
    await member.take("Bút")
    await member.stroke(1, 0.3)
    private = [await member.marks(1, "private").first.get_attribute("data-mark") or ""]
    await member.share_ink()
    await member.stroke(1, 0.6)
    for other in (play.chair, play.official):
        await expect(other.marks(1)).to_have_count(1)
        await expect(other.marks(1, "shared")).to_have_count(1)
        await expect(other.page.locator(".author.tag")).to_contain_text(MEMBER.name)
    await play.official.take("Bút")
    await play.official.stroke(1, 0.8)
    await play.official.put_down("Bút")
    await expect(member.marks(1)).to_have_count(2)
    await play.official.shoot("6-official-sees-shared-ink")
    await member.put_down("Bút")
    await expect(member.sync()).to_contain_text("Đã lưu")
    return private


async def the_presenter_leads_and_one_goes_their_own_way(play: Scene) -> None:
    await play.desk.give_presenter(MEMBER.name)
    await expect(play.member.following()).to_contain_text("Đang trình bày")
    for other in (play.chair, play.official):
        await other.tap(other.following().get_by_role("button", name="Theo trình bày"))
    await play.member.turn_to(3)
    await asyncio.gather(play.chair.at_page(3), play.official.at_page(3))
    await expect(play.desk.page.get_by_text("2/2 đang theo", exact=True)).to_be_visible()
    await play.official.scroll_by_finger(240)
    again = play.official.following().get_by_role("button", name="Theo trình bày")
    await expect(again).to_be_visible()
    await play.member.turn_to(5)
    await play.chair.at_page(5)
    await expect(play.official.page.locator("header.top")).to_contain_text(re.compile("trang [34]/6"))
    await play.member.shoot("7-member-presents")
    await play.official.shoot("7-official-apart")
    await play.official.tap(again)
    await play.official.at_page(5)


async def the_closed_item_stays_closed(play: Scene) -> None:
    await asyncio.gather(*(each.back_to_agenda() for each in play.tablets))
    await play.desk.move_to(2)
    for inside in (play.chair, play.official):
        await expect(inside.item(CLOSED)).to_have_attribute("aria-current", "step")
    await expect(play.member.item("Phần họp kín")).to_have_attribute("aria-current", "step")
    await expect(play.member.page.get_by_text(CLOSED)).to_have_count(0)
    await play.chair.tap(play.chair.item(CLOSED))
    await play.chair.open_paper(SECRET)
    await play.chair.take("Bút")
    await play.chair.share_ink()
    await play.chair.stroke(1, 0.4)
    await play.chair.put_down("Bút")
    await play.member.tap(play.member.item("Phần họp kín"))
    await expect(play.member.page.get_by_text("Dành cho người được mời").first).to_be_visible()
    await play.member.shoot("8-member-closed-item")
    await play.chair.shoot("8-chair-closed-item")
    await play.chair.back_to_agenda()
    await play.desk.move_to(3)
    await expect(play.member.item(LAST)).to_have_attribute("aria-current", "step")


async def the_network_is_cut_and_comes_back(play: Scene) -> None:
    """Once the tablet knows that it is offline, once the connection is torn under it, once only the socket dies."""
    member, chair = play.member, play.chair
    assert member.line is not None
    for each in (member, chair):
        await each.tap(each.item(OPEN))
        await each.open_paper(REPORT)
        await each.turn_to(2)
    await member.take("Bút")
    await member.share_ink()
    await member.context.set_offline(offline=True)
    for number, height in enumerate((0.25, 0.4, 0.55), start=1):
        await member.stroke(2, height)
        await expect(member.sync()).to_contain_text(f"{number} đang chờ")
    await member.shoot("9-member-offline")
    await expect(chair.marks(2)).to_have_count(0)
    await member.context.set_offline(offline=False)
    await expect(chair.marks(2, "shared")).to_have_count(3)
    await expect(member.sync()).not_to_contain_text("đang chờ")
    member.line.cut()
    await member.stroke(2, 0.7)
    await expect(member.sync()).to_contain_text("1 đang chờ")
    member.line.mend()
    await expect(chair.marks(2)).to_have_count(4)
    member.line.drop()
    await member.stroke(2, 0.85)
    await expect(chair.marks(2)).to_have_count(5)
    await expect(member.sync()).to_have_text(re.compile(r"^\s*Đã lưu\s*$"))
    await expect(member.marks(2)).to_have_count(5)
    await member.put_down("Bút")
    await chair.shoot("9-chair-after-the-cut")


async def a_paper_is_replaced_and_another_recalled(play: Scene, folder: Path) -> None:
    member, official = play.member, play.official
    await official.tap(official.item(OPEN))
    await official.open_paper(ANNEX)
    await play.desk.look_at(OPEN)
    newer = write_paper(folder / "new.pdf", "Tờ trình đầu tư công", pages=6, mark="Bản sửa")
    await play.desk.replace(REPORT, newer)
    offered = member.page.get_by_role("button", name="Mở bản 2")
    await expect(offered).to_be_visible()
    await member.at_page(2)
    await expect(member.marks(2)).to_have_count(5)
    await member.shoot("10-member-new-version-offered")
    await member.tap(offered)
    await expect(member.page.locator(".text").get_by_text("Bản sửa").first).to_be_attached()
    await play.desk.recall(ANNEX, "Sai số liệu")
    await expect(official.page.get_by_text("Tài liệu đã được thu hồi")).to_be_visible()
    await expect(official.page.locator(".page")).to_have_count(0)
    await play.desk.shoot("10-desk-recalled")


async def the_sitting_ends(play: Scene) -> None:
    await official_sees_no_recalled_paper(play)
    await play.member.back_to_agenda()
    await play.desk.end()
    for each in (play.official, play.member):
        await expect(each.page.get_by_text("Đã kết thúc").first).to_be_visible()
    await play.desk.shoot("11-desk-ended")


async def official_sees_no_recalled_paper(play: Scene) -> None:
    await play.official.tap(play.official.page.get_by_role("link", name="Về chương trình họp").last)
    await expect(play.official.page.locator(".papers a").filter(has_text=REPORT)).to_be_visible()
    await expect(play.official.page.locator(".papers a").filter(has_text=ANNEX)).to_have_count(0)


async def nobody_heard_what_was_not_theirs(play: Scene, private: list[str]) -> None:
    """By any frame or answer, whatever the screen shows."""
    assert await play.official.ear.heard(CLOSED)
    for words in (CLOSED, SECRET):
        assert not await play.member.ear.heard(words)
    assert await play.member.ear.heard(private[0])
    for other in (play.desk, play.chair, play.official):
        assert not await other.ear.heard(private[0])
