"""A private PostgreSQL for one test worker: started in a temporary folder, on a socket there, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

_SETTINGS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"

# A database that grew beyond this is thrown away: what was deleted still has to be stepped over.
_LARGE = 8 * 1024 * 1024
_SHAPE = """
    SELECT count(*), max(attrelid::bigint) FROM pg_attribute
    WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
"""
_TOUCHED = """
    SELECT relname, pg_relation_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
_COUNTED = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
_TEMPLATE = "migrated"


def binaries() -> Path | None:
    """The folder of ``initdb`` and ``postgres``, or None where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


class Postgres:
    """One running server. ``url(name)`` addresses a database of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="phien-pg-", dir="/tmp"))  # a socket's path must be short
        self._bin = binaries()
        self._process: subprocess.Popen[bytes] | None = None
        self._log = folder / "postgres.log"
        self._numbers = count(1)
        self._clean: list[str] = []
        self._shape: tuple[object, ...] = ()
        self._counted: dict[str, int] = {}
        self._filled: dict[str, bytes] = {}

    def start(self) -> None:
        """Make the cluster and start it; it refuses root, so root starts it as ``postgres``."""
        assert self._bin is not None
        user = "postgres" if os.geteuid() == 0 else None
        if user is not None:
            entry = pwd.getpwnam(user)
            os.chown(self._folder, entry.pw_uid, entry.pw_gid)
        data = self._folder / "data"
        subprocess.run(
            [self._bin / "initdb", "-D", data, "-U", "phien", "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8"],
            check=True, user=user, stdout=subprocess.DEVNULL, env={"PATH": os.environ["PATH"]}, cwd=self._folder,
        )  # fmt: skip
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", data, "-k", self._folder, "-h", "", *_SETTINGS.split()],
                user=user, stdout=log, stderr=log, cwd=self._folder,
            )  # fmt: skip
        self._wait()

    def _wait(self) -> None:
        assert self._bin is not None
        for _ in range(200):
            ready = subprocess.run(
                [self._bin / "pg_isready", "-q", "-h", self._folder, "-U", "phien"], check=False
            ).returncode
            if ready == 0:
                return
            time.sleep(0.05)
        raise RuntimeError(self._log.read_text(encoding="utf-8"))

    def url(self, name: str = "postgres") -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql://phien@/{name}?host={self._folder}"

    def psql(self, statement: str) -> None:
        """Run one statement in the maintenance database."""
        assert self._bin is not None
        subprocess.run(
            [self._bin / "psql", "-q", "-h", self._folder, "-U", "phien", "-d", "postgres", "-c", statement], check=True
        )

    def keep_template(self) -> None:
        """Remember what the database ``migrated`` looks like, so that copies of it can be brought back to that."""
        with self._connect(_TEMPLATE) as connection:
            self._shape = _one(connection, _SHAPE)
            self._counted = _numbers_of(connection, _COUNTED)
            for name in _numbers_of(connection, _TOUCHED):
                with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))) as copy:
                    self._filled[name] = b"".join(copy)

    def lend(self) -> str:
        """A database as ``migrated`` is: one that was given back, or a new copy, which costs more than most tests."""
        if self._clean:
            return self._clean.pop()
        name = f"t{next(self._numbers)}"
        self.psql(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return name

    def give_back(self, name: str) -> None:
        """Empty what was written and keep it for the next test, or drop it where that is not so simple."""
        with self._connect(name) as connection:
            connection.execute(_OTHERS, [name])
            touched = _numbers_of(connection, _TOUCHED)
            if _one(connection, _SHAPE) == self._shape and sum(touched.values()) < _LARGE:
                self._empty(connection, list(touched))
                self._clean.append(name)
        if name not in self._clean:
            self.psql(f"DROP DATABASE {name} WITH (FORCE)")

    def _empty(self, connection: psycopg.Connection[tuple[object, ...]], touched: list[str]) -> None:
        connection.execute("SET session_replication_role = replica")  # no order among tables that name each other
        for name in touched:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        for name, rows in self._filled.items():
            with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
                copy.write(rows)
        for name in _numbers_of(connection, _COUNTED):
            begun = self._counted.get(name)
            connection.execute("SELECT setval(%s::regclass, %s, %s)", [name, begun or 1, begun is not None])

    def _connect(self, name: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(host=str(self._folder), user="phien", dbname=name)

    def stop(self) -> None:
        """End the server and remove its folder."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
        shutil.rmtree(self._folder, ignore_errors=True)


def _one(connection: psycopg.Connection[tuple[object, ...]], question: str) -> tuple[object, ...]:
    row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row


def _numbers_of(connection: psycopg.Connection[tuple[object, ...]], question: str) -> dict[str, int]:
    rows = connection.execute(question.encode()).fetchall()
    return {str(name): int(str(number)) for name, number in rows}
