"""What of the system a test needs: found, or the test is skipped by name; in CI nothing may be missing."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """End the test: skipped on a developer's machine, failed in CI, where a skipped test would promise too much."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is not installed: run deploy/system-packages test")
    pytest.skip(f"{what} is not installed")  # a developer without root may still run all the rest


def need(tool: str) -> str:
    """The path of a program."""
    return shutil.which(tool) or missing(tool)
