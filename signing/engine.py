"""How the engine underneath (pyHanko) is run: its coroutines to their end, its log kept off the caller's terminal."""

import asyncio
import dataclasses
import logging
from collections.abc import Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from pyhanko.pdf_utils.xref import XRefEntry, XRefSectionData, XRefType

T = TypeVar("T")

for _name in ("pyhanko", "pyhanko_certvalidator", "fontTools"):
    # What they warn about is in our report or error; an application that wants it adds its own handler.
    logging.getLogger(_name).addHandler(logging.NullHandler())


_HIGHEST_GENERATION = 65535
_process_entries = XRefSectionData.process_entries


def _process_entries_kindly(section: XRefSectionData, entries: Iterable[XRefEntry], strict: bool) -> Any:  # noqa: ANN401, FBT001
    return _process_entries(section, _with_legal_generations(entries), strict)


def _with_legal_generations(entries: Iterable[XRefEntry]) -> Iterator[XRefEntry]:
    """Free entries numbered 65536, as old writers of the format left them, read as 65535: both say "never again"."""
    for entry in entries:
        free = entry.xref_type is XRefType.FREE and entry.generation == _HIGHEST_GENERATION + 1
        yield dataclasses.replace(entry, generation=_HIGHEST_GENERATION) if free else entry


# The strict reader refuses the whole file for such an entry; being strict is otherwise what we want.
XRefSectionData.process_entries = _process_entries_kindly  # type: ignore[method-assign, assignment]


def complete(work: Coroutine[Any, Any, T]) -> T:
    """Run an engine coroutine to its end, also where this thread already runs an event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _run(work)
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(_run, work).result()


def _run(work: Coroutine[Any, Any, T]) -> T:
    # Not asyncio.run: it sets signal handlers and on the way writes out the task with its whole result, which for a
    # signature costs more than making it.
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()
