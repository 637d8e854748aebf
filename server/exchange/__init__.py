"""Exchange owns what leaves for other bodies and comes from them: edXML packages and the axis that carries them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.features import House


def setup(house: House) -> None:
    """Add routes, permissions, relations and the queue's background work."""
    from server.core import access  # noqa: PLC0415 - a feature is loaded when it is set up
    from server.documents import actions as documents  # noqa: PLC0415 - the same
    from server.exchange import actions, jobs, routes, rules, store  # noqa: PLC0415 - the same

    access.declare(rules.PERMISSIONS)
    access.relate("exchange", actions.to_arrival)
    documents.refer(store.files)
    house.routes += routes.routes.table
    house.background.append(jobs.run)
