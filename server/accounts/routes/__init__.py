"""HTTP edge of accounts. Signing in answers who one is; the token goes into a cookie that no script can read."""

from __future__ import annotations

from aiohttp import web

from server.accounts import actions
from server.accounts.actions import cookies
from server.accounts.routes import lending, passkeys
from server.accounts.routes.visiting import entered, visitor
from server.accounts.wire import (
    AccessGiven,
    AccountGive,
    Accounts,
    AccountView,
    DemoSignIn,
    DeviceKey,
    DeviceKeyAsk,
    Devices,
    GrantsChange,
    LanguageChange,
    Me,
    PasswordChange,
    SignIn,
    SignInByCode,
    SignInOptions,
)
from server.core.access import Actor
from server.core.context import Core
from server.core.http import ANSWER, Routes
from server.core.sockets import Done

routes = Routes("accounts")
# Only on demo data; `setup` leaves it out elsewhere.
demo_routes = Routes("accounts")


@routes.get("/accounts/sign-in", verb=None)
async def options(core: Core, request: web.Request) -> SignInOptions:
    """What the sign-in page offers."""
    return await actions.options(core, site=actions.site_of(core, request))


@routes.post("/accounts/sign-in", verb=None)
async def sign_in(core: Core, actor: Actor | None, request: web.Request, body: SignIn) -> Me:
    """Sign in by user name and password."""
    return entered(core, request, await actions.sign_in(core, body, visitor=visitor(core, request, actor)))


@routes.post("/accounts/sign-in/code", verb=None)
async def sign_in_by_code(core: Core, actor: Actor | None, request: web.Request, body: SignInByCode) -> Me:
    """Sign in by a one-time code."""
    return entered(core, request, await actions.sign_in_by_code(core, body, visitor=visitor(core, request, actor)))


@demo_routes.post("/accounts/sign-in/demo", verb=None)
async def sign_in_as_role(core: Core, actor: Actor | None, request: web.Request, body: DemoSignIn) -> Me:
    """Sign in by one tap as a role of the demo."""
    return entered(core, request, await actions.sign_in_as_role(core, body, visitor=visitor(core, request, actor)))


@routes.post("/accounts/sign-out", verb="accounts.self", reads=True)
async def sign_out(core: Core, actor: Actor, request: web.Request) -> Done:
    """Sign this device out."""
    await actions.sign_out(core, actor=actor)
    request[ANSWER] = lambda response: cookies.forget(core, request, response, name=cookies.SESSION)
    return Done()


@routes.get("/accounts/me", verb="accounts.self")
async def me(core: Core, actor: Actor) -> Me:
    """Who is signed in on this device."""
    return await actions.me(core, actor=actor)


@routes.put("/accounts/me/password", verb="accounts.self")
async def change_password(core: Core, actor: Actor, body: PasswordChange) -> Me:
    """Change one's own password; other devices are signed out."""
    return await actions.change_password(core, body, actor=actor)


@routes.put("/accounts/me/language", verb="accounts.self")
async def change_language(core: Core, actor: Actor, body: LanguageChange) -> Me:
    """Choose the language of one's screens."""
    return await actions.change_language(core, body, actor=actor)


@routes.get("/accounts/me/devices", verb="accounts.self")
async def devices(core: Core, actor: Actor) -> Devices:
    """One's own devices, the present one first."""
    return await actions.devices(core, actor=actor)


@routes.delete("/accounts/me/devices/{device_id}", verb="accounts.self")
async def revoke_device(core: Core, actor: Actor, device_id: str) -> Devices:
    """Sign one of one's own devices out."""
    return await actions.revoke_device(core, device_id, actor=actor)


@routes.post("/accounts/me/device-key", verb="accounts.self")
async def device_key(core: Core, actor: Actor, body: DeviceKeyAsk) -> DeviceKey:
    """The server's half of this device's key; a fresh one where asked for."""
    return await actions.device_key(core, body, actor=actor)


@routes.get("/accounts", verb="accounts.manage")
async def accounts(core: Core, actor: Actor) -> Accounts:
    """All accounts."""
    return await actions.accounts(core, actor=actor)


@routes.post("/accounts/{person_id}", verb="accounts.manage", status=201)
async def give(core: Core, actor: Actor, request: web.Request, person_id: str, body: AccountGive) -> AccessGiven:
    """Give a person access; the answer shows a one-time code, once."""
    return await actions.give(core, person_id, body, actor=actor, origin=actions.origin_of(core, request))


@routes.put("/accounts/{person_id}/grants", verb="accounts.manage")
async def change_grants(core: Core, actor: Actor, person_id: str, body: GrantsChange) -> AccountView:
    """Replace a person's grants."""
    return await actions.change_grants(core, person_id, body, actor=actor)


@routes.post("/accounts/{person_id}/reset", verb="accounts.manage")
async def reset(core: Core, actor: Actor, request: web.Request, person_id: str) -> AccessGiven:
    """Forget a person's password and show a one-time code, once."""
    return await actions.reset(core, person_id, actor=actor, origin=actions.origin_of(core, request))


@routes.post("/accounts/{person_id}/revoke", verb="accounts.manage")
async def revoke(core: Core, actor: Actor, person_id: str) -> AccountView:
    """Take a person's access; all devices are signed out at once."""
    return await actions.revoke(core, person_id, actor=actor)


routes.table += passkeys.routes.table
routes.table += lending.routes.table
