"""The only way out: one request to a host that the operator named, bounded in time and size, no redirects followed."""

import time
from collections.abc import Collection
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Literal
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}
_PIECE = 64 * 1024
_OK = 200


class UnreachableError(Exception):
    """No usable answer from `url`; `why` is one of not_allowed, no_answer, refused, too_large."""

    def __init__(self, url: str, why: Literal["not_allowed", "no_answer", "refused", "too_large"]) -> None:
        super().__init__(f"{why}: {url}")
        self.url, self.why = url, why


def host_of(url: str) -> str:
    """`host:port` of an http(s) address, or "" if it is none (or carries a name and password)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None:
        return ""
    return f"{parts.hostname.lower()}:{port or _PORTS[parts.scheme]}"


def allowed(url: str, hosts: Collection[str]) -> bool:
    """Whether `url` leads to one of `hosts` ("host" for its usual ports, or "host:port")."""
    host = host_of(url)
    name, _, port = host.rpartition(":")
    return bool(host) and (host in hosts or (port in {"80", "443"} and name in hosts))


def fetch(
    url: str, hosts: Collection[str], *, body: bytes | None = None, kind: str = "", accept: str = "", token: str = "",
    seconds: float = 10.0, limit: int = 8 * 1024 * 1024,
) -> bytes:  # fmt: skip
    """GET, or POST if there is a `body`; the answer's body.

    Args:
        url: where; refused unless its host is among `hosts`.
        hosts: the operator's list.
        body: what to send, of content type `kind`.
        kind: see `body`.
        accept: content type wanted.
        token: bearer token, if the service wants one.
        seconds: for the whole of it.
        limit: bytes of the answer.

    Raises:
        UnreachableError: for whatever reason there is no answer 200 of that size in that time.
    """
    if not allowed(url, hosts):
        raise UnreachableError(url, "not_allowed")
    parts, until = urlsplit(url), time.monotonic() + seconds
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = connect(parts.hostname or "", parts.port, timeout=seconds)
    headers = {"Content-Type": kind, "Accept": accept, "Authorization": f"Bearer {token}" if token else ""}
    try:
        connection.request(
            "GET" if body is None else "POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
            body=body, headers={name: value for name, value in headers.items() if value},
        )  # fmt: skip
        answer = connection.getresponse()
        if answer.status != _OK:
            raise UnreachableError(url, "refused")
        pieces, size = [], 0
        while piece := answer.read1(_PIECE):
            size += len(piece)
            if size > limit:
                raise UnreachableError(url, "too_large")
            if time.monotonic() > until:
                raise UnreachableError(url, "no_answer")
            pieces.append(piece)
        return b"".join(pieces)
    except (OSError, HTTPException, ValueError) as why:
        raise UnreachableError(url, "no_answer") from why
    finally:
        connection.close()
