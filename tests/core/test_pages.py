"""Headers of every answer: https is demanded for the future of a real address, never of localhost or of a demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest

from server.config import DEMO_MARKER
from tests.support.house import config_for, start

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("host", "demo", "https", "demanded"),
    [
        ("192.0.2.1", False, True, True),
        ("192.0.2.1", True, True, False),
        ("localhost", False, True, False),
        ("localhost", True, True, False),
        ("localhost", False, False, False),
    ],
)
async def test_https_is_demanded_of_real_addresses_alone(
    sqlite_url: str, tmp_path: Path, host: str, demo: bool, https: bool, demanded: bool
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (tmp_path / "c.pem").touch()
    if demo:
        (folder / DEMO_MARKER).touch()
    pem = str(tmp_path / "c.pem")
    given = {"https": {"certificate": pem, "key": pem}} if https else {}
    server = await start(config_for(folder, sqlite_url, host=host, **given))
    try:
        async with aiohttp.ClientSession() as session, session.get(f"{server.url}/healthz") as answer:
            assert ("Strict-Transport-Security" in answer.headers) == demanded
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    finally:
        await server.http.close()
