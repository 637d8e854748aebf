"""At the desk an official approves a paper, then signs it with software of his own: fetched, signed there, brought."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from playwright.async_api import expect

from signing import SigningError
from signing import sign as sign_elsewhere
from signing.signers import load_pkcs12
from tests.e2e.browser import DESK, axe, new_context, sign_in
from tests.e2e.papers import write_paper
from tests.e2e.tablet import SCROLL_THROUGH

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser, Locator, Page

    from signing.signers import KeySigner
    from tests.support.demo import Demo, Visit

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

TITLE = "Thông báo ký bằng token"


async def test_an_official_signs_with_software_of_his_own(browser: Browser, demo_server: Demo, tmp_path: Path) -> None:
    account, official = demo_server.account("official"), await demo_server.enter("official")
    secretary = await demo_server.enter("secretary")
    await _put_before(secretary, demo_server, official, write_paper(tmp_path / "thong-bao.pdf", "Thông báo", pages=2))
    context = await new_context(browser, DESK)
    page = await context.new_page()
    await sign_in(page, demo_server.url, account.user, account.password)
    await page.goto(f"{demo_server.url}/desk/signatures")
    paper = await _opened(page, "Xem văn bản")
    await paper.get_by_role("button", name="Phê duyệt văn bản này").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Phê duyệt văn bản này").click()
    await expect(paper.get_by_text("Đã phê duyệt", exact=True)).to_be_visible()
    await paper.get_by_role("button", name="Đóng").click()

    paper = await _opened(page, "Xem và ký")
    await paper.get_by_role("button", name="Ký văn bản này").click()
    way = page.get_by_role("dialog", name="Ký văn bản này")
    await way.get_by_role("button", name="Ký bằng phần mềm khác").click()
    way = page.get_by_role("dialog", name="Ký bằng phần mềm khác")
    async with page.expect_download() as fetched:
        await way.get_by_role("link", name="Tải tệp về máy").click()
    base = await (await fetched.value).path()
    await _bring(page, way, base.read_bytes())
    await expect(way.get_by_text("trong tệp chưa có chữ ký mới")).to_be_visible()
    assert await axe(page, "[role=dialog]") == []
    signed = await sign_elsewhere(
        base.read_bytes(), _token(demo_server, await official.get("/accounts/me"), account.password)
    )
    await _bring(page, way, signed)
    await expect(way).to_be_hidden()
    await expect(paper.get_by_role("link", name="Tải văn bản đã ký")).to_be_visible()
    requests = (await official.get("/signing"))["requests"]
    done = next(one for one in requests if (one["paper_title"], one["act"]) == (TITLE, "sign"))
    report = (await official.get(f"/versions/{done['signed_version_id']}/verification"))["report"]
    assert (report["verdict"], [one["signer"] for one in report["signatures"]]) == ("valid", [done["official_name"]])
    await context.close()


async def _put_before(secretary: Visit, demo: Demo, official: Visit, file: Path) -> None:
    """A paper that the official approves and then signs."""
    item = (await secretary.get(f"/meetings/{demo.ready.meeting}"))["items"][0]["id"]
    person = (await official.get("/accounts/me"))["person_id"]
    where = f"/items/{item}/papers?filename=thong-bao.pdf&title={TITLE}"
    paper = await _done(secretary, where, pdf=file.read_bytes())
    steps = [{"act": act, "rank": rank, "person_id": person} for rank, act in enumerate(("approve", "sign"), start=1)]
    dossier = await _done(secretary, f"/papers/{paper['id']}/dossiers", {"paper_kind": "other", "steps": steps})
    sent = await _done(secretary, f"/dossiers/{dossier['id']}/submit")
    assert sent["state"] == "approving", sent


async def _done(visit: Visit, path: str, body: Any = None, *, pdf: bytes = b"") -> Any:
    status, answer = await visit.request("POST", path, body, pdf=pdf)
    assert status in {200, 201}, answer
    return answer


async def _opened(page: Page, button: str) -> Locator:
    """The paper from the inbox, read to its end."""
    line = page.locator("main .one").filter(has_text=TITLE)
    await line.get_by_role("button", name=button).click()
    paper = page.get_by_role("dialog", name=TITLE)
    await expect(paper.locator(".page .whole").first).to_be_visible()
    await paper.locator(".view").evaluate(SCROLL_THROUGH)
    await expect(paper.get_by_text(re.compile("^Đã xem (đến trang cuối|(\\d+)/\\2 trang)"))).to_be_visible()
    return paper


async def _bring(page: Page, way: Locator, pdf: bytes) -> None:
    async with page.expect_file_chooser() as asked:
        await way.get_by_role("button", name="chọn từ máy").click()
    await (await asked.value).set_files({"name": "da-ky.pdf", "mimeType": "application/pdf", "buffer": pdf})


def _token(demo: Demo, me: Any, password: str) -> KeySigner:
    """What a token would do: the official's key, which here lies in a file."""
    for file in sorted((demo.data / "keys" / "signing").glob("*.p12")):
        with suppress(SigningError):
            key = load_pkcs12(file.read_bytes(), password)
            if me["name"] in x509.load_der_x509_certificate(key.certificate).subject.rfc4514_string():
                return key
    raise AssertionError("no key of the official")
