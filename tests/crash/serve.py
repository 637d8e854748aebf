"""Runs ``phien serve`` on a port and a folder, with a mistake built in where one is named, which a test must find."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from server import cli
from server.core import journal
from server.core.db import sqlite
from server.core.journal import catchup, receipts
from tests.crash.loading import serve


def ack_before_commit() -> None:
    """Answers as soon as the work is queued; the commit comes a moment later."""
    run = sqlite.SqliteWriter.run

    async def early(self: sqlite.SqliteWriter, fn: Any) -> Any:
        if "Gathering" not in getattr(fn, "__qualname__", ""):  # pushes, which are made together
            return await run(self, fn)
        answer = await asyncio.to_thread(_rehearse, self, fn)

        async def later() -> None:
            await asyncio.sleep(0.05)
            await run(self, fn)

        _kept.append(asyncio.get_running_loop().create_task(later()))
        return answer

    sqlite.SqliteWriter.run = early  # type: ignore[method-assign]


_kept: list[asyncio.Task[None]] = []


def _rehearse(writer: sqlite.SqliteWriter, fn: Any) -> Any:
    """The answer that the work would have, from a transaction that is rolled back."""
    from server.core.db import Tx

    with writer._engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.execute("BEGIN IMMEDIATE")
        tx = Tx(connection)
        try:
            answer = fn(tx)
            tx.finish()
        finally:
            raw.execute("ROLLBACK")
        return answer


def no_op_id_check() -> None:
    """Never finds an earlier answer, and forgets each one."""

    def nothing(*_args: Any) -> None:
        return None

    journal.recall = nothing  # type: ignore[assignment]
    journal.recall_many = lambda *_args: {}
    journal.store_txn = nothing  # type: ignore[assignment]
    journal.store_many_txn = nothing  # type: ignore[assignment]
    receipts.recall = nothing  # type: ignore[assignment]


def resume_off_by_one() -> None:
    """Hands a client that comes back one operation too few."""
    original = catchup._delta

    def delta(read: Any, row: Any, member: str, last_seq: int) -> Any:
        return original(read, row, member, min(last_seq + 1, row.head))

    catchup._delta = delta


MUTANTS = {each.__name__: each for each in (ack_before_commit, no_op_id_check, resume_off_by_one)}


def main(port: str, folder: str, mutant: str) -> None:
    """Serve until somebody ends it; what it says is not what a test listens to."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.environ |= {"PHIEN_PORT": port, "PHIEN_DATA_DIR": folder}
    if mutant:
        MUTANTS[mutant]()
    raise SystemExit(cli.main(["serve"]))


if __name__ == "__main__":
    serve(main)
