"""What the ways in have in common at the HTTP edge: whence a request comes, and the cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.accounts.actions import Entered, Visitor, cookies
from server.core.http import ANSWER

if TYPE_CHECKING:
    from aiohttp import web

    from server.accounts.wire import Me
    from server.core.access import Actor
    from server.core.context import Core


def entered(core: Core, request: web.Request, who: Entered) -> Me:
    """Answer a sign-in: who it is, and the token in a cookie."""
    request[ANSWER] = lambda response: cookies.give(
        core, request, response, name=cookies.SESSION, value=who.token, seconds=who.seconds
    )
    return who.me


def visitor(core: Core, request: web.Request, before: Actor | None) -> Visitor:
    """Whence a request comes, and who it was before.

    Behind a proxy of ours the last address of the header is the one that it saw; before it anything may stand.
    """
    address = request.remote or ""
    if core.config.behind_proxy:
        address = request.headers.getall("X-Forwarded-For", [address])[-1].rpartition(",")[2].strip()
    return Visitor(address, before)
