"""Starting processes beside the event loop: a start takes milliseconds, and whoever is served would wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

# One thread, and never another: a child that asked to end with who started it (PR_SET_PDEATHSIG, which bubblewrap asks
# for too) ends with the thread, and the threads of an event loop end with the loop.
_starter = ThreadPoolExecutor(1, thread_name_prefix="starter")


async def start(fn: Callable[[], T]) -> T:
    """Run ``fn``, which starts a process, in the thread for that.

    It runs to its end also where who asked is cancelled: what it starts then must end by itself once its line closes.
    """
    return await asyncio.get_running_loop().run_in_executor(_starter, fn)
