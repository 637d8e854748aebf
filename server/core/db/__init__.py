"""The database: one write API and one read API over SQLite and PostgreSQL.

``await db.write(fn)`` runs a synchronous ``fn(tx)`` in one transaction and returns after the commit is durable;
``await db.read(fn)`` runs ``fn(read)`` in one read-only snapshot. Stores write their SQL once, against
:class:`Read` and :class:`Tx`, with SQLAlchemy Core.
"""

from server.core.db.database import Database, open_database
from server.core.db.transaction import Hot, Published, Read, Tx, among, metadata

__all__ = ["Database", "Hot", "Published", "Read", "Tx", "among", "metadata", "open_database"]
