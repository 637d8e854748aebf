"""How the engine underneath (pyHanko) is run: its coroutines to their end, its log kept off the caller's terminal."""

import asyncio
import logging
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

for _name in ("pyhanko", "pyhanko_certvalidator", "fontTools"):
    # What they warn about is in our report or error; an application that wants it adds its own handler.
    logging.getLogger(_name).addHandler(logging.NullHandler())


def complete(work: Coroutine[Any, Any, T]) -> T:
    """Run an engine coroutine that does no I/O to its end, also where this thread already runs an event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, work).result()
