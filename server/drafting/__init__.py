"""Drafting owns the papers that come out of a meeting while they are written: thông báo kết luận, biên bản and others.

A draft is kept here until it is printed by the template of its kind; from then on it is a paper, and documents and
signatures have it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.features import House


def setup(house: House) -> None:
    """Add routes, permissions and relations; drafts go with their agenda item."""
    from server.core import access, journal  # noqa: PLC0415 - a feature is loaded when it is set up
    from server.drafting import actions, routes, rules  # noqa: PLC0415 - the same
    from server.meetings.actions import hooks  # noqa: PLC0415 - the same

    access.declare(rules.PERMISSIONS)
    access.relate("draft", actions.to_draft)
    journal.provide("d", actions.desk_entities)
    journal.provide("u", actions.person_entities)
    hooks.add(hooks.item_audience, actions.item_audience_changed)
    hooks.add(hooks.item_removed, actions.item_removed)
    hooks.add(hooks.meeting_changed, actions.meeting_changed)
    house.routes += routes.routes.table
