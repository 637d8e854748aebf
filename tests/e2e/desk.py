"""The secretary at the desk, by what the screen says: each method is one act of a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import expect

from tests.e2e.browser import RESULTS, axe
from tests.e2e.ear import Ear

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page


class Desk:
    """One desk. Every act ends when the screen has taken it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.ear = Ear(page)

    async def enter(self, user: str, password: str) -> None:
        """Through the door, by name and password."""
        await self.page.goto(f"{self.url}/desk/")
        await self.page.get_by_label("Tên đăng nhập").fill(user)
        await self.page.get_by_label("Mật khẩu").fill(password)
        await self.page.get_by_role("button", name="Vào bằng mật khẩu").click()
        await expect(self.page.get_by_role("heading", name="Cuộc họp", exact=True)).to_be_visible()

    async def create_meeting(self, title: str, starts: str, place: str, chair: str) -> None:
        """A draft; ``starts`` as the field takes it, ``2026-11-27T08:00``."""
        await self.page.get_by_role("button", name="Tạo cuộc họp").click()
        form = self.page.get_by_role("dialog")
        await form.get_by_label("Tên cuộc họp").fill(title)
        await form.get_by_label("Bắt đầu").fill(starts)
        await self._pick(form, "Chủ tọa", chair)
        await form.get_by_label("Nơi họp").fill(place)
        await form.get_by_role("button", name="Tạo cuộc họp").click()
        await expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()

    async def seat(self, names: Sequence[str]) -> None:
        """Add participants from the directory."""
        await self.page.get_by_role("link", name="Sửa thành phần").click()
        for name in names:
            await self._pick(self.page.locator("main"), "Thêm người từ danh bạ", name)
            await expect(self.page.locator("td .person").filter(has_text=name)).to_be_visible()
        await self.page.get_by_role("button", name="Lưu thành phần").click()
        await expect(self.page.get_by_role("button", name="Gửi giấy mời")).to_be_visible()

    async def add_item(self, title: str, presenter: str, *, invited: Sequence[str] = ()) -> None:
        """An item at the end of the agenda; closed where people are ``invited`` to it."""
        await self.page.get_by_role("button", name="Thêm nội dung").click()
        form = self.page.get_by_role("dialog")
        await form.get_by_label("Tên nội dung").fill(title)
        await self._pick(form, "Người trình bày", presenter)
        if invited:
            await form.get_by_label("Phần họp kín").check()
            for name in invited:
                await form.get_by_label(name).check()
        await form.get_by_role("button", name="Thêm nội dung").click()
        await expect(self._agenda().get_by_role("button", name=title, exact=False).first).to_be_visible()

    async def upload(self, item: str, *files: Path) -> None:
        """Papers into an item, all at once; waits until the server has taken them."""
        row = self._agenda().locator("li").filter(has_text=item)
        if await row.locator(".files").count() == 0:
            await row.locator("button.t").click()
        async with self.page.expect_file_chooser() as asked:
            await row.locator("button.drop").click()
        await (await asked.value).set_files([str(file) for file in files])
        await expect(row.locator("button.name")).to_have_count(len(files))

    async def print_invitation(self) -> None:
        """Print the giấy mời; the printed page is on screen afterwards."""
        await self.page.get_by_role("button", name="In giấy mời").click()
        form = self.page.get_by_role("dialog")
        await form.get_by_role("button", name="In giấy mời").click()
        await expect(form.locator(".page .whole").first).to_be_visible()

    async def ask_to_sign(self, official: str) -> None:
        """Put the giấy mời that was just printed before an official."""
        await self.page.get_by_role("button", name="Trình ký giấy mời").click()
        form = self.page.get_by_role("dialog").filter(has_text="Trình ký")
        await form.get_by_label("Loại văn bản").select_option(label="Văn bản khác")  # to be signed, and no more
        chosen = form.get_by_role("region", name="Ký ban hành").get_by_role("button", name=re.compile("^Bỏ "))
        if await chosen.count() > 0:
            await chosen.click()
        await form.get_by_role("combobox", name="Người ký", exact=True).fill(official)
        await self.page.get_by_role("option").filter(has_text=official).click()
        await form.get_by_role("button", name="Trình ký", exact=True).click()
        await expect(form).to_be_hidden()

    async def ask_for_notice(self, item: str, paper: str, official: str) -> None:
        """Put a paper that was not printed here on the whole way: approved, signed, and the registry."""
        row = self._agenda().locator("li").filter(has_text=item)
        if await row.locator(".files").count() == 0:
            await row.locator("button.t").click()
        await self._act_on(paper, "Trình ký")
        form = self.page.get_by_role("dialog")
        await form.get_by_label("Loại văn bản").select_option(label="Thông báo (TB)")
        await form.get_by_role("button", name="Bỏ bước của Người ký nháy").click()
        await form.get_by_role("button", name="Thêm người phê duyệt").click()
        for label in ("Người phê duyệt", "Người ký"):
            region = form.get_by_role("region", name="Phê duyệt" if label == "Người phê duyệt" else "Ký ban hành")
            chosen = region.get_by_role("button", name=re.compile("^Bỏ (?!bước)"))
            if await chosen.count() > 0:
                await chosen.click()
            await region.get_by_role("combobox", name=label, exact=True).fill(official)
            await self.page.get_by_role("option").filter(has_text=official).click()
        await form.get_by_role("button", name="Trình ký", exact=True).click()

    async def lay_fields(self) -> None:
        """Lay the boxes that the paper has not, by button and keyboard, and send it on its way."""
        form = self.page.get_by_role("dialog").filter(has_text="Đặt ô trên")
        await expect(form.locator(".page .whole").first).to_be_visible()
        for name in ("chữ ký", "số", "ngày tháng", "con dấu"):
            await form.get_by_role("button", name=f"Đặt ô {name}", exact=True).click()
        seal = form.get_by_role("button", name=re.compile("^Ô Con dấu"))
        await expect(seal).to_be_focused()
        before = await seal.bounding_box()
        await self.page.keyboard.press("ArrowUp")
        after = await seal.bounding_box()
        assert before is not None
        assert after is not None
        assert after["y"] < before["y"]
        assert await axe(self.page, "[role=dialog]") == []
        await form.get_by_role("button", name="Lưu ô và trình ký").click()
        await expect(form).to_be_hidden()

    async def do_registry(self, paper: str, password: str) -> None:
        """As the clerk: number, seal and issue a paper that was signed, beside its pages."""
        await self.page.get_by_role("link", name=re.compile("^Văn thư")).click()
        line = self.page.locator("main .one").filter(has_text=paper)
        await line.get_by_role("button", name="Xem và cấp số").click()
        form = self.page.get_by_role("dialog")
        await form.get_by_role("button", name="Cấp số văn bản này").click()
        await form.get_by_label("Mật khẩu khóa dấu").fill(password)
        assert await axe(self.page, "[role=dialog]") == []
        await form.get_by_role("button", name="Đóng dấu văn bản này").click()
        await form.get_by_label("Nơi nhận").fill("Các sở, ban, ngành")
        await form.get_by_role("button", name="Ban hành văn bản này").click()
        await expect(form).to_be_hidden()

    async def verify(self, paper: str, signer: str) -> None:
        """Look at the report on the signature of a paper of the meeting as a whole."""
        general = self.page.get_by_role("button", name="Giấy mời và chương trình họp", exact=True)
        await general.click()
        await self._act_on(paper, "Kiểm tra chữ ký")
        report = self.page.get_by_role("dialog")
        await expect(report.get_by_role("heading", name="HỢP LỆ", exact=True)).to_be_visible()
        await expect(report.get_by_role("heading", name=signer)).to_be_visible()
        await expect(report.get_by_text("Đối chiếu với sổ của hệ thống")).to_be_visible()
        assert await axe(self.page) == []
        await self.page.keyboard.press("Escape")
        await expect(report).to_be_hidden()
        await general.click()

    async def send(self) -> None:
        """Send the giấy mời to all."""
        await self.page.get_by_role("button", name="Gửi giấy mời").click()
        await self.page.get_by_role("alertdialog").get_by_role("button", name=re.compile(r"Gửi \d+ người")).click()
        await expect(self.page.get_by_role("link", name="Điều hành phiên họp")).to_be_visible()

    def answer_of(self, name: str) -> Locator:
        """The line of a person beside the agenda."""
        return self.page.locator("#answers .p").filter(has_text=name)

    async def start(self) -> None:
        """Go to the running of the sitting and open it."""
        await self.page.get_by_role("link", name="Điều hành phiên họp").click()
        await self.page.get_by_role("button", name="Bắt đầu phiên").click()
        await self.page.get_by_role("alertdialog").get_by_role("button", name="Bắt đầu phiên").click()
        await expect(self.page.locator(".chip.live")).to_be_visible()

    async def move_to(self, number: int) -> None:
        """Take the next item."""
        await self.page.get_by_role("button", name=f"Sang nội dung {number}").click()
        await expect(self.page.get_by_text(f"Nội dung {number}, đang bàn")).to_be_visible()

    async def give_presenter(self, name: str) -> None:
        """Let somebody present the current item."""
        await self.page.get_by_label("Người trình bày").select_option(label=name)

    async def look_at(self, item: str) -> None:
        """Show another item than the one under discussion."""
        await self.page.get_by_role("navigation", name="Chương trình").get_by_role("button", name=item).click()

    async def replace(self, paper: str, file: Path) -> None:
        """A new version of a paper."""
        await self._act_on(paper, "Thay bằng bản mới")
        async with self.page.expect_file_chooser() as asked:
            await self.page.get_by_role("button", name="Chọn tệp bản mới").click()
        await (await asked.value).set_files(str(file))
        await expect(self._file(paper).get_by_text("bản 2")).to_be_visible()

    async def recall(self, paper: str, reason: str) -> None:
        """Take a paper back from all."""
        await self._act_on(paper, "Thu hồi tài liệu")
        asked = self.page.get_by_role("alertdialog")
        await asked.get_by_label("Lý do").fill(reason)
        await asked.get_by_role("button", name="Thu hồi tài liệu").click()
        await expect(self._file(paper).get_by_text("Đã thu hồi", exact=True).first).to_be_visible()

    async def end(self) -> None:
        """End the sitting."""
        await self.page.get_by_role("button", name="Kết thúc phiên").click()
        await self.page.get_by_role("alertdialog").get_by_role("button", name="Kết thúc phiên").click()
        await expect(self.page.get_by_text(re.compile("Phiên đã kết thúc lúc"))).to_be_visible()

    async def shoot(self, name: str) -> None:
        """Leave a picture of the screen as it stands."""
        await self.page.screenshot(path=RESULTS / f"{name}.png")

    # ---- parts of the screen

    def _agenda(self) -> Locator:
        return self.page.get_by_role("region", name="Chương trình họp")

    def _file(self, paper: str) -> Locator:
        return self.page.locator(".file").filter(has_text=paper)

    async def _act_on(self, paper: str, act: str) -> None:
        await self._file(paper).get_by_role("button", name=re.compile("Thêm thao tác")).click()
        await self.page.get_by_role("menuitem", name=act).click()

    async def _pick(self, within: Locator, label: str, name: str) -> None:
        await within.get_by_label(label).fill(name)
        await self.page.get_by_role("option").filter(has_text=name).click()
