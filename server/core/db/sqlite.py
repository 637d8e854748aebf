"""The writer of the embedded database: one thread, group commit, full durability.

The thread takes everything that is queued, runs each job in a savepoint of one transaction and commits once. The
fsync itself is the window in which the next group gathers, so there is no timer and a lone write is not delayed.
"""

import asyncio
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

from server.core import failpoints
from server.core.db.transaction import Published, Tx

# A group holds the writer no longer than this, so that a lone write never waits behind a long tail.
GROUP_SECONDS = 0.02
GROUP_JOBS = 512
# The cache holds what a storm of writes touches (32 MiB). The log grows to 16 MiB before it is copied into the
# database, so that pages written often are copied seldom.
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=30000",
    "cache_size=-32768",
    "wal_autocheckpoint=4096",
)
# What the log holds when it is copied, and a little more for the transaction that filled it.
LOG_BYTES = 18 * 1024 * 1024
_PIECE = bytes(1024 * 1024)


class Job:
    """A queued transaction body with its future and, once run, its outcome."""

    __slots__ = ("error", "fn", "future", "published", "result")

    def __init__(self, fn: Callable[[Tx], Any], future: asyncio.Future[Any]) -> None:
        self.fn = fn
        self.future = future
        self.result: Any = None
        self.error: BaseException | None = None
        self.published: list[Published] = []


def writer_engine(path: Path) -> Engine:
    """An engine whose connections leave transactions to us and lose nothing at a power cut (WAL, FULL)."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False, "timeout": 30.0})

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    return engine


class SqliteWriter:
    """Runs jobs in the order in which they were queued and settles them on the loop in that same order."""

    def __init__(self, path: Path, settle: Callable[[list[Job]], None]) -> None:
        self._engine = writer_engine(path)
        self._log = Path(f"{path}-wal")
        self._settle = settle
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="sqlite-writer", daemon=True)
        self._thread.start()

    async def run(self, fn: Callable[[Tx], Any]) -> Any:  # noqa: ANN401 - typed by Database.write
        """Queue ``fn`` and return its result after the commit is on disk."""
        job = Job(fn, self._loop.create_future())
        self._jobs.put(job)
        return await job.future

    async def lay_out(self) -> None:
        """Give the log its full size on the disk at once.

        A commit that lets a file grow takes the disk about twice as long as one that writes where the file was already:
        the file system has something of its own to bring to the disk, and waits for whoever else has. The log would
        reach this size by itself, and then keep it.
        """
        await self.run(lambda _tx: _fill(self._log))

    async def close(self) -> None:
        """Finish what is queued, then end the thread."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._engine.dispose()

    def _run(self) -> None:
        with self._engine.connect() as connection:
            while (first := self._jobs.get()) is not None:
                group, last = self._work(connection, first)
                self._loop.call_soon_threadsafe(self._settle, group)
                if last:
                    return

    def _work(self, connection: Connection, first: Job) -> tuple[list[Job], bool]:
        """Run one group; also tells whether the end of the queue was met."""
        raw = connection.connection.dbapi_connection
        assert raw is not None
        group: list[Job] = []
        last = False
        try:
            raw.execute("BEGIN IMMEDIATE")
            until = time.monotonic() + GROUP_SECONDS
            job: Job | None = first
            while job is not None:
                group.append(job)
                _run_in_savepoint(connection, raw, job)
                if len(group) >= GROUP_JOBS or time.monotonic() > until:
                    break
                try:
                    job = self._jobs.get_nowait()
                    last = job is None
                except queue.Empty:
                    break
            failpoints.hit(failpoints.BEFORE_COMMIT)
            raw.execute("COMMIT")
            failpoints.hit(failpoints.AFTER_COMMIT)
        except BaseException as error:  # noqa: BLE001 - whatever broke the group is each job's answer
            _abandon(raw, group or [first], error)
            group = group or [first]
        return group, last


def _fill(log: Path) -> None:
    """Zeros behind the end, which SQLite takes for no part of the log; within a transaction nobody else appends."""
    with log.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        while size < LOG_BYTES:
            size += file.write(_PIECE[: LOG_BYTES - size])
        file.flush()
        os.fsync(file.fileno())


def _run_in_savepoint(connection: Connection, raw: Any, job: Job) -> None:  # noqa: ANN401 - DB-API connection
    raw.execute("SAVEPOINT job")
    tx = Tx(connection)
    try:
        job.result = job.fn(tx)
        tx.finish()
        job.published = tx.published
    except Exception as error:
        if not raw.in_transaction:  # a full disk ends the whole transaction: earlier jobs of the group are gone too
            raise
        raw.execute("ROLLBACK TO job")
        job.error = error
    raw.execute("RELEASE job")


def _abandon(raw: Any, group: list[Job], error: BaseException) -> None:  # noqa: ANN401 - DB-API connection
    if raw.in_transaction:
        raw.execute("ROLLBACK")
    for job in group:
        job.error = job.error or error
        job.published = []
