"""HTTP edge of passkeys: one's own, and signing in by one."""

from __future__ import annotations

from aiohttp import web

from server.accounts import actions
from server.accounts.actions import cookies, passkeys
from server.accounts.routes.visiting import entered, visitor
from server.accounts.wire import (
    AccountView,
    Me,
    PasskeyAdd,
    PasskeyAsk,
    PasskeyBegin,
    PasskeyOffer,
    PasskeyRename,
    Passkeys,
    SignInByPasskey,
)
from server.core.access import Actor
from server.core.context import Core
from server.core.http import ANSWER, Routes

routes = Routes("accounts")


@routes.post("/accounts/sign-in/passkey/ask", verb=None)
async def ask_passkey(core: Core, request: web.Request) -> PasskeyAsk:
    """Ask to sign in by a passkey: what it is to sign."""
    asked, browser, seconds = await actions.ask_passkey(
        core, visitor=visitor(core, request, None), site=actions.site_of(core, request)
    )
    request[ANSWER] = lambda response: cookies.give(
        core, request, response, name=cookies.ASKED, value=browser, seconds=seconds
    )
    return asked


@routes.post("/accounts/sign-in/passkey", verb=None)
async def sign_in_by_passkey(core: Core, actor: Actor | None, request: web.Request, body: SignInByPasskey) -> Me:
    """Sign in by a passkey."""
    browser = cookies.found(core, request, cookies.ASKED) or ""
    who = await actions.sign_in_by_passkey(
        core, body, browser=browser, site=actions.site_of(core, request), visitor=visitor(core, request, actor)
    )
    return entered(core, request, who)


@routes.get("/accounts/me/passkeys", verb="accounts.self")
async def own_passkeys(core: Core, actor: Actor, request: web.Request) -> Passkeys:
    """One's own passkeys."""
    return await passkeys.passkeys(core, actor=actor, site=actions.site_of(core, request))


@routes.post("/accounts/me/passkeys/begin", verb="accounts.self")
async def begin_passkey(core: Core, actor: Actor, request: web.Request, body: PasskeyBegin) -> PasskeyOffer:
    """Begin to add a passkey: what the browser makes it of."""
    return await passkeys.begin(core, body, actor=actor, site=actions.site_of(core, request))


@routes.post("/accounts/me/passkeys", verb="accounts.self")
async def add_passkey(core: Core, actor: Actor, request: web.Request, body: PasskeyAdd) -> Passkeys:
    """Add the passkey that the browser made."""
    return await passkeys.add(core, body, actor=actor, site=actions.site_of(core, request))


@routes.put("/accounts/me/passkeys/{passkey_id}", verb="accounts.self")
async def rename_passkey(
    core: Core, actor: Actor, request: web.Request, passkey_id: str, body: PasskeyRename
) -> Passkeys:
    """Call one's own passkey otherwise."""
    return await passkeys.rename(core, passkey_id, body, actor=actor, site=actions.site_of(core, request))


@routes.delete("/accounts/me/passkeys/{passkey_id}", verb="accounts.self")
async def remove_passkey(core: Core, actor: Actor, request: web.Request, passkey_id: str) -> Passkeys:
    """Forget one's own passkey."""
    return await passkeys.remove(core, passkey_id, actor=actor, site=actions.site_of(core, request))


@routes.post("/accounts/{person_id}/revoke-passkeys", verb="accounts.manage")
async def revoke_passkeys(core: Core, actor: Actor, person_id: str) -> AccountView:
    """Forget all passkeys of a person."""
    return await actions.revoke_passkeys(core, person_id, actor=actor)
