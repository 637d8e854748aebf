"""Serving: one process, one event loop, a listen backlog that survives a storm, a ready file for who waits."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import ssl
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from aiohttp import web

from server.core.fanout import BACKLOG, prepare_process

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from server.config import Config

_log = structlog.get_logger(__name__)


def run(config: Config, *, ready_file: Path | None = None, ready: Mapping[str, Any] | None = None) -> int:
    """Serve until SIGINT or SIGTERM. ``ready`` is written, with ``url``, to ``ready_file`` once connections come in."""
    with contextlib.suppress(ImportError):
        import uvloop  # noqa: PLC0415 - not on every platform

        uvloop.install()
    asyncio.run(_serve(config, ready_file, dict(ready or {})))
    return 0


async def _serve(config: Config, ready_file: Path | None, ready: dict[str, Any]) -> None:
    from server.app import CORE, build_app  # noqa: PLC0415 - the composition root stands above the core

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    app = await build_app(config)
    await app[CORE].db.lay_out()
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=5.0)
    await runner.setup()
    site = web.TCPSite(runner, config.host, config.port, backlog=BACKLOG, ssl_context=_tls(config))
    await site.start()
    prepare_process()
    url = _url(config, runner)
    print(f"Phiên: {url}", flush=True)
    if ready_file is not None:
        _write_whole(ready_file, msgspec.json.encode({"url": url, **ready}))
    await stop.wait()
    await runner.cleanup()


def _url(config: Config, runner: web.AppRunner) -> str:
    port = runner.addresses[0][1]
    scheme = "https" if config.https is not None else "http"
    return config.public_url or f"{scheme}://{config.host}:{port}"


def _tls(config: Config) -> ssl.SSLContext | None:
    if config.https is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(config.https.certificate, config.https.key)
    return context


def _write_whole(path: Path, content: bytes) -> None:
    """Whoever waits for the file never sees half of it."""
    temporary = path.with_suffix(".partial")
    temporary.write_bytes(content)
    temporary.replace(path)
