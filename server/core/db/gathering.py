"""Writes that wait together and are made together: one transaction body for many askers, each with its own answer.

While the writer is busy with one batch the next one gathers, so there is no timer: a lone item goes at once, and a
storm shares the cost of looking up, inserting and locking.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

from server.core.db.transaction import Tx

# A batch weighs no more than this, so that it holds the writer for a few hundredths of a second at most.
BATCH_WEIGHT = 256

# Given items in the order in which they were asked; answers each, or with an exception refuses that one alone.
Together: TypeAlias = Callable[[Tx, Sequence[Any]], Sequence[Any]]


class _Batch:
    __slots__ = ("futures", "items", "weight")

    def __init__(self) -> None:
        self.items: list[Any] = []
        self.futures: list[asyncio.Future[Any]] = []
        self.weight = 0


class Gathering:
    """The batches that still take items, one for each transaction body."""

    def __init__(self, write: Callable[[Callable[[Tx], Any]], Awaitable[Any]]) -> None:
        self._write = write
        self._open: dict[Together, _Batch] = {}
        self._turn = threading.Lock()  # the loop adds to a batch, the writer's thread takes it
        self._tasks: set[asyncio.Task[None]] = set()

    async def give(self, run: Together, item: object, weight: int) -> Any:  # noqa: ANN401 - typed by Database
        """Add ``item`` to the batch that gathers for ``run``; its answer, after the commit."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        with self._turn:
            batch = self._open.get(run)
            fresh = batch is None
            if batch is None:
                batch = self._open[run] = _Batch()
            batch.items.append(item)
            batch.futures.append(future)
            batch.weight += weight
            if batch.weight >= BATCH_WEIGHT:
                del self._open[run]
        if fresh:
            task = loop.create_task(self._drive(run, batch))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await future

    async def close(self) -> None:
        """Wait for the batches under way."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _close(self, run: Together, batch: _Batch) -> Sequence[Any]:
        """From now on the batch takes no more; a body that is run again gets the same items again."""
        with self._turn:
            if self._open.get(run) is batch:
                del self._open[run]
        return batch.items

    async def _drive(self, run: Together, batch: _Batch) -> None:
        try:
            answers = await self._write(lambda tx: run(tx, self._close(run, batch)))
        except Exception as error:  # noqa: BLE001 - whoever waits is told, or tried again without the others
            items = self._close(run, batch)
            answers = [error] if len(items) == 1 else await self._each_alone(run, items)
        for future, answer in zip(batch.futures, answers, strict=True):
            if future.done():  # who asked went away; the work stands
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)

    async def _each_alone(self, run: Together, items: Sequence[Any]) -> list[Any]:
        """After a failure of the whole batch: each for itself, in order, so that one bad item fails no other."""
        answers: list[Any] = []
        for item in items:
            try:
                answers += await self._write(lambda tx, item=item: run(tx, [item]))  # type: ignore[misc]
            except Exception as error:  # noqa: BLE001 - this item's answer
                answers.append(error)
        return answers
