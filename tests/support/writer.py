"""How many transactions there are and how long they hold the writer: an instrument around the write API of one core."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from server.core.context import Core
    from server.core.db import Tx


@dataclass
class Holds:
    """What the transactions of a block cost: seconds by the clock, and seconds of the writer's own CPU time.

    The second is what a busy machine does not inflate; on PostgreSQL it leaves out the waiting for the server.
    """

    wall: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many transactions there were."""
        return len(self.wall)

    @property
    def longest(self) -> float:
        """CPU seconds of the transaction that cost most."""
        return max(self.own, default=0.0)


@contextmanager
def holds(core: Core) -> Iterator[Holds]:
    """Measure every transaction of ``core`` in the block."""
    measured, run = Holds(), core.db._writer.run

    async def watched(fn: Callable[[Tx], Any]) -> Any:
        def body(tx: Tx) -> Any:
            began, own = time.perf_counter(), time.thread_time()
            try:
                result = fn(tx)
                tx.finish()  # the journal is written last; doing it here is doing it earlier by nothing
                return result
            finally:
                measured.wall.append(time.perf_counter() - began)
                measured.own.append(time.thread_time() - own)

        return await run(body)

    core.db._writer.run = watched  # type: ignore[method-assign]
    try:
        yield measured
    finally:
        del core.db._writer.run
