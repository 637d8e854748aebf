"""Fixtures of the browser tests: Chromium and the built clients, once for each worker."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.e2e.browser import ROOT, chromium, launched
from tests.support.parts import missing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from playwright.async_api import Browser

APPS = ("tablet", "desk")
_NOT_BUILT = {"node_modules", "dist", "gallery"}


@pytest.fixture(scope="session")
def built_clients() -> None:
    """The clients as they are now: a test of an old build would tell about another program."""
    for app in APPS:
        built = ROOT / "clients" / app / "dist" / "index.html"
        if not built.is_file():
            pytest.fail(f"clients/{app} is not built: run make setup")
        newest = max(_sources(app), key=lambda path: path.stat().st_mtime)
        if newest.stat().st_mtime > built.stat().st_mtime:
            pytest.fail(f"clients/{app} was built before {newest.relative_to(ROOT)} changed: run make setup")


def _sources(app: str) -> Iterator[Path]:
    """Every file that goes into the build of an app."""
    for folder in (app, "kit", "wire", "build"):
        for path in (ROOT / "clients" / folder).rglob("*"):
            inside = path.relative_to(ROOT / "clients")
            if path.is_file() and not _NOT_BUILT & set(inside.parts) and ".test." not in path.name:
                yield path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(built_clients: None) -> AsyncIterator[Browser]:
    """One Chromium for all tests of this worker; each test has profiles of its own."""
    if chromium() is None:
        missing("chromium")
    async with launched() as running:
        yield running
    await asyncio.sleep(0)  # its pipes close in the next turn of the loop
