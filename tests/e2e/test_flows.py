"""What does not go smoothly, in Chromium: answers that change, papers that come back, notes that are refused."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.e2e.browser import DESK, PHONE, TABLET, axe, new_context, sign_in
from tests.e2e.desk import Desk
from tests.e2e.papers import write_paper
from tests.e2e.tablet import Tablet

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser, BrowserContext, Page

    from tests.support.demo import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

TITLE = "Họp tổ công tác cải cách thủ tục"
OPEN, CLOSED, LAST = "Rút ngắn thời gian cấp phép", "Khen thưởng đột xuất", "Công việc tuần tới"
CHAIR, OFFICIAL, MEMBER, STAND_IN = "Nguyễn Đăng Thụy", "Đỗ Khắc Tuyên", "Phạm Minh Nguyệt", "Lục Đình Bảo"
REMARKS = "Sai tên phòng họp, đề nghị in lại."
WORDS = "Xem lại mức thưởng của tổ 3"


@dataclass(frozen=True)
class Play:
    """Who plays: the secretary at the desk and three leaders with tablets."""

    desk: Desk
    chair: Tablet
    official: Tablet
    member: Tablet


@asynccontextmanager
async def play_on(browser: Browser, demo: Demo) -> AsyncIterator[Play]:
    async with AsyncExitStack() as stack:

        async def page_of(role: str, size: tuple[int, int]) -> tuple[BrowserContext, Page]:
            context = await new_context(browser, size, has_touch=size != DESK)
            stack.push_async_callback(context.close)
            page = await context.new_page()
            account = demo.account(role)
            await sign_in(page, demo.url, account.user, account.password)
            return context, page

        async def tablet(role: str, size: tuple[int, int] = TABLET) -> Tablet:
            made = Tablet(*(await page_of(role, size)), demo.url, "mouse")
            await made.home()
            return made

        _, page = await page_of("secretary", DESK)
        await page.goto(f"{demo.url}/desk/")
        yield Play(Desk(page, demo.url), await tablet("chair"), await tablet("official", PHONE), await tablet("member"))


async def test_a_meeting_that_does_not_go_smoothly(browser: Browser, demo_server: Demo, tmp_path: Path) -> None:
    async with play_on(browser, demo_server) as play:
        await the_agenda_is_built(play.desk, tmp_path)
        meeting = play.desk.page.url.rsplit("/", 1)[1]
        await the_invitation_comes_back_unsigned(play)
        await play.desk.send()
        await a_substitute_is_proposed_and_accepted(play, meeting)
        await an_answer_changes_until_the_meeting_begins(play, meeting)
        await the_chair_gives_and_takes_the_presenters_role(play, meeting)
        await a_note_is_refused_and_nothing_is_lost(play, meeting)
        await a_copy_is_put_off_and_cancelled(play, meeting)


async def the_agenda_is_built(desk: Desk, folder: Path) -> None:
    """Files are listed in the order chosen, one that is no PDF says why; items are moved by hand."""
    page = desk.page
    await desk.create_meeting(TITLE, "2031-11-27T08:00", "Phòng họp số 2", CHAIR)
    await page.get_by_role("button", name="Sửa thông tin").click()
    await page.get_by_role("button", name="Thêm điểm cầu").click()
    await page.get_by_role("dialog").locator("fieldset input").fill("UBND phường Bến Đá")
    await page.get_by_role("button", name="Lưu thông tin").click()
    await expect(page.get_by_text("1 điểm cầu")).to_be_visible()
    await desk.seat([OFFICIAL, MEMBER])
    await desk.add_item(OPEN, MEMBER)
    await desk.add_item(CLOSED, CHAIR, invited=[MEMBER])
    await desk.add_item(LAST, CHAIR)
    long, short = write_paper(folder / "B dai.pdf", "Dài", pages=9), write_paper(folder / "A ngan.pdf", "Ngắn", pages=1)
    (folder / "hong.pdf").write_bytes(b"no PDF at all")
    row = page.get_by_role("region", name="Chương trình họp").locator("li").filter(has_text=OPEN)
    await row.locator("button.t").click()
    async with page.expect_file_chooser() as asked:
        await row.locator("button.drop").click()
    await (await asked.value).set_files([long, folder / "hong.pdf", short])
    await expect(row.locator("button.name")).to_have_text(["B dai", "A ngan"])
    await expect(row.get_by_role("alert")).to_contain_text("không thuộc loại nhận được")
    await row.get_by_role("button", name="Bỏ hong.pdf khỏi danh sách").click()
    await row.locator("button.t").click()
    await desk.upload(CLOSED, write_paper(folder / "Danh sach.pdf", "Danh sách", pages=2))
    await _drag_up(page, LAST)
    titles = page.get_by_role("list", name="Chương trình họp").locator("button.t")
    await expect(titles).to_contain_text([LAST, OPEN, CLOSED])


async def _drag_up(page: Page, title: str) -> None:
    """An item to the top, by mouse."""
    grips = page.get_by_role("button", name=re.compile("^Chuyển .*mũi tên"))
    grip = await page.get_by_role("button", name=re.compile(f"^Chuyển {title}")).bounding_box()
    top = await grips.first.bounding_box()
    assert grip is not None
    assert top is not None
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    for step in range(1, 9):
        await page.mouse.move(x, y + (top["y"] - 4 - y) * step / 8)
    await page.mouse.up()


async def the_invitation_comes_back_unsigned(play: Play) -> None:
    await play.desk.print_invitation()
    await play.desk.ask_to_sign(OFFICIAL)
    await play.desk.page.keyboard.press("Escape")
    page = play.official.page
    await play.official.tap(page.get_by_role("link", name=re.compile("^Ký")))
    await play.official.tap(page.get_by_role("link").filter(has_text=f"Giấy mời {TITLE}"))
    await play.official.tap(page.get_by_role("button", name="Trả lại, ghi lý do"))
    await page.get_by_role("dialog").get_by_label("Lý do").fill(REMARKS)
    await play.official.tap(page.get_by_role("dialog").get_by_role("button", name="Trả lại", exact=False).last)
    await expect(page.get_by_text(REMARKS)).to_be_visible()
    await play.official.tap(page.get_by_role("link", name="Về danh sách chờ ký").first)
    await expect(page.get_by_role("link").filter(has_text=f"Giấy mời {TITLE}")).to_contain_text(REMARKS)
    general = play.desk.page.get_by_role("button", name="Giấy mời và chương trình họp", exact=True)
    await general.click()
    await expect(play.desk.page.get_by_text(f"Trả lại: {REMARKS}")).to_be_visible()
    await general.click()


async def _answer(tablet: Tablet, by: str, act: str) -> None:
    await tablet.tap(tablet.page.get_by_role("button", name=by))
    await tablet.tap(tablet.page.get_by_role("menuitem", name=act))


async def a_substitute_is_proposed_and_accepted(play: Play, meeting: str) -> None:
    page, desk = play.official.page, play.desk
    await page.goto(f"{play.official.url}/tablet/meetings/{meeting}")
    await _answer(play.official, "Trả lời giấy mời", "Cử dự thay")
    await page.get_by_label("Tìm người dự thay").fill("luc dinh bao")
    await play.official.tap(page.get_by_role("dialog").get_by_role("button").filter(has_text=STAND_IN))
    await play.official.tap(page.get_by_role("button", name="Đề nghị dự thay"))
    await expect(page.get_by_role("button", name="Đổi câu trả lời")).to_be_visible()
    await desk.answer_of(OFFICIAL).get_by_role("button", name="Chấp thuận dự thay").click()
    await expect(desk.page.locator("#answers .p").filter(has_text=f"dự thay {OFFICIAL}")).to_contain_text(STAND_IN)
    await expect(desk.page.get_by_role("button", name="Chấp thuận dự thay")).to_have_count(0)
    await _answer(play.official, "Đổi câu trả lời", "Nhận lời dự họp")
    await expect(page.get_by_text("Chưa ghi: người dự thay đã được chấp thuận.")).to_be_visible()


async def an_answer_changes_until_the_meeting_begins(play: Play, meeting: str) -> None:
    page, desk = play.member.page, play.desk
    await page.goto(f"{play.member.url}/tablet/meetings/{meeting}")
    await _answer(play.member, "Trả lời giấy mời", "Báo vắng")
    await page.get_by_role("dialog").get_by_label("Lý do").fill("Trùng lịch tiếp dân.")
    await play.member.tap(page.get_by_role("button", name="Gửi báo vắng"))
    await expect(desk.answer_of(MEMBER)).to_contain_text("Trùng lịch tiếp dân.")
    await _answer(play.member, "Đổi câu trả lời", "Nhận lời dự họp")
    await expect(desk.answer_of(MEMBER)).to_contain_text("Nhận lời")
    await expect(desk.answer_of("Ngô Phương Dung")).to_contain_text("Thư ký cuộc họp")
    await desk.start()
    await expect(page.get_by_role("button", name="Đổi câu trả lời")).to_have_count(0)


async def the_chair_gives_and_takes_the_presenters_role(play: Play, meeting: str) -> None:
    chair, member = play.chair, play.member
    await chair.page.goto(f"{chair.url}/tablet/meetings/{meeting}")
    await chair.tap(chair.item(OPEN))
    await chair.tap(chair.page.get_by_role("button", name="Chuyển phiên sang nội dung này"))
    await expect(member.item(OPEN)).to_have_attribute("aria-current", "step")
    await chair.tap(chair.page.get_by_role("button", name="Điều hành phiên họp"))
    await chair.tap(chair.page.get_by_role("menuitem", name="Giao trình bày"))
    await chair.tap(chair.page.get_by_role("dialog").get_by_role("button").filter(has_text=MEMBER))
    await expect(chair.page.get_by_text(re.compile(f"{MEMBER}.*đang trình bày")).first).to_be_visible()
    for each in (chair, member):
        await each.open_paper("B dai")
    await expect(member.following()).to_contain_text("Đang trình bày")
    await chair.tap(chair.following().get_by_role("button", name="Nhận trình bày"))
    await expect(chair.following()).to_contain_text("Đang trình bày")
    await expect(member.following()).to_contain_text(f"{CHAIR} đang trình bày")
    await chair.tap(chair.following().get_by_role("button", name="Thôi trình bày"))
    await expect(member.following()).to_contain_text("Chưa có người trình bày")


async def a_note_is_refused_and_nothing_is_lost(play: Play, meeting: str) -> None:
    """Written without a network in a closed item, from which the writer is taken out meanwhile."""
    member, desk = play.member, play.desk
    await member.back_to_agenda()
    await member.tap(member.item(CLOSED))
    await member.open_paper("Danh sach")
    await member.share_ink()
    await member.context.set_offline(offline=True)
    await member.take("Ghi chú")
    await member.page.locator(".page .hand.note").first.click(position={"x": 200, "y": 240})
    await member.page.get_by_label("Nội dung ghi chú").fill(WORDS)
    await member.tap(member.page.get_by_role("button", name="Lưu ghi chú"))
    await expect(member.sync()).to_contain_text("1 đang chờ")
    await desk.page.goto(f"{desk.url}/desk/meetings/{meeting}")
    await desk.page.get_by_role("button", name=f"Thêm thao tác với {CLOSED}").click()
    await desk.page.get_by_role("menuitem", name="Sửa nội dung").click()
    await desk.page.get_by_role("dialog").get_by_label(MEMBER).uncheck()
    await desk.page.get_by_role("button", name="Lưu nội dung").click()
    await expect(desk.page.get_by_role("dialog")).to_be_hidden()
    await member.context.set_offline(offline=False)
    await expect(member.page.get_by_text("1 ghi chú không gửi được.")).to_be_visible()
    await expect(member.page.locator(".page")).to_have_count(0)
    await member.tap(member.page.get_by_role("button", name="Xem lại"))
    await expect(member.page.get_by_role("dialog")).to_contain_text(WORDS)
    assert await axe(member.page) == []
    await member.tap(member.page.get_by_role("button", name="Bỏ các ghi chú này"))
    await expect(member.page.get_by_text("1 ghi chú không gửi được.")).to_have_count(0)


async def a_copy_is_put_off_and_cancelled(play: Play, meeting: str) -> None:
    desk, page = play.desk, play.desk.page
    await play.member.home()
    copy = play.member.page.get_by_role("link").filter(has_text=f"{TITLE}, lần 2")
    more = page.get_by_role("button", name="Thêm thao tác với cuộc họp")
    await more.click()
    await page.get_by_role("menuitem", name="Sao chép cuộc họp").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Tên cuộc họp").fill(f"{TITLE}, lần 2")
    await form.get_by_label("Bắt đầu").fill("2031-12-04T08:00")
    await form.get_by_role("button", name="Sao chép", exact=False).click()
    await expect(page.get_by_role("heading", level=1, name=f"{TITLE}, lần 2")).to_be_visible()
    assert meeting not in page.url
    await expect(page.get_by_role("list", name="Chương trình họp").locator("button.t")).to_have_count(3)
    await desk.send()
    await more.click()
    await page.get_by_role("menuitem", name="Hoãn cuộc họp").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Hoãn cuộc họp").click()
    await expect(page.get_by_text("Đang hoãn").first).to_be_visible()
    await expect(copy).to_contain_text("Hoãn")
    await more.click()
    await page.get_by_role("menuitem", name="Hủy cuộc họp").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Hủy cuộc họp").click()
    await expect(page.get_by_text("Đã hủy").first).to_be_visible()
    await expect(copy).to_contain_text("Đã hủy")
