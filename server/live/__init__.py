"""The sitting as it goes: started and ended, the current item, the presenter, following, presence, readiness."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.features import House


def setup(house: House) -> None:
    """Add routes, socket commands, permissions, snapshots and the background work."""
    from server.accounts import actions as accounts  # noqa: PLC0415 - a feature is loaded when it is set up
    from server.core import access, journal  # noqa: PLC0415 - a feature is loaded when it is set up
    from server.live import actions, jobs, routes, rules, sockets  # noqa: PLC0415 - the same
    from server.meetings.actions import hooks  # noqa: PLC0415 - the same

    access.declare(rules.PERMISSIONS)
    access.relate("item", actions.relation_to_item)
    journal.provide("i", actions.snapshot)
    journal.provide("d", actions.ready_entities)
    hooks.add(hooks.participants_left, actions.on_left)
    hooks.add(hooks.participants_left, actions.participants_left)
    accounts.on_devices_ended(actions.devices_ended)
    hooks.add(hooks.item_removed, actions.on_item_removed)
    house.routes += routes.routes.table
    house.commands += sockets.commands.table
    house.background.append(jobs.run)
    if house.core.bus is not None:
        for topic in actions.PARTS:
            house.core.bus.on_told(topic, partial(actions.hear_others, house.core, topic))
