"""The HTTP edge of the directory, through a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from server.accounts import actions as accounts
from server.accounts.actions import COOKIE, Visitor
from server.accounts.wire import SignIn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.house import Server

API = "/api/v1/directory"
FILE = (
    "Mã đơn vị,Tên đơn vị,Cấp,Mã cán bộ,Họ tên,Chức vụ\nTG,UBND thành phố,Cấp tỉnh,CB1,Đỗ Khắc Tuyên,Chánh Văn phòng\n"
)


@pytest.fixture
async def admin(server: Server) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser in which the first administrator is signed in."""
    await accounts.init_administrator(server.core, user="quantri", password="sông Hồng mùa nước", name="Quản trị")
    command = SignIn(user="quantri", password="sông Hồng mùa nước")
    entered = await accounts.sign_in(server.core, command, visitor=Visitor("192.0.2.1"))
    headers = {"Origin": server.url, "Cookie": f"{COOKIE}={entered.token}"}
    async with aiohttp.ClientSession(server.url, headers=headers) as session:
        yield session


async def ask(session: aiohttp.ClientSession, method: str, path: str, status: int, **given: Any) -> Any:
    async with session.request(method, API + path, **given) as answer:
        body = await answer.json()
        assert answer.status == status, body
        return body


async def test_from_an_empty_house_to_somebody_who_has_left(admin: aiohttp.ClientSession) -> None:
    given = {"code": "TG", "name": "UBND thành phố", "tier": "city", "valid_from": "2025-07-01"}
    body = await ask(admin, "POST", "/bodies", 201, json=given)
    told = {"code": "CB1", "full_name": "Đỗ Khắc Tuyên", "body_id": body["id"], "title": "Chánh Văn phòng"}
    person = await ask(admin, "POST", "/people", 201, json={**told, "valid_from": "2025-07-01"})
    changed = await ask(admin, "PATCH", f"/people/{person['id']}", 200, json={"email": "tuyen@tangiang.example"})
    assert changed == {**person, "email": "tuyen@tangiang.example"}
    found = await ask(admin, "GET", "/people?q=khac%20tuyen&limit=5", 200)
    assert found == {"total": 1, "people": [changed]}
    post = person["postings"][0]["id"]
    left = await ask(admin, "POST", f"/postings/{post}/end", 200, json={"valid_to": "2025-12-31"})
    assert left["postings"] == []
    assert [each["id"] for each in (await ask(admin, "GET", "/bodies", 200))["bodies"]] == [body["id"]]


async def test_a_file_is_checked_first_and_taken_over_when_asked(admin: aiohttp.ClientSession) -> None:
    checked = await ask(admin, "POST", "/import?filename=a.csv", 200, data=FILE.encode())
    assert (checked["applied"], checked["added"]) == (False, 1)
    taken = await ask(admin, "POST", "/import?dry_run=false", 200, data=FILE.encode())
    assert (taken["applied"], taken["rows"][0]["outcome"]) == (True, "added")
    assert (await ask(admin, "GET", "/people?q=tuyen", 200))["total"] == 1


async def test_the_template_is_a_workbook_to_save(admin: aiohttp.ClientSession) -> None:
    async with admin.get(f"{API}/import/template") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert (await answer.read()).startswith(b"PK\x03\x04")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", "/people", 400, "invalid_input"),
        ("GET", "/people?limit=many", 400, "invalid_input"),
        ("GET", "/people?unknown=1", 400, "invalid_input"),
        ("PATCH", "/people/nobody", 404, "not_found"),
    ],
)
async def test_what_cannot_be_read_is_refused_with_a_code(
    admin: aiohttp.ClientSession, method: str, path: str, status: int, code: str
) -> None:
    given = {"json": {"full_name": "X"}} if method != "GET" else {}
    assert (await ask(admin, method, path, status, **given))["error"]["code"] == code


async def test_without_signing_in_or_without_an_origin_nothing_is_told(server: Server) -> None:
    async with aiohttp.ClientSession(server.url) as nobody:
        answer = await ask(nobody, "GET", "/people", 401)
        assert answer["error"]["code"] == "unauthenticated"
        answer = await ask(nobody, "POST", "/bodies", 403, json={})
        assert answer["error"]["code"] == "origin"
