"""What is handed out carries the built clients, so that installing it needs no Node."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from hatch_build import BUNDLE, client_apps, unbuilt

ROOT = Path(__file__).resolve().parents[2]


def build(source: Path, target: str, into: Path) -> Path:
    """One archive; no tool beyond Python's own can be found."""
    environment = {**os.environ, "PATH": str(into)}
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(into)],
        cwd=source,
        env=environment,
        check=True,
        capture_output=True,
    )
    (archive,) = into.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return archive


@pytest.mark.slow
def test_the_sdist_carries_built_clients_and_a_wheel_of_it_everything_that_is_served(tmp_path: Path) -> None:
    assert client_apps(ROOT)
    assert unbuilt(ROOT) == [], "run make setup"
    sdist = build(ROOT, "sdist", tmp_path / "sdist")
    with tarfile.open(sdist) as archive:
        names = archive.getnames()
        assert not [name for name in names if "node_modules" in name]
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.glob("phien-*")
    apps = [app.name for app in client_apps(ROOT)]
    assert [app.name for app in client_apps(unpacked)] == apps
    wheel = build(unpacked, "wheel", tmp_path / "wheel")
    carried = set(zipfile.ZipFile(wheel).namelist())
    assert {f"{BUNDLE}/clients/{app}/dist/index.html" for app in apps} <= carried
    assert {f"{BUNDLE}/templates/print/invitation.html", "server/locale/en.po"} <= carried
    assert any(name.startswith("server/migrations/versions/") for name in carried)
