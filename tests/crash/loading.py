"""A program that is loaded once and started again and again: each start is a fork of it, to be killed anywhere.

A program says ``serve(main)`` under its ``__main__``; a test starts it by its module's name.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Self

import server as house
from server.core import failpoints

ROOT = Path(__file__).resolve().parents[2]
# What the last line about a start begins with; the signal that ended it, negative, or its exit code comes after.
_ENDED = "ended "


class Loaded:
    """The program, waiting to be started."""

    def __init__(self, module: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module], env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    @classmethod
    @contextmanager
    def of(cls, module: str) -> Iterator[Self]:
        """Load a module; what is loaded ends with the block."""
        loaded = cls(module)
        try:
            yield loaded
        finally:
            loaded._process.kill()
            loaded._process.communicate()

    def start(self, *words: str, failpoint: str = "") -> int:
        """Start it with these words; returns its process id. One at a time."""
        into = self._process.stdin
        assert into is not None
        into.write(json.dumps([failpoint, *words]) + "\n")
        into.flush()
        return int(self._line())

    def rest(self) -> tuple[list[list[str]], int]:
        """What the one that was started says until its end, word by word, and how it ended."""
        said = []
        while not (line := self._line()).startswith(_ENDED):
            said.append(line.split())
        return said, int(line.removeprefix(_ENDED))

    def run(self, *words: str, failpoint: str = "") -> tuple[list[list[str]], int]:
        """Start it, and hear it to its end."""
        self.start(*words, failpoint=failpoint)
        return self.rest()

    def _line(self) -> str:
        out = self._process.stdout
        assert out is not None
        line = out.readline()
        assert line, "the program could not be loaded"
        return line.rstrip("\n")


def load_server() -> None:
    """Load all of the server, so that no start does; what is changed on disk meanwhile changes nothing."""
    for module in pkgutil.walk_packages(house.__path__, "server."):
        if not module.name.startswith("server.migrations") and not module.name.endswith("__main__"):
            with contextlib.suppress(ImportError):  # one is for the Python of LibreOffice
                importlib.import_module(module.name)


def say(*words: str) -> None:
    """Tell the one who watches, at once."""
    _write(sys.stdout, " ".join(words))


def serve(main: Callable[..., None]) -> None:
    """Fork for every line of standard input until there are no more; ``main`` gets the words of the line."""
    load_server()
    for line in sys.stdin:
        failpoint, *words = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _play(main, failpoint, words)
        _, status = os.waitpid(pid, 0)
        _write(sys.stdout, f"{_ENDED}{os.waitstatus_to_exitcode(status)}")


def _play(main: Callable[..., None], failpoint: str, words: list[str]) -> None:
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        _write(sys.stdout, str(os.getpid()))
        failpoints.arm(failpoint)
        main(*words)
        code = 0
    except BaseException:  # noqa: BLE001 - it is shown, and the fork ends
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


def _write(out: IO[str], line: str) -> None:
    out.write(line + "\n")
    out.flush()
