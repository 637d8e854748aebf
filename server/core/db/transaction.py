"""What a store function is given: a read snapshot, or a write transaction that also collects what to publish."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self, TypeAlias

import msgspec
from msgspec import Struct
from sqlalchemy import (
    Boolean,
    ClauseElement,
    ColumnElement,
    Connection,
    CursorResult,
    Executable,
    MetaData,
    Row,
    bindparam,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.operators import OperatorType

# Constraint names are fixed here, so that SQLite and PostgreSQL agree and a later migration can drop them by name.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Params: TypeAlias = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


class Published(Struct, frozen=True, tag=True):
    """Base of what a committed transaction hands to fan-out, in commit order; tagged, since it may cross processes."""


class Hot:
    """A statement of the hot path: compiled once for each engine, then run straight on the driver.

    SQLAlchemy's own execution costs several times what SQLite needs for such a statement. Columns must be of types
    that the drivers pass as they are (text, integers, bytes, floats).
    """

    __slots__ = ("_compiled", "_statement")

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, dict[str, Any]]] = {}

    def compiled(self, dialect: str, params: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """The text, with named parameters in the driver's style, and ``params`` with the statement's own constants."""
        found = self._compiled.get(dialect)
        if found is None:
            engine = sqlite.dialect(paramstyle="named") if dialect == "sqlite" else psycopg.dialect()  # type: ignore[no-untyped-call]
            made = self._statement.compile(dialect=engine)
            constants = {name: value for name, value in made.params.items() if value is not None}
            found = self._compiled[dialect] = str(made), constants
        text, constants = found
        return text, {**constants, **params} if constants else params


class among(ColumnElement[bool]):  # noqa: N801 - reads as the operator that it is
    """``column`` is one of a list, given as one parameter: the text of the statement does not change with its length.

    The parameter's value is made by ``Read.array``.
    """

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: ColumnElement[str], parameter: str) -> None:
        self.clauses: tuple[ColumnElement[Any], ...] = (column, bindparam(parameter))

    def self_group(self, against: OperatorType | None = None) -> Self:
        """A condition as it is: with the ``= 1`` that SQLAlchemy puts after a boolean no index would be used."""
        del against
        return self


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - passed on
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - a column and a parameter's name


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - passed on
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY({values})"


class Read:
    """One read-only snapshot of the database."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def execute(self, statement: Executable, params: Params = None) -> CursorResult[Any]:
        """Run ``statement``; a sequence of parameter sets runs it once for each."""
        return self.connection.execute(statement, params)

    def rows(self, statement: Executable, params: Params = None) -> Sequence[Row[Any]]:
        """All rows of ``statement``."""
        return self.execute(statement, params).all()

    def first(self, statement: Executable, params: Params = None) -> Row[Any] | None:
        """The first row of ``statement``, or ``None``."""
        return self.execute(statement, params).first()

    def scalar(self, statement: Executable, params: Params = None) -> Any:  # noqa: ANN401 - a column has any type
        """The first column of the first row, or ``None``."""
        return self.execute(statement, params).scalar()

    def hot(self, statement: Hot, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run a statement of the hot path; its rows as plain tuples."""
        text, values = statement.compiled(self.connection.dialect.name, params)
        result = self.connection.exec_driver_sql(text, dict(values))
        return [tuple(row) for row in result] if result.returns_rows else []

    def array(self, values: Sequence[str]) -> Any:  # noqa: ANN401 - what the engine's driver takes
        """The parameter of ``among``."""
        return msgspec.json.encode(values).decode() if self.is_sqlite else list(values)

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded engine runs this; for the few statements that differ."""
        return self.connection.dialect.name == "sqlite"


class Tx(Read):
    """One write transaction. Nothing in it is seen outside, and nothing is published, before it commits."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._driver: Any = connection.connection.driver_connection
        self._dialect = connection.dialect.name
        self.published: list[Published] = []
        self.before_commit: list[Callable[[Tx], None]] = []

    def hot(self, statement: Hot, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run a statement of the hot path on the writer's own driver connection."""
        cursor = self._driver.execute(*statement.compiled(self._dialect, params))
        return cursor.fetchall() if cursor.description is not None else []

    def hot_many(self, statement: Hot, params: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement that returns nothing once for each of ``params``, which all have the same names."""
        if params:
            each = [statement.compiled(self._dialect, values) for values in params]
            self._driver.cursor().executemany(each[0][0], [values for _, values in each])

    def publish(self, item: Published) -> None:
        """Hand ``item`` to fan-out once this transaction has committed."""
        self.published.append(item)

    def finish(self) -> None:
        """Run what was put off to the end of the transaction (the journal locks stream heads last)."""
        while self.before_commit:
            pending, self.before_commit = self.before_commit, []
            for step in pending:
                step(self)
