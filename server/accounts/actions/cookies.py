"""The cookies of accounts: their names and flags, and how one is found among those that a browser sends."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from server.accounts.actions.addresses import origin_of
from server.config import is_loopback

if TYPE_CHECKING:
    from aiohttp import web

    from server.core.context import Core

# Who is signed in. For minutes, while nobody is yet: the browser that asked for a passkey, and the one that opened
# what another device showed.
SESSION, ASKED, LENT = "phien", "phien-asked", "phien-lent"
_PREFIX = "__Host-"  # a browser takes such a name only with Secure, Path=/ and without Domain (RFC 6265bis, §4.1.3)
COOKIE = f"{_PREFIX}{SESSION}"


def give(core: Core, request: web.Request, response: web.Response, *, name: str, value: str, seconds: int) -> None:
    """Put a cookie into an answer: no script reads it, no other site's request carries it; gone after ``seconds``."""
    plain = _is_plain(core, request)
    response.set_cookie(
        name if plain else _PREFIX + name, value, max_age=seconds, path="/", secure=not plain, httponly=True,
        samesite="Strict",
    )  # fmt: skip


def forget(core: Core, request: web.Request, response: web.Response, *, name: str) -> None:
    """Take a cookie out of the browser."""
    give(core, request, response, name=name, value="", seconds=0)


def found(core: Core, request: web.Request, name: str) -> str | None:
    """What a cookie of ours holds; None where the browser sent none."""
    cookies = request.headers.get("Cookie", "")
    value = value_of(cookies, _PREFIX + name)
    return value_of(cookies, name) if value is None and _is_plain(core, request) else value


def value_of(cookies: str, wanted: str) -> str | None:
    """The value of a cookie in a header. A general parser costs a reconnecting tablet as much as all the rest."""
    for cookie in cookies.split(";"):
        name, _, value = cookie.strip().partition("=")
        if name == wanted:
            return value.strip('"')
    return None


def _is_plain(core: Core, request: web.Request) -> bool:
    """Whether the browser came by HTTP to its own machine: Safari takes no Secure cookie there (WebKit bug 281149)."""
    address = urlsplit(origin_of(core, request))
    return address.scheme == "http" and is_loopback(address.hostname or "")
