"""Invitations own the way of a giấy mời: sending in the app and by mail, delivery marks, answers, substitutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.features import House


def setup(house: House) -> None:
    """Add routes, permissions, the queues' background work, and follow the changes of meetings."""
    from server.core import access  # noqa: PLC0415 - a feature is loaded when it is set up
    from server.invitations import actions, jobs, routes, rules  # noqa: PLC0415 - the same
    from server.meetings.actions import hooks  # noqa: PLC0415 - the same

    access.declare(rules.PERMISSIONS)
    hooks.add(hooks.meeting_changed, actions.on_changed)
    hooks.add(hooks.participants_left, actions.on_left)
    house.routes += routes.routes.table
    house.background.append(jobs.run)
