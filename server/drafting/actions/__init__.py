"""Verbs of drafting: begin, save, look at, take over from the meeting, discard; and file a draft as a paper."""

from server.drafting.actions.filing import file, preview
from server.drafting.actions.holding import item_removed, to_draft
from server.drafting.actions.writing import begin, discard, list_drafts, refill, save, view

__all__ = ["begin", "discard", "file", "item_removed", "list_drafts", "preview", "refill", "save", "to_draft", "view"]
