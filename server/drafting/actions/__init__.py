"""Verbs of drafting: begin, save, look at, take over from the meeting, discard; and file a draft as a paper."""

from server.drafting.actions.filing import file, preview
from server.drafting.actions.holding import to_draft
from server.drafting.actions.marking import (
    desk_entities,
    item_audience_changed,
    item_removed,
    meeting_changed,
    person_entities,
)
from server.drafting.actions.writing import begin, discard, list_drafts, refill, save, view

__all__ = [
    "begin",
    "desk_entities",
    "discard",
    "file",
    "item_audience_changed",
    "item_removed",
    "list_drafts",
    "meeting_changed",
    "person_entities",
    "preview",
    "refill",
    "save",
    "to_draft",
    "view",
]
