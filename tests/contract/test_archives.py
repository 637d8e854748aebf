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
        assert [name for name in names if name.endswith("fonts/tinos/files/tinos-vietnamese-400-normal.woff2")]
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.glob("phien-*")
    apps = [app.name for app in client_apps(ROOT)]
    assert [app.name for app in client_apps(unpacked)] == apps
    wheel = build(unpacked, "wheel", tmp_path / "wheel")
    carried = set(zipfile.ZipFile(wheel).namelist())
    assert {f"{BUNDLE}/clients/{app}/dist/index.html" for app in apps} <= carried
    assert {f"{BUNDLE}/templates/print/invitation.html", "server/locale/en.po"} <= carried
    assert any(name.startswith("server/migrations/versions/") for name in carried)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")  # noqa: S202 - ours, made a moment ago
    # Without any font of the system: the wheel prints with its own.
    script = (
        "from server.core.printing import fonts, places\n"
        "assert 'installed' in places.__file__\n"
        "fonts.system_font_folders = lambda: ()\n"
        "assert places.has_times_family()\n"
        "print(fonts.times_font().name)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, check=True, capture_output=True
    )
    assert told.stdout.decode().strip() == "Tinos"
