"""Setting up what a house signs with, in Chromium with a token: its keys are chosen from a list, and it may be gone."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from server.core.printing.fonts import times_font
from server.demo.cast import BODIES, CITY, PLAYERS, ROLES
from signing.demo_ink import draw_signature
from signing.demo_pki import DemoPki, make_demo_pki
from signing.demo_seal import draw_seal
from tests.e2e.browser import TABLET, axe, new_context, sign_in, sticking_out
from tests.support import softhsm
from tests.support.demo import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from playwright.async_api import Browser, Locator, Page

    from tests.support.demo import Demo, Seed

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

BODY = next(each.name for each in BODIES if each.code == CITY)
OFFICIAL = next(each.name for each in PLAYERS if each.user == dict(ROLES)["official"])
GONE = "phien-da-rut"


@pytest.fixture(scope="module")
def pki() -> DemoPki:
    return make_demo_pki("Tổ chức chứng thực (thử)")


def at(module: Path, labels: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Names of the configuration → library and label of a token."""
    return {name: {"module": str(module), "token": label} for name, label in labels.items()}


@asynccontextmanager
async def at_setup(browser: Browser, demo: Demo) -> AsyncIterator[Page]:
    """The set-up of keys as the administrator sees it on a small desk."""
    context = await new_context(browser, TABLET)
    page = await context.new_page()
    account = demo.account("administrator")
    await sign_in(page, demo.url, account.user, account.password)
    await page.goto(f"{demo.url}/desk/signing-setup")
    try:
        yield page
    finally:
        await context.close()


async def _look(page: Page, name: str) -> None:
    """A picture where somebody asked for one; nothing sticks out, and who does not see can use it."""
    if folder := os.environ.get("PICTURES_OF_SETUP"):
        await page.wait_for_timeout(400)
        await page.screenshot(path=f"{folder}/{name}.png")
    assert await sticking_out(page) == []
    assert await axe(page) == []


async def _of_city(page: Page) -> Locator:
    await page.get_by_label("Cơ quan", exact=True).select_option(label=BODY)
    return page.get_by_role("region", name="Con dấu của cơ quan")


async def test_a_seal_and_a_persons_key_are_chosen_on_a_token(
    browser: Browser, demo_seed: Seed, pki: DemoPki, tmp_path: Path
) -> None:
    other = pki.person("Người không có trong danh bạ")
    module, label = softhsm.token(
        {"con-dau": pki.person(BODY), "lanh-dao": pki.person(OFFICIAL), "khac": other},
        {"issuing": pki.issuing.certificate, "root": pki.root.certificate},
    )  # fmt: skip
    _, empty = softhsm.token({}, {})
    labels = {"van-thu": label, "du-phong": GONE, "moi-mua": empty}
    data = demo_seed.copy(tmp_path / "data")
    (data / "trust" / "try.pem").write_bytes(pki.root_pem)
    seal, signature = tmp_path / "dau.png", tmp_path / "ky.png"
    seal.write_bytes(draw_seal(BODY, font=str(times_font().bold)))
    signature.write_bytes(draw_signature(OFFICIAL))
    with serving(data, tokens=at(module, labels)) as demo:
        async with at_setup(browser, demo) as page:
            sheet = await _of_city(page)
            await sheet.get_by_role("button", name="Đổi khóa").click()
            asked = page.get_by_role("dialog")
            await expect(asked.get_by_role("radio")).to_have_count(3)
            await _look(page, "seal-keys")
            await asked.get_by_label("Nơi giữ khóa").select_option(value="du-phong")
            await expect(asked.get_by_role("alert")).to_contain_text("Không liên lạc được với thiết bị giữ khóa.")
            await _look(page, "seal-token-gone")
            await asked.get_by_label("Nơi giữ khóa").select_option(value="moi-mua")
            await expect(asked.get_by_text("Ở đó không có khóa nào ký được.")).to_be_visible()
            await asked.get_by_label("Nơi giữ khóa").select_option(value="van-thu")
            await asked.get_by_text("Người không có trong danh bạ", exact=True).click()
            await _look(page, "seal-other-name")
            await asked.get_by_text(BODY, exact=True).last.click()
            await asked.locator("input[type=file]").set_input_files(seal)
            await expect(asked.get_by_alt_text("Con dấu trùm")).to_be_in_viewport()
            await _look(page, "seal-chosen")
            await asked.get_by_role("button", name="Đăng ký con dấu").click()
            await expect(sheet.get_by_text("thiết bị van-thu, khóa con-dau")).to_be_visible()
            await expect(sheet.get_by_text("Sẵn sàng")).to_be_visible()
            await _look(page, "seal-enrolled")
            await page.get_by_role("tab", name="Khóa cá nhân").click()
            await _look(page, "people")
            await page.get_by_role("row", name=OFFICIAL).get_by_role("button", name="Đổi khóa").click()
            await expect(asked.get_by_role("radio")).to_have_count(3)
            await asked.locator("input[type=file]").set_input_files(signature)
            await expect(asked.get_by_alt_text("Chữ ký trên họ tên")).to_be_in_viewport()
            await _look(page, "person-chosen")
            await asked.get_by_role("button", name="Đăng ký khóa ký").click()
            await expect(page.get_by_role("row", name=OFFICIAL).get_by_text("thiết bị van-thu")).to_be_visible()
            await _look(page, "people-enrolled")
    with serving(data, tokens=at(module, labels | {"van-thu": GONE})) as demo:  # pulled out
        async with at_setup(browser, demo) as page:
            sheet = await _of_city(page)
            await expect(sheet.get_by_text("Chưa liên lạc được")).to_be_visible()
            await _look(page, "seal-gone")
