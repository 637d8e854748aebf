"""Bringing a database to the schema of this build: one Alembic chain, under a lock where several processes start."""

from __future__ import annotations

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import Connection, create_engine, make_url, text

# Any number that nothing else in the database locks on.
_LOCK = 0x5068_6965


def migrate(url: str) -> None:
    """Run what is missing of the chain. Raises ``alembic.util.CommandError`` when the database is newer than this."""
    from server.core.db.database import sync_url  # noqa: PLC0415 - database imports drivers that tools do not need

    engine = create_engine(sync_url(make_url(url)))
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            _upgrade(connection)
    finally:
        engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = AlembicConfig()
    config.set_main_option("script_location", "server:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
