"""One's own account and the memory of sessions: devices, password, language, and what a reconnection costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from server.accounts import actions, store
from server.accounts.actions.passwords import digest
from server.accounts.wire import LanguageChange, PasswordChange
from tests.accounts.conftest import ADMINISTRATOR, PASSWORD, refused

if TYPE_CHECKING:
    from tests.accounts.conftest import Office

FRESH = "mật khẩu mới tinh 42"


async def test_devices_are_listed_and_signed_out_one_by_one(office: Office) -> None:
    old = await office.enter(device="Máy bàn")
    office.clock.advance(60)
    here = await office.enter(device="  iPad\n")
    who = await office.acting(here)
    listed = (await actions.devices(office.core, actor=who)).devices
    assert [(each.name, each.current) for each in listed] == [("iPad", True), ("Máy bàn", False)]
    left = (await actions.revoke_device(office.core, old.me.device_id, actor=who)).devices
    assert [each.id for each in left] == [here.me.device_id]
    assert await office.who(old) is None
    assert await office.who(here) is not None
    told = await office.events(f"u:{office.leader}")
    assert [(each["name"], each["device_id"]) for each in told] == [("accounts.signed_out", old.me.device_id)]


async def test_nobody_signs_anothers_device_out(office: Office) -> None:
    theirs = await office.enter("head")
    who = await office.acting(await office.enter())
    for device_id in (theirs.me.device_id, "nothing"):
        with refused("not_found"):
            await actions.revoke_device(office.core, device_id, actor=who)
    assert await office.who(theirs) is not None


async def test_a_new_password_ends_the_other_devices(office: Office) -> None:
    here, there = await office.enter(), await office.enter()
    who = await office.acting(here)
    for change, code in (
        (PasswordChange(old="sai mật khẩu rồi", new=FRESH), "accounts.wrong_password"),
        (PasswordChange(old=PASSWORD, new="ngắn"), "accounts.weak_password"),
        (PasswordChange(old=PASSWORD, new="leader leader 1"), "accounts.weak_password"),
    ):
        with refused(code):
            await actions.change_password(office.core, change, actor=who)
    assert await office.who(there) is not None
    await actions.change_password(office.core, PasswordChange(old=PASSWORD, new=FRESH), actor=who)
    assert await office.who(here) is not None
    assert await office.who(there) is None
    with refused("accounts.refused"):
        await office.enter()
    assert (await office.enter(password=FRESH)).me.person_id == office.leader


async def test_a_new_password_takes_an_open_code_back(office: Office) -> None:
    who = await office.acting(await office.enter())
    expires_at = "2027-01-01T00:00:00.000Z"
    await office.core.db.write(lambda tx: store.put_code_txn(tx, office.leader, digest("open"), expires_at))
    await actions.change_password(office.core, PasswordChange(old=PASSWORD, new=FRESH), actor=who)
    with refused("accounts.code_refused"):
        await office.enter_by_code("open")


async def test_the_language_is_everywhere_at_once(office: Office) -> None:
    here, there = await office.enter(), await office.enter()
    who = await office.acting(here)
    changed = await actions.change_language(office.core, LanguageChange(lang="en"), actor=who)
    assert changed.lang == (await office.acting(there)).lang == "en"
    assert (await office.enter()).me.lang == "en"
    with refused("accounts.bad_language"):
        await actions.change_language(office.core, LanguageChange(lang="xx"), actor=who)


async def test_reconnecting_asks_the_database_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    leader, head = await office.enter(), await office.enter("head")
    await office.who(leader)
    await office.who(head)
    asked: list[str] = []
    read = office.core.db.read

    async def counted(fn: Any) -> Any:
        asked.append("read")
        return await read(fn)

    monkeypatch.setattr(office.core.db, "read", counted)
    for _ in range(200):
        assert await office.who(leader) is not None
        assert await office.who(head) is not None
    assert asked == []
    await actions.revoke(office.core, office.leader, actor=ADMINISTRATOR)
    assert await office.who(leader) is None  # without waiting for the round
    assert asked == ["read"]  # one look whether the token is known after all


async def test_a_restart_and_the_round_keep_who_is_signed_in(office: Office) -> None:
    entered = await office.enter()
    office.clock.advance(3600)
    sessions = actions.of(office.core)
    await office.who(entered)
    await sessions.settle(office.core)
    listed = (await actions.devices(office.core, actor=await office.acting(entered))).devices
    assert listed[0].seen_at > listed[0].created_at  # written down by the round
    anew = type(sessions)()
    found = await anew.actor_of(office.core, entered.token)
    assert found is not None
    assert found.device_id == entered.me.device_id
    office.clock.advance(30 * 24 * 3600)
    await sessions.settle(office.core)
    assert sessions._live == {}
