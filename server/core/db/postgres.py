"""The writers of PostgreSQL: the same transaction bodies, run on a pool of psycopg connections in threads."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from server.core import failpoints
from server.core.db.transaction import Published, Tx

WRITERS = 8
ATTEMPTS = 4
# Serialization failure, deadlock, unique key met (PostgreSQL manual, Appendix A): the whole transaction may run again.
# The last, because two resends of one command may race: the second run then finds the first's answer.
_RETRY_STATES = {"40001", "40P01", "23505"}


class PostgresWriters:
    """Runs transaction bodies on up to ``WRITERS`` connections; a body may run again and must not keep state."""

    def __init__(self, url: str, publish: Callable[[list[Published]], None]) -> None:
        self._engine = create_engine(url, pool_size=WRITERS, max_overflow=0, pool_pre_ping=True)
        self._threads = ThreadPoolExecutor(WRITERS, thread_name_prefix="postgres-writer")
        self._publish = publish

    async def run(self, fn: Callable[[Tx], Any]) -> Any:  # noqa: ANN401 - typed by Database.write
        """Run ``fn`` and return its result after the commit; what it published is handed on first."""
        result, published = await asyncio.get_running_loop().run_in_executor(self._threads, self._attempts, fn)
        self._publish(published)
        return result

    async def close(self) -> None:
        """Finish what runs, then close the pool."""
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()

    def _attempts(self, fn: Callable[[Tx], Any]) -> tuple[Any, list[Published]]:
        for _ in range(ATTEMPTS - 1):
            try:
                return self._once(fn)
            except (DBAPIError, psycopg.Error) as error:
                if not _may_run_again(error):
                    raise
        return self._once(fn)

    def _once(self, fn: Callable[[Tx], Any]) -> tuple[Any, list[Published]]:
        with self._engine.begin() as connection:
            tx = Tx(connection)
            result = fn(tx)
            tx.finish()
            failpoints.hit(failpoints.BEFORE_COMMIT)
        failpoints.hit(failpoints.AFTER_COMMIT)
        return result, tx.published


def _may_run_again(error: DBAPIError | psycopg.Error) -> bool:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlstate", None) in _RETRY_STATES
