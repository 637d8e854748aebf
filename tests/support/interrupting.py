"""Plays one act in a process of its own that dies, as ``kill -9`` would end it, at a given point."""

from __future__ import annotations

import asyncio
import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from server.app import with_core
from tests.support.house import config_for

if TYPE_CHECKING:
    from server.core.context import Core

_ROOT = Path(__file__).parents[2]
_SECONDS = 60


def killed(core: Core, act: str, *arguments: str, commits: int = 0, point: str = "") -> bool:
    """Run ``module:function(core, *arguments)`` on the data of ``core`` until so many commits; False if it got through.

    ``point``: any other failpoint, with which pass of it ends the process ("signing.made:1").
    Raises AssertionError where it failed by itself.
    """
    config = core.config
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(config.data_dir), config.database_url, act, *arguments],
        env={**os.environ, "PHIEN_FAILPOINT": point or f"db.after_commit:{commits}"},
        cwd=_ROOT, check=False, capture_output=True, timeout=_SECONDS,
    )  # fmt: skip
    assert done.returncode in {0, -9}, done.stderr.decode()
    return done.returncode == -9


def _main(folder: str, database_url: str, act: str, *arguments: str) -> None:
    module, _, name = act.partition(":")
    play = getattr(importlib.import_module(module), name)
    asyncio.run(with_core(config_for(Path(folder), database_url), lambda core: play(core, *arguments)))


if __name__ == "__main__":
    _main(*sys.argv[1:])
