"""What a start loads, and what a child loads: heavy libraries come in where they are used, and nowhere before."""

from __future__ import annotations

import subprocess
import sys

import pytest

import signing

HEAVY = ("weasyprint", "pyhanko", "openpyxl", "icalendar", "fontTools", "fido2")
_SERVES = """
import asyncio, sys, tempfile
from pathlib import Path
from server.app import with_core
from tests.support.house import config_for
async def nothing(core): pass
folder = Path(tempfile.mkdtemp())
asyncio.run(with_core(config_for(folder, f"sqlite:///{folder / 'phien.sqlite'}"), nothing))
"""


def loaded_by(script: str, names: tuple[str, ...]) -> set[str]:
    """Which of these packages a fresh interpreter has loaded after a script."""
    told = f"{script}\nimport sys\nprint(*(name for name in {names!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_a_server_with_every_feature_starts_without_what_it_does_not_need_yet() -> None:
    assert loaded_by(_SERVES, HEAVY) == set()


@pytest.mark.parametrize(
    "child", ["signatures.child", "signatures.child.official", "directory.child", "annotations.child"]
)
def test_a_child_loads_nothing_of_the_server_but_its_work(child: str) -> None:
    feature = f"server.{child.partition('.')[0]}"
    unwanted = (*HEAVY, "sqlalchemy", "aiohttp", f"{feature}.actions", f"{feature}.store")
    assert loaded_by(f"import server.{child}", unwanted) == set()


def test_every_public_name_of_the_signing_library_is_there() -> None:
    assert {name for name in signing.__all__ if callable(getattr(signing, name))} == set(signing.__all__)
    with pytest.raises(AttributeError):
        _ = signing.nothing_of_the_kind
