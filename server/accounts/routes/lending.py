"""HTTP edge of letting another device in from one's own."""

from __future__ import annotations

from aiohttp import web

from server.accounts import actions, rules
from server.accounts.actions import cookies, lending
from server.accounts.routes.visiting import entered, visitor
from server.accounts.wire import LendingAsk, LendingShown, LendingState, LendingTake, LendingTaken, Me
from server.core.access import Actor
from server.core.context import Core
from server.core.http import ANSWER, Routes

routes = Routes("accounts")


@routes.post("/accounts/me/lendings", verb="accounts.self", status=201)
async def lend(core: Core, actor: Actor, request: web.Request, body: LendingAsk) -> LendingShown:
    """Let another device in from this one: what it opens, once."""
    return await lending.lend(core, body, actor=actor, origin=actions.origin_of(core, request))


@routes.get("/accounts/me/lendings/{lending_id}", verb="accounts.self")
async def lending_state(core: Core, actor: Actor, lending_id: str) -> LendingState:
    """How far it is, and the number to compare."""
    return await lending.state(core, lending_id, actor=actor)


@routes.post("/accounts/me/lendings/{lending_id}/confirm", verb="accounts.self")
async def confirm_lending(core: Core, actor: Actor, lending_id: str) -> LendingState:
    """The numbers are the same: let the other device in."""
    return await lending.confirm(core, lending_id, actor=actor)


@routes.delete("/accounts/me/lendings/{lending_id}", verb="accounts.self")
async def cancel_lending(core: Core, actor: Actor, lending_id: str) -> LendingState:
    """Let nobody in."""
    return await lending.cancel(core, lending_id, actor=actor)


@routes.post("/accounts/sign-in/lent/take", verb=None)
async def take_lending(core: Core, request: web.Request, body: LendingTake) -> LendingTaken:
    """Open what another device shows: the number to compare."""
    taken, browser = await lending.take(core, body, visitor=visitor(core, request, None))
    request[ANSWER] = lambda response: cookies.give(
        core, request, response, name=cookies.LENT, value=browser, seconds=rules.LENDING_SECONDS
    )
    return taken


@routes.post("/accounts/sign-in/lent", verb=None)
async def sign_in_lent(core: Core, actor: Actor | None, request: web.Request) -> Me:
    """Sign in what was let in from another device; refused as waiting until then."""
    browser = cookies.found(core, request, cookies.LENT) or ""
    return entered(core, request, await lending.enter(core, browser=browser, visitor=visitor(core, request, actor)))
