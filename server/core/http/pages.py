"""The built clients and their headers: each app at its own path, one page for all its addresses, strict CSP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from server.core.assets import asset

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from server.core.context import Core

APPS = ("tablet", "desk")
# Names below this carry a hash of their content.
_HASHED = "assets/"

# pdf.js decodes scans with WebAssembly and works in a worker; nothing is inline and nothing comes from elsewhere.
_CSP = (
    "default-src 'self'; "
    "script-src 'self' 'wasm-unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; "
    "font-src 'self' data:; "
    "connect-src 'self' ws: wss:; "
    "worker-src 'self' blob:; "
    "object-src 'none'; "
    "base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'none'; "
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_IMMUTABLE = "public, max-age=31536000, immutable"


def mount_pages(app: web.Application, core: Core) -> None:
    """Serve the built apps; an app that is not built answers with a sentence that says how to build it."""
    app.router.add_get("/", _front)
    app.router.add_get("/healthz", _healthy)
    for name in APPS:
        serve = _app_page(asset(f"clients/{name}/dist"))
        app.router.add_get(f"/{name}", _front_of(name))
        app.router.add_get(f"/{name}/{{path:.*}}", serve)
    app.on_response_prepare.append(_add_headers)
    # A browser that was told so once refuses http://localhost for a year, whatever runs there then.
    if core.config.https is not None and not (core.config.is_loopback or core.config.is_demo):
        app.on_response_prepare.append(_add_hsts)


async def _front(_request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/tablet/")


async def _healthy(_request: web.Request) -> web.StreamResponse:
    return web.Response(text="ok\n", headers={"Cache-Control": "no-store"})


def _front_of(name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def front(_request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(f"/{name}/")

    return front


class _Files:
    """The files of a built app by their path; looked up anew when a build has replaced them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known = self._list()

    def find(self, path: str) -> Path | None:
        """The file of exactly this path, or None; never one outside the folder."""
        found = self._known.get(path)
        if (found is None and path.startswith(_HASHED)) or (found is not None and not found.is_file()):
            self._known = self._list()
            found = self._known.get(path)
        return found

    def _list(self) -> dict[str, Path]:
        return {str(file.relative_to(self._folder)): file for file in self._folder.rglob("*") if file.is_file()}


def _app_page(folder: Path) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    files = _Files(folder)

    async def page(request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        file = files.find(path)
        if file is not None:
            hashed = path.startswith(_HASHED)
            return web.FileResponse(file, headers={"Cache-Control": _IMMUTABLE if hashed else "no-cache"})
        if path.startswith(_HASHED):
            raise web.HTTPNotFound
        index = files.find("index.html")
        if index is None:
            raise web.HTTPServiceUnavailable(text="The clients are not built yet: run `make setup`.\n")
        return web.FileResponse(index, headers={"Cache-Control": "no-cache"})

    return page


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


async def _add_hsts(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
