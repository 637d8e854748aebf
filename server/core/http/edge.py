"""From an HTTP request to a handler and back: origin, session, decoding, idempotency, errors."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec
import structlog
from aiohttp import web

from server.core import access, errors, i18n, texts
from server.core.errors import DomainError
from server.core.ids import is_op_id
from server.core.journal import OpKey
from server.core.wire import decode

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.http.routes import Route

Authenticate = Callable[[web.Request], Awaitable["Actor | None"]]

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# Where a handler that answers with a shape, or refuses, leaves what else its answer carries: signing in sets a cookie.
ANSWER: web.RequestKey[Callable[[web.Response], None]] = web.RequestKey("answer")
_log = structlog.get_logger(__name__)


def build_edge(app: web.Application, core: Core, routes: Iterable[Route], authenticate: Authenticate) -> None:
    """Mount every route of the table on ``app``."""
    for route in routes:
        app.router.add_route(route.method, route.path, _endpoint(core, route, authenticate), name=None)


def origin_allowed(origin: str | None, public_url: str, host: str | None) -> bool:
    """Whether a browser's Origin is ours; a missing one is refused (ASVS 4.4.2).

    Ours is the configured public address, or without one the address that the request was sent to.
    """
    if origin is None:
        return False
    if public_url:
        return origin == public_url.rstrip("/")
    return urlsplit(origin).netloc == host and urlsplit(origin).scheme in {"http", "https"}


def _endpoint(core: Core, route: Route, authenticate: Authenticate) -> Callable[[web.Request], Awaitable[Any]]:
    async def endpoint(request: web.Request) -> web.StreamResponse:
        lang = i18n.preferred(request.headers.get("Accept-Language"))
        try:
            return await _answer(core, route, authenticate, request)
        except DomainError as error:
            refused = _refusal(error, lang)
            if ANSWER in request:
                request[ANSWER](refused)
            return refused
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return _refusal(DomainError("invalid_input", detail=str(error)), lang)
        except web.HTTPException:
            raise
        except Exception:  # noqa: BLE001 - logged; the asker is told that it is our fault
            _log.exception("unexpected failure", operation=route.operation_id)
            return _refusal(DomainError("internal"), lang)

    return endpoint


async def _answer(core: Core, route: Route, authenticate: Authenticate, request: web.Request) -> web.StreamResponse:
    if request.method not in SAFE_METHODS and not origin_allowed(
        request.headers.get("Origin"), core.config.public_url, request.headers.get("Host")
    ):
        raise DomainError("origin")
    given: dict[str, Any] = {"core": core, **request.match_info}
    if "request" in route.takes:
        given["request"] = request
    raw = b""
    if route.body is not None:
        raw = await _body(request)
        given["body"] = decode(raw or b"{}", route.body)
    if route.query is not None:
        given["query"] = _query(request, route.query)
    if "actor" in route.takes:
        given["actor"] = await _actor(request, route, authenticate, raw)
    result = await route.handler(**given)
    if isinstance(result, web.StreamResponse):
        return result
    response = json_response(result, status=route.status)
    if ANSWER in request:
        request[ANSWER](response)
    return response


async def _body(request: web.Request) -> bytes:
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise DomainError("too_large", limit=error.max_size if hasattr(error, "max_size") else 0) from error


def _query(request: web.Request, shape: Any) -> Any:  # noqa: ANN401 - the route's own Struct
    try:
        return msgspec.convert(texts.each(dict(request.query), texts.seen), type=shape, strict=False)
    except msgspec.ValidationError as error:
        raise DomainError("invalid_input", detail=str(error)) from error


async def _actor(request: web.Request, route: Route, authenticate: Authenticate, raw: bytes) -> Actor | None:
    actor = await authenticate(request)
    if actor is None:
        if route.verb is None:
            return None
        raise DomainError("unauthenticated")
    if route.verb is not None:
        access.require_doer(actor, reads=route.reads)
    op_id = request.headers.get("Idempotency-Key")
    if op_id is None or request.method in SAFE_METHODS:
        return actor
    if not is_op_id(op_id):
        raise DomainError("invalid_input", detail="Idempotency-Key")
    asked = hashlib.sha256(f"{request.method} {request.path_qs}\n".encode() + raw).digest()
    return msgspec.structs.replace(actor, op=OpKey(op_id, asked))


def json_response(value: object, *, status: int = 200) -> web.Response:
    """A JSON answer that no cache keeps."""
    return web.Response(
        body=msgspec.json.encode(value),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def _refusal(error: DomainError, lang: str) -> web.Response:
    body = {"error": {"code": error.code, "text": errors.text(error, lang), "args": error.args_by_name}}
    return json_response(body, status=errors.status(error.code))
