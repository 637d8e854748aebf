"""Settings of the whole process that many sockets need: garbage collector, threads, descriptors, backlog."""

from __future__ import annotations

import gc
import logging
import resource
import sys

logger = logging.getLogger(__name__)

# Connections the kernel may hold for us before accept. It cuts this to net.core.somaxconn, which deploy/ raises. With
# aiohttp's default of 128, five thousand tablets that reconnect at once took a minute instead of two seconds.
BACKLOG = 8192

# Collections are walks over every object of every connection; allocate this much before the youngest is walked.
_THRESHOLDS = (50_000, 50, 100)

# The writer's thread gives the interpreter up at each row it hands to SQLite, and waits this long to get it back from a
# busy loop; at Python's own 5 ms a group of strokes spends longer waiting than working.
_SWITCH_SECONDS = 0.001


def prepare_process(descriptors: int = 65_536) -> None:
    """Ready the process for thousands of sockets; call once, when everything is loaded and before serving."""
    raise_descriptors(descriptors)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    sys.setswitchinterval(_SWITCH_SECONDS)


def raise_descriptors(wanted: int) -> int:
    """Raise the limit of open files to ``wanted`` as far as allowed; returns what holds now, warns if it is less."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    if soft != unlimited and soft < wanted:
        reach = wanted if hard == unlimited else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (reach, hard))
        soft = reach
    if soft != unlimited and soft < wanted:
        logger.warning(
            "open files limited to %d of the %d wanted: each tablet needs one; raise LimitNOFILE", soft, wanted
        )
    return soft
