"""Meetings own the sitting: its state, agenda, participants, and who may hear of what (streams m:, i:, d:, u:)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.features import House


def setup(house: House) -> None:
    """Add routes, permissions, relations, snapshots and the background work."""
    from server.accounts import actions as accounts  # noqa: PLC0415 - a feature is loaded when it is set up
    from server.core import access, journal  # noqa: PLC0415 - a feature is loaded when it is set up
    from server.meetings import actions, jobs, routes, rules  # noqa: PLC0415 - the same
    from server.meetings.actions import snapshots  # noqa: PLC0415 - the same

    access.declare(rules.PERMISSIONS)
    access.relate("meeting", actions.to_meeting)
    access.relate("item", actions.to_item)
    accounts.on_grants_changed(actions.grants_changed_txn)
    journal.provide("m", snapshots.skeleton)
    journal.provide("i", snapshots.item)
    journal.provide("d", snapshots.desk)
    journal.provide("u", snapshots.person)
    house.routes += routes.routes.table
    house.background.append(jobs.run)
