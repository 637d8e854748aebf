"""Under which address browsers see the server, and whether they take passkeys there."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from server.accounts.models import Site

if TYPE_CHECKING:
    from aiohttp import web

    from server.core.context import Core


def origin_of(core: Core, request: web.Request) -> str:
    """The address that browsers use; the edge has already held the request's own Origin against it.

    A browser sends no Origin where it only reads: then it is the address that was asked.
    """
    if core.config.public_url:
        return core.config.public_url.rstrip("/")
    scheme = "https" if core.config.https or core.config.behind_proxy else "http"
    return request.headers.get("Origin") or f"{scheme}://{request.host}"


def site_of(core: Core, request: web.Request) -> Site | None:
    """Where passkeys are made and shown, if browsers take them at the address of this request."""
    return site_at(origin_of(core, request))


def site_at(address: str) -> Site | None:
    """The site at an address as browsers see it; None where they make no passkeys.

    They want https, or http of this very machine, and a name: numbers are no domain (WebAuthn level 3, §5.1.3).
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    here = host == "localhost" or host.endswith(".localhost")
    private = parts.scheme == "https" or (parts.scheme == "http" and here)
    return Site(origin=address, rp_id=host) if host and private and not _is_number(host) else None


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
