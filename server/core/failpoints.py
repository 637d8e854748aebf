"""Named points at which a test may kill the process, so that crash safety is proven where it matters.

``PHIEN_FAILPOINT=db.after_commit:37`` makes the 37th pass of that point end the process as ``kill -9`` would.
Without the variable a point costs one comparison.
"""

import os
import signal

BEFORE_COMMIT = "db.before_commit"
AFTER_COMMIT = "db.after_commit"
AFTER_ACK = "socket.after_ack"


_target: tuple[str, int] | None = None
_passes = 0


def arm(point: str) -> None:
    """End this process at ``<name>:<pass>`` from now on; empty: nowhere. For a fork of what was loaded before."""
    global _target, _passes
    name, _, count = point.partition(":")
    _target, _passes = (name, int(count or 1)) if name else None, 0


arm(os.environ.get("PHIEN_FAILPOINT", ""))


def hit(name: str) -> None:
    """Pass the point ``name``; the process dies here when a test armed it for this pass."""
    global _passes  # noqa: PLW0603 - one counter a process is the point of it
    if _target is None or _target[0] != name:
        return
    _passes += 1
    if _passes >= _target[1]:
        os.kill(os.getpid(), signal.SIGKILL)
