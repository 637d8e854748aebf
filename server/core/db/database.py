"""One door to the database: durable writes in commit order, reads in one snapshot, on either engine."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import structlog
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from server.core.db.gathering import Gathering
from server.core.db.postgres import PostgresWriters
from server.core.db.sqlite import Job, SqliteWriter
from server.core.db.transaction import Published, Read, Tx

T = TypeVar("T")
Listener: TypeAlias = Callable[[list[Published]], None]
Item = TypeVar("Item")

_log = structlog.get_logger(__name__)


class Database:
    """The write API and the read API; who subscribes is given what each transaction published, in commit order."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._listeners: list[Listener] = []
        self._readers = _reader_engine(url)
        self._aside = _aside_engine(url)
        self._writer: SqliteWriter | PostgresWriters
        if self.is_sqlite:
            self._writer = SqliteWriter(Path(str(url.database)), self._settle)
        else:
            self._writer = PostgresWriters(sync_url(url), self._publish)
        self._gathering = Gathering(self._writer.run)

    def subscribe(self, listener: Listener) -> None:
        """Let ``listener`` hear every commit of this process, on the loop, before the commit is acknowledged."""
        self._listeners.append(listener)

    async def write(self, fn: Callable[[Tx], T]) -> T:
        """Run ``fn`` in one transaction; return after the commit is durable and its events are handed on.

        ``fn`` may run more than once on PostgreSQL, so it keeps no state outside the transaction. Whatever it
        raises rolls the transaction back and is raised here.
        """
        result: T = await self._writer.run(fn)
        return result

    async def write_together(
        self, run: Callable[[Tx, Sequence[Item]], Sequence[T | Exception]], item: Item, *, weight: int = 1
    ) -> T:
        """Like ``write``, for an ``item`` that may share its transaction with others given for the same ``run``.

        ``run`` answers each item in order; an exception among the answers is raised to that item's asker alone and
        must have had no effect. Where ``run`` itself raises, each item is run by itself: so ``run`` gives the same
        answers together and one by one, and items that may have been committed already are known again (receipts).
        """
        answer: T = await self._gathering.give(run, item, weight)
        return answer

    async def read(self, fn: Callable[[Read], T]) -> T:
        """Run ``fn`` in one read-only snapshot."""

        def body(connection: Connection) -> T:
            return fn(Read(connection))

        async with self._readers.connect() as connection:
            return await connection.run_sync(body)

    async def read_aside(self, fn: Callable[[Read], T]) -> T:
        """Like ``read``, in a thread: for what computes long on what it reads, which would hold up the loop."""
        return await asyncio.to_thread(self._read_here, fn)

    def _read_here(self, fn: Callable[[Read], T]) -> T:
        with self._aside.connect() as connection:
            return fn(Read(connection))

    async def lay_out(self) -> None:
        """Before serving: what makes every later commit quicker. A disk that is full is no reason not to serve."""
        if isinstance(self._writer, SqliteWriter):
            try:
                await self._writer.lay_out()
            except OSError as error:
                _log.warning("the database's log could not be laid out", reason=repr(error))

    async def close(self) -> None:
        """Finish queued writes and close every connection."""
        await self._gathering.close()
        await self._writer.close()
        await self._readers.dispose()
        self._aside.dispose()

    def _settle(self, group: list[Job]) -> None:
        for job in group:
            if job.error is None:
                self._publish(job.published)
            if job.future.done():  # the caller went away; the work stands
                continue
            if job.error is None:
                job.future.set_result(job.result)
            else:
                job.future.set_exception(job.error)

    def hear(self, published: list[Published]) -> None:
        """Tell the listeners of this process what another process committed."""
        self._publish(published)

    def _publish(self, published: list[Published]) -> None:
        if not published:
            return
        for listener in self._listeners:
            try:
                listener(published)
            except Exception:  # noqa: BLE001 - a committed act stays acknowledged; clients catch up from the table
                _log.exception("a listener failed after commit")


def open_database(url: str) -> Database:
    """Open ``sqlite:///path`` or ``postgresql://…``; must be called inside the running event loop."""
    return Database(make_url(url))


def sync_url(url: URL) -> str:
    """The same database for a synchronous engine."""
    driver = "sqlite" if url.get_backend_name() == "sqlite" else "postgresql+psycopg"
    return url.set(drivername=driver).render_as_string(hide_password=False)


def _reader_engine(url: URL) -> AsyncEngine:
    if url.get_backend_name() != "sqlite":
        return create_async_engine(
            url.set(drivername="postgresql+psycopg"),
            isolation_level="REPEATABLE READ",
            execution_options={"postgresql_readonly": True},
            pool_size=8,
            max_overflow=8,
            pool_pre_ping=True,
        )
    engine = create_async_engine(url.set(drivername="sqlite+aiosqlite"), pool_size=4, max_overflow=4)

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: Any, _record: object) -> None:  # noqa: ANN401 - SQLAlchemy's adapter of aiosqlite
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA query_only=ON")
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _aside_engine(url: URL) -> Engine:
    """The readers of threads; connections are made when one is needed."""
    if url.get_backend_name() != "sqlite":
        options = {"postgresql_readonly": True}
        return create_engine(
            sync_url(url), isolation_level="REPEATABLE READ", execution_options=options, pool_size=2, pool_pre_ping=True
        )
    engine = create_engine(sync_url(url), pool_size=2, connect_args={"check_same_thread": False, "timeout": 30.0})

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def sqlite_version() -> str:
    """The embedded engine's version, for `phien --version` and reports."""
    return sqlite3.sqlite_version
