"""Signatures own who is asked to sign what, the keys of demo and trials, whom to trust, and checking.

How a signature is made and judged is the library's, ``signing/``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.features import House


def setup(house: House) -> None:
    """Add routes, permissions, relations, snapshots, and what follows from acts on papers, items and meetings."""
    from server.accounts import actions as accounts  # noqa: PLC0415 - a feature is loaded when it is set up
    from server.core import access, journal  # noqa: PLC0415 - the same
    from server.documents import actions as documents  # noqa: PLC0415 - the same
    from server.meetings.actions import hooks  # noqa: PLC0415 - the same
    from server.signatures import actions, jobs, routes, rules, store  # noqa: PLC0415 - the same
    from server.signatures.actions import copies, issuing  # noqa: PLC0415 - the same
    from server.signatures.actions.keys import holders, tablets  # noqa: PLC0415 - the same
    from server.signatures.rules import keys as key_rules  # noqa: PLC0415 - the same
    from server.signatures.rules import registry as registry_rules  # noqa: PLC0415 - the same

    access.declare(rules.PERMISSIONS)
    access.relate("signing", actions.to_request)
    access.relate("dossier", actions.to_dossier)
    access.relate("body", actions.to_body)
    access.relate("version", actions.to_version)
    access.declare(key_rules.PERMISSIONS)
    access.declare(registry_rules.PERMISSIONS)
    access.relate("copy", copies.to_copy)
    documents.refer(store.copies.contents)
    documents.hooks.add(documents.hooks.version_received, issuing.version_received)
    house.background += [jobs.run]
    access.relate("body", holders.to_body)
    access.relate("tablet_key", tablets.to_tablet_key)
    journal.provide("u", tablets.own_entities)
    documents.refer(store.prepared)
    journal.provide("d", actions.desk_entities)
    journal.provide("u", actions.official_entities)
    documents.refer(store.images)
    documents.hooks.add(documents.hooks.version_changed, actions.version_changed)
    hooks.add(hooks.item_audience, actions.item_audience_changed)
    hooks.add(hooks.meeting_changed, actions.meeting_changed)
    accounts.on_grants_changed(actions.grants_changed)
    house.routes += routes.routes.table
