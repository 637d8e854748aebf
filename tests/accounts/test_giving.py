"""What an administrator does: access given, reset and revoked, grants replaced, the house never without one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from server.accounts import actions, store
from server.accounts.wire import AccountGive, Accounts, GrantsChange, PasswordChange
from server.core import journal
from server.core.access import Grant, Role
from server.core.db import metadata
from server.core.ids import new_id
from tests.accounts.conftest import ADMINISTRATOR, ORIGIN, PASSWORD, refused
from tests.support.house import actor, resending
from tests.support.streams import apply_log

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from server.accounts.wire import AccessGiven
    from server.core.context import Core
    from server.core.db import Read
    from tests.accounts.conftest import Office

NOBODY = "01a00000-0000-7000-8000-000000000000"


async def give(office: Office, user: str = "newcomer", *grants: Grant) -> AccessGiven:
    command = AccountGive(user=user, grants=grants)
    return await actions.give(office.core, office.newcomer, command, actor=ADMINISTRATOR, origin=ORIGIN)


async def grants(office: Office, person: str, *wanted: Grant) -> None:
    await actions.change_grants(office.core, person, GrantsChange(grants=wanted), actor=ADMINISTRATOR)


async def shown(office: Office) -> Accounts:
    return await actions.accounts(office.core, actor=ADMINISTRATOR)


async def test_access_is_given_with_a_code_that_works_once(office: Office) -> None:
    given = await give(office, " NewComer ", Grant(Role.CLERK, office.body))
    assert given.user == "newcomer"
    assert given.url == f"{ORIGIN}/tablet/sign-in#code={given.code}"
    assert given.qr_svg.startswith("<svg")
    entered = await office.enter_by_code(given.code)
    assert (entered.me.person_id, entered.me.home, entered.me.must_change_password) == (office.newcomer, "desk", True)
    assert (await office.events())[-1]["by"] == "code"
    with refused("accounts.code_refused"):
        await office.enter_by_code(given.code)
    assert await office.who(entered) is not None


async def test_a_code_expires(office: Office) -> None:
    given = await give(office)
    lasts = office.core.config.sessions.code_seconds
    office.clock.advance(lasts - 1)
    assert (await office.enter_by_code(given.code)).me.person_id == office.newcomer
    again = await actions.reset(office.core, office.newcomer, actor=ADMINISTRATOR, origin=ORIGIN)
    office.clock.advance(lasts)
    with refused("accounts.code_refused"):
        await office.enter_by_code(again.code)


async def test_a_new_code_takes_the_place_of_the_old(office: Office) -> None:
    first = await give(office)
    second = await actions.reset(office.core, office.newcomer, actor=ADMINISTRATOR, origin=ORIGIN)
    with refused("accounts.code_refused"):
        await office.enter_by_code(first.code)
    assert (await office.enter_by_code(second.code)).me.person_id == office.newcomer


async def everything_stored(core: Core) -> bytes:
    """All that the database holds: the bytes of its files, or of every row."""
    url = make_url(core.config.database_url)
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        return b"".join(each.read_bytes() for each in sorted(file.parent.glob(f"{file.name}*")))

    def read(read: Read) -> bytes:
        tables = metadata.sorted_tables
        return b"".join(
            bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode()
            for table in tables
            for row in read.rows(select(table))
            for v in row
        )

    return await core.db.read(read)


async def test_no_secret_lies_in_the_database(office: Office) -> None:
    given = await actions.give(
        office.core, office.newcomer, AccountGive(user="newcomer"), actor=resending(ADMINISTRATOR), origin=ORIGIN
    )
    entered = await office.enter()
    who = resending(await office.acting(entered))
    fresh = "mật khẩu mới tinh 42"
    await actions.change_password(office.core, PasswordChange(old=PASSWORD, new=fresh), actor=who)
    stored = await everything_stored(office.core)
    assert b"$argon2id$" in stored  # what is looked at does hold the accounts
    assert entered.me.device_id.encode() in stored
    for secret in (given.code, entered.token, PASSWORD, fresh):
        assert secret.encode() not in stored


async def test_a_resent_giving_shows_a_code_that_opens(office: Office) -> None:
    who, command = resending(ADMINISTRATOR), AccountGive(user="newcomer")
    first = await actions.give(office.core, office.newcomer, command, actor=who, origin=ORIGIN)
    second = await actions.give(office.core, office.newcomer, command, actor=who, origin=ORIGIN)
    with refused("accounts.code_refused"):
        await office.enter_by_code(first.code)
    assert (await office.enter_by_code(second.code)).me.person_id == office.newcomer
    whats = [
        each["what"] for each in await office.events() if each.get("person_id") == office.newcomer and "what" in each
    ]
    assert whats.count("given") == 1


async def test_who_is_administrator_no_more_gets_no_code_by_resending(office: Office) -> None:
    once = resending(ADMINISTRATOR)
    await actions.reset(office.core, office.leader, actor=once, origin=ORIGIN)
    former = resending(actor("administrator"), once.op.op_id if once.op else None)
    with refused("not_found"):
        await actions.reset(office.core, office.leader, actor=former, origin=ORIGIN)


async def test_a_resent_reset_gives_nothing_for_access_that_was_revoked(office: Office) -> None:
    once = resending(ADMINISTRATOR)
    await actions.reset(office.core, office.leader, actor=once, origin=ORIGIN)
    await actions.revoke(office.core, office.leader, actor=ADMINISTRATOR)
    with refused("not_found"):
        await actions.reset(office.core, office.leader, actor=once, origin=ORIGIN)


async def test_what_cannot_be_given(office: Office) -> None:
    for user, code in (("ab", "accounts.bad_user"), ("Người", "accounts.bad_user"), ("leader", "accounts.user_taken")):
        with refused(code):
            await give(office, user)
    with refused("accounts.no_body"):
        await give(office, "newcomer", Grant(Role.CLERK, NOBODY))
    with refused("accounts.whole_house"):
        await give(office, "newcomer", Grant(Role.ADMINISTRATOR, office.body))
    with refused("not_found"):
        await actions.give(office.core, NOBODY, AccountGive(user="ai.do"), actor=ADMINISTRATOR, origin=ORIGIN)
    await give(office)
    with refused("accounts.has_access"):
        await give(office, "another")


async def test_resetting_forgets_the_password_and_ends_the_devices(office: Office) -> None:
    entered = await office.enter()
    given = await actions.reset(office.core, office.leader, actor=ADMINISTRATOR, origin=ORIGIN)
    assert await office.who(entered) is None
    with refused("accounts.refused"):
        await office.enter()
    again = await office.enter_by_code(given.code)
    assert again.me.must_change_password
    fresh = PasswordChange(old="", new="mật khẩu mới tinh 42")
    await actions.change_password(office.core, fresh, actor=await office.acting(again))
    assert (await office.enter(password=fresh.new)).me.must_change_password is False


async def test_revoking_ends_everything_at_once(office: Office) -> None:
    entered = await office.enter()
    given = await give(office)
    view = await actions.revoke(office.core, office.leader, actor=ADMINISTRATOR)
    assert (view.active, view.grants, view.devices) == (False, (), 0)
    assert await office.who(entered) is None
    with refused("accounts.refused"):
        await office.enter()
    told = await office.events(f"u:{office.leader}")
    assert [(each["name"], each["device_id"]) for each in told] == [("accounts.signed_out", entered.me.device_id)]
    await actions.revoke(office.core, office.newcomer, actor=ADMINISTRATOR)
    with refused("accounts.code_refused"):
        await office.enter_by_code(given.code)
    with refused("not_found"):
        await actions.revoke(office.core, office.newcomer, actor=ADMINISTRATOR)
    again = await give(office, "newcomer2")
    assert (await office.enter_by_code(again.code)).me.person_id == office.newcomer


async def test_grants_are_replaced_at_once(office: Office) -> None:
    entered = await office.enter()
    heard: list[tuple[str, frozenset[str | None]]] = []
    actions.on_grants_changed(lambda _tx, person, bodies: heard.append((person, bodies)))
    await grants(office, office.leader, Grant(Role.CLERK, office.body), Grant(Role.SECRETARY), Grant(Role.SECRETARY))
    wanted = {Grant(Role.CLERK, office.body), Grant(Role.SECRETARY)}
    assert set((await office.acting(entered)).grants) == wanted
    assert heard == [(office.leader, frozenset({office.body, None}))]
    await grants(office, office.leader)
    assert (await office.acting(entered)).grants == ()
    kept = await office.core.db.read(lambda read: read.rows(select(store.account_grant)))
    past = [row for row in kept if row.person_id == office.leader]
    assert len(past) == 3  # who held what, and when, stays on record
    assert all(row.valid_to is not None for row in past)


async def test_the_last_administrator_stays(office: Office) -> None:
    attempts: tuple[Awaitable[object], ...] = (
        grants(office, office.head, Grant(Role.SECRETARY)),
        actions.revoke(office.core, office.head, actor=ADMINISTRATOR),
    )
    for attempt in attempts:
        with refused("accounts.last_administrator"):
            await attempt
    entered = await office.enter("head")
    assert entered.me.grants == (Grant(Role.ADMINISTRATOR),)
    await grants(office, office.leader, Grant(Role.ADMINISTRATOR))
    await grants(office, office.head)
    with refused("accounts.last_administrator"):
        await actions.revoke(office.core, office.leader, actor=ADMINISTRATOR)


@pytest.mark.parametrize("roles", [(), (Role.SECRETARY,), (Role.CLERK, Role.OFFICIAL)])
async def test_only_an_administrator_manages(office: Office, roles: tuple[Role, ...]) -> None:
    core, who, person = office.core, actor("somebody", *roles), office.leader
    before = await office.events()
    for attempt in (
        actions.accounts(core, actor=who),
        actions.give(core, office.newcomer, AccountGive(user="newcomer"), actor=who, origin=ORIGIN),
        actions.give_with_password(core, office.newcomer, AccountGive(user="newcomer"), PASSWORD, actor=who),
        actions.change_grants(core, person, GrantsChange(grants=()), actor=who),
        actions.reset(core, person, actor=who, origin=ORIGIN),
        actions.revoke(core, person, actor=who),
    ):
        with refused("not_found"):
            await attempt
    assert await office.events() == before


async def test_the_administrator_sees_all_accounts(office: Office) -> None:
    await office.enter()
    entered = await office.enter()
    await actions.sign_out(office.core, actor=await office.acting(entered))
    await give(office)
    await actions.revoke(office.core, office.newcomer, actor=ADMINISTRATOR)
    found = (await shown(office)).accounts
    assert [(each.user, each.active, each.devices) for each in found] == [
        ("head", True, 0), ("leader", True, 1), ("newcomer", False, 0),
    ]  # fmt: skip
    assert (found[1].name, found[1].title) == ("Người 1", "Ủy viên 1")
    assert found[1].last_seen_at is not None
    assert found[0].last_seen_at is None


async def test_every_act_is_on_record_and_nobody_may_read_it(office: Office) -> None:
    given = await give(office)
    await grants(office, office.newcomer, Grant(Role.CLERK))
    await actions.reset(office.core, office.newcomer, actor=ADMINISTRATOR, origin=ORIGIN)
    await actions.revoke(office.core, office.newcomer, actor=ADMINISTRATOR)
    record = [each for each in await office.events() if each.get("person_id") == office.newcomer]
    assert {(each["name"], each["actor"]) for each in record} == {("accounts.access_changed", "administrator")}
    assert [each["what"] for each in record if each["what"] != "code_made"] == [
        "given", "grants_changed", "reset", "revoked",
    ]  # fmt: skip
    assert [each["what"] for each in record].count("code_made") == 2
    assert given.code not in str(record)
    assert await apply_log(office.core, "x:accounts", {}, since=0) == {}

    def readers(read: Read) -> list[str]:
        return [each for each in (office.head, office.leader) if journal.may_read(read, "x:accounts", each)]

    assert await office.core.db.read(readers) == []


async def test_the_first_administrator_is_made_once(core: Core) -> None:
    with refused("accounts.weak_password"):
        await actions.init_administrator(core, user="quan.tri", password="ngắn", name="Quản trị")
    await actions.init_administrator(core, user="quan.tri", password=PASSWORD, name="Quản trị")
    with refused("accounts.administrator_exists"):
        await actions.init_administrator(core, user=f"quan.tri.{new_id()[:4]}", password=PASSWORD, name="Kẻ khác")
    found = (await actions.accounts(core, actor=ADMINISTRATOR)).accounts
    assert [(each.user, each.name, each.grants) for each in found] == [
        ("quan.tri", "Quản trị", (Grant(Role.ADMINISTRATOR),))
    ]
