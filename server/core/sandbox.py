"""Walls around a child process: no network and no file system by bubblewrap; no network by namespaces; or limits alone.

Which of them works is tried out once, for a system may have the command and forbid what it does.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import structlog

Wall = Literal["bubblewrap", "namespaces", "limits"]

_log = structlog.get_logger(__name__)
_TRY_SECONDS = 10
# What a walled child may fill of its own folder for things in between; it is memory.
SCRATCH_BYTES = 64 * 1024 * 1024
# Programs and fonts; nothing of what people entrust to the server lies in these.
_SYSTEM = ("/usr", "/opt")
_SYSTEM_LINKS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/fonts", "/etc/alternatives", "/var/cache/fontconfig")
_SAID = {
    "bubblewrap": "children that open files see no network and no folder of this machine (bubblewrap)",
    "namespaces": "children that open files have no network, but see this machine's folders: install bubblewrap",
    "limits": "children that open files are bound in time and memory alone: install bubblewrap",
}


@functools.cache
def wall() -> Wall:
    """The highest wall that works for this user on this machine."""
    if shutil.which("bwrap") and _works(_bubblewrap(["/usr/bin/env", "true"], (), ())):
        return "bubblewrap"
    if shutil.which("unshare") and _works(_namespaces(["/usr/bin/env", "true"])):
        return "namespaces"
    return "limits"


def tell() -> None:
    """Say in the log, plainly, how children are walled in; a weaker wall is a warning."""
    found = wall()
    (_log.info if found == "bubblewrap" else _log.warning)(_SAID[found], wall=found)


def command(argv: Sequence[str], *, readable: Sequence[str] = (), writable: Sequence[str] = ()) -> list[str]:
    """``argv`` inside the highest wall that works here.

    Under bubblewrap it sees the system's programs, what is ``readable``, what is ``writable`` (paths are the same
    inside), an empty ``/tmp`` and processes of its own; it dies with who started it.
    """
    if wall() == "bubblewrap":
        return _bubblewrap(argv, readable, writable)
    return _namespaces(argv) if wall() == "namespaces" else list(argv)


def environment() -> dict[str, str]:
    """What a walled child is told: how to find programs, and how text is written. Secrets of the server are not."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": "/tmp", "TMPDIR": "/tmp"}  # noqa: S108 - its own


def python_paths() -> tuple[str, ...]:
    """Where this interpreter, its packages and the server's own code lie, and nothing beside them."""
    own = Path(__file__).resolve().parents[2]
    paths = [sys.prefix, sys.base_prefix, sys.exec_prefix, str(own / "server"), str(own / "signing")]
    packages = [each for each in sys.path if Path(each).name in {"site-packages", "dist-packages"}]
    return tuple(dict.fromkeys(each for each in (*paths, *packages) if Path(each).exists()))


def _bubblewrap(argv: Sequence[str], readable: Sequence[str], writable: Sequence[str]) -> list[str]:
    return [
        "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
        *_system(),
        "--proc", "/proc", "--dev", "/dev", "--size", str(SCRATCH_BYTES), "--tmpfs", "/tmp",  # noqa: S108 - its own
        *(part for path in readable for part in ("--ro-bind", path, path)),
        *(part for path in writable for part in ("--bind", path, path)),
        "--chdir", "/", "--", *argv,
    ]  # fmt: skip


def _system() -> list[str]:
    parts: list[str] = []
    for path in (*_SYSTEM, *_SYSTEM_FILES):
        parts += ["--ro-bind-try", path, path]
    for path in _SYSTEM_LINKS:
        parts += (
            ["--symlink", str(Path(path).readlink()), path]
            if Path(path).is_symlink()
            else ["--ro-bind-try", path, path]
        )
    return parts


def _namespaces(argv: Sequence[str]) -> list[str]:
    """A network of one's own, where nobody else is; an ordinary user needs to be root in a namespace for that."""
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *user, "--net", "--ipc", "--", *argv]


def _works(argv: Sequence[str]) -> bool:
    try:
        done = subprocess.run(argv, capture_output=True, timeout=_TRY_SECONDS, check=False, env=environment())  # noqa: S603 - no shell, nothing from outside
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
