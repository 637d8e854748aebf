"""Documents own papers: the gate they pass, their immutable versions, their bytes, who has read them, recall."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.features import House


def setup(house: House) -> None:
    """Add routes, permissions, relations, snapshots, what follows from acts on the agenda, and the collector."""
    from server.accounts import actions as accounts  # noqa: PLC0415 - a feature is loaded when it is set up
    from server.core import access, journal  # noqa: PLC0415 - a feature is loaded when it is set up
    from server.documents import actions, jobs, routes, rules  # noqa: PLC0415 - the same
    from server.documents.actions import holding, incoming, keeping, reading  # noqa: PLC0415 - the same
    from server.documents.intake.warming import open_gate  # noqa: PLC0415 - the same
    from server.meetings.actions import hooks  # noqa: PLC0415 - the same

    access.declare(rules.PERMISSIONS)
    access.relate("paper", actions.to_paper)
    access.relate("version", actions.to_version)
    journal.provide("i", reading.item_entities)
    journal.provide("d", reading.desk_entities)
    journal.provide("d", holding.desk_entities)
    accounts.on_devices_ended(holding.ended_txn)
    journal.provide("u", reading.person_entities)
    journal.provide("d", incoming.desk_entities)
    journal.provide("u", incoming.person_entities)
    access.relate("incoming", incoming.to_incoming)
    keeping.refer(incoming.contents)
    keeping.refer(actions.uploads_referred)
    hooks.add(hooks.item_audience, actions.item_audience_changed)
    hooks.add(hooks.item_removed, actions.item_removed)
    hooks.add(hooks.item_audience, incoming.item_audience_changed)
    hooks.add(hooks.item_removed, incoming.item_removed)
    hooks.add(hooks.meeting_changed, actions.meeting_changed)
    actions.watch(house.core)
    house.routes += routes.routes.table
    house.background += [
        open_gate,
        jobs.forget_uploads,
        jobs.run,
        jobs.make_copies_ready,
        jobs.read_words,
        jobs.read_scans,
        jobs.convert_incoming,
    ]
