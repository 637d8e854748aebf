"""SQL of who let a paper through though its text carries a stamp of secrecy."""

from __future__ import annotations

import msgspec
from sqlalchemy import insert, select

from server.core.db import Read, Tx
from server.documents.store.tables import paper_override, paper_version
from server.documents.wire import Override


def of_paper(read: Read, paper_id: str) -> list[Override]:
    """Those of all versions of a paper, oldest first."""
    rows = read.rows(
        select(paper_override)
        .select_from(paper_override.join(paper_version))
        .where(paper_version.c.paper_id == paper_id)
        .order_by(paper_version.c.no)
    )
    names = ("version_id", "secret_mark", "person", "reason", "at")
    return [Override(**{name: row._mapping[name] for name in names}) for row in rows]  # noqa: SLF001 - public name


def insert_txn(tx: Tx, override: Override, person_id: str) -> None:
    """Store one; there is no second of a version."""
    tx.execute(insert(paper_override).values(person_id=person_id, **msgspec.structs.asdict(override)))
