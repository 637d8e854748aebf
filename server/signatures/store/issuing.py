"""SQL of issued papers that are on their way to those who are to receive them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from server.signatures.store.dossiers import dossier

if TYPE_CHECKING:
    from server.core.db import Read


def issued(read: Read) -> list[str]:
    """The dossiers (ids) of issued papers that not all have received yet, as far as is known."""
    return [row.id for row in read.rows(select(dossier.c.id).where(dossier.c.state == "issued").order_by(dossier.c.id))]


def issued_as(read: Read, version_id: str) -> str | None:
    """The dossier (id) by which this version was issued, while it is on its way."""
    query = select(dossier.c.id).where(dossier.c.version_id == version_id, dossier.c.state == "issued")
    found: str | None = read.scalar(query)
    return found


def states(read: Read, dossier_ids: list[str]) -> dict[str, tuple[str, str, str]]:
    """Of dossiers: state, item and version that they stand at."""
    if not dossier_ids:
        return {}
    query = select(dossier.c.id, dossier.c.state, dossier.c.item_id, dossier.c.version_id)
    rows = read.rows(query.where(dossier.c.id.in_(dossier_ids)))
    return {row.id: (row.state, row.item_id, row.version_id) for row in rows}
