"""Annotations: ink, highlights and notes on one immutable document version, private or shared.

Owns the streams ``s:<version>`` (shared), ``g:<version>:<group>`` (a named group) and ``p:<version>:<person>``
(private, sealed, read by one person for ever); and the groups, in the streams ``u:`` of their members.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.features import House


def setup(house: House) -> None:
    """Add routes and socket commands, snapshots of each stream kind, and streams that are made when first joined."""
    from server.annotations import actions, jobs, routes, rules, sockets  # noqa: PLC0415 - after every feature's models
    from server.core import access, journal  # noqa: PLC0415
    from server.documents import actions as documents  # noqa: PLC0415
    from server.meetings.actions import hooks  # noqa: PLC0415

    access.declare(rules.PERMISSIONS)
    house.routes += routes.routes.table
    house.commands += sockets.commands.table
    sealing = house.core.sealing
    journal.provide("s", actions.shared_snapshot)
    journal.provide("g", actions.group_snapshot)
    journal.provide("u", actions.groups_of)
    documents.hooks.add(documents.hooks.version_changed, actions.reissued)
    house.background += [jobs.carry]
    journal.watch_audiences(actions.follow_versions_txn)
    hooks.add(hooks.participants_left, actions.on_left)
    journal.provide("p", actions.private_snapshot(sealing), opener=actions.private_opener(sealing))
    house.core.delivery.make_on_join("p", actions.make_private_stream)
    house.core.delivery.make_on_join("g", actions.make_group_stream)
