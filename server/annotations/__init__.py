"""Annotations: ink, highlights and notes on one immutable document version, private or shared.

Owns the streams ``s:<version>`` (shared) and ``p:<version>:<person>`` (private, sealed, read by one person for ever).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.features import House


def setup(house: House) -> None:
    """Add routes and socket commands, snapshots of both stream kinds, and private streams made when first joined."""
    from server.annotations import actions, routes, rules, sockets  # noqa: PLC0415 - after every feature's models
    from server.core import access, journal  # noqa: PLC0415

    access.declare(rules.PERMISSIONS)
    house.routes += routes.routes.table
    house.commands += sockets.commands.table
    sealing = house.core.sealing
    journal.provide("s", actions.shared_snapshot)
    journal.provide("p", actions.private_snapshot(sealing), opener=actions.private_opener(sealing))
    house.core.delivery.make_on_join("p", actions.make_private_stream)
