"""The server's half of a device's key: to the device itself, the same until renewed, gone when the device ends."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING

from sqlalchemy import select

from server.accounts import actions
from server.accounts.store.halves import device_half
from server.accounts.wire import DeviceKeyAsk
from tests.accounts.conftest import refused

if TYPE_CHECKING:
    from server.accounts.actions import Entered
    from server.accounts.wire import DeviceKey
    from tests.accounts.conftest import Office

ASK, RENEW = DeviceKeyAsk(), DeviceKeyAsk(fresh=True)


async def key(office: Office, entered: Entered, ask: DeviceKeyAsk = ASK) -> DeviceKey:
    return await actions.device_key(office.core, ask, actor=await office.acting(entered))


async def kept(office: Office) -> list[str]:
    """Of which devices the server holds a half."""
    rows = await office.core.db.read(lambda read: read.rows(select(device_half.c.device_id)))
    return [row.device_id for row in rows]


async def test_a_device_gets_its_own_half_at_every_start(office: Office) -> None:
    here, there = await office.enter(), await office.enter()
    first = await key(office, here)
    office.clock.advance(3600)
    again = await key(office, here)
    assert (again.id, again.half) == (first.id, first.half)
    assert again.server_time > first.server_time
    assert len(base64.b64decode(first.half)) == 32
    assert (await key(office, there)).half != first.half


async def test_two_tabs_that_ask_at_once_get_the_same(office: Office) -> None:
    here = await office.enter()
    answers = await asyncio.gather(*(key(office, here) for _ in range(4)))
    assert len({each.half for each in answers}) == 1


async def test_a_renewed_half_takes_the_place_of_the_old(office: Office) -> None:
    here = await office.enter()
    old = await key(office, here)
    new = await key(office, here, RENEW)
    assert new.id != old.id
    assert new.half != old.half
    assert (await key(office, here)).half == new.half
    audited = [each["what"] for each in await office.events("x:accounts") if each["name"] == "accounts.access_changed"]
    assert audited.count("device_key_made") == 2


async def test_a_device_that_was_signed_out_has_no_half_left(office: Office) -> None:
    lost, here = await office.enter(), await office.enter()
    before = await office.acting(lost)
    await key(office, lost)
    await key(office, here)
    await actions.revoke_device(office.core, lost.me.device_id, actor=await office.acting(here))
    assert await kept(office) == [here.me.device_id]
    with refused("unauthenticated"):  # a request that was on its way when the device was ended
        await actions.device_key(office.core, ASK, actor=before)
    assert await kept(office) == [here.me.device_id]


async def test_what_a_person_without_access_had_is_gone(office: Office) -> None:
    here = await office.enter()
    await key(office, here)
    await actions.sign_out(office.core, actor=await office.acting(here))
    assert await kept(office) == []


async def test_a_sign_in_that_ran_out_leaves_none(office: Office) -> None:
    here = await office.enter()
    await key(office, here)
    await actions.forget_over(office.core)
    assert await kept(office) == [here.me.device_id]
    office.clock.advance(400 * 86_400)
    await actions.forget_over(office.core)
    assert await kept(office) == []
