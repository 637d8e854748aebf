"""How a child gives way to the server: by niceness among the tasks of one session, and as a session among others."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path

# From this niceness on nobody waits for the child: it runs when nothing else of its session wants to.
IDLE = 19
# For what somebody may wait for, but mostly nobody does yet: words and pictures of papers that have just come in.
READING = 7
# Where the kernel shares by sessions (`sched_autogroup_enabled`; not within a service's own control group), a child in
# a session of its own has the weight of the whole server, however nice it is within. At 7 its weight is a fifth.
# While three such children run on two cores, one wake-up of the server in ten waits more than 4 to 5 ms for them at 5,
# more than 1 to 4 ms at 7 and hardly less at 10; and so much less would starve them on a machine that never rests, and
# with them the people who wait for their files.
_SESSION_AT_MOST = 7
_SESSION = Path("/proc/self/autogroup")
# The kernel takes ten such changes a second from all who are not its administrator.
_TRIES = 20
_PAUSE_SECONDS = 0.1


def give_way(nice: int) -> None:
    """Let this process, and all that it starts, run behind the server; 0 changes nothing."""
    if nice <= 0:
        return
    os.nice(nice)
    if sys.platform == "linux":
        if nice >= IDLE:
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        _session_gives_way(min(nice, _SESSION_AT_MOST))


def _session_gives_way(nice: int) -> None:
    """Where there is no such group, or it may not be changed, niceness within the session is all there is."""
    with contextlib.suppress(OSError):
        for _ in range(_TRIES):
            try:
                _SESSION.write_text(str(nice), encoding="ascii")
            except BlockingIOError:
                time.sleep(_PAUSE_SECONDS)
            else:
                return
